"""What agents command by mail: followers, services, meetings, solutions, news, canned answers, absences."""

from peewee import *
from mailgate.store.fields import UtcField


def up(migrator, db):
    class Agent(Model):
        class Meta:
            database = db
            table_name = "agent"

    class Ticket(Model):
        class Meta:
            database = db
            table_name = "ticket"

    migrator.migrate(
        migrator.add_column("agent", "away_until", DateField(null=True)),
        migrator.add_column("ticket", "priority", CharField(max_length=10, default="normal")),
        migrator.add_column("ticket", "merged_into", IntegerField(null=True)),
        migrator.add_column("ticket", "linked_to", IntegerField(null=True)),
    )

    class Follower(Model):
        ticket = ForeignKeyField(Ticket, on_delete="CASCADE")
        agent = ForeignKeyField(Agent, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "follower"
            indexes = ((("ticket", "agent"), True),)

    class Service(Model):
        ticket = ForeignKeyField(Ticket, on_delete="CASCADE")
        agent = ForeignKeyField(Agent, null=True, on_delete="SET NULL")
        at = UtcField()
        minutes = IntegerField()
        text = TextField(default="")

        class Meta:
            database = db
            table_name = "service"

    class Meeting(Model):
        ticket = ForeignKeyField(Ticket, on_delete="CASCADE")
        agent = ForeignKeyField(Agent, null=True, on_delete="SET NULL")
        uid = CharField(max_length=255, unique=True)
        sequence = IntegerField(default=0)
        starts_at = UtcField()
        minutes = IntegerField()
        text = TextField(default="")
        cancelled = BooleanField(default=False)
        created_at = UtcField()

        class Meta:
            database = db
            table_name = "meeting"

    class MeetingReply(Model):
        meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
        address = CharField(max_length=320)
        answer = CharField(max_length=12)
        at = UtcField()

        class Meta:
            database = db
            table_name = "meeting_reply"
            indexes = ((("meeting", "address"), True),)

    class Solution(Model):
        title = CharField(max_length=200)
        body = TextField()
        category = CharField(max_length=60, default="")
        created_by = CharField(max_length=320)
        created_at = UtcField()
        published = BooleanField(default=True)

        class Meta:
            database = db
            table_name = "solution"

    class News(Model):
        title = CharField(max_length=200)
        body = TextField()
        category = CharField(max_length=60, default="")
        created_by = CharField(max_length=320)
        created_at = UtcField()
        published = BooleanField(default=True)

        class Meta:
            database = db
            table_name = "news"

    class Canned(Model):
        name = CharField(max_length=60, unique=True)
        body = TextField()
        created_by = CharField(max_length=320)
        created_at = UtcField()

        class Meta:
            database = db
            table_name = "canned"

    db.create_tables([Follower, Service, Meeting, MeetingReply, Solution, News, Canned])


def down(migrator, db):
    for table in ("canned", "news", "solution", "meeting_reply", "meeting", "service", "follower"):
        migrator.migrate(migrator.drop_table(table))
    migrator.migrate(
        migrator.drop_column("ticket", "linked_to"),
        migrator.drop_column("ticket", "merged_into"),
        migrator.drop_column("ticket", "priority"),
        migrator.drop_column("agent", "away_until"),
    )
