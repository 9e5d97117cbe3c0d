"""The methods of `spreadsheets.values`: values read and written by ranges in A1 notation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tests.google_service.errors import invalid
from tests.google_service.formulas.sheets import shown
from tests.google_service.locales import Locale, locale_of
from tests.google_service.protection import refuse_protected
from tests.google_service.ranges import Box, a1, grid_box
from tests.google_service.rendering import is_dated
from tests.google_service.rendering import shown as as_text
from tests.google_service.shapes import EMPTY, Cell, CellError, DateNumber, Object, Scalar
from tests.google_service.state import Sheet, Spreadsheet
from tests.google_service.typing_in import raw, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """How values are asked for."""

    values: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"
    by_columns: bool = False


def rendering_of(options: Object, prefix: str = "") -> Rendering:
    """Read the options of a query or a body; those of an answer to a write begin with `response`."""

    def option(name: str) -> str | None:
        found = options.get(prefix + name[0].upper() + name[1:] if prefix else name)
        return str(found) if found else None

    return Rendering(
        values=option("valueRenderOption") or "FORMATTED_VALUE",
        dates=option("dateTimeRenderOption") or "SERIAL_NUMBER",
        by_columns=options.get("majorDimension") == "COLUMNS",
    )


def value_range(spreadsheet: Spreadsheet, text: str, rendering: Rendering, *, today: date) -> Object:
    """Return the values of a range in A1 notation."""
    sheet, open_box = spreadsheet.find(text)
    return values_of(spreadsheet, sheet, sheet.bounded(open_box, text), rendering=rendering, today=today)


def values_of(
    spreadsheet: Spreadsheet, sheet: Sheet, box: Box, *, rendering: Rendering, today: date
) -> Object:
    """Return a closed rectangle's values as a ValueRange; trailing blanks are left out."""
    lines = list(_lines(spreadsheet, sheet, box, rendering=rendering, today=today))
    if rendering.by_columns:
        lines = _turned(lines)
    while lines and not lines[-1]:
        lines.pop()
    answer: Object = {
        "range": a1(sheet.title, box),
        "majorDimension": "COLUMNS" if rendering.by_columns else "ROWS",
    }
    if lines:
        answer["values"] = lines
    return answer


def _turned(rows: list[list[object]]) -> list[list[object]]:
    width = max(map(len, rows), default=0)
    columns = [[row[at] if at < len(row) else "" for row in rows] for at in range(width)]
    for column in columns:
        while column and column[-1] == "":
            column.pop()
    return columns


def _lines(
    spreadsheet: Spreadsheet, sheet: Sheet, box: Box, *, rendering: Rendering, today: date
) -> Iterator[list[object]]:
    top, bottom, left, right = box.bounds
    overlay = shown(spreadsheet, today).overlay.get(sheet.sheet_id, {})
    columns = [(at, values) for at, values in overlay.items() if left <= at < right]
    locale = locale_of(spreadsheet.locale)
    for at in range(top, bottom):
        line: dict[int, object] = {}
        for column, cell in sheet.rows[at].items():
            if left <= column < right and cell.value is not None:
                line[column] = rendered(cell.value, cell, rendering, locale=locale)
        for column, values in columns:
            if values.get(at) is not None:
                cell = sheet.cell(at, column)
                formula = cell.formula if rendering.values == "FORMULA" else None
                line[column] = formula or rendered(values[at], cell, rendering, locale=locale)
        yield [line.get(column, "") for column in range(left, max(line, default=left - 1) + 1)]


