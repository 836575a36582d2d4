"""The letters of a PQRS: what the petitioner is told, what agents and management are told, and the original mail.

To the petitioner: ``pqrs-acknowledgement``, ``pqrs-corrected`` (another type), ``pqrs-extended``. To agents and, in
letters of their own, to management: ``pqrs-notice``, which tells one thing that happened. Plain values only.
"""

from __future__ import annotations

from email import policy
from email.generator import BytesGenerator
from email.parser import BytesParser
from io import BytesIO
from typing import Any

from mailgate.desk.decision import To
from mailgate.desk.facts import Role
from mailgate.desk.pqrs import PqrsFacts, Type
from mailgate.desk.worktime import Calendar, calendar_of
from mailgate.letters.buttons import mailto
from mailgate.letters.compose import Enclosure
from mailgate.letters.filters import day_told
from mailgate.letters.said import evidence_told
from mailgate.letters.scene import Scene
from mailgate.store import intake
from mailgate.store.blobs import BlobBroken, BlobGone

ORDERED = ("extended", "type", "closed")  # by commands, mostly without a further word


def original(scene: Scene) -> tuple[Enclosure, ...]:
    """The mail that filed a PQRS, as message/rfc822, for management; nothing when it is too large to travel, or kept
    no more: an agent may make a PQRS of a ticket whose mails were purged long ago.
    """
    known = scene.ticket.pqrs if scene.ticket else None
    if scene.order.to is not To.MANAGEMENT or scene.about != "filed" or known is None or known.intake_id is None:
        return ()
    raw = scene.known.once(_as_enclosed, known.intake_id, scene.office.settings.letters.enclosed_bytes)
    return (Enclosure(f"{known.radicado}.eml", "message/rfc822", raw),) if raw else ()


def _as_enclosed(intake_id: int, most: int) -> bytes:
    """Nothing when it cannot travel."""
    try:
        raw = intake.raw_of_intake(intake_id)
    except (BlobGone, BlobBroken):  # which 'mailgate doctor --deep' tells of; the letter must leave
        return b""
    return seven_bits(raw) if len(raw) <= most else b""


def seven_bits(raw: bytes) -> bytes:
    """A mail with its 8-bit parts encoded, as a mail inside a mail must be (RFC 2046 5.2.1); 7-bit mails as they are.

    The bytes as they came stay in the store; ``mailgate pqrs export`` gives those.
    """
    if raw.isascii() and max(map(len, raw.splitlines()), default=0) <= 998:
        return raw
    encoded = BytesIO()
    try:
        message = BytesParser(policy=policy.compat32.clone(cte_type="7bit")).parsebytes(raw)
        BytesGenerator(encoded, mangle_from_=False, maxheaderlen=78).flatten(message)
    except Exception:  # a broken mail breaks the encoder in its own way; it then travels as a mere file
        return raw
    return encoded.getvalue()


def to_petitioner(scene: Scene) -> dict[str, Any]:
    known = _known(scene)
    told = _told(scene, known)
    contact = scene.cause.facts.contact
    is_known = contact is not None and contact.address == scene.recipient.address
    # What a stranger wrote does not travel to an address that they chose.
    subject = scene.ticket.subject if is_known and scene.ticket else known.radicado
    return told | {"subject": subject, "buttons": _corrections(scene, known, "petitioner")}


def extended(scene: Scene) -> dict[str, Any]:
    return to_petitioner(scene) | {"reason": _known(scene).extension_reason, "buttons": []}


def notice(scene: Scene) -> dict[str, Any]:
    known = _known(scene)
    to_management = scene.recipient.role is Role.MANAGEMENT
    words = scene.words
    days_left = _days_left(scene, known)
    late = f"{scene.about}-late" if _calendar(scene).day_of(scene.now) > known.term.due_on else ""
    about = (
        words["pqrs_about"]
        .get(late, words["pqrs_about"][scene.about])
        .format(
            days=days_left,
            late=max(0, -days_left),
            type=_type_name(scene, known.type),
            until=day_told(known.term.due_on, scene.recipient.language),
        )
    )
    buttons = [] if to_management or not known.open else _for_agents(scene, known)
    return _told(scene, known) | {
        "about": about,
        "ordered": scene.about in ORDERED,
        "to_management": to_management,
        "petitioner": _petitioner(scene, known),
        "acknowledged": known.acknowledged,
        "answered_at": known.answered_at,
        "reason": known.extension_reason,
        "evidence": evidence_told(scene) if scene.about == "filed" else [],
        "buttons": buttons,
        "html": "",
    }


def _told(scene: Scene, known: PqrsFacts) -> dict[str, Any]:
    return {
        "radicado": known.radicado,
        "type": _type_name(scene, known.type),
        "doubtful": known.doubtful,
        "filed_at": known.received_at,
        "counts_from": known.term.counts_from,
        "later": known.term.counts_from != _calendar(scene).day_of(known.received_at),
        "due_on": known.term.due_on,
        "days": known.term.days,
        "extended": known.extended_at is not None,
    }


def _petitioner(scene: Scene, known: PqrsFacts) -> dict[str, str]:
    name = scene.ticket.requester_name if scene.ticket else ""
    return {"name": name, "address": known.petitioner}


def _for_agents(scene: Scene, known: PqrsFacts) -> list[dict[str, str]]:
    """The substantive answer first; then, while the type is a guess, each type by one tap."""
    return [_button(scene, "final_answer", "#respuesta-pqrs\n\n"), *_corrections(scene, known, "agent")]


def _corrections(scene: Scene, known: PqrsFacts, who: str) -> list[dict[str, str]]:
    """One button for each other type, while the type is a guess."""
    if not known.doubtful or not known.open:
        return []
    offered = [Type(name) for name in scene.office.settings.pqrs.types if name != known.type]
    words = scene.words
    line = words["buttons"][f"pqrs_type_{who}"]
    made = []
    for kind in offered:
        name = words["pqrs_types"][kind.value]
        body = line["body"].format(type=kind.value if who == "agent" else name)
        url = mailto(scene.reply_to, f"{scene.tag} {line['subject'].format(type=name)}", body)
        how = line["how"].format(body=body)
        made.append({"key": f"type-{kind.value}", "label": line["label"].format(type=name), "how": how, "url": url})
    return made


def _button(scene: Scene, key: str, body: str) -> dict[str, str]:
    word = scene.words["buttons"][key]
    url = mailto(scene.reply_to, f"{scene.tag} {word['subject']}", body)
    return {"key": key, "label": word["label"], "how": word["how"], "url": url}


def _type_name(scene: Scene, kind: Type) -> str:
    return str(scene.words["pqrs_types"][kind.value])


def _days_left(scene: Scene, known: PqrsFacts) -> int:
    """Business days until the last one; negative when it has passed."""
    calendar = _calendar(scene)
    return calendar.business_days_between(calendar.day_of(scene.now), known.term.due_on)


def _calendar(scene: Scene) -> Calendar:
    return calendar_of(scene.office.settings)


def _known(scene: Scene) -> PqrsFacts:
    assert scene.ticket is not None
    assert scene.ticket.pqrs is not None  # these letters are only ordered for one
    return scene.ticket.pqrs
