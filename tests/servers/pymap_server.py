"""pymap, a real IMAP server in Python, on a loopback port in a thread of the test."""

from __future__ import annotations

import asyncio
import socket
import threading
from argparse import Namespace
from contextlib import AsyncExitStack

from pymap.backend.dict import DictBackend
from pymap.imap import IMAPService

USER, PASSWORD = "soporte", "secreto"


class Pymap:
    """``with Pymap() as server``: server.port, one mailbox (USER, PASSWORD) kept in memory."""

    def __enter__(self) -> Pymap:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(20), "pymap does not start"
        if self._error is not None:
            raise self._error
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:
            self._error = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        options = Namespace(
            host="127.0.0.1", port=str(self.port), cert=None, key=None, tls=False, proxy_protocol=None,
            demo_data=False, inherited_sockets=None, demo_user=USER, demo_password=PASSWORD, debug=False,
            set_uid=None, passlib_cfg=None,
        )  # fmt: skip
        backend, config = await DictBackend.init(options, invalid_user_sleep=0)
        config.apply_context()
        stack = AsyncExitStack()
        await backend.start(stack)
        await IMAPService(backend, config).start(stack)
        self._ready.set()
        await self._stop.wait()
        # The stack is not closed: Server.wait_closed() waits for clients for ever on Python 3.12 and later.
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
