"""A decision: what will happen with a mail, as a value that others carry out, and the words it is made of."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from mailgate.desk.effects import Effect
from mailgate.desk.lifecycle import Happening
from mailgate.desk.lists import Asked


class Outcome(enum.StrEnum):
    """How a mail ended; the words of ``mailgate stats``."""

    TICKET = "ticket"
    COMMENT = "comment"
    ANSWER = "answer"
    NOTE = "note"
    REQUEST = "request"  # a client asked for a letter, and got it
    COMMANDS = "commands"  # an agent's commands, and no words
    RETURNED = "returned"  # given back to the agent: a command of it is wrong
    HELD = "held"
    IDENTIFIED = "identified"  # its sender is known now; what waited for that goes on
    IGNORED = "ignored"
    OWN = "own"  # a letter of ours come back
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


class To(enum.StrEnum):
    """Who a letter is for; the store knows their addresses."""

    REQUESTER = "requester"
    PARTICIPANTS = "participants"  # requester included
    AGENTS = "agents"  # the ticket's agent and who follows it, else the category's group, else everybody of the desk
    GROUP = "group"  # the group of the ticket's category, else everybody of the desk
    FOLLOWERS = "followers"  # the ticket's agent and who follows it, not the author
    ASSIGNEE = "assignee"  # the ticket's agent, not the author
    ON_CALL = "on-call"  # who answers urgent calls, else the agents it concerns
    SENDER = "sender"  # who wrote
    AUTHOR = "author"  # the address that wrote, whoever it is
    CONTACTS = "contacts"  # a few confirmed contacts of the client that the author says to be of
    ASKED = "asked"  # who was asked to approve a contact
    APPROVED = "approved"  # the contact itself
    SUBSTITUTES = "substitutes"  # who takes over the tickets of an agent who goes away
    MANAGEMENT = "management"  # who is copied on a PQRS of its type


class Reason(enum.StrEnum):
    """Why, as a word of the audit trail; letters tell it in the reader's language (``words.toml``, table reasons)."""

    NEW_TICKET = "new-ticket"
    FILED = "filed"  # a PQRS
    FOLLOW_UP = "follow-up"
    ASKED = "asked"  # one of our words: ESTADO
    SOLVED = "solved"  # the client says that it is
    THANKS = "thanks"  # and nothing else
    REOPENED = "reopened"
    REOPENED_OFTEN = "reopened-often"  # within a day: the words are kept, an agent decides
    OTHER_MATTER = "other-matter"  # than the closed ticket that it answers
    TOO_LATE = "too-late"  # to reopen: the ticket was closed long ago
    RATED = "rated"
    REFILED = "refiled"  # under another category, by its client
    ACCEPTED = "accepted"  # the tariff of the urgent service
    PASSED_ON = "passed-on"  # wrote with a letter that we sent to somebody else
    ANSWER = "answer"
    NOTE = "note"
    AUTOMATIC = "automatic"
    OWN = "own"  # a letter of ours come back
    DUPLICATE = "duplicate"  # the same mail came by another road
    COMMANDS = "commands"
    WRONG_COMMAND = "wrong-command"
    STALE = "stale"  # an agent's mail that is too old to be obeyed
    LATE = "late"  # another agent answered since the letter that this one answers
    EMPTY = "empty"  # an answer without words sends nothing
    NO_AUTHOR = "no-author"  # none that can be read, or several
    NOT_THEIRS = "not-theirs"  # the ticket named is not theirs, or does not exist
    NO_SUCH_TICKET = "no-such-ticket"  # said to staff only
    IDENTIFY = "identify"  # unknown sender, who may say whose contact they are
    WRONG_PAPERS = "wrong-papers"  # a licence and a NIT that do not belong together
    IDENTIFIED = "identified"
    CONTACT_APPROVED = "contact-approved"
    CONTACT_REFUSED = "contact-refused"
    DECIDED = "decided"  # somebody else answered that question already
    REPEATED = "repeated"  # the same words of the same sender, for the third time within a day
    BURST = "burst"  # one more mail of somebody who opened many tickets within the hour: joins the last
    POLICY = "policy"  # the client's policy is not active
    UNKNOWN_UNPROVEN = "unknown-unproven"  # unknown sender, and nothing proves the address
    UNPROVEN_STAFF = "unproven-staff"  # the address of one of us, and nothing proves it
    FORGED = "forged"  # the sender's domain disowns the mail
    DISAGREE = "disagree"  # the subject and the reply address name different tickets


@dataclass(frozen=True, slots=True)
class Order:
    """A letter to be written."""

    letter: str  # name of the template
    to: To
    about: str = ""  # what happened, for a letter that tells several things
    on_new: bool = False  # about the ticket that this mail's effects have made out of another


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line of an agent's mail; told in the reader's language (``words.toml``, problems)."""

    key: str
    line: int  # of the mail's own text, from 1
    value: str = ""
    likely: str = ""  # the line as it was probably meant, "" when nothing comes near


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that an agent's command did; told in the reader's language (``words.toml``, done)."""

    key: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What will happen, and why, in words for the audit trail."""

    outcome: Outcome
    reason: Reason
    ticket: int | None = None
    happening: Happening = Happening.NOTED  # what it does to the ticket's state
    letters: tuple[Order, ...] = ()
    effects: tuple[Effect, ...] = ()
    detail: str = ""  # what told, in words, for the audit trail
    again: bool = False  # worked on once more, after what it let in
    linked_to: int | None = None  # the ticket that a new one comes out of
    words: str | None = None  # what is left of the person's words; None: all of them
    problems: tuple[Problem, ...] = ()  # with an agent's commands
    asked: Asked | None = None  # a list, by an agent
    done: tuple[Done, ...] = ()  # for the receipt of an agent's commands
