"""People are told from machines by how a mail is made and sent, never by its subject alone."""

from __future__ import annotations

import email
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailgate.mail.kind import judge
from mailgate.mail.message import Kind
from mailgate.mail.parse import understand

MAILS = Path(__file__).resolve().parents[1] / "mails" / "auto"
EXPECTED: dict[str, dict[str, Any]] = json.loads((MAILS / "expected.json").read_text("utf-8"))


def judge_text(text: str, **more: Any) -> tuple[Kind, str]:
    tree = email.message_from_string(text)
    return judge(tree, subject=str(tree["subject"] or ""), text=str(tree.get_payload()), **more)


def test_every_mail_of_the_folder_has_its_expected_kind_beside_it() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_kind_of_a_mail_is_known(name: str) -> None:
    message = understand((MAILS / f"{name}.eml").read_bytes())
    assert message.kind == EXPECTED[name]["kind"], message.kind_reason
    if message.kind is not Kind.HUMAN:
        assert message.kind_reason
    if "recipients" in EXPECTED[name]:
        assert message.bounce is not None
        assert list(message.bounce.recipients) == EXPECTED[name]["recipients"]


def test_the_same_words_are_a_persons_when_a_person_sends_them() -> None:
    words = "Subject: RE: [#7] Hola\n{}\nEstaré fuera de la oficina mañana, llámenme hoy por favor."
    assert judge_text(words.format(""))[0] is Kind.HUMAN
    assert judge_text(words.format("Return-Path: <>\n"))[0] is Kind.AUTO_REPLY


def test_a_subject_alone_makes_no_machine() -> None:
    assert judge_text("Subject: Respuesta automática\n\nNo se guarda la configuración del módulo.")[0] is Kind.HUMAN


def test_a_read_receipt_in_plain_text_is_known_by_its_subject_and_its_words() -> None:
    words = "El mensaje\n\n   Para: Ana\n   Asunto: Factura\n\n fue leído el lunes, 23 de noviembre de 2026 10:12:00."
    assert judge_text(f"Subject: Leído: [#1] Factura\n\n{words}")[0] is Kind.RECEIPT
    assert (
        judge_text("Subject: Not read: x\n\nYour message was deleted without being read on Monday.")[0] is Kind.RECEIPT
    )
    assert judge_text(f"Subject: RE: [#1] Factura\n\n{words}")[0] is Kind.HUMAN
    assert judge_text("Subject: Leído: el manual\n\nYa lo leí y no encontré la respuesta.")[0] is Kind.HUMAN


def test_a_mark_of_ours_is_ours_whatever_else_it_says() -> None:
    assert judge_text("Auto-Submitted: auto-replied\n\nx", is_own=True)[0] is Kind.OWN


def test_a_list_that_is_the_desks_own_address_is_how_people_reach_it() -> None:
    mail = (
        "List-Id: <soporte.mesa.example>\nList-Post: <mailto:soporte@mesa.example>\nPrecedence: list\n"
        "Subject: No abre\n\nNo abre la nómina."
    )
    assert judge_text(mail)[0] is Kind.BULK
    assert judge_text(mail, own_addresses=frozenset({"soporte@mesa.example"}))[0] is Kind.HUMAN


@pytest.mark.parametrize("value", ["no", "No", "no (a person)", "no; x=y"])
def test_auto_submitted_no_is_a_person(value: str) -> None:
    assert judge_text(f"Auto-Submitted: {value}\nPrecedence: bulk\n\nHola")[0] is Kind.HUMAN


