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
    "napisał", "napisała", "napisał(a)", "napisał/a", "pisze", "napsal", "napsala", "napsal(a)", "napísal",
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
    "u", "ngày", "در", "בתאריך",
)  # fmt: skip

WEEKDAYS = (
    "lun", "mar", "mié", "mie", "jue", "vie", "sáb", "sab", "dom", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    "seg", "ter", "qua", "qui", "sex", "segunda", "terça", "quarta", "quinta", "sexta", "mer", "jeu", "ven", "sam",
    "dim", "gio", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch", "donnerstag",
    "freitag", "samstag", "sonntag", "ma", "wo", "vr", "za", "zo", "man", "tir", "tor", "tors", "tis", "ons", "fre",
    "lør", "lör", "søn", "sön", "ke", "to", "pe", "la", "su", "ti", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд",
    "pon", "wt", "śr", "czw", "pt", "sob", "niedz", "niedziela", "dl", "dt", "dc", "dj", "dv", "ds", "dg", "luns",
    "mércores", "xov", "dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte", "diumenge",
)  # fmt: skip

# The header names that programs write above a quote, by what they hold.
LABELS: dict[str, tuple[str, ...]] = {
    "from": (
        "de la", "feladó", "από", "šalje", "nork", "gönderen", "de", "from", "von", "da", "van", "fra", "från",
        "lähettäjä", "od", "от", "від", "expéditeur", "remitente", "desde", "frå", "из", "kimden", "寄件者",
        "发件人", "寄件人", "差出人", "보낸 사람", "保存者", "mittente",
    ),
    "date": (
        "trimis", "elküldve", "στάλθηκε", "poslano", "bidalia", "gönderildi", "ngày", "dátum", "enviado", "enviada",
        "enviado el", "enviada el", "enviados", "enviadas", "enviado em", "enviada em", "fecha", "data", "date",
        "sent", "gesendet", "datum", "envoyé", "envoyé le", "envoyée", "inviato", "inviata", "verzonden", "sendt",
        "dato", "skickat", "lähetetty", "päivämäärä", "wysłano", "wysłane", "отправлено", "дата", "odesláno",
        "message du", "data de envio", "enviat", "enviat el", "date d'envoi", "skickades", "发送时间", "日期",
        "寄件日期", "送信日時", "日付", "보낸 날짜", "날짜", "tarih", "fecha de envío", "надіслано", "enviado o",
        "mensaje del", "received", "recibido",
    ),
    "to": (
        "către", "címzett", "προς", "prima", "nori", "para", "a", "to", "an", "à", "aan", "til", "till",
        "vastaanottaja", "do", "кому", "destinatario", "destinatário", "komu", "per a", "per", "kime", "收件人",
        "宛先", "받는 사람", "al",
    ),
    "cc": (
        "cc", "c.c.", "copia", "cópia", "con copia", "kopie", "copie à", "copie", "kopi", "kopia", "copia a", "cco",
        "bcc", "kopio", "dw", "do wiadomości", "копия", "копія", "抄送", "참조", "副本",
    ),
    "subject": (
        "subiect", "tárgy", "θέμα", "predmet", "gaia", "asunto", "assunto", "subject", "betreff", "objet", "oggetto",
        "onderwerp", "emne", "ämne", "aihe", "temat", "тема", "assumpte", "předmět", "konu", "主题", "主旨", "件名",
        "제목", "subjecte",
    ),
    "other": (
        "responder a", "reply-to", "responder-a", "reply to", "importancia", "importance", "importância",
        "prioridad", "priority", "prioridade", "adjuntos", "attachments", "anexos", "archivos adjuntos",
        "organización", "organization", "répondre à", "rispondi a", "antwort an", "wichtigkeit", "priorität",
        "datos adjuntos", "lista", "message-id",
    ),
}  # fmt: skip

# Sentences between dashes (or alone, where a program writes them so) above a quoted message.
ORIGINAL = (
    "please type your reply above this line", "reply above this line", "responda por encima de esta línea",
    "responda encima de esta línea", "por favor responda por encima de esta línea",
    "escriba su respuesta encima de esta línea", "escriba su respuesta por encima de esta línea",
    "por favor, escriba su respuesta por encima de esta línea", "responda acima desta linha",
    "por favor, digite sua resposta acima desta linha", "mensaje original", "jatorrizko mezua", "eredeti üzenet",
    "mesaj original", "αρχικό μήνυμα", "izvorna poruka", "özgün ileti", "original message", "mensagem original",
    "ursprüngliche nachricht", "message d'origine", "message original", "messaggio originale",
    "oorspronkelijk bericht", "originele bericht", "oprindelig meddelelse", "oprindelig besked",
    "original meddelelse", "opprinnelig melding", "ursprungligt meddelande", "originalmeddelande",
    "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "treść oryginalnej wiadomości",
    "исходное сообщение", "оригинальное сообщение", "пересылаемое сообщение", "missatge original",
    "mensaxe orixinal", "correo original", "mensaje citado", "original mail", "původní zpráva", "mensaje anterior",
    "reply message", "respuesta al mensaje", "original appointment", "cita original", "compromisso original",
    "ursprunglig meddelande", "originalnachricht", "original-nachricht", "email original", "e-mail original",
    "reply to message", "message initial", "原始邮件", "原始郵件", "원본 메일", "元のメッセージ",
)  # fmt: skip
FORWARDED = (
    "mensaje reenviado", "forwarded message", "mensagem encaminhada", "mensagem reencaminhada",
    "weitergeleitete nachricht", "message transféré", "message transmis", "messaggio inoltrato",
    "doorgestuurd bericht", "videresendt meddelelse", "videresendt besked", "videresendt melding",
    "vidarebefordrat meddelande", "välitetty viesti", "przekazana wiadomość", "wiadomość przekazana dalej",
    "пересылаемое письмо", "переадресованное сообщение", "missatge reenviat", "mensaxe reenviada",
    "begin forwarded message", "inicio del mensaje reenviado", "início da mensagem encaminhada",
    "início da mensagem reencaminhada", "inizio messaggio inoltrato", "début du message transféré",
    "début du message réexpédié", "anfang der weitergeleiteten nachricht", "begin doorgestuurd bericht",
    "correo reenviado", "forwarded by", "reenviado por", "forwarded email", "fin del mensaje reenviado",
    "forward message", "inici del missatge reenviat", "mensaje transferido", "пересланное сообщение",
    "vidarebefordrat brev", "转发的邮件", "forwarded mail", "e-mail encaminhado",
)  # fmt: skip

BARE_FORWARDS = ("begin forwarded message", "inicio del mensaje reenviado", "início da mensagem encaminhada",
                  "início da mensagem reencaminhada", "inizio messaggio inoltrato", "début du message transféré",
                  "début du message réexpédié", "anfang der weitergeleiteten nachricht",
                  "begin doorgestuurd bericht",
                  "inici del missatge reenviat")  # fmt: skip
