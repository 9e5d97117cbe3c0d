"""Cells: values, looks, notes and validation."""

from __future__ import annotations

from tests.google_service.colors import COLORS, settled_object
from tests.google_service.errors import invalid
from tests.google_service.formulas.references import copied
from tests.google_service.locales import locale_of
from tests.google_service.masks import Mask, merged, parse_mask
from tests.google_service.protection import refuse_protected
from tests.google_service.ranges import Box, a1, grid_box
from tests.google_service.shapes import EMPTY, Cell, Object, Scalar
from tests.google_service.state import Sheet, Spreadsheet
from tests.google_service.typing_in import raw as settled_value


def update(spreadsheet: Spreadsheet, request: Object) -> None:
    """Write rows of CellData; what they do not cover of the range is cleared."""
    mask = parse_mask(request["fields"])
    rows = request.get("rows") or []
    sheet, box = _target(spreadsheet, request, rows)
    refuse_protected(spreadsheet, sheet, box)
    top, bottom, left, right = box.bounds
    for at in range(top, bottom):
        data = rows[at - top].get("values") or [] if at - top < len(rows) else []
        _write_row(sheet, at, (left, right), data=data, mask=mask)


def _target(spreadsheet: Spreadsheet, request: Object, rows: list[Object]) -> tuple[Sheet, Box]:
    height = len(rows)
    width = max((len(row.get("values") or []) for row in rows), default=0)
    if request.get("range") is not None:
        where = request["range"]
        sheet = spreadsheet.sheet(where.get("sheetId", 0))
        box = within_grid(sheet, grid_box(where))
        top, bottom, left, right = box.bounds
        if height > bottom - top:
            raise invalid(
                f"Attempting to write row: {bottom}, beyond the last requested row of: {bottom - 1}"
            )
        if width > right - left:
            raise invalid(
                f"Attempting to write column: {right}, beyond the last requested column of: {right - 1}"
            )
        return sheet, box
    start = request.get("start")
    if start is None:
        raise invalid("Either a start or a range must be given.")
    sheet = spreadsheet.sheet(start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    return sheet, within_grid(sheet, Box(top, top + height, left, left + width))


def within_grid(sheet: Sheet, box: Box) -> Box:
    """Return a rectangle with its ends closed; refuse one that reaches beyond the grid."""
    beyond = (box.bottom or 0) > len(sheet.rows) or (box.right or 0) > sheet.columns
    closed = sheet.clipped(box)
    top, bottom, left, right = closed.bounds
    if beyond or top > bottom or left > right:
        wanted = a1(sheet.title, Box(top, box.bottom or bottom, left, box.right or right))
        raise invalid(
            f"Range ({wanted}) exceeds grid limits. Max rows: {len(sheet.rows)}, max columns: {sheet.columns}"
        )
    return closed


def _write_row(sheet: Sheet, at: int, span: tuple[int, int], *, data: list[Object], mask: Mask) -> None:
    left, right = span
    before = sheet.rows[at]
    changes = {
        column: cell_from(before.get(column, EMPTY), one, mask) for column, one in enumerate(data, start=left)
    }
    for column in before:
        if left + len(data) <= column < right:
            changes[column] = cell_from(before[column], {}, mask)
    sheet.put(at, changes)


def cell_from(old: Cell, data: Object, mask: Mask) -> Cell:
    """Return a cell with what the mask names taken from CellData."""
    whole = "*" in mask
    value, formula, look, note, rule = old.value, old.formula, old.format, old.note, old.validation
    if "userEnteredValue" in mask or whole:
        value, formula = _entered(data.get("userEnteredValue"))
    if "userEnteredFormat" in mask or whole:
        look = _look(look, data.get("userEnteredFormat") or {}, mask.get("userEnteredFormat") or {})
    if "note" in mask or whole:
        note = data.get("note") or None
    if "dataValidation" in mask or whole:
        rule = data.get("dataValidation") or None
    links = old.links
    if "textFormatRuns" in mask or whole:
        links = tuple(data.get("textFormatRuns") or ()) or None
    return Cell(value, formula, look, note, rule, links)


def _entered(raw: Object | None) -> tuple[Scalar, str | None]:
    if not raw:
        return None, None
    ((kind, value),) = raw.items()
    if kind == "formulaValue":
        if not value.startswith("="):
            raise invalid("A formula must begin with =.")
        return None, value
    if kind == "errorValue":
        raise invalid("An error value cannot be set.")
    return settled_value(value, EMPTY).value, None


def _look(old: Object | None, new: Object, mask: Mask) -> Object | None:
    if not mask or "*" in mask:
        return settled_object(new) or None
    for name in [name for name in mask if name in COLORS or name.removesuffix("Style") in COLORS]:
        twin = name.removesuffix("Style") if name.endswith("Style") else f"{name}Style"
        if name not in new or name != twin:
            mask = {**mask, twin: {}}
    return merged(old or {}, settled_object(new), mask) or None


def append(spreadsheet: Spreadsheet, request: Object) -> None:
    """Write rows below the last row that holds something, and let the grid grow."""
    sheet = spreadsheet.sheet(request.get("sheetId", 0))
    rows, mask = request.get("rows") or [], parse_mask(request["fields"])
    used = [at for at, row in enumerate(sheet.rows) if any(cell.is_typed for cell in row.values())]
    top = used[-1] + 1 if used else 0
    width = max((len(row.get("values") or []) for row in rows), default=0)
    sheet.resize(max(len(sheet.rows), top + len(rows)), max(sheet.columns, width))
    spreadsheet.refuse_too_many_cells()
    for at, row in enumerate(rows, start=top):
        data = row.get("values") or []
        _write_row(sheet, at, (0, len(data)), data=data, mask=mask)


def repeat(spreadsheet: Spreadsheet, request: Object) -> None:
    """Write one cell into a whole range; a formula goes along as in a copy."""
    where, mask = request["range"], parse_mask(request["fields"])
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    box = sheet.clipped(grid_box(where))
    refuse_protected(spreadsheet, sheet, box)
    top, bottom, left, right = box.bounds
    decimal = locale_of(spreadsheet.locale).decimal
    # By the identity of what stood there, which is kept with it: most cells of a sheet are one and the same.
    made: dict[int, tuple[Cell, Cell]] = {}
    for at in range(top, bottom):
        before = sheet.rows[at]
        changes: dict[int, Cell] = {}
        for column in range(left, right):
            old = before.get(column, EMPTY)
            if id(old) not in made:
                made[id(old)] = (old, cell_from(old, request.get("cell") or {}, mask))
            cell = made[id(old)][1]
            if cell.formula is not None and (at, column) != (top, left):
                cell = cell._replace(formula=copied(cell.formula, at - top, column - left, decimal=decimal))
            changes[column] = cell
        sheet.put(at, changes)


def validate(spreadsheet: Spreadsheet, request: Object) -> None:
    """Set the validation of a range, or take it away."""
    where = request["range"]
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    rule = settled_object(request.get("rule") or {}) or None
    if rule is not None and not rule.get("condition", {}).get("type"):
        raise invalid("A validation rule must have a condition.")
    top, bottom, left, right = sheet.clipped(grid_box(where)).bounds
    for at in range(top, bottom):
        before = sheet.rows[at]
        sheet.put(
            at, {column: before.get(column, EMPTY)._replace(validation=rule) for column in range(left, right)}
        )


HANDLERS = {"updateCells": update, "appendCells": append, "repeatCell": repeat, "setDataValidation": validate}
