"""Where `values.append` finds a table and what it writes below it."""

from __future__ import annotations

from tests.google_service.moving import Insert, move_lines
from tests.google_service.ranges import Box, a1
from tests.google_service.shapes import Object
from tests.google_service.state import Sheet, Spreadsheet
from tests.google_service.values import Written, put, rows_of


def append(spreadsheet: Spreadsheet, text: str, body: Object, *, query: Object) -> tuple[Object, Written]:
    """Append rows below the last table in a range; return what is said of the table, and what was written."""
    sheet, open_box = spreadsheet.find(text)
    box = sheet.bounded(open_box, text)
    table = _last_table(sheet, box)
    rows = rows_of(body)
    top, left = _below(table) if table is not None else ((box.top or 0), (box.left or 0))
    width = max(map(len, rows), default=0)
    if query.get("insertDataOption") == "INSERT_ROWS" and table is not None and rows:
        move_lines(spreadsheet, sheet, "ROWS", move=Insert(at=top, count=len(rows)))
    sheet.resize(max(len(sheet.rows), top + len(rows)), max(sheet.columns, left + width))
    spreadsheet.refuse_too_many_cells()
    written = put(spreadsheet, sheet, (top, left), rows=rows, option=query.get("valueInputOption") or "RAW")
    return ({"tableRange": a1(sheet.title, table)} if table is not None else {}), written


def _below(table: Box) -> tuple[int, int]:
    _, bottom, left, _ = table.bounds
    return bottom, left


def _last_table(sheet: Sheet, box: Box) -> Box | None:
    """Return the lowest block of cells, without a gap, that has a cell in the range."""
    top, bottom, left, right = box.bounds
    last: Box | None = None
    for at in range(top, bottom):
        for column in sorted(sheet.rows[at]):
            if not (left <= column < right and sheet.rows[at][column].is_typed):
                continue
            if last is None or not _holds(last, at, column):
                last = _grown(sheet, Box(at, at + 1, column, column + 1))
    return last


def _holds(box: Box, row: int, column: int) -> bool:
    top, bottom, left, right = box.bounds
    return top <= row < bottom and left <= column < right


def _grown(sheet: Sheet, box: Box) -> Box:
    """Let a block grow as long as typed cells touch it."""
    while True:
        top, bottom, left, right = box.bounds
        wider = Box(
            top - 1 if top and _is_used(sheet, top - 1, top, left=left - 1, right=right + 1) else top,
            bottom + 1 if _is_used(sheet, bottom, bottom + 1, left=left - 1, right=right + 1) else bottom,
            left - 1 if left and _is_used(sheet, top, bottom, left=left - 1, right=left) else left,
            right + 1 if _is_used(sheet, top, bottom, left=right, right=right + 1) else right,
        )
        if wider == box:
            return box
        box = wider


def _is_used(sheet: Sheet, top: int, bottom: int, *, left: int, right: int) -> bool:
    return any(
        left <= column < right and cell.is_typed
        for row in sheet.rows[max(top, 0) : bottom]
        for column, cell in row.items()
    )
