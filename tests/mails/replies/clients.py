"""Replies and forwards as Gmail, Apple Mail, Yahoo, Thunderbird and the webmails send them."""

# ruff: noqa: E501 - lines of HTML as mail programs write them read worse when broken
from __future__ import annotations

from formats import Mail, Sent, brs, clock, divs, esc, link, long_date, marked, month, stacked, weekday, wrapped

AUTO = ' dir="auto"'
STYLE = "margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"


def _gmail_attribution(mail: Mail, year_dot: bool = False) -> str:
    when, letter = mail.letter.when, mail.letter
    if mail.locale == "es-ES":
        return (
            f"El {weekday(mail, 3)}, {when.day} {month(mail, 3)} {when.year} a las {clock(mail)}, {letter.name} "
            f"(<{letter.address}>) escribió:"
        )
    if mail.es:
        return (
            f"El {weekday(mail, 3)}, {when.day} {month(mail, 3)} {when.year} a la(s) {clock(mail)}, {letter.name} "
            f"({letter.address}) escribió:"
        )
    if mail.locale == "pt-PT":
        return (
            f"{letter.name} <{letter.address}> escreveu ({weekday(mail).removesuffix('-feira')}, {when:%d/%m/%Y} "
            f"à(s) {clock(mail)}):"
        )
    return (
        f"Em {weekday(mail, 3)}., {when.day} de {month(mail, 3)}. de {when.year} às {clock(mail)}, {letter.name} "
        f"<{letter.address}> escreveu:"
    )


def _gmail_forward(mail: Mail) -> list[str]:
    letter = mail.letter
    labels = ("De", "Date", "Subject", "To")
    date = f"{weekday(mail, 3)}, {letter.when.day} {month(mail, 3)} {letter.when.year} a la(s) {clock(mail)}"
    return [
        "---------- Forwarded message ---------",
        f"{labels[0]}: {letter.name} <{letter.address}>",
        f"{labels[1]}: {date}",
        f"{labels[2]}: {letter.subject}",
        f"{labels[3]}: <{mail.address}>",
        "",
        "",
        *letter.lines,
    ]


def _attribution_html(text: str, address: str) -> str:
    return (
        esc(text).replace(esc(f"<{address}>"), f"&lt;{link(address)}&gt;").replace(f"({address})", f"({link(address)})")
    )


def gmail_web(mail: Mail) -> Sent:
    sign_plain = "\n".join(mail.signature)
    sign_html = ""
    if mail.signature:
        dashed = mail.signature[0] == "-- "
        block = mail.signature[1:] if dashed else mail.signature
        prefix = '<span class="gmail_signature_prefix">-- </span><br>' if dashed else ""
        sign_html = (
            f'<div><br clear="all"></div><br>{prefix}<div dir="ltr" class="gmail_signature" '
            f'data-smartmail="gmail_signature"><div dir="ltr">{divs(block)}</div></div>'
        )
    if mail.forward:
        quoted = "\n".join(_gmail_forward(mail))
        head = "<br>".join(esc(line) for line in _gmail_forward(mail)[:5])
        quote = (
            f'<br><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{head}<br></div>'
            f'<br><br><div dir="ltr">{divs(mail.letter.lines)}</div></div>'
        )
        return Sent(
            stacked(wrapped(mail.text), sign_plain, quoted),
            f'<div dir="ltr">{divs(mail.text)}{sign_html}{quote}</div>\n',
        )
    said = _gmail_attribution(mail)
    attribution = f'<div dir="ltr" class="gmail_attr">{_attribution_html(said, mail.letter.address)}<br></div>'
    lines = mail.letter.lines
    if mail.place == "between":
        half = len(lines) // 2
        answers = [*mail.answers(), ""][:2]
        plain = stacked(
            wrapped(said),
            marked(lines[:half]),
            wrapped(answers[0]),
            marked(lines[half:]),
            wrapped(answers[1]),
            sign_plain,
        )
        html = (
            f'<div dir="ltr"><div dir="ltr"><br></div><br><div class="gmail_quote gmail_quote_container">{attribution}'
            f'<blockquote class="gmail_quote" style="{STYLE}"><div dir="ltr">{divs(lines[:half])}</div></blockquote>'
            f'<div><br></div>{divs(answers[0])}<div><br></div><blockquote class="gmail_quote" style="{STYLE}">'
            f'<div dir="ltr">{divs(lines[half:])}</div></blockquote><div><br></div>{divs(answers[1])}</div>{sign_html}</div>\n'
        )
        return Sent(plain, html)
    quote = (
        f'<br><div class="gmail_quote gmail_quote_container">{attribution}<blockquote class="gmail_quote" style="{STYLE}">'
        f'<div dir="ltr">{divs(lines)}</div></blockquote></div>\n'
    )
    plain = stacked(wrapped(mail.text), sign_plain, wrapped(said), marked(lines))
    return Sent(plain, f'<div dir="ltr">{divs(mail.text)}{sign_html}</div>{quote}')


