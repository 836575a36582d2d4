"""The files that travel with a letter: an agent's to the client, a person's to the agents; never dangerous ones.

What is too large to travel with a notice is listed there, with a mail that fetches it (``#archivos``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from mailgate.letters.buttons import mailto
from mailgate.letters.compose import Enclosure
from mailgate.letters.scene import Scene
from mailgate.mail.message import Attachment, Message
from mailgate.store import files
from mailgate.store.files import StoredFile

COMMAND = "#archivos"


class Sized(Protocol):
    @property
    def size(self) -> int: ...


Some = TypeVar("Some", bound=Sized)


def fitting(some: Iterable[Some], most: int) -> list[Some]:
    """Those that travel together, in their order: what no longer fits is passed over."""
    taken, total = [], 0
    for one in some:
        if total + one.size <= most:
            taken.append(one)
            total += one.size
    return taken


def files_of_agent(scene: Scene) -> tuple[Enclosure, ...]:
    """What an agent sends to a client, whatever its size."""
    return tuple(_as_enclosure(file) for file in _harmless(scene.cause.message))


def files_of_cause(scene: Scene) -> tuple[Enclosure, ...]:
    """What came with the mail that a notice tells of, as far as it can travel."""
    return tuple(_as_enclosure(file) for file in _travelling(scene))


def files_asked_for(scene: Scene) -> tuple[Enclosure, ...]:
    """Files of a ticket that an agent fetches."""
    sent, _ = _shared_out(scene)
    return tuple(Enclosure(file.name, file.type, files.content(file)) for file in sent)


def listed(scene: Scene) -> list[dict[str, Any]]:
    """The files of the mail that a notice tells of; what does not travel with it has a mail that fetches it."""
    message, number = scene.cause.message, scene.ticket.number if scene.ticket else 0
    loose = [file for file in message.attachments if not file.inline]
    if not loose:
        return []
    travelling = {id(file) for file in _travelling(scene)}
    kept = scene.known.once(files.of_mail, number, scene.cause.intake_id)
    stored = {(file.name, file.size): file.id for file in kept}
    shown = []
    for file in loose:
        known = stored.get((file.name, file.size))
        left = known is not None and id(file) not in travelling and not file.dangerous
        link = _fetching(scene, [known]) if left and known is not None else {}
        shown.append(_shown(scene, file.name, file.size, file.dangerous) | link)
    return shown


def sent_along(scene: Scene) -> list[dict[str, Any]]:
    """An agent's files, as their client reads of them: they come with the letter, and nobody fetches them."""
    loose = [file for file in scene.cause.message.attachments if not file.inline]
    return [_shown(scene, file.name, file.size, file.dangerous) for file in loose]


def withheld_values(scene: Scene) -> dict[str, Any]:
    """What came with a person's mail and nobody was given: its writer should know."""
    kept = [file for file in scene.cause.message.attachments if file.dangerous]
    return {"withheld": [_shown(scene, file.name, file.size, file.dangerous) for file in kept]}


def fetched_values(scene: Scene) -> dict[str, Any]:
    """The letter that brings files: which came with it, which are still to be fetched."""
    sent, left = _shared_out(scene)
    rest = {"key": "files", "label": scene.words["phrases"]["fetch_all"]} | _fetching(scene, [file.id for file in left])
    return {
        "attachments": [_shown(scene, file.name, file.size, file.withheld) for file in sent],
        "left": [_shown(scene, file.name, file.size, file.withheld) | _fetching(scene, [file.id]) for file in left],
        "buttons": [rest] if left else [],
    }


def _shown(scene: Scene, name: str, size: int, withheld: str) -> dict[str, Any]:
    return {"name": name, "size": size, "withheld": scene.told("withheld", withheld), "url": "", "how": ""}


def _fetching(scene: Scene, ids: Iterable[int]) -> dict[str, str]:
    """A mail that fetches these files, and the same in words."""
    command = f"{COMMAND} {' '.join(map(str, ids))}"
    how = scene.words["phrases"]["fetch_how"].format(command=command)
    return {"url": mailto(scene.reply_to, f"{scene.tag} {COMMAND[1:]}", command), "how": how}


def _shared_out(scene: Scene) -> tuple[list[StoredFile], list[StoredFile]]:
    """(what goes with this letter, what does not fit). Who asks for one file gets it, however large."""
    decision, number = scene.cause.decision, scene.cause.number
    asked = decision.asked.words.split() if decision and decision.asked else []
    found = files.of_ticket(number, [int(one) for one in asked]) if number else []
    free = [file for file in found if not file.withheld]
    sent = fitting(free, scene.office.settings.letters.enclosed_bytes) or free[:1]
    return sent, [file for file in free if file not in sent]


def _travelling(scene: Scene) -> list[Attachment]:
    return fitting(_harmless(scene.cause.message), scene.office.settings.letters.enclosed_bytes)


def _as_enclosure(file: Attachment) -> Enclosure:
    return Enclosure(file.name, file.type, file.content, file.content_id, file.inline)


def _harmless(message: Message) -> list[Attachment]:
    return [file for file in message.attachments if not file.dangerous and not _is_decoration(file, message)]


def _is_decoration(file: Attachment, message: Message) -> bool:
    """A picture shown in the signature or the quote only: it is not part of what the person says."""
    mark = f"cid:{file.content_id}"
    shown_apart = mark in message.html and mark not in message.own_html
    return bool(file.inline and file.content_id and message.own_html and shown_apart)
