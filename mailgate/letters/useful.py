"""Noticias and Posibles Soluciones in letters: plain values only.

Clients are told what is published, and nothing that another client wrote or was written. Agents are shown what was
answered on tickets like theirs, too, each with a button whose mail sends it.
"""

from __future__ import annotations

from typing import Any

from mailgate.letters.buttons import mailto
from mailgate.letters.scene import Scene
from mailgate.store import news
from mailgate.store.suggestions import Proposed

MOST_NEWS = 3  # in a letter that is about something else


def for_client(scene: Scene) -> dict[str, Any]:
    """``news`` and ``solutions`` of an acknowledgement."""
    return {"news": _few_news(scene), "solutions": solutions(scene)}


def latest_news(scene: Scene) -> dict[str, Any]:
    """``news`` for who asks for them."""
    return {"news": news.for_reader(scene.recipient.address, scene.now, most=10)}


def remember_news(scene: Scene) -> None:
    """What the acknowledgement told is no longer unread."""
    _mark(scene, _few_news(scene))


def remember_latest(scene: Scene) -> None:
    _mark(scene, latest_news(scene)["news"])


def solutions(scene: Scene) -> list[dict[str, str]]:
    """What fits the ticket, each with the button that closes it: «Esto lo resolvió»."""
    if scene.ticket is None:
        return []
    word = scene.words["buttons"]["helped"]
    return [
        {
            "title": one.title,
            "text": one.text,
            "url": mailto(scene.reply_to, f"{scene.tag} {word['subject']}", word["body"].format(n=one.id)),
            "how": word["how"].format(n=one.id),
        }
        for one in scene.known.proposed
    ]


def for_agents(scene: Scene) -> dict[str, Any]:
    """``solutions``: what is published and fits, then what was answered on solved tickets like this one."""
    if scene.ticket is None:
        return {}
    tag = scene.office.settings.desk.tag
    published = [_to_send(scene, one, f"S{one.id}", one.title) for one in scene.known.proposed]
    answered = [
        _to_send(scene, one, str(one.id), f"{tag.format(number=one.id)} {one.title}") for one in scene.known.answers
    ]
    return {"solutions": [*published, *answered]}


def _to_send(scene: Scene, one: Proposed, name: str, title: str) -> dict[str, str]:
    """The button's mail names what to send: its text, in an answer, would be taken for a quote of this very notice."""
    word = scene.words["buttons"]["send_solution"]
    how = word["how"].format(name=name)
    url = mailto(scene.reply_to, f"{scene.tag} {word['subject']}", word["body"].format(name=name))
    return {"title": title, "text": one.text, "url": url, "how": how}


def _few_news(scene: Scene) -> list[dict[str, Any]]:
    return scene.known.news(scene.recipient.address, scene.now, MOST_NEWS)


def _mark(scene: Scene, told: list[dict[str, Any]]) -> None:
    news.mark_told(scene.recipient.address, [one["id"] for one in told if one["unread"]], scene.now)
