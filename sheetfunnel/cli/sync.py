"""``sheetfunnel sync``."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from sheetfunnel.cli.fault import fault
from sheetfunnel.cli.options import AsJson, DryRun, Today
from sheetfunnel.cli.report import print_remarks, print_sync, report_as_json
from sheetfunnel.cli.screen import complain, day, print_json, progress
from sheetfunnel.errors import SheetfunnelError, WrongUsage, worst
from sheetfunnel.schedule.computer import this_computer
from sheetfunnel.stores import open_workbook, private_folder, settled
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.labels import labels

#: Whoever works in a workbook saves it more often than this.
_LONGEST_QUIET = 3600


def sync(  # noqa: PLR0913 - each is an option that people type
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
    quiet_period: Annotated[
        int,
        typer.Option(
            "--quiet-period",
            metavar="SECONDS",
            show_default=False,
            help="Leave a workbook for later that changed less than this ago; for scheduled runs.",
        ),
    ] = 0,
) -> int:
    """Read the workbook, decide, and write the results beside the rows.

    A second sync finds nothing to change and leaves the file as it is, byte for byte.

    One bad workbook stops none of the others; the exit code is that of the worst.

    Examples:
    [bold]sheetfunnel sync sales.xlsx[/]
    [bold]sheetfunnel sync sales.xlsx --dry-run[/]
    [bold]sheetfunnel sync *.xlsx --json --quiet-period 10[/]

    """
    as_of, quiet = day(today), _quiet(quiet_period)
    codes: list[int] = []
    results: list[dict[str, Any]] = []
    for file in files:
        try:
            with progress(file) as say:
                workbook = open_workbook(file, quiet=quiet, say=say)
                report = sync_workbook(
                    workbook,
                    today=as_of,
                    dry_run=dry_run,
                    accept_missing=accept_missing,
                    computer=this_computer(settled(file), state=private_folder()),
                    say=say,
                )
        except Exception as error:  # noqa: BLE001 - not even a fault of our own stops the others
            told = error if isinstance(error, SheetfunnelError) else fault(error)
            codes.append(told.exit_code)
            results.append(_refused(file, told))
            complain(f"{file}: {told.message}" if len(files) > 1 else told.message, told.hint)
            continue
        results += [report_as_json(file, report)] if as_json else []
        print_remarks(report.remarks, labels(report.reading.decoded.language))
        if not as_json:
            print_sync(file, report, dry_run=dry_run)
    if as_json:
        print_json(results)
    return worst(codes)


def _quiet(seconds: int) -> timedelta:
    if 0 <= seconds <= _LONGEST_QUIET:
        return timedelta(seconds=seconds)
    raise WrongUsage(
        f"A quiet period of {seconds} seconds makes no sense.",
        hint="Give a number from 0 to 3600, such as --quiet-period 10.",
    )


def _refused(file: str, error: SheetfunnelError) -> dict[str, Any]:
    """Return what a script may want to know of a workbook that could not be synced."""
    return {"file": file, "error": error.message, "hint": error.hint, "exit": error.exit_code}
