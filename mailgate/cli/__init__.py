"""The ``mailgate`` command: one file a noun, wired here. Everything heavy is imported inside the commands.

A mistake that a person can mend is one line on stderr and the status of sysexits.h; a bug of ours is one line too, with
status 70, and its traceback with ``--debug``. Ctrl-C ends with 130, a reader who left (``| head``) with 141, silently.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from mailgate import __version__
from mailgate.cli import (
    agents,
    backup,
    clients,
    doctor,
    explain,
    guide,
    held,
    ingest,
    init,
    library,
    mails,
    migrate,
    outbox,
    person,
    pqrs,
    purge,
    quarantine,
    serve,
    settings,
    stats,
    templates,
    tickets,
)
from mailgate.cli.opening import Choices
from mailgate.cli.show import clean
from mailgate.cli.words import examples, say
from mailgate.errors import MailgateError, UsageError

INTERRUPTED = 128 + signal.SIGINT
READER_LEFT = 128 + signal.SIGPIPE

app = typer.Typer(
    name="mailgate",
    help=say("help"),
    epilog=examples(
        "mailgate demo", "mailgate init", "mailgate serve", "mailgate explain FILE.eml", "mailgate ticket list"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,  # a subject like [#1042] is no markup, and help is there in a tenth of a second
    pretty_exceptions_enable=False,
)
app.command("serve", help=say("help.serve"), epilog=serve.EXAMPLES)(serve.serve)
app.command("demo", help=say("help.demo"), epilog=serve.DEMO_EXAMPLES)(serve.demo)
app.command("init", help=say("help.init"), epilog=init.EXAMPLES)(init.init)
app.command("ingest", help=say("help.ingest"), epilog=ingest.EXAMPLES)(ingest.ingest)
app.command("explain", help=say("help.explain"), epilog=explain.EXAMPLES)(explain.explain)
app.add_typer(tickets.app, name="ticket")
app.add_typer(mails.app, name="mail")
app.add_typer(clients.app, name="client")
app.add_typer(agents.app, name="agent")
app.add_typer(outbox.app, name="outbox")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(held.app, name="held")
app.add_typer(pqrs.app, name="pqrs")
app.add_typer(person.app, name="person")
app.add_typer(templates.app, name="templates")
app.add_typer(library.make_app("solution"), name="solution")
app.add_typer(library.make_app("news"), name="news")
app.command("guide", help=say("help.guide"), epilog=guide.EXAMPLES)(guide.guide)
app.command("settings", help=say("help.settings"), epilog=settings.EXAMPLES)(settings.settings)
app.command("stats", help=say("help.stats"), epilog=stats.EXAMPLES)(stats.stats)
app.command("doctor", help=say("help.doctor"), epilog=doctor.EXAMPLES)(doctor.doctor)
app.command("backup", help=say("help.backup"), epilog=backup.EXAMPLES)(backup.backup)
app.command("restore", help=say("help.restore"), epilog=backup.RESTORE_EXAMPLES)(backup.restore)
app.command("purge", help=say("help.purge"), epilog=purge.EXAMPLES)(purge.purge)
app.command("migrate", help=say("help.migrate"), epilog=migrate.EXAMPLES)(migrate.migrate)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mailgate {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", "-c", metavar="FILE", help=say("help.config"))] = None,
    debug: Annotated[bool, typer.Option("--debug", help=say("help.debug"))] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help=say("help.version"))
    ] = False,
) -> None:
    context.obj = Choices(config, debug)


def main() -> None:
    """The console script."""
    status = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = READER_LEFT
    except OSError as error:  # a full disk behind it; told once
        told = error.strerror or str(error)
        status = status if status == os.EX_IOERR else _complain(told, os.EX_IOERR, error, sys.argv[1:])
    if status in (READER_LEFT, os.EX_IOERR):
        # Python flushes stdout once more at exit, would complain there, and end with a status of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; gives its exit status. Never raises but SystemExit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 shows \xf3, not a traceback
    try:
        status = typer.main.get_command(app)(args=list(arguments), prog_name="mailgate", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except MailgateError as error:
        return _complain(str(error), error.exit_status, error, arguments)
    except TyperException as error:
        return _explain_usage(error)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return READER_LEFT
    except SystemExit as ended:
        # typer takes a broken pipe for a failure of ours and ends with 1; nothing else here exits by itself.
        return READER_LEFT if ended.code == 1 else int(ended.code or 0)
    except OSError as error:
        told = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        return _complain(told, os.EX_IOERR, error, arguments)
    except Exception as error:
        if isinstance(error, OverflowError) or (type(error).__name__ == "DataError" and "out of range" in str(error)):
            return _complain(say("too-large"), UsageError.exit_status, error, arguments)
        told = say("bug", error=f"{type(error).__name__}: {error}")
        return _complain(told, os.EX_SOFTWARE, error, arguments)


def _explain_usage(error: TyperException) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message())
        return UsageError.exit_status
    path = context.command_path if context else "mailgate"
    told = error.format_message().rstrip(".")
    sys.stderr.write(f"mailgate: {clean(told)}; {say('usage.help', command=f'{path} --help')}\n")
    return UsageError.exit_status


def _complain(told: str, status: int, error: BaseException, arguments: Sequence[str]) -> int:
    if "--debug" in arguments:
        import traceback

        traceback.print_exception(error)
    sys.stderr.write(f"mailgate: {clean(' '.join(told.split()))}\n")
    return status
