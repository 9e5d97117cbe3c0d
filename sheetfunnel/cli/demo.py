"""``sheetfunnel demo``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.new import Language, make_workbook
from sheetfunnel.cli.options import Today
from sheetfunnel.cli.report import print_sync
from sheetfunnel.cli.screen import day, line, progress, safe
from sheetfunnel.cli.week import print_week
from sheetfunnel.demo_data import demo_tables
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.typed import as_typed
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, labels


def demo(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook to make.")] = Path(
        "practice.xlsx"
    ),
    *,
    language: Language = DEFAULT_LANGUAGE,
    today: Today = None,
) -> None:
    """Make a workbook of an invented coaching practice, sync it, and show the week.

    Examples:
    [bold]sheetfunnel demo[/]
    [bold]sheetfunnel demo practica.xlsx --language es[/]

    """
    as_of = day(today) or date.today()  # noqa: DTZ011 - the file's today is the machine's
    no_folder = not file.parent.exists()
    make_workbook(file, language, with_folder=True)
    if no_folder:
        line(safe(labels(language).text("cli.made_folder", folder=str(file.parent))))
    with progress(str(file)) as say:
        workbook = open_workbook(str(file))
        snapshot = workbook.read()
        plan = additions_plan(decode(snapshot).places, demo_tables(language, as_of))
        workbook.write(plan, revision=snapshot.revision)
        report = sync_workbook(workbook, today=as_of, say=say)
    print_sync(str(file), report, dry_run=False)
    print_week(report.reading, owner=None, top=3)
    command = f"sheetfunnel sync {as_typed(file)}"
    line("")
    line(safe(labels(language).text("cli.demo_next", file=str(file), command=command)), hang=2)
