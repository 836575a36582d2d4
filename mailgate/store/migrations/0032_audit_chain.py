"""The audit trail becomes a chain: each line carries the hash of the one before it on its ticket."""

from peewee import *
from mailgate.store.chain import link
from mailgate.store.fields import UtcField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("event", "prev", CharField(max_length=64, default="")),
        migrator.add_column("event", "hash", CharField(max_length=64, default="")),
    )

    class Event(Model):
        ticket_id = IntegerField(null=True)
        intake_id = IntegerField(null=True)
        at = UtcField()
        actor = CharField()
        what = CharField()
        why = TextField()
        data = JSONField()
        prev = CharField()
        hash = CharField()

        class Meta:
            database = db
            table_name = "event"

    heads = {}
    for row in Event.select().order_by(Event.id):
        prev = heads.get(row.ticket_id, "")
        made = link(prev, row.ticket_id, row.intake_id, row.at, row.actor, row.what, row.why, row.data)
        Event.update(prev=prev, hash=made).where(Event.id == row.id).execute()
        heads[row.ticket_id] = made


def down(migrator, db):
    migrator.migrate(migrator.drop_column("event", "hash"), migrator.drop_column("event", "prev"))