def gmail_phone(mail: Mail, doubled: bool = False) -> Sent:
    """Gmail for Android; ``doubled``: for iOS, which says "El El lun"."""
    when, letter = mail.letter.when, mail.letter
    if mail.es:
        said = (
            f"El {'El ' if doubled else ''}{weekday(mail, 3)}, {when.day} de {month(mail, 3)} de {when.year}"
            f"{' a la(s)' if doubled else ','} {clock(mail)}, {letter.name} <{letter.address}> escribió:"
        )
    else:
        said = (
            f"Em {weekday(mail, 3)}., {when.day} de {month(mail, 3)}. de {when.year}, {clock(mail)}, {letter.name} "
            f"<{letter.address}> escreveu:"
        )
    html = (
        f'<div dir="auto">{divs(mail.text, AUTO)}</div><br><div class="gmail_quote"><div dir="ltr" '
        f'class="gmail_attr">{_attribution_html(said, letter.address)}<br></div><blockquote class="gmail_quote" '
        f'style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">{divs(letter.lines)}</blockquote></div>\n'
    )
    sign = "\n".join(mail.signature)
    if sign:
        above = '</div><br><div class="gmail_quote">'
        html = html.replace(above, f'<div dir="auto"><br></div>{divs(mail.signature)}{above}', 1)
    return Sent(stacked(wrapped(mail.text), sign, wrapped(said), marked(letter.lines)), html, encoding="base64")


def gmail_ios(mail: Mail) -> Sent:
    return gmail_phone(mail, doubled=True)


def _apple_attribution(mail: Mail) -> str:
    when, letter = mail.letter.when, mail.letter
    if mail.locale == "es-ES":
        return f"El {when.day} {month(mail, 3)} {when.year}, a las {clock(mail)}, {letter.name} <{letter.address}> escribió:"
    if mail.es:
        return (
            f"El {when.day} de {month(mail, 3)} de {when.year}, a la(s) {clock(mail)}, {letter.name} "
            f"<{letter.address}> escribió:"
        )
    if mail.locale == "pt-PT":
        return f"No dia {when:%d/%m/%Y}, às {clock(mail)}, {letter.name} <{letter.address}> escreveu:"
    return f"Em {when.day} de {month(mail, 3)}. de {when.year}, à(s) {clock(mail)}, {letter.name} <{letter.address}> escreveu:"


def _apple_forward(mail: Mail) -> list[str]:
    letter = mail.letter
    title = {"es": "Inicio del mensaje reenviado:", "pt": "Início da mensagem encaminhada:"}[mail.language]
    labels = ("De", "Asunto", "Fecha", "Para") if mail.es else ("De", "Assunto", "Data", "Para")
    date = f"{letter.when.day} de {month(mail)} de {letter.when.year}, {clock(mail, seconds=True)} GMT-5"
    values = (f"{letter.name} <{letter.address}>", letter.subject, date, mail.address)
    return [title, "", *(f"{label}: {value}" for label, value in zip(labels, values, strict=True)), "", *letter.lines]


APPLE_BODY = '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
APPLE_HEAD = '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'


