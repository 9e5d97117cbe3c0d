"""``sheetfunnel schedule``."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.command import Command
from sheetfunnel.cli.options import AsJson
from sheetfunnel.cli.runs import next_run, print_schedule, ran_told, schedule_as_json, shown_moment
from sheetfunnel.cli.screen import complain, line, print_json, remark, safe
from sheetfunnel.errors import SheetfunnelError, WrongUsage
from sheetfunnel.schedule.cron import Cron, daemon_is_missing
from sheetfunnel.schedule.installed import Installed, installed
from sheetfunnel.schedule.job import Job, Scheduler
from sheetfunnel.schedule.journal import Ran
from sheetfunnel.schedule.run import LIMIT, QUIET, Terms, now, program, run_all
from sheetfunnel.schedule.timetable import every as step_of
from sheetfunnel.stores import private_folder, settled
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, labels

schedule = typer.Typer(no_args_is_help=True)

Files = Annotated[list[str], typer.Argument(metavar="FILE", help="The workbooks to sync.")]
State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FOLDER",
        help="The private folder; the schedule names it, as it may know no other.",
    ),
]


@schedule.callback()
def _group() -> None:
    """Hold the commands that begin with ``schedule``."""


@schedule.command(cls=Command)
def install(
    files: Files,
    *,
    every: Annotated[
        str, typer.Option("--every", metavar="STEP", help="How often: 5m, 15m, 1h, 12h, and the like.")
    ] = "15m",
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--with", metavar="NAME", help="systemd, launchd, windows or cron; by default the best here."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Print what would be installed; install nothing.")
    ] = False,
) -> None:
    """Sync these workbooks, and no others, by themselves from now on.

    Examples:
    [bold]sheetfunnel schedule install sales.xlsx[/]
    [bold]sheetfunnel schedule install sales.xlsx team.xlsx --every 1h[/]
    [bold]sheetfunnel schedule install sales.xlsx --dry-run[/]

    """
    from sheetfunnel.cli.schedulable import refuse_breaks, refuse_unfit
    from sheetfunnel.schedule.installed import install as put_in
    from sheetfunnel.schedule.schedulers import named, of_this_machine

    step, state = step_of(every), private_folder()
    chosen = named(scheduler) if scheduler else of_this_machine()
    job = Job(command=program("schedule", "run", "--state", str(state)), every=step, limit=LIMIT)
    refuse_breaks(job)
    if dry_run:
        for unit in chosen.units(job):
            line(f"[bold]{safe(unit.place)}[/]")
            typer.echo(unit.text)
        return
    if not chosen.is_here():
        raise SheetfunnelError(
            f"{chosen.name} is not at work on this machine for this user; nothing was installed.",
            hint="Leave out --with, and the best one that is here is taken.",
        )
    references = tuple(dict.fromkeys(map(settled, files)))
    for reference in references:
        refuse_unfit(reference)
    record = Installed(
        scheduler=chosen.name,
        references=references,
        every=step,
        interpreter=sys.executable,
        at=now(),
        by=_user(),
    )
    before = installed(state)
    put_in(chosen, job, record, state=state)
    _tell_installed(record, before, chosen)


def _user() -> str:
    with suppress(OSError, KeyError, ImportError):  # a container may have no name for its user
        return getpass.getuser()
    return str(getattr(os, "getuid", lambda: "?")())


def _tell_installed(record: Installed, before: Installed | None, chosen: Scheduler) -> None:
    words = labels(DEFAULT_LANGUAGE)
    count = len(record.references)
    line(safe(words.text("cli.schedule.installed", count=count, every=str(record.every), by=chosen.name)))
    for reference in record.references:
        line(safe(reference), indent=2, hang=2)
    gone = tuple(each for each in before.references if each not in record.references) if before else ()
    if gone:
        line(safe(words.text("cli.schedule.no_longer", files=gone)), hang=2)
    line(safe(words.text("cli.schedule.next", moment=shown_moment(next_run(record)))), hang=2)
    line(safe(words.text("cli.schedule.then")), hang=2)
    remark(words.text(f"cli.schedule.about.{chosen.name}"))
    if chosen.name == Cron.name and daemon_is_missing():
        remark(words.text("doctor.daemon.missing"))


@schedule.command(cls=Command)
def status(*, as_json: AsJson = False) -> None:
    """Print what is installed, by whom, and when the next run is.

    Examples:
    [bold]sheetfunnel schedule status[/]
    [bold]sheetfunnel schedule status --json[/]

    """
    from sheetfunnel.schedule.schedulers import named

    record, words = installed(private_folder()), labels(DEFAULT_LANGUAGE)
    at_work = record is not None and named(record.scheduler).is_installed()
    if as_json:
        print_json(schedule_as_json(record, at_work=at_work))
    elif record is None:
        line(safe(words.text("cli.schedule.none")), hang=2)
    else:
        print_schedule(record, words, at_work=at_work)


@schedule.command(cls=Command)
def remove() -> None:
    """Let workbooks be synced by hand only; nothing of the schedule is left on this machine.

    Examples:
    [bold]sheetfunnel schedule remove[/]

    """
    from sheetfunnel.schedule.removing import remove_all

    words, state = labels(DEFAULT_LANGUAGE), private_folder()
    record = installed(state)
    if names := tuple(remove_all(state)):
        text = words.text("cli.schedule.removed", names=names)
    elif record:
        text = words.text("cli.schedule.forgotten", scheduler=record.scheduler)
    else:
        text = words.text("cli.schedule.nothing")
    line(safe(text), hang=2)


@schedule.command(cls=Command)
def run(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="The workbooks to sync; by default those installed."),
    ] = None,
    *,
    quiet_period: Annotated[
        int,
        typer.Option(
            "--quiet-period",
            min=0,
            max=3600,
            metavar="SECONDS",
            help="Leave a workbook for later that changed in these.",
        ),
    ] = int(QUIET.total_seconds()),
    state: State = None,
) -> int:
    """Sync the workbooks once, as the scheduler does.

    The exit code is that of the worst of them; each has a line in the log.

    Examples:
    [bold]sheetfunnel schedule run[/]

    """
    folder = state.absolute() if state else private_folder()
    words = labels(DEFAULT_LANGUAGE)

    def say(ran: Ran) -> None:
        told = f"{ran.reference}: {ran_told(ran, words)}"
        line(safe(told), hang=2) if ran.done else remark(told)

    done = run_all(
        _wanted(files, folder),
        state=folder,
        terms=Terms(
            quiet=timedelta(seconds=quiet_period),
            environment={**os.environ, "SHEETFUNNEL_STATE": str(folder)},
        ),
        say=say,
    )
    if done.log_failed:
        complain(
            f"The log in “{folder}” could not be written ({done.log_failed}); that stopped no sync.",
            "Make room on that disk; `sheetfunnel doctor` says whether all is well again.",
        )
    return done.exit_code


def _wanted(files: list[str] | None, state: Path) -> tuple[str, ...]:
    """Return the references to sync.

    Raises:
        SheetfunnelError: none was given, and none is installed.
        WrongUsage: there is no such state folder.

    """
    if not state.is_dir():
        raise WrongUsage(f"There is no folder “{state}”.", hint="Install the schedule again.")
    if files:
        return tuple(dict.fromkeys(map(settled, files)))
    record = installed(state)
    if record is None:
        raise SheetfunnelError(
            "No schedule is installed, so there is nothing to run.",
            hint="Install one: sheetfunnel schedule install FILE",
        )
    return record.references
