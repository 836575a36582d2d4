"""The whole desk in a minute: a real gateway on this machine, real conversations by SMTP, then the reader's own.

Raises MailgateError when a letter that the story needs does not come: a demonstration that goes wrong must say so.
"""

from __future__ import annotations

import email
import email.policy
import signal
import smtplib
import sys
import tempfile
import threading
import time
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from importlib import resources
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from mailgate import logs
from mailgate.cli.init_text import settings_text
from mailgate.errors import MailgateError
from mailgate.letters.lines import sanitize_line
from mailgate.service import Service
from mailgate.settings import Settings, load
from mailgate.store import intake, outbox, people, tickets
from mailgate.store.base import connection

PATIENCE = 120.0  # seconds for a letter to come, on a machine with much else to do
HOST = "127.0.0.1"
TAG = "[#1]"  # the story has one case
COLORS = {"client": "cyan", "agent": "green"}


@dataclass
class Stage:
    """One run of the demonstration: the service, its words, and what each person has read so far."""

    service: Service
    words: dict[str, Any]
    letters: Path
    console: Console
    settings_file: Path
    seen: int = 0  # the last mail that was told of
    shown: set[str] = field(default_factory=set)
    last: dict[str, EmailMessage] = field(default_factory=dict)


def run(*, once: bool, language: str = "es") -> None:
    """Play the conversations; then stay up until Ctrl-C, unless ``once``. Ctrl-C ends it at any time, with a word."""
    logs.configure(level="error")
    words = tomllib.loads((resources.files("mailgate.cli") / "demo_words" / f"{language}.toml").read_text("utf-8"))
    console = Console(highlight=False)
    try:
        _run(words, console, language, once=once)
    except KeyboardInterrupt:
        console.print(words["bye"])


def _run(words: dict[str, Any], console: Console, language: str, *, once: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="mailgate-demo-") as folder:
        settings = _settings(words, Path(folder), language)
        with Service(settings) as service:
            stage = Stage(service, words, settings.relay.maildir, console, _settings_file(settings, Path(folder)))
            _add_people(words)
            console.print(words["intro"].format(port=service.smtp_port, letters=stage.letters), soft_wrap=True)
            for step in words["step"]:
                _play(stage, step)
            _sum_up(stage)
            if not once:
                _stay(stage)


def _settings(words: dict[str, Any], folder: Path, language: str) -> Settings:
    overrides = {
        "MAILGATE_DESK_NAME": words["desk"]["name"],
        "MAILGATE_DESK_COMPANY": words["desk"]["company"],
        "MAILGATE_DESK_ADDRESS": words["desk"]["address"],
        "MAILGATE_DESK_LANGUAGE": language,
        "MAILGATE_STORE_URL": f"sqlite:///{folder}/mailgate.db",
        "MAILGATE_SMTP_PORT": "0",
        "MAILGATE_RELAY_MAILDIR": str(folder / "letters"),
    }
    return load(None, overrides)


def _settings_file(settings: Settings, folder: Path) -> Path:
    """A file by which other commands look into this desk."""
    path, desk = folder / "mailgate.toml", settings.desk
    values = {
        "desk.name": desk.name,
        "desk.company": desk.company,
        "desk.address": desk.address,
        "desk.language": desk.language,
        "store.url": settings.store.url,
        "relay.maildir": str(settings.relay.maildir),
    }
    path.write_text(settings_text(values), encoding="utf-8")
    return path


def _add_people(words: dict[str, Any]) -> None:
    client, agent = words["client"], words["agent"]
    now = datetime.now(UTC)
    contacts = [(client["address"], client["name"])]
    with connection():
        people.save_client(people.ClientEntry("FER-2026", "900123456", client["company"], contacts=contacts), now)
        people.save_agent(agent["address"], agent["name"], now)


def _play(stage: Stage, step: dict[str, str]) -> None:
    if step["does"] == "receive":
        stage.last[step["who"]] = _next_letter(stage, step["who"])
        return
    mail = _mail(stage, step)
    _show(stage, step["who"], stage.words["writes"], mail)
    _send(stage, mail)


def _mail(stage: Stage, step: dict[str, str]) -> EmailMessage:
    """A mail as a mail program makes it: new, or on top of the quoted letter it answers."""
    person, text = stage.words[step["who"]], step["text"].strip() + "\n"
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = formataddr((person["name"], person["address"]))
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=person["address"].partition("@")[2])
    if step["does"] == "write":
        mail["To"], mail["Subject"] = stage.words["desk"]["address"], step["subject"]
    else:
        answered = stage.last[step["who"]]
        mail["To"] = parseaddr(str(answered["Reply-To"] or answered["From"]))[1]
        subject = str(answered["Subject"])
        mail["Subject"] = subject if subject.startswith("Re:") else f"Re: {subject}"
        mail["In-Reply-To"] = mail["References"] = str(answered["Message-ID"])
        text += "\n" + "\n".join(f"> {line}" for line in _words_of(answered).splitlines()) + "\n"
    mail.set_content(text)
    if "file" in step:
        mail.add_attachment(step["content"], filename=step["file"])
    return mail


