"""The words of letters to agents about their own mails: one provider of values a letter, plain values only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mailgate.desk.commands import COMMANDS
from mailgate.desk.decision import Problem
from mailgate.letters.buttons import mailto
from mailgate.letters.lists import list_values
from mailgate.letters.meetings import meeting_values, reply_values
from mailgate.letters.notices import assigned_values
from mailgate.letters.scene import Scene

LONGEST_MAILTO = 1500  # characters of a body in a mailto: link that every mail program takes


def _returned(scene: Scene) -> dict[str, Any]:
    """The whole text again, the wrong lines marked, each with what was probably meant."""
    decision, words = scene.cause.decision, _words(scene)
    problems = decision.problems if decision else ()
    wrong = {problem.line for problem in problems}
    lines = scene.cause.message.parts.own.replace("\r\n", "\n").split("\n")
    return {
        "problems": [
            {
                "line": problem.line,
                "text": words["problems"][problem.key].format(value=problem.value),
                "likely": problem.likely,
            }
            for problem in problems
        ],
        "lines": [{"text": line, "wrong": number in wrong} for number, line in enumerate(lines, 1)],
        "buttons": _corrected(scene, lines, problems),
        "attachments": [
            {"name": file.name, "size": file.size, "withheld": file.dangerous}
            for file in scene.cause.message.attachments
            if not file.inline
        ],
    }


def _corrected(scene: Scene, lines: list[str], problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    """A button that sends the text as it was probably meant, when every problem has a likely meaning."""
    likely = {problem.line: problem.likely for problem in problems}
    body = "\n".join(likely.get(number) or line for number, line in enumerate(lines, 1))
    if not all(likely.values()) or len(body) > LONGEST_MAILTO:
        return []
    word = _words(scene)["buttons"]["resend"]
    tag = scene.office.settings.desk.tag.format(number=scene.ticket.number) if scene.ticket else ""
    url = mailto(scene.reply_to, " ".join(part for part in (tag, word["subject"]) if part), body)
    return [{"key": "resend", "label": word["label"], "how": word["how"], "url": url}]


def _receipt(scene: Scene) -> dict[str, Any]:
    done = scene.cause.decision.done if scene.cause.decision else ()
    told = _words(scene)["done"]
    return {"done": [told[one.key].format(value=one.value) for one in done]}


def _help(scene: Scene) -> dict[str, Any]:
    agent = scene.cause.facts.agent
    told = _words(scene)["commands"]
    may = [command for command in COMMANDS if agent is None or agent.role in command.may]
    return {"commands": [told[command.name] for command in may]}


def _late(scene: Scene) -> dict[str, Any]:
    facts, message = scene.cause.facts, scene.cause.message
    return {
        "other": facts.answered_since,
        "text": message.parts.own,
        "subject": facts.ticket.subject if facts.ticket else message.subject,
        "tag": scene.office.settings.desk.tag.format(number=facts.ticket.number) if facts.ticket else "",
    }


def _words(scene: Scene) -> dict[str, Any]:
    return scene.office.renderer.words(scene.recipient.language)


PROVIDERS: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "commands-returned": _returned,
    "receipt": _receipt,
    "help": _help,
    "late-answer": _late,
    "assigned": assigned_values,
    "list": list_values,
    "meeting": meeting_values,
    "meeting-cancelled": meeting_values,
    "meeting-reply": reply_values,
}
