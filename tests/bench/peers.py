"""Other help desks fed with the same mails, each in one process of its own: Roundup and django-helpdesk, from pip.

They are installed into ``.venv-bench`` when first asked for, at the versions below; nothing of theirs is changed. Both
keep SQLite, both write their acknowledgement into a file in place of a relay. Request Tracker is not here: it needs a
PostgreSQL, a web server and an hour.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Protocol

from tests.bench.figures import Absent, Figure

VENVS = Path(__file__).resolve().parents[2] / ".venv-bench"
DESK = "soporte@bench.example"
SENDERS = 2000  # of the workload
WHAT = "mix, accepted to letters committed"
_REFERENCE = re.compile(r"\(?ref\. (\d+)\)?")


class Peer(Protocol):
    """A help desk in a folder."""

    name: str
    package: str

    def set_up(self, python: Path, folder: Path) -> None: ...

    def feed(self, mails: Sequence[bytes]) -> None:
        """Work on these mails in one process, and return when it has ended."""

    def subjects(self) -> list[tuple[str, str]]:
        """(what a reply's subject begins with, the ticket's subject) of every ticket."""


class Roundup:
    name, package = "Roundup", "roundup==2.6.0"
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

    def set_up(self, python: Path, folder: Path) -> None:
        self._bin, self._tracker = python.parent, folder / "tracker"
        self._admin("install", "classic", "sqlite")
        config = self._tracker / "config.ini"
        text = config.read_text()
        for key, value in {"web": "http://127.0.0.1:9/bench/", "domain": "bench.example", "host": "127.0.0.1"}.items():
            text = text.replace(f"#{key} = NO DEFAULT", f"{key} = {value}")
        text = re.sub("(?m)^debug = *$", f"debug = {folder / 'sent'}", text)
        config.write_text(text)
        schema = self._tracker / "schema.py"
        allowed = "db.security.addPermissionToRole('Anonymous', 'Email Access')"
        schema.write_text(schema.read_text().replace(f"#{allowed}", allowed))
        self._admin("initialise", "secret")
        _run([str(python), "-c", self._senders, str(self._tracker), str(SENDERS)])

    def _admin(self, *words: str) -> None:
        _run([str(self._bin / "roundup-admin"), "-i", str(self._tracker), *words])

    def feed(self, mails: Sequence[bytes]) -> None:
        box = self._tracker / "in.mbox"
        with box.open("wb") as file:
            for mail in mails:
                body = re.sub(rb"(?m)^From ", b">From ", mail.replace(b"\r\n", b"\n"))
                file.write(b"From b@bench.example Mon Nov 23 10:00:00 2026\n" + body + b"\n")
        _run([str(self._bin / "roundup-mailgw"), str(self._tracker), "mailbox", str(box)])

    def subjects(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self._tracker / "db/db")) as database:
            rows = database.execute("SELECT id, _title FROM _issue").fetchall()
        return [(f"[issue{number}]", title) for number, title in rows]


class Helpdesk:
    name, package = "django-helpdesk", "django-helpdesk==2.6.1"
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
EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", BASE / "sent"
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

    def set_up(self, python: Path, folder: Path) -> None:
        self._python, self._folder, self._box = python, folder / "project", folder / "project/box"
        self._box.mkdir(parents=True)
        (self._folder / "media").mkdir()
        (self._folder / "conf.py").write_text(self._settings)
        (self._folder / "urls.py").write_text(self._urls)
        self._manage("migrate", "-v0")
        self._manage("loaddata", "-v0", "emailtemplate.json")
        self._manage("shell", "-c", self._queue.format(desk=DESK, box=str(self._box)))

    def _manage(self, *words: str) -> None:
        known = {"DJANGO_SETTINGS_MODULE": "conf", "PYTHONPATH": str(self._folder)}
        _run([str(self._python), "-m", "django", *words], cwd=self._folder, env={**os.environ, **known})

    def feed(self, mails: Sequence[bytes]) -> None:
        for number, mail in enumerate(mails):
            (self._box / f"{number:06}.eml").write_bytes(mail)
        self._manage("get_email", "--quiet")

    def subjects(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self._folder / "db.sqlite3")) as database:
            rows = database.execute("SELECT id, title FROM helpdesk_ticket").fetchall()
        return [(f"[GEN-{number}]", title) for number, title in rows]


PEERS: tuple[type[Peer], ...] = (Roundup, Helpdesk)


def measure(workload: ModuleType, runs: int, mails: int) -> Iterator[Figure | Absent]:
    """Each peer on the mix, as ``tests.bench.work`` feeds us: seven new mails of ten, then three replies."""
    for kind in PEERS:
        peer = kind()
        try:
            python = _installed(peer)
            found = [_once(kind(), python, workload, mails) for _ in range(runs)]
        except (OSError, subprocess.CalledProcessError) as error:
            said = b"".join(getattr(error, kind, None) or b"" for kind in ("stdout", "stderr"))
            told = said.decode(errors="replace").strip().splitlines()
            yield Absent(peer.name, told[-1] if told else str(error))
            continue
        yield Figure(WHAT, [rate for rate, _ in found], cpu=[spent for _, spent in found], who=peer.name)


def _installed(peer: Peer) -> Path:
    """The Python of a peer's own environment."""
    folder = VENVS / peer.name
    python = folder / "bin/python"
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(python), "-m", "pip", "install", "--quiet", peer.package])
    return python


def _once(peer: Peer, python: Path, workload: ModuleType, mails: int) -> tuple[float, float]:
    """(mails a second, milliseconds of processor a mail) of an empty desk, the start of its processes not counted."""
    folder = Path(tempfile.mkdtemp(prefix="peer-"))
    try:
        peer.set_up(python, folder)
        peer.feed([workload.make_new(900_000 + n, DESK) for n in range(5)])
        start, starting = _timed(peer, [])
        new = [workload.make_new(n, DESK, n % 7 == 6) for n in range(mails * 7 // 10)]
        seconds, spent = _timed(peer, new)
        opened, chance = peer.subjects(), workload.rnd("replies", 0)
        assert len(opened) >= len(new), f"{peer.name} opened {len(opened)} tickets of {len(new)} mails"
        replies = []
        for n in range(mails * 3 // 10):
            mark, subject = opened[chance.randrange(len(opened))]
            reference = _REFERENCE.search(subject)
            assert reference is not None, subject
            replies.append(workload.make_reply(int(reference[1]), mark, n, DESK))
        more, further = _timed(peer, replies)
        count = len(new) + len(replies)
        return count / (seconds + more - 2 * start), (spent + further - 2 * starting) * 1000 / count
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _timed(peer: Peer, mails: Sequence[bytes]) -> tuple[float, float]:
    used, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    peer.feed(mails)
    seconds, now = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def _run(command: Sequence[str], **how: object) -> None:
    subprocess.run(command, check=True, capture_output=True, **how)  # type: ignore[call-overload]
