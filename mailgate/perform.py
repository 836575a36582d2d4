"""Carrying out the effects of a decision, one case each. Everything here runs inside the mail's transaction.

An effect is done to the desk as a whole, to what is known of a person, or to a ticket: to its marks and people, its
meetings, its PQRS.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailgate.desk import effects as do
from mailgate.desk import lifecycle
from mailgate.desk.effects import Effect
from mailgate.desk.facts import Status
from mailgate.desk.lifecycle import Happening
from mailgate.store import (
    desk_work,
    identification,
    intake,
    meetings,
    pqrs,
    suggestions,
    texts,
    ticket_file,
    tickets,
)
from mailgate.store.tickets import WRONG_MOBILE

Told = tuple[str, str]  # the event's name and its words


@dataclass(frozen=True, slots=True)
class _Done:
    """When, by whom, because of which mail."""

    actor: str
    now: datetime
    intake_id: int | None

    def record(self, ticket: int | None, what: str, why: str) -> None:
        tickets.record(ticket, what, actor=self.actor, now=self.now, why=why, intake_id=self.intake_id)


def perform(effect: Effect, *, ticket: int | None, actor: str, now: datetime, intake_id: int | None) -> int | None:
    """Do one thing, and leave its line in the audit trail; gives the number of the ticket that it made, if it did."""
    done = _Done(actor, now, intake_id)
    if isinstance(effect, do.OnDesk):
        told = _on_desk(effect, ticket, done)
    elif isinstance(effect, do.OnPerson):
        told = _on_person(effect, now)
    else:
        assert ticket is not None  # checked when the command was read
        if isinstance(effect, do.Divide):
            return _divide(ticket, done)
        told = _on_ticket(effect, ticket, done)
    if told:
        done.record(ticket, *told)
    return None


def _on_desk(effect: do.OnDesk, ticket: int | None, done: _Done) -> Told | None:
    now, actor = done.now, done.actor
    match effect:
        case do.Release(held, by):
            return ("released", f"mail {held}") if intake.replay(held, now, released_by=by) else None
        case do.Reject(held, by):
            return ("rejected", f"mail {held}") if intake.reject(held, now, by=by) else None
        case do.Publish(what, title, body):
            desk_work.publish(what, title, body, desk_work.category_of(ticket), actor, now)
            return f"published-{what}", title
        case do.SaveCanned(name, body):
            desk_work.save_canned(name, body, actor, now)
            return "canned" if body else "canned-forgotten", name
        case do.Away(agent_id, until):
            desk_work.set_away(agent_id, until)
            return "away", until.isoformat() if until else "back"
        case do.HandOver(agent_id, to):
            for number in desk_work.hand_over(agent_id, to):
                done.record(number, desk_work.HANDED_OVER, f"to agent {to}" if to else "to nobody yet")
            return None
        case do.SetOnCall(agent_ids):
            desk_work.set_on_call(agent_ids)
            return "on-call", ", ".join(map(str, agent_ids)) or "as the settings say"


def _on_person(effect: do.OnPerson, now: datetime) -> Told | None:
    match effect:
        case do.Identify(address, name, client_id, licence, waiting):
            identification.identify(address, name, client_id, now)
            for mail in waiting:
                intake.replay(mail, now)
            return "identified", f"{address} as a contact of {licence}"
        case do.NoteAsked(address):
            identification.note_asked(address, now)
            return None
        case do.NoteWrongPapers(address, pair):
            identification.note_wrong(address, pair, now)
            return "wrong-papers", address
        case do.ApproveContact(contact_id, address):
            identification.approve(contact_id)
            return "contact-approved", address
        case do.RefuseContact(contact_id, address):
            identification.refuse(contact_id)
            return "contact-refused", address
        case do.SetMessages(address, wanted):
            (texts.start(address) if wanted else texts.stop(address, now))
            return "messages", f"{'wanted' if wanted else 'not wanted'} by {address}"


def _divide(ticket: int, done: _Done) -> int:
    made = desk_work.divide(ticket, done.now)
    done.record(ticket, "divided", f"#{made}")
    of_the_desk = _Done(done.actor, done.now, None)  # no mail opened it
    of_the_desk.record(made, "ticket", f"out of #{ticket}")
    of_the_desk.record(made, "status", f"{Status.NEW} → {Status.OPEN}")
    return made


def _on_ticket(effect: Effect, ticket: int, done: _Done) -> Told:
    match effect:
        case do.SetCategory() | do.SetPriority() | do.SetUrgent() | do.SetMobile() | do.NoteWrongMobile():
            return _mark(effect, ticket)
        case do.Meet() | do.CancelMeeting() | do.RecordReply():
            return _meeting(effect, ticket, done)
        case do.FilePqrs() | do.ChangePqrsType() | do.ExtendPqrs() | do.AnswerPqrs():
            return _pqrs(effect, ticket, done)
        case do.Assign() | do.AddParticipant() | do.RemoveParticipant() | do.SetClient() | do.Follow():
            return _people(effect, ticket, done)
        case do.RecordService(agent_id, minutes, text):
            desk_work.record_service(ticket, agent_id, minutes, text, done.now)
            return "service", f"{minutes} min: {text}"
        case do.Merge(into):
            before = desk_work.merge(ticket, into, done.now)
            status = lifecycle.after(before, Happening.MERGED)
            if status is not before:
                done.record(ticket, "status", f"{before} → {status}")
            return "merged", f"into #{into}"
        case do.Rate(address, stars):
            ticket_file.rate(ticket, address, stars, done.now)
            return "rated", f"{stars} by {address}"
        case do.SolutionHelped(solution):
            suggestions.helped(ticket, solution, done.now)
            return "solution-helped", f"solution {solution}"
        case do.AcceptTariff(address, letter):
            return "tariff-accepted", f"by {address}, in answer to letter {letter}"
        case _:
            raise AssertionError(f"nobody carries out {effect}")


def _mark(
    effect: do.SetCategory | do.SetPriority | do.SetUrgent | do.SetMobile | do.NoteWrongMobile, ticket: int
) -> Told:
    match effect:
        case do.SetCategory(category, why):
            desk_work.change(ticket, category=category)
            return "category", f"{category}, {why}" if why else category
        case do.SetPriority(priority):
            desk_work.change(ticket, priority=priority)
            return "priority", priority
        case do.SetUrgent(urgent):
            desk_work.change(ticket, urgent=urgent)
            return "urgent", "yes" if urgent else "no"
        case do.SetMobile(mobile):
            desk_work.change(ticket, mobile=mobile)
            return "mobile", mobile
        case do.NoteWrongMobile(said):
            return WRONG_MOBILE, said


def _people(
    effect: do.Assign | do.AddParticipant | do.RemoveParticipant | do.SetClient | do.Follow, ticket: int, done: _Done
) -> Told:
    match effect:
        case do.Assign(agent_id, name):
            desk_work.assign(ticket, agent_id)
            return "assigned", name or "nobody"
        case do.AddParticipant(address):
            desk_work.add_participant(ticket, address, done.actor, done.now)
            return "participant", address
        case do.RemoveParticipant(address):
            desk_work.remove_participant(ticket, address)
            return "participant-removed", address
        case do.SetClient(client_id, licence):
            desk_work.set_client(ticket, client_id, done.now)
            return "client", licence
        case do.Follow(agent_id, stop):
            desk_work.follow(ticket, agent_id, stop=stop)
            return "unfollowed" if stop else "followed", done.actor


def _meeting(effect: do.Meet | do.CancelMeeting | do.RecordReply, ticket: int, done: _Done) -> Told:
    now = done.now
    planned = meetings.current(ticket, now)
    match effect:
        case do.Meet(_, starts_at, minutes, text, True) if planned:
            meetings.move(planned, starts_at, minutes, text)
            return "meeting-moved", starts_at.isoformat()
        case do.Meet(agent_id, starts_at, minutes, text):
            meetings.plan(ticket, agent_id, starts_at, minutes, text, now)
            return "meeting", starts_at.isoformat()
        case do.RecordReply(uid, address, answer, sequence):
            counts = meetings.record_reply(uid, address, answer, sequence, now)
            return "meeting-reply", f"{address}: {answer}{'' if counts else ', to what is no longer so'}"
        case _:
            assert planned is not None  # checked when the command was read
            meetings.cancel(planned)
            return meetings.CALLED_OFF, planned.uid


def _pqrs(effect: do.FilePqrs | do.ChangePqrsType | do.ExtendPqrs | do.AnswerPqrs, ticket: int, done: _Done) -> Told:
    match effect:
        case do.FilePqrs():
            return "pqrs-filed", f"{pqrs.file(ticket, effect, done.now, done.intake_id)} {effect.type}"
        case do.ChangePqrsType(kind):
            return "pqrs-type", f"{pqrs.change_type(ticket, effect)} {kind}"
        case do.ExtendPqrs(until, reason):
            return "pqrs-extended", f"{pqrs.extend(ticket, effect, done.now)} until {until}: {reason}"
        case do.AnswerPqrs():
            return "pqrs-answered", pqrs.answer(ticket, done.now, done.intake_id)
