"""Where no MX of ours stands before the desk: what we found out about a sender ourselves is as good as its word."""

from __future__ import annotations

from mailgate.store import tickets
from tests.stories import Direct, Person

PROVEN = "here; spf=pass smtp.mailfrom=desk.co; dkim=pass header.d=desk.co; dmarc=pass header.from=desk.co"
FORGED = "here; spf=fail smtp.mailfrom=evil.example; dkim=none; dmarc=fail header.from=desk.co"


def test_an_agent_whose_domain_was_verified_here_answers_and_closes(road: Direct, juan: Person, ana: Person) -> None:
    juan.writes("La impresora no imprime", "Desde hoy.")
    juan.receives()
    notice = ana.receives()
    road.checked = PROVEN
    ana.writes(f"Re: {notice.subject}", "#cerrar\n\nHola Juan, ya quedó.\n")
    assert "ya quedó" in juan.receives().text
    assert tickets.full(1)["status"] == "closed"


def test_an_agent_whose_domain_says_forged_waits_for_a_word(road: Direct, juan: Person, ana: Person) -> None:
    juan.writes("La impresora no imprime", "Desde hoy.")
    juan.receives()
    notice = ana.receives()
    road.checked = FORGED
    ana.writes(f"Re: {notice.subject}", "#cerrar\n\nHola Juan, ya quedó.\n")
    juan.receives_nothing()
    assert tickets.full(1)["status"] == "new"


def test_a_verdict_in_the_mail_itself_counts_for_nothing_beside_ours(road: Direct, juan: Person, ana: Person) -> None:
    juan.writes("La impresora no imprime", "Desde hoy.")
    juan.receives()
    road.checked = FORGED
    said = [("Authentication-Results", "here; dmarc=pass header.from=desk.co")]
    ana.writes("Re: [#1] La impresora no imprime", "#cerrar\n", headers=said)
    juan.receives_nothing()


def test_a_stranger_whom_we_verified_is_asked_to_identify(road: Direct, person) -> None:
    road.checked = "here; spf=pass smtp.mailfrom=nuevo.co; dkim=none; dmarc=none header.from=nuevo.co"
    eva = person("eva@nuevo.co")
    eva.writes("Ayuda", "No puedo entrar.")
    assert "licencia" in eva.receives().text.lower()


def test_a_genuine_mail_sent_again_with_a_new_date_is_told_by_its_signature(
    road: Direct, juan: Person, ana: Person
) -> None:
    """Date is not always signed; the day of the signature is (THREATS 11)."""
    juan.writes("La impresora no imprime", "Desde hoy.")
    juan.receives()
    road.peer = "198.51.100.1"
    told = "mx.desk.co; dkim=pass header.d=desk.co; dmarc=pass header.from=desk.co"
    top = [("Authentication-Results", told), ("Received", "from a by b; Mon, 23 Nov 2026 09:00:00 -0500")]
    day = 24 * 3600
    for age, closed in ((90 * day, False), (day, True)):
        signed = int(road.now.timestamp()) - age
        signature = [("DKIM-Signature", f"v=1; a=rsa-sha256; d=desk.co; s=a; t={signed}; h=from; bh=x; b=x")]
        ana.writes("Re: [#1] La impresora no imprime", f"#cerrar\n\nListo {age}\n", headers=[*top, *signature])
        assert (tickets.full(1)["status"] == "closed") is closed
