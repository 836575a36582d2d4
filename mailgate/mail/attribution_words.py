"""The words by which mail programs announce a quote, by language: data for ``attribution``. Case-folded."""

from __future__ import annotations

# What "wrote" is in an attribution. Case-folded; matched as whole words (or as they stand, in scripts without spaces).
WROTE = (
    # es, pt, gl, ca, eu
    "escribió", "escribio", "escribía", "ha escrito", "escribiu", "escreveu", "va escriure", "ha escrit", "escrigué",
    "idatzi du", "idatzi zuen", "añadió", "respondió",
    # en, fr, it, de, nl
    "wrote", "writes", "a écrit", "a ecrit", "écrivait", "ha scritto", "scrive", "schrieb", "schreibt",
    "geschrieben", "schreef", "schreift", "skreau", "heeft geschreven",
    # da, sv, no, fi, is, et
    "skrev", "skreiv", "skrifaði", "kirjoitti", "kirjutas",
    # pl, cs, sk, ru, uk, bg, sr, hr, sl
    "napisał", "napisała", "napisał(a)", "napisał/a", "pisze", "wiadomość napisana przez", "napsal", "napsala",
    "napsal(a)", "napísal",
    "napísal(a)", "написал", "написала", "написал(а)", "писал", "писал(а)", "пишет", "написав", "пише", "написа",
    "je napisao", "je napisao/la", "je napisala", "je napisao(la)", "je napisal",
    # ro, hu, tr, el, sq, eo, id, vi
    "a scris", "írta", "ezt írta", "yazdı", "şunu yazdı", "έγραψε", "shkroi", "skribis", "menulis", "đã viết",
    "yozgan",
    # he, ar, fa, ja, ko, zh, hy
    "כתב", "כתבה", "كتب", "نوشت", "نوشته است", "のメッセージ", "さんは書きました", "書きました", "作成", "작성",
    "쓴 내용", "写道", "寫道", "գրեց",
)  # fmt: skip

# Words that begin a dated attribution (the weekday and the number can begin it too).
OPENERS = (
    "el", "en", "on", "em", "no dia", "a", "aos", "o", "le", "il giorno", "il", "in data", "am", "op", "den",
    "el dia", "el día", "dnia", "w dniu", "dne", "dňa", "dana", "în", "pe data de", "më", "je", "pada", "vào",
    "στις", "дана", "di", "d'an/ar", "在", "於", "с", "във", "på", "um", "con fecha", "con fecha de", "de", "at",
    "u", "ngày", "در", "בתאריך", "às", "ás", "activado", "ativado",
)  # fmt: skip

# Words that begin an attribution which names the author first, or that says nothing of the date.
INTRODUCERS = (
    "missatge de",
    "wiadomość napisana przez",
    "mensaje de",
    "mensagem de",
    "message de",
    "message from",
    "quoting",
    "citando a",
    "citando",
    "citat de",
    "zitat von",
    "nachricht von",
    "bericht van",
    "messaggio da",
    "cytowanie",
    "en respuesta a",
    "em resposta a",
    "in reply to",
)

# What stands between the date and the address where a program writes no "wrote".
BY = ("por", "by", "von", "par", "da", "door", "af", "av", "od", "от", "de", "per")

WEEKDAYS = (
    "lun", "mar", "mié", "mie", "jue", "vie", "sáb", "sab", "dom", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    "seg", "ter", "qua", "qui", "sex", "segunda", "terça", "quarta", "quinta", "sexta", "mer", "jeu", "ven", "sam",
    "dim", "gio", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch", "donnerstag",
    "freitag", "samstag", "sonntag", "ma", "wo", "vr", "za", "zo", "man", "tir", "tor", "tors", "tis", "ons", "fre",
    "lør", "lör", "søn", "sön", "ke", "to", "pe", "la", "su", "ti", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд",
    "pon", "wt", "śr", "czw", "pt", "sob", "niedz", "niedziela", "dl", "dt", "dc", "dj", "dv", "ds", "dg", "luns",
    "mércores", "xov", "dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte", "diumenge",
)  # fmt: skip

# Help desks ask for the answer to stand above such a line.
REPLY_ABOVE = (
    "please type your reply above this line", "reply above this line", "responda por encima de esta línea",
    "responda encima de esta línea", "por favor responda por encima de esta línea",
    "escriba su respuesta encima de esta línea", "escriba su respuesta por encima de esta línea",
    "por favor, escriba su respuesta por encima de esta línea", "responda acima desta linha",
    "por favor, digite sua resposta acima desta linha",
)  # fmt: skip

# Announcements of a forward that stand alone, with a colon and no dashes.
BARE_FORWARDS = ("begin forwarded message", "inicio del mensaje reenviado", "início da mensagem encaminhada",
                  "início da mensagem reencaminhada", "inizio messaggio inoltrato", "début du message transféré",
                  "début du message réexpédié", "anfang der weitergeleiteten nachricht",
                  "begin doorgestuurd bericht",
                  "inici del missatge reenviat")  # fmt: skip