def _send(stage: Stage, mail: EmailMessage) -> None:
    with smtplib.SMTP(HOST, stage.service.smtp_port or 0, timeout=PATIENCE) as session:
        session.send_message(mail, from_addr=parseaddr(str(mail["From"]))[1], to_addrs=[str(mail["To"])])


def _next_letter(stage: Stage, who: str) -> EmailMessage:
    """The next letter about the case; an agent's digest of the morning comes when the clock wants it, and can wait."""
    address = stage.words[who]["address"]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for letter in _unread(stage):
            if parseaddr(str(letter["To"]))[1] == address and TAG in str(letter["Subject"]):
                stage.shown.add(str(letter["Message-ID"]))
                _show(stage, who, stage.words["receives"], letter)
                return letter
        time.sleep(0.05)
    raise MailgateError(stage.words["nothing"].format(who=address))


def _unread(stage: Stage) -> list[EmailMessage]:
    """Letters not shown yet, oldest first."""
    new = stage.letters / "new"
    paths = sorted(new.iterdir(), key=lambda path: path.stat().st_mtime_ns) if new.is_dir() else []
    mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]
    return [mail for mail in mails if isinstance(mail, EmailMessage) and str(mail["Message-ID"]) not in stage.shown]


def _show(stage: Stage, who: str, verb: str, mail: EmailMessage) -> None:
    words, body = stage.words, Text()
    body.append(f"{words['to']}: {sanitize_line(str(mail['To']))}\n", style="dim")
    body.append(f"{words['subject']}: {sanitize_line(str(mail['Subject']))}\n\n", style="bold")
    lines = [sanitize_line(line, 400) for line in _words_of(mail).strip().splitlines()]
    own = [line for line in lines if not line.startswith(">")]
    body.append("\n".join(own).rstrip())
    if len(own) < len(lines):  # the letter it answers was shown just above
        body.append(f"\n\n> {words['quoted']}", style="dim")
    for part in mail.iter_attachments():
        body.append(f"\n\n{words['attachment']}: {sanitize_line(str(part.get_filename()))}", style="dim")
    name = words[who]["name"] if who in words else who
    stage.console.print(Panel(body, title=Text(f"{name} {verb}"), border_style=COLORS.get(who, "yellow")))


def _words_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""


def _sum_up(stage: Stage) -> None:
    """The figures, once nothing is on its way any more."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with connection():
            outcomes, (opened, comments), letters = intake.outcomes(), tickets.count(), outbox.counts()
        if not (outcomes.get("pending") or letters["queued"]) or time.monotonic() > deadline:
            break
        time.sleep(0.05)
    seen = sum(outcomes.values())
    line = stage.words["summary"].format(
        tickets=opened,
        comments=comments,
        letters=sum(letters.values()),
        seen=seen,
        done=seen - outcomes.get("pending", 0),
    )
    stage.console.print(line, soft_wrap=True)


def _tell_arrivals(stage: Stage, *, quiet: bool = False) -> None:
    """A line for each mail that has come, and what became of it."""
    with connection():
        came = intake.judged_since(stage.seen)
    for mail in came:
        stage.seen = int(str(mail["id"]))
        became = (
            f"#{mail['ticket']}" if mail["ticket"] else stage.words["outcomes"].get(mail["outcome"], mail["outcome"])
        )
        line = f"{stage.words['arrived']} {mail['author']}: «{mail['subject']}» → {became}"
        if not quiet:
            stage.console.print(Text(sanitize_line(line, 400), style="bold"), soft_wrap=True)


def _tell_how_to_look(stage: Stage, letter: EmailMessage) -> None:
    """The command that writes this letter as a page."""
    with connection():
        row = outbox.find_by_message_id(str(letter["Message-ID"]))
    if row is not None:
        command = f"mailgate -c {stage.settings_file} outbox show {row.id} --html letter-{row.id}.html"
        stage.console.print(Text(command, style="dim"), soft_wrap=True)


def _stay(stage: Stage) -> None:
    """Show mails as they come and letters as they leave, until Ctrl-C, which is waited for: it interrupts nothing."""
    stopped = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    words, port = stage.words, stage.service.smtp_port
    swaks = (
        f"swaks --server {HOST}:{port} --from {words['client']['address']} --to {words['desk']['address']} "
        f"--header 'Subject: {words['swaks_subject']}' --body '{words['swaks_body']}'"
    )
    told = [words["yours"], f"\n    {swaks}\n"]
    told += [words["mail_program"].format(host=HOST, port=port, address=words["desk"]["address"])]
    told += [
        words["agent_hint"],
        words["look"],
        f"\n    mailgate -c {stage.settings_file} ticket list\n",
        words["live"],
    ]
    for line in told:
        stage.console.print(line, soft_wrap=True, markup=False)
    _tell_arrivals(stage, quiet=True)
    while not stopped.wait(0.2):
        _tell_arrivals(stage)
        for letter in _unread(stage):
            stage.shown.add(str(letter["Message-ID"]))
            _show(stage, parseaddr(str(letter["To"]))[1], words["receives"], letter)
            _tell_how_to_look(stage, letter)
        sys.stdout.flush()
    stage.console.print(words["bye"])
