"""A plain text taken apart: nothing of the person's is lost, nothing of the quote is shown as theirs."""

# ruff: noqa: E501, W291 - what mail programs write stands on one line, with its blanks
from __future__ import annotations

import time
from pathlib import Path
from textwrap import dedent, wrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailgate.mail.quotes import split_text


def own(text: str, *known: str) -> str:
    return split_text(dedent(text).strip("\n"), known).own


# Announcements of a quote, as programs write them; below each stands unmarked text, so that only the words can tell.
ATTRIBUTIONS = [
    "El lun, 23 nov 2026 a las 10:15, Fulano (<a@b.example>) escribió:",
    "El lun, 23 nov 2026 a la(s) 10:15 a.m., Fulano De Tal (a@b.example) escribió:",
    "El 23/11/2026 a las 10:15 a. m., Fulano <a@b.example> escribió:",
    "El mié., 2 de nov. de 2026 10:15 a. m., Fulano <a@b.example> escribió:",
    "El mié., 2 nov. 2026 10:15, Fulano\n<a@b.example> escribió:",
    "El lun, 23 nov 2026 a las 10:15, Soporte Técnico de la Empresa Colombiana (<\nsoporte@empresa.example>) escribió:",
    "El 23 nov 2026, a las 10:15, Fulano <a@b.example> escribió:",
    "El El lun, 23 de nov de 2026 a la(s) 10:15 a. m., Fulano <a@b.example> escribió:",
    "El lunes, 23 de noviembre de 2026, 10:15:03 a. m. COT, Fulano <a@b.example> escribió:",
    "En lunes, 23 de noviembre de 2026, 10:15:03 a. m. GMT-5, Fulano <a@b.example> escribió:",
    "El lunes, 23 de noviembre de 2026 a las 10:15, Fulano <a@b.example> escribió:",
    "El 23/11/2026 10:15, a@b.example escribió:",
    "El 2026-11-23 10:15, Fulano escribió:",
    "El 23 de noviembre de 2026, 10:15, Fulano <a@b.example> ha escrito:",
    "2026-11-23 10:15 GMT-05:00 Fulano <a@b.example>:",
    "Fulano <a@b.example> escribió el 23/11/2026 a las 10:15:",
    "Con fecha 23 de noviembre de 2026, 10:15, Fulano <a@b.example> escribió:",
    "Em seg., 23 de nov. de 2026 às 10:15, Fulano <a@b.example> escreveu:",
    "Em seg, 23 de nov de 2026 10:15, Fulano\n<a@b.example> escreveu:",
    "Fulano <a@b.example> escreveu (segunda, 23/11/2026 à(s) 10:15):",
    "Fulano <a@b.example> escreveu no dia segunda, 23/11/2026 à(s) 10:15:",
    "No dia 23/11/2026, às 10:15, Fulano <a@b.example> escreveu:",
    "Em 23/11/2026 10:15, Fulano escreveu:",
    "Às 10:15 de 23/11/2026, Fulano escreveu:",
    "Em segunda-feira, 23 de novembro de 2026 às 10:15:03 BRT, Fulano <a@b.example> escreveu:",
    "segunda-feira, 23 de novembro de 2026 às 10:15, Fulano <a@b.example> escreveu:",
    "On Mon, Nov 23, 2026 at 10:15 AM Fulano <a@b.example> wrote:",
    "On Mon, 23 Nov 2026 at 10:15, Fulano <a@b.example> wrote:",
    "On Nov 23, 2026, at 10:15 AM, Fulano <a@b.example> wrote:",
    "On 11/23/26 10:15, Fulano wrote:",
    "On Monday, November 23rd, 2026 at 10:15 AM, Fulano <a@b.example> wrote:",
    "Le lun. 23 nov. 2026 à 10:15, Fulano <a@b.example> a écrit :",
    "Le 23/11/2026 à 10:15, Fulano a écrit :",
    "Am Mo., 23. Nov. 2026 um 10:15 Uhr schrieb Fulano <a@b.example>:",
    "Am 23.11.26 um 10:15 schrieb Fulano:",
    "Il giorno lun 23 nov 2026 alle ore 10:15 Fulano <a@b.example> ha scritto:",
    "Il 23/11/2026 10:15, Fulano ha scritto:",
    "Op ma 23 nov 2026 om 10:15 schreef Fulano <a@b.example>:",
    "Missatge de Fulano <a@b.example> del dia dl., 23 de nov. 2026 a les 10:15:",
    "El dl., 23 nov. 2026, 10:15, Fulano <a@b.example> va escriure:",
    "O luns, 23 de novembro de 2026 ás 10:15, Fulano <a@b.example> escribiu:",
    "pon., 23 lis 2026 o 10:15 Fulano <a@b.example> napisał(a):",
    "W dniu 23.11.2026 o 10:15, Fulano pisze:",
    "пн, 23 нояб. 2026 г. в 10:15, Fulano <a@b.example>:",
    "23.11.2026 10:15, Fulano пишет:",
    "Den man. 23. nov. 2026 kl. 10.15 skrev Fulano <a@b.example>:",
    "Den mån 23 nov. 2026 kl 10:15 skrev Fulano <a@b.example>:",
    "man. 23. nov. 2026 kl. 10:15 skrev Fulano <a@b.example>:",
    "ma 23. marrask. 2026 klo 10.15 Fulano (a@b.example) kirjoitti:",
    "---- El lun., 23 nov. 2026 10:15:00 -0500 Fulano <a@b.example> escribió ----",
    "*El lun, 23 nov 2026 a las 10:15, Fulano (<a@b.example>) escribió:*",
]


