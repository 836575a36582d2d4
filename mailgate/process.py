"""From an accepted mail to all of its effects, committed together: the desk's recipe.

    claim mails (the attempt is counted) → read them → gather facts → weigh → decide → do it → letters → outcome

A mail that cannot be understood, or that a bug of ours trips over, is tried again later and quarantined after
``limits.attempts`` tries, with its error; it never blocks the next one. When the store cannot serve, StoreUnavailable
goes up and the caller waits: nothing is lost, because nothing was committed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from mailgate import crash
from mailgate.ahead import Read, ReadAhead, give_back, read_all
from mailgate.desk import lifecycle
from mailgate.desk.addresses import desk_address
from mailgate.desk.decide import Outcome, Reason
from mailgate.desk.facts import Role, Status
from mailgate.desk.languages import spoken_in
from mailgate.desk.standing import Rank
from mailgate.divided import about_new
from mailgate.errors import Temporary
from mailgate.forwards import Forward, find_originals, open_for_clients
from mailgate.judgement import Desk, Judgement, judge
from mailgate.letters.orders import Cause, write_all
from mailgate.mail.commands_html import say_only
from mailgate.mail.message import Address
from mailgate.mail.subject import strip_prefixes, subject_from
from mailgate.perform import perform
from mailgate.promising import keep_promise
from mailgate.reader import UnreadableMail
from mailgate.scan import NotScanned
from mailgate.store import intake, suggestions, tickets
from mailgate.store.base import transaction

log = structlog.get_logger()

FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=30), timedelta(minutes=30)
SCAN_AGAIN = timedelta(minutes=5)  # while clamd does not answer
WRITTEN = {Outcome.TICKET, Outcome.COMMENT, Outcome.ANSWER, Outcome.NOTE}  # leave a comment on a ticket
MOVING = WRITTEN | {Outcome.COMMANDS}  # may change its state
# Told beside the comment: its author did not simply write it.
REMARKED = {Reason.PASSED_ON, Reason.REPEATED, Reason.REOPENED_OFTEN, Reason.AUTOMATIC}


def run_due(
    desk: Desk,
    clock: Callable[[], datetime],
    *,
    stopping: Callable[[], bool] = lambda: False,
    on_done: Callable[[], None] = lambda: None,
) -> int:
    """Work on the mails that are due, a few at a time, until none is, or we are stopping; gives how many.

    ``on_done`` is called whenever something was committed. Raises Temporary when nothing can be worked on now; the
    mails in hand are given back.
    """
    done = 0
    with ReadAhead(desk, clock, stopping) as mails:
        while not stopping() and (read := mails.take()):
            done += len(_work_on(desk, read, clock))
            on_done()
    return done


def process(desk: Desk, claim: intake.Claim, now: datetime) -> Outcome | None:
    """Take one claimed mail to its outcome; None when it has to be tried again."""
    return _work_on(desk, read_all(desk, [claim], lambda: now), lambda: now)[0].outcome


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of a mail, told in the log when it is committed."""

    outcome: Outcome | None
    told: Mapping[str, object]


def _work_on(desk: Desk, read: list[Read], clock: Callable[[], datetime]) -> list[_Done]:
    """Carry these mails out, all in one transaction: one wait for the disk, and a savepoint for each.

    Raises Temporary, and has given everything back.
    """
    try:
        with transaction():
            done = [_carried_out(desk, one, clock()) for one in read]
            crash.point("worker-inside")
    except Temporary:
        give_back(one.claim for one in read)
        raise
    crash.point("worker-done")
    for one in done:
        if one.told:
            log.info("processed", **one.told)
    return done


def _carried_out(desk: Desk, read: Read, now: datetime) -> _Done:
    """One mail from what was read to its outcome. Whatever goes wrong with it undoes it alone, and sets it aside."""
    claim, message = read.claim, read.message
    if message is None:
        return _Done(_not_read(desk, claim, read.why_not, now), {})
    try:
        with transaction():
            judgement = judge(
                desk,
                message,
                claim.envelope,
                now,
                intake_id=claim.intake_id,
                released_by=claim.released_by,
                received_at=claim.received_at,
            )
            number = _carry_out(desk, judgement, claim, now)
            if judgement.decision.again:
                intake.postpone(claim.intake_id, until=now, reason=_why(judgement), attempt=claim.attempt)
            else:
                _finish(judgement, claim, number, now)
    except Temporary:
        raise
    except intake.Overtaken as overtaken:
        log.warning("processed too slowly", mail=claim.intake_id, attempt=claim.attempt, why=str(overtaken))
        return _Done(None, {})
    except Exception as error:
        log.exception("processing failed", mail=claim.intake_id, attempt=claim.attempt)
        return _Done(_set_aside(desk, claim, now, f"{type(error).__name__}: {error}", final=False), {})
    outcome = judgement.decision.outcome
    told = {"mail": claim.intake_id, "outcome": outcome.value, "ticket": number, "kind": message.kind.value}
    return _Done(outcome, told)


