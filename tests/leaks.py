"""What must never be in a letter to a client, looked for in every letter that a story has written."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

from mailgate.desk.commands.plan import BY_NAME
from mailgate.desk.folding import folded
from mailgate.store import outbox
from mailgate.store.models import Agent, Comment, Contact, Outgoing, Ticket

STAFF = ("agent", "supervisor", "management")
NOTICE_WORDS = ("Ficha\n", "Facts\n", "texto le llega al cliente", "reaches the client as a public answer")
SHORTEST = 16  # characters of a line that nobody else writes by accident
SHORTEST_NOTE = 8  # of a note's line that is a leak when it stands in a letter as a line of its own


def find_leaks() -> list[str]:
    """Every leak in the outbox, in words; [] when there is none."""
    agents = [address for (address,) in Agent.select(Agent.address).tuples()]
    return [
        f"{row.letter} to {row.recipient}: {leak}"
        for row in Outgoing.select(Outgoing.id, Outgoing.letter, Outgoing.recipient, Outgoing.ticket).where(
            Outgoing.role == "client"
        )
        if row.recipient not in agents
        for leak in _leaks(row, agents)
    ]


def _leaks(row: Outgoing, agents: list[str]) -> list[str]:
    mail: EmailMessage = email.message_from_bytes(outbox.raw_of(row.id) or b"", policy=email.policy.default)  # type: ignore[assignment]
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    texts = [text if isinstance(text, str) else text.decode("utf-8", "replace") for text in texts]
    everything = "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *texts])
    found = [f"the agent's address {address}" for address in agents if _names(address, everything)]
    found += [f"a notice's words {words!r}" for words in NOTICE_WORDS if words in everything]
    found += [f"the command line {line!r}" for text in texts for line in text.split("\n") if _is_command(line)]
    ticket = Ticket.get_or_none(Ticket.id == row.ticket_id)
    if ticket is not None:
        told = {line.strip() for text in texts for line in text.split("\n")}
        found += [f"words of others {line!r}" for line in _foreign_lines(ticket) if line in everything]
        found += [f"a short note {line!r}" for line in _short_notes(ticket) & told]
        found += [f"another client's address {one}" for one in _other_contacts(ticket, row) if _names(one, everything)]
    return found


def _names(address: str, text: str) -> bool:
    """Whether an address stands in a text by itself: a signed address of the desk may end with the same letters."""
    return re.search(rf"(?<![\w.+-]){re.escape(address)}", text) is not None


def _short_notes(ticket: Ticket) -> set[str]:
    """Short lines that staff wrote inside and nobody in public: a letter with such a line alone gives it away."""
    inside, public = set(), set()
    for comment in Comment.select():
        lines = {line.strip() for line in comment.text.split("\n")}
        (public if comment.public else inside if comment.role in STAFF else public).update(lines)
    return {line for line in inside - public if SHORTEST_NOTE <= len(line) < SHORTEST}


def _other_contacts(ticket: Ticket, row: Outgoing) -> set[str]:
    """Addresses of contacts of other clients who have nothing to do with the ticket."""
    words = "\n".join(comment.text for comment in ticket.comments)
    taking_part = {ticket.requester, row.recipient, *(one.address for one in ticket.participants)}
    others = {
        contact.address
        for contact in Contact.select()
        if contact.client_id is not None and contact.client_id != ticket.client_id
    }
    return {address for address in others - taking_part if address not in words}


def _is_command(line: str) -> bool:
    match = re.match(r"\s*#([^\W_][\w-]*)", line)
    return bool(match and folded(match[1]) in BY_NAME)


def _foreign_lines(ticket: Ticket) -> set[str]:
    """Lines of notes of the staff, and of other people's tickets, that the client of this ticket has not seen."""
    theirs = {other.id for other in Ticket.select() if _is_theirs(other, ticket)}
    own, foreign = {ticket.subject}, set()
    for comment in Comment.select():
        lines = {line.strip() for line in comment.text.split("\n") if len(line.strip()) >= SHORTEST}
        inside = not comment.public and comment.role in STAFF
        (foreign if inside or comment.ticket_id not in theirs else own).update(lines)
    return {line for line in foreign - own if not any(line in seen for seen in own)}


def _is_theirs(other: Ticket, ticket: Ticket) -> bool:
    one_client = ticket.client_id is not None and other.client_id == ticket.client_id
    return one_client or other.requester == ticket.requester
