"""Replies as the mail programs of telephones send them, and a few rarer ones of desks."""

# ruff: noqa: E501 - lines of HTML as mail programs write them read worse when broken
from __future__ import annotations

from formats import Mail, Sent, brs, clock, divs, esc, long_date, marked, month, stacked, wrapped

BORDER = "margin: 0pt 0pt 0pt 0.8ex; border-left: 1px solid rgb(204, 204, 204); padding-left: 1ex;"


def k9(mail: Mail) -> Sent:
    when, letter = mail.letter.when, mail.letter
    zone = "GMT-05:00" if mail.locale != "es-ES" else "CET"
    if mail.es:
        said = f"El {when.day} de {month(mail)} de {when.year} {clock(mail, seconds=True)} {zone}, {letter.name} <{letter.address}> escribió:"
        device = "Enviado desde mi dispositivo Android con K-9 Mail. Por favor, disculpa mi brevedad."
    else:
        said = f"Em {when.day} de {month(mail)} de {when.year} {when:%H:%M:%S} BRT, {letter.name} <{letter.address}> escreveu:"
        device = "Enviado do meu dispositivo Android com o K-9 mail. Desculpe-me pela brevidade."
    quote = (
        f'<div class="gmail_quote"><div dir="auto">{esc(said)}</div><blockquote class="gmail_quote" style="{BORDER}">'
    )
    html = (
        f'<!DOCTYPE html><html><head></head><body><div dir="auto">{brs(mail.text)}</div><br><br>{quote}<pre dir="auto" '
        f'class="k9mail">{esc(chr(10).join(letter.lines))}</pre></blockquote></div><div dir="auto">-- <br>{device}</div></body></html>'
    )
    plain = stacked(mail.text, f"{wrapped(said)}\n{marked(letter.lines, '>')}", f"-- \n{wrapped(device)}")
    return Sent(plain, html, {"User-Agent": "K-9 Mail for Android"}, device=f"-- \n{device}")


def samsung(mail: Mail) -> Sent:
    when, letter = mail.letter.when, mail.letter
    device = "Enviado desde mi Galaxy" if mail.es else "Enviado do meu Galaxy"
    original = {"es": "Mensaje original", "pt": "Mensagem original"}[mail.language]
    if mail.forward:
        original = {"es": "Mensaje reenviado", "pt": "Mensagem encaminhada"}[mail.language]
    names = ("De", "Fecha", "Para", "Asunto") if mail.es else ("De", "Data", "Para", "Assunto")
    values = (
        f"{letter.name} <{letter.address}> ",
        f"{when:%d/%m/%y  %H:%M}  (GMT-05:00) ",
        f"{mail.address} ",
        f"{letter.subject} ",
    )
    head = [f"-------- {original} --------", *(f"{name}: {value}" for name, value in zip(names, values, strict=True))]
    html = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body dir="auto">{divs(mail.text)}'
        '<div dir="auto"><br></div><div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px;'
        f'color:#575757" dir="auto">{device}</div></div><div dir="auto"><br></div><div><br></div><div align="left" dir="auto" '
        f'style="font-size:100%;color:#000000">{divs(head)}</div><div><br></div>{divs(letter.lines)}</body></html>'
    )
    sign = "\n".join(mail.signature)
    if sign:
        html = html.replace(
            '<div id="composer_signature"', f'{divs(mail.signature)}<div><br></div><div id="composer_signature"', 1
        )
    plain = f"{stacked(mail.text, sign)}\n\n\n{device}\n\n\n" + "\n".join([*head, "", *letter.lines])
    return Sent(plain, html, device=device, encoding="base64")


