"""Developer metadata by batchUpdate."""

from __future__ import annotations

from tests.google_service import metadata
from tests.google_service.shapes import Object
from tests.google_service.state import Spreadsheet


def create(spreadsheet: Spreadsheet, request: Object) -> Object:
    return {"developerMetadata": metadata.create(spreadsheet, request["developerMetadata"])}


def update(spreadsheet: Spreadsheet, request: Object) -> Object:
    found = metadata.update(spreadsheet, request)
    return {"developerMetadata": found} if found else {}


def delete(spreadsheet: Spreadsheet, request: Object) -> Object:
    found = metadata.delete(spreadsheet, request["dataFilter"])
    return {"deletedDeveloperMetadata": found} if found else {}


HANDLERS = {
    "createDeveloperMetadata": create,
    "updateDeveloperMetadata": update,
    "deleteDeveloperMetadata": delete,
}
