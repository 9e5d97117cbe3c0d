from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.google_service.client import connect
from tests.google_service.edits import (
    DeleteColumns,
    DeleteRows,
    DeleteTab,
    Edit,
    Filter,
    InsertColumns,
    InsertRows,
    MoveColumn,
    MoveRow,
    RenameTab,
    Requests,
    Sort,
    Type,
)
from tests.google_service.errors import Refusal
from tests.google_service.service import Service
from tests.google_service.shapes import Object

#: The ranges begin in the header's row: nothing that is inserted below it lets them slip.
STAGE = '=ARRAYFORMULA(IF(ROW(B1:B)=ROW(B1), "Stage", IFNA(XLOOKUP(B1:B, _results!A:A, _results!B:B))))'
CLIENTS = ["Ana", "Bea", "Carla", "Dora", "Eva"]


def _sales(google: Service) -> str:
    """A tab whose first column looks up a stage by the client in the second."""
    rows: list[list[object]] = [[STAGE, "Client", "Amount"]]
    rows += [[None, client, number * 100] for number, client in enumerate(CLIENTS)]
    results = [["Key", "Stage"], *([client, f"stage of {client}"] for client in CLIENTS)]
    return google.make(tabs={"Objectives": rows, "_results": results}, grid_rows=12)


def _stages(google: Service, key: str, tab: str = "Objectives") -> dict[object, object]:
    """What stands beside each client, whatever column it is in now."""
    rows = [[*row, *[""] * 8] for row in google.values(key, tab)]
    client, stage = rows[0].index("Client"), rows[0].index("Stage")
    return {row[client]: row[stage] for row in rows[1:] if row[client]}


