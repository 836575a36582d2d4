"""What ``mailgate init`` asks, and what it knows of the usual providers. Each login is tried before the next question.

Nothing is written here: answers are values, and the passwords beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import typer

from mailgate.cli.show import agrees, clean, line
from mailgate.cli.words import language, say

DESK = ("desk.name", "desk.company", "desk.address", "desk.language")
# By provider: what is known of its servers. "mta": your own Postfix or the like hands the mail over by SMTP.
PROVIDERS: dict[str, dict[str, str]] = {
    "gmail": {
        "imap.host": "imap.gmail.com",
        "imap.trusted_hops": "2",
        "relay.kind": "smtp",
        "relay.host": "smtp.gmail.com",
        "relay.port": "587",
    },
    "microsoft365": {
        "imap.host": "outlook.office365.com",
        "imap.auth": "xoauth2",
        "imap.trusted_hops": "5",
        "imap.oauth_token_url": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "relay.kind": "smtp",
        "relay.host": "smtp.office365.com",
        "relay.port": "587",
    },
    "imap": {"relay.kind": "smtp"},
    "mta": {},
}
OTHER_MAILBOX = ("imap.port", "imap.tls")
OTHER_RELAY = ("relay.host", "relay.port", "relay.tls", "relay.user")
TRIES = 3


@dataclass
class Answers:
    """What was chosen: values by key, and secrets by the file that will hold them."""

    values: dict[str, str]
    secrets: dict[Path, str] = field(default_factory=dict)


def of_provider(provider: str, given: dict[str, str], password: str, folder: Path) -> Answers:
    """A provider's usual values under those that were given, without a question. Raises UsageError."""
    from mailgate.errors import UsageError

    if provider and provider not in PROVIDERS:
        raise UsageError(say("init.which-provider", provider=provider, known=", ".join(PROVIDERS)))
    usual = dict(PROVIDERS.get(provider, {}))
    address = given.get("desk.address", "")
    if "imap.host" in usual | given:
        usual["imap.user"] = address
    if usual.get("relay.kind") == "smtp" and "relay.host" in usual | given:
        usual["relay.user"] = address
    answers = Answers({key: value for key, value in usual.items() if value} | given)
    if password:
        _keep(answers, folder, "imap-password", password, "imap.password_file", "relay.password_file")
    return answers


def ask(folder: Path, *, try_logins: bool) -> Answers:
    """Ask for everything that a desk needs; with ``try_logins``, log in where the answers lead, and ask again."""
    answers = Answers({})
    for name in DESK:
        _ask(answers, name)
    provider = _choose()
    usual = PROVIDERS[provider]
    answers.values |= usual
    address = answers.values.get("desk.address", "")
    if provider == "microsoft365":
        line(say("init.microsoft"))
        for name in ("imap.oauth_client_id", "imap.oauth_refresh_token_file"):
            _ask(answers, name)
        answers.values["imap.user"] = address
    elif provider != "mta":
        line(say("init.app-password" if provider == "gmail" else "init.mailbox"))
        _mailbox(answers, folder, address, try_logins)
    if provider in ("gmail", "imap"):
        _relay(answers, folder, try_logins)
    elif provider == "mta":
        _ask(answers, "relay.kind")
        if answers.values.get("relay.kind") == "smtp":
            _relay(answers, folder, try_logins)
    return answers


def _choose() -> str:
    names = list(PROVIDERS)
    line()
    for number, name in enumerate(names, 1):
        line(f"  {number}  {say(f'init.provider.{name}')}")
    told = str(typer.prompt(say("init.provider"), default=str(len(names)))).strip().casefold()
    return names[int(told) - 1] if re.fullmatch(f"[1-{len(names)}]", told) else told if told in names else names[-1]


def _mailbox(answers: Answers, folder: Path, address: str, try_login: bool) -> None:
    def once() -> None:
        if answers.values.get("imap.host") != PROVIDERS["gmail"]["imap.host"]:
            _ask(answers, "imap.host", default=f"imap.{address.partition('@')[2]}")
            for name in OTHER_MAILBOX:
                _ask(answers, name)
        _ask(answers, "imap.user", default=address)
        _ask_password(answers, folder, "imap-password", "imap.password_file")

    _until_it_works(once, (lambda: _try_imap(answers)) if try_login else None)


