"""The first hour as a newcomer has it: a Debian 12 with Python, make and git alone, a clone, `make demo`, `make test`.

    python3 -m tests.fresh                      # make fresh: all of it, as root, with debootstrap
    python3 -m tests.fresh tests/cli -k readme  # only so much of the tests
    python3 -m tests.fresh --whole              # .ci/run: with the servers that tests use beside Python

What is committed is cloned, nothing else. MIRROR names another source of Debian's packages than the machine's own.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.docker import debian

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> int:
    whole = "--whole" in arguments
    rest = shlex.join(one for one in arguments if one != "--whole")
    with tempfile.TemporaryDirectory(prefix="mailgate-fresh-") as folder:
        root, began = Path(folder) / "root", time.monotonic()
        try:
            debian.make(root, "make", "git", mirror=os.environ.get("MIRROR", ""))
        except debian.NoDebian as error:
            print(f"no fresh Debian can be made: {error}")
            return os.EX_UNAVAILABLE
        subprocess.run(["git", "-C", ROOT, "bundle", "create", "-q", root / "root/repository", "HEAD"], check=True)
        for command in (
            "git clone -q /root/repository /root/mailgate",
            "cd /root/mailgate && make demo ARGS=--once",
            "cd /root/mailgate && .ci/run" if whole else f"cd /root/mailgate && make test ARGS={shlex.quote(rest)}",
        ):
            print(f"── {time.monotonic() - began:.0f} s: {command}", flush=True)
            try:
                debian.run(root, ["sh", "-ec", command])
            except subprocess.CalledProcessError as error:
                print(f"── {time.monotonic() - began:.0f} s: it failed with {error.returncode}")
                return 1
        print(f"── {time.monotonic() - began:.0f} s: all of it passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
