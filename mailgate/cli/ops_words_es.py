"""What doctor, backup, restore and purge say in Spanish."""

OPS_SPANISH = {
    "help.doctor": (
        "Revisar la base de datos, el relay, los buzones, el DNS, el disco y las colas; decir qué está mal."
    ),
    "help.backup": "Escribir una copia verificada de todo en un archivo nuevo, mientras sigue llegando correo.",
    "help.restore": "Hacer la base de datos a partir de una copia; no debe existir todavía.",
    "help.purge": "Quitar correos y cartas guardados el tiempo suficiente; las PQRS y los tickets se quedan.",
    "doctor.deep": "Leer cada correo y archivo y compararlo con su hash.",
    "doctor.well": "bien",
    "doctor.doubt": "duda",
    "doctor.ill": "MAL",
    "doctor.skipped": "omitido",
    "doctor.what": "qué",
    "doctor.told": "cómo está",
    "doctor.ill-count": "lo que está mal te necesita: {count}",
    "doctor.all-well": "Nada está mal.",
    "doctor.sqlite": "SQLite {version}; una anterior a 3.51.3 puede dañar su registro: pip install -U pysqlite3",
    "doctor.postgresql": "PostgreSQL {version}",
    "doctor.tables": "migraciones pendientes: {pending}",
    "doctor.disk": "{megabytes} MB libres",
    "doctor.clock": "a {seconds} s del reloj de la base de datos",
    "doctor.mail": "el correo más antiguo en espera: {minutes} min",
    "doctor.letters": "la carta más antigua en espera: {minutes} min",
    "doctor.outcomes": "correos sin resultado: {count}",
    "doctor.quarantine": "en cuarentena: {count} correos, {megabytes} MB",
    "doctor.pqrs": "PQRS que vencen hoy o mañana, o ya vencidas: {count}",
    "doctor.maildir": "las cartas se escriben en {folder}; nada sale mientras relay.kind no sea smtp",
    "doctor.fails": "{error}",
    "doctor.answers": "responde",
    "doctor.template": "{name}: {problem}; se usa la nuestra",
    "doctor.templates": "todas las tuyas sirven",
    "doctor.dns.local": "{domain} no es un dominio de Internet",
    "doctor.dns.library": "sin consultar: instala mailgate[firsthop]",
    "doctor.dns.found": "{name} {kind}: {record}",
    "doctor.dns.missing": "{name} no tiene registro {kind} para esto: otros dudarán de tus cartas",
    "doctor.integrity": "la base de datos dice de sí misma: {verdict}",
    "doctor.blob": "{digest}…: {wrong}",
    "doctor.blobs": "{count} correos y archivos leídos, {megabytes} MB; dañados o perdidos: {broken}",
    "doctor.orphans": "bytes que nada necesita ('mailgate purge' los quita): {count}",
    "backup.file": "El archivo de la copia.",
    "backup.done": (
        "Escrita y verificada: {file} ({megabytes} MB): correos {intake}, tickets "
        "{ticket}, comentarios {comment}, cartas {outgoing}."
    ),
    "restore.done": (
        "Restaurada y verificada desde {file} ({megabytes} MB): correos {intake}, "
        "tickets {ticket}, comentarios {comment}, cartas {outgoing}."
    ),
    "purge.dry-run": "Solo decir qué se iría.",
    "purge.what": "qué",
    "purge.count": "cuántos",
    "purge.raw": "correos cuyos bytes ya se guardaron bastante",
    "purge.letters": "cartas enviadas cuyos bytes ya se guardaron bastante",
    "purge.quarantine": "correos que nadie miró en cuarentena",
    "purge.memory": "filas que solo recuerdan un correo",
    "purge.keys": "claves de lo que hizo el reloj",
    "purge.question": "¿Quitar {count} de ellos para siempre?",
    "purge.working": "Depurando",
    "purge.done": "Quitados: {count}; archivos barridos: {swept}.",
}
