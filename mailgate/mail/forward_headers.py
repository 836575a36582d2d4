"""Reads the header lines that a mail program writes above a forwarded text: ``De:``, ``Enviado:``, ``Asunto:`` …

Works on lines already freed of quote marks. Pure, bounded look-ahead, never raises; an unreadable value
is kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailgate.mail.header_words import LABELS, Field
from mailgate.mail.headers import normal_address
from mailgate.mail.message import Address

_MOST_LINES = 60  # a header block with very long recipient lists, wrapped
_MOST_RECIPIENTS = 500
_LONGEST_VALUE = 20_000
_DECORATION = "*_ \t\xa0\u200b\u200e\u200f\ufeff|•"
_ADDRESS = re.compile(r"[^\s<>\[\]()\"',;:|*]{1,64}@[^\s<>\[\]()\"',;:|*@]{1,255}")
_MAILTO_TWIN = re.compile(r"\s?<mailto:[^<>\n]{0,320}>", re.IGNORECASE)
_MAILTO_BRACKET = re.compile(r"\[mailto:([^\[\]\n]{0,320})\]", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]{1,320})\]\(mailto:[^()\n]{1,320}\)", re.IGNORECASE)
_ON_BEHALF = re.compile(
    r"\s(?:on behalf of|en nombre de|por cuenta de|em nome de|im auftrag von|au nom de|de la part de|namens)\b",
    re.IGNORECASE,
)
# The order in which Yahoo runs its labels together on one line.
_YAHOO_ORDER: tuple[Field, ...] = ("from", "to", "cc", "date", "subject")


@dataclass(slots=True)
class HeaderBlock:
    """What the header lines said. ``end`` is the index of the first line after them."""

    start: int
    end: int
    values: dict[Field, str] = field(default_factory=dict)
    english: bool = False  # labelled in English, where 10/27/2021 may be October
    spaced: bool = False  # an empty line stands between its first two lines, and so between all of them

    @property
    def is_convincing(self) -> bool:
        """Enough of it to stand without an announcement: who, and two of when, to whom and about what."""
        return "from" in self.values and sum(key in self.values for key in ("date", "to", "subject")) >= 2


def split_label(line: str) -> tuple[Field, str, str] | None:
    """(field, value, label as written) of a line such as ``*De:* Ana <ana@x.co>``, or None."""
    stripped = line.strip(_DECORATION)
    head, colon, value = stripped.partition(":")
    if not colon or len(head) > 40:
        head, colon, value = stripped.partition("：")
        if not colon or len(head) > 40:
            return None
    label = " ".join(head.strip(_DECORATION).casefold().split())
    found = LABELS.get(label)
    return None if found is None else (found, value.strip(_DECORATION), label)


def read_block(lines: Sequence[str], start: int) -> HeaderBlock | None:
    """The header lines that begin at ``lines[start]``; None unless two labels at least stand there."""
    first = split_label(lines[start]) if start < len(lines) else None
    if first is None:
        return None
    block = HeaderBlock(start, start + 1)
    current = first[0]
    _put(block, *first)
    stop = min(len(lines), start + _MOST_LINES)
    index, labels = start + 1, 1
    while index < stop:
        label = split_label(lines[index])
        if label is not None and label[0] in block.values and label[0] != "other":
            break  # a second From begins another block
        if label is not None:
            current = label[0]
            _put(block, *label)
            labels += 1
            index += 1
            block.end = index
            continue
        following = _continuation(lines, index, stop, block, current)
        if following is None:
            break
        block.values[current] = f"{block.values.get(current, '')} {' '.join(lines[index:following])}"[
            :_LONGEST_VALUE
        ].strip()
        index = block.end = following
    return block if labels >= 2 else None


def read_bare_block(lines: Sequence[str], start: int) -> HeaderBlock | None:
    """Header lines without colons, as eM Client writes them below its announcement; None unless they are plain."""
    block = HeaderBlock(start, start)
    for index in range(start, min(len(lines), start + 8)):
        label, _, value = lines[index].strip(_DECORATION).partition(" ")
        key = LABELS.get(label.casefold())
        if key is None or key in block.values or not value:
            break
        _put(block, key, value.strip(), label.casefold())
        block.end = index + 1
    return block if block.is_convincing and "@" in block.values["from"] else None


def _continuation(lines: Sequence[str], index: int, stop: int, block: HeaderBlock, current: Field) -> int | None:
    """Where the next label stands when ``lines[index]`` carries on a value or is an empty line between labels."""
    wraps = current in ("to", "cc", "from", "other", "subject", "date")
    if not lines[index].strip():
        # Some HTML-to-text renderings put one empty line between two header lines.
        label = split_label(lines[index + 1]) if index + 1 < stop else None
        if label is None or (label[0] in block.values and label[0] != "other"):
            return None
        if lines[index - 1].strip() and index - 1 == block.start and label[0] != "other":
            block.spaced = True
        # Below a block that could be whole, only what no letter begins with.
        whole = {"subject", "from", "to"} <= block.values.keys()
        fits = block.spaced if label[0] == "other" or (whole and label[0] == "cc") else not whole
        return index + 1 if fits else None
    if not block.values.get(current, "") and current != "other" and split_label(lines[index]) is None:
        return index + 1  # the value stands on the line below its label
    ahead = index
    while wraps and ahead < stop and lines[ahead].strip():
        if ahead > index and split_label(lines[ahead]) is not None:
            break
        ahead += 1
    label = split_label(lines[ahead]) if ahead < stop else None
    return ahead if label is not None and ahead > index and label[0] not in block.values else None


def read_one_line(line: str) -> dict[Field, str]:
    """Yahoo's plain text: all labels run together behind the announcement, some without their colon."""
    line = line[:_LONGEST_VALUE]
    found: list[tuple[Field, int, int]] = []
    position = 0
    for wanted in _YAHOO_ORDER:
        spot = _find_label(line, wanted, position)
        if spot is not None:
            found.append((wanted, *spot))
            position = spot[1]
    ends = [start for _, start, _ in found[1:]] + [len(line)]
    return {key: line[begin:end].strip() for (key, _, begin), end in zip(found, ends, strict=False)}


