"""A private Dovecot on a loopback port: any user name, one password, one throwaway folder. Needs root and dovecot."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PASSWORD = "correcto-caballo-ñ"

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
{tls}
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = dovecot
default_login_user = dovenull
mail_location = maildir:{home}/mail/%u
mail_max_userip_connections = 50
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


def missing() -> str:
    """Why it cannot run here; "" when it can."""
    if shutil.which("dovecot") is None:
        return "dovecot is not installed (apt install dovecot-imapd)"
    return "" if os.geteuid() == 0 else "a private Dovecot needs root to change users"


def free_port() -> int:
    """A loopback port that nobody used a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Dovecot:
    """``with Dovecot() as server``: server.port; a mailbox exists as soon as somebody logs in to it.

    With a (certificate, key) there is STARTTLS on server.port, and TLS on server.tls_port.
    """

    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        self._certificate = certificate
        self.tls_port = 0

    def __enter__(self) -> Dovecot:
        # Not pytest's tmp_path: Dovecot's unprivileged processes must be able to enter every folder above.
        self.home = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.home.chmod(0o755)
        owner = pwd.getpwnam("nobody")
        (self.home / "mail").mkdir()
        os.chown(self.home / "mail", owner.pw_uid, owner.pw_gid)
        self.port = free_port()
        tls = "ssl = no"
        if self._certificate:
            self.tls_port = free_port()
            tls = "ssl = yes\nssl_cert = <{}\nssl_key = <{}".format(*self._certificate)
        text = CONFIGURATION.format(
            home=self.home,
            port=self.port,
            tls_port=self.tls_port,
            tls=tls,
            password=PASSWORD,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
        )
        (self.home / "dovecot.conf").write_text(text)
        with (self.home / "stderr").open("w") as errors:
            self._process = subprocess.Popen(["dovecot", "-F", "-c", self.home / "dovecot.conf"], stderr=errors)
        self._wait_until_up()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)

    def mailbox_folder(self, user: str) -> Path:
        return self.home / "mail" / user

    def kick(self, user: str) -> None:
        """Cut every connection of a user."""
        subprocess.run(
            ["doveadm", "-c", self.home / "dovecot.conf", "kick", user], check=True, capture_output=True, timeout=20
        )

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                    if connection.recv(50).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.02)  # nothing tells when a port opens
        log = self.home / "dovecot.log"
        raise RuntimeError((self.home / "stderr").read_text() + (log.read_text() if log.exists() else ""))
