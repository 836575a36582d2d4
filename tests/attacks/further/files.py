"""What is attached: names that lie, archives, active types, secured mail, calendars, a thousand files."""

from __future__ import annotations

import base64
import io
import zipfile

from tests.attacks.further import CLIENT, Case, mail, parts, text_part

APART = (["no_file_outside_store"], ["attachment_name_safe"])
ALIVE = (["survive", 2, 300], ["next_mail_ok"])


def _file(disposition: str, content: bytes = b"contenido", kind: str = "application/octet-stream") -> str:
    encoded = base64.encodebytes(content).decode().replace("\n", "\r\n")
    head = f"Content-Type: {kind}\r\nContent-Disposition: {disposition}\r\n"
    return f"{head}Content-Transfer-Encoding: base64\r\n\r\n{encoded}"


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("../../../../tmp/mailgate-slip.txt", "/etc/mailgate-slip.txt"):
            archive.writestr(zipfile.ZipInfo(name), "fuera")  # dated 1980: the same bytes each time
    return out.getvalue()


def _with(*files: str, text: str = "Adjunto.") -> dict[str, object]:
    head, body = parts(text_part(text), *files)
    return {"body": body, "mime": head}


def CASES() -> list[Case]:
    svg = _file('attachment; filename="dibujo.svg"', b"<svg onload='alert(1)'/>", "image/svg+xml")
    page = _file('inline; filename="pagina.html"', b"<script>alert(1)</script>", "text/html")
    script = _file('attachment; filename="ver.js"', b"alert(1)", "application/javascript")
    external = (
        'Content-Type: message/external-body; access-type=URL; URL="http://evil.example/x"\r\n\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    smime = (
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n"
    )
    signed = parts(text_part("E18-OK firmado"), smime, kind='multipart/signed; protocol="application/pkcs7-signature"')
    pgp = parts(
        "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
        "Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nx\r\n",
        kind='multipart/encrypted; protocol="application/pgp-encrypted"',
    )
    attendees = "".join(f"ATTENDEE:mailto:p{n}@tercero.example\r\n" for n in range(1000))
    event = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u1@x\r\n"
        "DTSTAMP:20260112T140000Z\r\nDTSTART:20260112T140000Z\r\nRRULE:FREQ=SECONDLY;COUNT=999999999\r\n"
        f"ORGANIZER:mailto:{CLIENT}\r\n{attendees}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    calendar = parts(text_part("Cita"), text_part(event, "text/calendar; method=REQUEST"))
    thousand = _with(*(_file(f'attachment; filename="f{n}.txt"', b"x") for n in range(1000)))
    return [
        Case(
            "E04-nul-in-name",
            "NUL and line breaks in file names, as they are and RFC 2231",
            mail(
                CLIENT,
                "nul",
                **_with(
                    _file('attachment; filename="a\0.exe.txt"'),
                    _file("attachment; filename*=utf-8''b%00.exe%0D%0AX-Y%3A%20z.txt"),
                    _file('attachment; filename="=?utf-8?Q?c=00=0D=0Ad.txt?="'),
                ),
            ),
            (*APART, ["outgoing_headers_clean"], *ALIVE),
            "accept",
            ["quarantine", "reject"],
            CLIENT,
        ),
        Case(
            "E06-names-disagree",
            "filename, filename* and name tell three names; one RFC 2231 value makes the library raise",
            mail(
                CLIENT,
                "nombres",
                **_with(
                    _file(
                        "attachment; filename=\"bueno.txt\"; filename*=utf-8''malo.exe",
                        kind='application/pdf; name="otro.js"',
                    ),
                    _file("attachment; filename*0*=utf-8''a; filename*1=b; filename*2*=%zz; filename*x=y"),
                    _file("attachment; filename*0*=x; filename*=y''z"),
                ),
            ),
            (*APART, *ALIVE),
            "accept",
            ["quarantine"],
            CLIENT,
        ),
        Case(
            "E09-zip-slip",
            "an archive whose entries climb out",
            mail(CLIENT, "zip", **_with(_file('attachment; filename="datos.zip"', _archive(), "application/zip"))),
            (["no_file_outside_store"], ["not_unpacked"], ["attachment_kept", "datos.zip"], *ALIVE),
            "accept",
            ["quarantine"],
            CLIENT,
        ),
        Case(
            "E12-active-types",
            "svg, html and js, one of them inline",
            mail(CLIENT, "activos", **_with(svg, page, script)),
            (*APART, ["html_inert"], ["no_network"]),
            "accept",
            ["quarantine"],
            CLIENT,
        ),
        Case(
            "E17-external-body",
            "message/external-body is never fetched",
            mail(CLIENT, "externo", **_with(external)),
            (["no_network"], ["no_file_outside_store"], *ALIVE),
            "accept",
            ["quarantine"],
            CLIENT,
        ),
        Case(
            "E18-smime-signed",
            "a signed mail is read as it is",
            mail(CLIENT, "firmado", signed[1], mime=signed[0]),
            (["text_present", "E18-OK"], ["raw_kept"]),
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "E19-smime-opaque",
            "an opaque S/MIME mail has no readable text, and says so",
            mail(
                CLIENT,
                "opaco",
                base64.encodebytes(bytes(range(256)) * 8),
                mime="MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; "
                "name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; "
                "filename=smime.p7m\r\n",
            ),
            (["raw_kept"], *ALIVE),
            "accept",
            ["quarantine"],
            CLIENT,
        ),
        Case(
            "E20-pgp-encrypted",
            "an encrypted mail is kept",
            mail(CLIENT, "cifrado", pgp[1], mime=pgp[0]),
            (["raw_kept"], *ALIVE),
            "accept",
            ["quarantine"],
            CLIENT,
        ),
        Case(
            "E21-calendar-bomb",
            "an invitation of 1000, each second",
            mail(CLIENT, "cita", calendar[1], mime=calendar[0]),
            (["outgoing_max", 2], ["no_outgoing_to", "p7@tercero.example"], *ALIVE),
            "accept",
            ["ignore", "quarantine"],
            CLIENT,
        ),
        Case(
            "E23-unknown-encoding",
            "an encoding that nobody knows, and uuencode that ends nowhere",
            mail(
                CLIENT,
                "cte",
                "E23-OK texto\r\nbegin 644 x\r\nM&5S\r\n",
                mime="MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: x-nadie\r\n",
            ),
            (["text_present", "E23-OK"], ["raw_kept"], *ALIVE),
            "accept",
            ["quarantine"],
            CLIENT,
        ),
        Case(
            "E24-thousand-files",
            "1000 attachments",
            mail(CLIENT, "mil", thousand["body"], mime=thousand["mime"]),
            (["outgoing_max", 3], ["survive", 4, 300], ["next_mail_ok"]),
            "quarantine",
            ["accept", "reject"],
            CLIENT,
        ),
    ]