def huawei(mail: Mail) -> Sent:
    when, letter = mail.letter.when, mail.letter
    device = "Enviado desde mi HUAWEI P30 lite" if mail.es else "Enviado do meu HUAWEI P30 lite"
    names = ("Asunto", "De", "Para", "CC") if mail.es else ("Assunto", "De", "Para", "CC")
    values = (letter.subject, f"{letter.name} ", f"{mail.address} ", " ")
    title = "-------- Mensaje original --------" if mail.es else "-------- Mensagem original --------"
    date = f"{'Fecha' if mail.es else 'Data'}: {when:%d/%m/%Y %H:%M}"
    head = [title, *(f"{name}: {value}".rstrip() for name, value in zip(names[:3], values[:3], strict=True)), date]
    html = (
        f'<html><head></head><body><p dir="ltr">{brs(mail.text)}</p><br><br><p dir="ltr" style="color:#777">{device}</p><br>'
        f"<br>{brs(head)}<br><br>{divs(letter.lines)}</body></html>"
    )
    return Sent(
        f"{mail.text}\n\n{device}\n\n\n" + "\n".join([*head, "", *letter.lines]), html, device=device, encoding="base64"
    )


def xiaomi(mail: Mail) -> Sent:
    """MIUI's mail: the name first, the verb last."""
    when, letter = mail.letter.when, mail.letter
    device = "Enviado desde mi Xiaomi" if mail.es else "Enviado do meu Xiaomi"
    verb = "escribió" if mail.es else "escreveu"
    said = f"El {letter.name} <{letter.address}>, {when.day} {month(mail, 3)}. {when.year} {clock(mail)} {verb}:"
    html = (
        f'<html><head></head><body><div>{brs(mail.text)}</div><div><br></div><div>{device}</div><div class="gmail_quote" '
        f'style="margin:0">{esc(said)}<br><blockquote class="gmail_quote" style="{BORDER}">{divs(letter.lines)}</blockquote></div>'
        "</body></html>"
    )
    return Sent(stacked(mail.text, device, said, marked(letter.lines)), html, device=device)


def bluemail(mail: Mail) -> Sent:
    when, letter = mail.letter.when, mail.letter
    device = "Enviado desde BlueMail para Android" if mail.es else "Enviado com o BlueMail para Android"
    if mail.es:
        said = (
            f"En {when.day} {month(mail, 3)} {when.year}, en {when:%H:%M}, {letter.name} <{letter.address}> escribió:"
        )
    else:
        said = f"Em {when.day} de {month(mail, 3)}. de {when.year}, {when:%H:%M}, {letter.name} <{letter.address}> escreveu:"
    html = (
        f'<html><head></head><body><div dir="auto">{brs(mail.text)}</div><div dir="auto"><br></div><div dir="auto"><!-- '
        f'tmjah_g_1299s -->{device.rsplit(" ", 3)[0]} <!-- tmjah_g_1299e --><a href="https://bluemail.me/download/">'
        f'{" ".join(device.rsplit(" ", 3)[1:])}</a></div><div class="gmail_quote">{esc(said)}<blockquote class="gmail_quote" '
        f'style="{BORDER}">{divs(letter.lines)}</blockquote></div></body></html>'
    )
    plain = f"{mail.text}\n\n{device}<https://bluemail.me/download/>\n\n{said}\n\n{marked(letter.lines, '>')}"
    return Sent(plain, html, device=device)


def em_client(mail: Mail) -> Sent:
    when, letter = mail.letter.when, mail.letter
    title = "------ Mensaje original ------" if mail.es else "------ Mensagem original ------"
    names = ("De", "Para", "Fecha", "Asunto") if mail.es else ("De", "Para", "Data", "Assunto")
    values = (f'"{letter.name}" <{letter.address}>', mail.address, f"{when:%d/%m/%Y %H:%M:%S}", letter.subject)
    head = [
        title,
        *(f"{name} {value}" if mail.es else f"{name}: {value}" for name, value in zip(names, values, strict=True)),
    ]
    sign = "\n".join(mail.signature)
    html = (
        f'<html><head><style id="css_styles"> blockquote.cite {{ margin-left: 5px; }} </style></head><body><div>{brs(mail.text)}'
        f'</div><div><br></div><div id="signature_old" style="clear:both">{brs(mail.signature)}</div><div>{title}</div><div>'
        f'{"</div><div>".join(esc(row) for row in head[1:])}</div><div><br></div><div id="x0a1b" class="plain"><blockquote '
        f'cite="1@desk.example" type="cite" class="cite2">{divs(letter.lines)}</blockquote></div></body></html>'
    )
    return Sent(stacked(mail.text, sign, "\n".join([*head, "", *letter.lines])), html, {"User-Agent": "eM_Client/10.1"})


