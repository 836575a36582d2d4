"""A small IMAP server that keeps to the protocol until a test tells it how to break it.

``server.once("IDLE", misdeed)`` (or ``always``) comes before a command's answer. A misdeed gets the session, the tag
and the arguments; it may send what it likes, ends the connection by raising ``HangUp``, and returns True to let the
command be answered as usual after all.
"""

from __future__ import annotations

import base64
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable

CAPABILITIES = ("IMAP4rev1", "AUTH=PLAIN", "AUTH=XOAUTH2", "IDLE", "MOVE", "UIDPLUS")


class HangUp(Exception):
    """End this connection."""


class Session:
    """One client's connection."""

    def __init__(self, server: Unruly, connection: socket.socket) -> None:
        self.server, self.connection, self.lines = server, connection, connection.makefile("rb")
        self.newest = 0  # the mail in INBOX that it was told of last

    def say(self, text: str | bytes) -> None:
        self.connection.sendall((text.encode() if isinstance(text, str) else text) + b"\r\n")

    def read(self) -> str:
        line = self.lines.readline()
        if not line:
            raise HangUp
        return line.decode().rstrip("\r\n")

    def stay_silent(self) -> None:
        """Until the client goes away."""
        while self.lines.read(1):
            pass
        raise HangUp


Misdeed = Callable[[Session, str, str], "bool | None"]


