"""Merged cells, conditional formats, banding."""

from __future__ import annotations

from tests.google_service.colors import settled_object
from tests.google_service.errors import invalid
from tests.google_service.masks import merged, parse_mask
from tests.google_service.protection import overlap
from tests.google_service.ranges import Box, grid_box, grid_range
from tests.google_service.shapes import EMPTY, Object
from tests.google_service.state import Sheet, Spreadsheet


def merge(spreadsheet: Spreadsheet, request: Object) -> None:
    where = request["range"]
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    box = sheet.clipped(grid_box(where))
    _drop_merges(sheet, box)
    for block in _blocks(box, request.get("mergeType") or "MERGE_ALL"):
        sheet.merges.append(block)
        _keep_first(sheet, block)


def _blocks(box: Box, kind: str) -> list[Box]:
    top, bottom, left, right = box.bounds
    if kind == "MERGE_ROWS":
        return [Box(row, row + 1, left, right) for row in range(top, bottom)]
    if kind == "MERGE_COLUMNS":
        return [Box(top, bottom, column, column + 1) for column in range(left, right)]
    return [box]


def _keep_first(sheet: Sheet, block: Box) -> None:
    top, bottom, left, right = block.bounds
    for row in range(top, bottom):
        cells = {
            column: sheet.cell(row, column)._replace(value=None, formula=None)
            for column in range(left, right)
            if (row, column) != (top, left) and sheet.cell(row, column) != EMPTY
        }
        sheet.put(row, cells)


def _drop_merges(sheet: Sheet, box: Box) -> None:
    for old in [old for old in sheet.merges if overlap(sheet, old, box)]:
        top, bottom, left, right = old.bounds
        top2, bottom2, left2, right2 = box.bounds
        if not (top2 <= top and bottom <= bottom2 and left2 <= left and right <= right2):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
        sheet.merges.remove(old)


def unmerge(spreadsheet: Spreadsheet, request: Object) -> None:
    where = request["range"]
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    _drop_merges(sheet, sheet.clipped(grid_box(where)))


def add_rule(spreadsheet: Spreadsheet, request: Object) -> None:
    rule = _rule(spreadsheet, request.get("rule") or {})
    rules = spreadsheet.sheet(rule["ranges"][0].get("sheetId", 0)).lists["conditionalFormats"]
    at = request.get("index", 0)
    if at > len(rules):
        raise invalid(f"index[{at}] is out of bounds.")
    rules.insert(at, rule)


def _rule(spreadsheet: Spreadsheet, raw: Object) -> Object:
    rule = settled_object(raw)
    if not rule.get("ranges"):
        raise invalid("A conditional format rule must have ranges.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("A conditional format rule must be boolean or a gradient.")
    if len({where.get("sheetId", 0) for where in rule["ranges"]}) > 1:
        raise invalid("All ranges of a conditional format rule must be on one sheet.")
    rule["ranges"] = [_closed(spreadsheet, where) for where in rule["ranges"]]
    return rule


def _closed(spreadsheet: Spreadsheet, where: Object) -> Object:
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    return grid_range(sheet.sheet_id, sheet.clipped(grid_box(where)))


def update_rule(spreadsheet: Spreadsheet, request: Object) -> Object:
    new = _rule(spreadsheet, request["rule"]) if request.get("rule") else None
    sheet_id = new["ranges"][0]["sheetId"] if new else request.get("sheetId", 0)
    rules = spreadsheet.sheet(sheet_id).lists["conditionalFormats"]
    at = request.get("index", 0)
    if at >= len(rules):
        raise invalid(f"No conditional format on sheet: {sheet_id} at index: {at}")
    if new is not None:
        old, rules[at] = rules[at], new
        return {"oldRule": old, "newRule": new, **({"newIndex": at} if at else {})}
    to = request.get("newIndex", 0)
    moved = rules.pop(at)
    rules.insert(to, moved)
    places = {"oldIndex": at, "newIndex": to}
    return {"newRule": moved, **{name: place for name, place in places.items() if place}}


def delete_rule(spreadsheet: Spreadsheet, request: Object) -> Object:
    sheet_id, at = request.get("sheetId", 0), request.get("index", 0)
    rules = spreadsheet.sheet(sheet_id).lists["conditionalFormats"]
    if at >= len(rules):
        raise invalid(f"No conditional format on sheet: {sheet_id} at index: {at}")
    return {"rule": rules.pop(at)}


def add_banding(spreadsheet: Spreadsheet, request: Object) -> Object:
    raw = settled_object(request["bandedRange"])
    sheet = spreadsheet.sheet(raw["range"].get("sheetId", 0))
    entry = {
        **raw,
        "bandedRangeId": raw.get("bandedRangeId") or spreadsheet.new_id(),
        "range": _closed(spreadsheet, raw["range"]),
    }
    entries = sheet.lists["bandedRanges"]
    if any(overlap(sheet, grid_box(other["range"]), grid_box(entry["range"])) for other in entries):
        raise invalid("You cannot add alternating background colors to a range that already has them.")
    entries.append(entry)
    return {"bandedRange": entry}


def _banding(spreadsheet: Spreadsheet, banding_id: int) -> tuple[list[Object], int]:
    for sheet in spreadsheet.sheets:
        for at, entry in enumerate(sheet.lists["bandedRanges"]):
            if entry["bandedRangeId"] == banding_id:
                return sheet.lists["bandedRanges"], at
    raise invalid(f"No banding with id: {banding_id}")


def update_banding(spreadsheet: Spreadsheet, request: Object) -> None:
    new = settled_object(request["bandedRange"])
    entries, at = _banding(spreadsheet, new.get("bandedRangeId", 0))
    entries[at] = merged(entries[at], new, parse_mask(request["fields"]))


def delete_banding(spreadsheet: Spreadsheet, request: Object) -> None:
    entries, at = _banding(spreadsheet, request.get("bandedRangeId", 0))
    entries.pop(at)


HANDLERS = {
    "mergeCells": merge,
    "unmergeCells": unmerge,
    "addConditionalFormatRule": add_rule,
    "updateConditionalFormatRule": update_rule,
    "deleteConditionalFormatRule": delete_rule,
    "addBanding": add_banding,
    "updateBanding": update_banding,
    "deleteBanding": delete_banding,
}
