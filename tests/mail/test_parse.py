"""One mail by two roads, letters we know, and what a message keeps of what came."""

from __future__ import annotations

import base64
import json
import re
from email import message_from_bytes
from pathlib import Path

import pytest

from mailgate.mail import parse
from mailgate.mail.message import Kind
from mailgate.mail.parse import understand, unquote_known
from mailgate.mail.tree import read_tree
from mailgate.settings import Limits

LETTER = "Hemos recibido su mensaje con el número 1042.\nLe responderemos antes del viernes 27 de noviembre.\n"


def _mail(body: str, headers: str = "", kind: str = "text/plain") -> bytes:
    head = "From: Ana <ana@cliente.example>\nTo: soporte@mesa.example\nSubject: RE: [#1042]\nMessage-ID: <a@x>\n"
    return f"{headers}{head}Content-Type: {kind}; charset=utf-8\n\n{body}\n".encode()


def test_same_mail_by_another_road_is_the_same() -> None:
    by_smtp = _mail("Hola\nmundo", "Received: from a by b\nDelivered-To: soporte@mesa.example\n")
    by_imap = _mail("Hola\nmundo", "Received: from c by d\nReturn-Path: <ana@cliente.example>\n").replace(
        b"\n", b"\r\n"
    )
    assert understand(by_smtp).content_digest == understand(by_imap + b"\r\n").content_digest
    assert understand(by_smtp).content_digest != understand(_mail("Hola\nmundos")).content_digest


def test_same_words_of_somebody_else_are_another_mail() -> None:
    raw = _mail("Hola")
    assert understand(raw).content_digest != understand(raw.replace(b"ana@", b"eva@")).content_digest


def test_letter_we_sent_is_quote_in_plain_text() -> None:
    message = understand(_mail(f"Gracias, sigue igual.\n\n{LETTER}"))
    assert LETTER.split("\n")[0] in message.parts.own
    known = unquote_known(message, [LETTER])
    assert known.parts.own.strip() == "Gracias, sigue igual."
    assert "1042" in known.parts.quote


def test_letter_we_sent_is_quote_in_html_whatever_the_client_did_to_it() -> None:
    lines = "".join(f"<div><font color=blue>{line}&nbsp;</font></div>" for line in LETTER.splitlines())
    message = unquote_known(understand(_mail(f"<div>Sigue <b>igual</b>.</div>{lines}", kind="text/html")), [LETTER])
    assert message.parts.own.strip() == "Sigue igual."
    assert "<b>igual</b>" in message.own_html
    assert "1042" not in message.own_html
    assert "1042" in message.html


@pytest.mark.parametrize("own", ["Respondo abajo en azul.", ""])
def test_answers_typed_between_the_lines_of_our_letter_are_the_clients(own: str) -> None:
    one, two = LETTER.splitlines()
    opening = '<div id="divRplyFwdMsg"><b>De:</b> Mesa &lt;mesa@desk.example&gt;<br><b>Asunto:</b> [#1042]</div>'
    typed = f"<p>{own}</p><hr>{opening}<p>{one}</p><p>¿Y antes del <b>jueves</b>?</p><p>{two}</p>"
    folded = understand(_mail(typed, kind="text/html"))
    assert "jueves" not in folded.parts.own
    message = unquote_known(folded, [LETTER])
    assert message.parts.own.strip().split("\n\n")[-1] == "¿Y antes del jueves?"
    assert own in message.parts.own
    assert "jueves" in message.own_html
    assert "jueves" not in message.parts.quote
    assert "1042" in message.parts.quote


def test_words_that_only_the_plain_alternative_says_are_not_lost() -> None:
    said = "El lun, 23 nov 2026, Mesa escribió:"
    quote = f'<div class="gmail_quote">{said}<blockquote class="gmail_quote">Hola</blockquote></div>'
    plain = "Lo mío está aquí.\n\nEl lun, 23 nov 2026, Mesa escribió:\n> Hola\n"
    both = (
        "--b\nContent-Type: text/plain; charset=utf-8\n\n{}\n--b\nContent-Type: text/html; charset=utf-8\n\n{}\n--b--"
    )
    head = "From: a@b.co\nContent-Type: multipart/alternative; boundary=b\n\n"
    assert understand((head + both.format(plain, quote)).encode()).parts.own.strip() == "Lo mío está aquí."
    empty = understand((head + both.format("\n" + plain.partition("\n")[2], quote)).encode())
    assert empty.parts.own.strip() == ""


