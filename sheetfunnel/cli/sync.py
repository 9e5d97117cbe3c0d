"""``sheetfunnel sync``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sheetfunnel.cli.options import AsJson, DryRun, Today
from sheetfunnel.cli.report import print_remarks, print_sync, report_as_json
from sheetfunnel.cli.screen import complain, day, print_json, progress
from sheetfunnel.errors import ExitCode, SheetfunnelError
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.labels import labels


def sync(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="The workbooks to sync.")],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    today: Today = None,
    accept_missing: Annotated[
        bool,
        typer.Option(
            "--accept-missing", metavar="", help="Sync although a column, a tab or many objectives are gone."
        ),
    ] = False,
) -> int:
    """Read the workbook, decide, and write the results beside the rows.

    A second sync finds nothing to change and leaves the file as it is, byte for byte.

    One bad workbook stops none of the others; the exit code is that of the worst.

    Examples:
    [bold]sheetfunnel sync sales.xlsx[/]
    [bold]sheetfunnel sync sales.xlsx --dry-run[/]
    [bold]sheetfunnel sync *.xlsx --json[/]

    """
    as_of = day(today)
    worst = ExitCode.DONE
    results: list[dict[str, Any]] = []
    for file in files:
        try:
            with progress(file) as say:
                report = sync_workbook(
                    open_workbook(file), today=as_of, dry_run=dry_run, accept_missing=accept_missing, say=say
                )
        except SheetfunnelError as error:
            worst = max(worst, error.exit_code)
            results.append(_refused(file, error))
            complain(f"{file}: {error.message}" if len(files) > 1 else error.message, error.hint)
            continue
        results.append(report_as_json(file, report))
        print_remarks(report.remarks, labels(report.reading.decoded.language))
        if not as_json:
            print_sync(file, report, dry_run=dry_run)
    if as_json:
        print_json(results)
    return worst


def _refused(file: str, error: SheetfunnelError) -> dict[str, Any]:
    """Return what a script may want to know of a workbook that could not be synced."""
    return {"file": file, "error": error.message, "hint": error.hint, "exit": error.exit_code}
