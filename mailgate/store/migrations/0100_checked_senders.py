"""What was found out about a sender at the door; the mails of one author by their time."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("intake", "checked", TextField(default="")),
        migrator.add_index("intake", ("author", "received_at")),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_index("intake", "intake_author_received_at"),
        migrator.drop_column("intake", "checked"),
    )
