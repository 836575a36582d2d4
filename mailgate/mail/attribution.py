"""Finds the lines by which mail programs announce a quote: attributions, header blocks, separators.

``find_quote_start`` looks at one place of a text and says how many lines announce a quote there, or None. Pure, total:
it never raises, and each line costs bounded work (long lines are looked at by their ends only).

Three shapes are known. An *attribution* is a sentence of one to four wrapped lines that ends in a colon ("El lun, 23
nov 2026 a las 10:15, Ana (<a@b.co>) escribió:"). A *header block* is ``De:/Enviado:/Para:/Asunto:`` in any of the
languages of the tables. A *separator* is "-----Mensaje original-----". A shape alone (a date and an address before a
colon, or a date and time directly above ``>`` lines) is enough for languages that are not listed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from mailgate.mail.attribution_words import (
    BARE_FORWARDS,
    BY,
    INTRODUCERS,
    OPENERS,
    REPLY_ABOVE,
    WEEKDAYS,
    WROTE,
)
from mailgate.mail.forward_words import FORWARD_ENDS, FORWARD_MARK_STARTS
from mailgate.mail.header_words import FORWARD_MARKS, LABELS, ORIGINAL_MARKS

LONGEST = 600  # characters of an attribution, after joining its wrapped lines
MOST_LINES = 4


class Start(NamedTuple):
    """An announcement: lines ``first`` up to (not including) ``end``, and what sort it is."""

    first: int
    end: int
    kind: str  # attribution, headers, separator, forward


def _words(table: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted({word.casefold() for word in table}, key=len, reverse=True))


def shortest_of(table: Sequence[str]) -> tuple[str, ...]:
    """Of the words those that hold no other, so that a text without any of these has none of all."""
    words = sorted({word.casefold() for word in table}, key=len)
    return tuple(word for at, word in enumerate(words) if not any(other in word for other in words[:at]))


_SPACELESS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_WROTE_WORDS = [w for w in WROTE if not _SPACELESS.search(w)]
_WROTE = re.compile(rf"(?<!\w)(?:{_words(_WROTE_WORDS)})(?![\w(])|{_words([w for w in WROTE if _SPACELESS.search(w)])}")
_WROTE_SOMEHOW = shortest_of(WROTE)
_LONGEST_WROTE = 20 + max(map(len, WROTE))  # with what may stand behind it
_SAID_AND_MORE = re.compile(rf"> ?(?P<wrote>{_words(_WROTE_WORDS)}):\s")
_TOLD_TO_ME = re.compile(
    r"(?<!\w)(?:me|nos|le|les|te|lhe|m'|to me|told)\s(?:escribió|escribio|ha escrito|escreveu|wrote)"
)
_OPENS = re.compile(
    rf"(?:[-–—=\s]*)(?:(?:{_words(OPENERS)})[\s,:.]+)?(?:(?:{_words(WEEKDAYS)})[^\s\d<@]*[\s,]|[\[(]?\d)"
    rf"|(?:[-–—=\s]*)(?:{_words(OPENERS)})[\s,:]|[^\x00-\u024f\s]"
)
_STRONG_OPENS = re.compile(
    rf"(?:[-–—=\s]*)(?:(?:{_words(OPENERS)})[\s,:.]+)?"
    rf"(?:(?:{_words(WEEKDAYS)})[^\s\d<@]*[\s,.]|[\[(]?\d|(?:[^\W\d]{{3,12}}\.?\s\d)|[^\x00-\u024f\s])"
)
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}/\d{1,2}|(?:19|20)\d\d)(?!\d)"
    r"|\d{4}年|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?\s\d{1,2}\b"
)
_TIME = re.compile(r"\d(?<!\d\d)\d?[:.h]\d{2}(?!\d)")  # begins with what it takes: it is looked for much faster so
_ADDRESS = re.compile(r"[^\s<>()\[\]\"@,;:]{1,64}@[^\s<>()\[\]\"@,;:]{2,190}")
_BRACKETED = re.compile(r"[<(\[]\s?[^\s<>()\[\]]{1,64}@[^\s<>()\[\]]{2,190}\s?[>)\]]")
_INTRODUCES = re.compile(rf"(?:{_words(INTRODUCERS)})\s")
_DATED_BY = re.compile(rf"[^@]{{8,40}}(?<!\w)(?:{_words(BY)})\s{_ADDRESS.pattern}\s?:$")
_NOTES = re.compile(r".{1,120}?-{3}\s?\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4} \d{1,2}:\d\d[^-]{0,20}-{3}")
_CLOSES = re.compile(r"\s{0,3}(?::|-{3,4})\s*$")  # what wrapping left of it for a line of its own
_SENTENCE_ENDS = re.compile(r"[.!?;:)]$")
_ABBREVIATED = re.compile(r"(?:\b[ap]\.? ?m|\d\s(?:de\s)?[^\W\d]{3,5}|^[^\W\d]{2,4})\.$")  # "a. m.", "23 nov.", "lun."
_ENDS = (":", "：", "៖", "։", "।", "፦", ".")
_DASHES_END = re.compile(r"[-–—]{3}$")
_NOISE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c\u202d\u202f"), None)
_NOISE[0x202F] = " "
_NOISE[0xA0] = _NOISE[0xFFFC] = " "


_NOISY = re.compile(f"[{''.join(map(chr, _NOISE))}]")


def plain(line: str) -> str:
    """The line as it is compared: folded case, ordinary blanks, without the marks that stand for bold."""
    return _plain(line[: LONGEST * 2])


@lru_cache(maxsize=512)  # every rule asks for the same lines
def _plain(line: str) -> str:
    text = unicodedata.normalize("NFC", line)
    if not text.isascii() and _NOISY.search(text):
        text = text.translate(_NOISE)
    text = text.casefold()
    return " ".join(text.replace("*", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').split())


def _find_wrote(text: str) -> re.Match[str] | None:
    """The word by which an attribution tells that somebody wrote; hardly any line has one, so that is seen first."""
    return _WROTE.search(text) if any(map(text.__contains__, _WROTE_SOMEHOW)) else None


def _ends_in_colon(text: str) -> bool:
    return text.rstrip(" -–—_>").endswith((":", "：", "៖", "।", "፦"))


def _announces(text: str, quoted_below: bool, opened: bool) -> bool:
    """Whether one joined sentence is an attribution. ``opened``: it must begin as dated attributions do."""
    if len(text) > LONGEST:
        return False
    date, time = _DATE.search(text), _TIME.search(text)
    address = _ADDRESS.search(text) if "@" in text else None
    if not (date or address or quoted_below):
        return False  # a page of sentences that all say that somebody wrote costs little
    colon = _ends_in_colon(text)
    wrote = _find_wrote(text)
    if quoted_below and date and time and _BRACKETED.search(text):
        return not opened or bool(_OPENS.match(text))
    if wrote and _TOLD_TO_ME.search(text) and not quoted_below:
        return False
    if opened:
        if date and time and _DATED_BY.match(text) and _STRONG_OPENS.match(text):
            return True
        if not _OPENS.match(text):
            return False
        if wrote and (date or address):
            at_end = len(text) - wrote.end() <= 4 or text.rstrip().endswith("--")
            if address or quoted_below:
                return colon or at_end
            return at_end and colon and bool(_STRONG_OPENS.match(text) and date and (time or len(text) < 90))
        if date and time and address and colon:
            return bool(_STRONG_OPENS.match(text) and (quoted_below or _BRACKETED.search(text)))
        return bool(quoted_below and date and time and (colon or text.endswith((".", "։"))))
    if wrote and (date or address) and colon:
        return quoted_below or bool(address or (date and time))
    if quoted_below and wrote and colon:
        return len(text) <= 120 and len(text) - wrote.end() <= 3
    return bool(quoted_below and colon and ((date and time) or (address and len(text) <= 200)))


def find_attribution(lines: Sequence[str], last: int, first: int, quoted_below: bool) -> Start | None:
    """The attribution that ends on line ``last`` and begins on no line above ``first``.

    ``quoted_below``: whether the next line with text carries quote marks, which lets weaker shapes count.
    The shortest stretch that begins as dated attributions begin is taken, only then any that has the rest; and the
    lines above with it that hold the half of the sentence which it lacks.
    """
    if len(lines[last]) > LONGEST:
        return None
    if "---" in lines[last] and _NOTES.match(plain(lines[last])):
        return Start(last, last + 1, "attribution")
    if not (_ends_like_one(lines[last]) or (quoted_below and "@" in lines[last])):
        return None
    stretches: list[tuple[int, str]] = []
    text = ""
    for index in range(last, max(first, last - MOST_LINES + 1) - 1, -1):
        line = plain(lines[index])
        if not line or len(text) > LONGEST:
            break
        text = f"{line} {text}".strip()
        stretches.append((index, text))
    # Nearly every sentence ends otherwise; without a quote below it, it must tell at its end that somebody wrote.
    if not (quoted_below or _ends_in_colon(text) or text.endswith("--") or _find_wrote(text[-_LONGEST_WROTE:])):
        return None
    if not ("@" in text or _TIME.search(text) or _find_wrote(text)):
        return None
    for opened in (True, False):
        for place, (_, text) in enumerate(stretches):
            if _announces(text, quoted_below, opened):
                closed = last + 1 < len(lines) and _CLOSES.match(lines[last + 1])
                return Start(
                    stretches[_grown(stretches, place, quoted_below)][0], last + 1 + bool(closed), "attribution"
                )
    return None


def _grown(stretches: Sequence[tuple[int, str]], place: int, quoted_below: bool) -> int:
    """The longer stretch that is the whole sentence, when a mail program wrapped it where its second half alone
    sounds like one; never over the end of another sentence, which is the person's."""
    for longer in range(place + 1, len(stretches)):
        half, whole = stretches[place][1], stretches[longer][1]
        added = whole[: len(whole) - len(half)].rstrip()
        if _SENTENCE_ENDS.search(added) and not _ABBREVIATED.search(added):
            break
        dated, addressed = _DATE.search(half), _ADDRESS.search(half)
        begins = _INTRODUCES.match(whole) or (not dated and _STRONG_OPENS.match(whole) and _DATE.search(added))
        names = not addressed and _ADDRESS.search(added) and (_find_wrote(whole) or not dated)
        tells = not _find_wrote(half) and _find_wrote(added) and _ADDRESS.search(added)
        if (begins or names or tells) and any(_announces(whole, quoted_below, opened) for opened in (True, False)):
            place = longer
    return place


