"""Rows in order, and rows out of sight."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.google_service.colors import settled_object
from tests.google_service.errors import invalid
from tests.google_service.formulas.references import copied
from tests.google_service.formulas.scalars import sort_key
from tests.google_service.formulas.sheets import shown
from tests.google_service.locales import locale_of
from tests.google_service.protection import refuse_protected
from tests.google_service.ranges import grid_box, grid_range
from tests.google_service.shapes import EMPTY, Cell, Object, Scalar
from tests.google_service.state import Sheet, Spreadsheet


def sort(spreadsheet: Spreadsheet, request: Object) -> None:
    """Sort the rows of a range; what formulas spill stays where it is."""
    where = request["range"]
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    box = sheet.clipped(grid_box(where))
    refuse_protected(spreadsheet, sheet, box)
    top, bottom, left, right = box.bounds
    order = list(range(top, bottom))
    for spec in reversed(request.get("sortSpecs") or []):
        column = spec.get("dimensionIndex", 0)
        if not left <= column < right:
            raise invalid("A sort column must be within the range.")
        values = {row: _value(spreadsheet, sheet, row, column=column) for row in order}
        filled = [row for row in order if values[row] is not None]
        blank = [row for row in order if values[row] is None]
        descending = spec.get("sortOrder") == "DESCENDING"
        order = sorted(filled, key=lambda row: sort_key(values[row]), reverse=descending) + blank
    _arrange(spreadsheet, sheet, (left, right), order=order)
    spreadsheet.shown = None  # it was worked out for the old order


def _value(spreadsheet: Spreadsheet, sheet: Sheet, row: int, *, column: int) -> Scalar:
    overlay = shown(spreadsheet, datetime.now(UTC).date()).overlay
    computed = overlay.get(sheet.sheet_id, {}).get(column, {})
    return computed[row] if row in computed else sheet.cell(row, column).value


def _arrange(spreadsheet: Spreadsheet, sheet: Sheet, span: tuple[int, int], *, order: list[int]) -> None:
    top = min(order, default=0)
    decimal = locale_of(spreadsheet.locale).decimal
    before = {row: sheet.rows[row] for row in order}
    for at, source in enumerate(order, start=top):
        if at == source:
            continue
        columns = {
            column for row in (before[source], before[at]) for column in row if span[0] <= column < span[1]
        }
        cells = {column: before[source].get(column, EMPTY) for column in columns}
        sheet.put(at, {column: _along(cell, at - source, decimal) for column, cell in cells.items()})


def _along(cell: Cell, down: int, decimal: str) -> Cell:
    if cell.formula is None:
        return cell
    return cell._replace(formula=copied(cell.formula, down, 0, decimal=decimal))


def set_filter(spreadsheet: Spreadsheet, request: Object) -> None:
    raw = settled_object(request["filter"])
    where = raw.get("range", {})
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    box = sheet.clipped(grid_box(where))
    sheet.basic_filter = {**raw, "range": grid_range(sheet.sheet_id, box)}
    for spec in raw.get("sortSpecs") or []:
        below = {**sheet.basic_filter["range"], "startRowIndex": (box.top or 0) + 1}
        sort(spreadsheet, {"range": below, "sortSpecs": [spec]})


def clear_filter(spreadsheet: Spreadsheet, request: Object) -> None:
    spreadsheet.sheet(request.get("sheetId", 0)).basic_filter = None


HANDLERS = {"sortRange": sort, "setBasicFilter": set_filter, "clearBasicFilter": clear_filter}
