"""A delivery report, field by field (``mail/bounce.py``): who it failed for, how, and what the server said."""

from __future__ import annotations

import email

import pytest

from mailgate.mail.bounce import find_bounce
from mailgate.mail.bounce_text import find_diagnostic, find_status, is_delay
from mailgate.mail.message import Bounce


def report(*blocks: str, text: str = "") -> Bounce | None:
    status = "\n\n".join(["Reporting-MTA: dns; mx.empresa.co", *blocks])
    tree = email.message_from_string(
        "From: mailer-daemon@empresa.co\nSubject: Aviso\nContent-Type: multipart/report; boundary=b; "
        f"report-type=delivery-status\n\n--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\n{status}\n"
    )
    return find_bounce(tree, text)


def failed(*fields: str) -> Bounce:
    found = report("\n".join(["Action: failed", "Status: 5.1.1", *fields]))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("rfc822; Juan@Empresa.co", "juan@empresa.co"),
        ("rfc822;juan@empresa.co", "juan@empresa.co"),
        ("juan@empresa.co", "juan@empresa.co"),
        ("rfc822; <juan@empresa.co>", "juan@empresa.co"),
        ("rfc822; Juan Peña <juan@empresa.co>", "juan@empresa.co"),
        ("rfc822; juan@empresa.co (no existe)", "juan@empresa.co"),
        ("rfc822; 'juan@empresa.co'", "juan@empresa.co"),
        ("rfc822; @relevo.co:juan@empresa.co", "juan@empresa.co"),
    ],
)
def test_an_address_is_read_however_it_is_written(written: str, address: str) -> None:
    assert failed(f"Final-Recipient: {written}").recipients == (address,)


def test_an_address_of_a_host_alone_gives_way_to_the_one_written_to() -> None:
    inside, outside = "Final-Recipient: rfc822; juan@buzon0", "Original-Recipient: rfc822; juan@empresa.co"
    assert failed(inside, outside).recipients == ("juan@empresa.co",)
    assert failed(inside).recipients == ("juan@buzon0",)
    both = failed("Final-Recipient: rfc822; uno@empresa.co", "Original-Recipient: rfc822; dos@empresa.co")
    assert both.recipients == ("uno@empresa.co",)


ACTIONS = {
    "Action: failed": "failed", "Action: Failure": "failed", "Action: fail (permanent)": "failed",
    "Action: delayed": "delayed", "Action: delay": "delayed", "Action: delivered": "delivered",
    "Action: relayed": "relayed", "Action: expanded": "expanded",
    "Status: 5.2.2": "failed", "Status: 4.2.2": "delayed", "Status: 2.0.0": "delivered", "Action: quién sabe": "failed",
}  # fmt: skip


@pytest.mark.parametrize("field", ACTIONS)
def test_what_was_done_is_said_by_the_action_else_by_the_status(field: str) -> None:
    found = report(f"Final-Recipient: rfc822; juan@empresa.co\n{field}")
    assert found is not None
    assert found.action == ACTIONS[field]


def test_of_several_the_worst_counts_and_names_those_it_happened_to() -> None:
    found = report(
        "Final-Recipient: rfc822; uno@empresa.co\nAction: delayed\nStatus: 4.4.1",
        "Final-Recipient: rfc822; dos@empresa.co\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 No existe",
        "Final-Recipient: rfc822; tres@empresa.co\nAction: delivered\nStatus: 2.0.0",
    )
    assert found == Bounce(("dos@empresa.co",), "5.1.1", "failed", "550 No existe")
    together = report("".join(f"Final-Recipient: rfc822; {who}@e.co\nAction: failed\n" for who in ("uno", "dos")))
    assert together is not None
    assert together.recipients == ("uno@e.co", "dos@e.co")  # where a server forgets the empty line


def test_a_status_that_tells_nothing_gives_way_to_the_servers_words() -> None:
    who = "Final-Recipient: rfc822; juan@empresa.co\nAction: failed\n"
    for status in ("Status: 5.0.0\n", ""):
        found = report(f"{who}{status}Diagnostic-Code: smtp; 550 5.7.1 Spam")
        assert found is not None
        assert (found.status, found.diagnostic) == ("5.7.1", "550 5.7.1 Spam")
    kept = report(f"{who}Status: 5.2.2\nDiagnostic-Code: smtp; 550 5.7.1 Spam")
    assert kept is not None
    assert kept.status == "5.2.2"
    folded = report(f"{who}Status: 5.1.1\nDiagnostic-Code: smtp; 550\n  no\n\texiste")
    assert folded is not None
    assert folded.diagnostic == "550 no existe"


def test_status_and_diagnostic_are_found_in_plain_words() -> None:
    assert find_status("the server said: 550 5.1.1 <juan@e.co> no such user") == "5.1.1"
    assert find_status("the server said: 452 try again later") == "4.0.0"
    assert find_status("nothing of the kind") == ""
    line = "550 5.1.1 <juan@e.co>:   Recipient address rejected"
    assert find_diagnostic(f"Lo sentimos.\n{line}\nAdiós") == "550 5.1.1 <juan@e.co>: Recipient address rejected"
    assert find_diagnostic("Lo sentimos.") == ""


def test_a_delay_is_no_failure_unless_it_says_so() -> None:
    assert is_delay("Delivery Status Notification (Delay)", "We will keep trying")
    assert is_delay("Warning: could not send message for past 4 hours", "")
    assert not is_delay("Delivery Status Notification (Failure)", "We will keep trying")
    assert not is_delay("Undeliverable: hola", "delayed")
    assert not is_delay("Hola", "No existe")
