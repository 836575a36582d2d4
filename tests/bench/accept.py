"""How many mails a second the SMTP port takes, each durable in SQLite before its 250, and at what cost.

    python -m tests.bench.accept [--mails 4000] [--connections 8] [--bytes 4000]

Clients are threads of a process of their own that pipeline as an MTA does, once with a connection for each mail and
once with many mails a connection. CPU is that of the listening process alone (event loop and writer thread).
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import subprocess
import sys
import tempfile
import threading
import time

from mailgate.desk.addresses import is_ours
from mailgate.intake import smtp
from mailgate.intake.accept import Acceptor
from mailgate.settings import Limits, Settings, Smtp, Store
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Intake

DESK = "soporte@acme.co"
ENVELOPE = f"MAIL FROM:<ana@cliente.co> SIZE=5000\r\nRCPT TO:<{DESK}>\r\nDATA\r\n".encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=4000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--bytes", type=int, default=4000)
    parser.add_argument("--client", nargs=2, metavar=("PORT", "PER_CONNECTION"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        send_all(int(options.client[0]), options, int(options.client[1]))
        return
    for per_connection in (1, options.mails):
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(folder, options, per_connection))


async def measure(folder: str, options: argparse.Namespace, per_connection: int) -> None:
    """Serve while a child sends; print one line."""
    listening = Smtp(port=0, max_connections_per_peer=200)
    settings = Settings(store=Store(url=f"sqlite:///{folder}/mailgate.db"), smtp=listening, limits=Limits())
    open_store(settings.store)
    batches = 0

    def count() -> None:
        nonlocal batches
        batches += 1

    acceptor = Acceptor(count)
    acceptor.start()
    listener = await smtp.serve(settings, acceptor, is_ours=lambda address: is_ours(address, (DESK,)))
    command = [sys.executable, "-m", "tests.bench.accept", "--client", str(listener.port), str(per_connection)]
    command += ["--mails", str(options.mails), "--connections", str(options.connections), "--bytes", str(options.bytes)]
    cpu = time.process_time()
    child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    seconds = float((await child.communicate())[0])
    cpu = time.process_time() - cpu
    await listener.close()
    acceptor.stop()
    with connection():
        stored = Intake.select().count()
    close_store()
    assert stored == options.mails, f"{stored} of {options.mails} are stored"
    how = "one mail a connection" if per_connection == 1 else "many mails a connection"
    print(
        f"{how}: {stored / seconds:,.0f} mails/s, {cpu / stored * 1000:.2f} ms CPU a mail,"
        f" {stored / batches:.1f} mails a commit ({options.connections} connections, {options.bytes} octets)"
    )


def send_all(port: int, options: argparse.Namespace, per_connection: int) -> None:
    """Send all mails from as many threads as connections; print the seconds it took."""
    share = options.mails // options.connections
    shares = [
        share + (options.mails - share * options.connections if i == 0 else 0) for i in range(options.connections)
    ]
    threads = [
        threading.Thread(target=send, args=(port, f"{number}", count, options.bytes, per_connection))
        for number, count in enumerate(shares)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(time.perf_counter() - start)


def send(port: int, name: str, count: int, size: int, per_connection: int) -> None:
    left = count
    while left:
        mails = min(left, per_connection)
        with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as replies:
            expect(replies, b"220")
            line.sendall(b"EHLO cliente.co\r\n")
            expect(replies, b"250")
            for _ in range(mails):
                line.sendall(ENVELOPE)
                for code in (b"250", b"250", b"354"):
                    expect(replies, code)
                line.sendall(mail(f"{name}.{left}", size))
                expect(replies, b"250")
                left -= 1
            line.sendall(b"QUIT\r\n")
            expect(replies, b"221")


def expect(replies: object, code: bytes) -> None:
    while True:
        line = replies.readline()  # type: ignore[attr-defined]
        if not line.startswith(code):
            raise SystemExit(f"expected {code!r}, was told {line!r}")
        if line[3:4] != b"-":
            return


def mail(name: str, size: int) -> bytes:
    head = f"From: ana@cliente.co\r\nTo: {DESK}\r\nSubject: {name}\r\nMessage-ID: <{name}@cliente.co>\r\n\r\n"
    line = "La impresora no imprime desde ayer y la factura debe salir hoy.\r\n"
    return (head + line * (size // len(line)) + ".\r\n").encode()


if __name__ == "__main__":
    main()
