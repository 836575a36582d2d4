"""Only our own MX's word counts about who wrote a mail, and only where a sender cannot write."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailgate.mail.authentication import Verdict, find_verdict, is_aligned, read_own, signed_at
from mailgate.mail.parse import understand

ATTACKS = Path(__file__).resolve().parents[2] / "../shared/attacks"
OURS = frozenset({"mx.mesa.example"})
RECEIVED = ("Received", "from mail.cliente.example ([192.0.2.10]) by mx.mesa.example with ESMTPS id 4Q1a2b")


def ask(*headers: tuple[str, str], domain: str = "cliente.example", trusted: bool = True, hops: int = 0) -> Verdict:
    return find_verdict(headers, OURS, trusted, domain, hops)


def says(results: str, server: str = "mx.mesa.example") -> tuple[str, str]:
    return "Authentication-Results", f"{server}; {results}"


def test_a_dmarc_pass_of_our_mx_proves_the_author() -> None:
    verdict = ask(says("spf=pass smtp.mailfrom=cliente.example; dmarc=pass header.from=cliente.example"), RECEIVED)
    assert verdict.aligned
    assert (verdict.spf, verdict.dmarc, verdict.header_from) == ("pass", "pass", "cliente.example")
    assert verdict.source == "mx.mesa.example"


def test_nothing_is_believed_from_an_untrusted_peer() -> None:
    verdict = ask(says("dmarc=pass header.from=cliente.example"), RECEIVED, trusted=False)
    assert not verdict.aligned
    assert verdict.dmarc == ""


def test_a_verdict_below_our_received_header_is_the_senders_own() -> None:
    assert not ask(RECEIVED, says("dmarc=pass header.from=cliente.example")).aligned


def test_a_verdict_without_any_received_header_is_nobodys() -> None:
    assert not ask(says("dmarc=pass header.from=cliente.example")).aligned


def test_a_forged_pass_below_does_not_mend_a_real_fail() -> None:
    verdict = ask(
        says("dmarc=fail header.from=cliente.example"),
        RECEIVED,
        says("dmarc=pass header.from=cliente.example"),
        ("Received", "by mx.mesa.example"),
    )
    assert verdict.dmarc == "fail"
    assert not verdict.aligned


def test_filters_that_add_a_header_each_are_read_together() -> None:
    verdict = ask(
        says("dmarc=none header.from=cliente.example"),
        says("dkim=pass header.d=cliente.example"),
        says("spf=fail smtp.mailfrom=otro.example"),
        RECEIVED,
    )
    assert verdict.aligned
    assert (verdict.spf, verdict.dkim, verdict.dmarc) == ("fail", "pass", "none")


def test_of_two_answers_the_worse_one_counts() -> None:
    verdict = ask(
        says("dmarc=pass header.from=cliente.example"), says("dmarc=fail header.from=cliente.example"), RECEIVED
    )
    assert verdict.dmarc == "fail"
    assert not verdict.aligned


@pytest.mark.parametrize(
    "server", ["mx.otro.example", "mx.mesa.example.evil.example", "mesa.example", "xmx.mesa.example"]
)
def test_another_authserv_id_is_ignored(server: str) -> None:
    assert not ask(says("dmarc=pass header.from=cliente.example", server), RECEIVED).aligned


@pytest.mark.parametrize("server", ["MX.Mesa.Example", "mx.mesa.example 1"])
def test_our_authserv_id_may_be_spelled_in_capitals_and_carry_its_version(server: str) -> None:
    assert ask(says("dmarc=pass header.from=cliente.example", server), RECEIVED).aligned


def test_what_passed_for_another_from_proves_nothing_about_ours() -> None:
    verdict = ask(says("dkim=pass header.d=cliente.example; dmarc=pass header.from=evil.example"), RECEIVED)
    assert not verdict.aligned
    assert "another From" in verdict.reason


@pytest.mark.parametrize(
    "results",
    [
        "spf=pass smtp.mailfrom=evil.example; dmarc=none header.from=cliente.example",
        "dkim=pass header.d=evil.example; dmarc=none header.from=cliente.example",
        "spf=pass smtp.helo=cliente.example; dmarc=none header.from=cliente.example",
        "dkim=fail header.d=cliente.example; dmarc=none header.from=cliente.example",
        "spf=softfail smtp.mailfrom=cliente.example",
        "dkim=pass header.d=xcliente.example",
        "dmarc=pass",
        "none",
    ],
)
def test_an_unaligned_or_missing_pass_proves_nothing(results: str) -> None:
    assert not ask(says(results), RECEIVED).aligned


@pytest.mark.parametrize(
    "results",
    [
        "spf=pass smtp.mailfrom=ana@cliente.example",
        "spf=pass (sender SPF authorized) smtp.mailfrom=rebotes.cliente.example",
        "dkim=pass (2048-bit key; unprotected) header.d=cliente.example header.i=@cliente.example header.b=abc",
        'dkim=pass header.i=@cliente.example header.s=s1 header.b="ab/c="',
        "dkim=fail header.d=cliente.example; dkim=pass header.d=cliente.example",
    ],
)
def test_an_aligned_pass_is_proof_where_the_domain_has_no_dmarc(results: str) -> None:
    assert ask(says(results + "; dmarc=none header.from=cliente.example"), RECEIVED).aligned


def test_dmarc_fail_wins_over_everything_that_passed() -> None:
    passed = "spf=pass smtp.mailfrom=cliente.example; dkim=pass header.d=cliente.example"
    assert not ask(says(f"{passed}; dmarc=fail header.from=cliente.example"), RECEIVED).aligned


@pytest.mark.parametrize(
    "junk", ["", ";", "mx.mesa.example", "dmarc=pass" * 2000, '"', "((((", "mx.mesa.example; =;=;"]
)
def test_junk_proves_nothing_and_breaks_nothing(junk: str) -> None:
    assert not ask(("Authentication-Results", "mx.mesa.example; " + junk), RECEIVED).aligned
    assert not ask(("Authentication-Results", junk), RECEIVED).aligned


def test_an_unreadable_verdict_of_ours_spoils_the_readable_one_beside_it() -> None:
    broken = ("Authentication-Results", "mx.mesa.example; dmarc=(")
    assert not ask(broken, says("dmarc=pass header.from=cliente.example"), RECEIVED).aligned


def test_a_gmail_mailbox_shows_its_verdict_below_its_own_received_headers() -> None:
    headers = (
        ("Received", "by 2002:a05:6a10 with SMTP id abc"),
        ("Received", "from mail.cliente.example by mx.mesa.example with ESMTPS id abc"),
        says(
            "dkim=pass header.i=@cliente.example; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=cliente.example"
        ),
        ("Received", "from [192.168.0.7] by mail.cliente.example"),
    )
    assert ask(*headers, hops=2).aligned
    assert not ask(*headers, hops=1).aligned


def test_below_a_received_header_only_the_first_verdict_counts() -> None:
    headers = (
        ("Received", "from mail.evil.example by mx.mesa.example"),
        says("dmarc=none header.from=cliente.example"),
        says("dkim=pass header.d=cliente.example"),
        ("Received", "by mail.evil.example"),
    )
    assert not ask(*headers, hops=1).aligned


def test_microsoft_365_leaves_its_name_out() -> None:
    value = (
        "spf=pass (sender IP is 192.0.2.10) smtp.mailfrom=cliente.example; dkim=pass (signature was verified)"
        " header.d=cliente.example;dmarc=pass action=none header.from=cliente.example;compauth=pass reason=100"
    )
    ids = frozenset({"protection.outlook.com"})
    assert find_verdict((("Authentication-Results", value), RECEIVED), ids, True, "cliente.example").aligned
    assert not ask(("Authentication-Results", value), RECEIVED).aligned


@pytest.mark.parametrize(
    ("domain", "author", "aligned"),
    [
        ("cliente.com.co", "cliente.com.co", True),
        ("Cliente.COM.co.", "cliente.com.co", True),
        ("correo.cliente.com.co", "cliente.com.co", True),
        ("cliente.com.co", "nomina.cliente.com.co", True),
        ("com.co", "cliente.com.co", False),
        ("co", "cliente.co", False),
        ("otro.com.co", "cliente.com.co", False),
        ("malcliente.com.co", "cliente.com.co", False),
        ("cliente.com.co.evil.example", "cliente.com.co", False),
        ("clíente.co", "cliente.co", False),
        ("", "", False),
    ],
)
def test_relaxed_alignment_knows_a_domain_from_its_neighbours(domain: str, author: str, aligned: bool) -> None:
    assert is_aligned(domain, author) is aligned


def _attacks() -> list[dict[str, str]]:
    listed = ATTACKS / "attacks.json"
    if not listed.exists():
        return []
    return [case for case in json.loads(listed.read_text("utf-8")) if case["file"][0] in "AZ"]


# Mails whose author is whom the From says, though what they ask for is refused elsewhere.
GENUINE = {"A16", "A23", "A24", "A25", "A27", "A30", "A31"}


@pytest.mark.skipif(not _attacks(), reason="the shared attack mails are not beside the repository")
@pytest.mark.parametrize("case", _attacks(), ids=lambda case: case["file"][:3])
def test_an_attack_mail_proves_nothing_and_an_honest_one_its_author(case: dict[str, str]) -> None:
    message = understand((ATTACKS / "mails" / case["file"]).read_bytes())
    honest = case["file"][:3] in GENUINE or case["file"].startswith("Z")
    if message.sender is None:
        assert not honest
        return
    domain = message.sender.address.rpartition("@")[2]
    trusted = case["peer"] == "trusted-mta"
    verdict = find_verdict(message.headers, frozenset({"mx.apolosoft.example"}), trusted, domain)
    assert verdict.aligned is honest, verdict.reason
    if not honest:
        assert domain != "apolosoft.example" or not verdict.aligned


def test_encoded_words_in_an_address_never_become_a_verdict() -> None:
    """A server's header is taken as it stands: a sender may choose what is in its address."""
    from mailgate.mail.parse import understand

    forged = "=?utf-8?q?a=3B_dmarc=3Dpass_header.from=3Ddesk.co=3B_spf=3Dnone_smtp.helo=3Dx?=@malo.co"
    raw = (
        f"Authentication-Results: mx.desk.co; spf=pass smtp.mailfrom={forged}\r\n"
        "From: ana@desk.co\r\nSubject: x\r\n\r\nhola\r\n"
    )
    message = understand(raw.encode())
    verdict = find_verdict(message.headers, frozenset({"mx.desk.co"}), peer_is_trusted=True, from_domain="desk.co")
    assert not verdict.aligned


