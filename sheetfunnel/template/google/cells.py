"""What the cells hold and how they look.

Values are sent as what they are (a text, a number, yes or no), never as something to be parsed: a text that
begins with ``=`` stays a text, and a number is the same in every locale. Looks are laid on in layers, each
over the one before: columns, rows, and runs of cells that look alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.cell import column_index_from_string
from openpyxl.workbook.workbook import Workbook

from sheetfunnel.template.google.formats import cell_format
from sheetfunnel.template.google.ranges import Request, bounds, runs, whole_columns
from sheetfunnel.template.google.target import Target

Formulas: TypeAlias = Mapping[tuple[int, int], str]
"""The formulas of a tab by (row, column), from 1; they stand in place of the texts of these cells."""

_Area: TypeAlias = tuple[tuple[int, int, int, int], Request]


def put_values(target: Target, formulas: Formulas) -> Iterator[Request]:
    """Yield the request that writes everything that stands in a tab."""
    rows = [_values(row, number, formulas) for number, row in _rows(target)]
    start = {"sheetId": target.sheet_id, "rowIndex": 0, "columnIndex": 0}
    yield {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}


def _rows(target: Target) -> Iterator[tuple[int, Sequence[Cell | MergedCell]]]:
    return enumerate(target.sheet.iter_rows(), start=1)


def _values(row: Sequence[Cell | MergedCell], number: int, formulas: Formulas) -> Request:
    held = [_held(cell, formulas.get((number, at))) for at, cell in enumerate(row, start=1)]
    while held and not held[-1]:
        held.pop()
    return {"values": held} if held else {}


def _held(cell: Cell | MergedCell, formula: str | None) -> Request:
    if formula is not None:
        return {"userEnteredValue": {"formulaValue": formula}}
    return {} if cell.value is None else {"userEnteredValue": entered(cell.value)}


def entered(value: object) -> Request:
    """Return a value as an ExtendedValue of its own kind.

    Raises:
        TypeError: the workbook holds something of another kind, which is a fault of ours.

    """
    match value:
        case bool():
            return {"boolValue": value}
        case int() | float():
            return {"numberValue": value}
        case str():
            return {"stringValue": value}
    raise TypeError(f"a cell of the template holds {value!r}")


def put_looks(target: Target, book: Workbook) -> Iterator[Request]:
    """Yield the requests that dress a tab, layer by layer."""
    sheet, sheet_id = target.sheet, target.sheet_id
    dressed = {column_index_from_string(key): each for key, each in sheet.column_dimensions.items()}
    plain = cell_format(_untouched(book))
    for first, last, look in runs(
        (at, cell_format(dressed[at]) if at in dressed and dressed[at].has_style else plain)
        for at in range(1, target.columns + 1)
    ):
        yield _dressed(whole_columns(sheet_id, first, last), look)
    rows = [(row, cell_format(each)) for row, each in sheet.row_dimensions.items() if each.has_style]
    for first, last, look in runs(sorted(rows, key=lambda each: each[0])):
        yield _dressed(bounds(sheet_id, (1, first, target.columns, last)), look)
    yield from _runs_of_cells(target)


def _untouched(book: Workbook) -> Cell:
    """Return a cell that nobody dressed, in which the workbook's own font is seen."""
    return Cell(book.worksheets[0], row=1, column=1)


def _runs_of_cells(target: Target) -> Iterator[Request]:
    """Yield one request for all cells side by side, and rows below each other, that look alike."""
    areas = [area for number, row in _rows(target) for area in _alike(row, number)]
    for corners, look in _stacked(areas):
        yield _dressed(bounds(target.sheet_id, corners), look)


def _alike(row: Sequence[Cell | MergedCell], number: int) -> list[_Area]:
    dressed = [
        (at, cell_format(cell))
        for at, cell in enumerate(row, start=1)
        if isinstance(cell, Cell) and (cell.has_style or cell.value is not None)
    ]
    return [((first, number, last, number), look) for first, last, look in runs(dressed)]


def _stacked(areas: list[_Area]) -> Iterator[_Area]:
    """Yield the areas, those that continue the one above made one with it."""
    open_areas: dict[tuple[int, int], _Area] = {}
    for corners, look in areas:
        left, top, right, bottom = corners
        above = open_areas.get((left, right))
        if above and above[1] == look and above[0][3] == top - 1:
            open_areas[left, right] = ((left, above[0][1], right, bottom), look)
            continue
        if above:
            yield above
        open_areas[left, right] = (corners, look)
    yield from open_areas.values()


def _dressed(area: Request, look: Request) -> Request:
    return {"repeatCell": {"range": area, "cell": {"userEnteredFormat": look}, "fields": "userEnteredFormat"}}
