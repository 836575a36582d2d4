"""The words of the acknowledgement, and of what is said once about a ticket's particulars. Plain values only."""

from __future__ import annotations

from typing import Any

from mailgate.desk import effects as do
from mailgate.desk.particulars import NOTHING_TOLD
from mailgate.letters.buttons import mailto
from mailgate.letters.notices import client_shown
from mailgate.letters.scene import Scene

MOST_CATEGORIES = 8  # offered in the acknowledgement


def opening_values(scene: Scene) -> dict[str, Any]:
    """What the acknowledgement tells beside the number."""
    return whose(scene) | {
        "wrong_mobile": _wrong_mobile(scene),
        "asks_more": scene.about == NOTHING_TOLD,
        "corrections": _corrections(scene),
    }


def whose(scene: Scene) -> dict[str, Any]:
    """The company and its policy, for whoever may know them: a confirmed contact of it."""
    contact = scene.cause.facts.contact
    known = contact is not None and contact.confirmed and contact.address == scene.recipient.address
    return {"client": client_shown(contact.client) if contact and known else None}


def messages_values(scene: Scene) -> dict[str, Any]:
    """Whether messages to the mobile go on."""
    done = scene.cause.decision.effects if scene.cause.decision else ()
    return {"wanted": any(isinstance(effect, do.SetMessages) and effect.wanted for effect in done)}


def _corrections(scene: Scene) -> list[dict[str, str]]:
    """One tap for each other category; few enough to read."""
    here, word = scene.ticket.category if scene.ticket else "", scene.words["buttons"]["category"]
    names = [name for name in scene.office.settings.categories.names if name != here]
    made = (
        (name, word["subject"].format(name=name), word["body"].format(name=name)) for name in names[:MOST_CATEGORIES]
    )
    return [
        {"label": name, "url": mailto(scene.reply_to, f"{scene.tag} {subject}", body)} for name, subject, body in made
    ]


def mobile_wrong(scene: Scene) -> dict[str, Any]:
    return {"said": _wrong_mobile(scene)}


def _wrong_mobile(scene: Scene) -> str:
    """What was given as a mobile and is none: digits only, whoever wrote it."""
    done = scene.cause.decision.effects if scene.cause.decision else ()
    return next((effect.said for effect in done if isinstance(effect, do.NoteWrongMobile)), "")
