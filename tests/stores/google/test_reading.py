from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sheetfunnel.stores.google.reading import read_answer
from sheetfunnel.workbook.contract import Cell, Grid, Place, Snapshot

NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def cell(value: object, kind: str = "", formula: str = "") -> dict[str, Any]:
    name = {bool: "boolValue", str: "stringValue"}.get(type(value), "numberValue")
    told: dict[str, Any] = {"effectiveValue": {name: value}}
    if kind:
        told["effectiveFormat"] = {"numberFormat": {"type": kind}}
    if formula:
        told["userEnteredValue"] = {"formulaValue": formula}
    return told


def answer(*rows: list[dict[str, Any]], zone: str = "Etc/GMT", **more: object) -> dict[str, Any]:
    sheet = {
        "properties": {"sheetId": 7, "title": "A", "gridProperties": {"rowCount": 9, "columnCount": 3}},
        "data": [{"rowData": [{"values": row} if row else {} for row in rows]}],
    }
    return {"properties": {"timeZone": zone}, "sheets": [sheet | more]}


def grid(*rows: list[dict[str, Any]], merges: object = ()) -> Grid:
    return read_answer(answer(*rows, merges=merges), now=NOW).snapshot.tabs["A"]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (cell("0042"), "0042"),
        (cell(42), 42),
        (cell(0.5), 0.5),
        (cell(value=False), False),
        (cell(""), None),
        ({}, None),
        (cell(46083, "DATE"), date(2026, 3, 2)),
        (cell(46083.5, "DATE_TIME"), datetime(2026, 3, 2, 12)),  # noqa: DTZ001 - cells know no time zone
        (cell(46083, "CURRENCY"), 46083),
        (cell(-3, "DATE"), -3),
        (cell(0.25, "TIME"), 0.25),
        ({"effectiveValue": {"errorValue": {"type": "N_A"}}}, "#N/A"),
        ({"effectiveValue": {"errorValue": {"type": "SOMETHING_NEW"}}}, "#ERROR!"),
    ],
)
def test_a_cell_is_read_with_its_type(told: dict[str, Any], meant: Cell) -> None:
    read = grid([told, cell("end")]).at(1, 1)
    assert read == meant
    assert type(read) is type(meant)


def test_what_the_look_ups_fill_with_empty_texts_is_not_used() -> None:
    assert grid([cell("Client"), cell("Key")], [cell("Ana"), cell("Ana")], [{}, cell("")], []).rows == [
        ["Client", "Key"],
        ["Ana", "Ana"],
    ]


def test_formulas_and_what_lies_under_a_merge_are_known() -> None:
    merged = [{"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}]
    read = grid([cell(3, formula="=1+2"), cell("over two")], merges=merged)
    assert read.formulas == {(1, 1)}
    assert read.covered == {(2, 2)}


def test_a_look_up_that_cannot_spill_still_says_its_header() -> None:
    broken = {
        "effectiveValue": {"errorValue": {"type": "REF"}},
        "userEnteredValue": {"formulaValue": '=ARRAYFORMULA(IF(ROW(A1:A)=ROW(A1),"The ""Stage""",C1:C))'},
    }
    assert grid([broken]).at(1, 1) == 'The "Stage"'


def test_names_of_single_cells_are_places_and_others_are_left_out() -> None:
    one = {"startRowIndex": 3, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 2}
    many = {"endRowIndex": 9, "startColumnIndex": 1, "endColumnIndex": 2}
    told = answer([cell("x")]) | {
        "namedRanges": [
            {"name": "sf_client", "range": {"sheetId": 7, **one}},
            {"name": "list", "range": {"sheetId": 7, **many}},
            {"name": "gone", "range": {"sheetId": 8, **one}},
        ]
    }
    assert read_answer(told, now=NOW).snapshot.names == {"sf_client": Place(tab="A", row=4, column=2)}


def _snapshot(told: dict[str, Any]) -> Snapshot:
    return read_answer(told, now=NOW).snapshot


def test_the_day_is_that_of_the_sheets_time_zone() -> None:
    assert _snapshot(answer(zone="America/New_York")).today == date(2026, 3, 2)
    assert _snapshot(answer(zone="Asia/Tokyo")).today == date(2026, 3, 3)
    assert _snapshot(answer(zone="GMT-07:00 or so")).today is None


def test_the_revision_changes_with_a_cell_and_with_a_writing() -> None:
    stamp = {"metadataId": 1, "metadataKey": "sheetfunnel.run", "metadataValue": "1 abc"}
    first = _snapshot(answer([cell("x")])).revision
    assert _snapshot(answer([cell("x")])).revision == first
    assert _snapshot(answer([cell("y")])).revision != first
    assert _snapshot(answer([cell("x")]) | {"developerMetadata": [stamp]}).revision != first


def test_charts_on_a_sheet_of_their_own_are_no_tab() -> None:
    told = answer([cell("x")])
    told["sheets"].append({"properties": {"sheetId": 9, "title": "Chart", "sheetType": "OBJECT"}})
    assert list(_snapshot(told).tabs) == ["A"]