def _not_read(desk: Desk, claim: intake.Claim, why: Exception | None, now: datetime) -> Outcome | None:
    if isinstance(why, NotScanned):
        reason = f"its files wait to be scanned: {why}"
        _end(claim, intake.postpone, until=now + SCAN_AGAIN, reason=reason, untried=True)
        return None
    if isinstance(why, UnreadableMail):
        return _set_aside(desk, claim, now, str(why), final=why.final)
    log.error("reading failed", mail=claim.intake_id, attempt=claim.attempt, exc_info=why)
    return _set_aside(desk, claim, now, f"{type(why).__name__}: {why}", final=False)


def _carry_out(desk: Desk, judgement: Judgement, claim: intake.Claim, now: datetime) -> int | None:
    """Do what was decided; gives the ticket's number, None when there is none."""
    decision = judgement.decision
    number, opened = decision.ticket, None
    if decision.words is not None:
        judgement = replace(judgement, message=say_only(judgement.message, decision.words))
    if decision.outcome is Outcome.TICKET and (number := _open_for_clients(desk, judgement, claim, now)):
        return number
    if decision.outcome is Outcome.TICKET:
        opened = _what_it_opens(desk, judgement, claim)
        number = tickets.open_ticket(opened, now)
    if number is not None and decision.outcome in WRITTEN:
        _comment(judgement, number, claim, now, opened)
    if number is not None and decision.outcome is Outcome.TICKET:
        suggestions.propose(number, f"{judgement.message.subject}\n{judgement.message.parts.own}", now)
    if number is not None and decision.outcome in MOVING:
        _move(judgement, number, claim, now)
    actor, made = judgement.standing.address, None
    for effect in decision.effects:
        made = perform(effect, ticket=number, actor=actor, now=now, intake_id=claim.intake_id) or made
    keep_promise(desk.settings, decision, number, now, actor=actor or "-", intake_id=claim.intake_id)
    cause = Cause(
        claim.intake_id,
        judgement.message,
        judgement.facts,
        judgement.standing.evidence,
        decision.reason,
        number,
        decision,
    )
    for on_new, orders in groupby(decision.letters, key=lambda order: order.on_new and made is not None):
        about = about_new(cause, made, desk.office, now) if on_new and made else cause
        write_all(desk.office, list(orders), about, now)
    return number


def _open_for_clients(desk: Desk, judgement: Judgement, claim: intake.Claim, now: datetime) -> int | None:
    """An agent's forward: tickets of those whose mails it carries; None when it carries none."""
    message = judgement.message
    if judgement.standing.rank is not Rank.AGENT or not message.forwarded:
        return None
    originals = find_originals(message, desk.settings.desk.addresses)
    forward = Forward(
        desk.office,
        message,
        judgement.facts,
        judgement.standing.evidence,
        judgement.decision,
        claim.intake_id,
        claim.envelope.recipients,
    )
    return open_for_clients(forward, originals, now) if originals else None


def _what_it_opens(desk: Desk, judgement: Judgement, claim: intake.Claim) -> tickets.NewTicket:
    message, contact = judgement.message, judgement.facts.contact
    requester = message.sender
    assert requester is not None  # a mail without author opens nothing
    addresses = [*claim.envelope.recipients, *(a.address for a in (*message.to, *message.cc))]
    ours = desk.settings.desk.addresses
    theirs = contact if contact and contact.address == requester.address else None
    subject = strip_prefixes(message.subject, desk.settings.desk.tag)
    if judgement.decision.linked_to:  # the old ticket's subject, mostly, and no longer what it is about
        subject = subject_from(message.parts.own)
    return tickets.NewTicket(
        requester=requester.address,
        requester_name=requester.name or (theirs.name if theirs else ""),
        desk_address=desk_address(addresses, ours, desk.settings.desk.address),
        subject=subject or subject_from(message.parts.own),
        language=(theirs.language if theirs else "") or spoken_in(message) or desk.settings.desk.language,
        client_id=theirs.client.id if theirs and theirs.client else None,
        contact_id=theirs.id or None if theirs else None,
        linked_to=judgement.decision.linked_to,
    )


