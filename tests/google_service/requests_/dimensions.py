"""Rows and columns: added, deleted, moved, sized, hidden, grouped."""

from __future__ import annotations

from tests.google_service.errors import invalid
from tests.google_service.masks import merged, parse_mask
from tests.google_service.moving import Delete, Insert, Shift, move_lines
from tests.google_service.shapes import EMPTY, Object
from tests.google_service.state import Sheet, Spreadsheet

_GROUPS = {"ROWS": "row_groups", "COLUMNS": "column_groups"}


def _span(spreadsheet: Spreadsheet, where: Object) -> tuple[Sheet, str, int, int]:
    """Return the tab, the axis, and the lines of a DimensionRange, which may be open."""
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    axis = where.get("dimension")
    if axis not in _GROUPS:
        raise invalid("A dimension must be given.")
    length = _length(sheet, axis)
    start, end = where.get("startIndex", 0), where.get("endIndex", length)
    if start >= end or start < 0:
        raise invalid("startIndex must be less than endIndex.")
    return sheet, axis, start, end


def _length(sheet: Sheet, axis: str) -> int:
    return len(sheet.rows) if axis == "ROWS" else sheet.columns


def insert(spreadsheet: Spreadsheet, request: Object) -> None:
    sheet, axis, start, end = _span(spreadsheet, request["range"])
    before = bool(request.get("inheritFromBefore"))
    if start > _length(sheet, axis) or (start == _length(sheet, axis) and not before):
        raise invalid(f"range.startIndex[{start}] is too large")
    if before and start == 0:
        raise invalid("inheritFromBefore cannot be set if inserting at index 0.")
    move_lines(spreadsheet, sheet, axis, move=Insert(at=start, count=end - start))
    spreadsheet.refuse_too_many_cells()
    _inherit(sheet, axis, range(start, end), source=start - 1 if before else end)


def _inherit(sheet: Sheet, axis: str, lines: range, *, source: int) -> None:
    """New rows and columns look like their neighbour, and are as high or wide."""
    sizes = sheet.row_look if axis == "ROWS" else sheet.column_look
    if source in sizes:
        sizes |= {line: dict(sizes[source]) for line in lines}
    if axis == "ROWS":
        look = {
            at: EMPTY._replace(format=c.format, validation=c.validation)
            for at, c in sheet.rows[source].items()
        }
        for line in lines:
            sheet.put(line, look)
        return
    for at, row in enumerate(sheet.rows):
        cell = row.get(source)
        if cell is not None and (cell.format or cell.validation):
            copy = EMPTY._replace(format=cell.format, validation=cell.validation)
            sheet.put(at, dict.fromkeys(lines, copy))


def append(spreadsheet: Spreadsheet, request: Object) -> None:
    sheet = spreadsheet.sheet(request.get("sheetId", 0))
    length = request.get("length", 0)
    if length < 1:
        raise invalid("length must be greater than 0.")
    rows = length if request.get("dimension") == "ROWS" else 0
    sheet.resize(len(sheet.rows) + rows, sheet.columns + length - rows)
    spreadsheet.refuse_too_many_cells()


def delete(spreadsheet: Spreadsheet, request: Object) -> None:
    sheet, axis, start, end = _span(spreadsheet, request["range"])
    length = _length(sheet, axis)
    if start >= length:
        raise invalid(
            f"Cannot delete a {axis[:-1].lower()} that doesn't exist. Tried to delete index {start}."
        )
    end = min(end, length)
    if end - start == length:
        raise invalid(f"You can't delete all the {axis.lower()} on the sheet.")
    move_lines(spreadsheet, sheet, axis, move=Delete(at=start, count=end - start))


def move(spreadsheet: Spreadsheet, request: Object) -> None:
    sheet, axis, start, end = _span(spreadsheet, request["source"])
    to = request.get("destinationIndex", 0)
    if to > _length(sheet, axis) or end > _length(sheet, axis):
        raise invalid(f"destinationIndex[{to}] is out of bounds.")
    if start < to < end:
        raise invalid("The destination is inside of the source.")
    move_lines(spreadsheet, sheet, axis, move=Shift(at=start, count=end - start, to=to))


def update(spreadsheet: Spreadsheet, request: Object) -> None:
    sheet, axis, start, end = _span(spreadsheet, request["range"])
    look = sheet.row_look if axis == "ROWS" else sheet.column_look
    mask = parse_mask(request["fields"])
    for line in range(start, min(end, _length(sheet, axis))):
        changed = merged(look.get(line, {}), request.get("properties") or {}, mask)
        look[line] = {name: value for name, value in changed.items() if value}


def auto_resize(spreadsheet: Spreadsheet, request: Object) -> None:
    """Make columns as wide as their longest text, roughly; rows get their usual height."""
    sheet, axis, start, end = _span(spreadsheet, request["dimensions"])
    if axis == "ROWS":
        return
    widths = dict.fromkeys(range(start, end), 0)
    for _, column, cell in sheet.typed_cells():
        if column in widths:
            widths[column] = max(widths[column], len(str(cell.value or "")))
    for column, longest in widths.items():
        if longest:
            sheet.column_look[column] = {**sheet.column_look.get(column, {}), "pixelSize": 15 + 7 * longest}


def add_group(spreadsheet: Spreadsheet, request: Object) -> Object:
    sheet, axis, start, end = _span(spreadsheet, request["range"])
    groups: list[Object] = getattr(sheet, _GROUPS[axis])
    depth = 1 + sum(_covers(group["range"], start, end) for group in groups)
    where = {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": start, "endIndex": end}
    groups.append({"range": where, "depth": depth})
    control = "rowGroupControlAfter" if axis == "ROWS" else "columnGroupControlAfter"
    grid = sheet.properties.get("gridProperties", {})
    sheet.properties = {**sheet.properties, "gridProperties": {**grid, control: True}}
    return {"dimensionGroups": list(groups)}


def _covers(where: Object, start: int, end: int) -> bool:
    return bool(where["startIndex"] <= start and end <= where["endIndex"])


def update_group(spreadsheet: Spreadsheet, request: Object) -> None:
    """Fold or unfold a group: its lines are hidden or shown with it."""
    given = request["dimensionGroup"]
    sheet, axis, start, end = _span(spreadsheet, given["range"])
    groups: list[Object] = getattr(sheet, _GROUPS[axis])
    for at, group in enumerate(groups):
        same = (group["range"]["startIndex"], group["range"]["endIndex"]) == (start, end)
        if same and group["depth"] == given.get("depth"):
            groups[at] = merged(group, given, parse_mask(request["fields"]))
            hidden = {"properties": {"hiddenByUser": bool(given.get("collapsed"))}, "fields": "hiddenByUser"}
            update(spreadsheet, {"range": given["range"], **hidden})
            return
    raise invalid("There is no group of this depth over these lines.")


def delete_group(spreadsheet: Spreadsheet, request: Object) -> Object:
    sheet, axis, start, end = _span(spreadsheet, request["range"])
    groups: list[Object] = getattr(sheet, _GROUPS[axis])
    for group in reversed(groups):
        if (group["range"]["startIndex"], group["range"]["endIndex"]) == (start, end):
            groups.remove(group)
            return {"dimensionGroups": list(groups)} if groups else {}
    raise invalid("There is no group over these lines.")


HANDLERS = {
    "insertDimension": insert,
    "appendDimension": append,
    "deleteDimension": delete,
    "moveDimension": move,
    "updateDimensionProperties": update,
    "autoResizeDimensions": auto_resize,
    "addDimensionGroup": add_group,
    "updateDimensionGroup": update_group,
    "deleteDimensionGroup": delete_group,
}
