"""Tabs and the file's own properties."""

from __future__ import annotations

from tests.google_service.colors import settled_object, twinned
from tests.google_service.errors import invalid
from tests.google_service.masks import Mask, merged, parse_mask
from tests.google_service.moving import rename_in_formulas
from tests.google_service.shapes import Object
from tests.google_service.state import COLUMNS, ROWS, Sheet, Spreadsheet

#: Of `gridProperties`, what is kept as it is sent.
_GRID = (
    "frozenRowCount",
    "frozenColumnCount",
    "hideGridlines",
    "rowGroupControlAfter",
    "columnGroupControlAfter",
)
_OWN = ("hidden", "rightToLeft", "tabColor", "tabColorStyle")


def properties_of(spreadsheet: Spreadsheet, sheet: Sheet) -> Object:
    """Return a tab's SheetProperties as the service gives them."""
    grid = {
        "rowCount": len(sheet.rows),
        "columnCount": sheet.columns,
        **sheet.properties.get("gridProperties", {}),
    }
    return {
        "sheetId": sheet.sheet_id,
        "title": sheet.title,
        "index": spreadsheet.sheets.index(sheet),
        "sheetType": "GRID",
        "gridProperties": grid,
        **{name: sheet.properties[name] for name in _OWN if sheet.properties.get(name)},
    }


def add(spreadsheet: Spreadsheet, request: Object) -> Object:
    raw = request.get("properties") or {}
    title = raw.get("title") or _free_title(spreadsheet)
    _refuse_title(spreadsheet, title, None)
    sheet_id = raw.get("sheetId")
    if sheet_id is None:
        sheet_id = spreadsheet.new_id()
    elif any(sheet.sheet_id == sheet_id for sheet in spreadsheet.sheets):
        raise invalid(f"A sheet with the id {sheet_id} already exists. Please select a different id.")
    sheet = Sheet(sheet_id=sheet_id, title=title, rows=[{}] * ROWS, columns=COLUMNS)
    at = raw.get("index", len(spreadsheet.sheets))
    if at > len(spreadsheet.sheets):
        raise invalid(f"Sheet index must be between 0 and {len(spreadsheet.sheets)}.")
    spreadsheet.sheets.insert(at, sheet)
    set_properties(spreadsheet, sheet, raw, mask={"*": {}})
    spreadsheet.refuse_too_many_cells()
    return {"properties": properties_of(spreadsheet, sheet)}


