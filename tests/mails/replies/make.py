"""Writes the mails of this folder again: ``python make.py``. Each is what one person's mail program would send.

The texts are people's (``texts/``), the programs' habits are in ``clients*.py``, and this file says who uses which, how
they sign, where they answer. Beside each mail stands its reading: the person's own words, what must be in the quote,
and the signature.
"""

# ruff: noqa: E501 - signatures and letters read worse when broken
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import clients as c
import clients_microsoft as m
import clients_mobile as p
from formats import Letter, Mail, Sent

HERE = Path(__file__).resolve().parent
BOGOTA = timezone(timedelta(hours=-5))
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc0f01f0005050201a5f645400000000049454e44ae426082"
)

NOTICE_ES = (
    "AVISO LEGAL: Este mensaje y sus anexos son confidenciales y van dirigidos exclusivamente a su destinatario. Si usted "
    "lo recibió por error, por favor elimínelo e informe al remitente."
)
NOTICE_CO = (
    "La información contenida en este mensaje es confidencial. En cumplimiento de la Ley 1581 de 2012, sus datos serán "
    "tratados conforme a nuestra política de tratamiento de datos personales."
)
NOTICE_PT = (
    "Esta mensagem pode conter informações confidenciais e destina-se apenas ao seu destinatário. Caso tenha recebido esta "
    "mensagem por engano, por favor elimine-a e avise o remetente."
)

PEOPLE = {
    "es-CO": [("Luz Marina Ospina", "lospina@tornillos.example"), ("Jhon Fredy Castañeda", "jhonf@ferreteria.example"),
              ("Sandra Milena Peña", "sandra.pena@clinica.example"), ("Wilson Quiñones", "wquinones@conjunto.example")],
    "es-ES": [("Marta Llorente", "mllorente@gestoria.example"), ("Íñigo Etxeberria", "inigo@taller.example"),
              ("Paco Núñez", "paco@nunezehijos.example")],
    "es-MX": [("Guadalupe Hernández", "lupita@abarrotes.example"), ("José Ángel Treviño", "jatrevino@norte.example")],
    "pt-BR": [("Ana Souza", "ana.souza@padaria.example"), ("João Pedro Araújo", "jp@santosefilhos.example")],
    "pt-PT": [("Inês Gonçalves", "ines@livraria.example"), ("Rui Conceição", "rui.conceicao@obras.example")],
}  # fmt: skip

SIGNATURES: dict[str, list[tuple[str, ...]]] = {
    "es-CO": [
        (),
        ("Cordialmente,", "", "{name}", "Auxiliar contable", "Tornillos del Norte S.A.S.", "Tel. (601) 555 01 23 ext. 104"),
        ("Att,", "{name}", "Cel 310 555 98 76"),
        ("Cordial saludo,", "", "{NAME}", "Coordinadora de Facturación", "Clínica del Sur", "PBX 604 555 4433", "",
         "Antes de imprimir este mensaje, piense en el medio ambiente."),
        ("Atentamente,", "{name}", "Administrador", "Conjunto Residencial Los Cerezos P.H.", "", NOTICE_CO),
    ],
    "es-ES": [
        (),
        ("Un saludo,", "{name}"),
        ("Saludos,", "{first}"),
        ("Atentamente,", "", "{name}", "Director comercial", "Núñez e Hijos, S.L.", "Tel.: 91 555 12 34", "www.nunezehijos.example", "",
         NOTICE_ES),
    ],
    "es-MX": [
        (),
        ("Saludos cordiales", "", "Lic. {name}", "Gerente de Sucursal", "Cel. 55 5555 0123"),
        ("Saludos!", "{name}"),
    ],
    "pt-BR": [
        (),
        ("Atenciosamente,", "", "{name}", "Gerente", "Padaria do Zé Ltda", "(11) 95555-0123"),
        ("Abraço,", "{first}"),
        ("Att.,", "{name}", "", NOTICE_PT),
    ],
    "pt-PT": [
        (),
        ("Com os melhores cumprimentos,", "", "{name}", "Livraria Gonçalves, Lda.", "Tel. +351 21 555 1234"),
        ("Cumprimentos,", "{name}"),
    ],
}  # fmt: skip
DASHED = {
    "es": ("-- ", "Andrés Felipe Rojas", "Ferretería El Tornillo", "Cra. 15 # 93-40, Bogotá", "www.eltornillo.example"),
    "pt": ("-- ", "Carla Mendes", "Oficina Mendes & Filhos", "carla@mendes.example"),
}

