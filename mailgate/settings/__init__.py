"""Every setting, its default, its meaning: one TOML file, ``MAILGATE_…`` over it, embedded defaults under it.

``load`` fails with ``ConfigError``: one line that says where, what, and the nearest right key. Secrets may stand in
files of their own (``…_file``), so that the TOML can be shown to anybody.
"""

from __future__ import annotations

from mailgate.settings.desk import (
    LANGUAGES,
    SMS_EVENTS,
    Categories,
    Desk,
    Language,
    Letters,
    Sms,
    SmsEvent,
    Suggestions,
    Urgent,
)
from mailgate.settings.keeping import Alerts, Keys, Limits, Monitor, Retention, Store
from mailgate.settings.loading import ENVIRONMENT, NOT_SETTINGS, Settings, every_key, load
from mailgate.settings.roads import Clamav, Imap, Relay, Smtp, Verify
from mailgate.settings.section import Addr, Secret, Section, first_line
from mailgate.settings.terms import PQRS_TYPES, WEEKDAYS, Calendar, Plan, Pqrs, PqrsType, Promises, Urgency, Weekday

__all__ = [
    "ENVIRONMENT",
    "LANGUAGES",
    "NOT_SETTINGS",
    "PQRS_TYPES",
    "SMS_EVENTS",
    "WEEKDAYS",
    "Addr",
    "Alerts",
    "Calendar",
    "Categories",
    "Clamav",
    "Desk",
    "Imap",
    "Keys",
    "Language",
    "Letters",
    "Limits",
    "Monitor",
    "Plan",
    "Pqrs",
    "PqrsType",
    "Promises",
    "Relay",
    "Retention",
    "Secret",
    "Section",
    "Settings",
    "Sms",
    "SmsEvent",
    "Smtp",
    "Store",
    "Suggestions",
    "Urgency",
    "Urgent",
    "Verify",
    "Weekday",
    "every_key",
    "first_line",
    "load",
]
