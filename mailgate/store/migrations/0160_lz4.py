"""Letters, mails and long texts packed by LZ4 on a PostgreSQL that has it: as small as before, a fifth of the work.

What is stored already stays as it is, and is read as before.
"""

LONG = (("blob", "data"), ("outgoing", "raw"), ("outgoing", "text"), ("comment", "text"), ("comment", "html"))


def up(migrator, db):
    if not db.for_update:
        return
    for table, column in LONG:
        packed = f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION lz4"
        # Before version 14 there is no such thing, and a server may have been built without it.
        unless = "EXCEPTION WHEN feature_not_supported OR syntax_error THEN NULL"
        db.execute_sql(f"DO $$ BEGIN EXECUTE '{packed}'; {unless}; END $$")


def down(migrator, db):
    if not db.for_update:
        return
    for table, column in LONG:
        plain = f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION default"
        db.execute_sql(f"DO $$ BEGIN EXECUTE '{plain}'; EXCEPTION WHEN syntax_error THEN NULL; END $$")
