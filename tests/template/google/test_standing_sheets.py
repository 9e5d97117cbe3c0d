"""Sheets that hold something already: our own tabs, other people's, or both."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import openpyxl
import pytest

from sheetfunnel.errors import ContractBroken
from sheetfunnel.template.charts import CHARTS
from sheetfunnel.template.google.recognise import language_of
from sheetfunnel.template.google.standing import TAG
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout
from tests.template.books import LANGUAGES, demo, file_of
from tests.template.google.told import BLANK, Json, set_up, uploaded


def _kinds(requests: list[Json]) -> set[str]:
    return {next(iter(request)) for request in requests}


def _of(requests: list[Json], kind: str) -> list[Json]:
    return [request[kind] for request in requests if kind in request]


def _cleared(requests: list[Json]) -> list[Json]:
    return [each["range"] for each in _of(requests, "updateCells") if "range" in each]


def _sheet(title: str, rows: list[list[str]], sheet_id: int = 7) -> Json:
    cells = [{"values": [{"userEnteredValue": {"stringValue": text}} for text in row]} for row in rows]
    return {"properties": {"sheetId": sheet_id, "title": title}, "data": [{"rowData": cells}]}


def _without(told: Json, key: str, language: str = "en") -> Json:
    """Return a sheet from which somebody deleted one of our tabs."""
    title = labels(language).text(f"tab.{key}")
    (gone,) = [
        each["properties"]["sheetId"] for each in told["sheets"] if each["properties"]["title"] == title
    ]
    sheets = [each for each in told["sheets"] if each["properties"]["sheetId"] != gone]
    names = [each for each in told["namedRanges"] if each["range"]["sheetId"] != gone]
    return {**told, "sheets": sheets, "namedRanges": names}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_uploaded_workbook_gets_look_ups_marks_and_warnings_and_nothing_else(language: str) -> None:
    requests = set_up(uploaded(file_of(language)), language)
    assert _kinds(requests) == {"createDeveloperMetadata", "addProtectedRange", "updateCells"}
    written = _of(requests, "updateCells")
    assert [each["start"]["columnIndex"] for each in written] == [2, 3, 4, 5, 6, 7]
    assert {each["start"]["rowIndex"] for each in written} == {0}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_is_known_by_titles_and_headers_when_its_names_are_lost(language: str) -> None:
    told = {**uploaded(file_of(language)), "namedRanges": []}
    requests = set_up(told, "en")
    assert "addSheet" not in _kinds(requests)
    names = {each["namedRange"]["name"] for each in _of(requests, "addNamedRange")}
    assert names == {column.name for table in layout().tables for column in table.columns}


def test_old_results_go_and_what_a_person_typed_among_them_stays(tmp_path: Path) -> None:
    path = demo(tmp_path, "en")
    book = openpyxl.load_workbook(path)
    book["Objectives"]["F5"] = "Call them on Friday"
    book["Objectives"]["G60"] = "a note below the rows"
    book.save(path)
    cleared = _cleared(set_up(uploaded(path)))
    assert _covers(cleared, row=4, column="F")
    assert not _covers(cleared, row=5, column="F")
    assert _covers(cleared, row=6, column="F")
    assert not _covers(cleared, row=60, column="G")
    assert {each["startColumnIndex"] for each in cleared} == {2, 3, 4, 5, 6, 7}
    assert min(each["startRowIndex"] for each in cleared) == 1
    assert len(cleared) == 7


def _covers(ranges: list[Json], *, row: int, column: str) -> bool:
    at = ord(column) - ord("A")
    return any(
        each["startRowIndex"] < row <= each["endRowIndex"] and each["startColumnIndex"] == at
        for each in ranges
    )


def test_a_tab_that_was_deleted_is_made_anew_behind_the_others() -> None:
    requests = set_up(_without(uploaded(file_of("en")), "dashboard"))
    (made,) = [each["properties"] for each in _of(requests, "addSheet")]
    assert (made["title"], made["index"]) == ("Dashboard", len(layout().tabs) - 1)
    assert len(_of(requests, "addChart")) == len(CHARTS)
    names = {each["namedRange"]["name"] for each in _of(requests, "addNamedRange")}
    assert names == {c.name for t in layout().tables if t.tab == "dashboard" for c in t.columns}


def test_without_what_the_program_remembers_the_results_beside_a_key_are_its_own(tmp_path: Path) -> None:
    told = _without(uploaded(demo(tmp_path, "en")), "_results")
    cleared = _cleared(set_up(told))
    assert {each["startColumnIndex"] for each in cleared} == {2, 3, 4, 5, 6, 7}


def test_tabs_of_ours_that_were_renamed_are_known_by_their_mark_and_spoken_of_by_their_name() -> None:
    told = _without(uploaded(file_of("en")), "ideal_client")
    for sheet, tab in zip(told["sheets"], [t for t in layout().tabs if t.key != "ideal_client"], strict=True):
        sheet["developerMetadata"] = [{"metadataKey": TAG, "metadataValue": tab.key}]
        sheet["properties"]["title"] = f"My {sheet['properties']['title']}"
    requests = set_up(told)
    rules = [each["rule"]["condition"] for each in _of(requests, "setDataValidation")]
    lists = {v["userEnteredValue"] for rule in rules if "RANGE" in rule["type"] for v in rule["values"]}
    assert lists == {
        "='My _sheetfunnel'!$H$2:$H$3",
        "='My _sheetfunnel'!$K$2:$K$3",
        "='My Objectives'!$A$1:$BH$1",
    }
    formulas = [each for each in _of(requests, "updateCells") if "'My _results'!A2:A" in json.dumps(each)]
    assert len(formulas) == 5


def test_other_peoples_tabs_stay_in_front_and_untouched() -> None:
    told = {"sheets": [_sheet("Budget", [["Item", "Cost"]]), _sheet("Ideas", [["One"]], 8)]}
    requests = set_up(told)
    made = [each["properties"] for each in _of(requests, "addSheet")]
    assert [each["index"] for each in made] == list(range(2, 2 + len(layout().tabs)))
    assert not [each for each in requests if re.search(r'"sheetId": [78]\b', json.dumps(each))]


def test_a_tab_of_other_people_that_is_called_like_ours_is_refused_by_name() -> None:
    told = {"sheets": [_sheet("Budget", [["Item"]]), _sheet("settings", [["Colour", "blue"]], 8)]}
    with pytest.raises(ContractBroken, match="“settings”") as refused:
        set_up(told)
    assert "title" in refused.value.hint


def test_a_blank_sheet_may_be_called_as_it_likes() -> None:
    told = copy.deepcopy(BLANK)
    told["sheets"][0]["properties"]["title"] = "Check"
    assert set_up(told)[0]["updateSheetProperties"]["properties"]["title"] == "Start"


def test_numbers_of_tabs_that_are_taken_are_passed_over() -> None:
    taken = set_up(BLANK)[1]["addSheet"]["properties"]["sheetId"]
    requests = set_up({"sheets": [_sheet("Budget", [["Item"]], taken)]})
    made = [each["properties"]["sheetId"] for each in _of(requests, "addSheet")]
    assert taken not in made
    assert len(set(made)) == len(layout().tabs)


def test_a_column_that_must_be_there_is_asked_for_by_name() -> None:
    told = uploaded(file_of("en"))
    (objectives,) = [each for each in told["sheets"] if each["properties"]["title"] == "Objectives"]
    for row in objectives["data"][0]["rowData"]:
        del row["values"][3]
    told["namedRanges"] = [each for each in told["namedRanges"] if "objectives" not in each["name"]]
    with pytest.raises(ContractBroken, match="“Stage”"):
        set_up(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_lacking_is_added_in_the_language_of_the_sheet(language: str) -> None:
    assert language_of(_without(uploaded(file_of(language)), "check", language)) == language
    assert language_of(BLANK) is None


def test_a_copy_that_somebody_made_of_a_tab_is_not_taken_for_it() -> None:
    told = uploaded(file_of("en"))
    marks = [{"metadataKey": TAG, "metadataValue": "objectives"}]
    (objectives,) = [each for each in told["sheets"] if each["properties"]["title"] == "Objectives"]
    objectives["developerMetadata"] = marks
    copied = {**objectives, "properties": {"sheetId": 7, "title": "Copy of Objectives"}}
    requests = set_up({**told, "sheets": [copied, *told["sheets"]]})
    assert "addSheet" not in _kinds(requests)
    assert not [each for each in requests if re.search(r'"sheetId": 7\b', json.dumps(each))]


def test_a_tab_of_ours_that_was_emptied_does_not_become_another_one() -> None:
    told = uploaded(file_of("en"))
    (objectives,) = [each for each in told["sheets"] if each["properties"]["title"] == "Objectives"]
    sheet_id = objectives["properties"]["sheetId"]
    names = [each for each in told["namedRanges"] if each["range"]["sheetId"] == sheet_id]
    requests = set_up({"sheets": [{**objectives, "data": [{}]}], "namedRanges": names})
    made = [each["properties"]["title"] for each in _of(requests, "addSheet")]
    assert made == [labels("en").text(f"tab.{tab.key}") for tab in layout().tabs if tab.key != "objectives"]
