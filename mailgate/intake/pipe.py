"""Mails from standard input and from files: one mail, an mbox, a Maildir, a folder of them.

``iter_mails`` only reads and gives each mail or the reason why there is none; ``ingest`` has them accepted. A file that
cannot be read keeps no other from being taken. Exit statuses are sysexits, which an MTA's pipe understands: 65 and 66
return the mail to its sender, 75 has the MTA try again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from mailgate.errors import InputError, MailgateError, NotFound, Temporary
from mailgate.intake.mbox import FROM_LINE, read_mbox, sender_of
from mailgate.intake.trace import read_trace
from mailgate.mail.headers import normal_address
from mailgate.mail.message import Envelope
from mailgate.store.intake import Accepted, Arrival

STDIN = "-"
BATCH_MAILS, BATCH_BYTES = 50, 16 * 2**20  # what shares one transaction
_MBOX_SUFFIXES = {".mbox", ".mbx"}


@dataclass(frozen=True, slots=True)
class Found:
    """One mail as a file holds it."""

    name: str  # path, path#3 for the third of an mbox, - for standard input
    raw: bytes = field(repr=False)
    sender: str = ""  # of a "From " line, "" when there is none


@dataclass
class Ingested:
    """What became of the mails."""

    fresh: int = 0
    known: int = 0
    failed: list[MailgateError] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        """75 when trying again may help; 66 when only missing files went wrong; 65 for what is no mail; else 0."""
        if any(isinstance(error, Temporary) for error in self.failed):
            return os.EX_TEMPFAIL
        if not self.failed:
            return os.EX_OK
        return os.EX_NOINPUT if all(isinstance(error, NotFound) for error in self.failed) else os.EX_DATAERR


def iter_mails(paths: Iterable[str], most_bytes: int, stdin: BinaryIO) -> Iterator[Found | MailgateError]:
    """Every mail under the paths, in order; in the place of what cannot be taken stands the error that names it.

    "-" is one mail on ``stdin``: never split, or a line in its body could begin a second one.
    """
    for path in paths:
        if path == STDIN:
            yield from _one_mail(STDIN, stdin, most_bytes)
        elif Path(path).is_dir():
            yield from _folder(Path(path), most_bytes)
        else:
            yield from _file(Path(path), most_bytes)


def count_bytes(paths: Iterable[str]) -> int:
    """How much there is to read, for a progress bar; what cannot be seen counts nothing."""
    files = (
        file
        for path in paths
        if path != STDIN
        for file in (_files(Path(path), []) if Path(path).is_dir() else [Path(path)])
    )
    total = 0
    for file in files:
        try:
            total += file.stat().st_size
        except OSError:  # told by iter_mails
            continue
    return total


def ingest(
    mails: Iterable[Found | MailgateError],
    accept: Callable[[Sequence[Arrival]], Sequence[Accepted]],
    *,
    now: Callable[[], datetime],
    ours: Collection[str],
    sender: str | None = None,
    recipients: Sequence[str] = (),
    progress: Callable[[str, int], None] = lambda name, size: None,
) -> Ingested:
    """Have the mails accepted (``accept``: store.intake.accept_many), many in a transaction.

    ``sender`` and ``recipients`` are the envelope that an MTA hands over; without them, what the mail itself tells.
    ``progress`` is called with the name and size of each mail once it is committed. Ends early, with a Temporary among
    the failures, when the store cannot serve; what was committed before stays.
    """
    result = Ingested()
    batch: list[tuple[str, Arrival]] = []
    try:
        for mail in mails:
            if isinstance(mail, MailgateError):
                result.failed.append(mail)
                continue
            batch.append((mail.name, Arrival(mail.raw, _envelope(mail, ours, sender, recipients), now())))
            if len(batch) >= BATCH_MAILS or sum(len(arrival.raw) for _, arrival in batch) >= BATCH_BYTES:
                _commit(batch, accept, result, progress)
                batch = []
        _commit(batch, accept, result, progress)
    except Temporary as error:
        result.failed.append(error)
    return result


def _commit(
    batch: Sequence[tuple[str, Arrival]],
    accept: Callable[[Sequence[Arrival]], Sequence[Accepted]],
    result: Ingested,
    progress: Callable[[str, int], None],
) -> None:
    if not batch:
        return
    for (name, arrival), accepted in zip(batch, accept([arrival for _, arrival in batch]), strict=True):
        result.fresh += accepted.fresh
        result.known += not accepted.fresh
        progress(name, len(arrival.raw))


def _envelope(mail: Found, ours: Collection[str], sender: str | None, recipients: Sequence[str]) -> Envelope:
    told_sender, told_recipients = read_trace(mail.raw, ours)
    if sender is None:
        sender = told_sender or mail.sender
    # What is no address is the null path: Postfix hands it over as MAILER-DAEMON.
    given = tuple(normal_address(recipient) or recipient for recipient in recipients)
    return Envelope(normal_address(sender.strip("<> ")), given or told_recipients, channel="pipe")


def _folder(folder: Path, most_bytes: int) -> Iterator[Found | MailgateError]:
    unreadable: list[OSError] = []
    for file in _files(folder, unreadable):
        yield from _file(file, most_bytes)
    for error in unreadable:
        yield InputError(f"cannot read the folder {error.filename}: {error.strerror}")


def _files(folder: Path, unreadable: list[OSError]) -> Iterator[Path]:
    """Files of a folder and the folders in it, sorted; of a Maildir its new and cur, oldest first. No hidden ones."""
    for where, folders, names in os.walk(folder, onerror=unreadable.append):
        here = Path(where)
        if {"new", "cur"} <= set(folders):
            # Maildir names begin with the second of delivery; tmp holds what is not yet delivered.
            mails = [file for part in ("new", "cur") for file in _plain_files(here / part, unreadable)]
            yield from sorted(mails, key=lambda file: file.name)
            # Maildir++ keeps its sub-folders as hidden ones beside new and cur.
            folders[:] = sorted(set(folders) - {"new", "cur", "tmp"})
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files = (here / name for name in sorted(names) if not name.startswith("."))
        # Not a FIFO or a device, which would be waited for; a dangling link is tried, and told.
        yield from (file for file in files if file.is_file() or not file.exists())


def _plain_files(folder: Path, unreadable: list[OSError]) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if not file.name.startswith(".") and file.is_file()]
    except OSError as error:
        unreadable.append(error)
        return []


def _file(path: Path, most_bytes: int) -> Iterator[Found | MailgateError]:
    try:
        with path.open("rb") as file:
            if _is_mbox(path, file):
                yield from _mbox(path, file, most_bytes)
            else:
                yield from _one_mail(str(path), file, most_bytes)
    except FileNotFoundError:
        yield NotFound(f"there is no {path}")
    except OSError as error:
        yield InputError(f"cannot read {path}: {error.strerror or error}")


def _is_mbox(path: Path, file: BinaryIO) -> bool:
    """By its name, or by its first line; an .eml with such a line in front is still one mail."""
    if path.suffix.lower() in _MBOX_SUFFIXES:
        return True
    if path.suffix.lower() == ".eml" or not file.seekable():
        return False
    first = file.readline(1000)
    file.seek(0)
    return FROM_LINE.match(first) is not None


def _mbox(path: Path, file: BinaryIO, most_bytes: int) -> Iterator[Found | MailgateError]:
    """Its whole mails, and after them one error for each fragment.

    A single mail in a file that is not called an mbox is no fragment: mails without their last boundary do exist.
    """
    fragments: list[InputError] = []
    named = path.suffix.lower() in _MBOX_SUFFIXES
    for number, boxed in enumerate(read_mbox(file, most_bytes), 1):
        if boxed.cut and number == 1 and not named:
            yield Found(str(path), boxed.raw, boxed.sender)
        elif boxed.defect:
            fragments.append(InputError(f"{path}: mail {number}, at byte {boxed.at}, {boxed.defect}; it was not taken"))
        else:
            yield Found(f"{path}#{number}", boxed.raw, boxed.sender)
    yield from fragments


def _one_mail(name: str, file: BinaryIO, most_bytes: int) -> Iterator[Found | MailgateError]:
    shown = "standard input" if name == STDIN else name
    raw = file.read(most_bytes + 1)
    if len(raw) > most_bytes:
        yield InputError(f"{shown} is larger than limits.mail_bytes ({most_bytes}); it was not taken")
        return
    first, newline, rest = raw.partition(b"\n")
    from_line = FROM_LINE.match(first + newline)
    if from_line:  # Postfix's pipe writes one with flags=F
        raw = rest
    if not raw.strip():
        yield InputError(f"{shown} is empty: there is no mail in it")
        return
    yield Found(name, raw, sender_of(first + newline) if from_line else "")