def find_attribution_before_text(line: str) -> bool:
    """Whether a line is an attribution with the quote's first words behind it, as Yahoo's telephones write."""
    if "@" not in line or (">" not in line and "&gt;" not in line):
        return False
    text = plain(line[:LONGEST])
    found = _SAID_AND_MORE.search(text)
    if not found or "@" not in text[: found.start()]:
        return False
    said = text[: found.end("wrote") + 1]
    dated = _STRONG_OPENS.match(said) and _DATE.search(said) and _TIME.search(said)
    return bool(dated and _announces(said, False, True))


def _ends_like_one(line: str) -> bool:
    tail = plain(line[-80:])
    if not tail:
        return False
    bare = tail.rstrip(" *_>")
    if bare.endswith(_ENDS) or ">" in tail[len(bare) :] or _DASHES_END.search(tail):
        return True
    return _find_wrote(tail) is not None and any(len(tail) - found.end() <= 3 for found in _WROTE.finditer(tail))


LONGEST_LIST = 100  # lines of recipients
_BETWEEN_PEOPLE = re.compile(r"[;,>]")
_LABEL = re.compile(r"[\s*_>]{0,6}([^\W\d_][^:：<>@]{0,24}?)[\s*_]{0,4}(?:[:：])[\s*_]{0,4}(.*)$", re.DOTALL)
_PLAIN_DATE = re.compile(r"[\W_]*(?:fecha|date|data|dato|datum|дата)\b")  # people's own lists have these too


