"""Tickets from before there was a search are indexed by and by, over crashes, and while new mail comes."""

from __future__ import annotations

from datetime import UTC, datetime

from mailgate.desk.facts import Role
from mailgate.mail.message import Parts
from mailgate.settings import Store
from mailgate.store import desk_lists, suggestions, tickets
from mailgate.store.fulltext import TICKETS
from mailgate.store.models import Comment, Ticket, database

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def open_ticket(words: str) -> int:
    row = Ticket.create(
        requester="ana@empresa.co", desk_address="soporte@desk.co", subject=words, language="es", status="open",
        opened_at=NOW, updated_at=NOW,
    )  # fmt: skip
    Comment.create(ticket=row.id, at=NOW, author="ana@empresa.co", role="client", public=True, text=words)
    return int(row.id)


def found(words: str) -> set[int]:
    return {row["number"] for row in desk_lists.search(words).rows}


def test_old_tickets_become_findable_newest_first_without_gaps(store: Store) -> None:
    old = [open_ticket(f"impresora numero{n}") for n in range(7)]
    database.execute_sql("DELETE FROM ticket_terms")
    new = open_ticket("impresora nueva")
    suggestions.index_comment(old[0], "tóner")  # a word on an old one leaves it to its turn
    suggestions.index_comment(new, "impresora nueva")
    assert found("impresora") == {new}
    assert suggestions.index_older(3) == 3
    assert found("impresora") == {new, *old[4:]}
    Comment.create(ticket=old[1], at=NOW, author="ana@empresa.co", role="client", public=True, text="tóner")
    suggestions.index_comment(old[1], "tóner")
    newest = open_ticket("impresora novísima")
    suggestions.index_comment(newest, "impresora novísima")
    assert [suggestions.index_older(3), suggestions.index_older(3), suggestions.index_older(3)] == [3, 1, 0]
    assert found("impresora") == {newest, new, *old}
    assert found("tóner") == {old[1]}


def test_a_new_ticket_is_indexed_as_it_would_be_again(store: Store) -> None:
    opened = tickets.NewTicket("ana@empresa.co", "Ana Peña " * 30, "soporte@desk.co", "La impresora", "es")
    number = tickets.open_ticket(opened, NOW)
    words = Parts("El tóner se acabó.", "", "")
    told = tickets.NewComment(number, "ana@empresa.co", "Ana Peña", Role.CLIENT, True, words, opens=opened)
    tickets.add_comment(told, NOW)
    at_once = TICKETS.read([number])
    suggestions.index_again([number])
    assert at_once == TICKETS.read([number])
    assert {number} == found("impresora") == found("tóner") == found("peña") == found("empresa")
