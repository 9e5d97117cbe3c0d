"""Named ranges and protected ranges."""

from __future__ import annotations

import re

from tests.google_service.colors import settled_object
from tests.google_service.errors import invalid
from tests.google_service.masks import merged, parse_mask
from tests.google_service.ranges import box_of
from tests.google_service.shapes import Object
from tests.google_service.state import Spreadsheet


def add_name(spreadsheet: Spreadsheet, request: Object) -> Object:
    raw = settled_object(request["namedRange"])
    if "range" not in raw:
        raise invalid("A named range must have a range.")
    spreadsheet.sheet(raw["range"].get("sheetId", 0))
    _refuse_name(spreadsheet, raw.get("name", ""), None)
    name_id = raw.get("namedRangeId") or str(spreadsheet.new_id())
    if any(entry["namedRangeId"] == name_id for entry in spreadsheet.named_ranges):
        raise invalid(f"A named range with the id {name_id} already exists.")
    entry = {"namedRangeId": name_id, "name": raw["name"], "range": {"sheetId": 0, **raw["range"]}}
    spreadsheet.named_ranges.append(entry)
    return {"namedRange": entry}


def _refuse_name(spreadsheet: Spreadsheet, name: str, own: str | None) -> None:
    bad_form = not re.fullmatch(r"[^\W\d]\w{0,249}", name)
    if bad_form or box_of(name) is not None or name.upper() in ("TRUE", "FALSE"):
        raise invalid(f"The name '{name}' is not valid for a named range.")
    other = spreadsheet.named(name)
    if other is not None and other["namedRangeId"] != own:
        raise invalid(f"A named range with the name '{name}' already exists.")


def _named(spreadsheet: Spreadsheet, name_id: str) -> int:
    for at, entry in enumerate(spreadsheet.named_ranges):
        if entry["namedRangeId"] == name_id:
            return at
    raise invalid(f"No named range with id: {name_id}")


def update_name(spreadsheet: Spreadsheet, request: Object) -> None:
    new = settled_object(request["namedRange"])
    at = _named(spreadsheet, new.get("namedRangeId", ""))
    mask = parse_mask(request["fields"])
    entry = merged(spreadsheet.named_ranges[at], new, mask)
    entry["namedRangeId"] = new["namedRangeId"]
    entry["range"] = {"sheetId": 0, **entry["range"]}
    _refuse_name(spreadsheet, entry.get("name", ""), entry["namedRangeId"])
    spreadsheet.named_ranges[at] = entry


def delete_name(spreadsheet: Spreadsheet, request: Object) -> None:
    spreadsheet.named_ranges.pop(_named(spreadsheet, request.get("namedRangeId", "")))


def add_protection(spreadsheet: Spreadsheet, request: Object) -> Object:
    raw = settled_object(request["protectedRange"])
    where = {"sheetId": 0, **raw.get("range", {})}
    if "namedRangeId" in raw:
        where = spreadsheet.named_ranges[_named(spreadsheet, raw["namedRangeId"])]["range"]
    sheet = spreadsheet.sheet(where["sheetId"])
    users = {spreadsheet.editor, spreadsheet.owner, *raw.get("editors", {}).get("users", ())} - {""}
    entry = {
        **{name: value for name, value in raw.items() if value not in (False, "", [])},
        "protectedRangeId": raw.get("protectedRangeId") or spreadsheet.new_id(),
        "range": where,
        "requestingUserCanEdit": True,
        "editors": {"users": sorted(users)},
    }
    sheet.lists["protectedRanges"].append(entry)
    return {"protectedRange": entry}


def _protection(spreadsheet: Spreadsheet, protection_id: int) -> tuple[list[Object], int]:
    for sheet in spreadsheet.sheets:
        for at, entry in enumerate(sheet.lists["protectedRanges"]):
            if entry["protectedRangeId"] == protection_id:
                return sheet.lists["protectedRanges"], at
    raise invalid(f"No protected range with id: {protection_id}")


def update_protection(spreadsheet: Spreadsheet, request: Object) -> None:
    new = settled_object(request["protectedRange"])
    entries, at = _protection(spreadsheet, new.get("protectedRangeId", 0))
    entry = merged(entries[at], new, parse_mask(request["fields"]))
    kept = {"protectedRangeId": new["protectedRangeId"], "editors": entry.get("editors", {})}
    entries[at] = {**{name: value for name, value in entry.items() if value is not False}, **kept}


def delete_protection(spreadsheet: Spreadsheet, request: Object) -> None:
    entries, at = _protection(spreadsheet, request.get("protectedRangeId", 0))
    entries.pop(at)


HANDLERS = {
    "addNamedRange": add_name,
    "updateNamedRange": update_name,
    "deleteNamedRange": delete_name,
    "addProtectedRange": add_protection,
    "updateProtectedRange": update_protection,
    "deleteProtectedRange": delete_protection,
}
