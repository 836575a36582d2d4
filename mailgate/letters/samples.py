"""Every letter's values in every state it can be in: for the gallery, for checking an operator's templates, for tests.

The data look like a real desk's, with the names and signs that show a mistake: accents, markup, braces, long words.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from mailgate.letters.book import BOOK, TO_AGENTS
from mailgate.letters.buttons import make_buttons
from mailgate.letters.render import Renderer

NOW = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
TAG = "[#1042]"
REPLY_TO = "soporte+t1042.abcdefgh.abcdefghijklmnop@desk.example"
DESK = {
    "name": "Soporte Técnico",
    "company": "Compañía de Ejemplo S.A.S.",
    "address": "soporte@desk.example",
    "phone": "601 514 1327 ext. 2",
    "logo": "",
}
PERSON = {"name": "Ana María Muñoz", "address": "ana@cliente.example"}
CLIENT = {
    "name": "Ferretería Ñandú & Hijos",
    "licence": "FER-0042",
    "nit": "900123456",
    "plan": "Oro",
    "state": "active",
    "valid_to": date(2027, 3, 31),
}
WORDS = "Buenos días:\n\nAl imprimir sale «error 27 & <b>papel</b>».\nYa reinicié {{ 7 * 7 }}.\n\nQuedo atenta."
FILES = [
    {"name": "pantallazo ñ.png", "size": 245_123, "withheld": ""},
    {"name": "arregla.exe", "size": 1200, "withheld": "programa"},
]
FILES_LEFT = [
    {"name": "video.mp4", "size": 18_000_000, "withheld": "", "how": "#archivos 7", "url": f"mailto:{REPLY_TO}"}
]
SOLUTIONS = [
    {"title": "Papel atascado", "text": "Apágala y espera.", "url": f"mailto:{REPLY_TO}?subject=x&body=x", "how": "#1"},
]
HISTORY = [{"at": NOW, "who": "Luis Peña", "text": "Le pedí el modelo."}]
TICKETS = [
    {"tag": TAG, "number": 1042, "subject": "No imprime la factura", "status": "open", "urgent": True}
    | {"client": CLIENT["name"], "agent": "Luis Peña", "updated_at": NOW},
]
SECTIONS: list[dict[str, Any]] = [
    {"title": "Cola", "total": 51, "more": 50, "tickets": TICKETS},
    {"title": "Vencen hoy", "total": 0, "more": 0, "tickets": []},
]
CARD = CLIENT | {"mobile": "+57 300 123 4567", "contacts": ["ana@cliente.example"]}
STARS = [{"stars": n, "url": f"mailto:{REPLY_TO}?subject={n}&body={n}"} for n in (5, 4, 3, 2, 1)]
FILE = [
    {"title": "Respuestas", "count": 58, "items": [{"at": NOW, "who": "Luis Peña", "text": "Le pedí <el> modelo."}]}
]
TICKETS = [
    {
        "tag": TAG,
        "subject": "No imprime",
        "status": "open",
        "updated_at": NOW,
        "url": f"mailto:{REPLY_TO}?subject=x&body=x",
    }
]
CORRECTIONS = [{"label": name, "url": f"mailto:{REPLY_TO}?subject=x"} for name in ("Nómina", "Impresión & red")]
REPORT_TABLES = [
    {"key": "types", "title": "Por tipo", "columns": [["Tipo", False], ["Radicadas", True]], "wide": 0, "more": ""}
    | {"rows": [["queja <b>", "3"], ["petición de información", "0"]], "total": ["Total", "3"]},
    {"key": "clients", "title": "Por cliente", "columns": [["Cliente", False], ["Tarde", True]], "wide": 0}
    | {"rows": [["Ferretería Ñandú & Hijos", "1"]], "total": None, "more": "y 4 más"},
    {"key": "extensions", "title": "Prórrogas", "columns": [], "wide": 0, "rows": [], "total": None, "more": ""},
]
# Without these a letter is never written; all the rest may be missing.
NEEDED = frozenset({
    "desk", "tag", "text", "author", "status", "reason", "evidence", "starts_at", "length", "answer", "title",
    "sections", "radicado", "type", "doubtful", "filed_at", "counts_from", "later", "due_on", "days", "extended",
    "about", "to_management", "petitioner", "acknowledged", "answered_at", "recipient", "sent_at", "attempts", "reply",
    "variables", "who", "until", "into", "said", "wanted", "lead",
    "tables", "notes", "how", "address", "company", "licence", "approved",
    "by", "state", "valid_to", "renewal", "example_tag", "pqrs_address",
})  # fmt: skip
_LONG = "https://portal.ejemplo.example/descargas/" + "parche-de-la-version-ocho-" * 6
_OTHER_STATES: dict[str, dict[str, dict[str, Any]]] = {
    "answer": {
        "formatted": {
            "html": "<p>Hola, Ana:</p><ol><li>Cambia el <b>papel</b>.</li><li>Reinicia.</li></ol>"
            "<table><tr><td>Bandeja</td><td>Carta</td></tr></table><blockquote>error 27</blockquote>"
        },
        "closing": {"stars": STARS, "status": "closed"},
        "long": {"text": f"Baja el parche de {_LONG} y ejecútalo.\n\n" + "Luego reinicia el equipo. " * 60},
    },
    "notice-new": {"stranger": {"client": None, "mobile": "", "category": "", "urgent": False, "history": ()}},
    "notice-comment": {"long": {"text": "Pasó otra vez lo mismo que ayer. " * 90 + _LONG}},
    "status": {
        "closed": {
            "status": "closed",
            "sections": [
                {"title": "Respuestas", "count": 5, "items": [{"at": NOW, "who": "Luis Peña", "text": "Listo."}] * 5},
                {
                    "title": "Posibles Soluciones",
                    "count": 1,
                    "items": [{"at": None, "who": "", "text": "Papel: espera."}],
                },
                {
                    "title": "Servicios",
                    "count": 58,
                    "items": [{"at": NOW, "who": "Luis Peña", "text": "60 min: visita"}],
                },
                {"title": "Reuniones", "count": 0, "items": []},
            ],
        },
    },
    "policy-inactive": {"suspended": {"state": "suspended", "valid_to": None}},
    "contact-decided": {"refused": {"approved": False}},
    "pqrs-notice": {
        "to-agents": {"to_management": False, "acknowledged": True, "answered_at": None},
        "extended": {"about": "Se prorrogó el término.", "ordered": True, "text": ""},
        "overdue": {"about": "VENCIDA: el término terminó sin respuesta de fondo.", "answered_at": None, "text": ""},
    },
    "list": {"nothing-found": {"sections": [{"title": "Cola", "total": 0, "more": 0, "tickets": []}], "card": None}},
    "meeting-cancelled": {"plain": {"text": ""}},
}
COMMON: dict[str, Any] = {
    "desk": DESK,
    "number": 1042,
    "tag": TAG,
    "subject": "No imprime la factura",
    "name": PERSON["name"],
}
WITHHELD: list[dict[str, Any]] = [file for file in FILES if file["withheld"]]
TO_CLIENT: dict[str, Any] = COMMON | {"agent_name": "Luis Peña", "attachments": FILES, "withheld": WITHHELD}
NOTICE: dict[str, Any] = COMMON | {
    "text": WORDS,
    "author": PERSON,
    "status": "open",
    "client": CLIENT,
    "agent_name": "Luis Peña",
    "category": "Facturación",
    "urgent": True,
    "mobile": "+57 300 123 4567",
    "promised_at": NOW,
    "history": HISTORY,
    "attachments": FILES,
    "solutions": SOLUTIONS,
    "remark": "Escribe desde otra dirección.",
    "duplicates": [
        {
            "tag": "[#1041]",
            "subject": "Factura <b>",
            "at": NOW,
            "command": "#unir 1041",
            "url": f"mailto:{REPLY_TO}",
        }
    ],
    "copied": [{"address": "jefe@cliente.example", "command": "#cc jefe@x", "url": f"mailto:{REPLY_TO}"}],
}
PQRS: dict[str, Any] = COMMON | {
    "radicado": "PQRS-2026-000017",
    "type": "queja",
    "doubtful": True,
    "filed_at": NOW,
    "counts_from": date(2026, 11, 25),
    "later": True,
    "due_on": date(2026, 12, 17),
    "days": 15,
    "extended": True,
    "reason": "Esperamos el concepto del proveedor <b>externo</b>.",
    "withheld": WITHHELD,
    "buttons": [],
}
# letter → its values; one that is not here has those of its kind: NOTICE to agents, TO_CLIENT else.
_SHOWN: dict[str, dict[str, Any]] = {
    "pqrs-acknowledgement": PQRS,
    "pqrs-corrected": PQRS,
    "pqrs-extended": PQRS,
    "pqrs-notice": NOTICE
    | PQRS
    | {
        "about": "Se radicó una nueva PQRS.",
        "ordered": False,
        "to_management": True,
        "petitioner": PERSON,
        "acknowledged": False,
        "answered_at": NOW,
        "evidence": ["dirección desconocida", "dominio sin verificar"],
    },
    "acknowledgement": TO_CLIENT
    | {"category": "Facturación", "promised_at": NOW, "solutions": SOLUTIONS, "wrong_mobile": "31 55"}
    | {"client": CLIENT, "asks_more": True, "corrections": CORRECTIONS}
    | {"news": [{"title": "Aviso", "text": "El sábado cerramos.", "unread": True}]},
    "answer": TO_CLIENT | {"text": "Cambia el papel.\n\nY avísame.", "html": ""},
    "notice-new": NOTICE | {"status": "new"},
    "notice-held": COMMON
    | {
        "text": WORDS,
        "author": PERSON,
        "reason": "Nada prueba que la dirección sea suya.",
        "evidence": ["dirección desconocida", "dominio sin verificar"],
        "attachments": FILES,
    },
    "identify": COMMON,
    "identify-again": COMMON,
    "contact-approved": COMMON,
    "approve-contact": COMMON
    | {"address": "nueva@cliente.example", "company": CLIENT["name"], "licence": CLIENT["licence"]},
    "contact-decided": COMMON | {"address": "nueva@cliente.example", "approved": True, "by": PERSON["address"]},
    "policy-inactive": COMMON
    | {"state": "expired", "valid_to": date(2026, 10, 31), "company": CLIENT["name"], "renewal": "llámanos."},
    "undeliverable": COMMON
    | {
        "recipient": "ana@client.example",
        "sent_at": NOW,
        "attempts": 3,
        "reply": "550 5.1.1 <ana@client.example>: no such user",
        "mobile": "+57 300 123 4567",
    },
    "commands-returned": COMMON
    | {
        "problems": [{"line": 1, "text": "#cerar no es una orden.", "likely": "#cerrar"}],
        "lines": [{"text": "#cerar", "wrong": True}, {"text": "Listo, <b>Ana</b>.", "wrong": False}],
        "attachments": FILES,
    },
    "receipt": COMMON
    | {
        "done": ["asignado a Luis Peña", "cerrado"],
        "letters": [{"to": [PERSON["address"]], "subject": f"Re: {TAG} No imprime", "text": "Hola, <b>Ana</b>."}],
    },
    "files": COMMON | {"attachments": FILES, "left": FILES_LEFT},
    "canned": COMMON
    | {
        "canned": [
            {
                "name": "reinicio",
                "text": "Hola, {nombre}.",
                "label": "reinicio",
                "url": f"mailto:{REPLY_TO}",
            }
        ]
    }
    | {"variables": "{nombre}, {agente}"},
    "handed-over": COMMON | {"who": "Luis Peña", "until": date(2026, 12, 1), "sections": SECTIONS},
    "merged": TO_CLIENT | {"into": "[#7]"},
    "help": COMMON,
    "closed": TO_CLIENT | {"stars": STARS},
    "status": TO_CLIENT
    | {"status": "open", "category": "Facturación", "urgent": True, "opened_at": NOW, "updated_at": NOW}
    | {"promised_at": NOW, "client": CLIENT}
    | {"sections": FILE},
    "my-tickets": COMMON | {"tickets": TICKETS},
    "news": COMMON | {"news": [{"title": "Aviso", "text": "El sábado cerramos.", "unread": True}]},
    "solved": TO_CLIENT | {"stars": STARS},
    "linked": TO_CLIENT | {"why": "El ticket [#7] se cerró hace tiempo.", "promised_at": NOW},
    "closed-waiting": TO_CLIENT | {"stars": STARS},
    "urgent-offer": TO_CLIENT | {"tariff": "$150.000 por hora.\n\nSolo por teléfono."},
    "urgent-accepted": TO_CLIENT | {"promised_at": NOW},
    "client-help": COMMON,
    "category-changed": TO_CLIENT | {"category": "Nómina"},
    "messages": COMMON | {"wanted": True},
    "mobile-wrong": COMMON | {"said": "31 55"},
    "promise-reminder": NOTICE | {"about": "Pronto vence la primera respuesta", "to_management": False},
    "late-answer": COMMON | {"text": WORDS, "other": "Luis Peña"},
    "meeting": COMMON
    | {"agent_name": "Luis Peña", "starts_at": NOW, "length": "1 h 30 min", "text": "Cierre", "changed": True},
    "meeting-cancelled": COMMON
    | {"agent_name": "Luis Peña", "starts_at": NOW, "length": "1 h 30 min", "text": "Cierre"},
    "meeting-reply": NOTICE
    | {"answer": "aceptó", "starts_at": NOW, "proposed": NOW, "called_off": False, "outdated": True},
    "pqrs-report": {
        "desk": DESK,
        "title": "Informe de PQRS de octubre: factura",
        "lead": ["PQRS radicadas: 9.", "Respondidas: <b>7</b>."],
        "tables": REPORT_TABLES,
        "charts": [
            {"key": "states", "table": "types", "title": "Barras", "alt": "queja: 3", "cid": "states@pqrs-report"}
        ],
        "notes": ["Va adjunto el PDF."],
        "how": "Días hábiles.",
    },
    "list": COMMON | {"title": "Búsqueda: factura", "sections": SECTIONS, "card": CARD},
    "guide-client": COMMON | {"example_tag": TAG, "pqrs_address": "pqrs@desk.example"},
    "guide-agent": COMMON,
    "digest": COMMON | {"title": "Tu día: factura", "sections": SECTIONS},
}
_COMMANDS = {"help": None, "guide-agent": 7}  # letters that list commands, and how many
_OWN_BUTTONS = {  # made by who writes the letter, and not by the book
    "commands-returned": ("resend",),
    "files": ("command-help",),
    "late-answer": ("accept", "reject"),
    "urgent-offer": ("status",),
}


def states(renderer: Renderer, language: str) -> dict[str, dict[str, dict[str, Any]]]:
    """letter → state → values. ``full`` shows all that a letter can, ``bare`` nothing that it can do without."""
    told = {}
    for letter, values in samples(renderer, language).items():
        bare = {name: value for name, value in values.items() if name in NEEDED}
        told[letter] = {"full": values, "bare": bare}
    for letter, changes in _OTHER_STATES.items():
        told[letter] |= {state: told[letter]["full"] | change for state, change in changes.items()}
    return told


def samples(renderer: Renderer, language: str) -> dict[str, dict[str, Any]]:
    """Values for every letter, with everything a letter can show."""
    words, told = renderer.words(language), {}
    for letter, entry in BOOK.items():
        values = _SHOWN.get(letter, NOTICE if letter in TO_AGENTS else TO_CLIENT)
        if keys := entry.buttons or _OWN_BUTTONS.get(letter):
            values = values | {"buttons": make_buttons(words, keys, reply_to=REPLY_TO, tag=TAG)}
        if letter in _COMMANDS:
            values = values | {"commands": list(words["commands"].values())[: _COMMANDS[letter]]}
        told[letter] = values
    return told