@pytest.mark.parametrize("said", ATTRIBUTIONS)
@pytest.mark.parametrize("mark", ["", "> "], ids=["unmarked", "marked"])
def test_attributions_begin_the_quote(said: str, mark: str) -> None:
    quoted = "\n".join(f"{mark}{line}".rstrip() for line in ["Hola:", "", "Ya quedó listo su caso.", "Gracias"])
    parts = split_text(f"Buenas, sigue igual.\n\n{said}\n\n{quoted}\n")
    assert parts.own == "Buenas, sigue igual."
    assert said.splitlines()[0] in parts.quote
    assert "Ya quedó listo su caso." in parts.quote


def test_attributions_of_every_program_end_the_own_text_however_they_are_wrapped() -> None:
    """Also by authors whose names begin like a weekday or a month of some language."""
    table = (Path(__file__).resolve().parents[1] / "mails" / "attributions.txt").read_text("utf-8")
    above, below = "Sigue igual.\n\nYa probé con otro usuario.", "Hola, Ana:\n\nYa quedó listo su caso.\nSoporte"
    marked = "\n".join(f"> {line}" for line in below.split("\n"))
    read_wrong = [
        (said, mark)
        for line in table.splitlines()[1:]
        for name in ("Soporte Apolo", "Julio Domínguez", "Ana Ruiz")
        for width in (40, 60, 72, 300)
        for said in ["\n".join(wrap(line.replace("Soporte Apolo", name), width, break_on_hyphens=False))]
        for mark, quoted in (("", below), (">", marked))
        if split_text(f"{above}\n\n{said}\n\n{quoted}\n").own != above
    ]
    assert read_wrong == []


HEADERS = [
    ("De", "Enviado el", "Para", "Asunto"), ("De", "Enviado", "Para", "Asunto"), ("De", "Fecha", "Para", "Asunto"),
    ("*De*", "*Enviado*", "*Para*", "*Asunto*"), ("From", "Sent", "To", "Subject"), ("From", "Date", "To", "Subject"),
    ("De", "Enviada em", "Para", "Assunto"), ("De", "Data", "Para", "Assunto"), ("De", "Envoyé", "À", "Objet"),
    ("De", "Envoyé", "À", "Objet"), ("Von", "Gesendet", "An", "Betreff"), ("Da", "Inviato", "A", "Oggetto"),
    ("Van", "Verzonden", "Aan", "Onderwerp"), ("De", "Enviat", "Per a", "Assumpte"), ("De", "Enviado o", "Para", "Asunto"),
    ("Od", "Wysłano", "Do", "Temat"), ("От", "Отправлено", "Кому", "Тема"), ("Fra", "Sendt", "Til", "Emne"),
    ("Från", "Skickat", "Till", "Ämne"), ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
]  # fmt: skip


@pytest.mark.parametrize("labels", HEADERS, ids=lambda labels: "-".join(labels[:2]))
@pytest.mark.parametrize("above", ["", "________________________________\n", "-----Original Message-----\n"])
def test_header_blocks_begin_the_quote(labels: tuple[str, ...], above: str) -> None:
    values = (
        "Fulano <a@b.example>",
        "lunes, 23 de noviembre de 2026 10:15",
        "Ana Pérez; Luis <l@b.example>",
        "RE: hola",
    )
    block = "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))
    parts = split_text(f"Listo, gracias.\n\n{above}{block}\n\nTexto de antes.\nMás texto.\n")
    assert parts.own == "Listo, gracias."
    assert parts.quote.endswith("Más texto.")