def stamped(domain: str, stamp: str) -> tuple[str, str]:
    return "DKIM-Signature", f"v=1; a=rsa-sha256; d={domain}; s=x; t={stamp}; h=from; b=abc"


def test_when_the_authors_domain_signed_is_told_by_its_own_signatures_alone_the_last_of_them() -> None:
    first, last = (datetime.fromtimestamp(moment, UTC) for moment in (1_790_000_000, 1_790_000_060))
    mine = stamped("cliente.example", "1790000000")
    assert signed_at((mine,), "cliente.example") == first
    assert signed_at((mine, stamped("mail.cliente.example", "1790000060")), "cliente.example") == last
    assert signed_at((stamped("cliente.example", "1790000060"), mine), "cliente.example") == last
    assert signed_at((mine, stamped("otro.example", "1790000060")), "cliente.example") == first
    assert signed_at((("dkim-signature", mine[1]),), "cliente.example") == first
    assert signed_at((("DKIM-Signature", "t=1790000000;d=cliente.example"),), "cliente.example") == first
    for nothing in (
        ("X-Signature", mine[1]),
        stamped("cliente.example", "hoy"),
        ("DKIM-Signature", "d=cliente.example"),
        ("DKIM-Signature", "t=1790000000"),
        ("DKIM-Signature", "bt=1790000000; d=cliente.example"),
    ):
        assert signed_at((nothing,), "cliente.example") is None


