"""``sheetfunnel undo``."""

from __future__ import annotations

from typing import Any

from sheetfunnel.cli.options import AsJson, DryRun, File
from sheetfunnel.cli.report import print_cells, print_remarks
from sheetfunnel.cli.screen import line, print_json, progress, safe
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import remarks_of
from sheetfunnel.typed import as_typed
from sheetfunnel.workbook.labels import Labels, labels
from sheetfunnel.workbook.layout import letters
from sheetfunnel.workbook.plan import changed_cells
from sheetfunnel.workbook.undo import UndoReport, undo_workbook


def undo(file: File, *, dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Go back to before the last sync: only the program's cells change, what you typed since stays.

    A second undo goes one sync further back. It does not ask: `sheetfunnel sync` brings the results back.

    Examples:
    [bold]sheetfunnel undo sales.xlsx --dry-run[/]
    [bold]sheetfunnel undo sales.xlsx[/]

    """
    with progress(file) as say:
        workbook = open_workbook(file, say=say)
        report = undo_workbook(workbook, dry_run=dry_run, say=say)
    words = labels(report.decoded.language)
    print_remarks(remarks_of(workbook), words)
    if as_json:
        print_json(_as_json(file, report))
    else:
        _print_undo(file, report, words)
    return 0


def _print_undo(file: str, report: UndoReport, words: Labels) -> None:
    if report.written:
        told = words.text("cli.undo.done", count=report.changed_rows)
        line(f"[bold]{safe(file)}[/]: {safe(told)}")
    else:
        line(f"[bold]{safe(file)}[/]:")
        count = print_cells(report.decoded, report.snapshot, report.plan)
        line(safe(words.text("cli.sync.dry_run", count=count)), indent=2)
    moment = report.generation.kept_at
    told = words.text("cli.undo.when", day=moment.date(), time=f"{moment:%H:%M}")
    line(safe(told), indent=2, hang=2)
    if report.typed:
        cells = tuple(_typed(report))
        line(safe(words.text("cli.undo.typed", count=len(cells), cells=cells)), indent=2, hang=2)
    if report.written:
        command = f"sheetfunnel sync {as_typed(file)}"
        line(safe(words.text("cli.undo.again", command=command)), indent=2, hang=2)


def _typed(report: UndoReport) -> list[str]:
    title = report.decoded.places["objectives"].grid.title
    return [f"{title}!{letters(column)}{row}" for row, column in report.typed]


def _as_json(file: str, report: UndoReport) -> dict[str, Any]:
    return {
        "file": file,
        "exit": 0,
        "written": report.written,
        "back_to": report.generation.kept_at.isoformat(timespec="seconds"),
        "changed_rows": report.changed_rows,
        "changed_cells": sum(1 for _ in changed_cells(report.snapshot, report.plan)),
        "left_typed": _typed(report),
    }
