"""The machine words of an attack set: questions put to the desk after a mail on what changed, what left, what is kept.

A check gives "" when it holds, else a sentence on what is wrong.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailgate.mail.parse import understand
from mailgate.store.models import Blob, Comment, File, Intake, Outgoing, Participant, Ticket

ALERTS = {"notice-held"}  # to the agents, about a mail that waits for their word: an alert, not an effect of the mail
WANTED_HEADERS = {
    "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "auto-submitted",
    "x-auto-response-suppress", "precedence", "content-language", "x-mailgate-loop", "list-unsubscribe",
    "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip
RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
ACTIVE = re.compile(
    r"<(?:script|form|iframe|frame|object|embed|meta|base|link|svg|math|style)\b|\son\w+\s*=|"
    r"(?:src|background|srcset|poster)\s*=\s*[\"']?\s*(?:https?:|//|data:|file:|\\\\)|"
    r"position\s*:\s*(?:fixed|absolute)|javascript:|vbscript:",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Snapshot:
    """Everything a mail may change, before or after it."""

    tickets: dict[int, tuple[Any, ...]]
    letters: frozenset[int]
    outcomes: tuple[str, ...]
    files: frozenset[str]
    blob_bytes: int


@dataclass(frozen=True)
class Scene:
    """One mail's passage: what was before, what is after, and how it went."""

    raw: bytes
    row: Intake | None  # None when it was refused
    before: Snapshot
    after: Snapshot
    again: Snapshot | None  # after the same mail was delivered once more
    seconds: float
    megabytes: float
    log: str
    control_ok: bool
    connections: tuple[str, ...]

    @property
    def letters(self) -> list[Outgoing]:
        new = self.after.letters - self.before.letters
        rows = Outgoing.select().where(Outgoing.id.in_(list(new))).order_by(Outgoing.id)
        return [row for row in rows if row.letter not in ALERTS]

    @property
    def comments(self) -> list[Comment]:
        return list(Comment.select().where(Comment.intake == self.row.id)) if self.row else []


def snapshot(folder: Path) -> Snapshot:
    return Snapshot(
        tickets={row.id: _state_of(row) for row in Ticket.select()},
        letters=frozenset(row.id for row in Outgoing.select(Outgoing.id)),
        outcomes=tuple(row.outcome for row in Intake.select().order_by(Intake.id)),
        files=frozenset(str(path) for path in folder.rglob("*") if "letters" not in path.parts),
        blob_bytes=sum(row.size for row in Blob.select(Blob.size)),
    )


def _state_of(row: Ticket) -> tuple[Any, ...]:
    comments = tuple(c.id for c in row.comments.order_by(Comment.id))
    people = tuple(p.address for p in Participant.select().where(Participant.ticket == row.id))
    return (row.status, row.agent_id, row.category, row.urgent, people, comments)


