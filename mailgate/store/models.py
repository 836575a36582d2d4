"""Every table. Words are the glossary's; states are written out beside their column.

Models are shared by all rooms of ``store/`` and by nobody else: other rooms get plain values from the store's verbs.
"""

from __future__ import annotations

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    DatabaseProxy,
    DateField,
    FloatField,
    ForeignKeyField,
    Index,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

from mailgate.store.fields import UtcField

database = DatabaseProxy()


class Table(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Blob(Table):
    """Bytes kept once, by their sha256: raw mails and attachments."""

    digest = CharField(64, primary_key=True)
    size = IntegerField()
    data = BlobField()  # empty when kept elsewhere
    place = CharField(8, default="")  # "" here, "files" in store.files


class Client(Table):
    """A company with a licence and a policy."""

    licence = CharField(60, unique=True)  # upper case
    nit = CharField(20, index=True)  # NIT or cédula, digits without the check digit
    name = CharField(200)
    plan = CharField(60, default="")
    valid_from = DateField(null=True)
    valid_to = DateField(null=True)
    suspended = BooleanField(default=False)
    mobile = CharField(20, default="")  # E.164
    created_at = UtcField()


class ClientDomain(Table):
    """A mail domain whose senders are the client's contacts on sight."""

    client = ForeignKeyField(Client, backref="domains", on_delete="CASCADE")
    domain = CharField(255, unique=True)


class Contact(Table):
    """Somebody who writes; of a client, or of none (a PQRS needs none)."""

    client = ForeignKeyField(Client, backref="contacts", null=True, on_delete="CASCADE")
    address = CharField(320, unique=True)
    name = CharField(200, default="")
    mobile = CharField(20, default="")
    language = CharField(2, default="")
    confirmed = BooleanField(default=True)  # False: identified by licence and NIT, not yet approved
    may_commit = BooleanField(default=True)  # may accept what costs the client money
    created_at = UtcField()


class Identification(Table):
    """An unknown sender who was asked whose contact it is, and its wrong answers."""

    address = CharField(320, unique=True)
    asked_at = UtcField(null=True)
    wrong = IntegerField(default=0)  # pairs of licence and NIT that did not agree
    wrong_at = UtcField(null=True)
    wrong_pair = CharField(64, default="")  # the last one, as a digest


class Agent(Table):
    """Somebody who answers (role agent or supervisor), or who is copied (role management)."""

    address = CharField(320, unique=True)
    name = CharField(200)
    role = CharField(20, default="agent")  # agent, supervisor, management
    groups = JSONField(default=list)
    language = CharField(2, default="")
    active = BooleanField(default=True)
    away_until = DateField(null=True)  # the last day of an absence
    on_call = BooleanField(default=False)  # told at once of what is urgent
    created_at = UtcField()


class Ticket(Table):
    """A case. Its id is its number; rows are never deleted, so a number is never used again."""

    id = AutoField()
    client = ForeignKeyField(Client, backref="tickets", null=True, on_delete="RESTRICT")
    contact = ForeignKeyField(Contact, backref="tickets", null=True, on_delete="SET NULL")
    requester = CharField(320)  # stored address: answers go there
    requester_name = CharField(200, default="")
    desk_address = CharField(320)  # which of our addresses it came to
    subject = TextField()
    language = CharField(2)
    status = CharField(12, index=True)  # new, open, waiting, solved, closed
    category = CharField(60, default="")
    learned_as = CharField(60, default="")  # the category that its words were counted for
    urgent = BooleanField(default=False)
    priority = CharField(10, default="normal")  # low, normal, high
    merged_into = IntegerField(null=True)  # number of the ticket that took this one in
    linked_to = IntegerField(null=True)  # number of the ticket it came out of
    agent = ForeignKeyField(Agent, backref="tickets", null=True, on_delete="SET NULL")
    mobile = CharField(20, default="")  # given in the ticket; E.164
    opened_at = UtcField(index=True)
    promised_at = UtcField(null=True, index=True)  # when the first answer is promised
    updated_at = UtcField(index=True)
    answered_at = UtcField(null=True)  # first answer of an agent
    closed_at = UtcField(null=True)
    reopened = IntegerField(default=0)

    class Meta:
        indexes = ((("requester", "opened_at"), False),)


# In the order of the queue, and so that a query must say it in these very words to be answered from the index.
AWAITING = SQL("status IN ('new', 'open')")
URGENCY = SQL("(CASE priority WHEN 'high' THEN 0 WHEN 'low' THEN 2 ELSE 1 END)")
Ticket.add_index(
    Index(
        "ticket_awaiting", Ticket, [Ticket.urgent.desc(), URGENCY, Ticket.opened_at, Ticket.updated_at], where=AWAITING
    )
)


class Participant(Table):
    """Who besides the requester may follow up on one ticket; added by an agent or the client, never by a Cc."""

    ticket = ForeignKeyField(Ticket, backref="participants", on_delete="CASCADE")
    address = CharField(320)
    name = CharField(200, default="")
    added_by = CharField(320)
    added_at = UtcField()

    class Meta:
        indexes = ((("ticket", "address"), True),)


class Intake(Table):
    """One received mail: its envelope, what became of it, and why."""

    id = AutoField()
    digest = CharField(64, unique=True)  # sha256 of the raw bytes, which are that Blob
    channel = CharField(8)
    sender = TextField(default="")
    recipients = JSONField(default=list)
    peer = CharField(255, default="")
    helo = CharField(255, default="")
    auth_user = CharField(320, default="")
    tls = BooleanField(default=False)
    checked = TextField(default="")  # SPF, DKIM and DMARC as found here, "" where nobody looked
    arrivals = IntegerField(default=1)  # how often the very same bytes came
    received_at = UtcField(index=True)
    state = CharField(12, default="pending")  # pending, done, held, quarantined
    outcome = CharField(12, default="")  # desk.decide.Outcome once judged
    reason = TextField(default="")
    attempts = IntegerField(default=0)  # counted before the mail is read
    next_attempt_at = UtcField()
    lease_until = UtcField(null=True)  # a worker has it until then
    holder = CharField(120, default="")  # which one: a process, known to be alive or not
    author = CharField(320, default="")  # From address: for lists, and for the order of one person's mails
    about = IntegerField(null=True)  # the ticket its headers name, at a glance: for the order of one ticket's mails
    subject = TextField(default="")
    message_id = TextField(default="")
    content_digest = CharField(64, null=True, unique=True)  # the same mail by another road
    kind = CharField(12, default="")
    released_by = CharField(320, default="")  # whose word let a held mail in
    ticket = ForeignKeyField(Ticket, backref="intakes", null=True, on_delete="SET NULL")
    processed_at = UtcField(null=True)
    purged_at = UtcField(null=True)  # its bytes were kept until then

    class Meta:
        indexes = (
            (("state", "next_attempt_at"), False),
            (("state", "lease_until"), False),
            (("state", "outcome"), False),
            (("message_id",), False),
            (("author", "received_at"), False),
        )


class Comment(Table):
    """What a person added to a ticket."""

    id = AutoField()
    ticket = ForeignKeyField(Ticket, backref="comments", on_delete="RESTRICT")
    intake = ForeignKeyField(Intake, backref="comments", null=True, on_delete="SET NULL")
    at = UtcField()
    author = CharField(320)
    author_name = CharField(200, default="")
    role = CharField(12)  # client, agent, management, system
    public = BooleanField()
    text = TextField()  # the person's own words
    html = TextField(default="")  # the same, sanitised
    quote = TextField(default="")  # folded
    signature = TextField(default="")
    remark = CharField(200, default="")  # how the author stood, when it was not simply theirs
    message_id = TextField(default="", index=True)


class File(Table):
    """An attachment of a comment; its bytes are a Blob."""

    comment = ForeignKeyField(Comment, backref="files", on_delete="CASCADE")
    name = CharField(255)
    type = CharField(255)
    digest = CharField(64, index=True)
    size = IntegerField()
    content_id = TextField(default="")
    inline = BooleanField(default=False)
    withheld = CharField(200, default="")  # why it is not passed on


class Event(Table):
    """The audit trail: who did what to a ticket, when, why, by which mail."""

    ticket = ForeignKeyField(Ticket, backref="events", null=True, on_delete="RESTRICT")
    intake = ForeignKeyField(Intake, null=True, on_delete="SET NULL")
    at = UtcField()
    actor = CharField(320)
    what = CharField(40)
    why = TextField(default="")
    data = JSONField(default=dict)
    prev = CharField(64, default="")  # hash of the ticket's line before it
    hash = CharField(64, default="")  # store.chain.link


class Outgoing(Table):
    """A finished letter: bytes, envelope, Message-ID; and how far it got."""

    id = AutoField()
    ticket = ForeignKeyField(Ticket, backref="letters", null=True, on_delete="RESTRICT")
    cause = ForeignKeyField(Intake, null=True, on_delete="SET NULL")
    letter = CharField(40)  # which template
    role = CharField(12)  # who it is for: client, agent, management, operator
    automatic = BooleanField()  # counted against the caps
    sender = CharField(320)  # MAIL FROM, "" for the null path
    recipient = CharField(320)  # one person, one letter
    message_id = CharField(255, unique=True)
    nonce = CharField(20, unique=True)  # names the letter in Message-ID and reply address
    once = CharField(120, null=True, unique=True)  # what must not be said twice
    subject = TextField()
    text = TextField()  # what the recipient read, to know it again when quoted
    raw = BlobField()
    state = CharField(8, default="queued")  # queued, sent, dead
    attempts = IntegerField(default=0)
    next_attempt_at = UtcField()
    lease_until = UtcField(null=True)
    reply = TextField(default="")  # the relay's last words
    created_at = UtcField(index=True)
    done_at = UtcField(null=True)

    class Meta:
        indexes = ((("state", "next_attempt_at"), False), (("recipient", "created_at"), False))


# Those that somebody has: few, however many wait.
Outgoing.add_index(Outgoing.index(Outgoing.lease_until, where=Outgoing.lease_until.is_null(False)))


class Follower(Table):
    """An agent who is told of everything on a ticket, whoever has it."""

    ticket = ForeignKeyField(Ticket, backref="followers", on_delete="CASCADE")
    agent = ForeignKeyField(Agent, on_delete="CASCADE")

    class Meta:
        indexes = ((("ticket", "agent"), True),)


class Service(Table):
    """Work that was done for a client."""

    ticket = ForeignKeyField(Ticket, backref="services", on_delete="CASCADE")
    agent = ForeignKeyField(Agent, null=True, on_delete="SET NULL")
    at = UtcField()
    minutes = IntegerField()
    text = TextField(default="")


class Meeting(Table):
    """A meeting that the client was invited to (RFC 5545: its UID stays, its SEQUENCE counts changes)."""

    ticket = ForeignKeyField(Ticket, backref="meetings", on_delete="CASCADE")
    agent = ForeignKeyField(Agent, null=True, on_delete="SET NULL")
    uid = CharField(255, unique=True)
    sequence = IntegerField(default=0)
    starts_at = UtcField()
    minutes = IntegerField()
    text = TextField(default="")
    cancelled = BooleanField(default=False)
    created_at = UtcField()


class MeetingReply(Table):
    """What an invited person answered, the last word of each."""

    meeting = ForeignKeyField(Meeting, backref="replies", on_delete="CASCADE")
    address = CharField(320)
    answer = CharField(12)  # accepted, declined, tentative
    at = UtcField()

    class Meta:
        indexes = ((("meeting", "address"), True),)


class Rating(Table):
    """Stars for a ticket that is over, the last word of each person."""

    ticket = ForeignKeyField(Ticket, backref="ratings", on_delete="CASCADE")
    address = CharField(320)
    stars = IntegerField()  # 1 to 5
    at = UtcField()

    class Meta:
        indexes = ((("ticket", "address"), True),)


class Solution(Table):
    """An answer that may help others: a Posible Solución."""

    title = CharField(200)
    body = TextField()
    category = CharField(60, default="")
    created_by = CharField(320)
    created_at = UtcField()
    published = BooleanField(default=True)


class Suggestion(Table):
    """A solution that was proposed on a ticket, how well it fits, and whether it helped."""

    ticket = ForeignKeyField(Ticket, backref="suggestions", on_delete="CASCADE")
    solution = ForeignKeyField(Solution, backref="suggestions", on_delete="CASCADE")
    score = FloatField()  # desk.suggestions: 0 to 1
    by = CharField(8)  # words, meaning
    at = UtcField()
    helped_at = UtcField(null=True)

    class Meta:
        indexes = ((("ticket", "solution"), True),)


class News(Table):
    """What clients read first: a Noticia."""

    title = CharField(200)
    body = TextField()
    category = CharField(60, default="")
    created_by = CharField(320)
    created_at = UtcField()
    published = BooleanField(default=True)


class NewsTold(Table):
    """A piece of news that somebody was told: others come first."""

    news = ForeignKeyField(News, on_delete="CASCADE")
    address = CharField(320)
    at = UtcField()

    class Meta:
        indexes = ((("address", "news"), True),)


class Canned(Table):
    """An answer that agents write often, by its name; they maintain it by mail."""

    name = CharField(60, unique=True)
    body = TextField()
    created_by = CharField(320)
    created_at = UtcField()


class Mailbox(Table):
    """How far a mailbox's folder has been read."""

    account = CharField(255)
    folder = CharField(255)
    uidvalidity = BigIntegerField()
    last_uid = BigIntegerField(default=0)

    class Meta:
        indexes = ((("account", "folder"), True),)


class SecretKey(Table):
    """Keys that sign Message-IDs and reply addresses; the newest signs, all verify."""

    key = CharField(64)  # hex, 32 bytes
    created_at = UtcField()


class Done(Table):
    """Something that the clock did, by the key of its due time: never a second time."""

    key = CharField(120, primary_key=True)
    at = UtcField()


class Lease(Table):
    """Whose turn it is: one process at a time is the clock."""

    name = CharField(40, primary_key=True)
    holder = CharField(64)
    until = UtcField()


class LearnedCategory(Table):
    """A category, and how many closed tickets its words were learned from."""

    category = CharField(60, primary_key=True)
    tickets = IntegerField(default=0)


class LearnedWord(Table):
    """A word's stem, and in how many of a category's tickets it stood."""

    word = CharField(30)
    category = CharField(60)
    tickets = IntegerField(default=0)

    class Meta:
        indexes = ((("word", "category"), True),)


class TextMessage(Table):
    """A short message to a mobile, and how far it got."""

    ticket = ForeignKeyField(Ticket, backref="texts", on_delete="RESTRICT")
    mobile = CharField(20)  # E.164
    event = CharField(20)  # opening, answer, meeting, closing, urgent
    text = TextField()
    once = CharField(120, unique=True)  # what must not be said twice
    state = CharField(8, default="queued")  # queued, sent, dead
    attempts = IntegerField(default=0)
    next_attempt_at = UtcField()
    lease_until = UtcField(null=True)
    reply = TextField(default="")  # the service's last words
    created_at = UtcField()
    done_at = UtcField(null=True)

    class Meta:
        indexes = ((("state", "next_attempt_at"), False), (("mobile", "created_at"), False))


class OptOut(Table):
    """Somebody who wants no messages to a mobile about their tickets."""

    address = CharField(320, unique=True)
    at = UtcField()


class PqrsYear(Table):
    """The last radicado of a year: counted in the transaction that files, so that there is never a gap."""

    year = IntegerField(primary_key=True)
    last = IntegerField()


class Pqrs(Table):
    """A ticket that is a PQRS: its radicado and its legal clock."""

    id = AutoField()
    radicado = CharField(20, unique=True)  # PQRS-2026-000017
    ticket = ForeignKeyField(Ticket, backref="pqrs", unique=True, on_delete="RESTRICT")
    intake = ForeignKeyField(Intake, null=True, on_delete="SET NULL")  # the mail that filed it
    type = CharField(16)  # desk.pqrs.Type
    doubtful = BooleanField(default=False)  # the type is a guess
    petitioner = CharField(320, index=True)
    acknowledged = BooleanField(default=True)  # the address was known or proven
    filed_at = UtcField(index=True)
    received_at = UtcField()
    counts_from = DateField()
    days = IntegerField()  # business days of its term
    due_on = DateField(index=True)  # the last day to answer
    extendable_to = DateField()
    extended_at = UtcField(null=True)
    extension_reason = TextField(default="")
    answered_at = UtcField(null=True, index=True)
    answer = ForeignKeyField(Comment, null=True, on_delete="SET NULL")  # the substantive one


TABLES = (
    Blob, Client, ClientDomain, Contact, Agent, Ticket, Participant, Intake, Comment, File, Event, Outgoing, Mailbox,
    SecretKey, Follower, Service, Meeting, MeetingReply, Solution, News, Canned, Done, Lease,
    Identification,
    PqrsYear, Pqrs, Rating,
    LearnedCategory, LearnedWord, TextMessage, OptOut,
    Suggestion, NewsTold,
)  # fmt: skip