def _free_title(spreadsheet: Spreadsheet) -> str:
    number = len(spreadsheet.sheets) + 1
    while spreadsheet.titled(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


def _refuse_title(spreadsheet: Spreadsheet, title: str, own: Sheet | None) -> None:
    other = spreadsheet.titled(title)
    if other is not None and other is not own:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')
    if not title or len(title) > 100:
        raise invalid("A sheet's name must have 1 to 100 characters.")


def set_properties(spreadsheet: Spreadsheet, sheet: Sheet, raw: Object, *, mask: Mask) -> None:
    """Set what a mask names of a tab's properties."""
    everything = "*" in mask
    if "gridProperties" in mask or everything:
        grid = raw.get("gridProperties") or {}
        _set_grid(sheet, grid, mask.get("gridProperties") or {"*": {}})
    if ("title" in mask or everything) and raw.get("title"):
        _refuse_title(spreadsheet, raw["title"], sheet)
        old, sheet.title = sheet.title, raw["title"]
        rename_in_formulas(spreadsheet, old, sheet.title)
    names = twinned(frozenset(_OWN if everything else mask))
    own_mask: Mask = {name: {} for name in _OWN if name in names}
    changed = merged(sheet.properties, settled_object(_colorless(raw)), own_mask)
    sheet.properties = {name: value for name, value in changed.items() if value}


def _colorless(raw: Object) -> Object:
    """A colour without a colour in it takes the colour away."""
    tab_color = raw.get("tabColorStyle") or {}
    if tab_color and not any(tab_color.values()):
        return {name: value for name, value in raw.items() if name != "tabColorStyle"}
    return raw


def _set_grid(sheet: Sheet, raw: Object, mask: Mask) -> None:
    everything = "*" in mask
    rows = raw.get("rowCount") if everything or "rowCount" in mask else None
    columns = raw.get("columnCount") if everything or "columnCount" in mask else None
    sheet.resize(len(sheet.rows) if rows is None else rows, sheet.columns if columns is None else columns)
    grid = merged(
        sheet.properties.get("gridProperties", {}),
        raw,
        {name: {} for name in _GRID if everything or name in mask},
    )
    if grid.get("frozenRowCount", 0) >= len(sheet.rows) or grid.get("frozenColumnCount", 0) >= sheet.columns:
        raise invalid("You can't freeze all visible rows or columns on the sheet.")
    sheet.properties = {
        **sheet.properties,
        "gridProperties": {name: value for name, value in grid.items() if value},
    }


def update(spreadsheet: Spreadsheet, request: Object) -> None:
    raw, mask = request["properties"], parse_mask(request["fields"])
    sheet = spreadsheet.sheet(raw.get("sheetId", 0))
    set_properties(spreadsheet, sheet, raw, mask=mask)
    if "index" in mask:
        _reorder(spreadsheet, sheet, raw.get("index", 0))
    if all(other.properties.get("hidden") for other in spreadsheet.sheets):
        raise invalid("You can't hide all the sheets in a document.")
    spreadsheet.refuse_too_many_cells()


def _reorder(spreadsheet: Spreadsheet, sheet: Sheet, to: int) -> None:
    """Move a tab; places are those before the move."""
    now = spreadsheet.sheets.index(sheet)
    if to > len(spreadsheet.sheets):
        raise invalid("Sheet index is out of bounds.")
    if to in (now, now + 1):
        return
    spreadsheet.sheets.pop(now)
    spreadsheet.sheets.insert(to if to < now else to - 1, sheet)


def delete(spreadsheet: Spreadsheet, request: Object) -> None:
    gone = spreadsheet.sheet(request.get("sheetId", 0))
    if len(spreadsheet.sheets) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    spreadsheet.sheets.remove(gone)
    if all(other.properties.get("hidden") for other in spreadsheet.sheets):
        raise invalid("You can't remove all the visible sheets in a document.")
    spreadsheet.named_ranges = [
        entry for entry in spreadsheet.named_ranges if entry["range"].get("sheetId", 0) != gone.sheet_id
    ]
    spreadsheet.metadata = {
        key: entry for key, entry in spreadsheet.metadata.items() if _place(entry) != gone.sheet_id
    }
    rename_in_formulas(spreadsheet, gone.title, None)


def _place(entry: Object) -> object:
    location = entry["location"]
    return location.get("sheetId", location.get("dimensionRange", {}).get("sheetId"))


def duplicate(spreadsheet: Spreadsheet, request: Object) -> Object:
    source = spreadsheet.sheet(request.get("sourceSheetId", 0))
    copy = source.clone()
    copy.sheet_id = request.get("newSheetId") or spreadsheet.new_id()
    title = request.get("newSheetName") or f"Copy of {source.title}"
    _refuse_title(spreadsheet, title, None)
    copy.title = title
    spreadsheet.sheets.insert(request.get("insertSheetIndex", 0), copy)
    spreadsheet.refuse_too_many_cells()
    return {"properties": properties_of(spreadsheet, copy)}


def update_spreadsheet(spreadsheet: Spreadsheet, request: Object) -> None:
    raw, mask = request["properties"], parse_mask(request["fields"])
    whole = "*" in mask
    spreadsheet.title = raw.get("title", "") if "title" in mask or whole else spreadsheet.title
    spreadsheet.locale = raw.get("locale", "") if "locale" in mask or whole else spreadsheet.locale
    spreadsheet.time_zone = raw.get("timeZone", "") if "timeZone" in mask or whole else spreadsheet.time_zone
    if not spreadsheet.locale or not spreadsheet.time_zone:
        raise invalid("Unsupported locale or time zone.")
    others: Mask = {
        name: inner for name, inner in mask.items() if name not in ("title", "locale", "timeZone")
    }
    spreadsheet.settings = (
        merged(spreadsheet.settings, settled_object(raw), others) if others else spreadsheet.settings
    )


HANDLERS = {
    "addSheet": add,
    "updateSheetProperties": update,
    "deleteSheet": delete,
    "duplicateSheet": duplicate,
    "updateSpreadsheetProperties": update_spreadsheet,
}