def lotus_notes(mail: Mail) -> Sent:
    """HCL Notes in a bank or a ministry: labels in columns, no quote marks, the HTML a table."""
    letter = mail.letter
    names = ("De:", "Para:", "Fecha:", "Asunto:") if mail.es else ("De:", "Para:", "Data:", "Assunto:")
    values = (f"{letter.name} <{letter.address}>", mail.address, f"{letter.when:%d/%m/%Y %H:%M}", letter.subject)
    sign = "\n".join(mail.signature)
    rows = "".join(
        f'<tr valign=top><td width=96><font size=1 color=#5f5f5f face="sans-serif">{name}</font><td><font size=1 face="sans-serif">'
        f"{esc(value)}</font>"
        for name, value in zip(names, values, strict=True)
    )
    html = (
        f'<font size=2 face="sans-serif">{brs(mail.text)}</font><br><br><font size=2 face="sans-serif">{brs(mail.signature)}</font>'
        f"<br><br><br><table width=100%>{rows}</table><br><hr noshade><br><br><br><tt><font size=2>{brs(letter.lines)}</font></tt>"
    )
    head = "\n".join(f"{name}   {value}" for name, value in zip(names, values, strict=True))
    return Sent(stacked(mail.text, sign, head, "\n".join(letter.lines)), html, {"X-Mailer": "HCL Notes Release 12.0.2"})


def fairemail(mail: Mail) -> Sent:
    letter = mail.letter
    said = (
        f"{long_date(mail, comma=False).capitalize()} {clock(mail, halves=False)}, {letter.name} <{letter.address}> "
        + ("escribió:" if mail.es else "escreveu:")
    )
    html = (
        f'<html><body fairemail="{mail.number}"><div dir="auto">{brs(mail.text)}</div><br><div fairemail="signature">'
        f'{brs(mail.signature)}</div><div fairemail="reference"><p>{esc(said)}</p><blockquote style="margin:0 0 0 .8ex;border-left:'
        f'3px solid #ccc;padding-left:1ex">{divs(letter.lines)}</blockquote></div></body></html>'
    )
    return Sent(stacked(mail.text, "\n".join(mail.signature), wrapped(said), marked(letter.lines)), html)


def tuta(mail: Mail) -> Sent:
    letter, when = mail.letter, mail.letter.when
    device = (
        "Enviado con Tuta; disfrute de un correo seguro y sin anuncios:"
        if mail.es
        else "Enviado com Tuta; e-mail seguro e sem anúncios:"
    )
    said = f"{when.day} {month(mail, 3)} {when.year}, {when:%H:%M}, {letter.address}:" if mail.es else (
        f"{when.day} de {month(mail, 3)} de {when.year}, {when:%H:%M}, {letter.address}:"
    )  # fmt: skip
    html = (
        f'{divs(mail.text)}<div><br></div><div class="tutanota_signature">{device}<br>https://tuta.com</div><div><br></div><div>'
        f'{said}<br></div><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8; padding-left: 10px;">'
        f"{divs(letter.lines)}</blockquote>"
    )
    return Sent(
        stacked(mail.text, f"{device}\nhttps://tuta.com", said, marked(letter.lines)),
        html,
        device=f"{device}\nhttps://tuta.com",
    )
