"""What the clock has done, so that it does nothing twice; and whose turn it is to be the clock."""

from peewee import *
from mailgate.store.fields import UtcField


def up(migrator, db):
    class Done(Model):
        key = CharField(max_length=120, primary_key=True)
        at = UtcField()

        class Meta:
            database = db
            table_name = "done"

    class Lease(Model):
        name = CharField(max_length=40, primary_key=True)
        holder = CharField(max_length=64)
        until = UtcField()

        class Meta:
            database = db
            table_name = "lease"

    db.create_tables([Done, Lease])


def down(migrator, db):
    for table in ("lease", "done"):
        migrator.migrate(migrator.drop_table(table))
