"""The tables of the first release."""

from peewee import *
from mailgate.store.fields import UtcField


def up(migrator, db):
    class Agent(Model):
        address = CharField(unique=True, max_length=320)
        name = CharField(max_length=200)
        role = CharField(max_length=20, default="agent")
        groups = JSONField(default=list)
        language = CharField(max_length=2, default="")
        active = BooleanField(default=True)
        created_at = UtcField()

        class Meta:
            database = db
            table_name = "agent"

    db.create_tables([Agent])

    class Blob(Model):
        digest = CharField(primary_key=True, max_length=64)
        size = IntegerField()
        data = BlobField()

        class Meta:
            database = db
            table_name = "blob"

    db.create_tables([Blob])

    class Client(Model):
        licence = CharField(unique=True, max_length=60)
        nit = CharField(index=True, max_length=20)
        name = CharField(max_length=200)
        plan = CharField(max_length=60, default="")
        valid_from = DateField(null=True)
        valid_to = DateField(null=True)
        suspended = BooleanField(default=False)
        mobile = CharField(max_length=20, default="")
        created_at = UtcField()

        class Meta:
            database = db
            table_name = "client"

    db.create_tables([Client])

    class ClientDomain(Model):
        client = ForeignKeyField(Client, on_delete="CASCADE")
        domain = CharField(unique=True)

        class Meta:
            database = db
            table_name = "client_domain"

    db.create_tables([ClientDomain])

    class Contact(Model):
        client = ForeignKeyField(Client, null=True, on_delete="CASCADE")
        address = CharField(unique=True, max_length=320)
        name = CharField(max_length=200, default="")
        mobile = CharField(max_length=20, default="")
        language = CharField(max_length=2, default="")
        confirmed = BooleanField(default=True)
        created_at = UtcField()

        class Meta:
            database = db
            table_name = "contact"

    db.create_tables([Contact])

    class Ticket(Model):
        client = ForeignKeyField(Client, null=True, on_delete="RESTRICT")
        contact = ForeignKeyField(Contact, null=True, on_delete="SET NULL")
        requester = CharField(index=True, max_length=320)
        requester_name = CharField(max_length=200, default="")
        desk_address = CharField(max_length=320)
        subject = TextField()
        language = CharField(max_length=2)
        status = CharField(index=True, max_length=12)
        category = CharField(max_length=60, default="")
        urgent = BooleanField(default=False)
        agent = ForeignKeyField(Agent, null=True, on_delete="SET NULL")
        mobile = CharField(max_length=20, default="")
        opened_at = UtcField(index=True)
        updated_at = UtcField(index=True)
        answered_at = UtcField(null=True)
        closed_at = UtcField(null=True)
        reopened = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "ticket"

    db.create_tables([Ticket])

    class Intake(Model):
        digest = CharField(unique=True, max_length=64)
        channel = CharField(max_length=8)
        sender = TextField(default="")
        recipients = JSONField(default=list)
        peer = CharField(default="")
        helo = CharField(default="")
        auth_user = CharField(max_length=320, default="")
        tls = BooleanField(default=False)
        arrivals = IntegerField(default=1)
        received_at = UtcField(index=True)
        state = CharField(index=True, max_length=12, default="pending")
        outcome = CharField(max_length=12, default="")
        reason = TextField(default="")
        attempts = IntegerField(default=0)
        next_attempt_at = UtcField()
        lease_until = UtcField(null=True)
        author = CharField(max_length=320, default="")
        subject = TextField(default="")
        message_id = TextField(default="")
        content_digest = CharField(unique=True, null=True, max_length=64)
        kind = CharField(max_length=12, default="")
        released_by = CharField(max_length=320, default="")
        ticket = ForeignKeyField(Ticket, null=True, on_delete="SET NULL")
        processed_at = UtcField(null=True)

        class Meta:
            database = db
            table_name = "intake"
            indexes = ((("state", "next_attempt_at"), False), (("message_id",), False))

    db.create_tables([Intake])

    class Comment(Model):
        ticket = ForeignKeyField(Ticket, on_delete="RESTRICT")
        intake = ForeignKeyField(Intake, null=True, on_delete="SET NULL")
        at = UtcField()
        author = CharField(max_length=320)
        author_name = CharField(max_length=200, default="")
        role = CharField(max_length=12)
        public = BooleanField()
        text = TextField()
        html = TextField(default="")
        quote = TextField(default="")
        signature = TextField(default="")
        remark = CharField(max_length=200, default="")
        message_id = TextField(index=True, default="")

        class Meta:
            database = db
            table_name = "comment"

    db.create_tables([Comment])

    class Event(Model):
        ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
        intake = ForeignKeyField(Intake, null=True, on_delete="SET NULL")
        at = UtcField()
        actor = CharField(max_length=320)
        what = CharField(max_length=40)
        why = TextField(default="")
        data = JSONField(default=dict)

        class Meta:
            database = db
            table_name = "event"

    db.create_tables([Event])

    class File(Model):
        comment = ForeignKeyField(Comment, on_delete="CASCADE")
        name = CharField()
        type = CharField()
        digest = CharField(index=True, max_length=64)
        size = IntegerField()
        content_id = TextField(default="")
        inline = BooleanField(default=False)
        withheld = CharField(max_length=200, default="")

        class Meta:
            database = db
            table_name = "file"

    db.create_tables([File])

    class Mailbox(Model):
        account = CharField()
        folder = CharField()
        uidvalidity = BigIntegerField()
        last_uid = BigIntegerField(default=0)

        class Meta:
            database = db
            table_name = "mailbox"
            indexes = ((("account", "folder"), True),)

    db.create_tables([Mailbox])

    class Outgoing(Model):
        ticket = ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
        cause = ForeignKeyField(Intake, null=True, on_delete="SET NULL")
        letter = CharField(max_length=40)
        role = CharField(max_length=12)
        automatic = BooleanField()
        sender = CharField(max_length=320)
        recipient = CharField(index=True, max_length=320)
        message_id = CharField(unique=True)
        nonce = CharField(unique=True, max_length=20)
        once = CharField(unique=True, null=True, max_length=120)
        subject = TextField()
        text = TextField()
        raw = BlobField()
        state = CharField(max_length=8, default="queued")
        attempts = IntegerField(default=0)
        next_attempt_at = UtcField()
        lease_until = UtcField(null=True)
        reply = TextField(default="")
        created_at = UtcField(index=True)
        done_at = UtcField(null=True)

        class Meta:
            database = db
            table_name = "outgoing"
            indexes = ((("state", "next_attempt_at"), False), (("recipient", "created_at"), False))

    db.create_tables([Outgoing])

    class Participant(Model):
        ticket = ForeignKeyField(Ticket, on_delete="CASCADE")
        address = CharField(max_length=320)
        name = CharField(max_length=200, default="")
        added_by = CharField(max_length=320)
        added_at = UtcField()

        class Meta:
            database = db
            table_name = "participant"
            indexes = ((("ticket", "address"), True),)

    db.create_tables([Participant])

    class SecretKey(Model):
        key = CharField(max_length=64)
        created_at = UtcField()

        class Meta:
            database = db
            table_name = "secret_key"

    db.create_tables([SecretKey])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("secret_key"))
    migrator.migrate(migrator.drop_table("participant"))
    migrator.migrate(migrator.drop_table("outgoing"))
    migrator.migrate(migrator.drop_table("mailbox"))
    migrator.migrate(migrator.drop_table("file"))
    migrator.migrate(migrator.drop_table("event"))
    migrator.migrate(migrator.drop_table("comment"))
    migrator.migrate(migrator.drop_table("intake"))
    migrator.migrate(migrator.drop_table("ticket"))
    migrator.migrate(migrator.drop_table("contact"))
    migrator.migrate(migrator.drop_table("client_domain"))
    migrator.migrate(migrator.drop_table("client"))
    migrator.migrate(migrator.drop_table("blob"))
    migrator.migrate(migrator.drop_table("agent"))
