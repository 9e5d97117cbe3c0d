"""What ``spreadsheets.get`` tells of a blank sheet, and of a workbook that was uploaded and saved as one."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import range_to_tuple
from openpyxl.utils.datetime import to_excel

from sheetfunnel.template.build import assemble
from sheetfunnel.template.google.set_up import set_up_requests, sheet_words
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout
from tests.template.books import opened

Json = dict[str, Any]

BLANK: Json = {
    "properties": {"title": "Untitled spreadsheet", "locale": "en_US", "timeZone": "Europe/Madrid"},
    "sheets": [
        {"properties": {"sheetId": 0, "title": "Sheet1", "index": 0, "sheetType": "GRID"}, "data": [{}]}
    ],
}


def set_up(existing: Json, language: str = "en") -> list[Json]:
    """Return the requests that set a sheet up in a language."""
    words = sheet_words(labels(language))
    return set_up_requests(assemble(layout(), words), existing, words)


def uploaded(path: Path) -> Json:
    """Return what is told of an Excel workbook that was saved as a Google Sheet."""
    book = opened(path)
    ids = {sheet.title: 1000 + at for at, sheet in enumerate(book.worksheets)}
    sheets = [
        {
            "properties": {
                "sheetId": ids[sheet.title],
                "title": sheet.title,
                "index": at,
                "sheetType": "GRID",
            },
            "data": [{"rowData": [{"values": [_cell(cell) for cell in row]} for row in sheet.values]}],
        }
        for at, sheet in enumerate(book.worksheets)
    ]
    names = [
        {"name": name, "range": area(str(each.attr_text), ids)} for name, each in book.defined_names.items()
    ]
    return {"properties": BLANK["properties"], "sheets": sheets, "namedRanges": names}


def area(reference: str, ids: dict[str, int]) -> Json:
    """Return the GridRange of a reference; ``ids`` are the numbers of the tabs by title."""
    title, (left, top, right, bottom) = range_to_tuple(reference)
    return {
        "sheetId": ids[title],
        "startRowIndex": int(top or 0) - 1,
        "endRowIndex": bottom,
        "startColumnIndex": int(left or 0) - 1,
        "endColumnIndex": right,
    }


def _cell(value: object) -> Json:
    if value is None:
        return {}
    held = _value(value)
    return {"userEnteredValue": held, "effectiveValue": held}


def _value(value: object) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, datetime | date):
        return {"numberValue": to_excel(value)}  # type: ignore[no-untyped-call]
    return {"numberValue": value} if isinstance(value, int | float) else {"stringValue": str(value)}
