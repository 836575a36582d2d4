"""Carrying out the effects of a decision, one case each. Everything here runs inside the mail's transaction."""

from __future__ import annotations

from datetime import datetime

from mailgate.desk import effects as do
from mailgate.desk import lifecycle
from mailgate.desk.effects import Effect, Reject, Release
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


def perform(effect: Effect, *, ticket: int | None, actor: str, now: datetime, intake_id: int | None) -> int | None:
    """Do one thing, and leave its line in the audit trail; gives the number of the ticket that it made, if it did."""
    match effect:
        case Release(held, by):
            told = ("released", f"mail {held}") if intake.replay(held, now, released_by=by) else None
        case Reject(held, by):
            told = ("rejected", f"mail {held}") if intake.reject(held, now, by=by) else None
        case do.Publish(what, title, body):
            desk_work.publish(what, title, body, desk_work.category_of(ticket), actor, now)
            told = (f"published-{what}", title)
        case do.SaveCanned(name, body):
            desk_work.save_canned(name, body, actor, now)
            told = ("canned" if body else "canned-forgotten", name)
        case do.Identify(address, name, client_id, licence, waiting):
            identification.identify(address, name, client_id, now)
            for mail in waiting:
                intake.replay(mail, now)
            told = ("identified", f"{address} as a contact of {licence}")
        case do.NoteAsked(address):
            identification.note_asked(address, now)
            told = None
        case do.NoteWrongPapers(address, pair):
            identification.note_wrong(address, pair, now)
            told = ("wrong-papers", address)
        case do.ApproveContact(contact_id, address):
            identification.approve(contact_id)
            told = ("contact-approved", address)
        case do.RefuseContact(contact_id, address):
            identification.refuse(contact_id)
            told = ("contact-refused", address)
        case do.SetMessages(address, wanted):
            (texts.start(address) if wanted else texts.stop(address, now))
            told = ("messages", f"{'wanted' if wanted else 'not wanted'} by {address}")
        case do.Away(agent_id, until):
            desk_work.set_away(agent_id, until)
            told = ("away", until.isoformat() if until else "back")
        case do.HandOver(agent_id, to):
            for number in desk_work.hand_over(agent_id, to):
                why = f"to agent {to}" if to else "to nobody yet"
                tickets.record(number, desk_work.HANDED_OVER, actor=actor, now=now, why=why, intake_id=intake_id)
            told = None
        case do.SetOnCall(agent_ids):
            desk_work.set_on_call(agent_ids)
            told = ("on-call", ", ".join(map(str, agent_ids)) or "as the settings say")
        case do.Divide():
            assert ticket is not None  # checked when the command was read
            made = desk_work.divide(ticket, now)
            tickets.record(ticket, "divided", actor=actor, now=now, why=f"#{made}", intake_id=intake_id)
            tickets.record(made, "ticket", actor=actor, now=now, why=f"out of #{ticket}")
            tickets.record(made, "status", actor=actor, now=now, why=f"{Status.NEW} → {Status.OPEN}")
            return made
        case _:
            assert ticket is not None  # what else there is, is done to a ticket
            told = _on_ticket(effect, ticket, actor, now, intake_id)
    if told:
        tickets.record(ticket, told[0], actor=actor, now=now, why=told[1], intake_id=intake_id)
    return None


def _meeting(
    effect: do.Meet | do.CancelMeeting | do.RecordReply, ticket: int, actor: str, now: datetime
) -> tuple[str, str]:
    planned = meetings.next_one(ticket, now) or meetings.last(ticket)
    match effect:
        case do.Meet(_, starts_at, minutes, text, True) if planned:
            meetings.move(planned, starts_at, minutes, text)
            return "meeting-moved", starts_at.isoformat()
        case do.Meet(agent_id, starts_at, minutes, text):
            meetings.plan(ticket, agent_id, starts_at, minutes, text, now)
            return "meeting", starts_at.isoformat()
        case do.RecordReply(uid, address, answer):
            meetings.record_reply(uid, address, answer, now)
            return "meeting-reply", f"{address}: {answer}"
        case _:
            assert planned is not None  # checked when the command was read
            meetings.cancel(planned)
            return "meeting-cancelled", planned.uid


def _on_ticket(effect: Effect, ticket: int, actor: str, now: datetime, intake_id: int | None) -> tuple[str, str]:
    """Do it; gives the event's name and its words."""
    match effect:
        case do.Assign(agent_id, name):
            desk_work.assign(ticket, agent_id)
            return "assigned", name or "nobody"
        case do.SetCategory(category, why):
            desk_work.change(ticket, category=category)
            return "category", f"{category}, {why}" if why else category
        case do.SetPriority(priority):
            desk_work.change(ticket, priority=priority)
            return "priority", priority
        case do.SetUrgent(urgent):
            desk_work.change(ticket, urgent=urgent)
            return "urgent", "yes" if urgent else "no"
        case do.AddParticipant(address):
            desk_work.add_participant(ticket, address, actor, now)
            return "participant", address
        case do.SetClient(client_id, licence):
            desk_work.set_client(ticket, client_id, now)
            return "client", licence
        case do.RemoveParticipant(address):
            desk_work.remove_participant(ticket, address)
            return "participant-removed", address
        case do.Follow(agent_id, stop):
            desk_work.follow(ticket, agent_id, stop=stop)
            return "unfollowed" if stop else "followed", actor
        case do.RecordService(agent_id, minutes, text):
            desk_work.record_service(ticket, agent_id, minutes, text, now)
            return "service", f"{minutes} min: {text}"
        case do.Meet() | do.CancelMeeting() | do.RecordReply():
            return _meeting(effect, ticket, actor, now)
        case do.Merge(into):
            before = desk_work.merge(ticket, into, now)
            status = lifecycle.after(before, Happening.MERGED)
            if status is not before:
                moved = f"{before} → {status}"
                tickets.record(ticket, "status", actor=actor, now=now, why=moved, intake_id=intake_id)
            return "merged", f"into #{into}"
        case do.Rate(address, stars):
            ticket_file.rate(ticket, address, stars, now)
            return "rated", f"{stars} by {address}"
        case do.SetMobile(mobile):
            desk_work.change(ticket, mobile=mobile)
            return "mobile", mobile
        case do.NoteWrongMobile(said):
            return WRONG_MOBILE, said
        case do.SolutionHelped(solution):
            suggestions.helped(ticket, solution, now)
            return "solution-helped", f"solution {solution}"
        case do.AcceptTariff(address, letter):
            return "tariff-accepted", f"by {address}, in answer to letter {letter}"
        case do.FilePqrs():
            return "pqrs-filed", f"{pqrs.file(ticket, effect, now, intake_id)} {effect.type}"
        case do.ChangePqrsType(kind):
            return "pqrs-type", f"{pqrs.change_type(ticket, effect)} {kind}"
        case do.ExtendPqrs(until, reason):
            return "pqrs-extended", f"{pqrs.extend(ticket, effect, now)} until {until}: {reason}"
        case do.AnswerPqrs():
            return "pqrs-answered", pqrs.answer(ticket, now, intake_id)
        case _:
            raise AssertionError(f"nobody carries out {effect}")