@pytest.mark.parametrize(
    "value", ["auto-replied", "auto-generated", "AUTO-Replied; owner-email=x", "auto-notified", "yes"]
)
def test_any_other_auto_submitted_is_not(value: str) -> None:
    assert judge_text(f"Auto-Submitted: {value}\n\nHola")[0] is Kind.AUTO_REPLY


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["From", "Return-Path", "Subject", "Precedence", "Auto-Submitted", "List-Id", "List-Post", "Content-Type"]
        ),
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60),
    ),
    st.text(max_size=300),
)
def test_no_mail_raises(headers: dict[str, str], text: str) -> None:
    tree = email.message_from_string("".join(f"{name}: {value}\n" for name, value in headers.items()) + "\n" + text)
    kind, reason = judge(tree, subject=headers.get("Subject", ""), text=text)
    assert kind in Kind
    assert isinstance(reason, str)


# What programs answer, with no header that says so.
AUTOMATIC = [
    (
        "Respuesta automática: Su caso [#77] fue recibido",
        "Estimados,\n\nDel 16 al 20 de noviembre estaré en turno de descanso. Para temas urgentes favor "
        "comunicarse con Laura Gómez (laura@cliente.example).\n\nSaludos",
    ),
    (
        "Fuera de la oficina Re: [#77]",
        "En este momento estoy fuera de mi puesto de trabajo. Le contestaré a la mayor brevedad posible.",
    ),
    (
        "Respuesta automática: [#77]",
        "Hola, gracias por escribir. Tomaré vacaciones y volveré el próximo 2 de diciembre. ¡Felices fiestas!",
    ),
    ("Respuesta automatica", "Su mensaje fue recibido correctamente, pronto nos comunicaremos con usted."),
    (
        "Ausencia por vacaciones: [#77]",
        "Me encuentro de vacaciones, retomo actividades el 20 de noviembre. En mi ausencia favor contactar a Pedro.",
    ),
    ("Licencia de maternidad Re: [#77]", "Estoy en licencia de maternidad hasta marzo de 2027."),
    ("Resposta automática: [#77]", "Estou de licença médica. Favor tratar com o Carlos."),
    ("Resposta Automática: Fora do escritório", "Retorno em 20/11. Assuntos urgentes: (11) 99999-0000"),
    (
        "Re: [#77] (Estou ausente)",
        "Estou ausente e retornarei na próxima segunda-feira. Esta é uma resposta automática.",
    ),
    ("Out of office", "Hi there, I'm on parental leave. Please contact Jane."),
    (
        "Confirmación automática de recepción",
        "Este es un mensaje generado automáticamente por nuestro sistema. Su correo ha sido recibido y será "
        "atendido en orden de llegada.",
    ),
    (
        "Respuesta automática: [#1042] x",
        "Cordial saludo,\n\nMe encuentro disfrutando de mi periodo de vacaciones desde el 2 hasta el 20 de noviembre.",
    ),
    (
        "Respuesta automática: x",
        "Gracias por su correo. En este momento no me encuentro en la oficina, retorno el día 15 de noviembre.",
    ),
    (
        "Respuesta automática: x",
        "Buen día, por motivos personales no estaré en la oficina hoy. Cualquier inquietud comunicarse con "
        "Pedro al 3001234567.",
    ),
    ("Fuera de la oficina: x", "Hola! Estoy en capacitación y revisaré el correo al final del día."),
    ("Respuesta automática: x", "Este buzón ya no está activo. Favor enviar sus correos a nuevo@cliente.example"),
    (
        "Respuesta automática: x",
        "Apreciado cliente, su mensaje es muy importante para nosotros, lo atenderemos lo antes posible.",
    ),
    (
        "Re: x",
        "Hola, gracias por contactarnos. Este es un correo automático, en las próximas horas un asesor se "
        "comunicará con usted.",
    ),
    (
        "Automatic reply: x",
        "Thanks for your mail. I'm travelling this week with patchy email. For anything urgent call Bob.",
    ),
    ("Auto: x", "I am currently on annual leave, returning Monday 23rd."),
    ("Resposta automática: x", "Olá! Estou em viagem e responderei na volta."),
    ("Resposta automática: x", "Agradecemos o contato. Seu e-mail foi recebido e será respondido em até 24h."),
    ("Ausente de la oficina: x", "Regreso el lunes."),
    ("[Auto-Reply] x", "Thank you, we got your message."),
    ("Out of Office: x", "Hi,\nI'm OOO until 5 Jan."),
    (
        "AUTO: Ana Ruiz está ausente de la oficina. (regresa 20/11/2026)",
        'Estoy ausente de la oficina hasta 20/11/2026.\n\nNota: esta es una respuesta automática a su mensaje "x"',
    ),
    ("No estoy disponible Re: x", "Estoy fuera del país hasta el 20."),
    ("Vacaciones", "Hola, estoy de vacaciones hasta el 20. Este mensaje es automático."),
    ("RE: x", "*** Respuesta automática ***\nNo me encuentro en la oficina"),
    ("Auto Response: x", "Thank you for contacting us. A ticket has been created."),
    ("Re: x", "This is an automatically generated message to confirm the receipt of your email. Please do not reply."),
    ("Recibido: x", "Acusamos recibo de su correo. Por favor no responda este mensaje, es generado automáticamente."),
]
# What people ask, in the same words.
ASKED = [
    (
        "Respuesta a su solicitud",
        "Buenos días, la respuesta automática que enviaron pide la licencia: es ABC123 y el NIT 900.123.456-7.",
    ),
    ("RE: [#77] Caso", "Estoy fuera de la oficina pero ya lo probé con Pedro y quedó bien, muchas gracias."),
    ("RE: [#77] Caso", "Muchas gracias por su respuesta, quedo atento."),
    (
        "RE: [#77] Caso",
        "Estaré de vacaciones hasta el 20, favor escribir a Pedro (pedro@cliente.example) mientras tanto.",
    ),
    (
        "Contacto durante mi ausencia",
        "Salgo de vacaciones el lunes. En mi ausencia el contacto para los casos abiertos será Pedro.",
    ),
    (
        "Cambio de correo",
        "A partir de la fecha nuestro correo es conta@cliente.example, por favor actualizar en su sistema.",
    ),
    ("RE: [#77]", "ya no trabaja aquí la persona que tenía la clave, ¿cómo la cambiamos?"),
    ("Fuera de línea", "El servidor está fuera de línea"),
    ("Out of memory", "The program says out of memory"),
    ("Auto retención", "La auto retención no se está calculando"),
    ("RE: [#77] SOLUCIONADO", "Gracias, ya se solucionó."),
    ("RE: [#77]", "Recibido, gracias por contactarnos tan pronto."),
    ("[#77] Ver estado", "ESTADO"),
    (
        "Vacaciones del asesor",
        "Buenos días, tengo acceso limitado al correo, prefiero que me llamen al celular 300 123 4567.",
    ),
    ("Mensaje de error: Fuera de la oficina", "Sale ese mensaje en el calendario"),
    ("Solicitud", "Cordial saludo, agradecemos su colaboración con el certificado de retención 2025."),
    (
        "PQRS: nadie responde",
        "Llevo tres semanas recibiendo «Gracias por su mensaje, este es un mensaje automático» y nadie me "
        "contesta. Exijo una solución.",
    ),
    ("Vacaciones", "Buenas tardes, necesito liquidar las vacaciones de un empleado y el sistema no deja."),
    ("Ausencia de datos en el reporte", "El reporte de ventas sale sin datos desde el 3 de noviembre."),
    ("Fuera de la oficina", "Hola, ¿puedo usar la licencia fuera de la oficina? Estoy fuera de la ciudad el lunes."),
    ("Estoy fuera del sistema", "No puedo entrar, el sistema me saca. Estoy en la oficina de Cali."),
    (
        "Respuesta automática no llega a clientes",
        "Cuando un cliente radica, el sistema debería enviar: 'Gracias por su mensaje, este es un mensaje "
        "automático'. No llega.",
    ),
    (
        "RE: [#1042] Caso",
        "Gracias por su mensaje. Estaré fuera de la oficina el viernes, así que por favor llámenme el "
        "jueves. El error sigue.",
    ),
    (
        "RE: [#1042] Caso",
        "Hemos recibido su respuesta pero el problema continúa, por favor nos pondremos en contacto mañana?",
    ),
    (
        "Consulta nómina en vacaciones colectivas",
        "Estaremos de vacaciones colectivas desde el 20 de diciembre. ¿Cómo programamos el pago?",
    ),
    (
        "Automatic reply to customers",
        "How do I configure the automatic reply? I will be out of the office next week and need it.",
    ),
    ("Auto: liquidación de seguro", "Buenos días, adjunto la póliza del auto."),
    ("Férias coletivas", "Bom dia, como cadastro as férias coletivas? Estaremos de férias a partir de 20/12."),
    ("On leave module", "the leave module shows error"),
    ("Ausentismo laboral", "El módulo de ausentismo no calcula"),
    ("Vacation balance", "I am on vacation balance screen and it crashes"),
    ("RE: [#9]", "No responda a este correo decía el aviso, pero necesito ayuda."),
    ("RE: [#1042]", "Confirmo que su mensaje fue recibido. Gracias."),
    ("Mensaje automático", "El mensaje automático de cobro sale con el valor errado."),
]
REPLY = "In-Reply-To: <t1@mesa.example>\n"


