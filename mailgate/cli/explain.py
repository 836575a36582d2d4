"""``mailgate explain``: what mailgate understands of a mail, and what it would do with it; nothing is done.

Works without any store, and then knows nobody; with one, it only reads it. A mail that cannot be understood within the
limits is told as the service would treat it: quarantined, with the reason.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailgate.cli.opening import look_into_desk, now, settings_of
from mailgate.cli.show import clean, emit_json_line, line, note
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.intake.pipe import Found
    from mailgate.judgement import Desk, Judgement
    from mailgate.mail.message import Envelope, Message
    from mailgate.reader import Reader
    from mailgate.settings import Settings

EXAMPLES = examples(
    "mailgate explain mail.eml",
    "mailgate explain --json *.eml | jq .decision",
    "mailgate quarantine show 12 --raw | mailgate explain -",
)
QUARANTINED = "quarantined"
MOST_BYTES = 2**30  # a mail over limits.mail_bytes is explained, too: the reader says what becomes of it


@dataclass(frozen=True, slots=True)
class Explained:
    """One mail explained: ``judgement``, or why there is none."""

    file: str
    judgement: Judgement | None
    reason: str


Explain = Callable[[str, bytes, "Envelope"], Explained]


def explain(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...|-", help=say("explain.files"))],
    to: Annotated[list[str] | None, typer.Option("--to", metavar="ADDRESS", help=say("explain.to"))] = None,
    sender: Annotated[str | None, typer.Option("--from", metavar="ADDRESS", help=say("explain.from"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.errors import MailgateError
    from mailgate.intake.pipe import Ingested, iter_mails

    result = Ingested()
    with explainer(context) as (settings, explain_one):
        for found in iter_mails(files, MOST_BYTES, sys.stdin.buffer):
            if isinstance(found, MailgateError):
                result.failed.append(found)
                note(str(found))
                continue
            told = explain_one(found.name, found.raw, _envelope(found, settings, sender, to or []))
            if as_json:
                emit_json_line(as_values(told))
            else:
                _tell(told)
    raise typer.Exit(result.exit_status)


def as_values(told: Explained) -> dict[str, Any]:
    """A mail explained, as scripts know it; every key is always there."""
    from mailgate.mail.message import Message

    judgement = told.judgement
    message = judgement.message if judgement else Message()
    sender = message.senders[0] if message.senders else None
    forwarded = message.forwarded[0] if message.forwarded else None
    bounce = message.bounce
    return {
        "file": told.file,
        "from": sender.address if sender else "",
        "from_name": sender.name if sender else "",
        "subject": message.subject,
        "kind": message.kind.value if judgement else "",
        "number": judgement.claims.number if judgement else None,
        "text": message.parts.own,
        "html": message.own_html or message.html,
        "quote": message.parts.quote,
        "signature": message.parts.signature,
        "forwarded": {
            "from_address": forwarded.sender.address,
            "from_name": forwarded.sender.name,
            "subject": forwarded.subject,
            "body": forwarded.body,
            "message": forwarded.message,
        } if forwarded else None,
        "bounce": {"recipients": list(bounce.recipients), "status": bounce.status, "action": bounce.action}
        if bounce
        else None,
        "attachments": [
            {"name": a.name, "type": a.type, "size": a.size, "sha256": a.sha256} for a in message.attachments
        ],
        "defects": list(message.defects),
        "standing": judgement.standing.rank.value if judgement else "",
        "evidence": list(judgement.standing.evidence) if judgement else [],
        "decision": judgement.decision.outcome.value if judgement else QUARANTINED,
        "reason": told.reason,
        "ticket": judgement.decision.ticket if judgement else None,
        "letters": [f"{order.letter} → {order.to}" for order in judgement.decision.letters] if judgement else [],
    }  # fmt: skip


def _tell(told: Explained) -> None:
    """The same for a person: what is empty is left out."""
    values = as_values(told)
    line(f"── {clean(told.file)}")
    for label, value in _facts(values):
        if value:
            _field(say(f"explain.{label}"), value)


def _facts(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    name, address = values["from_name"], values["from"]
    forwarded, bounce = values["forwarded"], values["bounce"]
    yield "from-label", f"{name} <{address}>" if name else address or say("explain.nobody")
    yield "subject", values["subject"]
    yield "kind", values["kind"]
    yield "number", f"#{values['number']}" if values["number"] is not None else ""
    yield "text", values["text"]
    yield "quote", _folded(values["quote"])
    yield "signature", values["signature"]
    if forwarded:
        origin = f"{forwarded['from_name']} <{forwarded['from_address']}>".strip()
        yield "forwarded", f"{origin}: {forwarded['subject']}\n{forwarded['body']}"
    if bounce:
        yield "bounce", f"{', '.join(bounce['recipients'])} {bounce['status']} {bounce['action']}"
    yield "attachments", "\n".join(f"{a['name']} · {a['type']} · {a['size']}" for a in values["attachments"])
    yield "defects", "\n".join(values["defects"])
    yield "standing", "\n".join([values["standing"], *values["evidence"]]).strip()
    ticket = f" #{values['ticket']}" if values["ticket"] else ""
    yield "decision", f"{values['decision']}{ticket}: {values['reason']}"
    yield "letters", "\n".join(values["letters"])


def _field(label: str, value: str) -> None:
    first, *rest = clean(value, lines=True).split("\n")
    line(f"{label + ':':<18}{first}")
    for more in rest:
        line(f"{'':<18}{more}".rstrip())


def _folded(quote: str) -> str:
    return say("explain.lines", count=quote.count("\n") + 1) if quote.strip() else ""


@contextlib.contextmanager
def explainer(context: typer.Context) -> Iterator[tuple[Settings, Explain]]:
    """Settings, and what explains one mail: (file, raw, envelope) -> Explained."""
    from mailgate.reader import Reader, UnreadableMail

    settings = settings_of(context)
    reader = Reader(limits=settings.limits, own_addresses=settings.desk.addresses)
    with reader, look_into_desk(context, settings) as missing:
        if missing:
            note(say("explain.no-store", why=missing))
        desk = None if missing else _desk(settings, reader)

        def explain_one(file: str, raw: bytes, envelope: Envelope) -> Explained:
            try:
                message = reader.read(raw, envelope)
            except UnreadableMail as unreadable:
                return Explained(file, None, str(unreadable))
            judged = _judge_alone(settings, message, envelope) if desk is None else _judge(desk, message, envelope)
            detail = f" ({judged.decision.detail})" if judged.decision.detail else ""
            return Explained(file, judged, f"{judged.decision.reason}{detail}")

        yield settings, explain_one


def _envelope(found: Found, settings: Settings, sender: str | None, recipients: Sequence[str]) -> Envelope:
    """The envelope that ``ingest`` would give it."""
    from mailgate.intake.trace import read_trace
    from mailgate.mail.headers import normal_address
    from mailgate.mail.message import Envelope

    told_sender, told_recipients = read_trace(found.raw, settings.desk.addresses)
    if sender is None:
        sender = told_sender or normal_address(found.sender)
    return Envelope(sender, tuple(recipients) or told_recipients)


def _desk(settings: Settings, reader: Reader) -> Desk:
    """A desk that writes nothing: the keys are those that are there."""
    import secrets
    from zoneinfo import ZoneInfo

    from mailgate.judgement import Desk
    from mailgate.letters.orders import Office
    from mailgate.letters.render import Renderer
    from mailgate.store.keys import key_ring
    from mailgate.store.looking import keys_there

    keys = key_ring(settings.keys.file, now()) if settings.keys.file else keys_there()
    renderer = Renderer(zone=ZoneInfo(settings.desk.timezone), directory=settings.letters.directory)
    return Desk(settings, reader.read, Office(settings, renderer, keys, secrets.token_bytes))


def _judge(desk: Desk, message: Message, envelope: Envelope) -> Judgement:
    from mailgate.judgement import judge

    return judge(desk, message, envelope, now())


def _judge_alone(settings: Settings, message: Message, envelope: Envelope) -> Judgement:
    """The same judgement when nothing is known about anybody."""
    from mailgate.desk.claims import find_claims
    from mailgate.desk.decide import decide
    from mailgate.desk.facts import Facts
    from mailgate.desk.standing import weigh
    from mailgate.judgement import Judgement, prove

    claims, facts = find_claims(message, envelope, settings.desk.tag), Facts()
    standing = weigh(message, envelope, claims, facts, prove(message, envelope, settings))
    return Judgement(message, claims, facts, standing, decide(message, claims, facts, standing))