@pytest.mark.parametrize(
    "separator",
    [
        "-----Mensaje original-----", "----- Mensaje original -----", "-------- Mensaje Original --------",
        "-----Original Message-----", "-----Mensagem original-----", "-------- Mensagem original --------",
        "---------- Forwarded message ---------", "---------- Mensaje reenviado ----------", "-----Ursprüngliche Nachricht-----",
        "-------- Message d'origine --------", "-----Messaggio originale-----", "-----Oorspronkelijk bericht-----",
        "-------- Missatge original --------", "-------- Mensaxe orixinal --------", "-----Ursprungligt meddelande-----",
        "Inicio del mensaje reenviado:", "Begin forwarded message:", "Início da mensagem encaminhada:",
    ],
)  # fmt: skip
def test_separators_begin_the_quote(separator: str) -> None:
    assert own(f"Ver abajo.\n\n{separator}\n\nHola, esto es lo de antes.") == "Ver abajo."


def test_separators_in_languages_that_no_table_holds() -> None:
    rows = "Naslovo: x\nDatumo: Wed, 3 Nov 2026 15:51:30 +0100\nSxalje: Fulano <a@b.example>\nPrimo: c@d.example"
    assert own(f"Ver.\n\n-------- Plusendita mesagxo --------\n{rows}\n\nTexto.") == "Ver."
    listed = "Ver.\n\n-------- Pedido --------\nRef: AX-1\nCant: 3\nPrecio: 40"
    assert own(listed) == listed


def test_yahoo_forwards_with_all_headers_on_one_line() -> None:
    line = "   ----- Mensaje reenviado ----- De: Ana <a@b.example>Para: <c@d.example>Enviado: lunes, 23 de noviembre de 2026"
    assert own(f"Ver.\n\n{line}\n Texto.") == "Ver."