@pytest.mark.parametrize("sent", ["", REPLY], ids=["fresh", "answering"])
@pytest.mark.parametrize(("subject", "text"), AUTOMATIC)
def test_an_automatic_answer_is_known_by_its_words(subject: str, text: str, sent: str) -> None:
    assert judge_text(f"From: ana@cliente.example\n{sent}Subject: {subject}\n\n{text}")[0] is Kind.AUTO_REPLY


@pytest.mark.parametrize("sent", ["", REPLY, f"{REPLY}X-Auto-Response-Suppress: DR, RN, NRN, OOF\n"])
@pytest.mark.parametrize(("subject", "text"), ASKED)
def test_a_person_may_use_the_same_words(subject: str, text: str, sent: str) -> None:
    assert judge_text(f"From: ana@cliente.example\n{sent}Subject: {subject}\n\n{text}")[0] is Kind.HUMAN


# What people write about mail that came back; a machine would say the same words.
CAME_BACK = [
    (
        "Error de entrega de facturas",
        "Buenos días, al enviar facturas sale: no se pudo entregar el correo al cliente, rechazado.",
    ),
    ("Correo devuelto", "Envié un correo a pedro@x.co y fue devuelto: 550 5.1.1 <pedro@x.co>: User unknown."),
    ("Undeliverable invoices", "Our invoices could not be delivered to client@x.co, mailbox full."),
    (
        "Mensaje no entregado",
        "El módulo dice mensaje no entregado a los siguientes destinatarios:\n\nana@x.co\n\nNo se pudo entregar.",
    ),
    ("Delivery failure when sending", "It fails with 550 user unknown for bob@x.co"),
    ("Falla de entrega en bodega", "El pedido no fue entregado, buzón lleno de reclamos"),
    ("No se pudo enviar la nómina electrónica", "La DIAN responde rechazado. Error permanente."),
    ("delayed payroll", "The payroll has been delayed, the server is unreachable"),
    ("Devolución de mensaje DIAN", "El documento fue rechazado por la DIAN, no existe el adquiriente"),
    ("Bounce notification settings", "Where do I set up? My message was rejected"),
]


@pytest.mark.parametrize(
    "sent", ["", "User-Agent: Mozilla Thunderbird\n", REPLY], ids=["webmail", "thunderbird", "answering"]
)
@pytest.mark.parametrize(("subject", "text"), CAME_BACK)
def test_a_person_may_write_about_mail_that_came_back(subject: str, text: str, sent: str) -> None:
    mail = f"From: ana@cliente.example\nReturn-Path: <ana@cliente.example>\n{sent}Subject: {subject}\n\n{text}"
    assert judge_text(mail)[0] is Kind.HUMAN
