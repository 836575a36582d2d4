"""A private Postfix: its own configuration and queue, SMTP on a loopback port, everything handed on by LMTP."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/lib
config_directory = {home}/etc
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.desk.co
mydestination =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relay_domains = desk.co
relay_transport = lmtp:inet:127.0.0.1:{next_port}
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
recipient_delimiter = +
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
alias_maps =
alias_database =
smtp_tls_security_level = none
minimal_backoff_time = 2s
maximal_backoff_time = 10s
queue_run_delay = 2s
disable_dns_lookups = yes
"""


def why_not() -> str:
    """Why Postfix cannot be used here, "" when it can."""
    if not Path("/usr/sbin/postfix").exists():
        return "Postfix is not installed"
    return "" if os.geteuid() == 0 else "Postfix needs root to start"


@contextlib.contextmanager
def relaying_to(next_port: int) -> Iterator[int]:
    """The SMTP port of a Postfix that hands mail for desk.co to LMTP on ``next_port``."""
    with _running(MAIN, next_port) as (port, _):
        yield port


@contextlib.contextmanager
def discarding(domain: str) -> Iterator[tuple[int, int]]:
    """(SMTP port, process id of the master) of a Postfix that queues mail for a domain and throws it away then."""
    settings = MAIN.replace("lmtp:inet:127.0.0.1:{next_port}", "discard:").replace("desk.co", domain)
    settings += "smtpd_client_connection_count_limit = 0\nsmtpd_client_connection_rate_limit = 0\n"
    with _running(settings, 0) as (port, home):
        yield port, int((home / "spool" / "pid" / "master.pid").read_text())


@contextlib.contextmanager
def _running(settings: str, next_port: int) -> Iterator[tuple[int, Path]]:
    home = Path(tempfile.mkdtemp(prefix="mailgate-postfix-"))
    home.chmod(0o755)
    for name in ("etc", "spool", "lib"):
        (home / name).mkdir()
    os.chown(home / "lib", pwd.getpwnam("postfix").pw_uid, -1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (home / "etc" / "main.cf").write_text(settings.format(home=home, next_port=next_port))
    (home / "etc" / "master.cf").write_text(MASTER.format(port=port).lstrip())
    command = ["/usr/sbin/postfix", "-c", str(home / "etc")]
    started = subprocess.run([*command, "start"], capture_output=True, text=True, timeout=60)
    log = (home / "mail.log").read_text() if (home / "mail.log").exists() else ""
    assert started.returncode == 0, started.stderr + log
    try:
        _wait_for(port)
        yield port, home
    finally:
        subprocess.run([*command, "stop"], capture_output=True, timeout=60)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("Postfix does not answer")
