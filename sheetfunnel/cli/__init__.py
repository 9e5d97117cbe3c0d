"""The command line: one module for each command; the only place where an error becomes words."""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Annotated

import typer

from sheetfunnel import __version__
from sheetfunnel.cli.command import Command, Group
from sheetfunnel.cli.fault import fault, package
from sheetfunnel.cli.screen import complain, out
from sheetfunnel.errors import ExitCode, SheetfunnelError

#: A run makes values by the million and some hundred in cycles: to look for those takes a twentieth of it.
_SELDOM = (10_000_000, 20, 100)

#: The commands in the order of the help, each with the first line of its own.
COMMANDS: Mapping[str, str] = {
    "demo": "Make a workbook of an invented coaching practice, sync it, and show the week.",
    "new": "Make a new, empty workbook, or set up a Google Sheet that you share with the program.",
    "adopt": "Take the rows of another table into a workbook, after showing how each column is read.",
    "sync": "Read the workbook, decide, and write the results beside the rows.",
    "check": "Print every cell of the workbook that cannot be read, and what to do; write nothing.",
    "explain": "Print why the objectives of a client stand where they stand, condition by condition.",
    "week": "Print what to do this week, in the order of work, and the hours for each kind of work.",
    "what-if": "Print the income ahead as it stands, and if some objectives were won or lost.",
    "digest": "Tell the week in a letter: what to do first and why, what moved, what went quiet.",
    "calendar": "Put the week's hours into your calendar: blocks in your working times, as an .ics file.",
    "schedule": "Let this machine sync workbooks by itself, every so many minutes.",
    "watch": "Sync workbooks a few seconds after each save, and say what changed, until Ctrl-C.",
    "status": "Print how each workbook is doing that is synced by itself, and when the next run is.",
    "doctor": "Look whether machine, schedule and workbooks are well, and say what to do where they are not.",
    "undo": "Go back to before the last sync: only the program's cells change, what you typed since stays.",
    "backups": "List the earlier generations that are kept of a workbook, and where they are.",
    "purge": "Remove a client from a workbook and its backups, or all backups, for good.",
    "login": "Let the program work in your Google Sheets as you, instead of as a service account.",
    "share": "Let somebody into a Google Sheet, as editor, commenter or viewer.",
    "simulate": "Live an invented practice in two ways of spending the week, and compare the income.",
    "template": "Build the workbooks that `new` copies.",
}


def command_line(wanted: str) -> typer.Typer:
    """Return the command line with one command ready to run.

    Of the others only the names and first lines are there: to load them all takes longer than most
    commands do.
    """
    app = typer.Typer(
        cls=Group,
        help="Run Miller and Heiman's sales funnel from the spreadsheet you already have.",
        epilog="Begin with: sheetfunnel demo   or: sheetfunnel new sales.xlsx",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_show_locals=False,
        rich_markup_mode="rich",
    )
    app.callback()(_options)
    for name, first_line in COMMANDS.items():
        if name != wanted:
            app.command(name, help=first_line)(_not_loaded)
            continue
        python_name = name.replace("-", "_")
        loaded = getattr(import_module(f"{__name__}.{python_name}"), python_name)
        if isinstance(loaded, typer.Typer):
            app.add_typer(loaded, cls=Group, name=name, help=first_line)
        else:
            app.command(name, cls=Command)(loaded)
    return app


def _not_loaded() -> None:
    """Stand in the list of commands for one that is not asked for."""


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    if wanted:
        typer.echo(f"sheetfunnel {__version__}")
        raise typer.Exit


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
    out.failed = None
    code = _ended(arguments)
    if out.failed:
        complain(
            f"Not everything could be printed ({out.failed.strerror}); what was to be done is done.",
            "Make room on the disk that takes the output, or send it elsewhere; then run this again.",
        )
    return max(code, ExitCode.CONFIGURATION) if out.failed else code


def _ended(arguments: list[str]) -> int:
    try:
        wanted = next((word for word in arguments if not word.startswith("-")), "")
        returned = command_line(wanted)(arguments, prog_name="sheetfunnel", standalone_mode=False)
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
        return _let_through(error)
    return int(returned or ExitCode.DONE)


#: They print help and version by themselves; no OSError of theirs is about a workbook.
_PRINTING = frozenset({"click", "rich", "typer"})


def _let_through(error: Exception) -> ExitCode:
    """Tell what no command should have let through, and return its exit code."""
    *_, (raised_in, _) = traceback.walk_tb(error.__traceback__)
    if isinstance(error, OSError) and package(raised_in.f_globals) in _PRINTING:
        out.failed = error
        out.on_broken_pipe()
        return ExitCode.CONFIGURATION
    told = fault(error)
    complain(told.message, told.hint)
    return told.exit_code


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
    named = next((word for word in arguments if word in COMMANDS), "")
    helped = f"sheetfunnel {named} --help" if named else "sheetfunnel --help"
    context = getattr(error, "ctx", None)
    if context is not None and context.parent is not None:  # it knows the command of a command, too
        helped = f"{context.command_path} --help"
    message = message if message.endswith((".", "?")) else f"{message}."
    for theirs, ours in _IN_WORDS:
        message = message.replace(theirs, ours)
    complain(message, f"`{helped}` tells how it is used.")


def run() -> None:
    """Run a command as a process does."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    # Our matrices are small: threads would wait for one another longer than they work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a mark that the terminal cannot show stops nothing
            stream.reconfigure(errors="replace")
    raise SystemExit(main())