@pytest.mark.parametrize(
    "edit",
    [
        InsertRows(tab="Objectives", at=3, count=2),
        DeleteRows(tab="Objectives", at=2),
        InsertColumns(tab="Objectives", at="A"),
        InsertColumns(tab="Objectives", at="C"),
        DeleteColumns(tab="Objectives", at="C"),
        Sort(tab="Objectives", by="C", descending=True),
        MoveColumn(tab="Objectives", column="B", before="A"),
        MoveColumn(tab="Objectives", column="A", before="E"),
        MoveRow(tab="Objectives", row=2, before=5),
        Filter(tab="Objectives", column="B", hide=("Ana",)),
        Type(tab="Objectives", cell="C3", value="1,500"),
        RenameTab(tab="_results", to="Clara's results"),
        Requests(({"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 3, "endIndex": 4}}},)),
    ],
    ids=repr,
)
def test_after_an_edit_every_result_stands_beside_its_client(google: Service, edit: Edit) -> None:
    key = _sales(google)
    google.edit(key, edit)
    stages = _stages(google, key)
    assert len(stages) >= 4
    assert stages == {client: f"stage of {client}" for client in stages}


EDITS = st.one_of(
    st.builds(InsertRows, tab=st.just("Objectives"), at=st.integers(2, 8), count=st.integers(1, 2)),
    st.builds(MoveRow, tab=st.just("Objectives"), row=st.integers(2, 8), before=st.integers(2, 9)),
    st.builds(Sort, tab=st.just("Objectives"), by=st.sampled_from("ABC"), descending=st.booleans()),
    st.builds(InsertColumns, tab=st.just("Objectives"), at=st.integers(1, 4)),
    st.builds(MoveColumn, tab=st.just("Objectives"), column=st.integers(1, 4), before=st.integers(1, 5)),
)


@given(edits=st.lists(EDITS, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_people_do_no_result_stands_on_a_wrong_row(google: Service, edits: list[Edit]) -> None:
    key = _sales(google)
    before = sorted(
        cell for row in google.typed(key, "Objectives") for cell in row if isinstance(cell, str) and cell
    )
    for edit in edits:
        try:
            google.edit(key, edit)
        except Refusal:
            continue
    after = sorted(
        cell for row in google.typed(key, "Objectives") for cell in row if isinstance(cell, str) and cell
    )
    assert after == before
    assert _stages(google, key) == {client: f"stage of {client}" for client in CLIENTS}


def test_ranges_that_begin_below_the_header_slip_when_a_row_is_inserted_there(google: Service) -> None:
    """As in the service, which is why no look-up of ours may begin below its header."""
    stage = '={"Stage"; ARRAYFORMULA(IFNA(XLOOKUP(B2:B, _results!A:A, _results!B:B)))}'
    key = google.make(tabs={"O": [[stage, "Client"], [None, "Ana"]], "_results": [["Ana", "Best Few"]]})
    google.edit(key, InsertRows(tab="O", at=2))
    assert google.formulas(key, "O")[0][0] == stage.replace("B2:B", "B3:B")
    assert [row[0] for row in google.values(key, "O")] == ["Stage", "Best Few", ""]


def test_edits_come_before_or_after_the_write_that_they_wait_for(google: Service, key_file: Path) -> None:
    key = _sales(google)
    http = connect(google.url, key_file).http_client
    google.edits.before_next_write(key, InsertRows(tab="Objectives", at=2))
    google.edits.after_next_read(key, Type(tab="Objectives", cell="C9", value="after reading"))
    assert len(http.values_get(key, "Objectives!B2:B")["values"]) == 5
    assert google.values(key, "Objectives")[8][2] == "after reading"
    http.values_update(key, "Objectives!C2", params={"valueInputOption": "RAW"}, body={"values": [["x"]]})
    assert google.values(key, "Objectives")[1] == ["", "", "x"]
    assert google.values(key, "Objectives")[2] == ["stage of Ana", "Ana", 0]
    google.edits.before_next_read(key, DeleteTab(tab="nowhere"))
    http.values_get(key, "Objectives!B2:B")
    assert "nowhere" in google.edits.refused[0]


def test_what_is_attached_to_a_column_goes_along_with_it(google: Service, key_file: Path) -> None:
    key = _sales(google)
    http = connect(google.url, key_file).http_client
    column = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    name_range = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 1,
        "startColumnIndex": 1,
        "endColumnIndex": 2,
    }
    stamp: Object = {
        "metadataKey": "client",
        "location": {"dimensionRange": column},
        "visibility": "DOCUMENT",
    }
    rule: Object = {
        "ranges": [{"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 2}],
        "booleanRule": {"condition": {"type": "BLANK"}, "format": {"textFormat": {"bold": True}}},
    }
    http.batch_update(
        key,
        {
            "requests": [
                {"createDeveloperMetadata": {"developerMetadata": {**stamp, "metadataId": 77}}},
                {"addNamedRange": {"namedRange": {"name": "client", "range": name_range}}},
                {"addConditionalFormatRule": {"rule": rule, "index": 0}},
            ]
        },
    )
    google.edit(
        key, InsertColumns(tab="Objectives", at="A"), MoveColumn(tab="Objectives", column="C", before="F")
    )
    found = http.request(
        "post",
        f"https://sheets.googleapis.com/v4/spreadsheets/{key}/values:batchGetByDataFilter",
        json={"dataFilters": [{"developerMetadataLookup": {"metadataKey": "client"}}]},
    ).json()
    assert found["valueRanges"][0]["valueRange"]["range"] == "Objectives!E1:E12"
    assert [row[0] for row in found["valueRanges"][0]["valueRange"]["values"]] == ["Client", *CLIENTS]
    assert http.values_get(key, "client")["values"] == [["Client"]]
    ranges = google.sheet(key, "Objectives").lists["conditionalFormats"][0]["ranges"]
    assert ranges[0]["startColumnIndex"] == 4
    google.edit(key, DeleteColumns(tab="Objectives", at="E"))
    assert not google.spreadsheet(key).metadata
    assert not google.spreadsheet(key).named_ranges
    assert not google.sheet(key, "Objectives").lists["conditionalFormats"]


def test_a_sort_by_what_a_formula_shows_leaves_nothing_shown_from_before(google: Service) -> None:
    key = google.make(tabs={"List": [["Client", "=ARRAYFORMULA(A1:A)"], ["Bea"], ["Ana"]]}, grid_rows=10)
    google.edit(key, Sort(tab="List", by="B"))
    assert google.values(key, "List") == [["Client", "Client"], ["Ana", "Ana"], ["Bea", "Bea"]]
