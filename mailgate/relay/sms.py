"""Short messages to mobiles, by SMS or WhatsApp: whatever service Apprise knows, or a plain HTTP gateway (``json://``).

The settings give one Apprise URL in which ``{mobile}`` stands for the number, digits only, with its country. Apprise is
an extra (``pip install 'mailgate[sms]'``): where it is missing, or cannot read the URL, ConfigError says so at once.
Apprise tells only yes or no; what it logged meanwhile is the answer we keep: a 4xx of the gateway is final, all else
is tried again. One relay belongs to one thread.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from mailgate.errors import ConfigError
from mailgate.relay import Dead, Delivered, Later

if TYPE_CHECKING:
    from mailgate.settings import Sms

PLACE = "{mobile}"
TRIAL = "573000000000"
LONGEST_REPLY = 300  # characters kept of what the gateway said
# 408 and 429 mean "later", as 5xx do (RFC 9110 15.5.9, RFC 6585 4).
_REFUSED = re.compile(r"error=(4(?!08|29)\d\d)\b")


class SmsRelay:
    """A way to mobiles. Raises ConfigError when there is none."""

    def __init__(self, settings: Sms) -> None:
        try:
            import apprise
        except ImportError:
            raise ConfigError(
                "messages to mobiles need Apprise: pip install 'mailgate[sms]', or take sms.url out of the settings"
            ) from None
        self._apprise = apprise
        self._url = settings.secret_url()
        if PLACE not in self._url:
            raise ConfigError("sms.url must hold {mobile} where the number goes, as in json://gateway.local/{mobile}")
        if not apprise.Apprise().add(self._url.replace(PLACE, TRIAL)):
            raise ConfigError("sms.url is no URL that Apprise understands; see https://appriseit.com/services/")

    def deliver(self, mobile: str, text: str) -> Delivered | Later | Dead:
        """Send one message to a number in E.164. Never raises for what a network or a service does."""
        service = self._apprise.Apprise()
        if not service.add(self._url.replace(PLACE, mobile.lstrip("+"))):
            return Dead("the service does not take this number")
        with self._apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as captured:
            sent = service.notify(body=text, body_format=self._apprise.NotifyFormat.TEXT)
            told = " ".join(captured.getvalue().split())[:LONGEST_REPLY]
        if sent:
            return Delivered(told or "taken over")
        refused = _REFUSED.search(told)
        return Dead(told) if refused else Later(told or "no answer")
