"""A spreadsheet as `spreadsheets.get` gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from tests.google_service.formulas.sheets import shown
from tests.google_service.locales import locale_of
from tests.google_service.masks import Mask, masked
from tests.google_service.ranges import Box, grid_range
from tests.google_service.rendering import shown as as_text
from tests.google_service.requests_.tabs import properties_of
from tests.google_service.shapes import EMPTY, Cell, CellError, Object, Row, Scalar
from tests.google_service.state import Sheet, Spreadsheet
from tests.google_service.values import Rendering, rendered

WHITE: Object = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: Object = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": WHITE},
}
_THEME = {
    "TEXT": {},
    "BACKGROUND": WHITE,
    "ACCENT1": {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275},
    "ACCENT2": {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314},
    "ACCENT3": {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275},
    "ACCENT4": {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902},
    "ACCENT5": {"red": 1, "green": 0.42745098, "blue": 0.003921569},
    "ACCENT6": {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706},
    "LINK": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8},
}
THEME: Object = {
    "primaryFontFamily": "Arial",
    "themeColors": [{"colorType": kind, "color": {"rgbColor": color}} for kind, color in _THEME.items()],
}
#: Rows as they were given before. Never is one changed, only replaced; it is kept so that its id is its own.
_GIVEN: dict[object, tuple[Row, Object]] = {}
_MOST_GIVEN: Final = 60_000
_UNFORMATTED = Rendering(values="UNFORMATTED_VALUE")


def describe(
    spreadsheet: Spreadsheet,
    today: date,
    *,
    mask: Mask | None = None,
    ranges: list[str] | None = None,
    data: bool = False,
) -> Object:
    """Return a Spreadsheet; with a mask, what it asks for and nothing else."""
    wanted = _wanted(spreadsheet, ranges or [])
    inner = _below(mask or {}, "sheets")
    with_data = (
        data if mask is None else ("data" in inner or "*" in mask or "*" in inner or mask.get("sheets") == {})
    )
    scope = _Scope(spreadsheet=spreadsheet, today=today, mask=_of_cells(inner), data=with_data)
    answer: Object = {
        "spreadsheetId": spreadsheet.id,
        "properties": {
            "title": spreadsheet.title,
            "locale": spreadsheet.locale,
            "timeZone": spreadsheet.time_zone,
            "defaultFormat": DEFAULT_FORMAT,
            "spreadsheetTheme": THEME,
            **spreadsheet.settings,
        },
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{spreadsheet.id}/edit",
    }
    stamps = [entry for entry in spreadsheet.metadata.values() if "spreadsheet" in entry["location"]]
    _set(answer, "developerMetadata", stamps)
    _set(answer, "namedRanges", spreadsheet.named_ranges)
    sheets = [_sheet(scope, sheet, boxes) for sheet, boxes in wanted]
    return _object(masked({**_object(shorn(answer)), "sheets": sheets}, _above_cells(mask or {})))


def _object(made: object) -> Object:
    return made if isinstance(made, dict) else {}


@dataclass(frozen=True, kw_only=True)
class _Scope:
    spreadsheet: Spreadsheet
    today: date
    #: What is asked for of a CellData; nothing means all of it.
    mask: Mask
    data: bool
    #: Blank cells and whole rows of them are made once: a tab of 10,000 rows is mostly these.
    cells: dict[object, Object] = field(default_factory=dict)
    rows: dict[tuple[int, ...], Object] = field(default_factory=dict)

    @cached_property
    def way(self) -> tuple[str, str]:
        """What, besides a row itself, decides how it is given."""
        return repr(self.mask), self.spreadsheet.locale

    def asks(self, name: str) -> bool:
        return not self.mask or "*" in self.mask or name in self.mask


def _below(mask: Mask, name: str) -> Mask:
    return mask.get(name) or {}


def _of_cells(sheets_mask: Mask) -> Mask:
    """Return what a mask asks for of a cell, so that nothing else is made."""
    return _below(_below(_below(sheets_mask, "data"), "rowData"), "values")


def _above_cells(mask: Mask) -> Mask:
    """Return a mask that leaves the cells as they are: they were made by it."""
    path, inner = ("sheets", "data", "rowData"), mask
    for name in path:
        inner = _below(inner, name)
    return _with_all(mask, path) if inner else mask


def _with_all(mask: Mask, path: tuple[str, ...]) -> Mask:
    return {**mask, path[0]: _with_all(mask[path[0]], path[1:])} if path else {}


def _set(answer: Object, name: str, value: object) -> None:
    if value:
        answer[name] = value


def _wanted(spreadsheet: Spreadsheet, ranges: list[str]) -> list[tuple[Sheet, list[Box]]]:
    if not ranges:
        return [(sheet, [Box()]) for sheet in spreadsheet.sheets]
    found: dict[int, list[Box]] = {}
    for text in ranges:
        sheet, box = spreadsheet.find(text)
        sheet.bounded(box, text)
        found.setdefault(sheet.sheet_id, []).append(box)
    return [(sheet, found[sheet.sheet_id]) for sheet in spreadsheet.sheets if sheet.sheet_id in found]


def _sheet(scope: _Scope, sheet: Sheet, boxes: list[Box]) -> Object:
    answer: Object = {"properties": properties_of(scope.spreadsheet, sheet)}
    _set(answer, "merges", [grid_range(sheet.sheet_id, box) for box in sheet.merges])
    for name, entries in sheet.lists.items():
        _set(answer, name, entries)
    _set(answer, "basicFilter", sheet.basic_filter)
    _set(answer, "rowGroups", sheet.row_groups)
    _set(answer, "columnGroups", sheet.column_groups)
    stamps = scope.spreadsheet.metadata.values()
    own = [entry for entry in stamps if entry["location"].get("sheetId") == sheet.sheet_id]
    _set(answer, "developerMetadata", own)
    answer = _object(shorn(answer))
    if scope.data:
        answer["data"] = [_grid_data(scope, sheet, sheet.clipped(box)) for box in boxes]
    return answer


def _grid_data(scope: _Scope, sheet: Sheet, box: Box) -> Object:
    top, bottom, left, right = box.bounds
    rows = [_row(scope, sheet, at, span=(left, right)) for at in range(top, bottom)]
    while rows and not rows[-1]:
        rows.pop()
    answer: Object = {}
    _set(answer, "startRow", top)
    _set(answer, "startColumn", left)
    _set(answer, "rowData", rows)
    answer["rowMetadata"] = [_line(scope, sheet, "ROWS", at=at) for at in range(top, bottom)]
    answer["columnMetadata"] = [_line(scope, sheet, "COLUMNS", at=at) for at in range(left, right)]
    return answer


def _line(scope: _Scope, sheet: Sheet, axis: str, *, at: int) -> Object:
    look = (sheet.row_look if axis == "ROWS" else sheet.column_look).get(at, {})
    line: Object = {"pixelSize": 21 if axis == "ROWS" else 100, **look}
    spans = scope.spreadsheet.metadata.values()
    own = [entry for entry in spans if _is_on(entry["location"].get("dimensionRange"), sheet, axis, at=at)]
    _set(line, "developerMetadata", own)
    return line


def _is_on(span: Object | None, sheet: Sheet, axis: str, *, at: int) -> bool:
    if span is None:
        return False
    return (span["sheetId"], span["dimension"], span["startIndex"]) == (sheet.sheet_id, axis, at)


def _row(scope: _Scope, sheet: Sheet, at: int, *, span: tuple[int, int]) -> Object:
    overlay = shown(scope.spreadsheet, scope.today).overlay.get(sheet.sheet_id, {})
    computed = {column: values[at] for column, values in overlay.items() if at in values}
    row = sheet.rows[at]
    known = (id(row), span, scope.way, *((column, type(value), value) for column, value in computed.items()))
    if known not in _GIVEN:
        if len(_GIVEN) > _MOST_GIVEN:
            _GIVEN.clear()
        _GIVEN[known] = row, _given(scope, row, computed, span=span)
    return _GIVEN[known][1]


def _given(scope: _Scope, row: Row, computed: dict[int, Scalar], *, span: tuple[int, int]) -> Object:
    used = [column for column in {*row, *computed} if span[0] <= column < span[1]]
    cells = [
        _cell(scope, row.get(column, EMPTY), computed.get(column))
        for column in range(span[0], max(used, default=span[0] - 1) + 1)
    ]
    if not cells:
        return {}
    return scope.rows.setdefault(tuple(map(id, cells)), {"values": cells})


def _cell(scope: _Scope, cell: Cell, computed: Scalar) -> Object:
    if cell.is_typed or computed not in (None, ""):
        return _made(scope, cell, computed)
    known = (computed, id(cell.format), id(cell.note), id(cell.validation), id(cell.links))
    if known not in scope.cells:
        scope.cells[known] = _made(scope, cell, computed)
    return scope.cells[known]


def _made(scope: _Scope, cell: Cell, computed: Scalar) -> Object:
    answer: Object = {}
    value = computed if computed is not None else cell.value
    if cell is EMPTY and value is None:
        return answer
    if cell.is_typed and scope.asks("userEnteredValue"):
        answer["userEnteredValue"] = extended(cell.formula or cell.value, is_formula=cell.formula is not None)
    if value is not None and scope.asks("effectiveValue"):
        answer["effectiveValue"] = extended(value, is_formula=False)
    if value is not None and scope.asks("formattedValue"):
        locale = locale_of(scope.spreadsheet.locale)
        answer["formattedValue"] = as_text(value, cell.format, locale)
    _set(answer, "userEnteredFormat", cell.format)
    if scope.asks("effectiveFormat"):
        answer["effectiveFormat"] = _effective(cell.format or {})
    _set(answer, "note", cell.note)
    _set(answer, "dataValidation", cell.validation)
    _set(answer, "textFormatRuns", list(cell.links or ()))
    return _object(shorn(masked(answer, scope.mask)))


def extended(value: Scalar, *, is_formula: bool) -> Object:
    """Return an ExtendedValue."""
    if is_formula:
        return {"formulaValue": value}
    if isinstance(value, CellError):
        return {"errorValue": {"type": value.kind, **({"message": value.message} if value.message else {})}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"numberValue": rendered(value, EMPTY, _UNFORMATTED, locale=locale_of("en_US"))}


def _effective(look: Object) -> Object:
    text = {**DEFAULT_FORMAT["textFormat"], **look.get("textFormat", {})}
    return {**DEFAULT_FORMAT, **look, "textFormat": text}


_RANGE_KEYS = frozenset({"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex", "dimension"})


def shorn(value: object) -> object:
    """Return an answer as the service writes ranges: those on the tab with the id 0 do not say so."""
    if isinstance(value, list):
        return [shorn(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_range = value.get("sheetId") == 0 and bool(_RANGE_KEYS & value.keys())
    return {name: shorn(item) for name, item in value.items() if not (is_range and name == "sheetId")}