def header_label(line: str) -> str:
    """Which header a line names (from, date, to, cc, subject, other), "" for none."""
    if ":" not in line[:200] and "：" not in line[:200]:
        return ""
    found = _LABEL.match(plain(line[:200]))
    return LABELS.get(found.group(1).strip(), "") if found else ""


def find_headers(lines: Sequence[str], named: Sequence[str], first: int, announced: bool, on_top: bool) -> int | None:
    """Where the header block that begins on line ``first`` ends (the line after it), or None.

    ``named``: each line's ``header_label``. ``announced``: a separator or a rule stands above it. ``on_top``: nothing
    of the person's stands above it, so it may as well be the head of their own memorandum; then only the full set,
    with an address or a time of day, will do.
    """
    if _shaped_like_headers(lines[first : first + 4], 3 if announced else 4):
        return _end_of_shape(lines, first)
    labels, end = _labels_below(lines, named, first)
    kinds = set(labels)
    if len(kinds - {"other"}) < 2 or labels[0] == "other":
        return None
    if announced:
        return end
    block = "\n".join(plain(line) for line in lines[first:end])
    evidence = bool(_ADDRESS.search(block) or _TIME.search(block))
    complete = {"from", "date", "to", "subject"} <= kinds
    if labels[0] != "from" and labels[:2] != ["date", "from"] and not (complete and _ADDRESS.search(block)):
        return None
    if on_top:
        return end if evidence and complete and labels[0] == "from" else None
    sent = any(header_label(line) == "date" and not _PLAIN_DATE.match(plain(line)) for line in lines[first:end])
    told = "date" in kinds and ("subject" in kinds or (sent and "to" in kinds))
    return end if evidence and told else None


