"""What clients ask for and say by mail: stars for a ticket, who may accept what costs money."""

from peewee import *
from mailgate.store.fields import UtcField


def up(migrator, db):
    class Ticket(Model):
        class Meta:
            database = db
            table_name = "ticket"

    migrator.migrate(migrator.add_column("contact", "may_commit", BooleanField(default=True)))

    class Rating(Model):
        ticket = ForeignKeyField(Ticket, on_delete="CASCADE")
        address = CharField(max_length=320)
        stars = IntegerField()
        at = UtcField()

        class Meta:
            database = db
            table_name = "rating"
            indexes = ((("ticket", "address"), True),)

    db.create_tables([Rating])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("rating"), migrator.drop_column("contact", "may_commit"))
