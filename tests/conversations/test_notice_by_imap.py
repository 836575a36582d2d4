"""Three rows of the notice once more, their mails fetched by IMAP: opening and correcting, state, solved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from imapclient import IMAPClient

from tests.button_mails import gmail_phone, outlook
from tests.conversations.test_notice import (
    House,
    a_ticket_is_sorted_and_corrected,
    at_work,
    it_is_solved_and_taken_back,
    the_state_is_asked_for,
)
from tests.servers import pymap_server
from tests.stories import Smtp


@dataclass
class Mailbox(Smtp):
    """Mails are put into an IMAP mailbox, as an MTA would; letters come from the Maildir."""

    def post(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        with IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=10) as session:
            session.plain_login(pymap_server.USER, pymap_server.PASSWORD)
            trace = f"Return-Path: <{sender}>\r\nDelivered-To: {recipients[0]}\r\n".encode()
            session.append("INBOX", trace + raw)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A desk that fetches its mail from a mailbox."""
    folder = tmp_path_factory.mktemp("notice-imap")
    with pymap_server.Pymap() as server:
        account = (
            f'[{{host="127.0.0.1", port={server.port}, tls="none", user="{pymap_server.USER}", '
            f'password="{pymap_server.PASSWORD}", idle=false, poll_seconds=0.2}}]'
        )
        with at_work(folder, MAILGATE_SMTP_ENABLED="false", MAILGATE_IMAP=account) as service:
            yield House(service, Mailbox(server.port, folder / "letters"))


def test_a_new_mail_is_a_ticket_with_its_category_and_one_tap_corrects_it(house: House) -> None:
    a_ticket_is_sorted_and_corrected(house, gmail_phone)


def test_the_state_with_its_four_sections_and_the_list(house: House) -> None:
    the_state_is_asked_for(house, "en")


def test_solved_by_the_button_and_undone_by_a_reply(house: House) -> None:
    it_is_solved_and_taken_back(house, outlook)
