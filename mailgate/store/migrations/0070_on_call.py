"""Agents who are told at once of what is urgent, as a supervisor says by mail."""

from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column("agent", "on_call", BooleanField(default=False)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column("agent", "on_call"))
