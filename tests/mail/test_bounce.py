"""A delivery report says who did not get which letter, and why, whatever server wrote it and in whatever language."""

from __future__ import annotations

import email
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailgate.mail.bounce import find_bounce, is_abuse_report
from mailgate.mail.parse import understand

MAILS = Path(__file__).resolve().parents[1] / "mails" / "bounces"
EXPECTED: dict[str, dict[str, Any]] = json.loads((MAILS / "expected.json").read_text("utf-8"))
DAEMON = "From: MAILER-DAEMON@x.example\nReturn-Path: <>\nSubject: failure notice\n\n"


def test_every_mail_of_the_folder_has_its_expected_reading_beside_it() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_report_is_read(name: str) -> None:
    expected = EXPECTED[name]
    message = understand((MAILS / f"{name}.eml").read_bytes())
    assert message.kind == expected["kind"], message.kind_reason
    assert message.bounce is not None
    assert list(message.bounce.recipients) == expected["recipients"]
    assert message.bounce.status == expected["status"]
    assert message.bounce.action == expected["action"]
    assert message.bounce.original_message_id == expected["original"]


def test_the_servers_own_words_are_kept_as_the_diagnostic() -> None:
    message = understand((MAILS / "postfix.eml").read_bytes())
    assert message.bounce is not None
    assert message.bounce.diagnostic.startswith("550 5.1.1 <ana@cliente.example>: Recipient address rejected")


def test_the_addresses_in_the_mail_that_came_back_failed_nowhere() -> None:
    text = (
        "<ana@x.example>:\nno such user (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n<luz@x.example>:\n"
    )
    bounce = find_bounce(email.message_from_string(DAEMON + text), text)
    assert bounce is not None
    assert bounce.recipients == ("ana@x.example",)


def test_a_report_that_a_person_attaches_is_that_persons_file() -> None:
    inner = (MAILS / "postfix.eml").read_text("utf-8").replace("\r\n", "\n")
    tree = email.message_from_string(
        'From: ana@cliente.example\nSubject: me sale esto\nContent-Type: multipart/mixed; boundary="m1"\n\n'
        f"--m1\nContent-Type: text/plain\n\nMiren.\n--m1\nContent-Type: message/rfc822\n\n{inner}\n--m1--\n"
    )
    assert find_bounce(tree, "Miren.") is None


def test_a_report_never_names_the_desk_that_asked_only_because_it_is_quoted() -> None:
    text = "Undeliverable to ana@x.example\n\nOriginal message follows.\n\nTo: soporte@mesa.example\n"
    bounce = find_bounce(email.message_from_string(DAEMON + text), text)
    assert bounce is not None
    assert bounce.recipients == ("ana@x.example",)


def test_an_abuse_complaint_is_no_bounce_but_names_who_complained() -> None:
    message = understand((MAILS.parent / "auto" / "queja-de-abuso-arf.eml").read_bytes())
    assert message.bounce is not None
    assert is_abuse_report(message.bounce)
    assert message.bounce.recipients == ("ana@cliente.example",)
    assert message.bounce.original_message_id == "<t7.1@mesa.example>"


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("Final-Recipient: rfc822;a@x.co\nAction:failed<>5.1 "), max_size=400))
def test_no_report_raises(text: str) -> None:
    raw = f'Content-Type: multipart/report; boundary="b"\nFrom: MAILER-DAEMON\n\n--b\n\n{text}\n--b\n'
    raw += f"Content-Type: message/delivery-status\n\n{text}\n--b--\n"
    tree = email.message_from_string(raw)
    assert find_bounce(tree, text) == find_bounce(tree, text)


@pytest.mark.parametrize(
    "line", ["<a@x.co>:\n", "a@x.co ", "to: ", "550 <", "-----\n", "Received: x\n", "a.", "@", "user a@b\n"]
)
def test_a_megabyte_of_anything_is_read_in_no_time(line: str) -> None:
    text = (line * (1_000_000 // len(line)))[:1_000_000]
    tree = email.message_from_string(DAEMON + text)
    begun = time.process_time()
    find_bounce(tree, text)
    assert time.process_time() - begun < 8


def test_a_warning_that_names_nobody_is_a_delay_and_no_failure() -> None:
    head = DAEMON.replace("failure notice", "Warning: message delayed 24 hours")
    text = "This is a warning message only.\nYou do not need to resend your message; delivery attempts will continue.\n"
    found = find_bounce(email.message_from_string(head + text), text)
    assert found is not None
    assert (found.recipients, found.action) == ((), "delayed")
