"""An agent leaves the company: the operator says so, and nothing reaches her and nothing of hers counts any more."""

from __future__ import annotations

from mailgate.store import desk_work, tickets
from tests.conversations.conftest import NOW
from tests.conversations.test_first_ticket import number_of
from tests.stories import Person


def test_who_has_left_hears_nothing_and_answers_nobody(juan: Person, ana: Person, luis: Person) -> None:
    juan.writes("La nómina no cierra", "Sale «error 512».")
    first = juan.receives("[#")
    notice = ana.receives("error 512")
    luis.receives("error 512")
    ana.replies(notice, "#asignar yo")
    ana.receives("Ana María Peña")

    assert desk_work.let_go("ana@desk.co", "operator pedro", NOW) == [number_of(first)]
    juan.replies(first, "¿Alguna noticia?")
    juan.receives("Recibimos lo que nos escribiste")
    luis.receives("¿Alguna noticia?")
    ana.receives_nothing()

    ana.replies(notice, "Hola, Juan: escríbeme a mi nueva empresa.")
    juan.receives_nothing()
    told = tickets.full(number_of(first))
    assert told is not None
    assert not [comment for comment in told["comments"] if "nueva empresa" in comment["text"]]
    assert not told["agent"]
    assert desk_work.let_go("ana@desk.co", "operator pedro", NOW) is None
