"""``python -m tests.scores``: our own sets and every set of other people's mail, one table each: the project's figures.

Arguments: names of sets (all when none), ``--show N`` failing cases of each.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tests.scores import own

ROOT = Path(__file__).resolve().parents[2]
SCORERS = ROOT.parent / "shared" / "corpora" / "score"
SETS = {
    "parse": ("score_parse.py", "parse", "--limit-s", "2"),
    "mime": ("score_mime.py", "mime"),
    "quote": ("score_quote.py", "quote"),
    "quote_l10n": ("score_quote.py", "quote", "--cases", "quote_l10n"),
    "forward": ("score_forward.py", "forward"),
    "bounce": ("score_bounce.py", "bounce"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", choices=[*own.SETS, *SETS, []], help="which sets; all when none")
    parser.add_argument("--show", type=int, default=0, help="print this many failing cases of each set")
    arguments = parser.parse_args()
    status = 0
    for name in arguments.sets or own.SETS:
        if name in own.SETS:
            status |= not own.SETS[name](arguments.show)
            print(flush=True)
    others = [name for name in arguments.sets or SETS if name in SETS]
    if not SCORERS.is_dir():
        if others:
            print("no shared corpora beside the repository: other people's mail is not scored")
        return status
    for name in others:
        script, function, *options = SETS[name]
        command = [sys.executable, str(SCORERS / script), "--callable", f"tests.scores.adapters:{function}", *options]
        status |= subprocess.run([*command, "--show", str(arguments.show)], cwd=ROOT, check=False).returncode
        print(flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
