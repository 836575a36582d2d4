"""What shows, on the IMAP server, that a mail is stored: it is moved away, or flagged in place, or nothing does."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Callable, Iterator, Mapping

import structlog
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from mailgate.intake.imap_session import Client, told

STORED = "$MailgateStored"


class Filing(enum.Enum):
    """The way of one folder."""

    MOVED = "moved to done_folder"
    FLAGGED = "keyword $MailgateStored"
    REMEMBERED = "last_uid alone: the folder is read-only or takes no keywords"


def way_of_filing(client: Client, answer: Mapping[bytes, object], done_folder: str) -> Filing:
    """What the answer to SELECT allows."""
    permanent = answer.get(b"PERMANENTFLAGS", ())
    flags = {bytes(flag).lower() for flag in permanent} if isinstance(permanent, tuple) else set()
    if b"READ-WRITE" not in answer:
        return Filing.REMEMBERED
    # What can neither be moved nor stay deleted would be found and copied again, for ever (RFC 9051, 7.1).
    if done_folder and (client.has_capability("MOVE") or not flags or b"\\deleted" in flags):
        return Filing.MOVED
    return Filing.FLAGGED if flags & {b"\\*", STORED.lower().encode()} else Filing.REMEMBERED


def move_to(client: Client, uids: list[int], folder: str, copied: set[int]) -> None:
    """MOVE (RFC 6851), or what it stands for where the server lacks it; makes the folder when it is missing.

    Broken off half way, it leaves a mail in both folders at the worst; ``copied`` remembers those, so that the next try
    makes no second copy.
    """
    if client.has_capability("MOVE"):
        _transfer(client, client.move, uids, folder)
        return
    if missing := [uid for uid in uids if uid not in copied]:
        _transfer(client, client.copy, missing, folder)
        copied.update(missing)
    client.add_flags(uids, [b"\\Deleted"], silent=True)
    copied.difference_update(uids)
    if client.has_capability("UIDPLUS"):  # a plain EXPUNGE would also remove what people deleted
        client.uid_expunge(uids)


def _transfer(client: Client, transfer: Callable[[list[int], str], object], uids: list[int], folder: str) -> None:
    try:
        transfer(uids, folder)
    except IMAPClientAbortError:
        raise
    except IMAPClientError:  # [TRYCREATE], or a server that does not say so
        with contextlib.suppress(IMAPClientError):
            client.create_folder(folder)
        transfer(uids, folder)


@contextlib.contextmanager
def a_no_is_no_trouble(bound: structlog.stdlib.BoundLogger, event: str) -> Iterator[None]:
    """A server's NO to a flag or a move is told and lived with; a broken connection is not."""
    try:
        yield
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        bound.warning(event, reason=told(error))
