"""What a mail says about which ticket it belongs to. Claims, not permissions: ``standing`` weighs them."""

from __future__ import annotations

from dataclasses import dataclass

from mailgate.desk.addresses import split_detail
from mailgate.desk.mobiles import Mobile, find_mobile
from mailgate.desk.requests import Ask, Request, find_request
from mailgate.desk.tokens import Token, read_address, read_message_id
from mailgate.mail.message import Envelope, Message
from mailgate.mail.subject import find_number, find_radicado

REFERENCES_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Claims:
    """The ways in which one mail names a ticket."""

    number: int | None = None  # in the subject
    reply_token: Token | None = None  # in one of the recipients
    reference_tokens: tuple[Token, ...] = ()  # in In-Reply-To and References, nearest first
    references: tuple[str, ...] = ()  # Message-IDs answered, nearest first
    bounce_token: Token | None = None  # of the letter that a bounce returns
    request: Request | None = None  # what a client's few words ask for
    detail: str = ""  # +nota, +pqrs of the address it came to
    mobile: Mobile | None = None  # where its writer says to be called
    radicado: str | None = None  # of a PQRS, in the subject
    recipients: tuple[str, ...] = ()  # of the envelope

    @property
    def asked(self) -> int | None:
        """The ticket whose state is asked for by its number in the text; a claim of clients only."""
        return self.request.number if self.request and self.request.ask is Ask.STATUS else None

    @property
    def names_a_ticket(self) -> bool:
        """A reference that does not verify names nothing: other desks sign Message-IDs too."""
        return self.number is not None or self.radicado is not None or self.reply_token is not None


def find_claims(message: Message, envelope: Envelope, tag: str) -> Claims:
    """Read every claim of a mail; ``tag`` is the desk's form of a number in a subject, ``[#{number}]``."""
    # The nearest ancestor tells most; a thread's References can be long, so only its end is looked at.
    nearest = tuple(dict.fromkeys([*message.in_reply_to, *reversed(message.references[-REFERENCES_LOOKED_AT:])]))
    addresses = [*envelope.recipients, *(a.address for a in message.to), *(a.address for a in message.cc)]
    reply_tokens = [token for address in addresses if (token := read_address(address))]
    # soporte+nota+t1042.…@: the detail stands before the signed part.
    details = [split_detail(address)[1].partition("+")[0] for address in addresses[:REFERENCES_LOOKED_AT]]
    returned = message.bounce.original_message_id if message.bounce else ""
    return Claims(
        number=find_number(message.subject, tag),
        reply_token=reply_tokens[0] if reply_tokens else None,
        reference_tokens=tuple(token for text in nearest if (token := read_message_id(text))),
        references=nearest,
        radicado=find_radicado(message.subject),
        mobile=_mobile(message),
        recipients=envelope.recipients,
        request=find_request(message.subject, message.parts.own, tag),
        bounce_token=read_message_id(returned) if returned else None,
        detail=next((detail for detail in details if detail and not read_address(f"x+{detail}@x")), ""),
    )


def _mobile(message: Message) -> Mobile | None:
    """In the words first; a signature's counts when it is one, and is no news when it is none."""
    said = find_mobile(f"{message.subject}\n{message.parts.own}")
    if said is not None:
        return said
    signed = find_mobile(message.parts.signature)
    return signed if signed and signed.number else None
