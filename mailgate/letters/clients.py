"""The words of letters that clients ask for: one provider of values a letter, plain values only."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from mailgate.letters.buttons import mailto
from mailgate.letters.compose import Enclosure
from mailgate.letters.filters import filters
from mailgate.letters.scene import Scene
from mailgate.mail.subject import strip_prefixes
from mailgate.store import briefs, suggestions, ticket_file

MOST_SHOWN = 5  # of each section; the whole file is enclosed
STARS = range(5, 0, -1)
SECTIONS = ("answers", "solutions", "services", "meetings")


def status(scene: Scene) -> dict[str, Any]:
    """The file of a ticket: its sections with their counts, the latest of each."""
    assert scene.ticket is not None  # nobody asks for the state of no ticket
    file, words = scene.known.once(_file, scene.ticket.number), scene.words
    sections = [
        {
            "title": words["sections"][key],
            "count": len(file[key]),
            "items": [_shown(words, key, item) for item in file[key][:MOST_SHOWN]],
        }
        for key in SECTIONS
    ]
    told = {key: file[key] for key in ("opened_at", "updated_at", "category", "urgent", "agent_name")}
    pqrs = scene.ticket.pqrs
    return told | {"sections": sections, "due_on": pqrs.term.due_on if pqrs and pqrs.open else None}


def _file(number: int) -> dict[str, Any]:
    return ticket_file.ticket_file(number) | {"solutions": suggestions.rows(number)}


def _shown(words: dict[str, Any], key: str, item: dict[str, Any]) -> dict[str, Any]:
    text = " ".join(str(item["text"]).split())
    if key in ("services", "meetings"):
        length = words["phrases"]["minutes"].format(minutes=item["minutes"])
        gone = f" ({words['phrases']['cancelled']})" if item.get("cancelled") else ""
        text = f"{length}: {text}{gone}" if text else f"{length}{gone}"
    return {"at": item.get("at"), "who": item.get("who", ""), "text": text}


def whole_file(scene: Scene) -> tuple[Enclosure, ...]:
    """Everything on the ticket as a text file, with the letter that shows the latest of it."""
    assert scene.ticket is not None
    file, words = scene.known.once(_file, scene.ticket.number), scene.words
    language = {"language": scene.recipient.language}
    stamp = filters(ZoneInfo(scene.office.settings.desk.timezone))["stamp"]
    lines = [f"{scene.tag} {scene.ticket.subject}"]
    for key in SECTIONS:
        lines += ["", f"{words['sections'][key]} ({len(file[key])})", ""]
        for item in file[key]:
            told = _shown(words, key, item)
            text = f"\n{item['text'].strip()}\n" if key == "answers" else told["text"]
            when = f"{stamp(language, told['at'])} · " if told["at"] else ""
            lines.append(f"* {when}{told['who']}: {text}")
    content = "\r\n".join("\n".join(lines).splitlines()).encode("utf-8")
    return (Enclosure(f"ticket-{scene.ticket.number}.txt", "text/plain", content),)


def my_tickets(scene: Scene) -> dict[str, Any]:
    contact = scene.cause.facts.contact
    client = contact.client.id if contact and contact.client and contact.confirmed else None
    desk, word = scene.office.settings.desk, scene.words["buttons"]["status"]
    listed = []
    for ticket in ticket_file.tickets_of(scene.recipient.address, client):
        tag = desk.tag.format(number=ticket["number"])
        listed.append(ticket | {"tag": tag, "url": mailto(desk.address, f"{tag} {word['subject']}", word["body"])})
    return {"tickets": listed, "subject": _asked_with(scene)}


def asked_with(scene: Scene) -> dict[str, Any]:
    """The subject that the client asked under."""
    return {"subject": _asked_with(scene)}


def offer(scene: Scene) -> dict[str, Any]:
    tariff = scene.office.settings.urgent.tariff.strip()
    word = scene.words["buttons"]["accept-tariff"]
    url = mailto(scene.reply_to, " ".join(filter(None, (scene.tag, word["subject"]))), word["body"])
    button = {"key": "accept-tariff", "label": word["label"], "how": word["how"], "url": url}
    return {"tariff": tariff, "buttons": [button] if tariff else []}


def linked(scene: Scene) -> dict[str, Any]:
    """Why it is a new ticket, and of which it comes."""
    decision, ticket = scene.cause.decision, scene.ticket
    assert decision is not None and ticket is not None  # noqa: PT018  # nothing is linked without both
    before = scene.office.settings.desk.tag.format(number=decision.linked_to or briefs.related(ticket.number)[0])
    return {"why": scene.words["new_ticket_because"][scene.about or decision.reason.value].format(before=before)}


def merged(scene: Scene) -> dict[str, Any]:
    """Under which number it goes on."""
    assert scene.ticket is not None  # only tickets are merged
    return {"into": scene.office.settings.desk.tag.format(number=briefs.related(scene.ticket.number)[1])}


def survey(scene: Scene) -> dict[str, Any]:
    """The stars of a letter that closes: one button each."""
    word = scene.words["buttons"]["rate"]
    return {
        "stars": [
            {"stars": n, "url": mailto(scene.reply_to, f"{scene.tag} {word['subject']} {n}", str(n))} for n in STARS
        ]
    }


def survey_if_over(scene: Scene) -> dict[str, Any]:
    """An answer that closes its ticket says so, as the letter that only closes does."""
    return survey(scene) if scene.over else {}


def _asked_with(scene: Scene) -> str:
    desk = scene.office.settings.desk
    return scene.ticket.subject if scene.ticket else strip_prefixes(scene.cause.message.subject, desk.tag)
