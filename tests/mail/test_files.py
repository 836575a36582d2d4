"""Files are called by one safe name, known by what they are, and withheld when they can do harm."""

from __future__ import annotations

import email
import hashlib
from email.message import Message as Tree

import pytest

from mailgate.mail import files
from mailgate.mail.parse import understand

ZIP = b"PK\x03\x04\x14\x00\x06\x00" + bytes(18)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("factura.pdf", "factura.pdf"),
        ("Informe 1/2.pdf", "Informe 1_2.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/abs/uno.txt", "uno.txt"),
        (r"C:\datos\informe final.docx", "informe final.docx"),
        (r"\\servidor\comun\x.doc", "x.doc"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM¹.log", "_COM¹.log"),
        (".htaccess", "_.htaccess"),
        ("-rf", "_-rf"),
        ("x.txt. ", "x.txt"),
        ("a:b?.txt", "a_b_.txt"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("fac\u200btura.pdf", "factura.pdf"),
        ("una\r\nBcc: x.pdf", "una Bcc_ x.pdf"),
        ("．．／x", "_.._x"),
        ("", "file"),
        ("..", "file"),
        ("~", "file"),
        ("año nuevo 🎉.pdf", "año nuevo 🎉.pdf"),
    ],
)
def test_name_is_safe_and_still_itself(wanted: str, name: str) -> None:
    assert files.safe_name(wanted) == name


def test_long_name_keeps_its_extension() -> None:
    for stem in ("n" * 5000, "ñ" * 5000, "📎" * 400):
        name = files.safe_name(f"{stem}.pdf.exe")
        assert name.endswith(".exe")
        assert len(name) <= files.LONGEST_NAME
        assert len(name.encode()) <= files.LONGEST_NAME_BYTES


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "image/jpeg"),
        (b"MZ\x90\0", "application/x-msdownload"),
        (b"\x7fELF\x02", "application/x-executable"),
        (ZIP + b"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (ZIP + b"cualquiera.txt", "application/zip"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "application/x-7z-compressed"),
        (b"hola", ""),
        (b"", ""),
    ],
)
def test_true_type_is_by_the_first_bytes(content: bytes, kind: str) -> None:
    assert files.true_type(content) == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("factura.pdf.exe", b"x"),
        ("factura.pdf", b"MZ\x90\0"),
        ("nota.txt", b"#!/bin/sh\n"),
        ("x.JS", b"1"),
        ("x.lnk", b"L\0\0\0"),
        ("x.iso", b"C"),
        ("x.docm", ZIP),
        ("x.html", b"<p>a</p><script>alert(1)</script>"),
        ("x.svg", b"<svg onload=alert(1)>"),
        ("eicar.com", b"X5O!"),
    ],
)
def test_what_can_do_harm_is_withheld_and_it_is_said_why(name: str, content: bytes) -> None:
    assert files.danger(name, content)


@pytest.mark.parametrize(
    "name", ["informe.pdf", "datos.xlsx", "nota.txt", "copia.zip", "pagina.html", "logo.svg", "a.eml"]
)
def test_ordinary_files_pass(name: str) -> None:
    assert files.danger(name, b"<p>hola</p>") == ""


def test_made_file_says_what_it_holds() -> None:
    file = files.make("", "image/png", b"abc", content_id="a@b", inline=True, number=3)
    assert (file.name, file.named, file.size) == ("file-3.png", False, 3)
    assert file.sha256 == hashlib.sha256(b"abc").hexdigest()


def test_a_long_name_is_as_long_as_it_may_be() -> None:
    assert files.safe_name("n" * 146 + ".pdf") == "n" * 146 + ".pdf"
    assert files.safe_name("n" * 147 + ".pdf") == "n" * 146 + ".pdf"
    assert files.safe_name("ñ" * 118 + ".pdf") == "ñ" * 118 + ".pdf"  # 240 bytes
    assert files.safe_name("ñ" * 119 + ".pdf") == "ñ" * 118 + ".pdf"
    assert files.safe_name("n" * 200 + "." + "e" * 20) == "n" * 129 + "." + "e" * 20
    assert files.safe_name("n" * 200 + "." + "e" * 21) == "n" * 150  # no extension
    assert files.safe_name("n" * 145 + " x.pdf") == "n" * 145 + ".pdf"


