"""Workbooks for tests: the declared layout as grids in memory, with rows put in as a person would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.sync import SyncReport, sync_workbook
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.contract import Cell, Grid, Place, Snapshot
from sheetfunnel.workbook.decode import Decoded, decode
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import Tab, layout

TODAY = date(2026, 3, 2)

Rows = Sequence[Mapping[str, Cell]]

#: One that stands Above the funnel.
ROSA: dict[str, Cell] = {
    "client": "Rosa Vidal",
    "objective": "Team coaching",
    "amount": 1200,
    "need": "Her team quarrels",
}


def blank_workbook(language: str = "en") -> MemoryWorkbook:
    """Return a workbook that holds headers, names and settings, and no rows yet."""
    words = labels(language)
    names: dict[str, Place] = {}
    tabs: dict[str, Grid] = {}
    for tab in layout().tabs:
        title = words.text(f"tab.{tab.key}")
        tabs[title] = Grid(title=title, rows=_headers(tab, title, names, language))
    return MemoryWorkbook(Snapshot(tabs=tabs, names=names, revision="0"))


def _headers(tab: Tab, title: str, names: dict[str, Place], language: str) -> list[list[Cell]]:
    words = labels(language)
    last = max(table.row for table in tab.tables)
    rows: list[list[Cell]] = [[None] * 60 for _ in range(last + 40)]
    for table in tab.tables:
        for at, column in enumerate(table.columns, start=table.column):
            rows[table.row - 1][at - 1] = words.text(f"column.{table.key}.{column.key}")
            names[column.name] = Place(tab=title, row=table.row, column=at)
        for at, column in enumerate(table.profile, start=table.column + len(table.columns)):
            rows[table.row - 1][at - 1] = words.text(f"column.profile.{column.key}")
        for down, (key, value) in enumerate(table.rows):
            rows[table.row + down][table.column - 1] = words.text(f"setting.{key}")
            rows[table.row + down][table.column] = (
                words.text(f"language.{language}") if key == "language" else value
            )
    return rows


def filled(objectives: Rows, *, language: str = "en", **tables: Rows) -> MemoryWorkbook:
    """Return a workbook with these rows in its tables, by the keys of their columns."""
    workbook = blank_workbook(language)
    snapshot = workbook.read()
    plan = additions_plan(decode(snapshot).places, {"objectives": objectives, **tables})
    workbook.write(plan, revision=snapshot.revision)
    return workbook


def synced(
    workbook: MemoryWorkbook, today: date = TODAY, *, dry_run: bool = False, accept_missing: bool = False
) -> SyncReport:
    """Sync a workbook as of a fixed day."""
    return sync_workbook(workbook, today=today, dry_run=dry_run, accept_missing=accept_missing)


def read(workbook: MemoryWorkbook) -> Decoded:
    """Return what a workbook says now."""
    return decode(workbook.read())


def results(workbook: MemoryWorkbook) -> dict[str, dict[str, Cell]]:
    """Return the result cells by client, as they stand in the sheet."""
    decoded = read(workbook)
    place = decoded.places["objectives"]
    keys = ("key", "stage", "rank", "do_next", "why", "fit")
    return {row.objective.client: {key: place.at(row.number, key) for key in keys} for row in decoded.rows}


def table_rows(workbook: MemoryWorkbook, key: str) -> list[dict[str, Cell]]:
    """Return the rows of one of the program's tables, as they stand in the sheet."""
    decoded = read(workbook)
    place = decoded.places[key]
    numbers = range(place.header + 1, place.header + 1 + decoded.own.lengths[key])
    return [{column: place.at(number, column) for column in place.columns} for number in numbers]


def edited(
    workbook: MemoryWorkbook,
    title: str,
    rows: Sequence[Sequence[Cell]],
    *,
    formulas: frozenset[tuple[int, int]] = frozenset(),
) -> MemoryWorkbook:
    """Return the workbook as it is after a person gave one tab other cells."""
    snapshot = workbook.read()
    grid = Grid(title=title, rows=rows, formulas=formulas)
    return MemoryWorkbook(
        Snapshot(tabs={**snapshot.tabs, title: grid}, names=snapshot.names, revision=snapshot.revision)
    )


def cells(workbook: MemoryWorkbook, title: str) -> list[list[Cell]]:
    """Return a copy of the cells of a tab, to be edited."""
    return [list(row) for row in workbook.read().tabs[title].rows]
