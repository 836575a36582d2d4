"""``python -m tests.servers.accepting FOLDER``: our SMTP port over the SQLite store in FOLDER, to be killed or traced.

Prints the port when it listens, and takes mail until its stdin is closed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.servers.listener import Listening


def main() -> None:
    with Listening(Path(sys.argv[1]), max_connections_per_peer=100) as port:
        print(port.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
