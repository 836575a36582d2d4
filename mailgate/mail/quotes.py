"""Takes a plain text apart: what the person wrote, what they quoted, how they signed.

``split_text(text, known)`` gives ``Parts``; it never raises and its work grows with the length of the text. Every line
that has text lands in exactly one part, in its order. In doubt a line stays with the person.

How: ``>`` lines are quote. An attribution, a header block or a separator above unmarked text makes the rest of the
mail quote; above ``>`` lines, only those. Words that we know (``known``: letters that we sent) are quote wherever they
stand, and what stands between two neighbouring pieces of them is the person's, whatever the mail program drew around
it. What remains is searched for signatures, stretch by stretch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mailgate.mail import attribution
from mailgate.mail.known import Letters, letters_of
from mailgate.mail.message import Parts
from mailgate.mail.signature import find_signature, is_signature
from mailgate.mail.signature_block import name_words

PICTURE = "\ufffc"  # stands in a line's text for an image
OWN, QUOTE, SIGNATURE = "own", "quote", "signature"
CITE, START, RULE, ANNOUNCE = "cite", "start", "rule", "announce"

_MARKS = re.compile(r"[ \t]{0,3}((?:>[ \t]{0,2})+)")
_MORE_THAN = re.compile(r"\s{0,3}>(?:[=\s]{0,2}\$?\s?\d|From )")  # or an escaped "From " of a mailbox file
_BAR = re.compile(r"[ \t]{0,3}\|(?: (?!.*\|\s*$)|\s*$)")  # a bar for a mark; not a drawn table
_ADDRESS_OPEN = re.compile(r"<\s?[^<>\s]{1,64}@[^<>\s]{1,255}\s*$")
_ADDRESS_END = re.compile(r"\s*>[^<>@]{0,30}:\s*$")  # "<ana@example.com" broken before its ">:"
_SENTENCE_END = re.compile(r"[.!?:;…\"»”)\]]\s*$")


@dataclass(slots=True)
class Line:
    """One line and what is known of it beforehand.

    ``mark``: what the HTML around it says ("" for nothing): ``quote`` inside a quoting element, ``signature`` inside a
    signing one, ``start`` where a program says that all below is quoted, ``rule`` for a drawn line, ``cite`` for a
    plain ``<blockquote>``, which is a quote only below an attribution, ``announce`` for what a program says is one.
    """

    text: str
    mark: str = ""
    label: str = field(default="", compare=False)

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def split_text(text: str, known: Sequence[str] = (), author: str = "") -> Parts:
    """``text`` taken apart.

    ``known``: texts of letters that we sent, in any order. ``author``: the sender's display name; with it a name below
    the text is surely a signature.
    """
    lines = [Line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    label_lines(lines, known, author)
    return Parts(gather(lines, OWN), gather(lines, QUOTE), gather(lines, SIGNATURE))


def gather(lines: Sequence[Line], label: str) -> str:
    """The lines of one part, its stretches a blank line apart, no blanks around."""
    stretches: list[list[str]] = []
    previous = ""
    for line in lines:
        if line.label == label:
            if previous != label:
                stretches.append([])
            stretches[-1].append(line.text.rstrip())
        previous = line.label
    texts = ["\n".join(stretch).strip("\n") for stretch in stretches]
    return "\n\n".join(text for text in texts if text.strip())


def label_lines(lines: list[Line], known: Sequence[str] = (), author: str = "") -> None:
    """Gives every line its label (own, quote, signature)."""
    _label_marked(lines)
    _label_announced(lines)
    letters = letters_of(tuple(known))
    if letters:
        _label_known(lines, letters)
    names = name_words(author)
    _free_prefaced(lines, author)
    _label_signatures(lines, names)
    _release_signature(lines, names)
    _label_blanks(lines)


def _label_blanks(lines: list[Line]) -> None:
    """Blank lines are the person's only between two lines of theirs, so that their words end with their words."""
    above, waiting = "", []
    for line in lines:
        if line.blank:
            waiting.append(line)
            continue
        line.label = line.label or OWN
        for blank in waiting:
            blank.label = line.label if line.label == above else (above if above not in ("", OWN) else QUOTE)
        above = line.label
        waiting = []
    for blank in waiting:
        blank.label = above if above not in ("", OWN) else QUOTE


