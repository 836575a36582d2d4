"""Short messages to mobiles, and who wants none."""

from peewee import *
from mailgate.store.fields import UtcField


def up(migrator, db):
    class Ticket(Model):
        class Meta:
            database = db
            table_name = "ticket"

    class TextMessage(Model):
        ticket = ForeignKeyField(Ticket, on_delete="RESTRICT")
        mobile = CharField(max_length=20)
        event = CharField(max_length=20)
        text = TextField()
        once = CharField(max_length=120, unique=True)
        state = CharField(max_length=8, default="queued")
        attempts = IntegerField(default=0)
        next_attempt_at = UtcField()
        lease_until = UtcField(null=True)
        reply = TextField(default="")
        created_at = UtcField()
        done_at = UtcField(null=True)

        class Meta:
            database = db
            table_name = "text_message"
            indexes = ((("state", "next_attempt_at"), False), (("mobile", "created_at"), False))

    class OptOut(Model):
        address = CharField(max_length=320, unique=True)
        at = UtcField()

        class Meta:
            database = db
            table_name = "opt_out"

    db.create_tables([TextMessage, OptOut])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("text_message"), migrator.drop_table("opt_out"))
