"""Headers by which programs say what they are, one by one (``mail/kind.py``); all else being a person's mail."""

from __future__ import annotations

import email

import pytest

from mailgate.mail.kind import judge
from mailgate.mail.message import Bounce, Kind

DESK = frozenset({"soporte@desk.co"})
INVITATION = 'Content-Type: text/calendar; method="{}"'
REPORT = "Content-Type: multipart/report; report-type={}; boundary=b"


def judged(*headers: str, author: str = "juan@empresa.co", text: str = "Hola.") -> tuple[Kind, str]:
    raw = "\r\n".join([f"From: {author}" if author else "X-A: b", *headers, "", text])
    return judge(email.message_from_string(raw), subject="Consulta", text=text, own_addresses=DESK)


PERSON = (Kind.HUMAN, "")
DECLARED = {
    "Auto-Submitted: auto-replied": (Kind.AUTO_REPLY, "Auto-Submitted: auto-replied"),
    "Auto-Submitted: auto-generated": (Kind.AUTO_REPLY, "Auto-Submitted: auto-generated"),
    "Auto-Submitted: no": (Kind.HUMAN, "Auto-Submitted: no"),
    "X-Autoreply: yes": (Kind.AUTO_REPLY, "x-autoreply: yes"),
    "X-Autoreply: no": PERSON,
    "X-Vacation: 1": (Kind.AUTO_REPLY, "x-vacation: 1"),
    "X-Vacation: 0": PERSON,
    "X-Auto-Reply: None": PERSON,
    "X-AutoRespond: Estoy fuera": (Kind.AUTO_REPLY, "x-autorespond: estoy fuera"),
    "X-Cron-Env: <SHELL=/bin/sh>": (Kind.AUTO_REPLY, "x-cron-env: <shell=/bin/sh>"),
    "Precedence: auto_reply": (Kind.AUTO_REPLY, "precedence: auto_reply"),
    "X-Precedence: Auto-Reply": (Kind.AUTO_REPLY, "x-precedence: auto_reply"),
    "X-POST-MessageClass: 9; Autoresponder": (Kind.AUTO_REPLY, "X-POST-MessageClass"),
    "X-POST-MessageClass: 1": PERSON,
    "Precedence: bulk": (Kind.BULK, "Precedence: bulk"),
    "Precedence: Junk": (Kind.BULK, "Precedence: junk"),
    "Precedence: list": (Kind.BULK, "Precedence: list"),
    "Precedence: first-class": PERSON,
    "List-Id: Novedades <novedades.tienda.co>": (Kind.BULK, "List-Id: Novedades <novedades.tienda.co>"),
    "List-Unsubscribe: <mailto:baja@tienda.co>": PERSON,  # billing programs put it on what people write
    "List-Unsubscribe: <mailto:b@t.co>\r\nFeedback-ID: 1": (Kind.BULK, "List-Unsubscribe with feedback-id"),
    "List-Unsubscribe: <mailto:b@t.co>\r\nList-Unsubscribe-Post: x": (
        Kind.BULK,
        "List-Unsubscribe with list-unsubscribe-post",
    ),
    "Feedback-ID: 1": PERSON,
    "Auto-Submitted: auto-generated\r\nList-Id: <a.b.co>": (Kind.BULK, "Auto-Submitted: auto-generated"),
    "Auto-Submitted: auto-replied\r\nList-Id: <a.b.co>": (Kind.AUTO_REPLY, "Auto-Submitted: auto-replied"),
    "Auto-Submitted: no\r\nPrecedence: bulk": (Kind.HUMAN, "Auto-Submitted: no"),
    INVITATION.format("REQUEST"): (Kind.CALENDAR, "text/calendar; method=request"),
    INVITATION.format("counter"): (Kind.CALENDAR, "text/calendar; method=counter"),
    INVITATION.format("publish"): PERSON,
    "Content-Type: text/calendar": PERSON,
    REPORT.format("disposition-notification"): (Kind.RECEIPT, "disposition notification (RFC 8098)"),
    "Content-Type: message/disposition-notification": (Kind.RECEIPT, "disposition notification (RFC 8098)"),
    REPORT.format("delivery-status"): (Kind.BOUNCE, "report-type=delivery-status"),
    "Content-Type: multipart/mixed; report-type=delivery-status; boundary=b": PERSON,
}


@pytest.mark.parametrize("headers", DECLARED)
def test_what_a_header_says_of_who_writes(headers: str) -> None:
    assert judged(headers) == DECLARED[headers]


@pytest.mark.parametrize(
    ("author", "bulk"),
    [("noreply@tienda.co", True), ("no-reply@tienda.co", True), ("no_responder@tienda.co", True),
     ("donotreply@tienda.co", True), ("bounces+123@tienda.co", True), ("bounce@tienda.co", True),
     ("reply@tienda.co", True), ("juan@noreply.co", False), ("nora@tienda.co", False), ("respondo@tienda.co", False),
     ("", False)],
)  # fmt: skip
def test_an_address_that_nobody_reads_writes_to_many_unless_it_names_another(author: str, bulk: bool) -> None:
    assert judged(author=author) == ((Kind.BULK, f"From: {author}") if bulk else PERSON)
    assert judged("Reply-To: ventas@tienda.co", author=author) == PERSON
    assert judged("List-Unsubscribe: <mailto:b@t.co>", author=author)[0] is (Kind.BULK if bulk else Kind.HUMAN)


@pytest.mark.parametrize(
    "header",
    ["X-Original-To: soporte@desk.co", "List-Post: <mailto:Soporte@desk.co>", "List-Id: Soporte <soporte.desk.co>"],
)
def test_a_list_that_is_the_desks_own_address_is_how_people_reach_it(header: str) -> None:
    of_a_list = "List-Id: <x.y.co>" if "List-Id" not in header else "X-B: c"
    assert judged(header, of_a_list) == PERSON
    assert judged(header, of_a_list, "Precedence: list") == PERSON
    assert judged(header, of_a_list, "Precedence: bulk")[0] is Kind.BULK
    assert judged(header.replace("desk", "otra").replace("Desk", "otra"), of_a_list)[0] is Kind.BULK


@pytest.mark.parametrize(
    ("action", "kind"), [("failed", Kind.BOUNCE), ("delayed", Kind.DELAY), ("delivered", Kind.RECEIPT)]
)
def test_a_report_is_what_it_says_was_done(action: str, kind: Kind) -> None:
    tree = email.message_from_string("From: mailer-daemon@empresa.co\r\nAuto-Submitted: no\r\n\r\n")
    found = Bounce(("juan@empresa.co",), "5.1.1", action)
    assert judge(tree, subject="", text="", bounce=found) == (kind, f"delivery report: {action} 5.1.1")
    assert judge(tree, subject="", text="", bounce=found, is_own=True) == (Kind.OWN, "our own mark")