def part_of(*headers: str, body: str = "x") -> Tree:
    return email.message_from_string("\n".join([*headers, "", body]))


def test_a_part_is_a_file_under_the_name_that_its_sender_gave() -> None:
    disposed = "Content-Disposition: attachment; filename=uno.txt"
    assert files.from_part(part_of("Content-Type: text/plain; name=dos.txt", disposed), 1).name == "uno.txt"
    assert files.from_part(part_of("Content-Type: text/plain; name=dos.txt"), 1).name == "dos.txt"
    nameless = files.from_part(part_of("Content-Type: image/png"), 4)
    assert (nameless.name, nameless.named, nameless.type) == ("file-4.png", False, "image/png")


@pytest.mark.parametrize(
    ("headers", "inline"),
    [
        (["Content-Disposition: inline"], True),
        (["Content-Disposition: attachment"], False),
        ([], False),
        (["Content-ID: <1@x>"], True),
        (["Content-ID: <1@x>", "Content-Disposition: attachment"], False),
        (["Content-ID: <1@x>", "Content-Disposition: inline"], True),
        (["Content-ID: < >"], False),
    ],
)
def test_what_the_text_shows_is_inline(headers: list[str], inline: bool) -> None:
    file = files.from_part(part_of("Content-Type: image/png", *headers), 1)
    assert file.inline is inline
    assert file.content_id == ("1@x" if "1@x" in str(headers) else "")
    assert len(files.from_part(part_of(f"Content-ID: <{'x' * 400}>"), 1).content_id) == 250


def test_an_attached_mail_is_named_by_its_sender_else_by_its_subject() -> None:
    whole, inside = part_of("Content-Type: message/rfc822"), part_of(f"Subject: Factura 1/2 {'x' * 90}")
    file = files.from_message(whole, [inside], b"Subject: x", 2)
    assert (file.name, file.named) == (f"Factura 1-2 {'x' * 68}.eml", False)
    assert file.content == b"Subject: x"
    assert files.from_message(whole, [], b"", 2).name == files.from_message(whole, [part_of()], b"", 2).name
    assert files.from_message(whole, [], b"", 2).name == "message-2.eml"
    given = files.from_message(part_of("Content-Type: message/rfc822; name=queja.eml"), [inside], b"", 2)
    assert (given.name, given.named) == ("queja.eml", True)


@pytest.mark.parametrize("active", [b"<SCRIPT>", b'<a onclick = "x">', b"javascript:x()"])
def test_a_page_with_a_script_is_withheld_and_a_text_about_one_is_not(active: bytes) -> None:
    assert files.danger("x.HTM", b" " * 199_900 + active) == "it holds a script: .htm"
    assert files.danger("x.txt", active) == files.danger("x.htm", b"<p>conclick</p>") == ""


@pytest.mark.parametrize(
    ("named", "called", "shown"),
    [
        ("Content-ID: <logo@b>\n", "attachment", True),
        ("Content-ID: <logo@b>\n", "inline", True),
        ("Content-ID: <otro@b>\n", "attachment", False),
        ("Content-ID: <otro@b>\n", "inline", True),
        ("", "attachment", False),
    ],
)
def test_a_picture_that_the_text_shows_is_none_of_the_files_whatever_it_is_called(
    named: str, called: str, shown: bool
) -> None:
    mail = f"""From: ana@x.example
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/html

<p>Hola <img src="cid:logo@b"></p>
--x
Content-Type: image/png
Content-Disposition: {called}; filename=logo.png
{named}Content-Transfer-Encoding: base64

iVBORw0KGgo=
--x--
"""
    assert [(file.name, file.inline) for file in understand(mail.encode()).attachments] == [("logo.png", shown)]
