"""The files that travel with a letter: an agent's to the client, a person's to the agents; never dangerous ones."""

from __future__ import annotations

from mailgate.letters.compose import Enclosure
from mailgate.letters.scene import Scene
from mailgate.mail.message import Attachment, Message

MOST_ENCLOSED = 15 * 2**20  # octets of files that travel with a notice; beyond it they are only listed


def files_of_agent(scene: Scene) -> tuple[Enclosure, ...]:
    """What an agent sends to a client, whatever its size."""
    return tuple(
        Enclosure(file.name, file.type, file.content, file.content_id, file.inline)
        for file in _harmless(scene.cause.message)
    )


def files_of_cause(scene: Scene) -> tuple[Enclosure, ...]:
    """What came with the mail that a notice tells of, while it is not too much to travel."""
    files = _harmless(scene.cause.message)
    return files_of_agent(scene) if sum(file.size for file in files) <= MOST_ENCLOSED else ()


def _harmless(message: Message) -> list[Attachment]:
    return [file for file in message.attachments if not file.dangerous and not _is_decoration(file, message)]


def _is_decoration(file: Attachment, message: Message) -> bool:
    """A picture shown in the signature or the quote only: it is not part of what the person says."""
    mark = f"cid:{file.content_id}"
    shown_apart = mark in message.html and mark not in message.own_html
    return bool(file.inline and file.content_id and message.own_html and shown_apart)
