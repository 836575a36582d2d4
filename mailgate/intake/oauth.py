"""The access token of a mailbox that logs in by OAuth2: one POST of its refresh token (RFC 6749, section 6).

Fails with Refused when the token server says no, with Unreachable when it says nothing: one line without any secret.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request

from mailgate.errors import ConfigError, ServiceUnavailable, Temporary
from mailgate.settings import Imap, first_line

POST_SECONDS = 30
LONGEST_ANSWER = 65_536


class Refused(ServiceUnavailable):
    """The server knows us not: a password or token that a person has to mend."""


class Unreachable(Temporary):
    """Nobody answers, or what answers does not speak as it should: it may go well later."""


def access_token(account: Imap) -> str:
    """A fresh access token. Raises ConfigError (settings incomplete), Refused or Unreachable."""
    request = _request(account)
    try:
        with urllib.request.urlopen(request, timeout=POST_SECONDS) as answer:  # noqa: S310 - scheme checked in _request
            told = _json(answer.read(LONGEST_ANSWER))
    except urllib.error.HTTPError as error:
        with error:
            why = _reason(_json(error.read(LONGEST_ANSWER))) or error.reason
        if error.code >= 500 or error.code == 429:
            raise Unreachable(f"{account.label}: the token server answers {error.code}: {why}") from None
        raise Refused(
            f"{account.label}: the token server refuses the refresh token ({error.code}: {why}); "
            "grant access again and write the new token in oauth_refresh_token_file"
        ) from None
    except (OSError, ValueError) as error:
        raise Unreachable(f"{account.label}: cannot reach {account.oauth_token_url}: {error}") from None
    token = told.get("access_token")
    if not isinstance(token, str) or not token:
        raise Refused(f"{account.label}: {account.oauth_token_url} answers without an access_token; check the address")
    return token


def _request(account: Imap) -> urllib.request.Request:
    if account.oauth_refresh_token_file is None or not account.oauth_token_url:
        raise ConfigError(f"imap {account.label}: auth = xoauth2 needs oauth_refresh_token_file and oauth_token_url")
    parts = urllib.parse.urlsplit(account.oauth_token_url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ConfigError(f"imap {account.label}: oauth_token_url must begin with https://; a token is a password")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": first_line(account.oauth_refresh_token_file),
        "client_id": account.oauth_client_id,
    }
    if account.oauth_client_secret_file is not None:
        form["client_secret"] = first_line(account.oauth_client_secret_file)
    data = urllib.parse.urlencode(form).encode("ascii")
    return urllib.request.Request(account.oauth_token_url, data, {"Accept": "application/json"})  # noqa: S310


def _json(data: bytes) -> dict[str, object]:
    try:
        told = json.loads(data)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _reason(told: dict[str, object]) -> str:
    """The error and its description (RFC 6749, section 5.2) on one short line: invalid_grant: Token has expired."""
    words = ": ".join(str(told[key]) for key in ("error", "error_description") if told.get(key))
    return " ".join(words.split())[:200]
