"""The PQRS: filed under the year's next radicado, counted, extended, answered. Rows become ``PqrsFacts``.

Writing verbs expect to be inside the transaction of their cause. The counter's row is changed in that transaction, so
that it waits for others who file and goes back with them when they fail: no gap, no radicado twice, on either engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from peewee import JOIN, Field, ModelSelect

from mailgate.desk.effects import ChangePqrsType, ExtendPqrs, FilePqrs
from mailgate.desk.pqrs import PqrsFacts, Term, Type
from mailgate.store.base import translated
from mailgate.store.models import Comment, Intake, Pqrs, PqrsYear, Ticket
from mailgate.store.prepared import Query, Row, prepared

LONGEST_MATTER = 200  # characters of a subject beside its radicado


def file(number: int, filing: FilePqrs, now: datetime, intake_id: int | None) -> str:
    """Make a ticket a PQRS; gives its radicado, which becomes part of its subject."""
    radicado = f"PQRS-{filing.year}-{_next_of.value(filing.year):06d}"
    ticket = _petition.first(number)
    # The mail that an agent calls a PQRS is the client's last one, and not the agent's command.
    last = _last_mail.value(number)
    _file.run(
        radicado, number, last or intake_id, filing.type.value, filing.doubtful, ticket.requester,
        filing.acknowledged, now, filing.received_at, filing.term.counts_from, filing.term.days, filing.term.due_on,
        filing.term.extendable_to,
    )  # fmt: skip
    matter = ticket.subject[:LONGEST_MATTER]
    _name.run(number, f"{radicado} · {matter}" if matter else radicado)
    if filing.linked_to is not None:
        _link.run(number, filing.linked_to)
    return radicado


@prepared
def _next_of(year: int) -> Query:
    """Count on. The statement locks the year's row until the transaction ends."""
    counting = {PqrsYear.last: PqrsYear.last + 1}
    first = PqrsYear.insert(year=year, last=1)
    return first.on_conflict(conflict_target=[PqrsYear.year], update=counting).returning(PqrsYear.last)


@prepared
def _petition(number: int) -> Query:
    return Ticket.select(Ticket.requester, Ticket.subject).where(Ticket.id == number)


@prepared
def _last_mail(number: int) -> Query:
    return _last_word(number, Comment.intake).limit(1)


@prepared
def _file(
    radicado: str, number: int, intake_id: int | None, kind: str, doubtful: bool, petitioner: str, acknowledged: bool,
    filed_at: datetime, received_at: datetime, counts_from: date, days: int, due_on: date, extendable_to: date,
) -> Query:  # fmt: skip
    return Pqrs.insert(
        radicado=radicado, ticket=number, intake=intake_id, type=kind, doubtful=doubtful, petitioner=petitioner,
        acknowledged=acknowledged, filed_at=filed_at, received_at=received_at, counts_from=counts_from, days=days,
        due_on=due_on, extendable_to=extendable_to,
    )  # fmt: skip


@prepared
def _name(number: int, subject: str) -> Query:
    return Ticket.update(subject=subject).where(Ticket.id == number)


@prepared
def _link(number: int, to: int) -> Query:
    return Ticket.update(linked_to=to).where(Ticket.id == number)


def _last_word(number: int, *columns: Field) -> ModelSelect:
    """What a client wrote last on a ticket, with the mail that it came in."""
    return (
        Comment.select(*columns)
        .join(Intake, JOIN.LEFT_OUTER)
        .where(Comment.ticket == number, Comment.role == "client", Comment.public)
        .order_by(Comment.id.desc())
        .tuples()
    )


def last_word_at(number: int) -> datetime | None:
    """When the mail came in which a client wrote last."""
    moments = _last_word_at.first(number)
    return min(filter(None, moments)) if moments else None


@prepared
def _last_word_at(number: int) -> Query:
    return _last_word(number, Comment.at, Intake.received_at)


def words_of(number: int) -> str:
    """What the client has said on a ticket, the beginning of it."""
    with translated():
        rows = Comment.select(Comment.text).where(Comment.ticket == number, Comment.role == "client", Comment.public)
        return "\n".join(row.text for row in rows.order_by(Comment.id).limit(20))


