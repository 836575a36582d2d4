"""The words of letters to agents about their own mails: one provider of values a letter, plain values only."""

from __future__ import annotations

from typing import Any

from mailgate.desk.commands import COMMANDS
from mailgate.desk.decision import Problem
from mailgate.letters.buttons import mailto
from mailgate.letters.said import listed
from mailgate.letters.scene import Scene

LONGEST_BODY = 1500  # characters of a body in a mailto: link that every mail program takes


def returned(scene: Scene) -> dict[str, Any]:
    """The whole text again, the wrong lines marked, each with what was probably meant."""
    decision, words = scene.cause.decision, scene.words
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
        "attachments": listed(scene.cause.message),
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
    return {"done": [told[one.key].format(value=one.value) for one in done]}


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
