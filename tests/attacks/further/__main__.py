"""Write the set: ``python -m tests.attacks.further FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.attacks.further import write_set

if __name__ == "__main__":
    write_set(Path(sys.argv[1]))
