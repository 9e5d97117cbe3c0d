"""How a Google Sheet looks to a person, judged without the product's store: rows, results, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from sheetfunnel.sync import assessed
from sheetfunnel.workbook.contract import Cell as Held
from sheetfunnel.workbook.contract import Grid, Place, Snapshot
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.tabs.objectives import result_rows
from tests.faults.oracle import PROGRAM
from tests.google.sheets import TODAY
from tests.google_service.ranges import Box
from tests.google_service.shapes import Cell
from tests.google_service.state import Sheet, Spreadsheet
from tests.google_service.typing_in import EPOCH
from tests.google_service.values import Rendering, values_of

#: The hidden tabs, which only the program uses.
OWN_TABS: Final = frozenset({"_results", "_sheetfunnel"})
RESULTS: Final = ("Stage", "Rank", "Do next", "Why", "Fit")
_NAMING: Final = ("Client", "Objective", "ID")
#: The header's text in its formula; the second way to begin one is that of a mutant.
_LOOK_UP: Final = re.compile(r'=(?:ARRAYFORMULA\(IF\(ROW\([^;]*;|\{)"((?:[^"]|"")*)"')
_NAME: Final = re.compile(r"sf_([a-z]+)_(\w+)")

#: What stands in the result columns of one row, in the order of RESULTS.
Result: TypeAlias = tuple[str, ...]
Results: TypeAlias = Mapping[str, frozenset[Result]]


def look_ups(sheet: Sheet) -> dict[str, int]:
    """Return the columns of the look-ups by the header that each shows."""
    found = (
        (column, _LOOK_UP.match(cell.formula or ""))
        for _, column, cell in sheet.typed_cells()
        if cell.formula
    )
    return {match[1]: column for column, match in found if match}


def header_row(sheet: Sheet) -> int:
    """Return the row of the headers, from 0."""
    return next(row for row, _, cell in sheet.typed_cells() if _LOOK_UP.match(cell.formula or ""))


def headers(sheet: Sheet) -> dict[str, int]:
    """Return the columns of the tab by their headers, the look-ups' among them."""
    line = sheet.rows[header_row(sheet)]
    typed = {str(cell.value): column for column, cell in line.items() if cell.value is not None}
    return {**typed, **look_ups(sheet)}


def data_rows(sheet: Sheet) -> list[int]:
    """Return the rows (from 0) in which a client, an objective or an ID is typed."""
    at = headers(sheet)
    naming = [at[name] for name in _NAMING]
    rows = range(header_row(sheet) + 1, len(sheet.rows))
    return [row for row in rows if any(_text(sheet.cell(row, column)) for column in naming)]


def key_of(sheet: Sheet, row: int) -> str:
    """Return what a row is told apart by: its ID, or client and objective, with the day on which it ended."""
    at = headers(sheet)
    typed = {name: _text(sheet.cell(row, column)) for name, column in at.items()}
    if typed["ID"]:
        return typed["ID"].casefold()
    ended = [typed["Closed on"]] if typed["Outcome"] and typed["Closed on"] else []
    return " · ".join([typed["Client"], typed["Objective"] or typed["Service"], *ended]).casefold()


def _text(cell: Cell) -> str:
    if isinstance(cell.value, bool) or cell.value is None:
        return "" if cell.value is None else str(cell.value).upper()
    if isinstance(cell.value, int | float):
        day = _day(cell)
        return f"{cell.value:.15g}" if day is None else day.isoformat()
    return str(cell.value)


def _day(cell: Cell) -> date | None:
    kind = ((cell.format or {}).get("numberFormat") or {}).get("type")
    is_day = isinstance(cell.value, int | float) and kind == "DATE" and cell.value >= 1
    return date.fromordinal(EPOCH + int(cell.value)) if is_day else None  # type: ignore[arg-type]


def expected(spreadsheet: Spreadsheet) -> tuple[dict[int, Result], Results]:
    """Return what an undisturbed assessment of the typed cells gives: by row (from 0), and by key.

    No look-up, nothing that was written before and none of the product's reading of Google takes part.
    """
    reading = assessed(_snapshot(spreadsheet), today=TODAY)
    given = result_rows(reading.decoded, reading.assessment, labels(reading.decoded.language))
    by_row = {number - 1: tuple(map(_as_text, cells[1:])) for number, cells in given.items()}
    sheet = next(each for each in spreadsheet.sheets if look_ups(each))
    by_key: dict[str, frozenset[Result]] = {}
    for row, cells in by_row.items():
        key = key_of(sheet, row)
        by_key[key] = by_key.get(key, frozenset()) | {cells}
    return by_row, by_key


def results_written(spreadsheet: Spreadsheet) -> dict[str, Result]:
    """Return what stands on the hidden tab of results, by key."""
    sheet = spreadsheet.titled("_results")
    lines = sheet.rows[1:] if sheet is not None else ()
    values = [[_as_text(line[at].value) if at in line else "" for at in range(6)] for line in lines]
    return {key.casefold(): tuple(cells) for key, *cells in values if key}


