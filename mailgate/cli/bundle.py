"""Files of a person, or of a PQRS, written as one ZIP beside whoever asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mailgate.cli.words import say
from mailgate.errors import UsageError


def write_bundle(path: Path, files: Mapping[str, bytes | str]) -> None:
    """A new file that its owner alone reads. Raises UsageError when there is one of that name already, and OSError
    (a full disk) when it cannot be written: then there is none.
    """
    import zipfile

    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise UsageError(say("pqrs.exists", path=path)) from None
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, content in files.items():
                bundle.writestr(name, content)
    except BaseException:
        path.unlink(missing_ok=True)  # half of a person's data is worse than none: it looks whole
        raise
