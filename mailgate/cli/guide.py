"""``mailgate guide``: one page that tells clients, or agents, how the desk is used by mail; shown, written or sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from mailgate.cli.opening import now, open_desk, settings_of
from mailgate.cli.show import clean, line, write_private
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.letters.scene import Office, Recipient
    from mailgate.settings import Settings

WHOSE = ("client", "agent")
EXAMPLES = examples(
    "mailgate guide client",
    "mailgate guide agent --language es --html guide.html",
    "mailgate guide client --to carolina@acme.co --to juan@acme.co",
)


def guide(
    context: typer.Context,
    whose: Annotated[str, typer.Argument(metavar="|".join(WHOSE), help=say("guide.whose"))],
    tongue: Annotated[str, typer.Option("--language", "-l", metavar="es|en", help=say("guide.language"))] = "",
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help=say("guide.html"))] = None,
    to: Annotated[list[str] | None, typer.Option("--to", metavar="ADDRESS", help=say("guide.to"))] = None,
) -> None:
    from mailgate.errors import UsageError
    from mailgate.settings import LANGUAGES

    if whose not in WHOSE:
        raise UsageError(say("guide.no-such", whose=whose))
    if tongue not in ("", *LANGUAGES):
        raise UsageError(say("demo.which-language", language=tongue))
    if to:
        _send(context, whose, to, tongue)
    else:
        _show(settings_of(context), whose, tongue, html)


def _show(settings: Settings, whose: str, tongue: str, html: Path | None) -> None:
    """The page for nobody in particular; needs no store."""
    import secrets
    from zoneinfo import ZoneInfo

    from mailgate.letters.guides import guide as page
    from mailgate.letters.guides import reader
    from mailgate.letters.render import Renderer
    from mailgate.letters.scene import Office

    renderer = Renderer(zone=ZoneInfo(settings.desk.timezone), directory=settings.letters.directory)
    office = Office(settings, renderer, (), secrets.token_bytes)
    told = page(office, whose, reader(office, whose, language=tongue))
    if html is None:
        line(told.text.rstrip("\n"))
        return
    write_private(html, told.html)
    line(str(html))


def _send(context: typer.Context, whose: str, to: list[str], tongue: str) -> None:
    """Into the outbox, a letter each, all or none."""
    from mailgate.cli import client_cells as cells
    from mailgate.errors import UsageError
    from mailgate.letters.guides import GUIDES, guide_values
    from mailgate.letters.orders import tell
    from mailgate.store.base import transaction
    from mailgate.workplace import desk_of

    try:
        addresses = dict.fromkeys(address for cell in to for address in cells.addresses(cell))
    except cells.BadCell as bad:
        raise UsageError(str(bad)) from None
    with open_desk(context) as settings:
        office = desk_of(settings, _reads_nothing, now()).office
        readers = [_reader(office, whose, address, tongue) for address in addresses]
        with transaction():
            for one in readers:
                tell(office, GUIDES[whose], one, guide_values(office, one), now())
    for one in readers:
        line(say("guide.queued", address=clean(one.address)))


def _reader(office: Office, whose: str, address: str, tongue: str) -> Recipient:
    """Who gets it, in their own language. A guide for agents goes to agents only. Raises NotFound."""
    from mailgate.errors import NotFound
    from mailgate.letters.guides import reader
    from mailgate.store import people

    if whose == "agent":
        agent = people.find_agent(address)
        if agent is None:
            raise NotFound(say("guide.no-agent", address=clean(address)))
        return reader(office, whose, address, agent.name, tongue or agent.language)
    contact = people.find_contact(address, now().date())
    name, language = (contact.name, contact.language) if contact else ("", "")
    return reader(office, whose, address, name, tongue or language)


def _reads_nothing(raw: bytes, envelope: object) -> NoReturn:
    raise AssertionError("a guide reads no mail")
