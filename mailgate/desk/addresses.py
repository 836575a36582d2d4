"""Our own addresses: the base that the desk owns, and the +detail that says what a mail is for."""

from __future__ import annotations

from collections.abc import Collection


def split_detail(address: str) -> tuple[str, str]:
    """("soporte@x.co", "nota") of soporte+nota@x.co (RFC 5233); the detail is "" when there is none."""
    local, _, domain = address.rpartition("@")
    base, _, detail = local.partition("+")
    return (f"{base}@{domain}", detail) if base else (address, "")


def is_ours(address: str, ours: Collection[str]) -> bool:
    """Whether mail for this address is the desk's, with or without a detail."""
    folded = address.strip().casefold()
    return folded in ours or split_detail(folded)[0] in ours


def desk_address(recipients: Collection[str], ours: Collection[str], default: str) -> str:
    """The address of ours that a mail was sent to, without detail; the main one when none of them is ours."""
    bases = (split_detail(recipient.casefold())[0] for recipient in recipients)
    return next((base for base in bases if base in ours), default)
