"""PQRS: radicados without gaps, and the legal clock of each."""

from peewee import *
from mailgate.store.fields import UtcField


def up(migrator, db):
    class Ticket(Model):
        class Meta:
            database = db
            table_name = "ticket"

    class Intake(Model):
        class Meta:
            database = db
            table_name = "intake"

    class Comment(Model):
        class Meta:
            database = db
            table_name = "comment"

    class PqrsYear(Model):
        year = IntegerField(primary_key=True)
        last = IntegerField()

        class Meta:
            database = db
            table_name = "pqrs_year"

    class Pqrs(Model):
        radicado = CharField(max_length=20, unique=True)
        ticket = ForeignKeyField(Ticket, unique=True, on_delete="RESTRICT")
        intake = ForeignKeyField(Intake, null=True, on_delete="SET NULL")
        type = CharField(max_length=16)
        doubtful = BooleanField(default=False)
        petitioner = CharField(max_length=320, index=True)
        acknowledged = BooleanField(default=True)
        filed_at = UtcField(index=True)
        received_at = UtcField()
        counts_from = DateField()
        days = IntegerField()
        due_on = DateField(index=True)
        extendable_to = DateField()
        extended_at = UtcField(null=True)
        extension_reason = TextField(default="")
        answered_at = UtcField(null=True, index=True)
        answer = ForeignKeyField(Comment, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "pqrs"

    db.create_tables([PqrsYear, Pqrs])


def down(migrator, db):
    for table in ("pqrs", "pqrs_year"):
        migrator.migrate(migrator.drop_table(table))
