from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gspread
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.google_service.client import connect
from tests.google_service.discovery import check
from tests.google_service.edits import Type
from tests.google_service.json_schema import validator
from tests.google_service.service import Service
from tests.google_service.shapes import Object
from tests.shared import DATA, needs_shared


def _batch(google: Service, key_file: Path, key: str, *requests: Object) -> list[Object]:
    http = connect(google.url, key_file).http_client
    replies: list[Object] = http.batch_update(key, {"requests": list(requests)})["replies"]
    return replies


def _put(values: list[list[Object]], fields: str = "userEnteredValue", **where: int) -> Object:
    grid = {"sheetId": 0, "startRowIndex": 0, "startColumnIndex": 0, **where}
    return {"updateCells": {"range": grid, "fields": fields, "rows": [{"values": row} for row in values]}}


def _text(value: str) -> Object:
    return {"userEnteredValue": {"stringValue": value}}


def test_one_bad_request_and_nothing_of_the_batch_is_applied(google: Service, key_file: Path) -> None:
    key = google.make(tabs={"Objectives": [["Client"]]})
    with pytest.raises(
        gspread.exceptions.APIError, match=r"Invalid requests\[1\].deleteSheet: No grid with id: 99"
    ):
        _batch(google, key_file, key, _put([[_text("gone")]]), {"deleteSheet": {"sheetId": 99}})
    assert google.values(key, "Objectives") == [["Client"]]


def test_a_stamp_with_an_id_that_is_taken_fails_the_whole_batch(google: Service, key_file: Path) -> None:
    key = google.make(tabs={"Objectives": [["Client"]]})
    stamp: Object = {
        "createDeveloperMetadata": {
            "developerMetadata": {
                "metadataId": 4711,
                "metadataKey": "run",
                "location": {"spreadsheet": True},
                "visibility": "DOCUMENT",
            }
        }
    }
    _batch(google, key_file, key, _put([[_text("once")]]), stamp)
    with pytest.raises(gspread.exceptions.APIError, match="4711 already exists") as caught:
        _batch(google, key_file, key, _put([[_text("twice")]]), stamp)
    assert caught.value.response.status_code == 400
    assert google.values(key, "Objectives") == [["once"]]


def test_rows_replace_a_whole_range_and_what_they_do_not_cover_is_cleared(
    google: Service, key_file: Path
) -> None:
    key = google.make(tabs={"Objectives": [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]]})
    _batch(google, key_file, key, _put([[_text("=1+1")]], endRowIndex=2, endColumnIndex=2))
    assert google.values(key, "Objectives") == [["=1+1", "", "c"], ["", "", "f"], ["g", "h", "i"]]
    assert google.sheet(key, "Objectives").cell(0, 0).formula is None


def test_only_what_the_mask_names_is_written(google: Service, key_file: Path) -> None:
    key = google.make(tabs={"Objectives": [["a"]]})
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}, "backgroundColor": {"red": 1, "green": 0.5}}}
    _batch(
        google,
        key_file,
        key,
        _put([[bold]], "userEnteredFormat.textFormat.bold", endRowIndex=1, endColumnIndex=1),
    )
    cell = google.sheet(key, "Objectives").cell(0, 0)
    assert (cell.value, cell.format) == ("a", {"textFormat": {"bold": True}})
    _batch(google, key_file, key, _put([[bold]], "userEnteredFormat", endRowIndex=1, endColumnIndex=1))
    look = google.sheet(key, "Objectives").cell(0, 0).format
    assert look is not None
    assert look["backgroundColor"] == {"red": 1, "green": 0.49803922}
    assert look["backgroundColorStyle"] == {"rgbColor": look["backgroundColor"]}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"addSheet": {"title": "x"}}, 'Unknown name "title" at .*: Cannot find field'),
        ({"addSheets": {}}, 'Unknown name "addSheets"'),
        ({"deleteSheet": {"sheetId": "0"}}, "TYPE_INT32"),
        (_put([], "userEnteredValues"), "Invalid field: userEnteredValues"),
        (_put([], "userEnteredValue("), "FieldMask"),
        ({"mergeCells": {"range": {"sheetId": 0}, "mergeType": "ALL"}}, "TYPE_ENUM"),
    ],
)
def test_a_request_that_does_not_fit_discovery_is_refused_and_noted(
    google: Service, key_file: Path, request_: Object, words: str
) -> None:
    key = google.make()
    with google.wrong_requests():
        with pytest.raises(gspread.exceptions.APIError, match=words):
            _batch(google, key_file, key, request_)
        noted = list(google.problems)
    assert bool(noted) == ("Invalid field" not in words)
    assert not google.problems


