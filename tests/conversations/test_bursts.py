"""Somebody, or their machine, sends mail after mail: the twentieth matter of an hour is the last one of its own."""

from __future__ import annotations

from datetime import timedelta

from mailgate.store.models import Comment, Ticket
from tests.stories import Direct, Person

MATTERS = (
    *("impresora", "nómina", "inventario", "factura", "clave", "servidor", "correo", "licencia", "respaldo", "cartera"),
    *("banco", "proveedor", "bodega", "sueldo", "recibo", "pantalla", "teléfono", "contrato", "usuario", "informe"),
    *("cotización", "pedido"),
)


def test_what_comes_beyond_twenty_in_an_hour_joins_the_last_and_another_hour_is_another(
    road: Direct, juan: Person
) -> None:
    for matter in MATTERS:
        juan.writes(f"Sobre {matter}", f"Tengo una duda con {matter}, llámenme por favor para explicar {matter}.")
    assert [row.subject for row in Ticket.select().order_by(Ticket.id)] == [f"Sobre {one}" for one in MATTERS[:20]]
    joined = [row.text for row in Comment.select().where(Comment.ticket == 20).order_by(Comment.id)]
    assert [one.split()[4].strip(",") for one in joined] == list(MATTERS[19:]), "nothing of what was written is lost"

    road.now += timedelta(hours=1)
    juan.writes("Sobre la contabilidad", "Otra cosa: el balance no cuadra desde ayer.")
    assert Ticket.select().count() == 21
