"""The desk's logo, which travels with each letter: nothing is fetched from anywhere when somebody reads it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mailgate.errors import ConfigError
from mailgate.letters.compose import Enclosure

LARGEST = 30_000  # octets: a letter stays under 60 KB with it
_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}


def read_logo(path: Path | None) -> Enclosure | None:
    """The image as letters carry it, None when there is none. Raises ConfigError when it cannot be one."""
    if path is None:
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"letters.logo: cannot read {path}: {error.strerror}") from error
    kind = next((kind for mark, kind in _KINDS.items() if content.startswith(mark)), "")
    if not kind:
        raise ConfigError(f"letters.logo: {path} is no PNG, JPEG or GIF image")
    if len(content) > LARGEST:
        raise ConfigError(f"letters.logo: {path} has {len(content)} bytes; make it smaller than {LARGEST}")
    name = hashlib.sha256(content).hexdigest()[:16]
    return Enclosure(f"logo.{kind}", f"image/{kind}", content, f"logo-{name}@mailgate", inline=True)
