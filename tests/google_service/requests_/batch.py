"""One batchUpdate: all of its requests, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tests.google_service.discovery import document
from tests.google_service.errors import Refusal, invalid
from tests.google_service.masks import parse_mask, unknown_name
from tests.google_service.requests_ import (
    cells,
    charts,
    dimensions,
    looks,
    naming,
    pasting,
    sorting,
    stamps,
    tabs,
)
from tests.google_service.shapes import Object
from tests.google_service.state import Spreadsheet

Handler: TypeAlias = "Callable[[Spreadsheet, Object], Object | None]"

HANDLERS: dict[str, Handler] = {
    **tabs.HANDLERS,
    **cells.HANDLERS,
    **pasting.HANDLERS,
    **dimensions.HANDLERS,
    **sorting.HANDLERS,
    **looks.HANDLERS,
    **naming.HANDLERS,
    **charts.HANDLERS,
    **stamps.HANDLERS,
}

#: Where the thing that a mask speaks of stands in its request.
_MASKED = {
    "updateCells": "CellData",
    "appendCells": "CellData",
    "repeatCell": "CellData",
    "updateSheetProperties": "SheetProperties",
    "updateSpreadsheetProperties": "SpreadsheetProperties",
    "updateDimensionProperties": "DimensionProperties",
    "updateNamedRange": "NamedRange",
    "updateProtectedRange": "ProtectedRange",
    "updateBanding": "BandedRange",
    "updateDeveloperMetadata": "DeveloperMetadata",
    "updateEmbeddedObjectPosition": "OverlayPosition",
}


def apply(spreadsheet: Spreadsheet, requests: list[Object]) -> list[Object]:
    """Apply requests to a clone and return the replies; raise what refuses the first that cannot be."""
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_applied(spreadsheet, at, request) for at, request in enumerate(requests)]


def _applied(spreadsheet: Spreadsheet, at: int, request: Object) -> Object:
    set_names = [name for name, body in request.items() if body is not None]
    if len(set_names) != 1:
        raise invalid(f"Invalid requests[{at}]: exactly one kind of request must be set.")
    name = set_names[0]
    try:
        _check_mask(name, request[name])
        reply = _handler(name)(spreadsheet, request[name])
    except Refusal as refusal:
        raise Refusal(refusal.code, f"Invalid requests[{at}].{name}: {refusal}") from refusal
    spreadsheet.shown = None
    return {name: reply} if reply is not None else {}


def _handler(name: str) -> Handler:
    handler = HANDLERS.get(name)
    if handler is None:
        raise Refusal(501, f"The stand-in does not know {name}.")
    return handler


def _check_mask(name: str, body: Object) -> None:
    schema = _MASKED.get(name)
    if schema is None:
        return
    if not body.get("fields"):
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    schemas = document("sheets")["schemas"]
    unknown = unknown_name(parse_mask(body["fields"]), schemas, {"$ref": schema})
    if unknown:
        raise invalid(f"Invalid field: {unknown}")
