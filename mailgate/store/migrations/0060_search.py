"""Full-text search over solutions and tickets; what was proposed and whether it helped; who was told which news."""

from peewee import *
from mailgate.store import fulltext, suggestions
from mailgate.store.fields import UtcField


def up(migrator, db):
    class Ticket(Model):
        class Meta:
            database = db
            table_name = "ticket"

    class Solution(Model):
        title = CharField(max_length=200)
        body = TextField()

        class Meta:
            database = db
            table_name = "solution"

    class News(Model):
        class Meta:
            database = db
            table_name = "news"

    class Suggestion(Model):
        ticket = ForeignKeyField(Ticket, on_delete="CASCADE")
        solution = ForeignKeyField(Solution, on_delete="CASCADE")
        score = FloatField()
        by = CharField(max_length=8)
        at = UtcField()
        helped_at = UtcField(null=True)

        class Meta:
            database = db
            table_name = "suggestion"
            indexes = ((("ticket", "solution"), True),)

    class NewsTold(Model):
        news = ForeignKeyField(News, on_delete="CASCADE")
        address = CharField(max_length=320)
        at = UtcField()

        class Meta:
            database = db
            table_name = "news_told"
            indexes = ((("address", "news"), True),)

    db.create_tables([Suggestion, NewsTold])
    fulltext.create(db, sqlite=isinstance(db, SqliteDatabase))
    for row in Solution.select():  # tickets, of which there may be many, are indexed by the clock
        suggestions.index_solution(row.id, row.title, row.body)


def down(migrator, db):
    migrator.migrate(migrator.drop_table("suggestion"), migrator.drop_table("news_told"))
    db.execute_sql("DROP TABLE solution_terms")
    db.execute_sql("DROP TABLE ticket_terms")
