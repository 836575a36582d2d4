"""HTML taken apart: the elements of a mail program say whose words they hold, and the person's come out as HTML."""

# ruff: noqa: E501 - the HTML of mail programs stands on one line
from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from mailgate.mail.html import to_text
from mailgate.mail.quotes_html import HtmlSplit, _read, _read_plain, split_html
from tests.mail.test_plain_html import documents, invented

SAID = "El lun, 23 nov 2026 a las 10:15, Soporte (&lt;s@b.example&gt;) escribió:"
HEADERS = "<b>De:</b> Soporte &lt;s@b.example&gt;<br><b>Enviado:</b> lunes, 23 de noviembre de 2026 10:15<br><b>Para:</b> Ana<br><b>Asunto:</b> RE: caso"
OLD = "<p>Texto de antes.</p>"

QUOTES = {
    "gmail": f'<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">{SAID}<br></div><blockquote class="gmail_quote">{OLD}</blockquote></div>',
    "gmail without attribution": f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{OLD}</blockquote>',
    "gmail in a language we do not know": f'<div class="gmail_quote"><div class="gmail_attr">Nge-23 Nov 2026 uSoporte ubhale<br></div><blockquote class="gmail_quote">{OLD}</blockquote></div>',
    "apple": f'<div><blockquote type="cite"><div>{SAID}</div><br class="Apple-interchange-newline">{OLD}</blockquote></div>',
    "plain blockquote below an attribution": f"<div>{SAID}</div><blockquote>{OLD}</blockquote>",
    "plain blockquote that begins with the attribution": f"<blockquote><div>{SAID}</div>{OLD}</blockquote>",
    "attribution over nothing": f"<div>{SAID}</div><div>{OLD}</div>",
    "attribution in pieces": "<p>El lun, 23 nov 2026 a las 10:15, <b>Soporte</b> &lt;<a href='mailto:s@b.example'>s@b.example</a>&gt; <span>escribió:</span></p>" + OLD,
    "outlook on the web": f'<div id="appendonsend"></div><hr style="width:98%"><div id="divRplyFwdMsg"><font>{HEADERS}</font></div>{OLD}',
    "outlook in a language we do not know": f'<hr><div id="divRplyFwdMsg"><b>Uvela:</b> Soporte<br><b>Kuya:</b> Ana<br></div>{OLD}',
    "outlook of the desk": f"<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>{HEADERS}</p></div></div>{OLD}",
    "outlook 2003": f'<div class=OutlookMessageHeader dir=ltr align=left><hr tabIndex=-1><font face=Tahoma>{HEADERS}</font><br></div>{OLD}',
    "outlook bookmark": f'<p class=MsoNormal><a name="_MailOriginal"><o:p>&nbsp;</o:p></a></p><p>{HEADERS}</p>{OLD}',
    "outlook for mac": f'<span id="OLK_SRC_BODY_SECTION"><div style="BORDER-TOP:#b5c4df 1pt solid">{HEADERS}</div>{OLD}</span>',
    "headers in a table": f"<table><tr><td>De:</td><td>Soporte &lt;s@b.example&gt;</td></tr><tr><td>Para:</td><td>Ana</td></tr><tr><td>Fecha:</td><td>23/11/2026 10:15</td></tr><tr><td>Asunto:</td><td>RE: caso</td></tr></table>{OLD}",
    "thunderbird": f'<div class="moz-cite-prefix">{SAID}<br></div><blockquote type="cite" cite="mid:1@b">{OLD}</blockquote>',
    "yahoo": f'<div id="ydpaayahoo_quoted_1" class="ydpaayahoo_quoted"><div>{SAID}</div>{OLD}</div>',
    "proton": f'<div class="protonmail_quote">{SAID}<blockquote class="protonmail_quote" type="cite">{OLD}</blockquote></div>',
    "zoho": f'<div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Mon, 23 Nov 2026 Soporte wrote ----</div><blockquote>{OLD}</blockquote></div>',
    "zimbra": f'<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{HEADERS}</div><div data-marker="__QUOTED_TEXT__">{OLD}</div>',
    "samsung": f"<div>-------- Mensaje original --------</div><div>De: Soporte &lt;s@b.example&gt;</div><div>Fecha: 23/11/26 10:15</div><div>Para: a@b.example</div><div>Asunto: x</div>{OLD}",
    "gmx": f'<div name="quote" style="border-left:2px solid #C3D9E5"><div><b>Gesendet:</b> Montag<br><b>Von:</b> Soporte</div>{OLD}</div>',
    "spark": f'<div name="messageReplySection">{SAID}<blockquote>{OLD}</blockquote></div>',
    "a second document": f"<hr>{HEADERS}</body></html><html><head><title>x</title></head><body>{OLD}</body></html>",
    "plain text in a pre": f"<pre>{SAID}\n&gt; Texto de antes.\n</pre>",
    "live mail": f'<hr id="stopSpelling">Date: Mon, 23 Nov 2026 10:15:00<br>From: s@b.example<br>To: a@b.example<br>Subject: x<br>{OLD}',
}  # fmt: skip


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
@pytest.mark.parametrize(
    "frame", ["{}", "<html><body dir=ltr>{}</body></html>", "<div><div><span>{}</span></div></div>"]
)
def test_quotes_are_cut_where_programs_put_them(quote: str, frame: str) -> None:
    parts = split_html(frame.format(f"<div>Sigue <b>igual</b> &amp; peor.</div><div><br></div>{quote}"))
    assert parts.own == "Sigue igual & peor."
    assert "Sigue <b>igual</b> &amp; peor." in parts.own_html
    assert "antes" not in parts.own_html
    assert "Texto de antes." in parts.quote


