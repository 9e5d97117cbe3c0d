"""The command line: one module for each command; the only place where an error becomes words."""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from sheetfunnel import __version__
from sheetfunnel.cli.adopt import adopt
from sheetfunnel.cli.backups import backups
from sheetfunnel.cli.check import check
from sheetfunnel.cli.demo import demo
from sheetfunnel.cli.explain import explain
from sheetfunnel.cli.new import new
from sheetfunnel.cli.purge import purge
from sheetfunnel.cli.screen import complain
from sheetfunnel.cli.sync import sync
from sheetfunnel.cli.template import template_app
from sheetfunnel.cli.undo import undo
from sheetfunnel.cli.week import week
from sheetfunnel.errors import ExitCode, SheetfunnelError

#: A run makes values by the million and hardly a cycle among them: to look for some seldom saves a sixth.
_SELDOM = (200_000, 20, 100)

app = typer.Typer(
    help="Run Miller and Heiman's sales funnel from the spreadsheet you already have.",
    epilog="Begin with: sheetfunnel demo   or: sheetfunnel new sales.xlsx",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
)
for command in (demo, new, adopt, sync, check, explain, week, undo, backups, purge):
    app.command()(command)
app.add_typer(template_app)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    if wanted:
        typer.echo(f"sheetfunnel {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar="", callback=_show_version, is_eager=True, help="Say the version and end."
        ),
    ] = False,
) -> None:
    del version  # its callback has the word


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; every error ends here, in words."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        returned = app(arguments, prog_name="sheetfunnel", standalone_mode=False)
    except SheetfunnelError as error:
        complain(error.message, error.hint)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        complain("Interrupted. Nothing that was begun was left half done.", "")
        return ExitCode.INTERRUPTED
    except typer.Exit as ending:
        return int(ending.exit_code)
    except typer.TyperException as error:
        _tell_usage(error, arguments)
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001 - the last handler: a person gets words, not a traceback
        _tell_fault(error)
        return ExitCode.FAULT
    return int(returned or ExitCode.DONE)


#: How the libraries below speak of a wrong option, and how a person would.
_IN_WORDS = (
    ("Input should be a valid integer, unable to parse string as an integer", "it must be a whole number"),
    ("Input should be", "it must be"),
    ("Value error, ", ""),
    ("?.", "?"),
)


def _tell_usage(error: typer.TyperException, arguments: Sequence[str]) -> None:
    """Say what was wrong with a command line; where no command was given, its help is out already."""
    message = error.format_message()
    if not message:
        return
    names = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    named = next((word for word in arguments if word in names), "")
    helped = f"sheetfunnel {named} --help" if named else "sheetfunnel --help"
    message = message if message.endswith((".", "?")) else f"{message}."
    for theirs, ours in _IN_WORDS:
        message = message.replace(theirs, ours)
    complain(message, f"`{helped}` tells how it is used.")


def _tell_fault(error: Exception) -> None:
    """Say that the program itself failed, and where; never its own words, which may be those of a cell."""
    if os.environ.get("SHEETFUNNEL_DEBUG"):
        traceback.print_exception(error)
    places = [
        f"{module}:{number}"
        for frame, number in traceback.walk_tb(error.__traceback__)
        if (module := str(frame.f_globals.get("__name__"))).partition(".")[0] == __package__.partition(".")[0]
    ]
    complain(
        f"sheetfunnel itself failed ({type(error).__name__} at {places[-1]}). No workbook was left half "
        "written: it is as it was, or wholly synced.",
        "Please report these two lines; nothing of your cells stands in them. With SHEETFUNNEL_DEBUG=1 the "
        "whole path of the error is printed.",
    )


def run() -> None:
    """Run a command as a process does."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a mark that the terminal cannot show stops nothing
            stream.reconfigure(errors="replace")
    raise SystemExit(main())