def _find_label(line: str, wanted: Field, position: int) -> tuple[int, int] | None:
    """(start, end) of the earliest capitalised label of that field at or after ``position``."""
    best: tuple[int, int] | None = None
    for label in (label for label, kind in LABELS.items() if kind == wanted):
        for written in {label[0].upper() + label[1:], label.upper()}:
            for ending in (":", " :", " "):
                at = line.find(written + ending, position)
                if at < 0 or (ending == " " and not _stands_glued(line, at, position)):
                    continue
                if best is None or (at, -len(written)) < (best[0], best[0] - best[1]):
                    best = at, at + len(written) + len(ending)
    return best


def _stands_glued(line: str, at: int, position: int) -> bool:
    """A label without its colon counts only where the value before it ends without a space, as Yahoo glues them."""
    return at > position and not line[at - 1].isspace()


def _put(block: HeaderBlock, key: Field, value: str, label: str) -> None:
    block.values.setdefault(key, value[:_LONGEST_VALUE])
    if label in ("from", "sent", "subject"):
        block.english = True


def _without_twins(value: str) -> str:
    value = _MAILTO_BRACKET.sub(r"<\1>", _MARKDOWN_LINK.sub(r"\1", value[:_LONGEST_VALUE]))
    return _MAILTO_TWIN.sub("", value)


def read_sender(value: str) -> Address:
    """The one person of a From line: ``Doe, John [mailto:john@x.co]``, ``John <j@x.co> en nombre de …``, bare names."""
    value = _without_twins(value)
    behalf = _ON_BEHALF.search(value)
    if behalf and "@" in value[: behalf.start()]:
        value = value[: behalf.start()]
    found = read_addresses(value)
    named = next((one for one in found if one.address), None)
    if named is None:
        return Address(_clean_name(value), "")
    head = _clean_name(value[: max(value.lower().find(named.address.partition("@")[0] + "@"), 0)])
    return Address("" if "@" in head and head.casefold() == named.address else head or named.name, named.address)


def read_addresses(value: str) -> tuple[Address, ...]:
    """The people of a To or Cc line; those without an address (Outlook inside one company) keep their name alone."""
    value = _without_twins(value)
    people: list[Address] = []
    position = 0
    for match in _ADDRESS.finditer(value):
        address = normal_address(match[0].strip("."))
        if "." not in address.rpartition("@")[2]:
            continue  # a name of Lotus Notes: "Ana Ruiz/CLIENTE@CLIENTE"
        name = _clean_name(value[position : match.start()])
        position = match.end()
        if people and people[-1].address == address and not name:
            continue  # "ana@x.co <ana@x.co>": the first was the display name
        people.append(Address(name, address))
        if len(people) >= _MOST_RECIPIENTS:
            break
    if people:
        return tuple(people)
    names = (_clean_name(piece) for piece in value.split(";"))
    return tuple(Address(name, "") for name in names if name)[:_MOST_RECIPIENTS]


def _clean_name(text: str) -> str:
    name = " ".join(text.replace("<", " ").replace(">", " ").split()).strip(" \t,;:|*()[]")
    for opening, closing in (('"', '"'), ("'", "'"), ("«", "»"), ("“", "”"), ("„", "“")):
        if len(name) > 1 and name.startswith(opening) and name.endswith(closing):
            name = name[1:-1].strip()
    return name.replace('\\"', '"').strip('" \xa0')