def test_an_unknown_parameter_of_a_query_is_refused(google: Service, key_file: Path) -> None:
    key = google.make()
    with (
        google.wrong_requests(),
        pytest.raises(gspread.exceptions.APIError, match="Cannot bind query parameter"),
    ):
        connect(google.url, key_file).http_client.values_get(key, "A1", params={"valueRender": "FORMULA"})


def test_a_request_without_what_it_needs_is_refused_and_noted(google: Service, key_file: Path) -> None:
    key = google.make()
    with google.wrong_requests(), pytest.raises(gspread.exceptions.APIError, match="'range' is required"):
        _batch(google, key_file, key, {"repeatCell": {"cell": {}, "fields": "note"}})
    with google.wrong_requests(), pytest.raises(gspread.exceptions.APIError, match="fields"):
        connect(google.url, key_file).http_client.fetch_sheet_metadata(
            key, params={"fields": "sheets(properties"}
        )


def test_writers_at_the_same_time_lose_nothing(google: Service, key_file: Path) -> None:
    key = google.make(tabs={"O": [["Client"]]})
    http = connect(google.url, key_file).http_client
    http.values_get(key, "O!A1")

    def append(number: int) -> None:
        body = {"values": [[f"client {number}"]]}
        http.values_append(key, "O!A1", params={"valueInputOption": "RAW"}, body=body)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(60)))
    assert sorted(str(row[0]) for row in google.values(key, "O")) == sorted(
        ["Client", *(f"client {number}" for number in range(60))]
    )


def test_writing_into_the_protected_range_of_another_is_refused_and_a_warning_is_not(
    google: Service, key_file: Path, login_file: Path
) -> None:
    key = google.make(tabs={"Objectives": [["a", "b"]]})
    left = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}
    right = {"sheetId": 0, "startColumnIndex": 1, "endColumnIndex": 2}
    _batch(google, login_file, key, {"addProtectedRange": {"protectedRange": {"range": left}}})
    _batch(
        google,
        login_file,
        key,
        {"addProtectedRange": {"protectedRange": {"range": right, "warningOnly": True}}},
    )
    with pytest.raises(gspread.exceptions.APIError, match="protected cell"):
        _batch(google, key_file, key, _put([[_text("x")]], endRowIndex=1, endColumnIndex=1))
    robot = _put([[_text("x")]], startColumnIndex=1, endRowIndex=1, endColumnIndex=2)
    _batch(google, key_file, key, robot)
    _batch(google, login_file, key, _put([[_text("y")]], endRowIndex=1, endColumnIndex=1))
    assert google.values(key, "Objectives") == [["y", "x"]]


def test_a_typed_text_is_read_as_the_locale_of_the_sheet_reads_it(google: Service, key_file: Path) -> None:
    texts = ["1.200,50", "1.200", "31/12/2025", "5 %", "0042", "VERDADERO", "1.5", "'=1+1", "=1+1"]
    key = google.make(tabs={"O": []}, locale="es_ES")
    for at, text in enumerate(texts):
        google.edit(key, Type(tab="O", cell=f"A{at + 1}", value=text))
    expected = [1200.5, 1200, 46022, 0.05, 42, True, "1.5", "=1+1", 2]
    assert [row[0] for row in google.values(key, "O")] == expected
    tab = connect(google.url, key_file).open_by_key(key).sheet1
    tab.update([["1.5", 1.5]], "B1", raw=True)
    tab.update([["1,5", 1.5]], "B2", raw=False)
    assert [row[1:] for row in google.values(key, "O")[:2]] == [["1.5", 1.5], [1.5, 1.5]]
    assert tab.get("A1:C2") == [["1.200,50", "1.5", "1,5"], ["1.200", "1,5", "1,5"]]


@needs_shared
def test_all_recorded_bodies_are_valid_by_both_judges() -> None:
    judged = 0
    for line in (DATA / "google" / "recorded.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["pattern"].endswith("{id}:batchUpdate") and record["status"] == 200:
            for name, body in (("Request", record["request_body"]), ("Response", record["response_body"])):
                schema = f"BatchUpdateSpreadsheet{name}"
                judged += 1
                assert check("sheets", schema, nulls=True)(body) is None
                assert validator("sheets", schema, nulls=True).is_valid(body)
    assert judged > 400


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.just(0.5), st.text(max_size=2))
NAMES = st.sampled_from(
    ["range", "fields", "rows", "values", "sheetId", "userEnteredValue", "stringValue", "note", "x"]
)
BODIES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(body=st.dictionaries(NAMES, BODIES, max_size=3), nulls=st.booleans())
def test_both_judges_agree_on_any_body(body: Object, nulls: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
    body.pop("fields", None)  # the library does not read masks
    is_valid = check("sheets", "UpdateCellsRequest", nulls=nulls)(body) is None
    assert validator("sheets", "UpdateCellsRequest", nulls=nulls).is_valid(body) == is_valid