def test_alternatives_that_do_not_say_so_are_read_once() -> None:
    parts = "--b\n\nBuenos días, no imprime.\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>{}</p>\n--b--"
    head = "From: a@b.co\nContent-Type: multipart/mixed; boundary=b\n\n"
    twice = understand((head + parts.format("Buenos <b>días</b>, no imprime.")).encode())
    assert twice.text.count("no imprime") == 1
    assert twice.html.count("no imprime") == 1
    other = understand((head + parts.format("Otra cosa.")).encode())
    assert "no imprime" in other.text
    assert "Otra cosa." in other.text
    assert "no imprime" in other.html
    assert "Otra cosa." in other.html


def test_a_mistake_of_ours_keeps_nobody_from_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise IndexError

    for step in ("split_text", "judge"):
        with monkeypatch.context() as patch:
            patch.setattr(parse, step, broken)
            message = understand(_mail("Hola"))
        assert message.parts.own.strip() == "Hola"
        assert "IndexError" in message.defects[0]


def test_unquoting_nothing_changes_nothing() -> None:
    for kind in ("text/plain", "text/html"):
        message = understand(_mail("Hola, ¿cómo van?\n\n-- \nAna", kind=kind))
        assert unquote_known(message, []).parts == message.parts


def test_headers_are_kept_in_order_and_clean() -> None:
    message = understand(_mail("x", "X-Uno: =?utf-8?q?a=0Ab?=\nX-Mailgate-Auth: yes\nx-uno: 2\n"))
    assert message.all_headers("X-Uno") == ("a b", "2")
    assert message.header("x-mailgate-auth") == ""


def test_own_letter_come_back_and_report_are_no_forward() -> None:
    assert understand(_mail("x"), is_own=True).kind is Kind.OWN
    report = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nNo se pudo entregar.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.co\n"
        "Action: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\n"
        "From: soporte@mesa.example\nSubject: [#1042]\nMessage-ID: <nuestro@mesa.example>\n\nhola\n--b--\n"
    )
    message = understand(f"From: MAILER-DAEMON@mx.example\nSubject: fallo\n{report}".encode())
    assert message.kind is Kind.BOUNCE
    assert message.forwarded == ()
    assert message.bounce is not None
    assert message.bounce.recipients == ("a@b.co",)
    assert message.bounce.original_message_id == "<nuestro@mesa.example>"


def test_forward_inside_an_attached_forward() -> None:
    inner = "From: Eva <eva@c.example>\nSubject: Original\nDate: Mon, 23 Nov 2026 09:00:00 -0500\n\nNo imprime.\n"
    middle = (
        "From: Luis <luis@b.example>\nSubject: RV: Original\nContent-Type: multipart/mixed; boundary=m\n\n"
        f"--m\n\nMiren esto.\n--m\nContent-Type: message/rfc822\n\n{inner}\n--m--\n"
    )
    raw = (
        "From: Ana <ana@mesa.example>\nSubject: RV: RV: Original\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"--b\n\nPara la mesa.\n--b\nContent-Type: message/rfc822\n\n{middle}\n--b--\n"
    ).encode()
    (forward,) = understand(raw).forwarded
    assert (forward.sender.address, forward.message, forward.attached) == ("luis@b.example", "Para la mesa.", True)
    assert forward.nested is not None
    assert (forward.nested.sender.address, forward.nested.body.strip()) == ("eva@c.example", "No imprime.")


