"""A requester's tickets in the order of time: whether somebody opened too many within the hour costs the same for who
has opened a hundred thousand.
"""


def up(migrator, db):
    migrator.migrate(
        migrator.add_index("ticket", ("requester", "opened_at"), False),
        migrator.drop_index("ticket", "ticket_requester"),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.add_index("ticket", ("requester",), False),
        migrator.drop_index("ticket", "ticket_requester_opened_at"),
    )
