"""Draws the report: charts as PNG and the whole as PDF, by Typst, in a process of its own with an end to its time.

Typst comes with ``mailgate[report]``: one wheel that draws both from one source, so that the picture in the letter is
the figure in the PDF, in a tenth of the time and size of a plotting library. What goes wrong there, however it goes
wrong, costs the pictures and never the letter.

    python -m mailgate.letters.drawing < work.json > drawn.json
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECONDS = 60
SHARP = 185.0  # dots an inch: twice as fine as a letter shows it
PDF = "pdf"
MISSING = 3  # exit status: Typst is not installed


@dataclass(frozen=True, slots=True)
class Drawn:
    """The finished files by the name of their part; none, and why, when drawing failed."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    problem: str = ""


def draw(source: Path, parts: Sequence[str], data: Mapping[str, Any], *, seconds: float = SECONDS) -> Drawn:
    """Each part as its file: ``pdf``, or the key of a chart as PNG. Never raises."""
    work = json.dumps({"source": str(source), "parts": list(parts), "data": data})
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__], input=work.encode(), capture_output=True, timeout=seconds, check=False
        )
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip().splitlines()
            return Drawn(problem=told[-1] if told else f"the drawing ended with status {done.returncode}")
        files = json.loads(done.stdout)
        return Drawn({name: base64.b64decode(content) for name, content in files.items()})
    except subprocess.TimeoutExpired:
        return Drawn(problem=f"the drawing took longer than {seconds:g} s")
    except (OSError, ValueError) as error:
        return Drawn(problem=f"the drawing failed: {error}")


def main() -> int:
    """The process that draws."""
    try:
        import typst
    except ImportError:
        sys.stderr.write("charts and PDF need mailgate[report] (typst is not installed)\n")
        return MISSING
    work = json.load(sys.stdin)
    data = json.dumps(work["data"])
    compiler, drawn = typst.Compiler(work["source"]), {}
    for part in work["parts"]:
        kind = {"format": "pdf"} if part == PDF else {"format": "png", "ppi": SHARP}
        made = compiler.compile(sys_inputs={"data": data, "part": part}, **kind)
        pages = [made] if isinstance(made, bytes) else made or []
        drawn[part] = base64.b64encode(b"".join(pages)).decode()
    json.dump(drawn, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
