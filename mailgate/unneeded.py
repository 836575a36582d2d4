"""Libraries that others load because they find them installed, though nothing of them is used here.

structlog and peewee try for rich and psycopg when they are imported: a third of a second of processor and 20 MB for a
gateway whose store is SQLite and whose tracebacks are plain.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def left_out(*names: str) -> Iterator[None]:
    """To whoever is imported meanwhile these seem not to be installed; what is loaded already stays."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None there makes ``import`` say that it is absent
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
