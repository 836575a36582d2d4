"""What alerts say to operators, in both languages; a test keeps the two tables alike."""

from __future__ import annotations

ALERTS: dict[str, dict[str, str]] = {
    "es": {
        "subject": "[mailgate {desk}] {first}",
        "mail": "Hay correo detenido: el más antiguo espera desde hace {minutes} minutos.",
        "letters": "Hay cartas detenidas: la más antigua espera desde hace {minutes} minutos.",
        "differs": "{count} correos terminaron sin que conste qué pasó con ellos.",
        "quarantine": "Hay {count} correos en cuarentena ({megabytes} MB).",
        "waiting": "{count} correos ({megabytes} MB) esperan a que alguien decida; pronto se aplazará el correo de "
        "desconocidos, también sus PQRS. Mira 'mailgate held list' y 'mailgate quarantine list'.",
        "pqrs": "{count} PQRS sin respuesta vencen hoy, mañana o ya vencieron.",
        "store": "La base de datos no responde: {error}",
        "templates": "Hay plantillas tuyas que no se pueden usar, y en su lugar salen las nuestras: {names}.",
        "disk": "Queda poco disco: {megabytes} MB libres.",
        "advice": "Mira 'mailgate doctor' y 'mailgate stats' en {host}.",
    },
    "en": {
        "subject": "[mailgate {desk}] {first}",
        "mail": "Mail stands still: the oldest has been waiting for {minutes} minutes.",
        "letters": "Letters stand still: the oldest has been waiting for {minutes} minutes.",
        "differs": "{count} mails ended without a record of what became of them.",
        "quarantine": "There are {count} mails in quarantine ({megabytes} MB).",
        "waiting": "{count} mails ({megabytes} MB) wait for somebody to decide; soon strangers' mail will be put off, "
        "their PQRS too. See 'mailgate held list' and 'mailgate quarantine list'.",
        "pqrs": "{count} PQRS without an answer are due today or tomorrow, or overdue.",
        "store": "The database does not serve: {error}",
        "templates": "Templates of yours cannot be used, and ours stand in: {names}.",
        "disk": "The disk is nearly full: {megabytes} MB free.",
        "advice": "See 'mailgate doctor' and 'mailgate stats' on {host}.",
    },
}
