"""``python -m tests.fuzz [libFuzzer options]``: bytes -> Message, guided by coverage (atheris).

Begins with the mails of ``tests/mails`` and the shared attacks. A Message may come out and nothing else; reading
twice gives the same; every string can be stored. A crash is written to a file whose name is printed; make a mail of
``tests/mails/structure`` of it. Stops after ``-max_total_time`` seconds (60 unless given).
"""

from __future__ import annotations

import dataclasses
import logging
import shutil
import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: pip install atheris")

with atheris.instrument_imports(include=["mailgate", "mailparser", "email"]):
    from mailgate.mail.limits import find_broken_limit
    from mailgate.mail.parse import understand, unquote_known
    from mailgate.settings import Limits

TESTS = Path(__file__).resolve().parents[1]
SEEDS = (TESTS / "mails", TESTS.parents[1] / "shared" / "attacks" / "mails")
LIMITS = Limits()


def read(data: bytes) -> None:
    """One input: any exception or broken promise is a find."""
    if find_broken_limit(data, LIMITS):
        understand(data)
        return
    message = understand(data)
    if understand(data) != message:
        raise AssertionError("reading twice gave two messages")
    if any("mistake of mailgate" in defect for defect in message.defects):
        raise AssertionError(message.defects)
    for text in _strings(unquote_known(message, ["hola mundo"])):
        if "\0" in text:
            raise AssertionError("a NUL came through")
        text.encode("utf-8")


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if dataclasses.is_dataclass(value):
        value = tuple(getattr(value, field.name) for field in dataclasses.fields(value))
    return [text for item in value for text in _strings(item)] if isinstance(value, tuple) else []


def main() -> None:
    logging.disable(logging.CRITICAL)  # libraries tell of what they caught themselves
    options = sys.argv[1:]
    if not any(option.startswith("-max_total_time") for option in options):
        options.append("-max_total_time=60")
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(path for folder in SEEDS for path in sorted(folder.rglob("*.eml"))):
            if seed.stat().st_size < 20_000:
                shutil.copy(seed, Path(corpus) / f"{number}.eml")
        atheris.Setup([sys.argv[0], corpus, "-max_len=20000", "-timeout=10", "-rss_limit_mb=1500", *options], read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
