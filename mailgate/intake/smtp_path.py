"""Commands, paths and parameters of SMTP as a client writes them (RFC 5321 4.1.2, RFC 6531), read without mercy.

Everything here is pure. What cannot be read raises ``Refusal`` with the reply to give; nothing of what the client wrote
is ever repeated in it. aiosmtpd's own reader is not used: it raises IndexError on ``<`` and shows that to the client.
"""

from __future__ import annotations

import re

from mailgate.mail.headers import normal_address

LONGEST_COMMAND = 2048  # RFC 5321 says 512 and extensions add to it; beyond this nobody is honest
LONGEST_LOCAL = 255  # RFC 5321 says 64; return paths that name their recipient (VERP) are longer


class Refusal(Exception):
    """The reply, code and enhanced code first, that the client gets instead of success."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


_LETTER = r"[^\x00-\x20\x7f<>()\[\]\\,;:@\"]"  # of an atom; dots anywhere, as some mobile operators have them
_LOCAL = rf'(?:{_LETTER}+|"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*")'
_LABEL = r"(?:[A-Za-z0-9_-]|[^\x00-\x7f])+"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[A-Za-z0-9:.]+\])"
_MAILBOX = rf"{_LOCAL}@{_DOMAIN}"
# Angle brackets are left out by some; RFC 5321 4.1.1.2 has them.
_PATH = re.compile(rf"\s*(?:<(?P<angled>{_MAILBOX})?>|(?P<bare>{_MAILBOX}))(?:\s+(?P<parameters>\S.*))?\s*\Z")
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^=\s]+))?\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def parse_command(line: bytes) -> tuple[str, str]:
    """The verb in capitals and its argument, "" for none. Raises Refusal."""
    line = line.removesuffix(b"\n").removesuffix(b"\r")
    if len(line) > LONGEST_COMMAND:
        raise Refusal("500 5.5.6 Line too long")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("501 5.5.2 Not valid UTF-8") from None
    if _CONTROL.search(text):
        raise Refusal("500 5.5.2 Control character in command")
    verb, _, argument = text.partition(" ")
    if not verb.isascii() or not verb.isalnum():
        raise Refusal("500 5.5.2 Command not recognized")
    return verb.upper(), argument.strip()


def parse_path(argument: str, keyword: str) -> tuple[str, dict[str, str]]:
    """(address, parameters) of ``FROM:<…> …`` or ``TO:<…> …``; the address normal, "" for the null path.

    Parameter names are in capitals, a parameter without a value has "". Raises Refusal.
    """
    if not argument.upper().startswith(f"{keyword}:"):
        raise Refusal(f"501 5.5.4 Say {keyword}:<address>")
    found = _PATH.match(argument, len(keyword) + 1)
    if found is None:
        raise Refusal("553 5.1.3 Malformed address" if keyword == "TO" else "553 5.1.7 Malformed address")
    parameters = _parse_parameters(found["parameters"] or "")
    written = found["angled"] or found["bare"] or ""
    if not written.isascii() and "SMTPUTF8" not in parameters and keyword == "FROM":
        raise Refusal("553 5.6.7 Address needs SMTPUTF8")
    return (_normal(written) if written else ""), parameters


def _normal(written: str) -> str:
    address = normal_address(written)
    if not address or len(written.rpartition("@")[0]) > LONGEST_LOCAL:
        raise Refusal("553 5.1.3 Malformed address")
    return address


def _parse_parameters(text: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for word in text.split():
        found = _PARAMETER.match(word)
        if found is None or found[1].upper() in parameters:
            raise Refusal("501 5.5.4 Malformed parameter")
        parameters[found[1].upper()] = found[2] or ""
    return parameters


def announced_size(parameters: dict[str, str]) -> int:
    """The SIZE a client announces in octets (RFC 1870), 0 for none; checks all parameters of MAIL. Raises Refusal."""
    if parameters.keys() - {"SIZE", "BODY", "SMTPUTF8", "AUTH"}:
        raise Refusal("555 5.5.4 Parameter not recognized")
    if parameters.get("BODY", "7BIT").upper() not in {"7BIT", "8BITMIME"} or parameters.get("SMTPUTF8"):
        raise Refusal("501 5.5.4 Parameter has a value it cannot have")
    size = parameters.get("SIZE", "0")
    if not re.fullmatch(r"[0-9]{1,20}", size):
        raise Refusal("501 5.5.4 SIZE is a number")
    return int(size)
