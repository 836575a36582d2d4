"""What is known of unknown senders: whether they were asked, how often they guessed, whose papers they hold.

Writing verbs expect to be inside the mail's one transaction. A question and wrong pairs are forgotten after MEMORY.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from mailgate.desk.facts import ApprovalFacts, ClientFacts, ContactFacts, IdentificationFacts
from mailgate.desk.papers import Papers, find_papers, licence_key
from mailgate.store import intake, people
from mailgate.store.base import translated
from mailgate.store.models import Client, Contact, Identification, Intake, Outgoing, Ticket

MEMORY = timedelta(days=30)
MOST_WAITING = 20  # mails of one sender that go on when it has identified; an agent lets in the others
MOST_ASKED = 3  # contacts of a client who are asked about a new one


def facts_of(address: str, text: str, now: datetime, today: date, *, answers: bool) -> IdentificationFacts:
    """What bears on an unknown sender; ``answers``: the mail replies to our question, so papers may stand bare."""
    papers = find_papers(text, bare=answers)
    with translated():
        row = Identification.get_or_none(Identification.address == address)
        waiting = (
            Intake.select(Intake.id)
            .where(Intake.author == address, Intake.state == intake.HELD, Intake.reason.startswith("identify"))
            .order_by(Intake.id.desc())
            .limit(MOST_WAITING)
            .tuples()
        )
        since = now - MEMORY
        wrong = row.wrong if row and row.wrong_at and row.wrong_at > since else 0
        return IdentificationFacts(
            papers=papers,
            client=find_client(papers, today),
            asked=bool(row and row.asked_at and row.asked_at > since),
            wrong=wrong,
            wrong_again=bool(wrong and papers.complete and row.wrong_pair == papers.pair),
            waiting=tuple(sorted(number for (number,) in waiting)),
        )


def find_client(papers: Papers, today: date) -> ClientFacts | None:
    """The client whose licence and NIT these are, None when they do not agree."""
    if not papers.nits or not papers.licences:
        return None
    with translated():
        rows = Client.select().where(Client.nit.in_(papers.nits)).order_by(Client.id)
        return next(
            (people.client_facts(row, today) for row in rows if licence_key(row.licence) in papers.licences), None
        )


def note_asked(address: str, now: datetime) -> None:
    Identification.insert(address=address, asked_at=now).on_conflict(
        conflict_target=[Identification.address], update={Identification.asked_at: now}
    ).execute()


def note_wrong(address: str, pair: str, now: datetime) -> None:
    """Count a wrong pair; those that are long past no longer count."""
    Identification.update(wrong=0).where(
        Identification.address == address, Identification.wrong_at < now - MEMORY
    ).execute()
    Identification.insert(address=address, wrong=1, wrong_at=now, wrong_pair=pair).on_conflict(
        conflict_target=[Identification.address],
        update={
            Identification.wrong: Identification.wrong + 1,
            Identification.wrong_at: now,
            Identification.wrong_pair: pair,
        },
    ).execute()


def identify(address: str, name: str, client_id: int, now: datetime) -> None:
    """Make an address a contact of this client, not yet approved."""
    people.save_contact(address, name[:200], now, client_id=client_id, confirmed=False)
    Identification.delete().where(Identification.address == address).execute()


def confirmed_contacts(client_id: int) -> list[ContactFacts]:
    """A few who can say whether a new address is one of theirs: those known longest."""
    with translated():
        rows = (
            Contact.select()
            .where(Contact.client == client_id, Contact.confirmed)
            .order_by(Contact.id)
            .limit(MOST_ASKED)
        )
        return [ContactFacts(row.id, row.address, row.name, None, True, row.language, row.mobile) for row in rows]


def approval_asked(intake_id: int) -> ApprovalFacts | None:
    """The contact that a mail identified, None when it is no client's any more."""
    with translated():
        mail = Intake.get_or_none(Intake.id == intake_id)
        row = Contact.get_or_none(Contact.address == mail.author) if mail else None
        if row is None or row.client_id is None:
            return None
        return ApprovalFacts(row.id, row.address, row.client_id, bool(row.confirmed))


def asked_about(intake_id: int) -> list[tuple[str, str]]:
    """(address, role) of everybody who was asked about the contact that a mail identified."""
    with translated():
        rows = (
            Outgoing.select(Outgoing.recipient, Outgoing.role)
            .where(Outgoing.cause == intake_id, Outgoing.letter == "approve-contact")
            .order_by(Outgoing.id)
        )
        return list(rows.tuples())


def approve(contact_id: int) -> None:
    Contact.update(confirmed=True).where(Contact.id == contact_id).execute()


def refuse(contact_id: int) -> None:
    """Forget a contact; what it opened stays, and is no client's."""
    row = Contact.get_by_id(contact_id)
    Ticket.update(client=None, contact=None).where(
        Ticket.requester == row.address, Ticket.client == row.client_id
    ).execute()
    row.delete_instance()
