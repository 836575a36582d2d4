"""The few ways things go wrong that are not data.

A bad mail is data (a defect, a verdict); these are for the configuration, the network and bugs. Each carries one line
that says what to do, and the exit status an MTA or a shell understands (sysexits.h).
"""

from __future__ import annotations

import os


class MailgateError(Exception):
    """Something a person has to mend. ``str(error)`` is one line for that person."""

    exit_status = os.EX_SOFTWARE


class ConfigError(MailgateError):
    """A setting that is wrong, unknown or contradicts another."""

    exit_status = os.EX_CONFIG


class UsageError(MailgateError):
    """A command line that asks for what is not there."""

    exit_status = os.EX_USAGE


class InputError(MailgateError):
    """A file that cannot be read as what it should be."""

    exit_status = os.EX_DATAERR


class NotFound(MailgateError):
    """No such ticket, letter, client, file."""

    exit_status = os.EX_NOINPUT


class Temporary(MailgateError):
    """It may go well later: the mail stays where it is and is tried again (75, EX_TEMPFAIL)."""

    exit_status = os.EX_TEMPFAIL


class StoreUnavailable(Temporary):
    """The database cannot be reached, is locked or its disk is full.

    Not ``passing`` when no waiting mends it: the file is no database, the password is wrong.
    """

    def __init__(self, told: str, *, passing: bool = True) -> None:
        super().__init__(told)
        self.passing = passing


class ServiceUnavailable(MailgateError):
    """A port in use, a server that refuses us: the service cannot start."""

    exit_status = os.EX_UNAVAILABLE
