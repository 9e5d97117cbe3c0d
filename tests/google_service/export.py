"""The state as an .xlsx, so that LibreOffice can draw it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import copy
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, TypeAlias

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.formatting.rule import CellIsRule, FormulaRule, Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tests.google_service.export_charts import draw
from tests.google_service.formulas.sheets import shown
from tests.google_service.ranges import Box, a1_box, column_letters, grid_box
from tests.google_service.shapes import EMPTY, Cell, CellError, Object, Scalar
from tests.google_service.state import Sheet, Spreadsheet

#: Pixels to the widths of a workbook's columns, in characters.
PIXELS = 7.0
#: Of a type without a pattern Google shows that of the locale.
_PATTERNS = {"DATE": "yyyy-mm-dd", "DATE_TIME": "yyyy-mm-dd hh:mm", "PERCENT": "0.00%"}
#: The height of a line and the width of a letter, roughly, in pixels.
_LINE, _LETTER = 17, 6.0
_LINES: dict[str, Literal["medium", "thick", "dashed", "dotted"]] = {
    "SOLID_MEDIUM": "medium",
    "SOLID_THICK": "thick",
    "DASHED": "dashed",
    "DOTTED": "dotted",
}

#: How a workbook writes what the service writes in the way of the spreadsheet's locale.
_PATTERNS = {"DATE": "mm-dd-yy", "TEXT": "@"}


#: The looks that were made, by what the sheet says of them.
_Looks: TypeAlias = dict[str, Any]


def export(spreadsheet: Spreadsheet, path: Path, today: date) -> Path:
    """Write all tabs with values and looks; formulas are written as what they show."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    overlay = shown(spreadsheet, today).overlay
    for sheet in spreadsheet.sheets:
        target = book.create_sheet(sheet.title)
        target.sheet_state = "hidden" if sheet.properties.get("hidden") else "visible"
        _cells(target, sheet, overlay.get(sheet.sheet_id, {}))
        _grid(target, sheet)
        _rules(target, sheet)
        _page(target)
    draw(book, spreadsheet)
    book.save(path)
    return path


def _cells(target: Worksheet, sheet: Sheet, overlay: dict[int, dict[int, Scalar]]) -> None:
    looks: _Looks = {}
    for at, row in enumerate(sheet.rows):
        for column, cell in row.items():
            _put(target, (at, column), cell.value)
            _look_as(target, (at, column), cell, looks)
    for column, values in overlay.items():
        for at, value in values.items():
            _put(target, (at, column), value)
            _look_as(target, (at, column), sheet.rows[at].get(column, EMPTY), looks)
    for box, fill in _bands(sheet):
        _tint(target, box, fill)


def _put(target: Worksheet, place: tuple[int, int], value: Scalar) -> None:
    written = target.cell(row=place[0] + 1, column=place[1] + 1)
    if not isinstance(written, BookCell):
        return
    shown_value = value.code if isinstance(value, CellError) else value
    written.value = shown_value
    if isinstance(shown_value, str):
        written.data_type = "s"


def _look_as(target: Worksheet, place: tuple[int, int], cell: Cell, looks: _Looks) -> None:
    """Give a cell its look; each is made once, as most cells of a sheet share a few."""
    written, look = target.cell(row=place[0] + 1, column=place[1] + 1), cell.format or {}
    known = repr(look)
    if not isinstance(written, BookCell):
        return
    if known in looks:
        written._style = copy(looks[known])  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way to share it
        return
    _look(written, look)
    looks[known] = copy(written._style)  # type: ignore[attr-defined]  # noqa: SLF001


