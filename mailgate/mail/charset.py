"""Bytes to text by the charset that was meant, which is not always the one that was named. Never raises.

The rule: a named charset from the list below, read as its superset (Latin-1 mail is cp1252 mail in disguise); then
UTF-8; then cp1252, where what has no meaning becomes U+FFFD. Detectors guess wrong on short Spanish, so none is used.
Codecs outside the list (punycode, unicode_escape, ...) are slow or not charsets at all, and are never run.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CODEC_NAMES = """
    utf-8 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be utf-7
    cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
    cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874
    iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15
    iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic mac-greek mac-turkish mac-latin2 hp-roman8 ptcp154
    gb18030 hz big5hkscs cp932 cp949 cp950 euc-jp euc-jis-2004 johab iso2022-jp iso2022-jp-1 iso2022-jp-2
    iso2022-jp-3 iso2022-jp-2004 iso2022-jp-ext iso2022-kr
"""
_SAME_NAME = _CODEC_NAMES.split()

# Names as mail programs write them, for the codec that reads all that the name allows and what people really send.
_OTHER_NAMES = {
    "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1 l1 iso-ir-100 windows-1252 x-cp1252 ansi ansi-x3.110-1983",
    "cp1254": "iso-8859-9 iso8859-9 latin5 windows-1254",
    "cp874": "iso-8859-11 tis-620 windows-874",
    "iso8859-8": "iso-8859-8-i iso-8859-8-e visual",
    "utf-8": "utf8 uft-8 utf unicode-1-1-utf-8 x-utf-8 utf-8-sig utf8mb4 cp65001",
    "utf-7": "unicode-1-1-utf-7 x-unicode-2-0-utf-7 utf7",
    "utf-16": "unicode ucs-2 iso-10646-ucs-2",
    "gb18030": "gb2312 gbk cp936 gb-2312-80 x-gbk euc-cn ms936 gb231280 csgb2312",
    "hz": "hz-gb-2312",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5",
    "cp932": "shift-jis sjis x-sjis ms-kanji windows-31j ms932 csshiftjis shift-jisx0213",
    "cp949": "euc-kr ks-c-5601-1987 ksc5601 ks-c-5601 korean uhc windows-949 cseuckr",
    "iso2022-jp-ext": "iso-2022-jp csiso2022jp iso-2022-jp-ms cp50220 cp50221",
    "mac-roman": "macintosh x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic",
    "cp866": "ibm866",
}


# Prose in these charsets is never valid UTF-8 by chance; UTF-8 called by one of these names is daily bread.
_UTF8_NEVER_BY_CHANCE = re.compile(r"cp125[0-47]|iso8859-\d+|koi8-[ru]|mac-\w+")


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_CODECS = {
    **{_key(name): name for name in _SAME_NAME},
    **{_key(f"windows-{name[2:]}"): name for name in _SAME_NAME if name.startswith("cp125")},
    **{_key(f"ibm-{name[2:]}"): name for name in _SAME_NAME if name.startswith("cp") and len(name) == 5},
    **{_key(name): codec for codec, names in _OTHER_NAMES.items() for name in names.split()},
}


@lru_cache(maxsize=256)
def codec_of(name: str) -> str:
    """The codec for a charset's name as written in mail; "" when there is none that may be run."""
    return _CODECS.get(_key(name[:80]), "")


def decode(data: bytes, declared: str = "") -> str:
    """``data`` as text. Lone surrogates and NUL may not leave here: see ``clean``."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    codec = codec_of(declared)
    if data.isascii() and not _needs_codec(codec, data):
        return data.decode("ascii")
    if codec in ("utf-8", "cp1252", "") or _UTF8_NEVER_BY_CHANCE.fullmatch(codec):
        return _first(data, ("utf-8", codec or "cp1252", "cp1252"))
    return _first(data, (codec, "utf-8", "cp1252"))


def _needs_codec(codec: str, data: bytes) -> bool:
    """Whether bytes below 128 may mean something else than ASCII in this codec."""
    if codec.startswith(("utf-16", "utf-32")):
        return b"\0" in data  # ASCII called UTF-16 has none
    return codec.startswith(("iso2022", "utf-7", "hz"))


def _first(data: bytes, codecs: tuple[str, ...]) -> str:
    for codec in codecs:
        try:
            text = data.decode(codec)
            if codec not in ("utf-8", "cp1252"):
                text.encode("utf-8")  # utf-7 and utf-16 can make lone surrogates
        except (UnicodeError, LookupError, ValueError):
            continue
        return text
    return data.decode("cp1252", "replace")


# C0 and C1 controls but tab, LF, CR; lone surrogates; and the marks that turn the reading direction round.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_BREAKS = re.compile("[\x85\u2028\u2029]")
_BLANK_RUN = re.compile("[\t\n\v\f\r \x85\u2028\u2029]+")


def clean(text: str) -> str:
    """Text that can be stored, shown and sent: no NUL, controls, lone surrogates, direction marks; LF line ends."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.replace("\n", "").replace("\t", "").replace("\u00a0", "").isprintable():
        return text  # nothing unwanted is printable, and this is found out in a quarter of the time
    return _UNWANTED.sub("", _BREAKS.sub("\n", text))


def clean_line(text: str) -> str:
    """The same on one line: every break or tab is a space, and no blanks at the ends."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    if text.replace("\n", "").replace("\t", "").replace("\r", "").isprintable():
        return " ".join(text.split())  # no other blanks are printable
    bare = _UNWANTED.sub("", _BLANK_RUN.sub(" ", text))
    return _BLANK_RUN.sub(" ", bare).strip()  # what stood between two blanks may be gone
