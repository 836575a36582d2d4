"""When the first answer to a ticket is promised."""

from peewee import *
from mailgate.store.fields import UtcField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("ticket", "promised_at", UtcField(null=True)),
        migrator.add_index("ticket", ("promised_at",)),
    )


def down(migrator, db):
    migrator.migrate(migrator.drop_column("ticket", "promised_at"))
