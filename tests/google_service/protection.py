"""Who may write where."""

from __future__ import annotations

from tests.google_service.errors import invalid
from tests.google_service.ranges import Box, grid_box
from tests.google_service.state import Sheet, Spreadsheet


def refuse_protected(spreadsheet: Spreadsheet, sheet: Sheet, box: Box) -> None:
    """Refuse a write into somebody else's protected range; a warning stops no program, nothing the owner."""
    if spreadsheet.editor in ("", spreadsheet.owner):
        return
    for entry in sheet.lists["protectedRanges"]:
        where = entry.get("range", {})
        if entry.get("warningOnly") or where.get("sheetId", 0) != sheet.sheet_id:
            continue
        if overlap(sheet, grid_box(where), box) and spreadsheet.editor not in entry["editors"].get(
            "users", ()
        ):
            raise invalid(
                "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to "
                "remove protection if you need to edit."
            )


def overlap(sheet: Sheet, one: Box, other: Box) -> bool:
    top, bottom, left, right = sheet.clipped(one).bounds
    top2, bottom2, left2, right2 = sheet.clipped(other).bounds
    return top < bottom2 and top2 < bottom and left < right2 and left2 < right
