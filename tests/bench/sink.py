"""``python -m tests.bench.sink``: an SMTP server that takes letters, keeps none, and tells when each came.

Prints its port, then for every letter a line: the moment it was whole (the system's monotonic clock) and the mail it
answers (In-Reply-To).
"""

from __future__ import annotations

import asyncio
import re
import time

_ANSWERS = re.compile(rb"^In-Reply-To:\s*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)


class Taking(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._buffer, self._in_data = transport, bytearray(), False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        answers = []
        while (end := self._buffer.find(b"\r\n.\r\n" if self._in_data else b"\r\n")) >= 0:
            said = bytes(self._buffer[:end])
            del self._buffer[: end + (5 if self._in_data else 2)]
            answers.append(self._answer(said))
        self._transport.write(b"".join(answers))  # at once, as mail servers do

    def _answer(self, said: bytes) -> bytes:
        if self._in_data:
            self._in_data = False
            answered = _ANSWERS.search(said)
            print(f"{time.monotonic():.6f} {answered[1].decode() if answered else '-'}", flush=True)
            return b"250 taken\r\n"
        verb = said[:4].upper()
        self._in_data = verb == b"DATA"
        return {b"DATA": b"354 go on\r\n", b"EHLO": b"250-sink\r\n250 PIPELINING\r\n"}.get(verb, b"250 ok\r\n")


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Taking, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
