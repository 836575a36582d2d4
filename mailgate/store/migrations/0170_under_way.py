"""Letters that somebody has are found without a look at all that wait: each look read every one of them to its end."""


def up(migrator, db):
    db.execute_sql("CREATE INDEX outgoing_lease_until ON outgoing (lease_until) WHERE lease_until IS NOT NULL")


def down(migrator, db):
    db.execute_sql("DROP INDEX outgoing_lease_until")
