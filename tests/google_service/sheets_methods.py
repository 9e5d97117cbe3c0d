"""The methods of Sheets v4, on the state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from tests.google_service import metadata
from tests.google_service.call import Call
from tests.google_service.discovery import document
from tests.google_service.errors import invalid
from tests.google_service.masks import masked, parse_mask, unknown_name
from tests.google_service.ranges import a1
from tests.google_service.requests_ import batch, tabs
from tests.google_service.shapes import Object
from tests.google_service.spreadsheets import describe, shorn
from tests.google_service.state import Sheet, Spreadsheet, blank
from tests.google_service.tables import append
from tests.google_service.values import (
    Written,
    clear,
    clear_box,
    filtered,
    rendering_of,
    value_range,
    values_of,
    write,
)

if TYPE_CHECKING:
    from tests.google_service.service import Service

#: A method works on a clone of the spreadsheet, if it writes, and returns the answer.
Handler: TypeAlias = "Callable[[Spreadsheet, Call, date], Object]"


def get(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    fields = call.query.get("fields")
    mask = None
    if fields:
        mask = parse_mask(fields)
        unknown = unknown_name(mask, document("sheets")["schemas"], {"$ref": "Spreadsheet"})
        if unknown:
            raise invalid(f"Request contains an invalid argument: field mask names '{unknown}'.")
    with_data = str(call.query.get("includeGridData", "false")).lower() == "true"
    return describe(spreadsheet, today, mask=mask, ranges=call.ranges, data=with_data)


def get_by_filter(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    places = [place for one in call.body.get("dataFilters") or [] for place in filtered(spreadsheet, one)]
    ranges = [a1(sheet.title, sheet.clipped(box)) for sheet, box in places]
    fields = call.query.get("fields")
    mask = parse_mask(fields) if fields else None
    return describe(spreadsheet, today, mask=mask, ranges=ranges, data=bool(call.body.get("includeGridData")))


def create(service: Service, call: Call) -> Object:
    """Make a new spreadsheet with the tabs that the body gives."""
    service.refuse_storage(call.user)
    properties = call.body.get("properties") or {}
    title = properties.get("title") or "Untitled spreadsheet"
    file = service.add_file(title, "application/vnd.google-apps.spreadsheet", owner=call.user)
    spreadsheet = blank(file.id, title)
    spreadsheet.owner = spreadsheet.editor = call.user
    spreadsheet.locale = properties.get("locale") or spreadsheet.locale
    spreadsheet.time_zone = properties.get("timeZone") or spreadsheet.time_zone
    wanted = call.body.get("sheets") or []
    if wanted:
        spreadsheet.sheets = []
    for raw in wanted:
        tabs.add(spreadsheet, {"properties": raw.get("properties") or {}})
    service.spreadsheets[file.id] = spreadsheet
    return describe(spreadsheet, service.today(spreadsheet))


def batch_update(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    replies = batch.apply(spreadsheet, call.body.get("requests") or [])
    answer: Object = {"spreadsheetId": spreadsheet.id, "replies": [shorn(reply) for reply in replies]}
    if call.body.get("includeSpreadsheetInResponse"):
        ranges = call.body.get("responseRanges") or []
        data = bool(call.body.get("responseIncludeGridData"))
        answer["updatedSpreadsheet"] = describe(spreadsheet, today, ranges=ranges, data=data)
    return answer


def values_get(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    return value_range(spreadsheet, call.path["range"], rendering_of(call.query), today=today)


def values_batch_get(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    rendering = rendering_of(call.query)
    found = [value_range(spreadsheet, text, rendering, today=today) for text in call.ranges]
    return {"spreadsheetId": spreadsheet.id, **({"valueRanges": found} if found else {})}


def values_by_filter(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    rendering = rendering_of(call.body)
    found: list[Object] = []
    for one in call.body.get("dataFilters") or []:
        for sheet, box in filtered(spreadsheet, one):
            values = values_of(spreadsheet, sheet, sheet.clipped(box), rendering=rendering, today=today)
            found.append({"valueRange": values, "dataFilters": [one]})
    return {"spreadsheetId": spreadsheet.id, **({"valueRanges": found} if found else {})}


def _input_option(options: Object) -> str:
    option = options.get("valueInputOption")
    if option not in ("RAW", "USER_ENTERED"):
        raise invalid("'valueInputOption' is required but not specified")
    return str(option)


def values_update(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    written = write(spreadsheet, call.path["range"], call.body, option=_input_option(call.query))
    answer = written.answer(spreadsheet.id)
    return {**answer, **_echo(spreadsheet, written, call.query, today=today)}


def _echo(spreadsheet: Spreadsheet, written: Written, options: Object, *, today: date) -> Object:
    if str(options.get("includeValuesInResponse", "false")).lower() != "true":
        return {}
    rendering = rendering_of(options, "response")
    return {
        "updatedData": values_of(spreadsheet, written.sheet, written.box, rendering=rendering, today=today)
    }


def values_batch_update(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    option = _input_option(call.body)
    data = call.body.get("data") or []
    written = [write(spreadsheet, one.get("range", ""), one, option=option) for one in data]
    return _totals(spreadsheet, written, [_echo(spreadsheet, one, call.body, today=today) for one in written])


def _totals(spreadsheet: Spreadsheet, written: list[Written], echoes: list[Object]) -> Object:
    totals = {
        "totalUpdatedRows": sum(one.rows for one in written),
        "totalUpdatedColumns": len({(one.sheet.sheet_id, at) for one in written for at in one.touched}),
        "totalUpdatedCells": sum(one.cells for one in written),
        "totalUpdatedSheets": len({one.sheet.sheet_id for one in written if one.cells}),
    }
    responses = [{**one.answer(spreadsheet.id), **echo} for one, echo in zip(written, echoes, strict=True)]
    counted = {name: count for name, count in totals.items() if count}
    return {"spreadsheetId": spreadsheet.id, **counted, **({"responses": responses} if responses else {})}


def values_update_by_filter(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    option = _input_option(call.body)
    written: list[Written] = []
    for one in call.body.get("data") or []:
        for sheet, box in filtered(spreadsheet, one["dataFilter"]):
            written.append(write(spreadsheet, a1(sheet.title, sheet.clipped(box)), one, option=option))
    del today
    totals = _totals(spreadsheet, written, [{} for _ in written])
    for response in totals.get("responses", []):
        response.pop("spreadsheetId", None)
    return totals


def values_append(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    _input_option(call.query)
    table, written = append(spreadsheet, call.path["range"], call.body, query=call.query)
    updates = {**written.answer(spreadsheet.id), **_echo(spreadsheet, written, call.query, today=today)}
    return {"spreadsheetId": spreadsheet.id, **table, "updates": updates}


def values_clear(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    del today
    return {"spreadsheetId": spreadsheet.id, "clearedRange": clear(spreadsheet, call.path["range"])}


def values_batch_clear(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    del today
    cleared = [clear(spreadsheet, text) for text in call.body.get("ranges") or []]
    return {"spreadsheetId": spreadsheet.id, **({"clearedRanges": cleared} if cleared else {})}


def values_clear_by_filter(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    del today
    cleared: list[str] = []
    for one in call.body.get("dataFilters") or []:
        for sheet, box in filtered(spreadsheet, one):
            clear_box(sheet, sheet.clipped(box))
            cleared.append(a1(sheet.title, sheet.clipped(box)))
    return {"spreadsheetId": spreadsheet.id, **({"clearedRanges": cleared} if cleared else {})}


def metadata_get(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    del today
    return metadata.get(spreadsheet, int(call.path["metadataId"]))


def metadata_search(spreadsheet: Spreadsheet, call: Call, today: date) -> Object:
    del today
    return metadata.search(spreadsheet, call.body)


def copy_to(service: Service, call: Call) -> Object:
    """Copy a tab into another spreadsheet."""
    source = service.opened(call).sheet(int(call.path["sheetId"]))
    target = service.reached(call.body.get("destinationSpreadsheetId") or "", call, writing=True).clone()
    copy: Sheet = source.clone()
    copy.sheet_id = target.new_id()
    copy.title, number = f"Copy of {source.title}", 1
    while target.titled(copy.title):
        number += 1
        copy.title = f"Copy of {source.title} {number}"
    target.sheets.append(copy)
    service.spreadsheets[target.id] = target
    return tabs.properties_of(target, copy)


def narrowed(answer: Object, call: Call) -> Object:
    """Return the part of an answer that `fields` asks for."""
    fields = call.query.get("fields")
    if not fields or call.method.id == "spreadsheets.get":
        return answer
    result = masked(answer, parse_mask(fields))
    return result if isinstance(result, dict) else {}


METHODS: dict[str, Handler] = {
    "spreadsheets.get": get,
    "spreadsheets.getByDataFilter": get_by_filter,
    "spreadsheets.batchUpdate": batch_update,
    "spreadsheets.values.get": values_get,
    "spreadsheets.values.batchGet": values_batch_get,
    "spreadsheets.values.batchGetByDataFilter": values_by_filter,
    "spreadsheets.values.update": values_update,
    "spreadsheets.values.batchUpdate": values_batch_update,
    "spreadsheets.values.batchUpdateByDataFilter": values_update_by_filter,
    "spreadsheets.values.append": values_append,
    "spreadsheets.values.clear": values_clear,
    "spreadsheets.values.batchClear": values_batch_clear,
    "spreadsheets.values.batchClearByDataFilter": values_clear_by_filter,
    "spreadsheets.developerMetadata.get": metadata_get,
    "spreadsheets.developerMetadata.search": metadata_search,
}
