"""The service as a program: waits for its store, serves until a signal, tells systemd how it is, and ends in time.

A store that is locked, full, or not there yet when we start is waited for, as it is when it goes away later; what no
waiting mends (a file that is no database, a wrong password) ends the start with its reason.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator

import structlog

from mailgate import logs, systemd
from mailgate.alerts import StoreAlarm
from mailgate.errors import StoreUnavailable
from mailgate.service import ROLES, Service
from mailgate.settings import Settings

WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)  # seconds between two tries to start; the last one again and again
LONGEST_TRY = 120.0  # seconds that a try and the wait behind it may take, for systemd
M_ARENA_MAX = -8  # malloc.h
# Of a thread at Python's lock while others want it, a fifth of what is usual: who speaks with a client or a relay does
# little and waits often. The whole road took 31, 40 and 34 mails a second with 5, 1 and 0.2 ms (means of three).
TURN_SECONDS = 0.001
TIDY_SECONDS = 60.0
LONGEST_STOP = 19.0  # seconds until what cannot be finished is left to its lease

log = structlog.get_logger()


def run(settings: Settings, roles: Collection[str] = ROLES) -> None:
    """Serve until SIGTERM or SIGINT. Raises MailgateError when it cannot start."""
    logs.configure()
    share_memory()
    sys.setswitchinterval(TURN_SECONDS)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    hung_up = heed_hangups(stop)
    with started(settings, roles, stop.wait) as service:
        if service is not None:
            log.info(
                "serving",
                roles=[role for role in ROLES if role in roles],
                desk=settings.desk.address,
                store=settings.store.url.partition(":")[0],
            )
            settle()
            systemd.tell("READY=1")
            live_until(stop, service, hung_up)
        log.info("stopping")
        systemd.tell("STOPPING=1")
        threading.Timer(LONGEST_STOP, give_up).start()
    os._exit(os.EX_OK)  # a thread that waits for a silent server must not hold up the exit


def heed_hangups(stop: threading.Event) -> threading.Event:
    """A terminal that closes ends us in good order. Where there is none, SIGHUP is a wish to read settings anew,
    which would be our end, and one that systemd takes for wanted (systemd.service(5), Restart=): it is only said.
    """
    asked = threading.Event()
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        heard = stop if sys.stdin is not None and sys.stdin.isatty() else asked
        signal.signal(signal.SIGHUP, lambda *_: heard.set())
    return asked


def share_memory() -> None:
    """glibc gives threads that meet at ``malloc`` heaps of their own, and what one gave back no other can use: in a
    soak of 48,000 mails that came to 25 MB. Two are enough for threads that take turns at Python anyway (mallopt(3)).
    """
    with contextlib.suppress(AttributeError, OSError):  # a system without glibc
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def settle() -> None:
    """What was loaded to begin with stays: the collector need not walk over it again and again (7 % of a mail)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@contextlib.contextmanager
def started(settings: Settings, roles: Collection[str], wait: Callable[[float], bool]) -> Iterator[Service | None]:
    """The service, as soon as its store serves; None when we are to stop before. ``wait`` sleeps and tells so.

    Raises ConfigError, ServiceUnavailable, and StoreUnavailable when waiting would be in vain.
    """
    alarm = StoreAlarm(settings)
    tries = 0
    while True:
        service = Service(settings, roles)
        try:
            service.__enter__()
            break
        except StoreUnavailable as error:
            if not error.passing:
                raise
            seconds = WAITS[min(tries, len(WAITS) - 1)]
            tries += 1
            log.warning("the store cannot serve yet; starting again", seconds=seconds, error=str(error))
            systemd.tell(f"EXTEND_TIMEOUT_USEC={int(LONGEST_TRY * 1_000_000)}\nSTATUS=waits for the store")
            if "clock" in roles:
                alarm.fails(error)
            if wait(seconds):
                yield None
                return
    try:
        yield service
    finally:
        service.close()


def live_until(stop: threading.Event, service: Service, hung_up: threading.Event) -> None:
    """Wait, and tell systemd's watchdog that all is alive for as long as it is.

    Old connections are circles that only the collector takes apart, and by its own counts it looks at what is old once
    in millions of mails: 9 MB stayed in 25,000. So it is told to look.
    """
    watched = systemd.watchdog_seconds()
    while not stop.wait(min(watched or TIDY_SECONDS, TIDY_SECONDS)):
        gc.collect()
        if hung_up.is_set():
            hung_up.clear()
            log.warning("SIGHUP changes nothing; start the service again for it to read its settings")
        if watched is None:
            continue
        if faults := service.faults():
            log.error("a part has ended by itself", parts=faults)
        else:
            systemd.tell("WATCHDOG=1")


def give_up() -> None:
    """What is still in hand comes back when its lease ends."""
    log.error("stopping takes too long; what is in hand will be done later")
    os._exit(os.EX_TEMPFAIL)
