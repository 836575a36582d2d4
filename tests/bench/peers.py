"""Other help desks fed with the same mails. Here Roundup and django-helpdesk, from pip, each in one process of its own.

They are installed into ``.venv-bench`` when first asked for, at the versions below; nothing of theirs is changed. Both
keep SQLite, both write their acknowledgement into a file, or send it to a relay where one is named.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, Protocol

from tests.bench import machine

VENVS = Path(__file__).resolve().parents[2] / ".venv-bench"
DESK = "soporte@bench.example"
SENDERS = 2000  # of the workload
_REFERENCE = re.compile(r"\(?ref\. (\d+)\)?")
_WARM_UP = 20  # mails: some for each process of a peer


class Unable(Exception):
    """A peer cannot be installed, set up or fed here; the text says why."""


class Peer(Protocol):
    """A help desk in a folder."""

    name: str
    part: int  # it is given one mail of so many: a slow one would make the turns long

    def set_up(self, folder: Path, ending: contextlib.ExitStack, relay: int = 0) -> None:
        """An empty desk whose letters go to a relay on that port, or to a file when there is none.

        What has to be stopped in the end is told to ``ending``. Raises Unable.
        """

    def feed(self, mails: Sequence[bytes]) -> None:
        """Work on these mails, and return when all are done."""

    def subjects(self) -> list[tuple[str, str]]:
        """(what a reply's subject begins with, the ticket's subject) of every ticket."""


class Roundup:
    name, part, package = "Roundup", 1, "roundup==2.6.0"
    # Every sender is known, as with us: a new one costs it a fifth of a second for the hash of a password.
    _senders = """
import sys, roundup.instance, roundup.password
database = roundup.instance.open(sys.argv[1]).open("admin")
secret = roundup.password.Password("x", scheme="plaintext")
for n in range(int(sys.argv[2])):
    address = f"cliente{n:05d}@correo{n % 37:02d}.example"
    database.user.create(username=f"cliente{n:05d}", address=address, roles="User", password=secret)
database.commit()
"""

    def set_up(self, folder: Path, ending: contextlib.ExitStack, relay: int = 0) -> None:
        python = _installed(self.name, self.package)
        self._bin, self._tracker = python.parent, folder / "tracker"
        self._admin("install", "classic", "sqlite")
        config = self._tracker / "config.ini"
        text = config.read_text()
        for key, value in {"web": "http://127.0.0.1:9/bench/", "domain": "bench.example", "host": "127.0.0.1"}.items():
            text = text.replace(f"#{key} = NO DEFAULT", f"{key} = {value}")
        if relay:
            text = re.sub("(?m)^port = 25$", f"port = {relay}", text)
        else:
            text = re.sub("(?m)^debug = *$", f"debug = {folder / 'sent'}", text)
        text = re.sub("(?m)^messages_to_author = no$", "messages_to_author = yes", text)  # else nobody is answered
        config.write_text(text)
        schema = self._tracker / "schema.py"
        allowed = "db.security.addPermissionToRole('Anonymous', 'Email Access')"
        schema.write_text(schema.read_text().replace(f"#{allowed}", allowed))
        self._admin("initialise", "secret")
        run([str(python), "-c", self._senders, str(self._tracker), str(SENDERS)])

    def _admin(self, *words: str) -> None:
        run([str(self._bin / "roundup-admin"), "-i", str(self._tracker), *words])

    def feed(self, mails: Sequence[bytes]) -> None:
        box = self._tracker / "in.mbox"
        with box.open("wb") as file:
            for mail in mails:
                body = re.sub(rb"(?m)^From ", b">From ", mail.replace(b"\r\n", b"\n"))
                file.write(b"From b@bench.example Mon Nov 23 10:00:00 2026\n" + body + b"\n")
        run([str(self._bin / "roundup-mailgw"), str(self._tracker), "mailbox", str(box)])

    def subjects(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self._tracker / "db/db")) as database:
            rows = database.execute("SELECT id, _title FROM _issue").fetchall()
        return [(f"[issue{number}]", title) for number, title in rows]


class Helpdesk:
    name, part, package = "django-helpdesk", 1, "django-helpdesk==2.6.1"
    _settings = """
import pathlib
SECRET_KEY, SITE_ID, USE_TZ, ROOT_URLCONF = "bench", 1, True, "urls"
BASE = pathlib.Path(__file__).parent
INSTALLED_APPS = [f"django.contrib.{name}" for name in
                  ("auth", "contenttypes", "sessions", "messages", "sites", "staticfiles", "humanize", "admin")]
INSTALLED_APPS += ["rest_framework", "django_cleanup.apps.CleanupConfig", "helpdesk"]
MIDDLEWARE = [f"django.contrib.{name}Middleware" for name in
              ("sessions.middleware.Session", "auth.middleware.Authentication", "messages.middleware.Message")]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                           "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE / "db.sqlite3"}}