class Unruly:
    """``with Unruly(mails) as server``: server.port; server.folders, name -> {uid: raw}; server.heard, all commands."""

    def __init__(self, mails: list[bytes] = [], capabilities: tuple[str, ...] = CAPABILITIES) -> None:  # noqa: B006
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": dict(enumerate(mails, 1))}
        self.flags: dict[int, set[str]] = {}  # of INBOX
        self.capabilities = capabilities
        self.uidvalidity = 7
        self.read_only = False
        self.keywords = True
        self.heard: list[str] = []
        self.logins: list[bytes] = []
        self._misdeeds: dict[str, tuple[int, Misdeed]] = {}
        self._idlers: list[Session] = []
        self._lock = threading.RLock()
        self._sessions: list[Session] = []

    def __enter__(self) -> Unruly:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.hang_up_all()

    # What tests say

    def once(self, command: str, misdeed: Misdeed, times: int = 1) -> None:
        self._misdeeds[command] = (times, misdeed)

    def always(self, command: str, misdeed: Misdeed) -> None:
        self.once(command, misdeed, 10**9)

    def deliver(self, raw: bytes) -> int:
        """A new mail in INBOX, told to whoever idles."""
        with self._lock:
            uid = max(self.folders["INBOX"], default=0) + 1
            self.folders["INBOX"][uid] = raw
            for session in self._idlers:
                self._tell_new(session)
            return uid

    def _tell_new(self, session: Session) -> None:
        """What came since it was told; what comes before it idles, too."""
        newest = max(self.folders["INBOX"], default=0)
        if newest > session.newest:
            session.newest = newest
            session.say(f"* {len(self.folders['INBOX'])} EXISTS")

    def hang_up_all(self) -> None:
        for session in list(self._sessions):
            try:
                session.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def times(self) -> Counter[str]:
        """How often each command was heard."""
        return Counter(self.heard)

    # The protocol

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[Session(self, connection)], daemon=True).start()

    def _serve(self, session: Session) -> None:
        self._sessions.append(session)
        try:
            session.say("* OK ready")
            while True:
                self._answer(session, session.read())
        except (HangUp, OSError, ValueError):
            pass
        finally:
            self._sessions.remove(session)
            session.lines.close()
            session.connection.close()

    def _answer(self, session: Session, line: str) -> None:
        tag, _, rest = line.partition(" ")
        command, _, arguments = rest.removeprefix("UID ").partition(" ")
        command = command.upper()
        if command == "FETCH":
            command = "FETCH-BODY" if "BODY" in arguments else "FETCH-SIZE"
        self.heard.append(command)
        left, misdeed = self._misdeeds.get(command, (0, None))
        if misdeed is not None and left > 0:
            self._misdeeds[command] = (left - 1, misdeed)
            if not misdeed(session, tag, arguments):
                return
        with self._lock:
            handler = getattr(self, "_" + command.lower().replace("-", "_"))
        handler(session, tag, arguments)

    def _capability(self, session: Session, tag: str, _: str) -> None:
        session.say(f"* CAPABILITY {' '.join(self.capabilities)}")
        session.say(f"{tag} OK done")

    def _authenticate(self, session: Session, tag: str, _: str) -> None:
        session.say("+ ")
        self.logins.append(base64.b64decode(session.read()))
        session.say(f"{tag} OK welcome")

    def _login(self, session: Session, tag: str, arguments: str) -> None:
        self.logins.append(arguments.encode())
        session.say(f"{tag} OK welcome")

    def _select(self, session: Session, tag: str, arguments: str) -> None:
        name = arguments.strip('"')
        if name not in self.folders:
            session.say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        session.newest = max(self.folders["INBOX"], default=0)
        keywords = " \\*" if self.keywords else ""
        session.say("* FLAGS (\\Seen \\Deleted \\Flagged)")
        session.say(f"* {len(self.folders[name])} EXISTS")
        session.say("* 0 RECENT")
        session.say(f"* OK [PERMANENTFLAGS (\\Seen \\Deleted \\Flagged{keywords})] ok")
        session.say(f"* OK [UIDVALIDITY {self.uidvalidity}] ok")
        session.say(f"{tag} OK [{'READ-ONLY' if self.read_only else 'READ-WRITE'}] done")

    _examine = _select

    def _search(self, session: Session, tag: str, arguments: str) -> None:
        uids = sorted(self.folders["INBOX"])
        for word in re.findall(r"UNKEYWORD (\S+)", arguments):
            uids = [uid for uid in uids if word.strip(")") not in self.flags.get(uid, ())]
        uids = [uid for uid in uids if "\\Deleted" not in self.flags.get(uid, ())]
        if found := re.search(r"(\d+):\*", arguments):
            uids = [uid for uid in uids if uid >= int(found[1])] or uids[-1:]
        session.say("* SEARCH" + "".join(f" {uid}" for uid in uids))
        session.say(f"{tag} OK done")

    def _fetch_size(self, session: Session, tag: str, arguments: str) -> None:
        for uid in self._named(arguments):
            size = len(self.folders["INBOX"][uid])
            session.say(f'* {uid} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE "02-Nov-2026 10:00:00 -0500")')
        session.say(f"{tag} OK done")

    def _fetch_body(self, session: Session, tag: str, arguments: str) -> None:
        for uid in self._named(arguments):
            raw = self.folders["INBOX"][uid]
            session.say(b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)" % (uid, uid, len(raw), raw))
        session.say(f"{tag} OK done")

    def _store(self, session: Session, tag: str, arguments: str) -> None:
        added = re.findall(r"[\\$]\w+", arguments)
        for uid in self._named(arguments):
            self.flags.setdefault(uid, set()).update(added)
        session.say(f"{tag} OK done")

    def _copy(self, session: Session, tag: str, arguments: str, *, remove: bool = False) -> None:
        folder = arguments.partition(" ")[2].strip('"')
        if folder not in self.folders:
            session.say(f"{tag} NO [TRYCREATE] no such folder")
            return
        for uid in self._named(arguments):
            target = self.folders[folder]
            target[max(target, default=0) + 1] = self.folders["INBOX"][uid]
            if remove:
                del self.folders["INBOX"][uid]
        session.say(f"{tag} OK done")

    def _move(self, session: Session, tag: str, arguments: str) -> None:
        self._copy(session, tag, arguments, remove=True)

    def _expunge(self, session: Session, tag: str, arguments: str) -> None:
        for uid in self._named(arguments):
            if "\\Deleted" in self.flags.get(uid, ()):
                del self.folders["INBOX"][uid]
        session.say(f"{tag} OK done")

    def _create(self, session: Session, tag: str, arguments: str) -> None:
        self.folders[arguments.strip('"')] = {}
        session.say(f"{tag} OK done")

    def _idle(self, session: Session, tag: str, _: str) -> None:
        session.say("+ idling")
        with self._lock:
            self._idlers.append(session)
            self._tell_new(session)
        try:
            session.read()
        finally:
            with self._lock:
                self._idlers.remove(session)
        session.say(f"{tag} OK done")

    def _logout(self, session: Session, tag: str, _: str) -> None:
        session.say("* BYE")
        session.say(f"{tag} OK done")
        raise HangUp

    def _named(self, arguments: str) -> list[int]:
        """The existing UIDs of a set such as 1:3,7."""
        wanted: set[int] = set()
        for piece in arguments.split(" ")[0].split(","):
            first, _, last = piece.partition(":")
            wanted |= set(range(int(first), int(last or first) + 1))
        return sorted(wanted & set(self.folders["INBOX"]))
