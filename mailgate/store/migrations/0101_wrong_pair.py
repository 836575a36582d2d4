"""Which licence and NIT were wrong, so that the same pair is not answered twice."""

from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column("identification", "wrong_pair", CharField(max_length=64, default="")))


def down(migrator, db):
    migrator.migrate(migrator.drop_column("identification", "wrong_pair"))