def _label_marked(lines: list[Line]) -> None:
    """Lines with quote marks, or inside a quoting element, are quote."""
    marked = [bool(_MARKS.match(line.text)) and not _closes_address(lines, at) for at, line in enumerate(lines)]
    for index, line in enumerate(lines):
        if line.mark in (QUOTE, SIGNATURE):
            line.label = line.mark
        elif marked[index]:
            alone = not (index and marked[index - 1]) and not (index + 1 < len(lines) and marked[index + 1])
            if not (alone and _MORE_THAN.match(line.text)):
                line.label = QUOTE
        elif _BAR.match(line.text) and index and not marked[index] and _below_mark(lines, index):
            line.label = QUOTE
        elif 0 < index < len(lines) - 1 and marked[index - 1] and marked[index + 1] and not line.blank:
            # The end of a quoted line that a mail program broke without marking it: only where it had to break.
            above = lines[index - 1].text.rstrip()
            first = line.text.split(None, 1)[0]
            if len(above) + len(first) >= 72 and line.text[:1].islower() and not _SENTENCE_END.search(above):
                line.label = QUOTE


def _closes_address(lines: list[Line], index: int) -> bool:
    """Whether the ``>`` of a line is no mark but the end of an address that a program broke."""
    text = lines[index].text
    if not text.rstrip().endswith(":") or not _ADDRESS_END.match(text):
        return False
    return not text.strip(" \t>:") or (index > 0 and bool(_ADDRESS_OPEN.search(lines[index - 1].text[-400:])))


def _below_mark(lines: list[Line], index: int) -> bool:
    """Whether a line with a bar stands below another such, or directly below a colon."""
    above = lines[index - 1]
    if above.blank and index > 1:
        above = lines[index - 2]
    return above.text.rstrip().endswith(":") or (bool(_BAR.match(above.text)) and above.label == QUOTE)


def _label_announced(lines: list[Line]) -> None:
    """Announcements and what they announce are quote."""
    texts = [line.text for line in lines]
    page = _Page(lines, texts, [attribution.header_label(text) for text in texts], _next_with_text(lines))
    index, first, own_above = 0, 0, False
    while index < len(lines):
        line = lines[index]
        if line.label or (line.blank and line.mark not in (START, RULE)):
            first = index + 1 if line.label == QUOTE else first
            index += 1
            continue
        start = page.start_at(index, first, own_above)
        if start is None:
            if line.mark == ANNOUNCE:
                line.label = QUOTE
            own_above = own_above or not (line.blank or line.label or attribution.is_rule(line.text))
            index += 1
            continue
        page.label(range(start.first, start.end))
        page.label_rule_above(start.first)
        if page.quoted_below(start.end - 1):
            page.label(at for at in range(start.end, len(lines)) if lines[at].mark == CITE)
        elif not page.paired_further_down(start):
            page.label(at for at in range(start.end, len(lines)) if lines[at].label != SIGNATURE)
            return
        index = first = start.end


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines while announcements are looked for: texts, header labels, and where each one's next with text is."""

    lines: list[Line]
    texts: list[str]
    labels: list[str]
    below: list[int]

    def label(self, indexes: Iterable[int]) -> None:
        for index in indexes:
            self.lines[index].label = QUOTE

    def quoted_below(self, index: int) -> bool:
        """Whether the next line with text is marked as a quote."""
        following = self.below[index]
        return following < len(self.lines) and (
            self.lines[following].label == QUOTE or self.lines[following].mark == CITE
        )

    def start_at(self, index: int, first: int, own_above: bool) -> attribution.Start | None:
        """The announcement found at line ``index``, looking at no line above ``first``."""
        line = self.lines[index]
        if line.mark == START:
            return attribution.Start(index, index + 1, "separator")
        separator = attribution.find_separator(line.text)
        if separator or line.mark == RULE or attribution.is_rule(line.text):
            after = self.below[index]
            end = self.headers_at(after, True, own_above) if after < len(self.texts) else None
            if end is None and separator == "unknown":
                end = attribution.find_titled_headers(self.texts, after)
            if end is not None:
                return attribution.Start(index, end, separator or "headers")
            if separator != "unknown":
                return attribution.Start(index, index + 1, separator) if separator else None
        if self.labels[index] in ("from", "date") or "@" in line.text:
            end = self.headers_at(index, False, own_above)
            if end is not None:
                return attribution.Start(index, end, "headers")
        if attribution.find_attribution_before_text(line.text):
            return attribution.Start(index, index + 1, "attribution")
        return attribution.find_attribution(self.texts, index, first, self.quoted_below(index))

    def headers_at(self, index: int, announced: bool, own_above: bool) -> int | None:
        return attribution.find_headers(self.texts, self.labels, index, announced, not own_above)

    def paired_further_down(self, start: attribution.Start) -> bool:
        """Whether an attribution announces the ``>`` block further down, after words of the person."""
        if start.kind != "attribution":
            return False
        index = self.below[start.end - 1]
        while index < len(self.lines) and self.lines[index].label != QUOTE:
            if self.start_at(index, start.end, True) is not None:
                return False
            index = self.below[index]
        return index < len(self.lines)

    def label_rule_above(self, index: int) -> None:
        """A line drawn directly above an announcement belongs to it."""
        above = index - 1
        while above >= 0 and index - above < 4 and self.lines[above].blank and self.lines[above].mark != RULE:
            above -= 1
        if above < 0 or self.lines[above].label:
            return
        if self.lines[above].mark == RULE or attribution.is_rule(self.lines[above].text):
            self.lines[above].label = QUOTE


