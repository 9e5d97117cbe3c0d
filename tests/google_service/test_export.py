from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

from tests.google_service.edits import Requests
from tests.google_service.service import Service
from tests.google_service.shapes import Object

HEADER = '=ARRAYFORMULA(IF(ROW(B1:B)=ROW(B1), "Stage", IFNA(XLOOKUP(B1:B, _results!A:A, _results!B:B))))'
TINT = {"red": 0.9, "green": 0.95, "blue": 1}


def _grid(**ends: int) -> Object:
    return {"sheetId": 0, **ends}


def _set_up(google: Service) -> str:
    """A sheet with one of each look that a set-up gives."""
    note = "A long note that is wrapped within its column"
    rows: list[list[object]] = [
        [HEADER, "Client", "Amount", "When", "Note"],
        [None, "Ana", 1234.5, date(2026, 3, 2), note],
        [None, "Bea", 10],
    ]
    results = [["Ana", "Best Few"], ["Bea", "Universe"]]
    key = google.make(tabs={"Objectives": rows, "_results": results}, grid_rows=9)
    google.edit(key, Requests((*_looks(), *_lines(), *_rules())))
    return key


def _looks() -> list[Object]:
    bold = {"textFormat": {"bold": True, "foregroundColor": TINT}, "backgroundColor": {"blue": 0.4}}
    amounts = {"numberFormat": {"type": "NUMBER", "pattern": "#,##0.00"}, "horizontalAlignment": "RIGHT"}
    wrapped = {"wrapStrategy": "WRAP"}
    places: list[tuple[Object, Object]] = [
        (_grid(startRowIndex=0, endRowIndex=1), bold),
        (_grid(startRowIndex=1, startColumnIndex=2, endColumnIndex=3), amounts),
        (_grid(startRowIndex=1, startColumnIndex=4, endColumnIndex=5), wrapped),
    ]
    return [
        {
            "repeatCell": {
                "range": where,
                "cell": {"userEnteredFormat": look},
                "fields": f"userEnteredFormat({','.join(look)})",
            }
        }
        for where, look in places
    ]


def _lines() -> list[Object]:
    frozen = {"sheetId": 0, "gridProperties": {"frozenRowCount": 1, "frozenColumnCount": 2}}
    wide = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 4, "endIndex": 5}
    gone = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 6, "endIndex": 7}
    merged = _grid(startRowIndex=6, endRowIndex=7, startColumnIndex=0, endColumnIndex=4)
    grid = "gridProperties(frozenRowCount,frozenColumnCount)"
    return [
        {"updateSheetProperties": {"properties": frozen, "fields": grid}},
        {"updateSheetProperties": {"properties": {"sheetId": 1, "hidden": True}, "fields": "hidden"}},
        {
            "updateDimensionProperties": {
                "range": wide,
                "properties": {"pixelSize": 210},
                "fields": "pixelSize",
            }
        },
        {"updateDimensionProperties": {"range": gone, "properties": {"hiddenByUser": True}, "fields": "*"}},
        {"mergeCells": {"range": merged, "mergeType": "MERGE_ALL"}},
    ]


def _rules() -> list[Object]:
    clients = _grid(startRowIndex=1, endRowIndex=3, startColumnIndex=1, endColumnIndex=2)
    choice = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Ana"}, {"userEnteredValue": "Bea"}]}
    is_best = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "Best Few"}]}
    green = {"condition": is_best, "format": {"backgroundColor": {"green": 1}}}
    stages = [_grid(startRowIndex=1, startColumnIndex=0, endColumnIndex=1)]
    band = {"range": _grid(startColumnIndex=0, endColumnIndex=5), "rowProperties": {"secondBandColor": TINT}}
    return [
        {"setDataValidation": {"range": clients, "rule": {"condition": choice}}},
        {"addBanding": {"bandedRange": band}},
        {"addConditionalFormatRule": {"index": 0, "rule": {"ranges": stages, "booleanRule": green}}},
    ]


def test_an_exported_workbook_holds_what_the_sheet_shows(google: Service, tmp_path: Path) -> None:
    book = load_workbook(google.export(_set_up(google), tmp_path / "sheet.xlsx"))
    tab = book["Objectives"]
    assert [cell.value for cell in tab["A"]][:3] == ["Stage", "Best Few", "Universe"]
    assert [cell.value for cell in tab[2]][1:4] == ["Ana", 1234.5, datetime(2026, 3, 2)]  # noqa: DTZ001
    assert (tab["A1"].font.b, tab["A1"].fill.start_color.rgb) == (True, "00000066")
    assert (tab["C2"].number_format, tab["D2"].number_format) == ("#,##0.00", "yyyy-mm-dd")
    assert (tab["E2"].alignment.wrap_text, tab.column_dimensions["E"].width) == (True, 30)
    assert tab.column_dimensions["G"].hidden
    assert (tab.freeze_panes, book["_results"].sheet_state) == ("C2", "hidden")
    assert [str(one) for one in tab.merged_cells.ranges] == ["A7:D7"]
    assert [str(one.sqref) for one in tab.data_validations.dataValidation] == ["B2:B3"]
    assert len(tab.conditional_formatting) == 1
    assert tab["B2"].fill.start_color.rgb == "00E5F2FF"
