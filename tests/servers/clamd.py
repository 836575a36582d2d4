"""A clamd on loopback that knows the EICAR test file, speaks INSTREAM as the real one does, and can be made to fail."""

from __future__ import annotations

import socketserver
import struct
import threading
from pathlib import Path

# In two pieces, so that no scanner takes this file for the test file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Talk(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        octets = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            octets += self.rfile.read(length)
        self.server.asked.append(octets)
        if self.server.says:
            self.wfile.write(self.server.says)
        elif self.server.is_mute:
            self.rfile.read(1)  # until the other side gives up
        elif EICAR in octets or _encoded() in octets.replace(b"\r\n", b"").replace(b"\n", b""):
            self.wfile.write(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


def _encoded() -> bytes:
    import base64

    return base64.b64encode(EICAR)[:60]


class Clamd(socketserver.ThreadingTCPServer):
    """``with Clamd() as clamd``: clamd.address; ``says`` answers with these octets whatever comes."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, says: bytes = b"", *, is_mute: bool = False, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Talk)
        self.says, self.is_mute = says, is_mute
        self.asked: list[bytes] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Clamd:
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class UnixClamd(socketserver.ThreadingUnixStreamServer):
    """The same behind a Unix socket."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), _Talk)
        self.says, self.is_mute, self.asked, self.address = b"", False, [], str(path)

    __enter__ = Clamd.__enter__
    __exit__ = Clamd.__exit__