def rendered(value: Scalar, cell: Cell, rendering: Rendering, *, locale: Locale) -> object:
    """Return one value as a ValueRange holds it."""
    if rendering.values == "FORMATTED_VALUE":
        return as_text(value, cell.format, locale)
    if isinstance(value, CellError):
        return value.code
    dated = isinstance(value, DateNumber) or is_dated(cell.format)
    if rendering.dates == "FORMATTED_STRING" and dated and isinstance(value, int | float):
        return as_text(value, cell.format, locale)
    return int(value) if isinstance(value, DateNumber) and value.is_integer() else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write touched."""

    sheet: Sheet
    box: Box
    rows: int
    #: The columns in which something was written.
    touched: frozenset[int]
    cells: int

    def answer(self, spreadsheet_id: str) -> Object:
        counts = {"updatedRows": self.rows, "updatedColumns": len(self.touched), "updatedCells": self.cells}
        where = {"spreadsheetId": spreadsheet_id, "updatedRange": a1(self.sheet.title, self.box)}
        return {**where, **{name: count for name, count in counts.items() if count}}


def write(spreadsheet: Spreadsheet, text: str, body: Object, *, option: str) -> Written:
    """Write a ValueRange; null skips a cell, "" clears it."""
    sheet, open_box = spreadsheet.find(text)
    rows = rows_of(body)
    one_cell = None not in (open_box.bottom, open_box.right) and open_box.is_one_cell
    box = sheet.bounded(open_box, text)
    top, bottom, left, right = box.bounds
    height, width = len(rows), max(map(len, rows), default=0)
    if one_cell:
        bottom, right = top + height, left + width
    elif open_box.bottom is None or open_box.right is None:
        bottom = max(bottom, top + height) if open_box.bottom is None else bottom
        right = max(right, left + width) if open_box.right is None else right
    _refuse_overflow(sheet, Box(top, bottom, left, right), height, width=width, text=text)
    refuse_protected(spreadsheet, sheet, Box(top, top + height, left, left + width))
    return put(spreadsheet, sheet, (top, left), rows=rows, option=option)


def rows_of(body: Object) -> list[list[object]]:
    lines: list[list[object]] = [list(line) for line in body.get("values") or []]
    if body.get("majorDimension") != "COLUMNS":
        return lines
    height = max(map(len, lines), default=0)
    return [[line[at] if at < len(line) else None for line in lines] for at in range(height)]


def _refuse_overflow(sheet: Sheet, box: Box, height: int, *, width: int, text: str) -> None:
    top, bottom, left, right = box.bounds
    name = a1(sheet.title, box)
    if top + height > len(sheet.rows) or left + width > sheet.columns:
        raise invalid(
            f"Range ({name}) exceeds grid limits. Max rows: {len(sheet.rows)}, max columns: {sheet.columns}"
        )
    if top + height > bottom:
        raise invalid(f"Requested writing within range [{text}], but tried writing to row [{bottom + 1}]")
    if left + width > right:
        raise invalid(f"Requested writing within range [{text}], but tried writing to column [{right + 1}]")


def put(
    spreadsheet: Spreadsheet, sheet: Sheet, corner: tuple[int, int], *, rows: list[list[object]], option: str
) -> Written:
    """Write rows of values from a corner on."""
    top, left = corner
    locale = locale_of(spreadsheet.locale)
    touched_columns: set[int] = set()
    touched_rows = cells = 0
    for down, row in enumerate(rows):
        changes = _changes(
            sheet, top + down, left, values=row, locale=locale if option == "USER_ENTERED" else None
        )
        if changes:
            sheet.put(top + down, changes)
            touched_columns |= changes.keys()
            touched_rows += 1
            cells += len(changes)
    width = max(map(len, rows), default=1)
    box = Box(top, top + max(len(rows), 1), left, left + max(width, 1))
    return Written(sheet=sheet, box=box, rows=touched_rows, touched=frozenset(touched_columns), cells=cells)


def _changes(
    sheet: Sheet, row: int, left: int, *, values: list[object], locale: Locale | None
) -> dict[int, Cell]:
    before = sheet.rows[row]
    if locale is None:
        return {
            at: raw(value, before.get(at, EMPTY))
            for at, value in enumerate(values, start=left)
            if value is not None
        }
    return {
        at: typed(value, locale, before.get(at, EMPTY))
        for at, value in enumerate(values, start=left)
        if value is not None
    }


def clear(spreadsheet: Spreadsheet, text: str) -> str:
    """Clear the values of a range, not the looks; return the range cut to the grid."""
    sheet, open_box = spreadsheet.find(text)
    box = sheet.bounded(open_box, text)
    refuse_protected(spreadsheet, sheet, box)
    clear_box(sheet, box)
    return a1(sheet.title, box)


def clear_box(sheet: Sheet, box: Box) -> None:
    top, bottom, left, right = box.bounds
    for at in range(top, bottom):
        changes = {
            column: cell._replace(value=None, formula=None)
            for column, cell in sheet.rows[at].items()
            if left <= column < right and cell.is_typed
        }
        if changes:
            sheet.put(at, changes)


def filtered(spreadsheet: Spreadsheet, data_filter: Object) -> list[tuple[Sheet, Box]]:
    """Return the rectangles that a DataFilter means."""
    if "a1Range" in data_filter:
        return [spreadsheet.find(data_filter["a1Range"])]
    if "gridRange" in data_filter:
        where = data_filter["gridRange"]
        return [(spreadsheet.sheet(where.get("sheetId", 0)), grid_box(where))]
    from tests.google_service.metadata import boxes_of, matching

    found = matching(spreadsheet, data_filter.get("developerMetadataLookup", {}))
    return [place for entry in found for place in boxes_of(spreadsheet, entry)]