def _comment(
    judgement: Judgement, number: int, claim: intake.Claim, now: datetime, opened: tickets.NewTicket | None
) -> None:
    message, decision = judgement.message, judgement.decision
    sender = message.sender or Address("", claim.envelope.sender)
    tickets.add_comment(
        tickets.NewComment(
            ticket=number,
            author=sender.address,
            author_name=sender.name,
            role=_role(judgement),
            public=decision.outcome is not Outcome.NOTE,
            parts=message.parts,
            html=message.own_html,
            remark=decision.reason.value if decision.reason in REMARKED else "",
            message_id=message.message_id,
            attachments=message.attachments,
            intake_id=claim.intake_id,
            opens=opened,
        ),
        now,
    )


def _role(judgement: Judgement) -> Role:
    rank, agent = judgement.standing.rank, judgement.facts.agent
    return agent.role if agent and rank in (Rank.AGENT, Rank.MANAGEMENT) else Role.CLIENT


def _move(judgement: Judgement, number: int, claim: intake.Claim, now: datetime) -> None:
    decision = judgement.decision
    ticket = judgement.facts.burst if decision.reason is Reason.BURST else judgement.facts.ticket
    before = ticket.status if ticket and ticket.number == number else Status.NEW
    status = lifecycle.after(before, decision.happening)
    tickets.set_status(number, status, now)
    if decision.outcome is Outcome.ANSWER and judgement.facts.agent:
        tickets.answered(number, judgement.facts.agent.id, now)
    actor = judgement.standing.address or "-"
    why = _why(judgement)
    tickets.record(number, decision.outcome.value, actor=actor, now=now, why=why, intake_id=claim.intake_id)
    if status is not before:
        moved = f"{before} → {status}"
        tickets.record(number, "status", actor=actor, now=now, why=moved, intake_id=claim.intake_id)


def _finish(judgement: Judgement, claim: intake.Claim, number: int | None, now: datetime) -> None:
    message, decision = judgement.message, judgement.decision
    states = {Outcome.HELD: intake.HELD, Outcome.QUARANTINED: intake.QUARANTINED}
    known_by = message.content_digest if message.message_id and decision.outcome is not Outcome.DUPLICATE else None
    intake.finish(
        claim.intake_id,
        state=states.get(decision.outcome, intake.DONE),
        outcome=decision.outcome.value,
        reason=_why(judgement),
        now=now,
        attempt=claim.attempt,
        known=intake.Known(
            author=(message.sender.address if message.sender else "")[:320],
            subject=message.subject,
            message_id=message.message_id,
            kind=message.kind.value,
            ticket=number,
            content_digest=known_by,
        ),
    )


def _why(judgement: Judgement) -> str:
    decision = judgement.decision
    told = f"{decision.reason} ({decision.detail})" if decision.detail else decision.reason.value
    return f"{told}; {judgement.standing}"


def _set_aside(desk: Desk, claim: intake.Claim, now: datetime, reason: str, *, final: bool) -> Outcome | None:
    """Try again later, or quarantine: what cannot be understood waits for a person, whole."""
    if final or claim.attempt >= desk.settings.limits.attempts:
        outcome = Outcome.QUARANTINED
        _end(claim, intake.finish, state=intake.QUARANTINED, outcome=outcome.value, reason=reason, now=now)
        log.warning("quarantined", mail=claim.intake_id, reason=reason)
        return outcome
    _end(claim, intake.postpone, until=now + min(FIRST_RETRY * 2 ** (claim.attempt - 1), LONGEST_RETRY), reason=reason)
    return None


def _end(claim: intake.Claim, verb: Callable[..., None], **what: object) -> None:
    try:
        verb(claim.intake_id, attempt=claim.attempt, **what)
    except intake.Overtaken as overtaken:
        log.warning("processed too slowly", mail=claim.intake_id, attempt=claim.attempt, why=str(overtaken))
