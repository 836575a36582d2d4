"""Claimed mails, read: the next few are read while those before them are carried out.

Reading takes a process of its own (``reader``), carrying out takes this one; whoever did one after the other would
leave a processor idle half of the time. A claim counts an attempt before anybody reads the mail; what was claimed and
is not handed over is given back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailgate import crash
from mailgate.errors import Temporary
from mailgate.judgement import Desk
from mailgate.mail.message import Message
from mailgate.reader import UnreadableMail
from mailgate.scan import NotScanned
from mailgate.store import intake

LEASE = timedelta(seconds=45)  # longer than mails may take to be read; a vanished worker's mails come back after it
USUAL_SECONDS = 15  # of them for one mail
PATIENCE = timedelta(seconds=15)  # for reading mails before the first of them is carried out
AT_ONCE = 8  # mails in one transaction; more would keep those who accept mail waiting
MOST_DEATHS = 100  # tries of one mail that ended with the whole process: it may be what kills us


@dataclass(frozen=True, slots=True)
class Read:
    """A claimed mail that was read, or why it could not be."""

    claim: intake.Claim
    message: Message | None
    why_not: Exception | None = None


class ReadAhead:
    """The mails that are due, a few at a time: ``with ReadAhead(…) as mails: while read := mails.take(): …``.

    First one, then two, then four: who is killed again and again, or starts on a busy machine, gets something done each
    time, and leaves little undone. Whatever it still has at the end is given back.
    """

    def __init__(self, desk: Desk, clock: Callable[[], datetime], stopping: Callable[[], bool]) -> None:
        self._desk, self._clock, self._stopping = desk, clock, stopping
        self._most = 1  # mails to take
        self._claims: list[intake.Claim] = []  # being read
        self._reading: Future[list[Read]] | None = None
        self._reader = ThreadPoolExecutor(1, "reading")

    def take(self) -> list[Read]:
        """The next of them, none when none is due. Raises Temporary when nothing can be worked on now."""
        if not self._claims:
            self._claims = self._claim()
        reading, self._reading = self._reading, None
        read = reading.result() if reading else self._read(self._claims)
        if read:
            crash.point("worker-read")
        unread, more = self._claims[len(read) :], len(self._claims) == self._most
        self._claims, self._most = [], min(AT_ONCE, 2 * self._most)
        try:
            give_back(unread)  # there was no time for them
            if more and not self._stopping():
                self._begin()
        except BaseException:  # a bug of ours: nobody will carry out what was read
            give_back(one.claim for one in read)
            raise
        return read

    def _begin(self) -> None:
        with contextlib.suppress(Temporary):  # what was read is carried out first, and will meet the same
            self._claims = self._claim()
        if self._claims:
            self._reading = self._reader.submit(self._read, self._claims)

    def _claim(self) -> list[intake.Claim]:
        claims = intake.claim(self._clock(), lease_for(self._desk), self._most)
        if claims:
            crash.point("worker-claimed")
        return claims

    def _read(self, claims: Sequence[intake.Claim]) -> list[Read]:
        return read_all(self._desk, claims, self._clock, self._stopping)

    def __enter__(self) -> ReadAhead:
        return self

    def __exit__(self, *exc: object) -> None:
        self._reader.shutdown()
        give_back(self._claims)


def lease_for(desk: Desk) -> timedelta:
    """What the settings allow beyond the usual is no reason for another worker, or for us, to take a mail again."""
    longer = max(desk.settings.limits.read_seconds - USUAL_SECONDS, 0)
    return LEASE + timedelta(seconds=longer + (desk.settings.clamav.seconds if desk.scan else 0))


def give_back(claims: Iterable[intake.Claim]) -> None:
    """Nothing could be done with these mails, and not for their own sake."""
    for claim in claims:
        with contextlib.suppress(Temporary):  # else its lease ends by itself
            intake.give_back(claim)


def read_all(
    desk: Desk,
    claims: Sequence[intake.Claim],
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
) -> list[Read]:
    """The first of these mails, and as many more as can be read in good time. Touches no store.

    Raises Temporary when no mail can be read now.
    """
    read: list[Read] = []
    until = clock() + PATIENCE
    for claim in claims:
        now = clock()
        if read and (stopping() or now > until):
            break
        try:
            _refuse_deadly(claim)
            read.append(Read(claim, _looked_at(desk, desk.read(claim.raw, claim.envelope), claim, now)))
        except Temporary:
            raise
        except Exception as problem:
            read.append(Read(claim, None, problem))
    return read


def _refuse_deadly(claim: intake.Claim) -> None:
    """Raises UnreadableMail for bytes that are not there any more, and for what may be killing us."""
    if claim.damage:
        raise UnreadableMail(claim.damage)
    if claim.attempt > MOST_DEATHS:
        why = f"whoever worked on it died, {claim.attempt - 1} times; nothing was said of it"
        raise UnreadableMail(why, final=True)


def _looked_at(desk: Desk, message: Message, claim: intake.Claim, now: datetime) -> Message:
    """The mail once its files were scanned. Raises NotScanned to wait for clamd, UnreadableMail for what it found.

    After ``clamav.hold_hours``, or on an agent's word, the words go in and the files are withheld: they are kept.
    """
    if desk.scan is None or not message.attachments:
        return message
    try:
        found = desk.scan(claim.raw)
    except NotScanned:
        if not claim.released_by and now - claim.received_at < timedelta(hours=desk.settings.clamav.hold_hours):
            raise
        unseen = "it was not scanned for viruses"
        files = tuple(replace(file, dangerous=file.dangerous or unseen) for file in message.attachments)
        return replace(message, attachments=files)
    if found:
        raise UnreadableMail(f"clamd found {found} in its files.", final=True)
    return message
