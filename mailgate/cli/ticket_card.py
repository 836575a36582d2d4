"""What whoever answers the telephone needs of a ticket at one look: how it stands, what was promised, whom to call, and
its four sections with their counts; and, when asked, its trail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mailgate.cli.opening import local_time, now
from mailgate.cli.show import clean, line
from mailgate.cli.words import say

if TYPE_CHECKING:
    from mailgate.settings import Settings

SECTIONS = ("answers", "solutions", "services", "meetings")


def card_of(number: int, settings: Settings) -> dict[str, Any]:
    """The facts of the card, as ``--json`` gives them. Needs an open store."""
    from zoneinfo import ZoneInfo

    from mailgate.desk.mobiles import shown
    from mailgate.store import briefs, suggestions, texts, ticket_file
    from mailgate.store.ticket_facts import ticket_facts

    facts, file = ticket_facts(number), ticket_file.ticket_file(number) | {"solutions": suggestions.rows(number)}
    assert facts is not None  # the caller has looked
    client = briefs.client_of(number, now().astimezone(ZoneInfo(settings.desk.timezone)).date())
    policy = {"state": client.state, "plan": client.plan, "valid_to": client.valid_to} if client else None
    return {
        "promised_at": facts.promised_at.isoformat() if facts.promised_at else None,
        "mobile": shown(briefs.mobile_of(number)),
        "policy": policy,
        "radicado": facts.pqrs.radicado if facts.pqrs else None,
        "sections": {key: file.get(key, []) for key in SECTIONS},
        "messages": texts.of_ticket(number),
    }


def tell_card(ticket: dict[str, Any], settings: Settings) -> None:
    """The card, above what was said."""
    for key in ("opened_at", "updated_at", "promised_at", "closed_at"):
        if ticket[key]:
            line(say(f"card.{key}", at=local_time(ticket[key], settings)))
    marks = [clean(ticket["category"]), say("card.urgent") if ticket["urgent"] else "", ticket["radicado"] or ""]
    if any(marks):
        line(" · ".join(filter(None, marks)))
    if ticket["mobile"]:
        line(say("card.mobile", mobile=ticket["mobile"]))
    if policy := ticket["policy"]:
        told = [say(f"policy.{policy['state']}"), clean(policy["plan"]), policy["valid_to"]]
        line(say("card.policy", policy=" · ".join(filter(None, told))))
    counts = [f"{say(f'card.{key}')} ({len(ticket['sections'][key])})" for key in SECTIONS]
    line(" · ".join(counts))
    for service in ticket["sections"]["services"]:
        line(f"  {_when(service, settings)} {clean(service['who'])}: {service['minutes']} min {clean(service['text'])}")
    for meeting in ticket["sections"]["meetings"]:
        gone = f" ({say('card.cancelled')})" if meeting["cancelled"] else ""
        line(f"  {_when(meeting, settings)} {clean(meeting['who'])}: {clean(meeting['text'])}{gone}")


def tell_trail(ticket: dict[str, Any], settings: Settings) -> None:
    """Who did what, when, why, by which mail."""
    line()
    line(say("card.trail"))
    for event in ticket["events"]:
        mail = f" · {say('card.mail', mail=event['intake'])}" if event["intake"] else ""
        why = f" · {clean(event['why'])}" if event["why"] else ""
        line(f"  {local_time(event['at'], settings)} · {clean(event['actor'])} · {event['what']}{why}{mail}")


def _when(item: dict[str, Any], settings: Settings) -> str:
    return local_time(item["at"].isoformat(), settings)