def test_a_reason_is_said_for_every_verdict() -> None:
    def reason(results: str, domain: str = "cliente.example") -> str:
        return ask(says(results), RECEIVED, domain=domain).reason

    assert reason("dmarc=pass header.from=cliente.example") == "dmarc=pass header.from=cliente.example"
    assert reason("dkim=pass header.i=@cliente.example") == "dkim=pass for the From domain"
    assert reason("spf=pass smtp.mailfrom=x@cliente.example") == "spf=pass for the From domain"
    assert reason("spf=pass smtp.mailfrom=otro.example") == "nothing that passed speaks for the From domain"
    assert reason("dmarc=pass header.from=otro.example") == "another From was checked: otro.example"
    assert reason("dmarc=fail header.from=cliente.example; dkim=pass header.d=cliente.example") == "dmarc=fail"
    assert reason("dmarc=pass") == "nothing that passed speaks for the From domain"
    assert reason("dmarc=pass header.from=x", "cliente") == "the From domain is no domain"
    assert ask(RECEIVED).reason == "no verdict of ours above our own Received header"
    assert ask(trusted=False).reason == "came over no trusted path"
    assert ask(says("???"), RECEIVED).reason == "the verdict cannot be read"
    assert read_own("", "cliente.example").reason == "nobody looked"
    assert read_own("mx; dmarc=pass header.from=cliente.example", "Cliente.Example.").aligned


def test_a_dot_at_the_end_and_capitals_are_the_same_domain() -> None:
    verdict = ask(says("dmarc=pass header.from=CLIENTE.example."), RECEIVED, domain="Cliente.EXAMPLE.")
    assert verdict.aligned


def test_of_several_senders_by_spf_all_must_speak_for_the_author() -> None:
    both = "spf=pass smtp.mailfrom=cliente.example; spf=pass smtp.mailfrom=otro.example"
    assert not ask(says(both), RECEIVED).aligned


def test_how_many_received_headers_are_ours_is_counted() -> None:
    gmail = [("Received", "by gmail"), ("Received", "by gmail"), says("dmarc=pass header.from=cliente.example")]
    for hops, aligned in ((1, False), (2, True), (3, True)):
        assert ask(*gmail, RECEIVED, hops=hops).aligned is aligned
    assert not ask(*gmail, hops=2).aligned  # nothing below it shows that our MX wrote it
