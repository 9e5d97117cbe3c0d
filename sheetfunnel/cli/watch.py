"""``sheetfunnel watch``."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from sheetfunnel.cli.report import print_remarks, report_as_json
from sheetfunnel.cli.screen import complain, day, line, remark, safe
from sheetfunnel.cli.week import titled
from sheetfunnel.errors import Busy, ExitCode, SheetfunnelError, WrongUsage
from sheetfunnel.schedule.computer import this_computer
from sheetfunnel.schedule.journal import Ran, note
from sheetfunnel.schedule.run import counts_of, now
from sheetfunnel.schedule.watching import Watching
from sheetfunnel.stores import open_workbook, private_folder, settled
from sheetfunnel.sync import SyncReport, sync_workbook
from sheetfunnel.workbook.contract import SetCells
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, Labels, labels

#: How many changed rows are named.
_SHOWN = 5


def watch(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="The workbooks to look after.")],
    *,
    settle: Annotated[
        float,
        typer.Option("--after", min=0.5, max=600, metavar="SECONDS", help="How long after a save to sync."),
    ] = 10,
) -> int:
    """Sync workbooks a few seconds after each save, and say what changed, until Ctrl-C.

    Close a workbook in Excel for its turn to come: one that is open is left alone.

    Examples:
    [bold]sheetfunnel watch sales.xlsx[/]
    [bold]sheetfunnel watch sales.xlsx team.xlsx --after 10[/]

    """
    looked_after = {Path(settled(file)): file for file in map(_checked, files)}
    stop = Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    watching, words = Watching(list(looked_after), settle=settle), labels(DEFAULT_LANGUAGE)
    line(safe(words.text("cli.watch.begin", count=len(looked_after), files=tuple(looked_after.values()))))
    told = ""
    try:
        for path in watching.turns(stop):
            told = _turn(path, looked_after[path], watching, told=told)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, before)
        remark(words.text("cli.watch.end"))
    return ExitCode.DONE


def _checked(file: str) -> str:
    """Return the reference of a file that can be looked after.

    Raises:
        WrongUsage: it is none.

    """
    open_workbook(file)  # it refuses what is no workbook by its name
    if "://" in file or not Path(file).is_file():
        raise WrongUsage(
            f"There is no file “{file}”.",
            hint="Name a file on this machine; other workbooks are synced by `sheetfunnel schedule install`.",
        )
    return file


def _turn(path: Path, file: str, watching: Watching, *, told: str) -> str:
    """Sync a workbook; return the complaint that was made, so that it is not made twice in a row."""
    begun = time.monotonic()
    try:
        computer = this_computer(str(path), state=private_folder())
        report = sync_workbook(open_workbook(str(path)), today=day(None), computer=computer)
    except SheetfunnelError as error:
        if isinstance(error, Busy):
            watching.put_off(path)
        _note(path, error.exit_code, begun, None)
        if told != error.message:
            complain(f"{file}: {error.message}", error.hint)
        return error.message
    if watching.confirms(path) and not report.written:
        return ""
    _note(path, ExitCode.DONE, begun, report)
    words = labels(report.reading.decoded.language)
    print_remarks(report.remarks, words)
    _tell(file, report, words)
    del report
    gc.collect()  # else it is put off for ten million values, and this process goes on for weeks
    return ""


def _note(path: Path, code: ExitCode, begun: float, report: SyncReport | None) -> None:
    """Keep what happened for `sheetfunnel status`; a disk that is full stops nobody."""
    counts = counts_of(report_as_json(str(path), report)) if report else {}
    seconds = round(time.monotonic() - begun, 2)
    ran = Ran(reference=str(path), at=now(), exit_code=code, seconds=seconds, counts=counts)
    failed = note(ran, state=private_folder())
    if failed:
        remark(labels(DEFAULT_LANGUAGE).text("cli.watch.log", reason=failed))


def _tell(file: str, report: SyncReport, words: Labels) -> None:
    rows = list(_changed(report, words))
    what = words.text("cli.sync.written", count=len(rows)) if rows else words.text("cli.sync.written_tabs")
    if not report.written:
        what = words.text("cli.sync.unchanged")
    line(f"{datetime.now().astimezone():%H:%M:%S} [bold]{safe(file)}[/]: {safe(what)}", hang=2)
    for told in rows[:_SHOWN]:
        line(safe(told), indent=2, hang=2)
    if len(rows) > _SHOWN:
        line(safe(words.text("digest.more", count=len(rows) - _SHOWN)), indent=2)


def _changed(report: SyncReport, words: Labels) -> Iterator[str]:
    """Yield each objective that has a new result, and what it is."""
    numbers = {
        number for change in report.plan.changes if isinstance(change, SetCells) for number in change.rows
    }
    known = report.reading.decoded.known
    for row, verdict in zip(known, report.reading.assessment.verdicts, strict=True):
        if row.number in numbers:
            stage = words.name(verdict.stage or verdict.objective.outcome or verdict.evidence)
            step = f" → {words.say(verdict.do_next)}" if verdict.do_next else ""
            yield f"{titled(row.objective)}: {stage}{step}"