LETTERS = {
    "es": [
        ("Hola María:", "", "Hemos reiniciado el servidor de la tienda. ¿Puede probar ahora y contarnos si ya entra?", "",
         "Su caso es el [#1042]. Para agregar algo, responda a este correo.", "", "Mesa de ayuda Andina"),
        ("Buenos días.", "", "Recibimos su solicitud y le asignamos el número 1077. Le responderemos antes del martes a las 5 p. m.", "",
         "Posibles soluciones:", "1. Reinicie el equipo", "2. Revise el cable de red", "", "Ya se solucionó | Agregar comentario | Ver estado"),
        ("Estimado cliente:", "", "Para avanzar necesitamos el número de licencia, el NIT y una imagen del error.", "",
         "Gracias por su paciencia.", "Paula Andrea, agente de soporte"),
        ("Cordial saludo.", "", "Ya escalamos el caso al fabricante; le avisamos apenas respondan.", "", "Paula Andrea", "",
         "El vie, 20 nov 2026 a las 9:01, Luz Marina (<lospina@tornillos.example>) escribió:", "", "> Buenas, la impresora sigue sin responder.",
         ">", "> Gracias", "> Luz"),
        ("Don Wilson, buen día:", "", "Le confirmo la visita del técnico para el jueves.", "", "Cordialmente,", "", "Paula Andrea", "Agente de soporte", "",
         "De: Wilson Quiñones <wquinones@conjunto.example>", "Enviado: jueves, 19 de noviembre de 2026 16:40", "Para: Soporte Andina <soporte@andina.example>",
         "Asunto: visita", "", "¿Cuándo viene el técnico?", "", "Enviado desde mi iPhone"),
    ],
    "pt": [
        ("Olá Ana:", "", "Reiniciamos o servidor da loja. Pode testar agora e dizer se já entra?", "",
         "O seu chamado é o [#1042]. Para acrescentar algo, responda a este e-mail.", "", "Central de ajuda Andina"),
        ("Bom dia.", "", "O técnico passa na loja amanhã cedo.", "", "Paula", "",
         "Em sex., 20 de nov. de 2026 às 09:01, Ana Souza <ana.souza@padaria.example> escreveu:", "", "> Oi, quando vem o técnico?"),
        ("Prezado cliente:", "", "Precisamos do número da licença, do CNPJ e de uma imagem do erro.", "", "Agradecemos a paciência.",
         "Paula, agente de suporte"),
    ],
}  # fmt: skip

Client = Callable[[Mail], Sent]
EVERYWHERE: list[Client] = [
    c.gmail_web, m.outlook_desktop, p.samsung, c.iphone, m.outlook_web, c.gmail_phone, m.outlook_ios, c.thunderbird,
    c.yahoo_web, m.outlook_desktop_logo, c.apple_mail, p.k9, c.zimbra, c.roundcube, m.exchange_on_premises, m.hotmail,
    c.proton, c.zoho, p.huawei, m.outlook_android, m.outlook_mac, c.gmail_ios, m.outlook_plain, c.yahoo_phone,
    m.outlook_desktop_english, c.thunderbird_plain, m.windows_live, p.xiaomi, p.bluemail, p.em_client, m.windows_mail,
    p.lotus_notes, m.outlook_mac_2011, c.provider_webmail, p.fairemail, p.tuta,
]  # fmt: skip
UNSIGNED = {c.yahoo_phone, c.proton, c.zoho, p.huawei, p.xiaomi, p.bluemail, p.tuta, p.k9, c.provider_webmail}
FORWARDING: list[Client] = [
    c.gmail_web,
    m.outlook_desktop,
    c.apple_mail,
    c.iphone,
    c.yahoo_web,
    c.thunderbird,
    p.samsung,
    m.outlook_web,
]
MOVABLE: list[Client] = [c.gmail_web, c.thunderbird, c.thunderbird_plain]


def texts(language: str) -> list[str]:
    return [text.strip("\n") for text in (HERE / "texts" / f"{language}.txt").read_text("utf-8").split("\n%\n")]


