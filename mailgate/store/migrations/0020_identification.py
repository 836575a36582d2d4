"""Unknown senders who were asked to identify, and their wrong tries."""

from peewee import *
from mailgate.store.fields import UtcField


def up(migrator, db):
    class Identification(Model):
        address = CharField(max_length=320, unique=True)
        asked_at = UtcField(null=True)
        wrong = IntegerField(default=0)
        wrong_at = UtcField(null=True)

        class Meta:
            database = db
            table_name = "identification"

    db.create_tables([Identification])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("identification"))
