"""The words of the acknowledgement, and of what is said once about a ticket's particulars. Plain values only."""

from __future__ import annotations

from typing import Any

from mailgate.desk import effects as do
from mailgate.letters.scene import Scene


def opening_values(scene: Scene) -> dict[str, Any]:
    """What the acknowledgement tells beside the number."""
    return {"wrong_mobile": _wrong_mobile(scene)}


def mobile_wrong(scene: Scene) -> dict[str, Any]:
    return {"said": _wrong_mobile(scene)}


def _wrong_mobile(scene: Scene) -> str:
    """What was given as a mobile and is none: digits only, whoever wrote it."""
    done = scene.cause.decision.effects if scene.cause.decision else ()
    return next((effect.said for effect in done if isinstance(effect, do.NoteWrongMobile)), "")