def _as_text(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.15g}"
    return "" if value is None else str(value)


def _snapshot(spreadsheet: Spreadsheet) -> Snapshot:
    titles = {sheet.sheet_id: sheet.title for sheet in spreadsheet.sheets}
    return Snapshot(
        tabs={sheet.title: Grid(title=sheet.title, rows=_rows(sheet)) for sheet in spreadsheet.sheets},
        names={
            entry["name"]: Place(
                tab=titles[entry["range"].get("sheetId", 0)],
                row=entry["range"].get("startRowIndex", 0) + 1,
                column=entry["range"].get("startColumnIndex", 0) + 1,
            )
            for entry in spreadsheet.named_ranges
            if entry["name"].startswith("sf_")
        },
        revision="",
    )


def _rows(sheet: Sheet) -> list[list[Held]]:
    results = set(look_ups(sheet).values())
    lines = [
        {
            c: v
            for c, cell in line.items()
            if (v := _held(cell)) is not None and (c not in results or cell.formula)
        }
        for line in sheet.rows
    ]
    while lines and not lines[-1]:
        lines.pop()
    return [[line.get(column) for column in range(max(line, default=-1) + 1)] for line in lines]


def _held(cell: Cell) -> Held:
    found = _LOOK_UP.match(cell.formula or "")
    if found:
        return found[1]
    return _day(cell) or cell.value  # type: ignore[return-value]


def shown(spreadsheet: Spreadsheet) -> dict[int, Result]:
    """Return what the result columns show beside each row (from 0) in which something is typed.

    A column that a typed cell keeps from spilling shows nothing; the typed cell itself is a person's.
    """
    sheet = next(each for each in spreadsheet.sheets if look_ups(each))
    rendering = Rendering(values="UNFORMATTED_VALUE")
    told = values_of(spreadsheet, sheet, sheet.clipped(Box()), rendering=rendering, today=TODAY).get(
        "values", []
    )
    columns = [look_ups(sheet)[name] for name in RESULTS]
    return {
        row: tuple("" if sheet.cell(row, c).is_typed else _as_text(_at(told, row, c)) for c in columns)
        for row in data_rows(sheet)
    }


def _at(values: list[list[object]], row: int, column: int) -> object:
    return values[row][column] if row < len(values) and column < len(values[row]) else ""


def typed_over(sheet: Sheet) -> dict[int, set[str]]:
    """Return in which result cells something is typed, so that their columns cannot spill: headers by row."""
    columns = {column: name for name, column in look_ups(sheet).items()}
    found: dict[int, set[str]] = {}
    for row, column, _ in sheet.typed_cells():
        if row > header_row(sheet) and column in columns:
            found.setdefault(row, set()).add(columns[column])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTable:
    """A table of the program: its tab, its header's row and its columns, from 0."""

    key: str
    sheet: Sheet
    header: int
    columns: frozenset[int]


def own_tables(spreadsheet: Spreadsheet) -> list[OwnTable]:
    """Return the program's tables, by the names on their headers."""
    places: dict[str, list[tuple[int, int, int]]] = {}
    for entry in spreadsheet.named_ranges:
        found = _NAME.fullmatch(entry["name"])
        if found and found[1] in PROGRAM:
            where = entry["range"]
            place = (where.get("sheetId", 0), where.get("startRowIndex", 0), where.get("startColumnIndex", 0))
            places.setdefault(found[1], []).append(place)
    return [
        OwnTable(
            key=key,
            sheet=spreadsheet.sheet(cells[0][0]),
            header=cells[0][1],
            columns=frozenset(column for _, _, column in cells),
        )
        for key, cells in sorted(places.items())
    ]


def formulas_in(tables: list[OwnTable]) -> list[str]:
    """Return the cells of the program's tables that became formulas: what people type must stay text."""
    return [
        f"{table.sheet.title} {row + 1}: {cell.formula}"
        for table in tables
        for row, column, cell in table.sheet.typed_cells()
        if cell.formula is not None and row > table.header and column in table.columns
    ]


def peoples_cells(spreadsheet: Spreadsheet, tables: list[OwnTable]) -> dict[tuple[int, int, int], Cell]:
    """Return every cell that is not in one of the program's tables, by tab, row and column."""
    return {
        (sheet.sheet_id, row, column): cell
        for sheet in spreadsheet.sheets
        for row, line in enumerate(sheet.rows)
        for column, cell in line.items()
        if not any(_is_in(table, sheet.sheet_id, row, column) for table in _on(tables, sheet.sheet_id))
    }


def _on(tables: list[OwnTable], sheet_id: int) -> Iterator[OwnTable]:
    return (table for table in tables if table.sheet.sheet_id == sheet_id)


def _is_in(table: OwnTable, sheet_id: int, row: int, column: int) -> bool:
    return table.sheet.sheet_id == sheet_id and row > table.header and column in table.columns
