"""Takes what is new in one IMAP folder: search, sizes, fetch, accept, and only after the commit file it away.

Nothing here relies on ``\\Seen`` or sets it. A mail counts as ours when the store has committed it; whatever ends a
look before it is filed (moved, or flagged) only costs a second fetch, which the intake's digest recognises. A mail that
breaks the connection each time it is fetched is set aside, so that it holds up nobody. Raises what the server and the
network make IMAPClient raise, and Temporary when the store cannot accept; the client is then to be thrown away.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from imapclient.exceptions import IMAPClientReadOnlyError

from mailgate import crash
from mailgate.errors import Temporary
from mailgate.intake.accept import Unstorable
from mailgate.intake.imap_filing import STORED, Filing, a_no_is_no_trouble, move_to, way_of_filing
from mailgate.intake.imap_session import Client, told
from mailgate.intake.trace import read_trace
from mailgate.mail.message import Envelope
from mailgate.settings import Imap
from mailgate.store.base import connection
from mailgate.store.intake import Accepted, Arrival
from mailgate.store.mailboxes import get_position, set_position

GROUP_BYTES = 16 * 2**20  # what one FETCH brings into memory, a single larger mail apart
TRIES = 3  # broken fetches of one mail before it is set aside
ACCEPT_SECONDS = 60.0
MOST_IDLE_SEARCHES = 3  # in a row that find nothing though mail was announced

log = structlog.get_logger(__name__)


@dataclass
class Memory:
    """What this process knows of a folder under its present UIDVALIDITY."""

    uidvalidity: int = 0
    looked_to: int = 0  # highest UID looked at
    stored: set[int] = field(default_factory=set)  # committed, and a full search would still find them
    copied: set[int] = field(default_factory=set)  # are in done_folder, and could not be deleted here
    too_big: set[int] = field(default_factory=set)  # stay where they are
    failures: Counter[int] = field(default_factory=Counter)  # broken fetches of mails not yet taken
    aside: set[int] = field(default_factory=set)  # those of them that wait for a later rescan

    def settled(self) -> int:
        """The UID up to which nothing is left to do."""
        return min(self.looked_to, min(self.failures) - 1) if self.failures else self.looked_to


@dataclass
class Counts:
    """What a mailbox brought since the start."""

    fresh: int = 0
    known: int = 0
    too_big: int = 0
    aside: int = 0


class Folder:
    """One folder of an account, across connections. One thread only."""

    def __init__(
        self,
        name: str,
        account: Imap,
        submit: Callable[[Arrival], Future[Accepted]],
        *,
        most_bytes: int,
        ours: Collection[str],
        now: Callable[[], datetime],
        counts: Counts,
    ) -> None:
        self.name, self._account, self._submit = name, account, submit
        self._most_bytes, self._ours, self._now, self.counts = most_bytes, ours, now, counts
        self._key = f"{account.user}@{account.host}:{account.port}"  # the label may be the same for two
        self._memory = Memory()
        self._filing = Filing.REMEMBERED
        self._log = log.bind(mailbox=account.label, folder=name)

    def open(self, client: Client) -> None:
        """SELECT it and see what the server allows; a new UIDVALIDITY forgets all that was known."""
        try:
            answer = client.select_folder(self.name)
        except IMAPClientReadOnlyError:
            answer = client.select_folder(self.name, readonly=True)
        client.told_of_mail()  # SELECT's own EXISTS is no news
        self._filing = way_of_filing(client, answer, self._account.done_folder)
        uidvalidity = int(answer.get(b"UIDVALIDITY", 0))
        if uidvalidity == self._memory.uidvalidity:
            return
        if self._memory.uidvalidity:
            self._log.warning("imap.uidvalidity", was=self._memory.uidvalidity, now=uidvalidity)
        with connection():
            position = get_position(self._key, self.name, uidvalidity)
        self._memory = Memory(uidvalidity, looked_to=position)

    def look(self, client: Client, *, rescan: bool, stopping: Callable[[], bool]) -> None:
        """Take all that is new, oldest first, until a search finds nothing more. ``open`` first.

        ``rescan`` looks at the whole folder for what is neither filed nor known, instead of what came last.
        """
        found = self._search(client, whole=rescan)
        if rescan:
            for uid in set(self._memory.failures) - found:  # somebody removed it meanwhile
                del self._memory.failures[uid]
        left_behind = found & self._memory.stored
        if left_behind:
            self._file(client, sorted(left_behind))
        idle_searches = 0  # some servers send EXISTS with every answer
        while idle_searches < MOST_IDLE_SEARCHES:
            new = sorted(found - self._memory.stored - self._memory.too_big - self._memory.aside)
            if not new and not client.told_of_mail():
                return
            idle_searches = 0 if new else idle_searches + 1
            for batch in self._batches(new):
                if stopping():
                    return
                self._take(client, batch)
            found = self._search(client, whole=False)

    def retry_aside(self) -> None:
        """Let the next rescan try again what could not be fetched."""
        self._memory.aside.clear()

    def _search(self, client: Client, *, whole: bool) -> set[int]:
        criteria: list[object] = ["UNDELETED"]
        if whole and self._filing is Filing.FLAGGED:
            criteria += ["UNKEYWORD", STORED]
        if whole and self._filing is not Filing.REMEMBERED:
            return set(client.search(criteria))
        floor = self._memory.settled() if whole else self._memory.looked_to
        # "9:*" names the last mail even when its UID is below 9 (RFC 9051, 9, seq-range).
        return {uid for uid in client.search([*criteria, "UID", f"{floor + 1}:*"]) if uid > floor}

    def _batches(self, uids: list[int]) -> Iterator[list[int]]:
        """In order, by the configured count; a mail whose fetch once failed goes alone, at the end."""
        steady = [uid for uid in uids if not self._memory.failures[uid]]
        for start in range(0, len(steady), self._account.batch):
            yield steady[start : start + self._account.batch]
        yield from ([uid] for uid in uids if self._memory.failures[uid])

    def _take(self, client: Client, batch: list[int]) -> None:
        with self._blaming(batch):
            facts = client.fetch(batch, ["RFC822.SIZE", "INTERNALDATE"])
        sizes = {uid: int(facts[uid].get(b"RFC822.SIZE", 0)) for uid in batch if uid in facts}  # others have vanished
        for uid, size in sizes.items():
            if size > self._most_bytes:
                self._leave(client, uid, size)
        failed: list[int] = []
        for group in groups({uid: size for uid, size in sizes.items() if size <= self._most_bytes}, GROUP_BYTES):
            with self._blaming(group):
                fetched = client.fetch(group, ["BODY.PEEK[]"])
            shown = {uid: fetched[uid][b"BODY[]"] for uid in group if b"BODY[]" in fetched.get(uid, {})}
            raws = {uid: raw for uid, raw in shown.items() if raw or not sizes[uid]}
            hollow = [uid for uid in shown if uid not in raws]
            self._blame(hollow, "the server shows nothing of it")
            failed += hollow
            failed += self._accept(client, raws, {uid: facts[uid].get(b"INTERNALDATE") for uid in raws})
        for uid in set(batch).difference(failed):
            del self._memory.failures[uid]
        self._remember(max(batch))

    @contextlib.contextmanager
    def _blaming(self, uids: Iterable[int]) -> Iterator[None]:
        """Count against these mails whatever breaks meanwhile."""
        try:
            yield
        except Exception as error:
            self._blame(uids, told(error))
            raise

    def _blame(self, uids: Iterable[int], reason: str) -> None:
        for uid in uids:
            self._memory.failures[uid] += 1
            if self._memory.failures[uid] >= TRIES:
                self._memory.aside.add(uid)
                self.counts.aside += 1
                self._log.error("imap.set_aside", uid=uid, reason=reason, advice="read it with a mail program")

    def _accept(self, client: Client, raws: Mapping[int, bytes], dates: Mapping[int, object]) -> list[int]:
        """Have them committed, then file them; gives those that the store trips over, which must hold up no other.
        Raises Temporary when it cannot take one now.
        """
        crash.point("imap-fetched")
        waiting: dict[int, Future[Accepted]] = {}
        stored: list[int] = []
        for uid, raw in raws.items():
            if len(raw) > self._most_bytes:  # RFC822.SIZE is a guess on some servers
                self._leave(client, uid, len(raw))
                continue
            sender, recipients = read_trace(raw, self._ours)
            envelope = Envelope(sender, recipients, channel="imap", peer=self._account.label)
            waiting[uid] = self._submit(Arrival(raw, envelope, self._received_at(dates[uid])))
        for uid, future in waiting.items():
            try:
                accepted = future.result(ACCEPT_SECONDS)
            except TimeoutError:
                raise Temporary(f"the store did not accept a mail within {ACCEPT_SECONDS:.0f} s") from None
            except Unstorable as error:
                self._blame([uid], f"it cannot be stored: {told(error)}")
                continue
            self._log.info("accepted", outcome="imap", uid=uid, mail=accepted.intake_id, again=not accepted.fresh)
            self._memory.stored.add(uid)
            stored.append(uid)
            self.counts.fresh += accepted.fresh
            self.counts.known += not accepted.fresh
        if stored:
            crash.point("imap-stored")
            self._file(client, stored)
            crash.point("imap-filed")
        return [uid for uid in waiting if uid not in stored]

    def _received_at(self, internal_date: object) -> datetime:
        """When the mailbox received it, as terms count from there; never later than now."""
        now = self._now()
        return min(internal_date, now) if isinstance(internal_date, datetime) and internal_date.tzinfo else now

    def _leave(self, client: Client, uid: int, size: int) -> None:
        """A mail over the limit stays where it is, with a star for whoever looks into the mailbox."""
        self._memory.too_big.add(uid)
        self.counts.too_big += 1
        self._log.error("imap.too_big", uid=uid, bytes=size, limit=self._most_bytes, advice="raise limits.mail_bytes")
        if self._filing is not Filing.REMEMBERED:
            with a_no_is_no_trouble(self._log, "imap.not_flagged"):
                client.add_flags([uid], [b"\\Flagged"], silent=True)

    def _file(self, client: Client, uids: list[int]) -> None:
        """Move or flag committed mails. A refusal leaves them for the next rescan: they are safe already."""
        if self._filing is Filing.REMEMBERED:
            return
        with a_no_is_no_trouble(self._log, "imap.not_filed"):
            if self._filing is Filing.MOVED:
                move_to(client, uids, self._account.done_folder, self._memory.copied)
            else:
                client.add_flags(uids, [STORED], silent=True)
            self._memory.stored.difference_update(uids)

    def _remember(self, uid: int) -> None:
        self._memory.looked_to = max(self._memory.looked_to, uid)
        settled = self._memory.settled()
        if self._filing is Filing.REMEMBERED:
            self._memory.stored = {uid for uid in self._memory.stored if uid > settled}
        with connection():
            set_position(self._key, self.name, self._memory.uidvalidity, settled)


def groups(sizes: Mapping[int, int], most: int) -> Iterator[list[int]]:
    """Their keys, in order, in groups that together hold ``most`` bytes at the most; a larger one goes alone."""
    group: list[int] = []
    held = 0
    for uid, size in sizes.items():
        if group and held + size > most:
            yield group
            group, held = [], 0
        group.append(uid)
        held += size
    if group:
        yield group