@pytest.mark.parametrize(
    "quote",
    [
        "gmail",
        "apple",
        "thunderbird",
        "plain blockquote below an attribution",
        "plain blockquote that begins with the attribution",
    ],
)
def test_words_below_the_quote_are_kept(quote: str) -> None:
    parts = split_html(f"<div>Arriba.</div>{QUOTES[quote]}<div>Abajo.</div>")
    assert parts.own == "Arriba.\n\nAbajo." or parts.own == "Arriba.\nAbajo."


def test_words_between_pieces_of_a_quote_are_kept() -> None:
    html = (
        f'<div class="gmail_quote"><div class="gmail_attr">{SAID}</div><blockquote class="gmail_quote">¿Versión?</blockquote>'
        '<div>La 8.2</div><blockquote class="gmail_quote">¿Copia?</blockquote><div>De ayer</div></div>'
    )
    parts = split_html(html)
    assert parts.own.split() == ["La", "8.2", "De", "ayer"]
    assert "¿Copia?" in parts.quote
    assert "¿Copia?" not in parts.own_html


def test_a_quote_that_ends_in_a_blank_line_ends_there() -> None:
    html = f'<div>{SAID}</div><blockquote type="cite"><div>¿Versión?</div><div><br></div></blockquote><p>La 8.2</p>'
    assert split_html(html).own == "La 8.2"
    signed = '<div>Uno</div><div class="gmail_signature">-- <br>Ana<br><br></div><p>Dos</p>'
    assert split_html(signed).own.split() == ["Uno", "Dos"]


KEPT = {
    "a blockquote that indents": "<div>Transcribo:</div><blockquote style='margin:0 0 0 40px'>No hay sistema</blockquote><div>Eso.</div>",
    "a blockquote above a real quote": "<div>Transcribo:</div><blockquote>No hay sistema</blockquote>",
    "a drawn line": "<p>Uno</p><hr><p>Dos</p>",
    "a box with a border": "<div style='border-top:solid 1px red'>Nota: uno</div><p>Dos</p>",
    "a table of things": "<table><tr><td>De:</td><td>Cali</td></tr><tr><td>Para:</td><td>Pasto</td></tr></table><p>¿Cuánto?</p>",
}


@pytest.mark.parametrize("html", KEPT.values(), ids=KEPT.keys())
def test_formatting_is_the_persons(html: str) -> None:
    parts = split_html(html + QUOTES["gmail"])
    assert "antes" not in parts.own
    for word in ("sistema", "Dos", "Cuánto"):
        assert (word in html) == (word in parts.own)
    assert split_html(html).quote == ""


SIGNATURES = {
    "gmail": '<span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature" data-smartmail="gmail_signature">Ana Pérez<br>Compras</div>',
    "outlook on the web": '<div id="Signature"><div>Ana Pérez</div><div>Compras</div></div>',
    "outlook on telephones": '<div id="ms-outlook-mobile-signature">Ana Pérez<br>Compras</div>',
    "thunderbird": '<pre class="moz-signature" cols="72">-- \nAna Pérez\nCompras</pre>',
    "yahoo": '<div class="ydp1yahoo-signature">Ana Pérez<br>Compras</div>',
    "zimbra": '<div data-marker="__SIG_PRE__">Ana Pérez<br>Compras</div>',
    "sign-off": "<p>Cordialmente,</p><p>&nbsp;</p><p>Ana Pérez<br>Compras</p><p><img src='cid:logo'></p>",
}


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES.keys())
def test_signatures_are_found(signature: str) -> None:
    parts = split_html(f"<div>Listo.</div><br>{signature}<br>{QUOTES['gmail']}")
    assert parts.own == "Listo."
    assert "Ana Pérez" in parts.signature
    assert "Compras" in parts.signature


