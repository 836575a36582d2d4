"""The words of letters to agents about their own mails: one provider of values a letter, plain values only."""

from __future__ import annotations

from typing import Any

from mailgate.desk.commands.plan import COMMANDS
from mailgate.desk.commands.said import VARIABLES
from mailgate.desk.decision import Problem
from mailgate.desk.effects import Away
from mailgate.letters.buttons import mailto
from mailgate.letters.enclosures import listed
from mailgate.letters.lists import section
from mailgate.letters.reached import letters_to_clients
from mailgate.letters.scene import Scene
from mailgate.mail.subject import has_prefix
from mailgate.store import desk_lists, desk_work, outbox, people

LONGEST_BODY = 1500  # characters of a body in a mailto: link that every mail program takes


def returned(scene: Scene) -> dict[str, Any]:
    """The whole text again, the wrong lines marked, each with what was probably meant."""
    decision, words = scene.cause.decision, scene.words
    problems = decision.problems if decision else ()
    wrong = {problem.line for problem in problems}
    lines = scene.cause.message.parts.own.replace("\r\n", "\n").split("\n")
    if max(wrong, default=0) > len(lines):  # it stands in the signature
        lines += scene.cause.message.parts.signature.split("\n")
    return _subject(scene) | {
        "problems": [
            {
                "line": problem.line,
                "text": words["problems"][problem.key].format(value=_named(scene, problem.key, problem.value)),
                "likely": problem.likely,
            }
            for problem in problems
        ],
        "lines": [{"text": line, "wrong": number in wrong} for number, line in enumerate(lines, 1)],
        "buttons": _corrected(scene, lines, problems),
        "attachments": listed(scene),
    }


def _corrected(scene: Scene, lines: list[str], problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    """A button that sends the text as it was probably meant, when every problem has a likely meaning."""
    likely = {problem.line: problem.likely for problem in problems}
    body = "\n".join(likely.get(number) or line for number, line in enumerate(lines, 1))
    if not all(likely.values()) or len(body) > LONGEST_BODY:
        return []
    word = scene.words["buttons"]["resend"]
    url = mailto(scene.reply_to, " ".join(part for part in (scene.tag, word["subject"]) if part), body)
    return [{"key": "resend", "label": word["label"], "how": word["how"], "url": url}]


def receipt(scene: Scene) -> dict[str, Any]:
    done = scene.cause.decision.done if scene.cause.decision else ()
    told = scene.words["done"]
    reached = letters_to_clients(scene.cause.intake_id)
    told_done = [told[one.key].format(value=_named(scene, one.key, one.value)) for one in done]
    return _subject(scene) | {"done": told_done, "letters": reached}


def _named(scene: Scene, key: str, value: str) -> str:
    """The types of PQRS by their names; everything else is said as it is."""
    names = scene.words["pqrs_types"] if key in ("pqrs", "no-pqrs-type") else {}
    return ", ".join(names.get(one, one) for one in value.split(", "))


def _subject(scene: Scene) -> dict[str, str]:
    """The mail's own subject where no ticket has one, without its RE: our answer brings one already."""
    subject = scene.cause.message.subject
    while has_prefix(subject):
        subject = subject.partition(":")[2].strip()
    return {} if scene.ticket else {"subject": subject}


def help_values(scene: Scene) -> dict[str, Any]:
    agent = scene.cause.facts.agent
    told = scene.words["commands"]
    may = [command for command in COMMANDS if agent is None or agent.role in command.may]
    return {"commands": [told[command.name] for command in may]}


def late(scene: Scene) -> dict[str, Any]:
    facts, message = scene.cause.facts, scene.cause.message
    return {
        "other": facts.answered_since,
        "text": message.parts.own,
        "subject": facts.ticket.subject if facts.ticket else message.subject,
        "tag": scene.office.settings.desk.tag.format(number=facts.ticket.number) if facts.ticket else "",
    }


def canned(scene: Scene) -> dict[str, Any]:
    """Every canned answer, each with a mail that changes it."""
    shown = []
    for name, body in desk_work.canned():
        there = body if len(body) <= LONGEST_BODY else ""
        url = mailto(scene.reply_to, name, f"#plantilla {name} =\n\n{there}")
        shown.append({"name": name, "text": body, "label": scene.words["phrases"]["change_it"], "url": url})
    return {"canned": shown, "variables": ", ".join(f"{{{name}}}" for name in VARIABLES), "subject": ""}


def handed_over(scene: Scene) -> dict[str, Any]:
    """The tickets that an agent leaves to others."""
    cause, agent = scene.cause, scene.cause.facts.agent
    away = next((one for one in cause.decision.effects if isinstance(one, Away)), None) if cause.decision else None
    who = next((one for one in people.active_agents() if away and one.id == away.agent_id), agent)
    numbers = desk_work.handed_over_by(cause.intake_id) if cause.intake_id else []
    return {
        "who": who.name if who else "",
        "until": away.until if away else None,
        "sections": [section(scene.office, scene.words["lists"]["handed_over"], desk_lists.numbered(numbers))],
    }


def undeliverable(scene: Scene) -> dict[str, Any]:
    """A letter to a client that came back after it had left."""
    bounce, issued = scene.cause.message.bounce, scene.cause.facts.bounced_letter
    letter = scene.known.once(outbox.find_by_nonce, issued.nonce) if issued else None
    assert bounce is not None and letter is not None  # noqa: PT018  # the notice is ordered because of both
    told = " ".join(part for part in (bounce.status, bounce.diagnostic) if part)
    return {
        "subject": letter.subject,
        "recipient": letter.recipient,
        "sent_at": letter.created_at,
        "attempts": letter.attempts or 1,
        "reply": told or scene.cause.message.kind_reason,
    }
