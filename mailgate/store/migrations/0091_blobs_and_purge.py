"""Where bytes are kept, when not in the database; when a mail's bytes were purged."""

from peewee import *
from mailgate.store.fields import UtcField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("blob", "place", CharField(max_length=8, default="")),
        migrator.add_column("intake", "purged_at", UtcField(null=True)),
    )


def down(migrator, db):
    migrator.migrate(migrator.drop_column("intake", "purged_at"), migrator.drop_column("blob", "place"))