def _look(written: BookCell, look: Object) -> None:
    if look.get("backgroundColor") is not None:
        written.fill = _fill(look["backgroundColor"])
    text = look.get("textFormat", {})
    written.font = Font(
        name=text.get("fontFamily", "Arial"),
        size=text.get("fontSize", 10),
        bold=bool(text.get("bold")),
        italic=bool(text.get("italic")),
        strike=bool(text.get("strikethrough")),
        underline="single" if text.get("underline") else None,
        color=_hex(text["foregroundColor"]) if "foregroundColor" in text else None,
    )
    written.alignment = Alignment(
        horizontal={"LEFT": "left", "CENTER": "center", "RIGHT": "right"}.get(
            look.get("horizontalAlignment", "")
        ),
        vertical={"TOP": "top", "MIDDLE": "center"}.get(look.get("verticalAlignment", ""), "bottom"),
        wrap_text=look.get("wrapStrategy") == "WRAP",
        indent=_indent(look.get("padding", {})),
    )
    number_format = look.get("numberFormat", {})
    usual = _PATTERNS.get(number_format.get("type", ""), "General")
    written.number_format = number_format.get("pattern", usual)
    if look.get("borders"):
        sides = {name: _side(side) for name, side in look["borders"].items()}
        written.border = Border(
            top=sides.get("top"), bottom=sides.get("bottom"), left=sides.get("left"), right=sides.get("right")
        )


def _indent(padding: Object) -> int:
    """Return the steps of indent that the room beside a text, beyond the usual three pixels, comes to."""
    widest: int = max(padding.get("left", 3), padding.get("right", 3))
    return max(0, widest - 3) // 7


def _side(raw: Object) -> Side:
    return Side(style=_LINES.get(raw.get("style", ""), "thin"), color=_hex(raw.get("color", {})))


def _hex(color: Object) -> str:
    return "".join(f"{round(color.get(name, 0) * 255):02X}" for name in ("red", "green", "blue"))


def _fill(color: Object) -> PatternFill:
    return PatternFill("solid", start_color=_hex(color), end_color=_hex(color))


def _bands(sheet: Sheet) -> list[tuple[Box, PatternFill]]:
    found: list[tuple[Box, PatternFill]] = []
    for entry in sheet.lists["bandedRanges"]:
        colors = entry.get("rowProperties", {})
        top, bottom, left, right = sheet.clipped(grid_box(entry["range"])).bounds
        header = 1 if "headerColor" in colors else 0
        if header:
            found.append((Box(top, top + 1, left, right), _fill(colors["headerColor"])))
        for at in range(top + header, bottom):
            name = "secondBandColor" if (at - top - header) % 2 else "firstBandColor"
            if name in colors:
                found.append((Box(at, at + 1, left, right), _fill(colors[name])))
    return found


def _tint(target: Worksheet, box: Box, fill: PatternFill) -> None:
    top, _, left, right = box.bounds
    for column in range(left, right):
        cell = target.cell(row=top + 1, column=column + 1)
        if isinstance(cell, BookCell) and cell.fill.fill_type is None:
            cell.fill = fill


def _grid(target: Worksheet, sheet: Sheet) -> None:
    grid = sheet.properties.get("gridProperties", {})
    frozen = (grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0))
    if any(frozen):
        target.freeze_panes = f"{column_letters(frozen[1])}{frozen[0] + 1}"
    target.sheet_view.showGridLines = not grid.get("hideGridlines")
    if sheet.properties.get("tabColor"):
        target.sheet_properties.tabColor = _hex(sheet.properties["tabColor"])
    for column in range(sheet.columns):
        look = sheet.column_look.get(column, {})
        dimension = target.column_dimensions[column_letters(column)]
        dimension.width = look.get("pixelSize", 100) / PIXELS
        dimension.hidden = bool(look.get("hiddenByUser"))
    for row, look in sheet.row_look.items():
        if "pixelSize" in look:
            target.row_dimensions[row + 1].height = look["pixelSize"] * 0.75
        target.row_dimensions[row + 1].hidden = bool(look.get("hiddenByUser"))
    _grow(target, sheet)
    for box in sheet.merges:
        if not box.is_one_cell:
            target.merge_cells(a1_box(box))
    if sheet.basic_filter is not None:
        target.auto_filter.ref = a1_box(sheet.clipped(grid_box(sheet.basic_filter["range"])))


def _grow(target: Worksheet, sheet: Sheet) -> None:
    """Make rows that nobody sized as high as their texts."""
    for at, cells in enumerate(sheet.rows):
        lines = max((_lines_of(sheet, column, cell) for column, cell in cells.items()), default=1)
        if at not in sheet.row_look and lines > 1:
            target.row_dimensions[at + 1].height = (lines * _LINE + 4) * 0.75


