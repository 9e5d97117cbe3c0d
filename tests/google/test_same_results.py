"""The same rows give the same results in an Excel workbook and in a Google Sheet, cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pytest

from sheetfunnel.demo_data import demo_tables
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.contract import Cell, Grid, Snapshot
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.labels import labels
from tests.campaign import FULL
from tests.cli.runner import TODAY, Run
from tests.google_service.service import Service
from tests.shared import DATA, needs_shared

pytestmark = pytest.mark.unmeasured

MAVEN = DATA / "adopt" / "maven_crm_iso" / "sales_pipeline.csv"
LAST_DAY = "2017-12-31"
#: The whole pipeline in the long form.
ROWS = None if FULL else 500


def _cells(grid: Grid) -> dict[tuple[int, int], Cell]:
    return {
        (row, column): cell
        for row, cells in enumerate(grid.rows, start=1)
        for column, cell in enumerate(cells, start=1)
        if cell is not None and cell != ""
    }


def _differences(excel: Snapshot, google: Snapshot) -> Iterator[tuple[str, int, int, Cell, Cell]]:
    """Yield the cells that differ, but those by which a sheet alone knows a renamed row again."""
    place = decode(google).places["results"]
    of_sheets = {place.columns["begun"], place.columns["service"]}
    for title in excel.tabs:
        here, there = _cells(excel.tabs[title]), _cells(google.tabs[title])
        for row, column in sorted(here.keys() | there.keys()):
            if title == place.grid.title and column in of_sheets:
                continue
            if here.get((row, column)) != there.get((row, column)):
                yield title, row, column, here.get((row, column)), there.get((row, column))


def _results(snapshot: Snapshot) -> int:
    """Return how many result cells stand beside the rows: there must be some to compare."""
    shown = decode(snapshot).own.results.shown.values()
    return sum(1 for row in shown for cell in row if cell is not None)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_demo_gives_the_same_cells_on_excel_and_on_google(run: Run, sheet: str, language: str) -> None:
    assert run("new", "sales.xlsx", "--language", language).code == 0
    assert run("new", "--google", sheet, "--language", language).code == 0
    snapshots: list[Snapshot] = []
    for reference in ("sales.xlsx", sheet):
        workbook = open_workbook(reference)
        blank = workbook.read()
        rows = demo_tables(language, date.fromisoformat(TODAY))
        workbook.write(additions_plan(decode(blank).places, rows), revision=blank.revision)
        assert sync_workbook(workbook, today=date.fromisoformat(TODAY)).written
        snapshots.append(workbook.read())
    excel, google = snapshots
    assert list(excel.tabs) == list(google.tabs)
    start = labels(language).text("tab.start")  # it says how to sync, for the place where the workbook is
    told = list(_differences(excel, google))
    assert [(tab, row, column) for tab, row, column, _, _ in told] == [(start, 7, 3), (start, 12, 3)]
    assert all(isinstance(cell, str) for _, _, _, *both in told for cell in both)
    assert _results(google) > 200


@needs_shared
def test_a_real_pipeline_gives_the_same_cells_on_excel_and_on_google(
    run: Run, google: Service, sheet: str, tmp_path: Path
) -> None:
    """All 8,800 rows in the long form, else the first 500."""
    source = tmp_path / "pipeline.csv"
    with (
        MAVEN.open(encoding="utf-8", newline="") as file,
        source.open("w", encoding="utf-8", newline="") as part,
    ):
        csv.writer(part).writerows(list(csv.reader(file))[: None if ROWS is None else ROWS + 1])
    assert run("new", "sales.xlsx").code == 0
    assert run("new", "--google", sheet).code == 0
    told = []
    for reference in ("sales.xlsx", sheet):
        assert run("adopt", source, "--into", reference, "--yes").code == 0
        google.log.clear()
        told.append(run("sync", reference, "--today", LAST_DAY))
    calls = [call.method for call in google.log if call.method != "token"]
    assert calls == ["spreadsheets.get", "spreadsheets.batchUpdate"]
    both = zip_longest(*(ran.out.split("read:", 1)[1].splitlines() for ran in told))
    assert all(one == other for one, other in both)
    excel, there = (open_workbook(reference).read() for reference in ("sales.xlsx", sheet))
    apart = [place for place in _differences(excel, there) if place[0] != "Start"]
    assert apart == []
    assert _results(there) > (ROWS or 8_800)
    again = run("sync", sheet, "--today", LAST_DAY)
    assert "Nothing changed" in again.out