def _next_with_text(lines: list[Line]) -> list[int]:
    """For each line the index of the next one with text below it, ``len(lines)`` when there is none."""
    following, result = len(lines), [0] * len(lines)
    for index in range(len(lines) - 1, -1, -1):
        result[index] = following
        if not lines[index].blank:
            following = index
    return result


def _label_known(lines: list[Line], letters: Letters) -> None:
    """What we sent is quote; what stands between two neighbouring pieces of it is the person's.

    So is what stands below the last of it, in a mail that has no other words of theirs.
    """
    ours, between, ended = letters.find([line.text for line in lines])
    for index in ours:
        lines[index].label = lines[index].label or QUOTE
    _free_answers(lines, between)
    if ended and not any(not line.blank and not line.label for line in lines):
        for line in lines[ended:]:
            if line.label == SIGNATURE or _MARKS.match(line.text) or _announces_alone(line.text):
                break
            line.label = "" if line.mark not in (QUOTE, SIGNATURE) else line.label


def _free_answers(lines: list[Line], between: Iterable[range]) -> None:
    for gap in between:
        around = {_depth(lines[at].text) for at in (gap.start - 1, gap.stop) if 0 <= at < len(lines)}
        written = [lines[at] for at in gap if lines[at].text.strip(" \t>")]
        in_quote = written and all(line.label == QUOTE and _depth(line.text) in around for line in written)
        if in_quote and not any(_announces_alone(line.text) for line in written):
            for line in written:
                line.label = ""


def find_answers(quote: str, known: Sequence[str]) -> Parts:
    """A quote taken apart once more, when the letter in it is known: ``own`` is what was typed between our lines."""
    lines = [Line(line, label=QUOTE) for line in quote.split("\n")]
    letters = letters_of(tuple(known))
    if letters:
        _free_answers(lines, letters.find([line.text for line in lines])[1])
    for line in lines:
        line.label = line.label or OWN
    return Parts(gather(lines, OWN), gather(lines, QUOTE))


def _free_prefaced(lines: list[Line], author: str) -> None:
    """Outlook can preface what is typed inside the quote with the author's name in brackets."""
    name = author.strip().casefold()
    for line in lines if name else ():
        if line.label == QUOTE and line.text.lstrip()[: len(name) + 2].casefold() == f"[{name}]":
            line.label = ""


def _depth(text: str) -> int:
    found = _MARKS.match(text)
    return found.group(1).count(">") if found else 0


def _announces_alone(text: str) -> bool:
    return bool(
        attribution.header_label(text)
        or attribution.find_separator(text) not in ("", "unknown")
        or attribution.find_attribution([text], 0, 0, True)
    )


def _stretches(lines: list[Line], label: str) -> Iterator[tuple[int, int]]:
    """Runs of lines with one label, blank lines inside them included: first line, line after the last."""
    index = 0
    while index < len(lines):
        end = index
        while end < len(lines) and lines[end].label == label:
            end += 1
        if end > index:
            yield index, end
        index = max(end, index + 1)


def _label_signatures(lines: list[Line], names: frozenset[str]) -> None:
    """Looks for a signature in every stretch of the person's own lines."""
    seen_own = False
    for first, end in list(_stretches(lines, "")):
        signed_below = end < len(lines) and lines[end].label == SIGNATURE
        texts = [_without_pictures(line.text) for line in lines[first:end]]
        for signed in find_signature(texts, names, seen_own=seen_own, signed_below=signed_below):
            lines[first + signed].label = SIGNATURE
        seen_own = seen_own or any(not line.blank and not line.label for line in lines[first:end])


def _without_pictures(text: str) -> str:
    """The words of a line that also holds pictures; a picture alone stays what it is."""
    words = text.replace(PICTURE, " ")
    return words if words.strip() else text


def _release_signature(lines: list[Line], names: frozenset[str]) -> None:
    """Words typed into the signature's element, as programs let people do, are theirs when they have no others."""
    if any(not line.blank and line.label in ("", OWN) for line in lines):
        return
    for first, end in list(_stretches(lines, SIGNATURE)):
        texts = [line.text for line in lines[first:end]]
        if all(line.mark == SIGNATURE for line in lines[first:end]) and not is_signature(texts, names):
            signed = set(find_signature(texts, names))
            for index in range(first, end):
                lines[index].label = SIGNATURE if index - first in signed else ""
