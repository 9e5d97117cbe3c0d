"""Copied, cut, and replaced."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.google_service.errors import invalid
from tests.google_service.formulas.references import Reference, copied
from tests.google_service.locales import locale_of
from tests.google_service.moving import change_formulas
from tests.google_service.protection import refuse_protected
from tests.google_service.ranges import Box, grid_box
from tests.google_service.shapes import EMPTY, Cell, Object
from tests.google_service.state import Sheet, Spreadsheet

_VALUES = ("PASTE_NORMAL", "PASTE_VALUES", "PASTE_FORMULA", "PASTE_NO_BORDERS")
_LOOKS = ("PASTE_NORMAL", "PASTE_FORMAT", "PASTE_NO_BORDERS")


def copy_paste(spreadsheet: Spreadsheet, request: Object) -> None:
    """Copy a range over another one, as often as it fits."""
    source_sheet = spreadsheet.sheet(request["source"].get("sheetId", 0))
    sheet = spreadsheet.sheet(request["destination"].get("sheetId", 0))
    top, bottom, left, right = source_sheet.clipped(grid_box(request["source"])).bounds
    block = [[source_sheet.cell(row, column) for column in range(left, right)] for row in range(top, bottom)]
    target = sheet.clipped(grid_box(request["destination"]))
    refuse_protected(spreadsheet, sheet, target)
    top2, bottom2, left2, right2 = target.bounds
    height, width = max(bottom2 - top2, bottom - top), max(right2 - left2, right - left)
    decimal = locale_of(spreadsheet.locale).decimal
    for down in range(min(height, len(sheet.rows) - top2)):
        before = sheet.rows[top2 + down]
        changes: dict[int, Cell] = {}
        for across in range(min(width, sheet.columns - left2)):
            cell = block[down % (bottom - top)][across % (right - left)]
            if cell.formula is not None:
                offset = (
                    top2 + down - top - down % (bottom - top),
                    left2 + across - left - across % (right - left),
                )
                cell = cell._replace(formula=copied(cell.formula, *offset, decimal=decimal))
            changes[left2 + across] = _pasted(
                before.get(left2 + across, EMPTY), cell, request.get("pasteType")
            )
        sheet.put(top2 + down, changes)


def _pasted(old: Cell, new: Cell, kind: str | None) -> Cell:
    kind = kind or "PASTE_NORMAL"
    if kind == "PASTE_DATA_VALIDATION":
        return old._replace(validation=new.validation)
    if kind in _VALUES:
        old = old._replace(value=new.value, formula=new.formula)
    if kind in _LOOKS:
        old = old._replace(format=new.format)
    return old._replace(note=new.note, validation=new.validation) if kind == "PASTE_NORMAL" else old


def cut_paste(spreadsheet: Spreadsheet, request: Object) -> None:
    """Move cells elsewhere; formulas that name them follow."""
    source_sheet = spreadsheet.sheet(request["source"].get("sheetId", 0))
    start = request["destination"]
    sheet = spreadsheet.sheet(start.get("sheetId", 0))
    box = source_sheet.clipped(grid_box(request["source"]))
    top, bottom, left, right = box.bounds
    down, across = start.get("rowIndex", 0) - top, start.get("columnIndex", 0) - left
    if bottom + down > len(sheet.rows) or right + across > sheet.columns:
        raise invalid("The destination is outside of the grid.")
    refuse_protected(spreadsheet, source_sheet, box)
    block = {
        (row, column): source_sheet.cell(row, column)
        for row in range(top, bottom)
        for column in range(left, right)
    }
    for row in range(top, bottom):
        source_sheet.put(row, dict.fromkeys(range(left, right), EMPTY))
    for row in range(top, bottom):
        sheet.put(row + down, {column + across: block[row, column] for column in range(left, right)})
    _follow(spreadsheet, source_sheet, sheet, box=box, offset=(down, across))


def _follow(spreadsheet: Spreadsheet, old: Sheet, new: Sheet, *, box: Box, offset: tuple[int, int]) -> None:
    top, bottom, left, right = box.bounds
    down, across = offset

    def inside(reference: Reference) -> bool:
        ends = reference.box
        if ends.bottom is None or ends.right is None:
            return False
        row, last_row, column, last_column = ends.bounds
        return top <= row and last_row <= bottom and left <= column and last_column <= right

    for sheet in spreadsheet.sheets:

        def change(before: Reference, home: Sheet = sheet) -> Reference:
            named = before.sheet.casefold() if before.sheet is not None else home.title.casefold()
            if named != old.title.casefold() or not inside(before):
                return before
            moved = [
                replace(corner, row=(corner.row or 0) + down, column=(corner.column or 0) + across)
                for corner in (before.start, before.end)
                if corner is not None
            ]
            title = before.sheet if old is new else new.title
            return Reference(title, moved[0], moved[1] if len(moved) > 1 else None)

        change_formulas(spreadsheet, sheet, change)


def find_replace(spreadsheet: Spreadsheet, request: Object) -> Object:
    """Replace a text in the cells' own texts."""
    pattern = request["find"] if request.get("searchByRegex") else re.escape(request["find"])
    sought = re.compile(pattern, 0 if request.get("matchCase") else re.IGNORECASE)
    new = request.get("replacement", "")
    counts = {"valuesChanged": 0, "rowsChanged": 0, "sheetsChanged": 0, "occurrencesChanged": 0}
    for sheet, box in _searched(spreadsheet, request):
        changed = _replace_in(sheet, box, sought, new=new, whole=bool(request.get("matchEntireCell")))
        counts["rowsChanged"] += len({row for row, _, _ in changed})
        counts["valuesChanged"] += len(changed)
        counts["occurrencesChanged"] += sum(times for _, _, times in changed)
        counts["sheetsChanged"] += bool(changed)
    return {name: count for name, count in counts.items() if count}


def _searched(spreadsheet: Spreadsheet, request: Object) -> list[tuple[Sheet, Box]]:
    if request.get("allSheets"):
        return [(sheet, sheet.clipped(Box())) for sheet in spreadsheet.sheets]
    where = request.get("range") or {"sheetId": request.get("sheetId", 0)}
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    return [(sheet, sheet.clipped(grid_box(where)))]


def _replace_in(
    sheet: Sheet, box: Box, sought: re.Pattern[str], *, new: str, whole: bool
) -> list[tuple[int, int, int]]:
    top, bottom, left, right = box.bounds
    changed: list[tuple[int, int, int]] = []
    for row, column, cell in list(sheet.typed_cells()):
        if not (top <= row < bottom and left <= column < right and isinstance(cell.value, str)):
            continue
        if whole and not sought.fullmatch(cell.value):
            continue
        text, times = sought.subn(new.replace("\\", "\\\\"), cell.value)
        if times:
            sheet.put(row, {column: cell._replace(value=text or None)})
            changed.append((row, column, times))
    return changed


HANDLERS = {"copyPaste": copy_paste, "cutPaste": cut_paste, "findReplace": find_replace}