def apple_mail(mail: Mail) -> Sent:
    sign = "\n".join(mail.signature)
    sign_html = f"<div><br></div><div>{divs(mail.signature)}</div>" if sign else ""
    if mail.forward:
        quoted = _apple_forward(mail)
        rows = "".join(
            f'<div style="margin: 0px;"><span style="font-family: -webkit-system-font; color:rgba(0, 0, 0, 1.0);"><b>'
            f"{esc(line.split(': ', 1)[0])}: </b></span><span>{esc(line.split(': ', 1)[1])}<br></span></div>"
            for line in quoted[2:6]
        )
        html = (
            f'{APPLE_HEAD}{APPLE_BODY}{divs(mail.text)}{sign_html}<div><br><blockquote type="cite"><div>{quoted[0]}</div>'
            f'<br class="Apple-interchange-newline">{rows}<br><div>{divs(mail.letter.lines)}</div></blockquote></div></body></html>'
        )
        return Sent(
            stacked(mail.text, sign, marked(quoted)), html, {"X-Mailer": "Apple Mail (2.3826.200.121)"}, flowed=True
        )
    said = _apple_attribution(mail)
    html = (
        f'{APPLE_HEAD}{APPLE_BODY}{divs(mail.text)}{sign_html}<br id="lineBreakAtBeginningOfMessage"><div><br>'
        f'<blockquote type="cite"><div>{esc(said)}</div><br class="Apple-interchange-newline"><div>'
        f"{divs(mail.letter.lines)}</div></blockquote></div><br></body></html>"
    )
    plain = stacked(mail.text, sign, marked([said, "", *mail.letter.lines]))
    return Sent(
        plain,
        html,
        {"X-Mailer": "Apple Mail (2.3826.200.121)", "Mime-Version": "1.0 (Mac OS X Mail 16.0)"},
        flowed=True,
    )


def iphone(mail: Mail) -> Sent:
    device = "Enviado desde mi iPhone" if mail.es else "Enviado do meu iPhone"
    sign = "\n".join(mail.signature)
    sign_html = f'<div dir="ltr"><br></div><div dir="ltr">{divs(mail.signature)}</div>' if sign else ""
    said = _apple_attribution(mail)
    quoted = (
        _apple_forward(mail) if mail.forward else [said, "", "\ufeff" + mail.letter.lines[0], *mail.letter.lines[1:]]
    )
    inner = (
        "".join(f"<div>{esc(line)}</div>" for line in quoted[:6])
        if mail.forward
        else f"{_attribution_html(said, mail.letter.address)}<br><br>"
    )
    html = (
        f'{APPLE_HEAD}<body dir="auto"><div dir="ltr"></div><div dir="ltr">{divs(mail.text)}</div>{sign_html}'
        f'<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{device}</div><div dir="ltr"><br><blockquote type="cite">'
        f'{inner}</blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff{divs(mail.letter.lines)}</div>'
        "</blockquote></body></html>"
    )
    plain = stacked(mail.text, sign, device, marked(quoted))
    return Sent(plain, html, {"X-Mailer": "iPhone Mail (23A341)"}, device=device, flowed=True)


def _yahoo_attribution(mail: Mail, phone: bool = False) -> str:
    letter = mail.letter
    zone = {"es-CO": "COT", "es-MX": "CST", "es-ES": "CET", "pt-BR": "BRT", "pt-PT": "WET"}[mail.locale]
    if phone:
        start = "El" if mail.es else "Em"
        between = "a la(s)" if mail.es else "às"
        return (
            f"{start} {weekday(mail, 3)}., {letter.when.day} de {month(mail, 3)}. de {letter.when.year} {between} "
            f"{clock(mail)}, {letter.name}<{letter.address}> {'escribió' if mail.es else 'escreveu'}:"
        )
    if mail.es:
        return f"En {long_date(mail)}, {clock(mail, seconds=True)} {zone}, {letter.name} <{letter.address}> escribió:"
    return f"Em {long_date(mail)} às {clock(mail, seconds=True)} {zone}, {letter.name} <{letter.address}> escreveu:"