def test_words_typed_into_the_signature_are_the_persons_when_there_are_no_others() -> None:
    parts = split_html(
        f'<div id="Signature"><div>No me funciona la clave, ¿la reinician?</div></div>{QUOTES["outlook on the web"]}'
    )
    assert parts.own == "No me funciona la clave, ¿la reinician?"
    bare = split_html(
        f'<div id="Signature"><div>Ana Pérez</div><div>Tel. 300 555 0123</div></div>{QUOTES["outlook on the web"]}'
    )
    assert (bare.own, bare.signature) == ("", "Ana Pérez\nTel. 300 555 0123")


def test_a_picture_alone_is_the_persons() -> None:
    parts = split_html(f'<div><img src="cid:error"></div>{QUOTES["outlook on the web"]}')
    assert "cid:error" in parts.own_html


def test_the_persons_html_has_no_blank_ends() -> None:
    html = f"<div><br></div><div>Uno</div><div><br></div><div>Dos</div><p>&nbsp;</p><p>&nbsp;</p>{QUOTES['outlook of the desk']}"
    assert split_html(html).own_html == "<html><body><div>Uno</div><div><br></div><div>Dos</div></body></html>"


def test_tables_and_pictures_keep_their_shape() -> None:
    html = '<table border="1"><tr><td>a</td><td></td><td>c</td></tr></table><p>Vea: <img src="cid:x" alt=""></p><ul><li>uno<li>dos</ul>'
    parts = split_html(html + QUOTES["gmail"])
    assert "<td>a</td><td></td><td>c</td>" in parts.own_html
    assert 'src="cid:x"' in parts.own_html
    assert "<li>uno</li><li>dos</li>" in parts.own_html


def test_what_we_sent_is_known_without_marks() -> None:
    letter = "Hola María:\n\nHemos reiniciado el servidor de la tienda. ¿Puede probar ahora?\n\nLa mesa de ayuda"
    html = "<p>Ya entra.</p><p>Hola María:</p><p>Hemos reiniciado el <b>servidor</b> de la&nbsp;tienda. ¿Puede probar ahora?</p><p>La mesa de ayuda</p>"
    assert split_html(html, [letter]).own == "Ya entra."
    assert "reiniciado" in split_html(html).own


def test_answers_typed_inside_the_quote() -> None:
    letter = (
        "¿Qué versión del programa tiene instalada en la tienda?\n¿Tiene una copia de seguridad de los datos de ayer?"
    )
    one, two = letter.split("\n")
    html = f'<div>Respondo en rojo.</div><blockquote type="cite"><div>{SAID}</div><p>{one}</p><p style="color:red">La 8.2</p><p>{two}</p></blockquote>'
    assert split_html(html, [letter]).own.split("\n\n") == ["Respondo en rojo.", "La 8.2"]
    assert split_html(html).own == "Respondo en rojo."


def test_attributes_cannot_break_out() -> None:
    html = '<p title="&quot;&gt;&lt;script&gt;x">hola</p><a<b> href=x>y</a>'
    assert "<script>" not in split_html(html).own_html


def test_of_elements_that_nobody_names_so_the_words_are_left() -> None:
    """Both tags go, or neither: the person's HTML is put into letters of ours."""
    assert split_html("<p>Hola <x$y>mundo</x$y> ya</p>").own_html == "<html><body><p>Hola mundo ya</p></body></html>"
    office = "<p>Hola <o:p>mundo</o:p></p>"
    assert split_html(office).own_html == f"<html><body>{office}</body></html>"


PIECES = st.sampled_from(
    ["<div>", "</div>", "<blockquote>", "<blockquote type=cite>", "</blockquote>", "<p>", "<br>", "<hr>", "<table>", "<tr>", "<td>", "</table>",
     "<pre>", "</pre>", "hola", "&nbsp;", "&#0;", "<!--", "-->", "<b>", "</p>", SAID, "De: a@b.co", "-- ", "<div class=gmail_quote>", "\n",
     "<div id=Signature>", "<img src=x>", "<html>", "<body>", "<li>", "<svg>", "<math>", "<template>", "\x00", "<style>", "</style>", "<textarea>"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=20), max_size=40))
