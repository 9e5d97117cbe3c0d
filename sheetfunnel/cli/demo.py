"""``sheetfunnel demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.new import Language, make_workbook
from sheetfunnel.cli.options import Today
from sheetfunnel.cli.report import print_sync
from sheetfunnel.cli.screen import day, out, safe
from sheetfunnel.cli.week import print_week
from sheetfunnel.demo_data import demo_tables
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE


def demo(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook to make.")] = Path(
        "practice.xlsx"
    ),
    *,
    language: Language = DEFAULT_LANGUAGE,
    today: Today = None,
) -> None:
    """Make a workbook of an invented coaching practice, sync it, and show the week.

    Example: [bold]sheetfunnel demo practice.xlsx[/]
    """
    as_of = day(today)
    make_workbook(file, language)
    workbook = open_workbook(str(file))
    snapshot = workbook.read()
    plan = additions_plan(decode(snapshot).places, demo_tables(language, as_of))
    workbook.write(plan, revision=snapshot.revision)
    report = sync_workbook(workbook, today=as_of)
    print_sync(str(file), report, dry_run=False)
    print_week(report.reading, owner=None, top=3)
    out.print(f"\nOpen {safe(file)} and change something; then: sheetfunnel sync {safe(file)}")
