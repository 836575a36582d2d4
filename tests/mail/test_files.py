"""Files are called by one safe name, known by what they are, and withheld when they can do harm."""

from __future__ import annotations

import hashlib

import pytest

from mailgate.mail import files

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
