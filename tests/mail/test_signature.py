"""How people sign, and what only looks like a signature."""

# ruff: noqa: E501 - signatures stand as people write them, with their blanks
from __future__ import annotations

import pytest

from mailgate.mail.quotes import split_text

SAID = "No tengo acceso al sistema."

SIGNED = {
    "name": "Saludos,\nCarlos",
    "name and initial": "Slds\nCarlos M.",
    "courtesy, firm, telephone": "Cordialmente,\n\nLuz Marina Ospina\nAuxiliar contable\nTornillos del Norte S.A.S.\nTel. (601) 555 01 23 ext. 104",
    "bold": "Cordial saludo,\n\n*Luz Marina Ospina*\nGerente\n*Tornillos del Norte*\nCra 15 No. 93-40 Of. 201, Bogotá D.C.\nwww.tornillos.example",
    "capitals": "CORDIALMENTE,\n\nJUAN PEREZ\nCEL 300 123 4567",
    "title": "Atte.\n\nLic. Guadalupe Hernández\nDepto. de Sistemas",
    "a hospital": "Cordialmente,\n\nJUAN CARLOS PÉREZ GÓMEZ\nIngeniero de Sistemas – Área TIC\nE.S.E. Hospital San José\nTeléfono: 8 555 555 Ext 101",
    "motto": 'Atentamente,\n\nMaría Gómez\nDirectora de Compras\n"Trabajamos por un mejor país"\nTel 555 1234',
    "a card on one line": "Cordialmente,\n\nAna Ruiz | Gerente | Tornillos S.A.S. | Tel: 300 555 0123",
    "on one line": "Atentamente, Juan Pérez",
    "emoji": "Saludos 👋\nCarlos",
    "dashes": "-- \nJuan Pérez\nFerretería El Tornillo",
    "dashes without the space": "--\nJuan Pérez\nGerente",
    "courtesy above dashes": "Cordialmente,\n\n-- \nJuan Pérez",
    "a drawn line": "_____________________\nJuan Pérez\nGerente Comercial\nTel 300 123 4567",
    "logo": "Saludos cordiales,\nAna Ruiz\n[image: logo.png]",
    "iphone": "Enviado desde mi iPhone",
    "outlook": "Obtener Outlook para Android<https://aka.ms/AAb9ysg>",
    "an unknown telephone": "Enviado desde mi TCL 30 SE",
    "a program of one's own": "Enviado con el correo electrónico seguro de Proton Mail.",
    "a telephone in lower case": "enviado desde el celular",
    "two devices": "Enviado desde mi Samsung Mobile de Claro\nObtener Outlook para Android",
    "name and device": "Un saludo,\nMarta Llorente\n\nEnviado desde mi iPad",
    "mailfence": "-- \nEnviado con Mailfence\nCorreo seguro y privado",
    "notice": "AVISO LEGAL: Este mensaje es confidencial.",
    "starred notice": "******* AVISO DE CONFIDENCIALIDAD *******\nEste mensaje es confidencial y para su destinatario.\n*****************************************",
    "trees": "Antes de imprimir este correo piense si es necesario.",
    "two languages of notice": "Saludos,\nAna\n\nEste mensaje y sus adjuntos se dirigen exclusivamente a su destinatario y pueden\ncontener información privilegiada.\n\nThe information contained in this transmission is privileged and confidential\nand intended only for the individual named above.",
    "antivirus": "<https://www.avast.com/sig-email?utm_medium=email>\nLibre\nde virus.www.avast.com\n<https://www.avast.com/sig-email>\n<#DAB4FAD8-2DD7-40BB>",
    "portuguese": "Atenciosamente,\n\nAna Souza\nGerente\n(11) 95555-0123",
    "portugal": "Com os melhores cumprimentos,\nRui Conceição\nObras do Porto, Lda.",
    "english": "Best regards,\n\nJohn Doe\nCEO @ Acme",
    "german": "Mit freundlichen Grüßen\nHans Müller",
    "danish": "Med venlig hilsen\nAnders Andersen",
}


@pytest.mark.parametrize("signature", SIGNED.values(), ids=SIGNED.keys())
def test_signatures_are_told_from_the_text(signature: str) -> None:
    parts = split_text(f"{SAID}\n\n{signature}\n")
    assert parts.own == SAID
    assert parts.signature.split() == signature.split()