REPLIES = sorted((Path(__file__).resolve().parents[1] / "mails" / "replies").glob("*.eml"))


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_author_is_heard_through_the_whole_reading(path: Path) -> None:
    """The same replies that the quote cutter is tested with, from raw bytes, bodies chosen here."""
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    message = understand(path.read_bytes())
    assert message.kind is Kind.HUMAN, message.kind_reason
    own = re.sub(r"[\W_]+", "", message.parts.own)
    assert own.startswith(re.sub(r"[\W_]+", "", told["own"])[:40])
    for words in told["quote_contains"]:
        quoted = re.sub(r"[\W_]+", "", words)
        assert len(quoted) < 25 or quoted not in own


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_attached_message_is_kept_byte_by_byte(end: str) -> None:
    """Its signatures (DKIM, S/MIME) hold only for the very bytes, folds and odd blanks included."""
    inner = (
        "Received: from a ([192.0.2.1])\n    by b;\n\tMon, 23 Nov 2026 09:00:00 -0500\nX-Empty:\n"
        "Subject: =?utf-8?q?una?=\n =?utf-8?q?_l=C3=ADnea?=\nContent-Type: multipart/mixed; boundary=i\n\n"
        "preámbulo\n--i\n\nuno \n--i\nContent-Type: text/html\n\n<p>dos</p>\n\n--i--\nfin\n"
    ).replace("\n", end)
    outer = (
        f"From: a@b.co{end}Content-Type: multipart/mixed; boundary=o{end}{end}--o{end}{end}Hola{end}"
        f"--o{end}Content-Type: message/rfc822{end}Content-Disposition: attachment{end}{end}{inner}{end}--o--{end}"
    )
    (file,) = understand(outer.encode()).attachments
    assert file.content == inner.encode()


def test_a_file_of_many_lines_is_read_as_the_standard_library_reads_it() -> None:
    """Whatever the line ends are, and wherever the long run of base64 stands: in a file, an attached mail, no part."""
    run = base64.b64encode(bytes(range(256)) * 90)
    lines = b"\n".join(run[at : at + 76] for at in range(0, len(run), 76)) + b"\n"
    head = b'Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    file = b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n" + lines
    inside = b"Content-Type: message/rfc822\n\nSubject: y\nContent-Transfer-Encoding: base64\n\n" + lines
    shapes = [
        head + b"--b\n" + file + b"--b\n" + inside + b"--b--\n",
        head + lines + b"--b\n" + file + b"--b--\n" + lines,
        head + b"--b\n" + file[:-200],
        head + b"--b\nContent-Type: text/plain\n" + lines + b"\n--b--\n",
        b"Subject: x\n" + lines + b"\n" + lines,
    ]
    for raw in (mail for shape in shapes for mail in (shape, shape.replace(b"\n", b"\r\n"))):
        read, plain = read_tree(raw, []), message_from_bytes(raw)
        assert read.as_bytes() == plain.as_bytes()
        assert (read.preamble, read.epilogue) == (plain.preamble, plain.epilogue)


def test_an_attached_mail_with_a_mail_in_it_is_kept_byte_by_byte() -> None:
    inner = "From: b@b.co\nContent-Type: message/rfc822\n\nFrom: c@c.co\nSubject: de antes\n\nHola\n"
    outer = (
        "From: a@b.co\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nMiren\n"
        f"--o\nContent-Type: message/rfc822\n\n{inner}\n--o--\n"
    )
    (file,) = understand(outer.encode()).attachments
    assert file.content == inner.encode()


def test_a_text_too_long_for_a_comment_ends_at_a_line_and_is_kept_whole_as_a_file() -> None:
    line = "Otra vez la misma falla, con acentos: ñandú.\n"
    most = Limits(text_bytes=10_000)
    fits = understand(_mail(line * 200), most=most)
    assert (fits.attachments, fits.defects) == ((), ())
    text = line * 400
    long = understand(_mail(text), most=most)
    assert long.text.endswith("ñandú.")
    assert 9_000 < len(long.text) <= 10_000
    (file,) = long.attachments
    assert (file.name, file.type) == ("text.txt", "text/plain")
    assert file.content.decode().strip() == text.strip()
    assert any("too long" in defect for defect in long.defects)


def test_a_signed_mail_says_so_and_one_with_a_file_does_not() -> None:
    def with_file(kind: str) -> bytes:
        return _mail(f"--b\n\nHola\n--b\nContent-Type: {kind}; name=f\n\nx\n--b--", kind="multipart/mixed; boundary=b")

    assert understand(with_file("application/pkcs7-signature")).secured == "signed"
    assert understand(with_file("application/pgp-signature")).secured == "signed"
    assert understand(with_file("application/pdf")).secured == ""
