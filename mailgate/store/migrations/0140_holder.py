"""Which process has a mail in hand: when it is no more, the mail is free."""

from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column("intake", "holder", CharField(120, default="")))


def down(migrator, db):
    migrator.migrate(migrator.drop_column("intake", "holder"))
