"""Replies and forwards as the Outlooks, Exchange and Hotmail send them."""

# ruff: noqa: E501 - lines of HTML as mail programs write them read worse when broken
from __future__ import annotations

from formats import Mail, Sent, clock, divs, esc, long_date, month, msos, stacked, weekday

RULE = "_" * 32


def _values(mail: Mail) -> tuple[str, str, str, str]:
    letter = mail.letter
    return (
        f"{letter.name} <{letter.address}>",
        f"{long_date(mail)} {clock(mail)}",
        f"{mail.name} <{mail.address}>",
        letter.subject,
    )


def _labels(mail: Mail, desktop: bool = False) -> tuple[str, str, str, str]:
    if mail.es:
        return "De", "Enviado el" if desktop else "Enviado", "Para", "Asunto"
    if mail.locale == "pt-PT":
        return "De", "Enviado" if not desktop else "Enviada", "Para", "Assunto"
    return "De", "Enviada em" if desktop else "Enviado", "Para", "Assunto"


ENGLISH = ("From", "Sent", "To", "Subject")


def _rows(mail: Mail, labels: tuple[str, ...], values: tuple[str, ...] | None = None) -> list[str]:
    return [f"{label}: {value}" for label, value in zip(labels, values or _values(mail), strict=True)]


def _bold(mail: Mail, labels: tuple[str, ...], values: tuple[str, ...] | None = None) -> str:
    return "<br>\n".join(
        f"<b>{label}:</b> {esc(value)}" for label, value in zip(labels, values or _values(mail), strict=True)
    )


WORD_HEAD = (
    '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>'
    '<meta http-equiv=Content-Type content="text/html; charset={charset}"><meta name=Generator content="Microsoft Word 15 '
    '(filtered medium)"><!--[if !mso]><style>v\\:* {{behavior:url(#default#VML);}}</style><![endif]--><style><!-- '
    'p.MsoNormal, li.MsoNormal {{margin:0cm; font-size:11.0pt;}} --></style></head><body lang=ES-CO link="#0563C1" '
    "vlink=\"#954F72\" style='word-wrap:break-word'><div class=WordSection1>"
)


def _desktop(mail: Mail, labels: tuple[str, ...], charset: str, logo: bool) -> Sent:
    """Word's HTML: paragraphs MsoNormal, the header block in a div with a line on top."""
    picture = (
        '<p class=MsoNormal><img width=120 height=40 id="Imagen_x0020_1" src="cid:image001.png@01DB3D5C.7A2B9E10" '
        'alt="Logo"><o:p></o:p></p>'
        if logo
        else ""
    )
    html = (
        f"{WORD_HEAD.format(charset=charset)}{msos(mail.text)}<p class=MsoNormal><o:p>&nbsp;</o:p></p>{msos(mail.signature)}"
        f"{picture}<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:"
        f"3.0pt 0cm 0cm 0cm'><p class=MsoNormal><span lang=ES style='font-family:\"Calibri\",sans-serif'>{_bold(mail, labels)}"
        f"<o:p></o:p></span></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>{msos(mail.letter.lines)}</div></body></html>"
    )
    sign = "\n".join(mail.signature)
    quoted = "\n".join([*_rows(mail, labels), "", *mail.letter.lines])
    image = "[cid:image001.png@01DB3D5C.7A2B9E10]" if logo else ""
    plain = stacked(mail.text, sign, image, quoted)
    return Sent(
        plain, html, {"X-Mailer": "Microsoft Outlook 16.0", "Thread-Index": "AQHbPVx6K54Q"}, charset=charset, logo=logo
    )


def outlook_desktop(mail: Mail) -> Sent:
    latin = all(ord(char) < 256 for char in mail.text + "".join(mail.signature) + "".join(mail.letter.lines))
    return _desktop(mail, _labels(mail, desktop=True), "iso-8859-1" if latin else "utf-8", logo=False)


def outlook_desktop_logo(mail: Mail) -> Sent:
    return _desktop(mail, _labels(mail, desktop=True), "utf-8", logo=bool(mail.signature))


def outlook_desktop_english(mail: Mail) -> Sent:
    """An Outlook in English in an office that writes Spanish or Portuguese."""
    when = mail.letter.when
    values = list(_values(mail))
    values[1] = f"{when:%A, %B %d, %Y %I:%M %p}"
    return Sent(**{**_desktop(mail, ENGLISH, "utf-8", logo=False).__dict__, **_english(mail, tuple(values))})


def _english(mail: Mail, values: tuple[str, ...]) -> dict[str, str]:
    plain = stacked(
        mail.text, "\n".join(mail.signature), "\n".join([*_rows(mail, ENGLISH, values), "", *mail.letter.lines])
    )
    html = (
        f"{WORD_HEAD.format(charset='utf-8')}{msos(mail.text)}{msos(mail.signature)}<div style='border:none;border-top:solid "
        f"#E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal>{_bold(mail, ENGLISH, values)}<o:p></o:p></p></div>"
        f"<p class=MsoNormal><o:p>&nbsp;</o:p></p>{msos(mail.letter.lines)}</div></body></html>"
    )
    return {"plain": plain, "html": html}