def _labels_below(lines: Sequence[str], named: Sequence[str], first: int) -> tuple[list[str], int]:
    """The labels of the lines from ``first`` on that can be one block of headers, and the line after the last."""
    labels: list[str] = []
    index, blanks, wrapped, listed, end = first, 0, 0, 0, first
    while index < len(lines) and index - listed < first + 24:
        line = lines[index]
        label = named[index]
        if label:
            labels.append(label)
            blanks, wrapped, end = 0, 0, index + 1
        elif not line.strip():
            blanks += 1
            if blanks > 1 or len(labels) >= 4:
                break
        elif not blanks and listed < LONGEST_LIST and labels and _lists_people(line):
            listed, end = listed + 1, index + 1
        elif not blanks and wrapped < 3 and labels and _continues(line):
            wrapped, end = wrapped + 1, index + 1
        else:
            break
        index += 1
    return labels, end


def _shaped_like_headers(lines: Sequence[str], least: int) -> bool:
    """Headers in a language we do not know: somebody with an address, a date with a time, a label or two more."""
    if len(lines) < least or not all(_LABEL.match(plain(line[:200])) for line in lines[:least]):
        return False
    when = plain(lines[1][:200])
    return bool(_BRACKETED.search(lines[0][:400]) and _DATE.search(when) and _TIME.search(when))


def find_titled_headers(lines: Sequence[str], first: int) -> int | None:
    """Where headers end that follow words between dashes, in a language we do not know and in any order."""
    end = _end_of_shape(lines, first)
    shaped = [plain(line[:400]) for line in lines[first:end]]
    dated = any(_DATE.search(line) and _TIME.search(line) for line in shaped)
    return end if len(shaped) >= 3 and dated and any(_BRACKETED.search(line) for line in shaped) else None


def _end_of_shape(lines: Sequence[str], first: int) -> int:
    end = first
    while end < len(lines) and end < first + 10 and _LABEL.match(plain(lines[end][:200])):
        end += 1
    return end


def _lists_people(line: str) -> bool:
    """Whether an unlabelled line is one of a long list of recipients."""
    return len(line) < 400 and (
        line.rstrip().endswith(";") or ("@" in line and _BETWEEN_PEOPLE.search(line) is not None)
    )


def _continues(line: str) -> bool:
    """Whether an unlabelled line can be the rest of a wrapped header value: addresses, or plainly indented."""
    return len(line) < 400 and ("@" in line or line[:1] in " \t" or line.rstrip().endswith((";", ",", ">")))


FORWARDS = frozenset((*FORWARD_MARKS, *FORWARD_ENDS, *(mark.strip() for mark in FORWARD_MARK_STARTS)))
_SEPARATOR = re.compile(
    rf"^[\s>]*(?:[-–—_=*#~|+<]{{2,}}\s*)(?P<what>{_words((*ORIGINAL_MARKS, *REPLY_ABOVE, *FORWARDS))})"
    rf"(?:\s[^-–—_=]{{1,120}}?)?\s*[:.]?\s*[-–—_=*#~|+>]{{0,60}}$"
)
_TITLED_RULE = re.compile(r"\s*-{4,20}\s?[^-\s].{1,80}?[^-\s]\s?-{4,20}\s*$")
_TITLED_LINE = re.compile(r"\s*-{4,20}\s[^-]{3,60}\s-{4,20}\s+[^\W\d][^:<>@]{0,20}\s?:\s[^<>@]{0,100}<[^<>@\s]{1,64}@")
_RULE = re.compile(r"^\s*(?:[-–—_=*]\s?){4,}\s*$")


def find_separator(line: str) -> str:
    """What a separator line announces: "original", "forward", "" when it is no separator.

    "unknown" is words between dashes: a separator only if headers follow.
    """
    if _TITLED_LINE.match(line[:300]):
        return "forward"  # Yahoo writes the headers behind it, all on one line
    if len(line) > 240:
        return ""
    text = plain(line)
    if text.rstrip(" :") in (FORWARD_MARKS if text.endswith(":") else BARE_FORWARDS):
        return "forward"
    found = _SEPARATOR.match(text) or ("*" in line and _SEPARATOR.match(line.strip().casefold()))
    if not found:
        return "unknown" if _TITLED_RULE.match(text) else ""
    return "forward" if found.group("what") in FORWARDS else "original"


def is_rule(line: str) -> bool:
    """A line drawn across: ``________``, ``-----``, ``====``."""
    return len(line) < 400 and bool(_RULE.match(line))