KEPT = {
    "a sentence below a greeting": "Saludos\nno funciona nada",
    "a word below a greeting": "Saludos\nUrgente",
    "capitals below a greeting": "SALUDOS\nURGE SOLUCION",
    "a courtesy alone": "Quedo atento. Saludos",
    "thanks and a name": "Gracias,\n\nJuan Pérez",
    "a list of people": "Los nuevos son:\nAna Ruiz\nPedro Paz",
    "a person's data": "Favor crear a:\n\nAna Ruiz\nCel 300 555 0123\nana@b.example",
    "a department may be what it is about": "Atentamente,\nSistema de Reservas Soporte",
    "sent from my desk": "Enviado desde mi escritorio el paquete de ayer, que no llegó a la bodega.",
    "sent by somebody": "Enviado por la secretaría el día de ayer",
    "sent by post": "Enviado por correo certificado",
    "sent from my house": "Enviado desde mi casa",
    "a question below a name": "Saludos,\n¿Juan?",
    "code": "-- comentario de SQL\nSELECT 1",
    "a petition": "En cumplimiento de lo dispuesto en el artículo 23 de la Constitución, presento esta petición.",
    "a claim": "La presente comunicación tiene por objeto reclamar los datos personales que entregaron por error a otro.",
    "this mail": "El presente correo es para confirmar que el paz y salvo no llegó.",
    "its content": "El contenido de este mensaje de error es: confidencial, acceso prohibido por la política de privacidad. Solicito ayuda.",
    "about a notice": "¿Qué significa el aviso legal de sus correos?",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_in_doubt_it_is_text(text: str) -> None:
    parts = split_text(f"{SAID}\n\n{text}\n")
    assert parts.own == f"{SAID}\n\n{text}"


def test_an_afterthought_is_text() -> None:
    for after in (
        "PD: el viernes no abrimos.",
        "P.D. favor llamar antes",
        "Nota: la factura va aparte",
        "¿Y la garantía?",
        "El equipo sigue dañado",
    ):
        parts = split_text(f"{SAID}\n\nCordialmente,\nJuan Pérez\nTel 300 555 0123\n\n{after}")
        assert parts.own == f"{SAID}\n\n{after}"
        assert "Juan Pérez" in parts.signature


def test_words_below_a_device_are_text() -> None:
    parts = split_text(f"{SAID}\n\nEnviado desde mi iPhone\n\nAh, y tampoco imprime.")
    assert parts.own == f"{SAID}\n\nAh, y tampoco imprime."
    assert parts.signature == "Enviado desde mi iPhone"


def test_thanks_stay_and_the_card_below_goes() -> None:
    parts = split_text(f"{SAID}\n\nGracias,\n\nJuan Pérez\nCel: 300 555 1234")
    assert (parts.own, parts.signature) == (f"{SAID}\n\nGracias,", "Juan Pérez\nCel: 300 555 1234")


def test_a_signature_alone_is_no_text() -> None:
    """An agent's mail with nothing typed must not go out as an answer."""
    parts = split_text("Cordialmente,\n\nJuan Pérez\nGerente\nTel. 300 555 0123\n\n-----Mensaje original-----\nHola")
    assert (parts.own, parts.quote.splitlines()[0]) == ("", "-----Mensaje original-----")


def test_the_authors_name_can_be_what_they_write() -> None:
    text = f"{SAID}\n\nTitular de la cuenta:\nJuan Pérez"
    assert split_text(text, author="Juan Pérez").own == text
    assert split_text("Juan Pérez", author="Juan Pérez").own == "Juan Pérez"


@pytest.mark.parametrize(
    "signature", ["saludos\njuan", "Gracias\n\njuan pérez", "JUAN", "Juan P.", "gracias\njuan\ncel 300 555 0123"]
)
def test_the_authors_name_is_known(signature: str) -> None:
    text = f"{SAID}\n\n{signature}"
    assert split_text(text, author="Juan Pérez Gómez").signature.splitlines()[-1] in signature
    assert split_text(text, author="Ana Ruiz").own == text or "cel" in signature


def test_a_courtesy_alone_is_text_unless_a_card_stands_below_it() -> None:
    for text in (f"{SAID}\n\nCordialmente,", "Cordialmente,", f"{SAID}\nSaludos"):
        assert split_text(text) == split_text(text, author="Ana Ruiz")
        assert split_text(text).own == text
    for card in ("-- \nJuan", "Juan Pérez\n\nEnviado desde mi iPhone"):
        assert split_text(f"{SAID}\n\nCordialmente,\n\n{card}").own == SAID


NOTICE = "AVISO LEGAL: Este mensaje es confidencial."


def test_words_below_a_notice_are_text() -> None:
    """People write below what their company adds; how short it is makes no difference."""
    for words in ("Por favor llamen hoy.", "Adjunto la factura.\nMil gracias por todo."):
        parts = split_text(f"{SAID}\n\n{NOTICE}\n\n{words}\n")
        assert parts.own.startswith(SAID)
        assert words in parts.own


@pytest.mark.parametrize(
    "small_print", ["[image: logo.png]", "[image: logo.png]\n__________", "<https://acme.example>", "____________"]
)
def test_pictures_links_and_rules_below_a_notice_go_with_it(small_print: str) -> None:
    parts = split_text(f"{SAID}\n\n{NOTICE}\n\n{small_print}\n")
    assert parts.own == SAID
    assert small_print.split()[0] in parts.signature


def test_dashes_without_their_space_divide_once_and_only_above_a_signature() -> None:
    parts = split_text("Antes:\n--\nuno\ndos\n--\nJuan Pérez\nGerente")
    assert (parts.own, parts.signature) == ("Antes:\n--\nuno\ndos", "--\nJuan Pérez\nGerente")
    divided = "Esto:\n--\nuno\n--\ndos tres\n--\ncuatro y cinco"
    assert split_text(divided).own == divided
