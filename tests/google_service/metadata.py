"""Developer metadata: made, found, and where it points."""

from __future__ import annotations

from tests.google_service.errors import Refusal, invalid, not_found
from tests.google_service.masks import merged, parse_mask
from tests.google_service.ranges import Box
from tests.google_service.shapes import Object
from tests.google_service.state import Sheet, Spreadsheet

#: Characters of keys and values: for a whole file, and for each tab.
ROOM = 30_000


def create(spreadsheet: Spreadsheet, raw: Object) -> Object:
    """Add an entry; an explicit id that is taken is a 400."""
    if not raw.get("metadataKey") or "visibility" not in raw:
        raise invalid("Developer metadata must have a key and a visibility.")
    metadata_id = raw.get("metadataId") or spreadsheet.new_id()
    if metadata_id in spreadsheet.metadata:
        raise invalid(f"Developer metadata with id {metadata_id} already exists.")
    entry: Object = {
        "metadataId": metadata_id,
        "metadataKey": raw["metadataKey"],
        **({"metadataValue": raw["metadataValue"]} if raw.get("metadataValue") is not None else {}),
        "location": _location(spreadsheet, raw.get("location") or {"spreadsheet": True}),
        "visibility": raw["visibility"],
    }
    spreadsheet.metadata[metadata_id] = entry
    _refuse_too_much(spreadsheet)
    return entry


def _location(spreadsheet: Spreadsheet, raw: Object) -> Object:
    if raw.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in raw:
        spreadsheet.sheet(raw["sheetId"])
        return {"locationType": "SHEET", "sheetId": raw["sheetId"]}
    span = raw.get("dimensionRange")
    if span is None:
        raise invalid("Developer metadata must have a location.")
    sheet = spreadsheet.sheet(span.get("sheetId", 0))
    start, end = span.get("startIndex", 0), span.get("endIndex")
    length = len(sheet.rows) if span.get("dimension") == "ROWS" else sheet.columns
    if end is None or end - start != 1 or end > length:
        raise invalid("Developer metadata can be created for a single row or column of the grid only.")
    kind = {"ROWS": "ROW", "COLUMNS": "COLUMN"}[span["dimension"]]
    return {"locationType": kind, "dimensionRange": {**span, "sheetId": sheet.sheet_id, "startIndex": start}}


def _refuse_too_much(spreadsheet: Spreadsheet) -> None:
    rooms: dict[object, int] = {}
    for entry in spreadsheet.metadata.values():
        location = entry["location"]
        place = location.get("sheetId", location.get("dimensionRange", {}).get("sheetId"))
        size = len(entry["metadataKey"]) + len(entry.get("metadataValue", ""))
        rooms[place] = rooms.get(place, 0) + size
    if any(size > ROOM for size in rooms.values()):
        raise invalid(f"Developer metadata exceeds the limit of {ROOM} characters.")


def get(spreadsheet: Spreadsheet, metadata_id: int) -> Object:
    if metadata_id not in spreadsheet.metadata:
        raise not_found()
    return spreadsheet.metadata[metadata_id]


def matching(spreadsheet: Spreadsheet, lookup: Object) -> list[Object]:
    """Return the entries that a DeveloperMetadataLookup finds."""
    return [entry for entry in spreadsheet.metadata.values() if _fits(entry, lookup)]


def _fits(entry: Object, lookup: Object) -> bool:
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if lookup.get(name) is not None and lookup[name] != entry.get(name):
            return False
    kind = lookup.get("locationType")
    if kind is not None and kind != entry["location"]["locationType"]:
        return False
    place = lookup.get("metadataLocation")
    return place is None or _same_place(entry["location"], place)


def _same_place(location: Object, sought: Object) -> bool:
    if "sheetId" in sought:
        return bool(location.get("sheetId") == sought["sheetId"])
    if "dimensionRange" in sought:
        span = sought["dimensionRange"]
        return bool(location.get("dimensionRange") == {**span, "sheetId": span.get("sheetId", 0)})
    return bool(location.get("spreadsheet")) == bool(sought.get("spreadsheet"))


def update(spreadsheet: Spreadsheet, request: Object) -> list[Object]:
    """Change all entries that the filters find."""
    found = _filtered(spreadsheet, request["dataFilters"])
    mask = parse_mask(request["fields"])
    for entry in found:
        changed = merged(entry, request["developerMetadata"], mask)
        if "location" in mask or "*" in mask:
            changed["location"] = _location(spreadsheet, request["developerMetadata"]["location"])
        changed["metadataId"] = entry["metadataId"]
        spreadsheet.metadata[entry["metadataId"]] = changed
    _refuse_too_much(spreadsheet)
    return [spreadsheet.metadata[entry["metadataId"]] for entry in found]


def delete(spreadsheet: Spreadsheet, data_filter: Object) -> list[Object]:
    found = _filtered(spreadsheet, [data_filter])
    for entry in found:
        del spreadsheet.metadata[entry["metadataId"]]
    return found


def _filtered(spreadsheet: Spreadsheet, data_filters: list[Object]) -> list[Object]:
    found: dict[int, Object] = {}
    for data_filter in data_filters:
        lookup = data_filter.get("developerMetadataLookup")
        if lookup is None:
            raise Refusal(400, "Only a developerMetadataLookup finds developer metadata here.")
        found.update((entry["metadataId"], entry) for entry in matching(spreadsheet, lookup))
    return list(found.values())


def search(spreadsheet: Spreadsheet, body: Object) -> Object:
    found = [
        {"developerMetadata": entry, "dataFilters": [data_filter]}
        for data_filter in body.get("dataFilters", [])
        for entry in _filtered(spreadsheet, [data_filter])
    ]
    return {"matchedDeveloperMetadata": found} if found else {}


def boxes_of(spreadsheet: Spreadsheet, entry: Object) -> list[tuple[Sheet, Box]]:
    """Return what an entry is attached to: a column, a row, a tab, or all tabs."""
    location = entry["location"]
    span = location.get("dimensionRange")
    if span is not None:
        start, end = span["startIndex"], span["endIndex"]
        box = Box(top=start, bottom=end) if span["dimension"] == "ROWS" else Box(left=start, right=end)
        return [(spreadsheet.sheet(span["sheetId"]), box)]
    if "sheetId" in location:
        return [(spreadsheet.sheet(location["sheetId"]), Box())]
    return [(sheet, Box()) for sheet in spreadsheet.sheets]
