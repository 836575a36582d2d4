"""Request Tracker 5 as Debian packages it, in a folder, on a private PostgreSQL that does not wait for the disk.

Its fastest way in: what ``rt-mailgate`` would post for each mail is posted by this process, to four workers of RT's own
server at a time; nothing of RT's is changed. Letters go to a file in place of a relay. Its processor time is that of
the server, its workers and PostgreSQL.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.bench import machine
from tests.bench.peers import DESK, SENDERS, Unable, run
from tests.servers import postgresql

SHARE = Path("/usr/share/request-tracker5")
SERVER = SHARE / "libexec/rt-server"
PACKAGES = "request-tracker5 rt5-db-postgresql rt5-standalone"
WORKERS = 4
_CONFIGURATION = """
Set($rtname, 'bench.example');
Set($Organization, 'bench.example');
Set($CorrespondAddress, '{desk}');
Set($CommentAddress, '{desk}');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($DatabaseType, 'Pg');
Set($DatabaseHost, '{database.hostname}');
Set($DatabasePort, '{database.port}');
Set($DatabaseUser, '{database.username}');
Set($DatabaseAdmin, '{database.username}');
Set($DatabasePassword, '');
Set($DatabaseName, '{name}');
Set($MailCommand, 'testfile');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'error');
Set($MasonDataDir, '{folder}/mason');
Set($MasonSessionDir, '{folder}/sessions');
1;
"""
# Whoever writes may open a ticket and answer in it; every sender is known, as with us.
_PEOPLE = """
my $root = RT->SystemUser;
my $queue = RT::Queue->new($root);
$queue->Load('General');
my $everyone = RT::Group->new($root);
$everyone->LoadSystemInternalGroup('Everyone');
$everyone->PrincipalObj->GrantRight(Right => $_, Object => $queue) for qw(CreateTicket ReplyToTicket);
for my $n (0 .. $ARGV[0] - 1) {
    my $address = sprintf('cliente%05d@correo%02d.example', $n, $n % 37);
    my ($made, $why) = RT::User->new($root)->Create(Name => $address, EmailAddress => $address, Privileged => 0);
    die $why unless $made;
}
"""


class RequestTracker:
    name, part = "Request Tracker", 4

    def set_up(self, folder: Path, ending: contextlib.ExitStack, relay: int = 0) -> None:
        if relay:
            raise Unable("sends by a program of its own for each letter: it stands in the mix")
        if not SERVER.exists():
            raise Unable(f"is not installed: apt-get install {PACKAGES} (its service need not run)")
        self._port = machine.free_port()
        try:
            server = ending.enter_context(postgresql.running())
        except postgresql.NoPostgreSQL as error:
            raise Unable(str(error)) from error
        self._database = ending.enter_context(_database(server))
        environment = {**os.environ, **self._configure(folder)}
        founder = ["--dba", str(urlsplit(self._database).username), "--dba-password", ""]
        run(["/usr/sbin/rt-setup-database-5", "--action", "init", "--skip-create", *founder], env=environment)
        run(["perl", f"-I{SHARE}/lib", "-MRT=-init", "-e", _PEOPLE, str(SENDERS)], env=environment)
        ending.enter_context(_serving(self._port, environment, folder / "log"))

    def _configure(self, folder: Path) -> dict[str, str]:
        """Writes RT's settings; what its programs are told about where they are."""
        database = urlsplit(self._database)
        values = {"desk": DESK, "port": self._port, "database": database, "name": database.path[1:], "folder": folder}
        (folder / "more").mkdir()
        (folder / "settings.pm").write_text(_CONFIGURATION.format(**values))
        return {
            "RT_SITE_CONFIG": f"{folder}/settings.pm",
            "RT_SITE_CONFIG_DIR": f"{folder}/more",  # Debian's own stay out
            "TMPDIR": str(folder),
        }

    def feed(self, mails: Sequence[bytes]) -> None:
        with ThreadPoolExecutor(WORKERS) as several:
            for said in several.map(self._post, mails):
                if not said.startswith("ok"):
                    raise Unable(f"does not take a mail: {said[:200]}")

    def _post(self, mail: bytes) -> str:
        boundary = uuid.uuid4().hex
        fields = {"SessionType": b"REST", "queue": b"General", "action": b"correspond", "message": mail}
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
            for name, value in fields.items()
        )
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/REST/1.0/NoAuth/mail-gateway",
            body + f"--{boundary}--\r\n".encode(),
            {"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=machine.PATIENCE) as answer:
                return str(answer.read().decode(errors="replace")).strip()
        except OSError as error:
            raise Unable(str(error)) from error

    def subjects(self) -> list[tuple[str, str]]:
        with psycopg.connect(self._database) as connection:
            rows = connection.execute("SELECT id, subject FROM tickets").fetchall()
        return [(f"[bench.example #{number}]", subject) for number, subject in rows]


@contextlib.contextmanager
def _database(server: str) -> Iterator[str]:
    """The URL of a new database there, which is dropped in the end."""
    name = f"bench_rt_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        yield f"{server}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def _serving(port: int, environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """RT's own server, until the end."""
    command = [str(SERVER), "--host", "127.0.0.1", "--port", str(port), "--max-workers", str(WORKERS)]
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    try:
        machine.wait_for(port, process)
        yield
    except SystemExit as error:
        said = log.read_text(errors="replace").splitlines()
        raise Unable(said[-1] if said else str(error)) from error
    finally:
        process.terminate()
        process.wait(machine.PATIENCE)