def yahoo_web(mail: Mail) -> Sent:
    said = _yahoo_attribution(mail)
    sign = "\n".join(mail.signature)
    sign_html = f'<div class="ydp9f8e7d6signature"><br>{divs(mail.signature)}</div>' if sign else ""
    if mail.forward:
        names = ("De:", "Para:", "Enviado:", "Asunto:") if mail.es else ("De:", "Para:", "Enviado:", "Assunto:")
        head = [
            "----- Mensaje reenviado -----" if mail.es else "----- Mensagem encaminhada -----",
            f"{names[0]} {mail.letter.name} <{mail.letter.address}>",
            f"{names[1]} {mail.name} <{mail.address}>",
            f"{names[2]} {long_date(mail)}, {clock(mail, seconds=True)}",
            f"{names[3]} {mail.letter.subject}",
        ]
    else:
        head = [said]
    html = (
        f'<html><head></head><body><div class="ydpa1b2c3d4yahoo-style-wrap" style="font-family:Helvetica Neue, Helvetica, '
        f'Arial, sans-serif;font-size:16px;"><div dir="ltr" data-setdir="false">{divs(mail.text)}</div>{sign_html}<div><br>'
        f'</div></div><div id="ydp5e6f7a8byahoo_quoted_8245631907" class="ydp5e6f7a8byahoo_quoted"><div style="font-family:'
        f"'Helvetica Neue', Helvetica, Arial, sans-serif;font-size:13px;color:#26282a;\"><div>{brs(head)}</div><div><br>"
        f'</div><div><br></div><div><div id="ydp5e6f7a8byiv77">{divs(mail.letter.lines)}</div></div></div></div></body></html>'
    )
    plain = " " + stacked(
        mail.text, sign, "\n".join(f"    {line}  " for line in head), "\n".join(f" {x}  " for x in mail.letter.lines)
    )
    return Sent(plain, html, {"X-Mailer": "WebService/1.1.24725 YMailNorrin"})


def yahoo_phone(mail: Mail) -> Sent:
    """Yahoo for Android: the plain part has the first quoted line behind the attribution."""
    device = "Enviado desde Yahoo Mail para Android" if mail.es else "Enviado do Yahoo Mail no Android"
    said = _yahoo_attribution(mail, phone=True)
    html = (
        f'{divs(mail.text)}<br><br><div id="ymail_android_signature"><a id="ymail_android_signature_link" '
        f'href="https://mail.onelink.me/107872968">{device}</a></div> <br> <blockquote style="margin: 0 0 20px 0;"> '
        f'<div style="font-family:Roboto, sans-serif; color:#6D00F6;"> <div>{esc(said)}</div> </div> <div style="padding: '
        f'10px 0 0 20px; margin: 10px 0 0 0; border-left: 1px solid #6D00F6;"> {divs(mail.letter.lines)} </div> </blockquote>'
    )
    plain = f"{mail.text}\n\n{device} \n \n  {said}   {mail.letter.lines[0]}\n" + "\n".join(mail.letter.lines[1:])
    return Sent(plain, html, {"X-Mailer": "WebService/1.1.24725 YMailAndroidMobile"}, device=device)


def _thunderbird_attribution(mail: Mail) -> str:
    when, letter = mail.letter.when, mail.letter
    if mail.es:
        return f"El {when.day}/{when.month}/{when:%y} a las {when.hour}:{when:%M}, {letter.name} escribió:"
    if mail.locale == "pt-PT":
        return f"Às {when:%H:%M} de {when:%d/%m/%Y}, {letter.name} escreveu:"
    return f"Em {when:%d/%m/%Y} {when:%H:%M}, {letter.name} escreveu:"


TB = {
    "X-Mozilla-Draft-Info": "internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0",
    "User-Agent": "Mozilla Thunderbird",
    "Content-Language": "es-ES",
}


