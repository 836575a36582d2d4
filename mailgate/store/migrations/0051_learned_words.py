"""What closed tickets teach about categories."""

from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column("ticket", "learned_as", CharField(max_length=60, default="")))

    class LearnedCategory(Model):
        category = CharField(max_length=60, primary_key=True)
        tickets = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "learned_category"

    class LearnedWord(Model):
        word = CharField(max_length=30)
        category = CharField(max_length=60)
        tickets = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "learned_word"
            indexes = ((("word", "category"), True),)

    db.create_tables([LearnedCategory, LearnedWord])


def down(migrator, db):
    migrator.migrate(
        migrator.drop_table("learned_category"),
        migrator.drop_table("learned_word"),
        migrator.drop_column("ticket", "learned_as"),
    )
