"""In which queue a waiting mail stands: its author, and the ticket that its headers name; found before it is read."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("intake", "about", IntegerField(null=True)),
        migrator.add_index("intake", ("state", "lease_until"), False),
    )


def down(migrator, db):
    migrator.migrate(migrator.drop_index("intake", "intake_state_lease_until"), migrator.drop_column("intake", "about"))
