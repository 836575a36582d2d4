"""An index too many on letters: whoever asks by recipient has the one of recipient and time."""


def up(migrator, db):
    migrator.migrate(migrator.drop_index("outgoing", "outgoing_recipient"))


def down(migrator, db):
    migrator.migrate(migrator.add_index("outgoing", ("recipient",), False))
