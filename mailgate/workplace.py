"""What working on mails needs, made from the settings: the desk with its office, templates, keys and scanner."""

from __future__ import annotations

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from mailgate.duties.meaning import require as require_meaning
from mailgate.judgement import Desk, Read
from mailgate.letters.logo import read_logo
from mailgate.letters.orders import Office
from mailgate.letters.render import Renderer
from mailgate.scan import scanner
from mailgate.settings import Settings
from mailgate.store import keys
from mailgate.store.base import connection

log = structlog.get_logger()


def desk_of(settings: Settings, read: Read, now: datetime) -> Desk:
    """Expects an open store. Raises ConfigError when a setting cannot be kept, StoreUnavailable."""
    require_meaning(settings)
    with connection():
        ring = keys.key_ring(settings.keys.file, now)
    renderer = Renderer(
        zone=ZoneInfo(settings.desk.timezone), directory=settings.letters.directory, report=_report_template
    )
    office = Office(settings, renderer, ring, secrets.token_bytes, read_logo(settings.letters.logo))
    return Desk(settings, read, office, scanner(settings.clamav))


def _report_template(name: str, problem: str) -> None:
    log.error("a template of yours cannot be used; ours is", template=name, problem=problem)
