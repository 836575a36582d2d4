"""Finds the lines by which mail programs announce a quote: attributions, header blocks, separators.

``find_quote_start`` looks at one place of a text and says how many lines announce a quote there, or None. Pure, total:
it never raises, and each line costs bounded work (long lines are looked at by their ends only).

Three shapes are known. An *attribution* is a sentence of one to four wrapped lines that ends in a colon ("El lun, 23 nov
2026 a las 10:15, Ana (<a@b.co>) escribió:"). A *header block* is ``De:/Enviado:/Para:/Asunto:`` in any language below. A
*separator* is "-----Mensaje original-----". The words are data; a shape alone (a date and an address before a colon, or
a date and time directly above ``>`` lines) is enough for the languages that are not listed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

LONGEST = 600  # characters of an attribution, after joining its wrapped lines
MOST_LINES = 4


class Start(NamedTuple):
    """An announcement: lines ``first`` up to (not including) ``end``, and what sort it is."""

    first: int
    end: int
    kind: str  # attribution, headers, separator, forward


# What "wrote" is in an attribution. Case-folded; matched as whole words (or as they stand, in scripts without spaces).
WROTE = (
    # es, pt, gl, ca, eu
    "escribió", "escribio", "escribía", "ha escrito", "escribiu", "escreveu", "va escriure", "ha escrit", "escrigué",
    "idatzi du", "idatzi zuen", "añadió", "respondió",
    # en, fr, it, de, nl
    "wrote", "writes", "a écrit", "a ecrit", "écrivait", "ha scritto", "scrive", "schrieb", "schreibt", "geschrieben",
    "schreef", "schreift", "skreau", "heeft geschreven",
    # da, sv, no, fi, is, et
    "skrev", "skreiv", "skrifaði", "kirjoitti", "kirjutas",
    # pl, cs, sk, ru, uk, bg, sr, hr, sl
    "napisał", "napisała", "napisał(a)", "napisał/a", "pisze", "napsal", "napsala", "napsal(a)", "napísal",
    "napísal(a)",
    "написал", "написала", "написал(а)", "писал", "писал(а)", "пишет", "написав", "написала", "пише", "написа",
    "je napisao", "je napisao/la", "je napisala", "je napisao(la)", "je napisal",
    # ro, hu, tr, el, sq, eo, id, vi
    "a scris", "írta", "ezt írta", "yazdı", "şunu yazdı", "έγραψε", "shkroi", "skribis", "menulis", "đã viết",
    "yozgan",
    # he, ar, fa, ja, ko, zh, hy
    "כתב", "כתבה", "كتب", "نوشت", "نوشته است", "のメッセージ", "さんは書きました", "書きました", "作成", "작성", "쓴 내용",
    "写道", "寫道", "գրեց",
)  # fmt: skip

# Words that begin a dated attribution (the weekday and the number can begin it too).
OPENERS = (
    "el", "en", "on", "em", "no dia", "a", "aos", "o", "le", "il giorno", "il", "in data", "am", "op", "den",
    "el dia",
    "el día", "dnia", "w dniu", "dne", "dňa", "dana", "în", "pe data de", "më", "je", "pada", "vào", "στις", "дана",
    "di",
    "d'an/ar", "在", "於", "с", "във", "på", "um", "con fecha", "con fecha de", "de", "at", "u", "ngày", "در", "בתאריך",
)  # fmt: skip

WEEKDAYS = (
    "lun", "mar", "mié", "mie", "jue", "vie", "sáb", "sab", "dom", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    "seg", "ter", "qua", "qui", "sex", "segunda", "terça", "quarta", "quinta", "sexta", "mer", "jeu", "ven", "sam",
    "dim",
    "gio", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch", "donnerstag", "freitag",
    "samstag",
    "sonntag", "ma", "wo", "vr", "za", "zo", "man", "tir", "tor", "tors", "tis", "ons", "fre", "lør", "lör", "søn",
    "sön",
    "ke", "to", "pe", "la", "su", "ti", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд", "pon", "wt", "śr", "czw",
    "pt",
    "sob", "niedz", "niedziela", "dl", "dt", "dc", "dj", "dv", "ds", "dg", "luns", "mércores", "xov", "ven",
    "dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte", "diumenge",
)  # fmt: skip

# The header names that programs write above a quote, by what they hold.
LABELS: dict[str, tuple[str, ...]] = {
    "from": (
        "de", "from", "von", "da", "van", "fra", "från", "lähettäjä", "od", "от", "від", "expéditeur", "remitente",
        "desde", "frå", "из", "kimden", "from", "寄件者", "发件人", "寄件人", "差出人", "보낸 사람", "保存者", "mittente",
    ),
    "date": (
        "enviado", "enviada", "enviado el", "enviada el", "enviados", "enviado em", "enviada em", "fecha", "data",
        "date",
        "sent", "gesendet", "datum", "envoyé", "envoyé le", "envoyée", "inviato", "inviata", "verzonden", "sendt",
        "dato",
        "skickat", "lähetetty", "päivämäärä", "wysłano", "wysłane", "отправлено", "дата", "odesláno", "message du",
        "data de envio", "enviat", "enviat el", "date d'envoi", "skickades", "发送时间", "日期", "寄件日期", "送信日時", "日付",
        "보낸 날짜", "날짜", "tarih", "fecha de envío", "надіслано", "enviado o", "mensaje del", "received", "recibido",
    ),
    "to": (
        "para", "a", "to", "an", "à", "aan", "til", "till", "vastaanottaja", "do", "кому", "destinatario",
        "destinatário",
        "komu", "per a", "per", "kime", "收件人", "宛先", "받는 사람", "al",
    ),
    "cc": (
        "cc", "c.c.", "copia", "cópia", "con copia", "kopie", "copie à", "copie", "kopi", "kopia", "copia a", "cco",
        "bcc",
        "kopio", "dw", "do wiadomości", "копия", "копія", "抄送", "참조", "副本",
    ),
    "subject": (
        "asunto", "assunto", "subject", "betreff", "objet", "oggetto", "onderwerp", "emne", "ämne", "aihe", "temat",
        "тема",
        "assumpte", "předmět", "konu", "主题", "主旨", "件名", "제목", "subjecte",
    ),
    "other": (
        "responder a", "reply-to", "responder-a", "reply to", "importancia", "importance", "importância", "prioridad",
        "priority", "prioridade", "adjuntos", "attachments", "anexos", "archivos adjuntos", "organización",
        "organization",
        "répondre à", "rispondi a", "antwort an", "wichtigkeit", "priorität", "datos adjuntos", "lista", "message-id",
    ),
}  # fmt: skip

# Sentences between dashes (or alone, where a program writes them so) above a quoted message.
ORIGINAL = (
    "mensaje original", "original message", "mensagem original", "ursprüngliche nachricht", "message d'origine",
    "message original", "messaggio originale", "oorspronkelijk bericht", "originele bericht", "oprindelig meddelelse",
    "oprindelig besked", "original meddelelse", "opprinnelig melding", "ursprungligt meddelande",
    "originalmeddelande",
    "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "treść oryginalnej wiadomości",
    "исходное сообщение", "оригинальное сообщение", "пересылаемое сообщение", "missatge original", "mensaxe orixinal",
    "correo original", "mensaje citado", "original mail", "původní zpráva", "mensaje anterior", "reply message",
    "respuesta al mensaje", "original appointment", "cita original", "compromisso original", "jatorrizko mezua",
    "ursprunglig meddelande", "originalnachricht", "original-nachricht", "email original", "e-mail original",
    "reply to message", "message initial", "原始邮件", "原始郵件", "원본 메일", "元のメッセージ",
)  # fmt: skip
FORWARDED = (
    "mensaje reenviado", "forwarded message", "mensagem encaminhada", "mensagem reencaminhada",
    "weitergeleitete nachricht",
    "message transféré", "message transmis", "messaggio inoltrato", "doorgestuurd bericht", "videresendt meddelelse",
    "videresendt besked", "videresendt melding", "vidarebefordrat meddelande", "välitetty viesti",
    "przekazana wiadomość", "wiadomość przekazana dalej", "пересылаемое письмо", "переадресованное сообщение",
    "missatge reenviat", "mensaxe reenviada", "begin forwarded message", "inicio del mensaje reenviado",
    "início da mensagem encaminhada", "início da mensagem reencaminhada", "inizio messaggio inoltrato",
    "début du message transféré", "début du message réexpédié", "anfang der weitergeleiteten nachricht",
    "begin doorgestuurd bericht", "correo reenviado", "forwarded by", "reenviado por", "forwarded email",
    "fin del mensaje reenviado", "forward message", "inici del missatge reenviat", "mensaje transferido",
    "пересланное сообщение", "vidarebefordrat brev", "转发的邮件", "forwarded mail", "e-mail encaminhado",
)  # fmt: skip

_BARE_FORWARDS = ("begin forwarded message", "inicio del mensaje reenviado", "início da mensagem encaminhada",
                  "início da mensagem reencaminhada", "inizio messaggio inoltrato", "début du message transféré",
                  "début du message réexpédié", "anfang der weitergeleiteten nachricht", "begin doorgestuurd bericht",
                  "inici del missatge reenviat")  # fmt: skip


def _words(table: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(table), key=len, reverse=True))


_SPACELESS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_WROTE_WORDS = [w for w in WROTE if not _SPACELESS.search(w)]
_WROTE = re.compile(
    rf"(?<!\w)(?:{_words(_WROTE_WORDS)})(?![\w(])|{_words([w for w in WROTE if _SPACELESS.search(w)])}"
)
_TOLD_TO_ME = re.compile(r"(?<!\w)(?:me|nos|le|les|te|lhe|m'|to me|told)\s(?:escribió|escribio|ha escrito|escreveu|wrote)")
_OPENS = re.compile(
    rf"(?:[-–—=\s]*)(?:(?:{_words(OPENERS)})[\s,:.]+)?(?:(?:{_words(WEEKDAYS)})[^\s\d<@]*[\s,]|[\[(]?\d)"
    rf"|(?:[-–—=\s]*)(?:{_words(OPENERS)})[\s,:]"
)
_STRONG_OPENS = re.compile(
    rf"(?:[-–—=\s]*)(?:(?:{_words(OPENERS)})[\s,:.]+)?"
    rf"(?:(?:{_words(WEEKDAYS)})[^\s\d<@]*[\s,.]|[\[(]?\d|(?:[^\W\d]{{3,12}}\.?\s\d))"
)
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}/\d{1,2}|(?:19|20)\d\d)(?!\d)"
    r"|\d{4}年|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?\s\d{1,2}\b"
)
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"@,;:]{1,64}@[^\s<>()\[\]\"@,;:]{2,190}")
_ENDS = re.compile(r"(?::|：|៖|։|>:?|\.)[\s*_>]*$|[-–—]{3,}\s*$")
_NOISE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c\u202d\u202f"), None)
_NOISE[0x202F] = " "
_NOISE[0xA0] = " "


def plain(line: str) -> str:
    """The line as it is compared: folded case, ordinary blanks, without the marks that stand for bold."""
    text = unicodedata.normalize("NFC", line[: LONGEST * 2]).translate(_NOISE).casefold()
    return " ".join(text.replace("*", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').split())


def _announces(text: str, quoted_below: bool, opened: bool) -> bool:
    """Whether one joined sentence is an attribution. ``opened``: it must begin as dated attributions do."""
    if len(text) > LONGEST:
        return False
    date, time, address = _DATE.search(text), _TIME.search(text), _ADDRESS.search(text)
    colon = text.rstrip(" -–—_>").endswith((":", "：", "៖"))
    wrote = _WROTE.search(text)
    if wrote and _TOLD_TO_ME.search(text) and not quoted_below and not address:
        return False
    if opened:
        if not _OPENS.match(text):
            return False
        if wrote and (date or address):
            at_end = len(text) - wrote.end() <= 4 or text.rstrip().endswith("--")
            if address or quoted_below:
                return colon or at_end
            return at_end and colon and bool(_STRONG_OPENS.match(text) and date and (time or len(text) < 90))
        if date and time and address and colon:
            return bool(_STRONG_OPENS.match(text))
        return bool(quoted_below and date and time and (colon or text.endswith((".", "։"))))
    if wrote and (date or address) and colon:
        return quoted_below or bool(address or (date and time))
    if quoted_below and wrote and colon:
        return len(text) <= 120 and len(text) - wrote.end() <= 3
    return bool(quoted_below and colon and ((date and time) or (address and len(text) <= 200)))


def find_attribution(lines: Sequence[str], last: int, first: int, quoted_below: bool) -> Start | None:
    """The attribution that ends on line ``last`` and begins on no line above ``first``.

    ``quoted_below``: whether the next line with text carries quote marks, which lets weaker shapes count.
    The shortest stretch that begins as dated attributions begin is taken; only then any that has the rest.
    """
    if len(lines[last]) > LONGEST or not _ends_like_one(lines[last]):
        return None
    stretches: list[tuple[int, str]] = []
    text = ""
    for index in range(last, max(first, last - MOST_LINES + 1) - 1, -1):
        line = plain(lines[index])
        if not line or len(text) > LONGEST:
            break
        text = f"{line} {text}".strip()
        stretches.append((index, text))
    for opened in (True, False):
        for index, text in stretches:
            if _announces(text, quoted_below, opened):
                return Start(index, last + 1, "attribution")
    return None


def _ends_like_one(line: str) -> bool:
    tail = plain(line[-80:])
    if not tail:
        return False
    if _ENDS.search(tail):
        return True
    found = None
    for found in _WROTE.finditer(tail):
        pass
    return found is not None and len(tail) - found.end() <= 3


_LABEL = re.compile(r"[\s*_>]{0,6}([^\W\d_][^:：<>@]{0,24}?)[\s*_]{0,4}(?:[:：])[\s*_]{0,4}(.*)$", re.DOTALL)
_LABEL_OF = {name: kind for kind, names in LABELS.items() for name in names}


def header_label(line: str) -> str:
    """Which header a line names (from, date, to, cc, subject, other), "" for none."""
    found = _LABEL.match(plain(line[:200]))
    return _LABEL_OF.get(found.group(1).strip(), "") if found else ""


def find_headers(lines: Sequence[str], first: int, announced: bool, on_top: bool) -> int | None:
    """Where the header block that begins on line ``first`` ends (the line after it), or None.

    ``announced``: a separator or a rule stands above it. ``on_top``: nothing of the person's stands above it, so it may
    as well be the head of their own memorandum; then only the full set, with an address or a time of day, will do.
    """
    labels: list[str] = []
    index, blanks, wrapped, end = first, 0, 0, first
    while index < len(lines) and index < first + 24:
        line = lines[index]
        label = header_label(line)
        if label:
            labels.append(label)
            blanks, wrapped, end = 0, 0, index + 1
        elif not line.strip():
            blanks += 1
            if blanks > 1 or len(labels) >= 4:
                break
        elif not blanks and wrapped < 3 and labels and _continues(line):
            wrapped, end = wrapped + 1, index + 1
        else:
            break
        index += 1
    kinds = set(labels)
    if len(kinds - {"other"}) < 2 or labels[0] == "other":
        return None
    if announced:
        return end
    block = "\n".join(plain(line) for line in lines[first:end])
    evidence = bool(_ADDRESS.search(block) or _TIME.search(block))
    if labels[0] != "from" and not (labels[0] == "date" and labels[1:2] == ["from"]):
        return None
    if on_top:
        return end if evidence and {"from", "date", "to", "subject"} <= kinds else None
    return end if evidence and len(kinds - {"other", "cc"}) >= 3 else None


def _continues(line: str) -> bool:
    """Whether an unlabelled line can be the rest of a wrapped header value: addresses, or plainly indented."""
    return len(line) < 400 and ("@" in line or line[:1] in " \t" or line.rstrip().endswith((";", ",", ">")))


_SEPARATOR = re.compile(
    rf"^[\s>]*(?:[-–—_=*#~|+<]{{2,}}\s*)(?P<what>{_words(ORIGINAL + FORWARDED)})(?:\s[^-–—_=]{{1,120}}?)?\s*"
    rf"[:.]?\s*[-–—_=*#~|+>]{{0,60}}$"
)
_RULE = re.compile(r"^\s*(?:[-–—_=*]\s?){4,}\s*$")


def find_separator(line: str) -> str:
    """What a separator line announces: "original", "forward", or "" when it is no separator."""
    if len(line) > 240:
        return ""
    text = plain(line)
    if text.rstrip(" :") in _BARE_FORWARDS:
        return "forward"
    found = _SEPARATOR.match(text)
    if not found and "*" in line:
        found = _SEPARATOR.match(line.strip().casefold())
    if not found:
        return ""
    return "forward" if found.group("what") in FORWARDED else "original"


def is_rule(line: str) -> bool:
    """A line drawn across: ``________``, ``-----``, ``====``."""
    return len(line) < 400 and bool(_RULE.match(line))