def _page(target: Worksheet) -> None:
    """Let a tab be as wide as one page, so that a picture of it shows all columns."""
    target.page_setup.orientation = "landscape"
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _lines_of(sheet: Sheet, column: int, cell: Cell) -> int:
    """Return how many lines a typed text takes: rows that nobody sized grow with it."""
    wraps = (cell.format or {}).get("wrapStrategy") == "WRAP"
    if not wraps or not isinstance(cell.value, str):
        return 1
    width = int(sheet.column_look.get(column, {}).get("pixelSize", 100)) - 6
    return math.ceil(len(cell.value) * _LETTER / max(width, 1)) + cell.value.count("\n")


def _rules(target: Worksheet, sheet: Sheet) -> None:
    for rule in sheet.lists["conditionalFormats"]:
        for where in rule["ranges"]:
            area = a1_box(sheet.clipped(grid_box(where)))
            made = _rule(rule.get("booleanRule", {}), area.partition(":")[0])
            if made is not None:
                target.conditional_formatting.add(area, made)
    for validation in _validations(sheet):
        target.add_data_validation(validation)


def _rule(boolean: Object, first: str) -> Rule | None:
    """Return the simple kinds of rules, for cells from `first` on: a formula, a text, a comparison."""
    condition = boolean.get("condition", {})
    look = boolean.get("format", {})
    text = look.get("textFormat", {})
    values = [one.get("userEnteredValue", "") for one in condition.get("values", ())]
    style: Object = {}
    if "backgroundColor" in look:
        style["fill"] = PatternFill(end_color=_hex(look["backgroundColor"]), fill_type="solid")
    if text:
        color = _hex(text["foregroundColor"]) if "foregroundColor" in text else None
        style["font"] = Font(bold=text.get("bold"), italic=text.get("italic"), color=color)
    kind = condition.get("type", "")
    if kind in ("CUSTOM_FORMULA", "TEXT_STARTS_WITH"):
        formula = values[0].removeprefix("=").replace(";", ",")
        if kind == "TEXT_STARTS_WITH":
            quoted = values[0].replace('"', '""')
            formula = f'LEFT({first},{len(values[0])})="{quoted}"'
        custom: Rule = FormulaRule(formula=[formula], **style)  # type: ignore[no-untyped-call]
        return custom
    operators = {
        "TEXT_EQ": "equal",
        "NUMBER_EQ": "equal",
        "NUMBER_LESS": "lessThan",
        "NUMBER_LESS_THAN_EQ": "lessThanOrEqual",
        "NUMBER_GREATER": "greaterThan",
        "NUMBER_GREATER_THAN_EQ": "greaterThanOrEqual",
    }
    if kind in operators:
        operand = f'"{values[0]}"' if kind == "TEXT_EQ" else values[0].removeprefix("=")
        compared: Rule = CellIsRule(  # type: ignore[no-untyped-call]
            operator=operators[kind], formula=[operand], **style
        )
        return compared
    return None


def _validations(sheet: Sheet) -> list[DataValidation]:
    """Return one validation per list or range of choices, with all cells that have it."""
    found: dict[str, dict[int, list[int]]] = {}
    for at, row in enumerate(sheet.rows):
        for column, cell in row.items():
            formula = _choices(cell.validation) if cell.validation else None
            if formula is not None:
                found.setdefault(formula, {}).setdefault(column, []).append(at + 1)
    made = []
    for formula, columns in found.items():
        areas = (area for column, rows in columns.items() for area in _areas(column_letters(column), rows))
        made.append(DataValidation(type="list", formula1=formula, allow_blank=True, sqref=" ".join(areas)))
    return made


def _areas(letters: str, rows: list[int]) -> Iterator[str]:
    """Yield the areas of one column that rows, in their order, make up."""
    for _, run in groupby(enumerate(rows), key=lambda each: each[1] - each[0]):
        numbers = [row for _, row in run]
        yield f"{letters}{numbers[0]}:{letters}{numbers[-1]}"


def _choices(rule: Object | None) -> str | None:
    condition = (rule or {}).get("condition", {})
    values = [one.get("userEnteredValue", "") for one in condition.get("values", ())]
    if condition.get("type") == "ONE_OF_LIST":
        joined = ",".join(values)
        return f'"{joined}"' if len(joined) < 250 else None
    return values[0].removeprefix("=") if condition.get("type") == "ONE_OF_RANGE" and values else None