@settings(max_examples=200, deadline=None)
def test_anything_is_taken_apart_the_same_way_twice(pieces: list[str]) -> None:
    html = "".join(pieces)
    first = split_html(html)
    assert isinstance(first, HtmlSplit)
    assert split_html(html) == first


WORDS = st.sampled_from(
    [
        "sol",
        "mar",
        "luz",
        "pan",
        "voz",
        "rey",
        "uva",
        "hoy",
        "Gracias",
        "Saludos,",
        "escribió:",
        "De:",
        "Para:",
        "Asunto:",
        "--",
        "10:15",
        "23/11/2026",
        "a@b.co",
    ]
)
MARKUP = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        "<br>",
        "<blockquote>",
        "</blockquote>",
        "<blockquote type=cite>",
        "<table><tr><td>",
        "</table>",
        "<hr>",
        "<ul><li>",
        "</ul>",
        "<b>",
        "</b>",
        "<div id=divRplyFwdMsg>",
        "<div class=gmail_quote>",
        "<div class=gmail_attr>",
    ]
)


@given(st.lists(WORDS | MARKUP, max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_word_is_lost_or_doubled(pieces: list[str]) -> None:
    parts = split_html(" ".join(pieces))
    said = sorted(piece for piece in pieces if not piece.startswith("<"))
    found = f"{parts.own} {parts.quote} {parts.signature}".split()
    assert (
        sorted(word for word in found if word not in ("*", "+", "o", "#", "-")) == said
    )  # without the bullets of lists


CLOSED = (
    "gmail",
    "gmail without attribution",
    "apple",
    "thunderbird",
    "yahoo",
    "proton",
    "zoho",
    "gmx",
    "spark",
    "plain blockquote below an attribution",
    "plain blockquote that begins with the attribution",
)
SPOKEN = st.sampled_from(
    [
        "<p>Sigue igual.</p>",
        "<div>La 8.2<br><br></div>",
        "No<br>",
        "<div><div>Ya pagué</div><div><br></div></div>",
        "<ul><li>uno</li><li>dos</li></ul>",
        "<table><tr><td>total</td><td>40</td></tr></table>",
        "<br><br>Vale",
    ]
)


@given(st.lists(SPOKEN | st.sampled_from([QUOTES[name] for name in CLOSED]), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_around_closed_quotes_is_kept(pieces: list[str]) -> None:
    said = to_text("\n".join(piece for piece in pieces if piece not in QUOTES.values()))
    parts = split_html("<html><body>" + "\n".join(pieces) + "</body></html>")
    assert re.findall(r"\w+", parts.own) == re.findall(r"\w+", said)


HOSTILE = {
    "nested": "<div>" * 200_000 + "x",
    "nested inline": "<b>" * 100_000 + "x",
    "blockquotes": "<blockquote>" * 1_500 + "x" + "</blockquote>" * 1_500,
    "wide": "<p>hola</p>" * 30_000,
    "breaks": "<br>" * 50_000,
    "attributes": "<p " + " ".join(f"a{n}=b" for n in range(5_000)) + ">x",
    "open tags": "<" * 300_000,
    "comments": "<!--" * 100_000,
    "cells": "<table>" + "<tr><td>De: a@b.co<td>x" * 20_000,
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_html_takes_time_in_proportion(html: str, pytestconfig: pytest.Config) -> None:
    seconds = 10.0
    if not pytestconfig.getoption("--long"):
        html, seconds = html[: len(html) // 4], seconds / 4
    began = time.process_time()
    split_html(html)
    assert time.process_time() - began < seconds


def test_plain_html_is_read_as_the_parser_reads_it() -> None:
    """Paragraphs and little else are read without a document; every line, mark and element comes out the same."""
    chance = random.Random(1042)
    written = [invented(chance) for _ in range(1500)]
    parsed = [body.inner_html or "" for one in written if (body := LexborHTMLParser(one).body)]
    read = {one: plain for one in documents() + written + parsed if (plain := _read_plain(one)) is not None}
    assert len(read) > 500
    for one, plain in read.items():
        root = LexborHTMLParser(one).root
        assert root is not None
        assert plain == _read(root), one
