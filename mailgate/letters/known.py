"""What the letters of one mail have in common: asked for when the first of them needs it, and once. Reads the store.

Belongs to one writing of letters in one transaction; what they tell does not change it. What depends on the reader is
kept by their address.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, cast

from mailgate.desk.facts import AgentFacts, TicketFacts
from mailgate.mail.message import Message
from mailgate.store import briefs, desk_work, news, outbox, people, suggestions
from mailgate.store.suggestions import Proposed

Answer = TypeVar("Answer")


class Known:
    """About one ticket, which may be none, and the mail that is told of.

    ``begins``: a client's mail has just opened the ticket, and nothing was said, sent or agreed on it before.
    """

    def __init__(
        self, ticket: TicketFacts | None, message: Message, intake_id: int | None = None, *, begins: bool = False
    ) -> None:
        self._number = ticket.number if ticket else 0
        self._text = f"{ticket.subject if ticket else ''}\n{message.parts.own}"
        self._intake_id = intake_id
        self._before = self._number and not begins
        self._threads: dict[str, list[str]] = {}
        self._news: dict[str, list[dict[str, Any]]] = {}
        self._answers: dict[Hashable, object] = {}

    def once(self, ask: Callable[..., Answer], *given: Hashable) -> Answer:
        """What ``ask(*given)`` says, which it is asked for the first letter only."""
        if (ask, given) not in self._answers:
            self._answers[ask, given] = ask(*given)
        return cast(Answer, self._answers[ask, given])

    @cached_property
    def agents(self) -> list[AgentFacts]:
        """Everybody who answers tickets."""
        return people.active_agents()

    @cached_property
    def followers(self) -> list[AgentFacts]:
        return desk_work.followers(self._number) if self._before else []

    @cached_property
    def history(self) -> list[dict[str, Any]]:
        """What was said on the ticket before this mail."""
        return briefs.history(self._number, but=self._intake_id) if self._before else []

    @cached_property
    def mobile(self) -> str:
        """The mobile to call about the ticket."""
        return briefs.mobile_of(self._number)

    @cached_property
    def proposed(self) -> list[Proposed]:
        """The published solutions that fit the ticket."""
        return suggestions.proposed(self._number)

    @cached_property
    def answers(self) -> list[Proposed]:
        """What was answered on solved tickets that asked for something like this mail."""
        return suggestions.answers_like(self._number, self._text)

    def thread(self, address: str) -> list[str]:
        """Message-IDs of the ticket's latest letters to one address, oldest first; who sends another adds its own."""
        if address not in self._threads:
            self._threads[address] = outbox.message_ids_sent(self._number, address) if self._before else []
        return self._threads[address]

    def news(self, address: str, now: datetime, most: int) -> list[dict[str, Any]]:
        """The latest news that are fresh, or new to this address."""
        if address not in self._news:
            self._news[address] = news.for_reader(address, now, most, all_of_it=False)
        return self._news[address]