KEPT = {
    "a sentence that tells of a letter": "Ayer 22/11/2026 a las 10:15 Ricardo me escribió:\n\nque eso lo manejan ustedes.",
    "dates in a list": "Horarios:\n\n23/11/2026 10:15\n24/11/2026 11:30\n\nLos demás no.",
    "a memorandum's head": "De: Almacén\nPara: Sistemas\nFecha: 23/11/2026\nAsunto: Toner\n\nFavor enviar dos.",
    "a journey": "Buenos días, necesito cotizar:\n\nDe: Bogotá\nPara: Cali\nFecha: 3 de diciembre de 2026\n\n¿Cuánto vale?",
    "a shipment": "Datos del envío:\nDe: María <m@b.example>\nPara: Pedro\nFecha: 23/11/2026 10:00\n\nGracias",
    "a log of a mail": "El log dice:\nFrom: a@b.example\nTo: c@d.example\nSubject: test\n550 rejected\n\n¿qué hago?",
    "a log with addresses": "Sale esto:\nUser: Ana <ana@b.example>\nTime: 2026-11-23 10:15\nError: 550 rejected\n\n¿qué hago?",
    "an invitation": "El 24/11/2026 a las 10:15 reunión con ana@b.example:\n- punto 1\n- punto 2",
    "what somebody wrote to me": "El 24/11/2026 a las 10:15 ana@b.example me escribió:\n\nque no hay.",
    "greater than": "Los que tienen\n> 50 artículos\nse bloquean, los demás no.",
    "a rule of dashes": "Resumen\n--------\n\nTodo bien.\n\n--------\n\nFin.",
    "a colon after an address": "Mi correo nuevo es ana@b.example:\n\nanótenlo por favor.",
    "a greeting that signs off": "Saludos,\n\nNo puedo entrar.",
    "an afterthought": "Gracias.\n\nP.D.: el viernes no estoy.",
    "sent from in a sentence": "Enviado desde mi oficina el paquete, que llegue mañana es lo importante ahora.",
    "a letter gone astray": "Recibí por error un correo confidencial para otro destinatario, con datos personales, elimínelo.",
    "privacy is what it is about": "Solicito, con base en la Ley 1581 y el habeas data, que eliminen mis datos personales.",
    "a list with dashes": "Faltan:\n-- tóner\n-- papel\n-- grapas",
    "on the first day": "On Monday I will call you.\n\nOn Tuesday I am out:\n\n- call Ana",
    "rules between points": "Primero\n--\nno abre el programa.\n--\nno imprime nada.",
    "an escaped From": "Hola\n>From the start it failed.\nOk",
    "numbers and a colon": "El saldo del 23/11/2026 era de 10:15 horas extra:\n\nRevisen eso.",
    "shouting below a greeting": "NO SIRVE NADA.\n\nSALUDOS\nURGE SOLUCION",
    "an address alone": "Escríbanme a:\n\nana@b.example",
    "a quote of one's own": 'Textualmente dice:\n"De: la central Para: todos"\nY no entiendo.',
    "names after a colon": "Por favor crear los usuarios:\n\nAna Pérez\nana@b.example\n3005550123",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    parts = split_text(text)
    assert (parts.own, parts.quote, parts.signature) == (text, "", "")


def test_answers_between_and_below_are_kept_in_order() -> None:
    text = """
        El lun, 23 nov 2026 a las 10:15, Soporte (<s@b.example>) escribió:

        > ¿Qué versión usa?
        La 8.2
        > ¿Tiene copia de seguridad?
        > Si no, hágala.

        Sí, de ayer.

        > Quedamos atentos.

        Yo también.
        -- 
        Ana
    """
    parts = split_text(dedent(text).strip("\n"))
    assert parts.own.split("\n\n") == ["La 8.2", "Sí, de ayer.", "Yo también."]
    assert parts.signature == "--\nAna"


def test_an_answer_between_the_attribution_and_the_quote_is_kept() -> None:
    text = """
        El lun, 23 nov 2026 a las 10:15, Soporte (<s@b.example>) escribió:

        Respondo abajo, punto por punto.

        > ¿Qué versión usa?

        La 8.2
    """
    assert own(text) == "Respondo abajo, punto por punto.\n\nLa 8.2"


def test_broken_ends_of_quoted_lines_are_quote() -> None:
    text = """
        Listo.

        El lun, 23 nov 2026 a las 10:15, Soporte (<s@b.example>) escribió:
        > Hemos revisado el servidor de la tienda y encontramos que el disco está
        lleno
        > desde el viernes.
    """
    assert own(text) == "Listo."


def test_yahoo_on_telephones_quotes_behind_the_attribution() -> None:
    text = "Ya pagué.\n\n  El lun., 23 de nov. de 2026 a la(s) 10:15 a. m., Soporte<s@b.example> escribió:   Hola Ana, por favor pague.\nGracias."
    assert own(text) == "Ya pagué."


def test_bars_can_be_marks() -> None:
    text = "Ok\n\nEl 23/11/2026 a las 10:15, X escribió:\n| hola\n|\n| mundo\n\nAbajo también."
    assert own(text) == "Ok\n\nAbajo también."
    table = "Son estos:\n\n| ref | cant |\n| AX-1 | 3 |"
    assert own(table) == table


@pytest.mark.parametrize("end", ["escribió", "escribió.", "escribió ..."])
def test_an_attribution_may_end_without_its_colon(end: str) -> None:
    said = f"El lun, 23 nov 2026 a las 10:15, Fulano <a@b.example> {end}"
    assert own(f"Ya.\n\n{said}\n\nHola, ¿ya?") == "Ya."


LABELS = {
    "Spanish": ("De", "Fecha", "Para", "Asunto"),
    "English": ("From", "Date", "To", "Subject"),
    "when it was sent": ("De", "Enviado", "Para", "Asunto"),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
@pytest.mark.parametrize("above", ["Ya quedó, gracias.", ""], ids=["below words", "on top"])
def test_headers_may_name_many_people_each_on_a_line(labels: tuple[str, ...], above: str) -> None:
    """A mail to the whole office: programs that write headers as text break them behind each recipient."""
    sender, date, to, subject = labels
    for many in (1, 4, 5, 20, 60):
        people = ";\n".join(f"Persona {number} <p{number}@b.example>" for number in range(many))
        head = f"{sender}: Soporte <s@b.example>\n{date}: lunes, 23 de noviembre de 2026 10:15\n{to}: {people}\n{subject}: Caso"
        parts = split_text(f"{above}\n\n{head}\n\n¿Ya abre?")
        assert (parts.own, "¿Ya abre?" in parts.quote) == (above, True), many


def test_people_on_a_list_of_ones_own_are_text() -> None:
    listed = "\n".join(f"Persona {number} <p{number}@b.example>;" for number in range(8))
    for text in (
        f"Favor crear estos:\n{listed}\nGracias",
        f"Para: {listed}\nFavor avisarles.",
        f"De: {listed}\nAsunto: ninguno",
    ):
        assert own(text) == text


LETTER = """Hola María:

Hemos reiniciado el servidor de la tienda. ¿Puede probar ahora y contarnos
si ya entra?

Su número de caso es el 1042.

Gracias
La mesa de ayuda"""


class TestWhatWeSentIsKnown:
    """The letter that is answered is recognised whatever the mail program did to it."""

    def test_without_any_mark(self) -> None:
        mangled = LETTER.replace("contarnos\nsi", "contarnos si").replace("í", "i\u0301").replace("1042", "<b>1042</b>")
        mangled = mangled.replace("<b>", "*").replace("</b>", "*").replace(" tienda", "&nbsp;tienda")
        parts = split_text(f"Ya entra, gracias\n\n{mangled}", [LETTER])
        assert parts.own == "Ya entra, gracias"
        assert "mesa de ayuda" in parts.quote

    def test_a_piece_of_it(self) -> None:
        piece = "Hemos reiniciado el servidor de la tienda. ¿Puede probar\nahora y contarnos si ya entra?"
        assert own(f"{piece}\n\nSí, ya entra.", LETTER) == "Sí, ya entra."

    def test_a_short_line_of_it_may_be_anybodys(self) -> None:
        assert own("Ya quedó.\n\nGracias\n", LETTER) == "Ya quedó.\n\nGracias"

    def test_cited_in_passing(self) -> None:
        text = "Ustedes dicen «Hemos reiniciado el servidor de la tienda. ¿Puede probar\nahora y contarnos» pero nada."
        assert own(text, LETTER) == text

    def test_answers_inside_an_unmarked_quote(self) -> None:
        """Outlook marks nothing: "respondo en rojo" stands among our words."""
        head = "De: Soporte <s@b.example>\nEnviado el: lunes, 23 de noviembre de 2026 10:15\nPara: María\nAsunto: RE: caso\n\n"
        asked, rest = LETTER.split("\n\nSu número")
        text = (
            f"Respondo abajo.\n\n{head}{asked}\n\nSí, ya entra pero lento.\n\nSu número{rest}\n\nDe antes: otra cosa."
        )
        parts = split_text(text, [LETTER])
        assert parts.own == "Respondo abajo.\n\nSí, ya entra pero lento."
        assert "Su número de caso" in parts.quote
        assert split_text(text).own == "Respondo abajo."

    def test_an_answer_below_all_of_it(self) -> None:
        """Outlook again, and the person writes under our letter, with nothing above."""
        head = "De: Soporte <s@b.example>\nEnviado el: lunes, 23 de noviembre de 2026 10:15\nPara: María\nAsunto: RE: caso\n\n"
        parts = split_text(f"{head}{LETTER}\n\nYa entra, gracias.\n\nEnviado desde mi iPhone", [LETTER])
        assert (parts.own, parts.signature) == ("Ya entra, gracias.", "Enviado desde mi iPhone")
        assert split_text(f"{head}{LETTER}\n\nYa entra, gracias.").own == ""

    def test_its_last_few_words_below_an_answer(self) -> None:
        """Nothing marks the quote, and below the answer stands only how our letter ends."""
        letter = f"{LETTER}\n\n¿Desde cuándo ocurre el error que nos describe?\n\nQuedamos atentos.\nSoporte Tienda"
        text = letter.replace("describe?\n", "describe?\nDesde ayer.\n")
        assert own(text, letter) == "Desde ayer."
        assert own("Ya entra.\n\nQuedamos atentos.\nSoporte Tienda", letter).startswith("Ya entra.\n\nQuedamos")

    def test_a_letter_we_did_not_send_is_not_known(self) -> None:
        assert own("Hemos reiniciado el servidor nosotros mismos y nada.", LETTER).startswith("Hemos")


def test_outlook_prefaces_comments_with_the_author() -> None:
    head = (
        "De: Soporte <s@b.example>\nEnviado el: lunes, 23 de noviembre de 2026 10:15\nPara: María\nAsunto: RE: caso\n\n"
    )
    parts = split_text(f"Ver comentarios.\n\n{head}¿Versión?\n[María Gómez] La 8.2\n¿Copia?", author="María Gómez")
    assert parts.own == "Ver comentarios.\n\n[María Gómez] La 8.2"


LINES = st.sampled_from(
    [
        "", "Hola", "> Hola", ">> x", "-- ", "--", "Cordialmente,", "Juan Pérez", "De: a <a@b.co>", "Enviado: 10:15", "Para: b",
        "Asunto: x", "-----Mensaje original-----", "El lun, 23 nov 2026 a las 10:15, X <a@b.co> escribió:", "escribió:",
        "________________", "Enviado desde mi iPhone", "AVISO LEGAL: confidencial", "Tel. 300 555 0123", "\u2028", "\x00", "\r",
        "On Monday", "<", ">", "> ", "Gracias", "https://x.example", "[cid:a]", "\ufeff", " \t ", "P.D.: algo", "¿Y eso?",
    ]
)  # fmt: skip


@given(st.lists(LINES | st.text(max_size=30), max_size=40), st.lists(st.text(max_size=60), max_size=3))
@settings(max_examples=300, deadline=None)
def test_no_line_is_lost_or_doubled(lines: list[str], known: list[str]) -> None:
    text = "\n".join(lines)
    parts = split_text(text, [*known, LETTER])
    before = sorted(
        line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()
    )
    after = [line for part in (parts.own, parts.quote, parts.signature) for line in part.split("\n") if line.strip()]
    assert sorted(after) == before
    assert split_text(text, [*known, LETTER]) == parts


ASKED = [
    "El lun, 23 nov 2026 a las 10:15, Soporte (<s@b.example>) escribió:\n\n> ¿Versión?\n>\n> ¿Copia?",
    "> ¿Copia?\n> ¿De cuándo?",
    "On Mon, Nov 23, 2026 at 10:15 AM Desk <\ndesk@b.example> wrote:\n> a\n>> b",
    "> El 23 nov 2026, a las 10:15, X <x@b.example> escribió:\n> \n> hola",
]
SAID = [
    "Sigue igual.",
    "La 8.2",
    "- uno\n- dos",
    "No.\n\n¿Y eso?",
    "Total: $40.000",
    "El lunes 23/11/2026 no abrimos.",
    "Ver https://x.example",
]


@given(st.lists(st.sampled_from(SAID) | st.sampled_from(ASKED), min_size=1, max_size=9))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_around_marked_quotes_is_kept(pieces: list[str]) -> None:
    said = "\n".join(piece for piece in pieces if piece not in ASKED)
    assert split_text("\n\n".join(pieces)).own.split() == said.split()


HOSTILE = {
    "one long line": "a" * 250_000,
    "quote marks": ">" * 250_000,
    "many quote marks": "> " * 125_000,
    "dashes": "--\n" * 50_000,
    "rules": "-" * 125_000 + "\n" + "_ " * 62_500,
    "colons": "a:\n" * 50_000,
    "labels": "De: a@b.co\n" * 18_750,
    "openers": "El 23/11/2026 a las 10:15,\n" * 12_500,
    "almost attributions": "El 23/11/2026 a las 10:15, a@b.co escribió\n" * 7_500,
    "attributions in one line": "El lun, 23 nov 2026 10:15 a@b.co escribió: " * 5_000,
    "addresses": "a@" * 125_000 + ":",
    "brackets": "<" * 125_000 + ">:",
    "sign-offs": "Cordialmente,\n\n" * 18_750,
    "names": "Saludos,\n" + "Juan Pérez\n" * 25_000,
    "notices": "Este mensaje y sus anexos son confidenciales.\n\n" * 7_500,
    "devices": "Enviado desde mi iPhone\n" * 12_500,
    "blanks": " \n" * 87_500,
    "spaces": " " * 250_000 + "x",
    "pairs": "El lun, 23 nov 2026 a las 10:15, X <a@b.co> escribió:\nno\n> x\n" * 3_750,
    "our words": (LETTER + "\nx\n") * 750,
    "digits": "1 " * 125_000,
    "bars": "El 23/11/2026 a las 10:15, X escribió:\n" + "| " * 125_000 + "x",
    "pictures": "hola\n" + "[cid:a] " * 50_000 + "x",
    "open brackets": ("[cid:" * 50_000) + "\n" + "<https://" * 50_000,
    "open addresses": "<a@b" * 50_000 + ":",
    "cards": "Saludos,\n" + "Ana - " * 40_000 + "\n",
    "words before a colon": "palabra " * 31_250 + ":",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_take_time_in_proportion(text: str, pytestconfig: pytest.Config) -> None:
    seconds = 5.0
    if not pytestconfig.getoption("--long"):
        text, seconds = text[: len(text) // 4] + text[-1], seconds / 4
    began = time.process_time()
    split_text(text, [LETTER])
    assert time.process_time() - began < seconds


@pytest.mark.parametrize("rule", ["-----", "_____________"])
def test_a_line_drawn_above_an_attribution_belongs_to_it_unless_it_is_far_off(rule: str) -> None:
    said = "El lun, 23 nov 2026 a las 10:15, Soporte (<s@b.example>) escribió:\n> hola"
    for blanks in range(4):
        gap = "\n" * (blanks + 1)
        assert own(f"Listo.\n\n{rule}{gap}{said}") == "Listo."
        assert own(f"Listo.\n\nhola{gap}{said}") == "Listo.\n\nhola"
    far = "\n" * 5
    assert own(f"Listo.\n\n{rule}{far}{said}") == f"Listo.\n\n{rule}"


def test_an_address_that_a_program_broke_at_its_end_is_no_quote_of_its_own() -> None:
    for broken in ("Soporte (<s@b.example\n>) escribió:", "Soporte <s@b.example\n>:"):
        assert own(f"Listo.\n\nEl lun, 23 nov 2026 a las 10:15, {broken}\n\n> hola") == "Listo."


def test_figures_at_the_edge_of_a_quote_are_quote_and_alone_they_are_the_persons() -> None:
    """«> 500» is how a quoted line begins, and how people write «more than 500»."""
    assert own("Sí, de acuerdo.\n\n> El total es de\n> 500 pesos") == "Sí, de acuerdo."
    assert own("> 3 usuarios no entran\n> desde el lunes\n\nYa entran.") == "Ya entran."
    alone = "Pasa cuando son\n> 500 pesos\nen la factura."
    assert own(alone) == alone


def test_header_blocks_in_languages_that_no_table_holds() -> None:
    """Somebody with an address, a date with a time of day, and two labels more (here Swahili)."""
    block = "Kutoka: Ana <ana@x.example>\nTarehe: 23/11/2026 10:15\nKwa: Luis <luis@x.example>\nMada: hola"
    assert own(f"Listo, gracias.\n\n{block}\n\nTexto de antes.") == "Listo, gracias."
    plan = "Lunes: Ana entrega\nMartes: 23/11/2026 10:15 reunión\nJueves: Luis revisa\nViernes: todos"
    assert own(f"Este es el plan.\n\n{plan}\n\nSaludos a todos.").startswith(f"Este es el plan.\n\n{plan}")


def test_recipients_may_take_several_lines_of_a_header_block() -> None:
    block = "De: Ana <ana@x.example>\nEnviado el: lunes, 23 de noviembre de 2026 10:15\nPara: Luis <luis@x.example>;\n Marta <marta@x.example>;\n Pepe <pepe@x.example>\nAsunto: RE: hola"
    assert own(f"Listo, gracias.\n\n{block}\n\nTexto de antes.") == "Listo, gracias."


def test_what_others_said_between_the_lines_of_our_letter_is_not_the_writers() -> None:
    """At the depth of our letter somebody has typed; deeper stands an older mail."""
    first = "Hemos reiniciado el servidor de la tienda y ya responde."
    second = "Cuéntanos por favor si todavía ves el mensaje de error."
    letter = f"{first}\n{second}"
    other, typed = ">> lo dijo otro antes", "> ya entra, sí"
    assert own(f"Va mi respuesta.\n\n> {first}\n{other}\n> {second}", letter) == "Va mi respuesta."
    assert own(f"Va mi respuesta.\n\n> {first}\n{typed}\n> {second}", letter) == f"Va mi respuesta.\n\n{typed}"


def test_a_letter_of_four_words_is_known_and_one_of_three_may_be_anybodys() -> None:
    for letter, known in (("Listo, ya quedó resuelto.", True), ("Ya quedó resuelto.", False)):
        assert own(f"Gracias a ti.\n\n{letter}", letter) == ("Gracias a ti." if known else f"Gracias a ti.\n\n{letter}")