def words_of(letter: Outgoing) -> str:
    """Everything a letter says: decoded headers and bodies."""
    mail = email.message_from_bytes(bytes(letter.raw), policy=email.policy.default)
    said = [f"{name}: {value}" for name, value in mail.items()]
    said += [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join(said)


def no_outgoing(scene: Scene) -> str:
    return f"letters left: {[(row.letter, row.recipient) for row in scene.letters]}" if scene.letters else ""


def no_outgoing_to(scene: Scene, address: str) -> str:
    reached = [row.letter for row in scene.letters if address in row.recipient or _is_addressed(row, address)]
    return f"{address} was reached by {reached}" if reached else ""


def _is_addressed(row: Outgoing, address: str) -> bool:
    mail = email.message_from_bytes(bytes(row.raw), policy=email.policy.default)
    return any(address in str(mail.get(name, "")).lower() for name in ("To", "Cc", "Bcc"))


def outgoing_max(scene: Scene, most: int) -> str:
    told = [(row.letter, row.recipient) for row in scene.letters]
    return f"{len(told)} letters left: {told}" if len(told) > most else ""


def ticket_unchanged(scene: Scene, number: int) -> str:
    before, after = scene.before.tickets.get(number), scene.after.tickets.get(number)
    return "" if before == after else f"ticket {number} went from {before} to {after}"


def no_command(scene: Scene) -> str:
    for number, before in scene.before.tickets.items():
        after = scene.after.tickets[number]
        opened = before[0] != after[0] and after[0] in ("solved", "closed")
        if opened or before[1:5] != after[1:5]:
            return f"ticket {number} went from {before} to {after}"
    return ""


def no_new_ticket(scene: Scene) -> str:
    return tickets_max(scene, 0)


def tickets_max(scene: Scene, most: int) -> str:
    new = set(scene.after.tickets) - set(scene.before.tickets)
    return f"{len(new)} new tickets" if len(new) > most else ""


def text_absent(scene: Scene, words: str) -> str:
    shown = [c.text + c.html + c.quote for c in scene.comments] + [words_of(row) for row in scene.letters]
    return f"{words!r} is shown" if any(words in text for text in shown) else ""


def text_present(scene: Scene, words: str) -> str:
    """In the ticket; or, of a mail that waits for a person, in what that person is shown."""
    subjects = [c.ticket.subject for c in scene.comments]
    shown = [c.text + c.quote + c.signature for c in scene.comments] + subjects
    if scene.row is not None and scene.row.outcome == "held":
        message = understand(scene.raw)
        shown += [message.text, message.subject]
    return "" if any(words in text for text in shown) or words in " ".join(shown) else _parts_present(shown, words)


def _parts_present(shown: list[str], words: str) -> str:
    """A subject and a body word told together are looked for one by one."""
    missing = [word for word in words.split() if not any(word in text for text in shown)]
    return f"{missing} cannot be read in the ticket" if missing else ""


def outgoing_text_absent(scene: Scene, words: str) -> str:
    return f"{words!r} left in a letter" if any(words in words_of(row) for row in scene.letters) else ""


def outgoing_headers_clean(scene: Scene) -> str:
    for row in scene.letters:
        raw = bytes(row.raw)
        head = raw.partition(b"\r\n\r\n")[0]
        names = [name.lower() for name in email.message_from_bytes(head + b"\r\n\r\n")]
        if set(names) - WANTED_HEADERS or len(names) != len(set(names)):
            return f"headers {names}"
        if re.search(rb"\r(?!\n)|(?<!\r)\n", raw) or max(map(len, raw.split(b"\r\n"))) > 998:
            return "a bare line break, or a line over 998 octets"
    return ""


def html_inert(scene: Scene) -> str:
    shown = [c.html for c in scene.comments]
    for row in scene.letters:
        mail = email.message_from_bytes(bytes(row.raw), policy=email.policy.default)
        shown += [p.get_content() for p in mail.walk() if p.get_content_type() == "text/html"]
    ours = re.compile(r"<meta [^>]*>|<style data-css-inline.*?</style>", re.DOTALL)
    found = [match[0] for html in shown if (match := ACTIVE.search(ours.sub("", html)))]
    return f"active HTML: {found}" if found else ""


def no_network(scene: Scene) -> str:
    return f"connections: {scene.connections}" if scene.connections else ""


def no_file_outside_store(scene: Scene) -> str:
    new = {path for path in scene.after.files - scene.before.files if not path.endswith(("-wal", "-shm", "-journal"))}
    return f"files appeared: {sorted(new)}" if new else ""


def attachment_name_safe(scene: Scene) -> str:
    for row in File.select().where(File.comment.in_([c.id for c in scene.comments])):
        name = row.name
        unsafe = (
            re.search(r"[/\\:\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]", name)
            or name.startswith((".", "-", " "))
            or name.split(".")[0].strip().lower() in RESERVED
            or not 0 < len(name) <= 150
        )
        if unsafe:
            return f"the name {name!r}"
    return ""


def attachment_kept(scene: Scene, name: str) -> str:
    for row in File.select().where(File.comment.in_([c.id for c in scene.comments]), File.name == name):
        if Blob.select().where(Blob.digest == row.digest).exists():
            return ""
    return f"{name} is not kept"


def not_unpacked(scene: Scene) -> str:
    grown = scene.after.blob_bytes - scene.before.blob_bytes
    return f"{grown} octets were written for a mail of {len(scene.raw)}" if grown > 3 * len(scene.raw) + 10_000 else ""


def survive(scene: Scene, seconds: float, megabytes: float) -> str:
    if scene.seconds > seconds + 1:  # polling and a shared machine
        return f"it took {scene.seconds:.1f} s"
    return f"it took {scene.megabytes:.0f} MB" if scene.megabytes > megabytes else ""


def next_mail_ok(scene: Scene) -> str:
    return "" if scene.control_ok else "the mail after it was not handled"


def raw_kept(scene: Scene) -> str:
    if scene.row is None:
        return "it was refused"
    kept = bytes(Blob.get(Blob.digest == scene.row.digest).data)
    return "" if _same(kept, scene.raw) else "the octets differ"


def _same(kept: bytes, sent: bytes) -> bool:
    """IMAP servers give line breaks back as CRLF, SMTP ends the last line; nothing else may differ."""
    sent = (
        sent.replace(b"\0", b"\x80") if b"\0" not in kept else sent
    )  # what Dovecot keeps of a NUL (RFC 3501 has none)
    alike = re.sub(rb"\r?\n", b"\n", kept), re.sub(rb"\r?\n", b"\n", sent)
    return kept == sent or alike[0] == alike[1] or alike[0] == alike[1] + b"\n"


def idempotent(scene: Scene) -> str:
    if scene.again is None:
        return "it was not delivered again"
    same = scene.again.tickets == scene.after.tickets and scene.again.letters == scene.after.letters
    return "" if same else "delivering it again changed something"


def log_one_line(scene: Scene) -> str:
    for line in scene.log.splitlines():
        try:
            json.loads(line)
        except ValueError:
            return f"a line of the log is not ours: {line[:120]!r}"
    return ""


CHECKS: dict[str, Callable[..., str]] = {
    check.__name__: check
    for check in (
        no_outgoing, no_outgoing_to, outgoing_max, ticket_unchanged, no_command, no_new_ticket, tickets_max,
        text_absent, text_present, outgoing_text_absent, outgoing_headers_clean, html_inert, no_network,
        no_file_outside_store,
        attachment_name_safe, attachment_kept, not_unpacked, survive, next_mail_ok, raw_kept, idempotent, log_one_line,
    )
}  # fmt: skip


def _gets_exactly_one(scene: Scene, address: str, words: str) -> str:
    got = [row.letter for row in scene.letters if row.recipient == address and words in words_of(row)]
    return "" if len(got) == 1 else f"{address} got {len(got)} letters with {words!r}: {got}"


def _client_gets_the_text(scene: Scene, address: str) -> str:
    own = scene.comments[0].text.splitlines()[0] if scene.comments else "(nothing)"
    return _gets_exactly_one(scene, address, own)


def _is_closed(scene: Scene, number: str) -> str:
    state = scene.after.tickets[int(number)][0]
    return "" if state == "closed" else f"ticket {number} is {state}"


def _no_command_in_clients_copy(scene: Scene) -> str:
    told = [words_of(row) for row in scene.letters if row.role == "client"]
    return "a client reads a command" if any(re.search(r"^\s*#\w", text, re.MULTILINE) for text in told) else ""


def _is_acknowledged(scene: Scene) -> str:
    return "" if any(row.letter == "acknowledgement" for row in scene.letters) else "nobody was acknowledged"


def _failure_is_seen(scene: Scene) -> str:
    """A bounce that names no letter of ours is no ticket's; whoever looks at the mail reads what it is."""
    row = scene.row
    return "" if row and row.kind == "bounce" and "bounce" in row.reason else "nothing tells that delivery failed"


def _each_file_is_kept(scene: Scene) -> str:
    kept = File.select().where(File.comment.in_([c.id for c in scene.comments])).count()
    return "" if kept == 30 else f"{kept} files are kept"


# Sentences of ``must`` that no word of ``checks`` says; sentences of other sets that are not here are for a reader.
DEMANDS: tuple[tuple[str, Callable[..., str]], ...] = (
    (r"client (\S+) gets exactly one mail with the text", _client_gets_the_text),
    (r"ticket (\d+) is closed", _is_closed),
    (r"the command line is not in the client's copy", _no_command_in_clients_copy),
    (r"the client gets his acknowledgement", _is_acknowledged),
    (r"the agent or operator can see that delivery failed", _failure_is_seen),
    (r"each of the thirty attachments is kept on its own", _each_file_is_kept),
)


def demand(scene: Scene, sentence: str) -> str:
    """What is wrong with a sentence of ``must``, "" when it holds or is not for a machine."""
    for pattern, check in DEMANDS:
        if found := re.fullmatch(pattern, sentence):
            told = check(scene, *found.groups())
            return f"must {sentence!r}: {told}" if told else ""
    return ""
