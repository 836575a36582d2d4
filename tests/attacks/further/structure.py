"""Mails that are bent: nesting, floods of headers and parts, charsets that are none, authors that are missing."""

from __future__ import annotations

from tests.attacks.further import CLIENT, EVIL, Case, mail, parts, text_part, verdict

ALIVE = (["survive", 6, 300], ["next_mail_ok"])  # a busy machine, and a mailbox that is polled
HEAVY = (["survive", 15, 300], ["next_mail_ok"])  # megabytes that a mailbox takes, and the port does not
TOP = verdict("empresa.example")
ANY = ["accept", "reject", "ignore"]


def _nested_multiparts(depth: int) -> tuple[str, bytes]:
    body = "Content-Type: text/plain\r\n\r\nhondo\r\n"
    for level in range(depth):
        body = f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n{body}\r\n--b{level}--\r\n'
    head, _, rest = body.partition("\r\n\r\n")
    return f"MIME-Version: 1.0\r\n{head}\r\n", rest.encode()


def _nested_mails(depth: int) -> bytes:
    body = "fondo\r\n"
    for level in range(depth):
        body = f"From: a@b.example\r\nSubject: n{level}\r\nContent-Type: message/rfc822\r\n\r\n{body}"
    return body.encode()


def _bare(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def CASES() -> list[Case]:
    multiparts, mime = _nested_multiparts(1000), "MIME-Version: 1.0\r\n"
    rfc822 = mime + "Content-Type: message/rfc822\r\n"
    many = "".join(f"X-{n}: v\r\n" for n in range(100_000))
    segments = "".join(f" filename*{n}=a;\r\n" for n in range(20_000))
    crowd = ",\r\n ".join(f"p{n}@t.example" for n in range(20_000))
    hundred_thousand = parts(*["\r\nx"] * 100_000)
    author = f"From: {CLIENT}\r\nTo: soporte@apolosoft.example\r\n"
    rest = "Date: Mon, 12 Jan 2026 09:00:00 -0500\r\n"

    def broken(code: str, threat: str, raw: bytes, expected: str = "quarantine", checks=ALIVE, also=ANY, **more):
        return Case(code, threat, raw, checks, expected, also, **{"sender": CLIENT, **more})

    return [
        broken("F01-deep-mime", "1000 nested multiparts", mail(CLIENT, "f01", multiparts[1], mime=multiparts[0])),
        broken("F02-deep-mails", "1000 mails in mails", mail(CLIENT, "f02", _nested_mails(1000), mime=rfc822)),
        broken("F03-many-headers", "100 000 headers", mail(CLIENT, "f03", more=many), checks=HEAVY),
        broken(
            "F04-long-header",
            "a header line of 10 MB",
            mail(CLIENT, "f04", more=f"X: {'x' * 10_000_000}\r\n"),
            checks=HEAVY,
        ),
        broken(
            "F07-many-parts",
            "100 000 parts",
            mail(CLIENT, "f07", hundred_thousand[1], mime=hundred_thousand[0]),
            checks=HEAVY,
        ),
        broken(
            "F08-rfc2231-segments",
            "a file name in 20 000 pieces",
            mail(
                CLIENT,
                "f08",
                mime=f"{mime}Content-Type: text/plain\r\nContent-Disposition: attachment;\r\n{segments} x=y\r\n",
            ),
        ),
        broken("F10-crowd", "20 000 addresses in To", mail(CLIENT, "f10", to=crowd)),
        broken(
            "F11-parameters",
            "20 000 parameters",
            mail(CLIENT, "f11", mime=mime + "Content-Type: text/plain" + ";\r\n a=b" * 20_000 + "\r\n"),
        ),
        broken(
            "F13-empty-lines",
            "2 000 000 empty lines",
            mail(CLIENT, "f13", "\r\n" * 2_000_000),
            checks=HEAVY,
        ),
        broken(
            "F14-one-line",
            "one line of 10 MB",
            mail(CLIENT, "f14", "x" * 10_000_000),
            checks=HEAVY,
        ),
        broken(
            "F16-codec-charset",
            "Python codecs as charsets: unicode_escape, idna, cp037, rot13, zlib",
            mail(
                CLIENT,
                "=?unicode_escape?Q?=5Cx0aBcc?= =?rot13?Q?hola?=",
                parts(
                    text_part("F16-OK").replace("utf-8", "idna"),
                    text_part("dos").replace("utf-8", "zlib_codec"),
                    text_part("tres").replace("utf-8", "../../etc/passwd"),
                )[1],
                mime=parts()[0],
            ),
            "accept",
            (["text_present", "F16-OK"], *ALIVE),
            ["quarantine"],
        ),
        broken(
            "F18-no-boundary",
            "multipart without a boundary",
            mail(
                CLIENT, "f18", "--b\r\n\r\nF18-OK texto\r\n--b--\r\n", mime=mime + "Content-Type: multipart/mixed\r\n"
            ),
            "accept",
            (["text_present", "F18-OK"], *ALIVE),
            (),
        ),
        broken(
            "F19-boundary-unused",
            "a boundary that never comes",
            mail(CLIENT, "f19", "F19-OK texto\r\n", mime=mime + "Content-Type: multipart/mixed; boundary=zz\r\n"),
            "accept",
            (["text_present", "F19-OK"], *ALIVE),
            (),
        ),
        broken("F21-garbage-first", "a first line that is no header", b"esto no es nada\r\n" + mail(CLIENT, "f21")),
        broken("F22-empty", "an empty mail", b"\r\n", also=["ignore", "reject"], peer="internet", sender=EVIL),
        broken(
            "F25-no-body",
            "a header block without an end",
            _bare(f"{TOP}{author}Subject: F25-OK asunto\r\n{rest}"),
            "accept",
            (["raw_kept"], *ALIVE),
            ["quarantine"],
        ),
        broken(
            "F28-group-from",
            "From is a group",
            mail("undisclosed-recipients:;", "f28", top=verdict("evil.example")),
            also=["reject"],
        ),
        broken("F29-name-only", "From has a name and no address", mail("Juan Perez", "f29", top=TOP), also=["reject"]),
        broken(
            "F33-raw-eight-bit",
            "8-bit octets in subject, name and body, without a charset",
            mail(
                f"Jos\udce9 <{CLIENT}>",
                "Facturaci\udcf3n F33",
                "Se\xf1or F33-OK a\xf1o".encode("latin-1"),
                mime="",
            ),
            "accept",
            (["text_present", "F33-OK"], *ALIVE),
            (),
        ),
        broken(
            "F34-nul-in-body",
            "NUL in the body, and after decoding",
            mail(
                CLIENT,
                "=?utf-8?Q?f34=00x?=",
                "F34-OK antes=00despues =ED=A0=80 fin\r\n",
                mime=mime
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
            ),
            "accept",
            (["text_present", "F34-OK"], ["outgoing_headers_clean"], *ALIVE),
            (),
        ),
        broken(
            "F37-first",
            "an honest mail whose Message-ID is used again",
            mail(CLIENT, "primero", "uno\r\n", message_id="f38"),
            "accept",
            (["tickets_max", 1],),
            (),
        ),
        broken(
            "F38-id-used-again",
            "the same Message-ID with another text is another mail",
            mail(CLIENT, "segundo", "F38-OK otro texto\r\n", message_id="f38"),
            "accept",
            (["text_present", "F38-OK"],),
            (),
            after="F37",
        ),
        broken(
            "F40-no-message-id",
            "no Message-ID at all",
            _bare(f"{TOP}{author}Subject: f40\r\n{rest}\r\nF40-OK\r\n"),
            "accept",
            (["text_present", "F40-OK"], ["idempotent"]),
            (),
        ),
        broken(
            "F41-combining",
            "800 kB of combining marks: NFC is quadratic",
            mail(CLIENT, "f41", "F41-OK a" + "\u0301\u0323" * 200_000 + "\r\n"),
            "accept",
            HEAVY,
            ["quarantine", "reject"],
        ),
        broken(
            "F42-long-body-words",
            "a body of one word of 60 000 characters a line, many lines",
            mail(CLIENT, "f42", ("y" * 60_000 + "\r\n") * 20),
            "accept",
            ALIVE,
            ["quarantine"],
        ),
        broken(
            "F45-headers-named-like-code",
            "headers named like attributes of the parser",
            mail(
                CLIENT,
                "f45",
                "F45-OK\r\n",
                more="Message: x\r\nHeaders_json: {}\r\nBody: otro\r\nText_plain: otro\r\n__class__: x\r\n"
                "Mail: x\r\nAttachments: x\r\nDefects: x\r\nDate_: x\r\nFrom_: ana@apolosoft.example\r\n",
            ),
            "accept",
            (["text_present", "F45-OK"], *ALIVE),
            (),
        ),
        broken(
            "F48-nothing-but-quote",
            "a mail of quotes only, 100 000 lines deep",
            mail(CLIENT, "f48", "".join(">" * (n % 500) + " hola\r\n" for n in range(20_000))),
            "accept",
            HEAVY,
            ["quarantine"],
        ),
        broken(
            "F51-file-name-raises",
            "a file name of RFC 2231 pieces that make the library raise TypeError",
            mail(
                CLIENT,
                "f51",
                parts(
                    text_part("F51-OK"),
                    "Content-Type: application/pdf; name*0=a; name*1*=utf-8''b; name=c\r\n"
                    "Content-Disposition: attachment; filename*0=x; filename*1*=utf-8''y; filename*=z\r\n\r\nx\r\n",
                )[1],
                mime=parts()[0],
            ),
            "accept",
            (["text_present", "F51-OK"], ["raw_kept"], *ALIVE),
            (),
        ),
    ]