DEFAULT_AUTO_FIELD, STATIC_URL, MEDIA_ROOT = "django.db.models.AutoField", "/static/", BASE / "media"
EMAIL_BACKEND = f"django.core.mail.backends.{KIND}.EmailBackend"
EMAIL_FILE_PATH, EMAIL_HOST = BASE / "sent", "127.0.0.1"
DEFAULT_FROM_EMAIL, HELPDESK_TEAMS_MODE_ENABLED = "soporte@bench.example", False
"""
    _urls = """
from django.urls import include, path
urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
"""
    _queue = (
        "from helpdesk.models import Queue; Queue.objects.create(title='Soporte', slug='GEN', email_address={desk!r},"
        " allow_email_submission=True, email_box_type='local', email_box_local_dir={box!r}, email_box_interval=0)"
    )

    def set_up(self, folder: Path, ending: contextlib.ExitStack, relay: int = 0) -> None:
        self._python = _installed(self.name, self.package)
        self._folder, self._box = folder / "project", folder / "project/box"
        self._box.mkdir(parents=True)
        (self._folder / "media").mkdir()
        way = f"KIND, EMAIL_PORT = {'smtp' if relay else 'filebased'!r}, {relay}\n"
        (self._folder / "conf.py").write_text(way + self._settings)
        (self._folder / "urls.py").write_text(self._urls)
        self._manage("migrate", "-v0")
        self._manage("loaddata", "-v0", "emailtemplate.json")
        self._manage("shell", "-c", self._queue.format(desk=DESK, box=str(self._box)))

    def _manage(self, *words: str) -> None:
        known = {"DJANGO_SETTINGS_MODULE": "conf", "PYTHONPATH": str(self._folder)}
        run([str(self._python), "-m", "django", *words], cwd=self._folder, env={**os.environ, **known})

    def feed(self, mails: Sequence[bytes]) -> None:
        for number, mail in enumerate(mails):
            (self._box / f"{number:06}.eml").write_bytes(mail)
        self._manage("get_email", "--quiet")

    def subjects(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self._folder / "db.sqlite3")) as database:
            rows = database.execute("SELECT id, title FROM helpdesk_ticket").fetchall()
        return [(f"[GEN-{number}]", title) for number, title in rows]


def _installed(name: str, package: str) -> Path:
    """The Python of a peer's own environment."""
    folder = VENVS / name
    python = folder / "bin/python"
    if not python.exists():
        run([sys.executable, "-m", "venv", str(folder)])
        run([str(python), "-m", "pip", "install", "--quiet", package])
    return python


class Cost(NamedTuple):
    rate: float  # mails a second
    spent: float  # milliseconds of processor a mail, of the peer's processes


def warm_up(peer: Peer, workload: ModuleType) -> None:
    peer.feed([workload.make_new(900_000 + n, DESK) for n in range(_WARM_UP)])


def once(peer: Peer, workload: ModuleType, turn: int, mails: int, beside: Sequence[int] = ()) -> Cost:
    """One run of the mix, as ``tests.bench.work`` feeds us: of ten mails seven new, then three replies.

    Each turn has mails of its own. What the peer takes for no mails at all is the start of its processes: it is taken
    off, as ours is not counted either; nor is what we have ``beside`` it (process ids).
    """
    mails //= peer.part
    first, count = turn * mails, mails * 7 // 10
    before = len(peer.subjects())
    start, starting = _timed(peer, [], beside)
    seconds, spent = _timed(peer, [workload.make_new(first + n, DESK, n % 7 == 6) for n in range(count)], beside)
    opened, chance = peer.subjects(), workload.rnd("replies", turn)
    if len(opened) != before + count:
        raise Unable(f"opened {len(opened) - before} tickets of {count} mails")
    replies = []
    for n in range(mails * 3 // 10):
        mark, subject = opened[chance.randrange(len(opened))]
        reference = _REFERENCE.search(subject)
        assert reference is not None, subject
        replies.append(workload.make_reply(int(reference[1]), mark, first + n, DESK))
    more, further = _timed(peer, replies, beside)
    if (late := len(peer.subjects()) - len(opened)) > 0:
        raise Unable(f"opened {late} tickets of {len(replies)} replies")
    count += len(replies)
    return Cost(count / (seconds + more - 2 * start), (spent + further - 2 * starting) * 1000 / count)


def _timed(peer: Peer, mails: Sequence[bytes], beside: Sequence[int]) -> tuple[float, float]:
    used, began = _others(beside), time.monotonic()
    peer.feed(mails)
    return time.monotonic() - began, _others(beside) - used


def _others(beside: Sequence[int]) -> float:
    """Seconds of processor of the processes that we started: those that ended, and those that live."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    left_out = {os.getpid()}.union(*map(machine.tree, beside))
    living = [pid for pid in machine.tree(os.getpid()) if pid not in left_out]
    return ended.ru_utime + ended.ru_stime + machine.processor(living)


def run(command: Sequence[str], **how: object) -> None:
    """Raises Unable with the last line that the program said."""
    try:
        subprocess.run(command, check=True, capture_output=True, **how)  # type: ignore[call-overload]
    except subprocess.CalledProcessError as error:
        said = (error.stdout + error.stderr).decode(errors="replace").strip()
        raise Unable(said.splitlines()[-1] if said else str(error)) from error
    except OSError as error:
        raise Unable(str(error)) from error