def make_mail(language: str, number: int, text: str, client: Client, place: str, forward: bool) -> Mail:
    locales = [locale for locale in PEOPLE if locale.startswith(language)]
    weights = {"es": [0, 0, 1, 0, 2, 1, 0], "pt": [0, 1, 0]}[language]
    locale = locales[weights[number % len(weights)]]
    name, address = PEOPLE[locale][number % len(PEOPLE[locale])]
    lines = LETTERS[language][number % len(LETTERS[language])]
    when = datetime(2026, 11, 2 + number % 26, 7 + number % 12, number * 7 % 60, number * 13 % 60, tzinfo=BOGOTA)
    desk = ("Soporte Andina", "soporte@andina.example")
    if forward:
        desk = ("Banco del Pacífico", "avisos@bancopacifico.example")
    letter = Letter(
        *desk,
        when,
        "RE: [#1042] Impresora de la tienda" if language == "es" else "RE: [#1042] Impressora da loja",
        lines,
    )
    signature: tuple[str, ...] = ()
    if client not in UNSIGNED:
        choices = SIGNATURES[locale]
        names = {"name": name, "NAME": name.upper(), "first": name.split()[0]}
        signature = tuple(line.format(**names) for line in choices[number // 3 % len(choices)])
        if number % 11 == 5 and client in (c.gmail_web, c.thunderbird, c.thunderbird_plain, c.roundcube):
            signature = DASHED[language]
    return Mail(locale, name, address, text, signature, letter, place, forward, number)


def to_bytes(mail: Mail, sent: Sent) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f'"{mail.name}" <{mail.address}>'
    message["To"] = "Soporte Andina <soporte@andina.example>"
    message["Subject"] = mail.subject if not mail.forward else "Fwd: " + mail.subject.removeprefix("RE: ")
    message["Date"] = format_datetime(mail.letter.when + timedelta(hours=3, minutes=mail.number))
    message["Message-ID"] = f"<{mail.number}.{mail.language}@{mail.address.partition('@')[2]}>"
    if not mail.forward:
        message["In-Reply-To"] = f"<{1000 + mail.number}.desk@andina.example>"
        message["References"] = f"<{1000 + mail.number}.desk@andina.example>"
    for name, value in sent.headers.items():
        message[name] = value
    flowed = {"format": "flowed"} if sent.flowed else {}
    message.set_content(sent.plain, charset=sent.charset, cte=sent.encoding, params=flowed)
    if sent.html is not None:
        message.add_alternative(sent.html, subtype="html", charset=sent.charset, cte=sent.encoding)
        if sent.logo:
            body = message.get_payload()[1]
            body.add_related(PNG, "image", "png", cid="<image001.png@01DB3D5C.7A2B9E10>", filename="image001.png")
            body.set_boundary(f"_004_related{mail.number}_")
        message.set_boundary(f"_000_{mail.number}{mail.language}_")
    return message.as_bytes()


def reading(mail: Mail, sent: Sent) -> dict[str, object]:
    own = mail.text
    if mail.place == "between":
        own = "\n\n".join(mail.answers())
    device_below = sent.device.startswith("-- ")
    signed = "\n".join(mail.signature)
    parts = [signed, sent.device] if not device_below else [sent.device, signed]
    quoted = [line.lstrip("> ") for line in mail.letter.lines if line.strip("> ")]
    return {
        "own": own,
        "quote_contains": [quoted[0], quoted[1], quoted[-1]],
        "signature": "\n\n".join(part for part in parts if part),
    }


def write(mail: Mail, client: Client) -> None:
    sent = client(mail)
    quirk = "forward" if mail.forward else mail.place
    signed = "dashes" if mail.signature[:1] == ("-- ",) else ("signed" if mail.signature else "unsigned")
    name = f"{mail.locale.lower()}_{client.__name__.replace('_', '-')}_{quirk}_{signed}_{mail.number:03}"
    (HERE / f"{name}.eml").write_bytes(to_bytes(mail, sent))
    told = json.dumps(reading(mail, sent), ensure_ascii=False, indent=1)
    (HERE / f"{name}.json").write_text(told + "\n", encoding="utf-8")


def main() -> None:
    for old in [*HERE.glob("*.eml"), *HERE.glob("*.json")]:
        old.unlink()
    for language, forwards in (("es", 22), ("pt", 8)):
        known = texts(language)
        for number, text in enumerate(known):
            client = EVERYWHERE[number % len(EVERYWHERE)]
            write(make_mail(language, number, text, client, "top", False), client)
        for extra in range(forwards):
            number = len(known) + extra
            client = FORWARDING[extra % len(FORWARDING)]
            write(make_mail(language, number, known[(extra * 5 + 5) % len(known)], client, "top", True), client)
        for extra in range(12 if language == "es" else 6):
            number = len(known) + forwards + extra
            client, place = MOVABLE[extra % len(MOVABLE)], ("between", "below")[extra % 2]
            client = c.thunderbird if client is c.gmail_web and place == "below" else client
            write(make_mail(language, number, known[(extra * 9 + 3) % len(known)], client, place, False), client)


if __name__ == "__main__":
    main()
