"""How far each folder of a mailbox has been read, so that a restart goes on where it stopped.

Only a shortcut: losing a row costs a second look at old mails, which the intake's digest recognises. Both verbs expect
an open connection of their thread and raise StoreUnavailable when the engine cannot serve.
"""

from __future__ import annotations

from mailgate.store.base import translated
from mailgate.store.models import Mailbox


def get_position(account: str, folder: str, uidvalidity: int) -> int:
    """The UID up to which every mail is settled; 0 when the folder was never read under this UIDVALIDITY (RFC 9051)."""
    with translated():
        row = Mailbox.get_or_none(Mailbox.account == account, Mailbox.folder == folder)
    return int(row.last_uid) if row is not None and row.uidvalidity == uidvalidity else 0


def set_position(account: str, folder: str, uidvalidity: int, last_uid: int) -> None:
    """Remember it. Where two processes read one mailbox the last one wins, which costs a second look at most."""
    with translated():
        Mailbox.insert(account=account, folder=folder, uidvalidity=uidvalidity, last_uid=last_uid).on_conflict(
            conflict_target=[Mailbox.account, Mailbox.folder],
            update={Mailbox.uidvalidity: uidvalidity, Mailbox.last_uid: last_uid},
        ).execute()
