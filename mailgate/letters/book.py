"""The book of letters: one row each. A new letter is a row here and its templates, and nothing else.

A row says who supplies the letter's words beside those that every letter has, which buttons it carries, what travels
with it, how it counts against the caps, and whose name it leaves under.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mailgate.letters import (
    agents,
    clients,
    enclosures,
    lists,
    meetings,
    notices,
    opening,
    pqrs,
    said,
    strangers,
    useful,
)
from mailgate.letters.compose import Enclosure
from mailgate.letters.scene import Scene

Teller = Callable[[Scene], dict[str, Any]]  # values for the templates, plain ones
Encloser = Callable[[Scene], tuple[Enclosure, ...]]
Inviter = Callable[[Scene], str]  # a VCALENDAR, "" for none


class Cap(enum.Enum):
    """How a letter to a client counts against what may be sent by itself (``caps``)."""

    FREE = enum.auto()  # a person's words, a notice to agents: never held back
    ASKED = enum.auto()  # the client asked for it: counted by the hour and the day
    UNASKED = enum.auto()  # and not said twice about one ticket within a day
    DAILY = enum.auto()  # and not said twice to one address within a day, whatever the ticket


@dataclass(frozen=True, slots=True)
class Entry:
    """What there is to know of one letter."""

    tells: tuple[Teller, ...] = ()  # later ones go over earlier ones
    buttons: tuple[str, ...] = ()
    once_over: tuple[str, ...] = ()  # the buttons in their place when the ticket is over; () for the same
    encloses: tuple[Encloser, ...] = ()
    invites: Inviter | None = None
    cap: Cap = Cap.FREE
    by_a_person: bool = (
        False  # somebody's own doing: answers to it are welcome, and it does not say that it is automatic
    )
    signed: bool = False  # names the agent who did it, not who has the ticket
    echoes: bool = False  # an agent's own words again: sent back corrected, they are their words and no quote
    remembers: Callable[[Scene], None] | None = None  # what to keep once it is in the outbox
    once: bool = False  # a ticket gets one, whatever crashed in between


_FOLLOW = ("solved", "comment", "status", "pqrs")
_FOLLOW_URGENT = ("solved", "comment", "status", "urgent", "pqrs")
_OVER = ("reopen", "pqrs")
_AT_HAND = ("note", "take", "close", "command-help")  # of what agents command most: on a telephone typing is slow
_NOTICE = (said.words_of_cause, notices.notice_values)
_WITH_FILES = (enclosures.files_of_cause,)
_WITHHELD = enclosures.withheld_values  # a client hears at once what the agents were not given

TO_CLIENTS: Mapping[str, Entry] = {
    "acknowledgement": Entry(
        (opening.opening_values, useful.for_client, _WITHHELD),
        _FOLLOW_URGENT,
        cap=Cap.UNASKED,
        remembers=useful.remember_news,
        once=True,
    ),
    "comment-received": Entry((_WITHHELD,), buttons=_FOLLOW_URGENT, cap=Cap.UNASKED),
    "answer": Entry(
        (said.words_of_agent, clients.survey_if_over),
        _FOLLOW,
        once_over=_OVER,
        encloses=(enclosures.files_of_agent,),
        by_a_person=True,
        signed=True,
    ),
    "closed": Entry((clients.survey,), _OVER, signed=True),
    "merged": Entry((clients.merged,), ("comment", "status")),
    "closed-waiting": Entry((clients.survey,), _OVER),
    "waiting-reminder": Entry(buttons=_FOLLOW),
    "meeting": Entry((meetings.meeting_values,), invites=meetings.invitation, by_a_person=True, signed=True),
    "meeting-cancelled": Entry((meetings.meeting_values,), invites=meetings.invitation, by_a_person=True, signed=True),
}

ASKED_BY_CLIENTS: Mapping[str, Entry] = {
    "category-changed": Entry(buttons=("comment", "status"), cap=Cap.ASKED),
    "messages": Entry((opening.messages_values,), cap=Cap.ASKED),
    "mobile-wrong": Entry((opening.mobile_wrong,), cap=Cap.ASKED),
    "status": Entry(
        (clients.status, opening.whose),
        ("solved", "comment", "urgent", "pqrs"),
        encloses=(clients.whole_file,),
        cap=Cap.ASKED,
    ),
    "my-tickets": Entry((clients.my_tickets,), cap=Cap.ASKED),
    "news": Entry((clients.asked_with, useful.latest_news), cap=Cap.ASKED, remembers=useful.remember_latest),
    "client-help": Entry((clients.asked_with,), cap=Cap.UNASKED),
    "solved": Entry((clients.survey,), _OVER, cap=Cap.ASKED),
    "reopened": Entry((_WITHHELD,), buttons=("comment", "status"), cap=Cap.ASKED),
    "linked": Entry((clients.linked, _WITHHELD), _FOLLOW, cap=Cap.ASKED),
    "urgent-offer": Entry((clients.offer,), cap=Cap.ASKED),
    "urgent-accepted": Entry(buttons=("comment", "status"), cap=Cap.ASKED),
}

TO_STRANGERS: Mapping[str, Entry] = {
    "identify": Entry((strangers.nothing_of_theirs,), cap=Cap.UNASKED),
    "identify-again": Entry((strangers.nothing_of_theirs,), cap=Cap.UNASKED),
    "approve-contact": Entry((strangers.approve,), ("approve", "refuse"), cap=Cap.UNASKED),
    "contact-approved": Entry((strangers.nothing_of_theirs,), cap=Cap.UNASKED),
    "contact-decided": Entry((strangers.decided,), cap=Cap.UNASKED),
    "policy-inactive": Entry((strangers.inactive,), cap=Cap.DAILY),
}

ABOUT_PQRS: Mapping[str, Entry] = {
    "pqrs-acknowledgement": Entry((pqrs.to_petitioner, _WITHHELD), cap=Cap.UNASKED),
    "pqrs-corrected": Entry((pqrs.to_petitioner,), cap=Cap.UNASKED),
    "pqrs-extended": Entry((pqrs.extended,), by_a_person=True),
    "pqrs-notice": Entry((*_NOTICE, pqrs.notice), encloses=(pqrs.original, *_WITH_FILES)),
    "pqrs-report": Entry(),
}

TO_AGENTS: Mapping[str, Entry] = {
    "notice-new": Entry((*_NOTICE, useful.for_agents, notices.offers), _AT_HAND, encloses=_WITH_FILES),
    "notice-comment": Entry((*_NOTICE, useful.for_agents, notices.offers), _AT_HAND, encloses=_WITH_FILES),
    "notice-answer": Entry((*_NOTICE, notices.answered_values), encloses=_WITH_FILES),
    "notice-held": Entry((said.words_of_cause,), ("accept", "reject")),
    "assigned": Entry((*_NOTICE, useful.for_agents, notices.assigned_values), ("note", "close", "command-help")),
    "urgent-alert": Entry(_NOTICE),
    "promise-reminder": Entry((*_NOTICE, notices.reminder_values)),
    "meeting-reply": Entry((*_NOTICE, meetings.reply_values)),
    "commands-returned": Entry((agents.returned,), encloses=_WITH_FILES, echoes=True),
    "late-answer": Entry((agents.late,), ("accept", "reject"), echoes=True),
    "receipt": Entry((agents.receipt,)),
    "help": Entry((agents.help_values,)),
    "list": Entry((lists.list_values,)),
    "canned": Entry((agents.canned,)),
    "files": Entry((enclosures.fetched_values,), encloses=(enclosures.files_asked_for,)),
    "handed-over": Entry((agents.handed_over,)),
    "digest": Entry(),
    "undeliverable": Entry((agents.undeliverable,)),
}

BY_THE_OPERATOR: Mapping[str, Entry] = {
    "guide-client": Entry(by_a_person=True),
    "guide-agent": Entry(by_a_person=True),
}

BOOK: Mapping[str, Entry] = {
    **TO_CLIENTS,
    **ASKED_BY_CLIENTS,
    **TO_STRANGERS,
    **ABOUT_PQRS,
    **TO_AGENTS,
    **BY_THE_OPERATOR,
}