def thunderbird(mail: Mail) -> Sent:
    said, lines = _thunderbird_attribution(mail), mail.letter.lines
    sign = "\n".join(mail.signature)
    sign_html = f'<div class="moz-signature">{brs(mail.signature)}</div>' if sign else ""
    cite = f'<blockquote type="cite" cite="mid:{mail.number}.abc@desk.example">'
    head = '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body>'
    prefix = f'<div class="moz-cite-prefix">{esc(said)}<br></div>'
    if mail.forward:
        names = ("Asunto", "Fecha", "De", "Para") if mail.es else ("Assunto", "Data", "De", "Para")
        values = (
            mail.subject,
            f"{mail.letter.when:%a, %d %b %Y %H:%M:%S} -0500",
            f"{mail.letter.name} <{mail.letter.address}>",
            mail.address,
        )
        rows = [f"{name}: \t{value}" for name, value in zip(names, values, strict=True)]
        title = "-------- Mensaje reenviado --------" if mail.es else "-------- Mensagem encaminhada --------"
        table = "".join(
            f'<tr><th valign="BASELINE" align="RIGHT" nowrap="nowrap">{name}: </th><td>{esc(value)}</td></tr>'
            for name, value in zip(names, values, strict=True)
        )
        html = (
            f'{head}<p>{brs(mail.text)}</p>{sign_html}<div class="moz-forward-container"><br><br>{title}<table '
            f'class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody>{table}</tbody></table><br>'
            f"<br>{divs(lines)}</div></body></html>"
        )
        return Sent(
            stacked(mail.text, sign, "\n".join([title, *rows, "", "", *lines])), html, TB, encoding="8bit", flowed=True
        )
    if mail.place == "below":
        plain = stacked(f"{said}\n{marked(lines)}", mail.text, sign)
        html = (
            f"{head}{prefix}{cite}{divs(lines)}</blockquote><p><br></p><p>{brs(mail.text)}</p>{sign_html}</body></html>"
        )
    elif mail.place == "between":
        half, answers = len(lines) // 2, [*mail.answers(), ""][:2]
        plain = stacked(f"{said}\n{marked(lines[:half])}", answers[0], marked(lines[half:]), answers[1], sign)
        html = (
            f"{head}{prefix}{cite}{divs(lines[:half])}</blockquote><p>{brs(answers[0])}</p>{cite}{divs(lines[half:])}"
            f"</blockquote><p>{brs(answers[1])}</p>{sign_html}</body></html>"
        )
    else:
        plain = stacked(mail.text, sign, f"{said}\n{marked(lines)}")
        html = f"{head}<p>{brs(mail.text)}</p>{sign_html}{prefix}{cite}{divs(lines)}</blockquote></body></html>"
    return Sent(plain, html, TB, encoding="8bit", flowed=True)


def thunderbird_plain(mail: Mail) -> Sent:
    """Composed as plain text, in Latin-1, as many people's settings from long ago have it."""
    sent = thunderbird(mail)
    latin = all(ord(char) < 256 for char in sent.plain)
    return Sent(sent.plain, None, TB, charset="iso-8859-1" if latin else "utf-8", encoding="8bit", flowed=True)


def roundcube(mail: Mail) -> Sent:
    letter, verb = mail.letter, "escribió" if mail.es else "escreveu"
    start = "El" if mail.es else ("Em" if mail.locale == "pt-BR" else "A")
    said = f"{start} {letter.when:%Y-%m-%d %H:%M}, {letter.name} {verb}:"
    sign = "\n".join(mail.signature)
    sign_html = f'<div id="_rc_sig">{brs(mail.signature)}</div>' if sign else ""
    html = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" /></head><body style=\'font-size: '
        f'10pt; font-family: Verdana,Geneva,sans-serif\'><p>{brs(mail.text)}</p>{sign_html}<p id="reply-intro">{said}</p>'
        f'<blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0"><div id="replybody1">'
        f"{divs(letter.lines)}</div></blockquote></body></html>"
    )
    return Sent(
        stacked(mail.text, sign, f"{said}\n{marked(letter.lines)}"), html, {"User-Agent": "Roundcube Webmail/1.6.9"}
    )


def zimbra(mail: Mail) -> Sent:
    letter, when = mail.letter, mail.letter.when
    names = ("De", "Para", "Enviados", "Asunto") if mail.es else ("De", "Para", "Enviadas", "Assunto")
    date = f"{weekday(mail).capitalize()}, {when.day} de {month(mail).capitalize()} {when.year} {when:%H:%M:%S}"
    values = (f'"{letter.name}" <{letter.address}>', f'"{mail.name}" <{mail.address}>', date, letter.subject)
    rows = [f"{name}: {value}" for name, value in zip(names, values, strict=True)]
    sign = "\n".join(mail.signature)
    sign_html = f'<div data-marker="__SIG_PRE__"><div>{brs(mail.signature)}</div></div>' if sign else ""
    bold = "<br>".join(f"<b>{name}: </b>{esc(value)}" for name, value in zip(names, values, strict=True))
    html = (
        f'<html><body><div style="font-family: arial, helvetica, sans-serif; font-size: 12pt; color: #000000">{divs(mail.text)}'
        f'<div><br></div>{sign_html}<div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">'
        f'{bold}<br></div><div><br></div><div data-marker="__QUOTED_TEXT__"><div>{divs(letter.lines)}</div></div></div>'
        "</body></html>"
    )
    return Sent(
        stacked(mail.text, sign, "\n".join([*rows, "", *letter.lines])), html,
        {"X-Mailer": "Zimbra 9.0.0_GA_4583 (ZimbraWebClient - GC131 (Win)/9.0.0_GA_4583)"},
    )  # fmt: skip