def _relay(answers: Answers, folder: Path, try_login: bool) -> None:
    def once() -> None:
        if answers.values.get("relay.host") == PROVIDERS["gmail"]["relay.host"]:
            answers.values["relay.user"] = answers.values.get("imap.user", "")
        else:
            for name in OTHER_RELAY:
                _ask(answers, name, default=answers.values.get("imap.user", "") if name == "relay.user" else None)
        if not answers.values.get("relay.user"):
            return
        if answers.secrets and answers.values["relay.user"] == answers.values.get("imap.user"):
            answers.values["relay.password_file"] = answers.values["imap.password_file"]
        else:
            _ask_password(answers, folder, "relay-password", "relay.password_file")

    _until_it_works(once, (lambda: _try_relay(answers)) if try_login else None)


def _until_it_works(once: Callable[[], None], attempt: Callable[[], str] | None) -> None:
    """Ask, try, and ask again while it fails; after some times the answers stay as they are."""
    for _ in range(TRIES):
        once()
        if attempt is None:
            return
        trouble = attempt()
        if not trouble:
            line(say("init.works"))
            return
        line(say("init.fails", why=clean(trouble)))
        if not agrees(say("init.again"), usual=True):
            return


def _try_imap(answers: Answers) -> str:
    """Log in to the mailbox; gives what went wrong, "" when nothing did."""
    from pydantic import SecretStr, ValidationError

    from mailgate.errors import MailgateError
    from mailgate.intake.imap_session import check_login
    from mailgate.settings import Imap

    given = _section(answers, "imap")
    place = Path(given.pop("password_file", ""))
    try:
        check_login(Imap.model_validate({**given, "password": SecretStr(answers.secrets.get(place, ""))}))
    except (MailgateError, ValidationError) as error:
        return _words(error)
    return ""


def _try_relay(answers: Answers) -> str:
    """Connect to the relay and log in; gives what went wrong, "" when nothing did."""
    from pydantic import SecretStr, ValidationError

    from mailgate.errors import MailgateError
    from mailgate.relay.smtp import SmtpRelay
    from mailgate.settings import Relay

    given = _section(answers, "relay")
    place = Path(given.pop("password_file", ""))
    secret = answers.secrets.get(place, "")
    try:
        relay = SmtpRelay(Relay.model_validate({**given, "password": SecretStr(secret) if secret else None}))
        relay.greet()
        relay.close()
    except (MailgateError, ValidationError, OSError) as error:
        return _words(error)
    return ""


def _words(error: Exception) -> str:
    """One line for a person: of what pydantic says, the first thing alone."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']} ({first['input']!r})"
    return " ".join(str(error).split())


def _section(answers: Answers, name: str) -> dict[str, str]:
    return {
        key.partition(".")[2]: value for key, value in answers.values.items() if key.startswith(f"{name}.") and value
    }


def _ask(answers: Answers, name: str, *, default: str | None = None) -> None:
    """Ask for one key; the usual answer is its default, and is not kept when it is that."""
    from mailgate.settings import every_key

    fields = {f"{section}.{key}": known for section, key, known in every_key()}
    usual = fields[name].get_default(call_default_factory=True)
    usual = "" if usual is None or type(usual).__name__ == "PydanticUndefinedType" else str(usual)
    shown = answers.values.get(name) or default or (language() if name == "desk.language" else usual)
    told = str(typer.prompt(say(f"init.ask.{name}"), default=shown, show_default=bool(shown))).strip()
    if told and told != usual:
        answers.values[name] = told
    else:
        answers.values.pop(name, None)


def _ask_password(answers: Answers, folder: Path, name: str, key: str) -> None:
    told = str(typer.prompt(say("init.password"), hide_input=True, default="", show_default=False)).strip()
    if told:
        _keep(answers, folder, name, told, key)


def _keep(answers: Answers, folder: Path, name: str, secret: str, *keys: str) -> None:
    """A secret, in a file of its own beside the settings. Absolute: the service may start elsewhere."""
    place = (folder / "secrets" / name).absolute()
    answers.secrets[place] = secret
    answers.values |= {key: str(place) for key in keys if key.partition(".")[0] in _sections(answers)}


def _sections(answers: Answers) -> set[str]:
    return {key.partition(".")[0] for key in answers.values}