def change_type(number: int, change: ChangePqrsType) -> str:
    """Correct the type, and the term with it; gives the radicado."""
    values: dict[str, object] = {"type": change.type.value, "doubtful": False}
    if not change.keeps_due:
        term = change.term
        values |= {"days": term.days, "due_on": term.due_on, "extendable_to": term.extendable_to}
    Pqrs.update(values).where(Pqrs.ticket == number).execute()
    return _radicado(number)


def extend(number: int, extension: ExtendPqrs, now: datetime) -> str:
    Pqrs.update(due_on=extension.until, extended_at=now, extension_reason=extension.reason).where(
        Pqrs.ticket == number
    ).execute()
    return _radicado(number)


def answer(number: int, now: datetime, intake_id: int | None) -> str:
    """Stop the clock with the comment that this mail wrote."""
    wrote = Comment.select().where(Comment.ticket == number, Comment.intake == intake_id, Comment.public)
    last = wrote.order_by(Comment.id.desc()).first()
    Pqrs.update(answered_at=now, answer=last.id if last else None).where(
        Pqrs.ticket == number, Pqrs.answered_at.is_null()
    ).execute()
    return _radicado(number)


def _radicado(number: int) -> str:
    return str(Pqrs.select(Pqrs.radicado).where(Pqrs.ticket == number).get().radicado)


def of_ticket(number: int) -> PqrsFacts | None:
    row = _of_ticket.first(number)
    return _facts(row) if row else None


@prepared
def _of_ticket(number: int) -> Query:
    return Pqrs.select().where(Pqrs.ticket == number)


def find(radicado: str) -> PqrsFacts | None:
    with translated():
        row = Pqrs.get_or_none(Pqrs.radicado == radicado)
    return _facts(row) if row else None


def ticket_of(radicado: str) -> int | None:
    found = find(radicado)
    return found.ticket if found else None


def open_ones() -> list[PqrsFacts]:
    """Those whose clock runs, the soonest due first."""
    with translated():
        return _all(Pqrs.select().where(Pqrs.answered_at.is_null()).order_by(Pqrs.due_on, Pqrs.id))


def listing(*, only_open: bool = False, year: int | None = None, limit: int = 1000) -> list[PqrsFacts]:
    """By radicado, the newest first."""
    query = Pqrs.select().order_by(Pqrs.radicado.desc()).limit(limit)
    if only_open:
        query = query.where(Pqrs.answered_at.is_null())
    if year is not None:
        query = query.where(Pqrs.radicado.startswith(f"PQRS-{year}-"))
    with translated():
        return _all(query)


def recent_of(address: str, since: datetime) -> list[tuple[PqrsFacts, str]]:
    """Unanswered PQRS of an address on which a client wrote since then, with their subjects, newest first."""
    return [(_facts(row), row.subject) for row in _recent_of.rows(address, since)]


@prepared
def _recent_of(address: str, since: datetime) -> Query:
    unanswered = (Pqrs.petitioner == address) & Pqrs.answered_at.is_null()
    recent = Pqrs.select(*Pqrs._meta.sorted_fields, Ticket.subject).join(Ticket)
    return recent.where(unanswered, Ticket.updated_at >= since).order_by(Pqrs.id.desc())


def _all(query: Iterable[Pqrs]) -> list[PqrsFacts]:
    return [_facts(row) for row in query]


def _facts(row: Pqrs | Row) -> PqrsFacts:
    return PqrsFacts(
        id=row.id,
        radicado=row.radicado,
        type=Type(row.type),
        ticket=row.ticket_id,
        petitioner=row.petitioner,
        filed_at=row.filed_at,
        received_at=row.received_at,
        term=Term(row.counts_from, row.days, row.due_on, row.extendable_to),
        doubtful=bool(row.doubtful),
        acknowledged=bool(row.acknowledged),
        extended_at=row.extended_at,
        extension_reason=row.extension_reason,
        answered_at=row.answered_at,
        intake_id=row.intake_id,
    )


def within(first: datetime, last: datetime) -> list[PqrsFacts]:
    """Filed from ``first`` and before ``last``, in order."""
    with translated():
        return _all(Pqrs.select().where(Pqrs.filed_at >= first, Pqrs.filed_at < last).order_by(Pqrs.id))