def proton(mail: Mail) -> Sent:
    letter = mail.letter
    if mail.es:
        said = f"El {long_date(mail)} a las {clock(mail)}, {letter.name} <{letter.address}> escribió:"
        words = "Enviado con el correo electrónico seguro de "
    else:
        said = (
            f"{long_date(mail, comma=True).capitalize()} às {clock(mail)}, {letter.name} <{letter.address}> escreveu:"
        )
        words = "Enviado com o e-mail seguro "
    html = (
        f'<div style="font-family: Arial, sans-serif; font-size: 14px;">{brs(mail.text)}</div><div style="font-family: Arial, '
        f'sans-serif; font-size: 14px;"><br></div><div class="protonmail_signature_block" style="font-family: Arial, '
        f'sans-serif; font-size: 14px;"><div class="protonmail_signature_block-user protonmail_signature_block-empty"></div>'
        f'<div class="protonmail_signature_block-proton">{words}<a target="_blank" href="https://proton.me/mail/home">Proton '
        f'Mail</a>.</div></div><div style="font-family: Arial, sans-serif; font-size: 14px;"><br></div><div '
        f'class="protonmail_quote">{esc(said)}<br><br><blockquote class="protonmail_quote" type="cite">{divs(letter.lines)}'
        "</blockquote><br></div>"
    )
    plain = stacked(
        mail.text, f"{words}[Proton Mail](https://proton.me/mail/home).", wrapped(said), marked(letter.lines)
    )
    return Sent(plain, html, device=f"{words}Proton Mail.")


def zoho(mail: Mail) -> Sent:
    letter, when = mail.letter, mail.letter.when
    start, verb = ("El", "escribió") if mail.es else ("Em", "escreveu")
    said = f"---- {start} {weekday(mail, 3)}., {when.day} {month(mail, 3)}. {when.year} {when:%H:%M:%S} -0500 "
    tail = f" {verb} ----"
    html = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><html><head><meta content="text/html;charset=UTF-8" '
        'http-equiv="Content-Type"></head><body ><div style="font-family: Verdana, Arial, Helvetica, sans-serif; font-size: '
        f'10pt;">{divs(mail.text)}<div><br></div><div class="zmail_extra_hr" style="border-top: 1px solid rgb(204, 204, 204); '
        'height: 0px;"><br></div><div class="zmail_extra" data-zbluepencil-ignore="true"><div><br></div><div '
        f'id="Zm-_Id_-Sgn1">{said}<b>{esc(letter.name)} &lt;{letter.address}&gt;</b>{tail}<br></div><div><br></div><blockquote '
        f'id="blockquote_zmail" style="margin: 0px;"><div>{divs(letter.lines)}</div></blockquote></div></div></body></html>'
    )
    plain = stacked(mail.text, f"{said}{letter.name} <{letter.address}>{tail}", "\n".join(letter.lines))
    return Sent(plain, html, {"X-Mailer": "Zoho Mail", "User-Agent": "Zoho Mail"})


def provider_webmail(mail: Mail) -> Sent:
    """UOL in Brazil, Horde in universities and town halls elsewhere."""
    letter = mail.letter
    if mail.locale == "pt-BR":
        rows = [f'De: "{letter.name}" <{letter.address}>', f"Enviada: {letter.when:%Y/%m/%d %H:%M:%S}",
                f"Para: {mail.address}", f"Assunto: {letter.subject}"]  # fmt: skip
        html = (
            f'<div style="font-family: Arial; font-size: 14px;">{divs(mail.text)}<br><hr style="border-top: 1px solid #ccc">'
            + "".join(f"<b>{esc(row.split(':')[0])}:</b>{esc(row.split(':', 1)[1])}<br>" for row in rows)
            + f"<br>{divs(letter.lines)}</div>"
        )
        return Sent(stacked(mail.text, "\n".join([*rows, "", *letter.lines])), html, {"X-Mailer": "UOL Webmail"})
    said = f"{letter.name} <{letter.address}> escribió:" if mail.es else f"Citando {letter.name} <{letter.address}>:"
    sign = "\n".join(mail.signature)
    return Sent(
        stacked(mail.text, sign, said, marked(letter.lines)), None, {"User-Agent": "Horde Application Framework 5"}
    )
