"""Letters into a Maildir instead of out into the world: for a first try, for tests, for another program to fetch.

The file is the letter with two trace fields above it, as a delivery agent writes them: ``Return-Path`` (the envelope's
sender) and ``Delivered-To`` (its recipient), and with LF line ends. It is complete and on the disk when it appears in
``new``. A full disk or a folder that cannot be written is HostDown: nothing is lost, and it is tried again.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import time
from pathlib import Path

from mailgate.relay import Dead, Delivered, HostDown, Outcome
from mailgate.store.outbox import Parcel


class MaildirRelay:
    """Writes into one Maildir; makes it when it is not there. Any number of them may share it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def deliver(self, parcel: Parcel) -> Outcome:
        if re.search(r"[\x00-\x1f\x7f]", parcel.sender + parcel.recipient):
            return Dead("an address with control characters")
        trace = f"Return-Path: <{parcel.sender}>\nDelivered-To: {parcel.recipient}\n"
        # Local files have the machine's line ends; programs that read a Maildir expect them.
        content = trace.encode("utf-8", "replace") + parcel.raw.replace(b"\r\n", b"\n")
        try:
            name = self._write(content)
        except OSError as error:
            return HostDown(f"{self._directory}: {error.strerror or error}")
        return Delivered(f"written to {name}")

    def close(self) -> None:
        """Nothing is open."""

    def _write(self, content: bytes) -> str:
        for folder in ("tmp", "new", "cur"):
            (self._directory / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        host = re.sub(r"[/:]", "_", socket.gethostname())
        name = f"{time.time_ns() // 10**9}.P{os.getpid()}R{secrets.token_hex(8)}.{host}"
        temporary = self._directory / "tmp" / name
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self._directory / "new" / name)
        _sync_folder(self._directory / "new")
        return name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