def outlook_plain(mail: Mail) -> Sent:
    """Plain text, as Outlook composes it when it answers plain text."""
    title = "-----Mensaje original-----" if mail.es else "-----Mensagem original-----"
    values = list(_values(mail))
    values[0] = f"{mail.letter.name} [mailto:{mail.letter.address}]"
    values[2] = mail.name
    quoted = [title, *_rows(mail, _labels(mail, desktop=True), tuple(values)), "", *mail.letter.lines]
    plain = stacked(mail.text, "\n".join(mail.signature), "\n".join(quoted))
    return Sent(
        plain, None, {"X-Mailer": "Microsoft Office Outlook 12.0", "X-MimeOLE": "Produced By Microsoft MimeOLE"}
    )


OWA_HEAD = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style type="text/css" '
    'style="display:none;"> P {margin-top:0;margin-bottom:0;} </style></head><body dir="ltr">'
)
APTOS = ' style="font-family: Aptos, Aptos_EmbeddedFont, Calibri, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"'


def _reply_block(mail: Mail, labels: tuple[str, ...]) -> str:
    return (
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" '
        'dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">'
        f"{_bold(mail, labels)}</font><div>&nbsp;</div></div><div>{divs(mail.letter.lines)}</div>"
    )


def outlook_web(mail: Mail) -> Sent:
    attributes = f' class="elementToProof"{APTOS}'
    sign = f'<div id="Signature">{divs(mail.signature, APTOS)}</div>' if mail.signature else ""
    html = f"{OWA_HEAD}{divs(mail.text, attributes)}<div{attributes}><br></div>{sign}{_reply_block(mail, _labels(mail))}</body></html>"
    quoted = "\n".join([RULE, *_rows(mail, _labels(mail)), "", *mail.letter.lines])
    return Sent(
        stacked(mail.text, "\n".join(mail.signature), quoted),
        html,
        {"X-MS-Has-Attach": "", "Thread-Topic": mail.subject},
    )


def hotmail(mail: Mail) -> Sent:
    """A personal account on outlook.com: no signature but the sender's own, labels in the reader's language."""
    return outlook_web(mail)


def _outlook_phone(mail: Mail, device: str, address: str) -> Sent:
    sign = divs(mail.signature) + "<div><br></div>" if mail.signature else ""
    html = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><div dir="ltr" '
        f'style="font-family: Aptos; font-size: 12pt;">{divs(mail.text)}</div><div dir="ltr"><br></div><div '
        f'id="ms-outlook-mobile-signature" dir="ltr">{sign}{device.rsplit(" ", 2)[0]} <a href="{address}">'
        f'{" ".join(device.rsplit(" ", 2)[1:])}</a></div><div id="mail-editor-reference-message-container" dir="ltr"><br><hr '
        'style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, '
        f'sans-serif" color="#000000" style="font-size:11pt">{_bold(mail, _labels(mail))}<br></font></div><br>'
        f"{divs(mail.letter.lines)}</div></body></html>"
    )
    quoted = "\n".join([RULE, *_rows(mail, _labels(mail)), "", *mail.letter.lines])
    plain = stacked(mail.text, "\n".join(mail.signature), f"{device}<{address}>\n{quoted}")
    return Sent(plain, html, {"X-MS-Exchange-MessageSentRepresentingType": "1"}, device=device, encoding="base64")


def outlook_ios(mail: Mail) -> Sent:
    return _outlook_phone(mail, f"{'Obtener' if mail.es else 'Obter o'} Outlook para iOS", "https://aka.ms/o0ukef")


def outlook_android(mail: Mail) -> Sent:
    return _outlook_phone(mail, f"{'Obtener' if mail.es else 'Obter o'} Outlook para Android", "https://aka.ms/AAb9ysg")


def outlook_mac(mail: Mail) -> Sent:
    labels = ("De", "Fecha", "Para", "Asunto") if mail.es else ("De", "Data", "Para", "Assunto")
    values = list(_values(mail))
    values[1] = f"{long_date(mail)}, {clock(mail)}"
    html = (
        f"{WORD_HEAD.format(charset='utf-8')}{msos(mail.text)}<p class=MsoNormal><o:p>&nbsp;</o:p></p>{msos(mail.signature)}<div "
        f'id="mail-editor-reference-message-container"><div style=\'border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm '
        f"0cm 0cm'><p class=MsoNormal style='margin-bottom:12.0pt'>{_bold(mail, labels, tuple(values))}<o:p></o:p></p></div>"
        f"{msos(mail.letter.lines)}</div></div></body></html>"
    )
    quoted = "\n".join([*_rows(mail, labels, tuple(values)), "", *mail.letter.lines])
    return Sent(
        stacked(mail.text, "\n".join(mail.signature), quoted), html, {"User-Agent": "Microsoft-MacOutlook/16.103.25"}
    )


