"""The queue comes from an index in its order, however many tickets are closed; mails are counted by their outcome."""

from peewee import *


def up(migrator, db):
    db.execute_sql(
        "CREATE INDEX ticket_awaiting ON ticket"
        " (urgent DESC, (CASE priority WHEN 'high' THEN 0 WHEN 'low' THEN 2 ELSE 1 END), opened_at, updated_at)"
        " WHERE status IN ('new', 'open')"
    )
    migrator.migrate(
        migrator.add_index("intake", ("state", "outcome"), False),
        migrator.drop_index("intake", "intake_state"),
    )


def down(migrator, db):
    db.execute_sql("DROP INDEX ticket_awaiting")
    migrator.migrate(
        migrator.add_index("intake", ("state",), False),
        migrator.drop_index("intake", "intake_state_outcome"),
    )