def outlook_mac_2011(mail: Mail) -> Sent:
    labels = ("De", "Fecha", "Para", "Asunto") if mail.es else ("De", "Data", "Para", "Assunto")
    values = list(_values(mail))
    values[1] = f"{long_date(mail)}, {clock(mail, halves=False)}"
    html = (
        '<html><head></head><body style="word-wrap: break-word; color: rgb(0, 0, 0); font-size: 14px; font-family: Calibri, '
        f'sans-serif;">{divs(mail.text)}<div><br></div>{divs(mail.signature)}<div><br></div><span id="OLK_SRC_BODY_SECTION">'
        '<div style="font-family:Calibri; font-size:11pt; text-align:left; color:black; BORDER-BOTTOM: medium none; '
        'PADDING-TOP: 3pt; BORDER-TOP: #b5c4df 1pt solid;">'
        f"{_bold(mail, labels, tuple(values))}<br></div><div><br></div><div>{divs(mail.letter.lines)}</div></span></body></html>"
    )
    quoted = "\n".join([*_rows(mail, labels, tuple(values)), "", *mail.letter.lines])
    return Sent(
        stacked(mail.text, "\n".join(mail.signature), quoted), html, {"User-Agent": "Microsoft-MacOutlook/14.7.7"}
    )


def exchange_on_premises(mail: Mail) -> Sent:
    """OWA of an Exchange 2010 or 2013 in the company's cellar."""
    html = (
        '<html dir="ltr"><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><style id="owaParaStyle" '
        'type="text/css">P {margin-top:0;margin-bottom:0;}</style></head><body ocsi="0" fpstyle="1"><div style="direction: ltr;'
        f'font-family: Tahoma;color: #000000;font-size: 10pt;">{divs(mail.text)}<div><br></div>{divs(mail.signature)}<div '
        'style="font-family: Times New Roman; color: #000000; font-size: 16px"><hr tabindex="-1"><div style="direction: ltr;" '
        f'id="divRpF{100000 + mail.number}"><font face="Tahoma" size="2" color="#000000">{_bold(mail, _labels(mail))}<br></font>'
        f"<br></div><div></div><div>{divs(mail.letter.lines)}</div></div></div></body></html>"
    )
    values = list(_values(mail))
    values[0] = f"{mail.letter.name} [{mail.letter.address}]"
    quoted = "\n".join([RULE, *_rows(mail, _labels(mail), tuple(values)), "", *mail.letter.lines])
    latin = all(ord(char) < 256 for char in mail.text + "".join(mail.signature))
    return Sent(
        stacked(mail.text, "\n".join(mail.signature), quoted), html if latin else html.replace("iso-8859-1", "utf-8"),
        {"x-originating-ip": "[10.1.4.22]"}, charset="iso-8859-1" if latin else "utf-8",
    )  # fmt: skip


def windows_live(mail: Mail) -> Sent:
    """The old Hotmail: a rule "stopSpelling", date first, labels in English."""
    when = mail.letter.when
    rows = [f"Date: {when:%a, %d %b %Y %H:%M:%S} -0500", f"Subject: {mail.subject}", f"From: {mail.letter.address}",
            f"To: {mail.address}"]  # fmt: skip
    html = (
        "<html><head><style><!-- .hmmessage P { margin:0px; padding:0px } --></style></head><body class='hmmessage'><div "
        f"dir='ltr'>{divs(mail.text)}<br>{divs(mail.signature)}<br><div><hr id=\"stopSpelling\">{'<br>'.join(map(esc, rows))}"
        f'<br><br><div dir="ltr">{divs(mail.letter.lines)}</div></div></div></body></html>'
    )
    plain = stacked(mail.text, "\n".join(mail.signature), "\n".join([*rows, "", *mail.letter.lines]))
    return Sent(plain, html, {"X-Mailer": "Windows Live Mail 15.4"})


def windows_mail(mail: Mail) -> Sent:
    """The mail program that came with Windows 10."""
    device = "Enviado desde Correo para Windows" if mail.es else "Enviado do Email para Windows"
    when = mail.letter.when
    date = f"{weekday(mail)}, {when.day} de {month(mail)} de {when.year} {when:%H:%M}"
    values = (mail.letter.name, date, mail.address, mail.subject)
    sign = msos(mail.signature) + "<p class=MsoNormal><o:p>&nbsp;</o:p></p>" if mail.signature else ""
    html = (
        f"{WORD_HEAD.format(charset='utf-8')}{msos(mail.text)}<p class=MsoNormal><o:p>&nbsp;</o:p></p>{sign}<p class=MsoNormal>"
        f'{device.rsplit(" ", 3)[0]} <a href="https://go.microsoft.com/fwlink/?LinkId=550986">{" ".join(device.rsplit(" ", 3)[1:])}'
        "</a></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div style='mso-element:para-border-div;border:none;border-top:solid "
        f"#E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal style='border:none;padding:0cm'>"
        f"{_bold(mail, _labels(mail, desktop=True), values)}</p></div>{msos(mail.letter.lines)}</div></body></html>"
    )
    quoted = "\n".join([*_rows(mail, _labels(mail, desktop=True), values), "", *mail.letter.lines])
    return Sent(stacked(mail.text, "\n".join(mail.signature), device, quoted), html, device=device)
