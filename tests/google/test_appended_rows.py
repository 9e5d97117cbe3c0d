"""Where rows that are taken in stand in a sheet that was set up, and what becomes of all around them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sheetfunnel.stores import open_workbook
from sheetfunnel.stores.google.store import GoogleWorkbook
from sheetfunnel.workbook.contract import Grid
from tests.cli.runner import TODAY, Run
from tests.google_service.service import Service

_RULES = (
    "sheets(properties(title),conditionalFormats(ranges),basicFilter(range),"
    "data(rowData(values(dataValidation(condition(values)))))),developerMetadata(metadataId)"
)


def _told(sheet: str, tab: str) -> Mapping[str, Any]:
    """Return what Google tells of a tab: its rules and filter."""
    workbook = open_workbook(sheet)
    assert isinstance(workbook, GoogleWorkbook)
    (found,) = (each for each in workbook.described(_RULES)["sheets"] if each["properties"]["title"] == tab)
    told: Mapping[str, Any] = found
    return told


def _ends(told: Mapping[str, Any]) -> set[tuple[int, int]]:
    """Return the first and the last row of all ranges that have a colour rule."""
    return {
        (where.get("startRowIndex", 0) + 1, where["endRowIndex"])
        for rule in told["conditionalFormats"]
        for where in rule["ranges"]
    }


def _settings(sheet: str) -> Grid:
    return open_workbook(sheet).read().tabs["Settings"]


def test_the_first_rows_taken_in_have_the_colours_that_the_sheet_was_set_up_with(
    run: Run, sheet: str
) -> None:
    run("new", "--google", sheet)
    ((first, last),) = _ends(_told(sheet, "Objectives"))
    Path("a.csv").write_text("Company,Deal\nAna,Talk\nBea,Talk\nCai,Talk\n", encoding="utf-8")
    assert run("adopt", "a.csv", "--into", sheet, "--yes").code == 0
    assert (first, last) == (2, 1000)
    assert _ends(_told(sheet, "Objectives")) == {(2, 1002)}
    Path("b.csv").write_text("Company,Deal\nDan,Talk\nEva,Talk\n", encoding="utf-8")
    assert run("adopt", "b.csv", "--into", sheet, "--yes").code == 0
    assert _ends(_told(sheet, "Objectives")) == {(2, 1004)}
    assert [row[0] for row in open_workbook(sheet).read().tabs["Objectives"].rows[1:]] == [
        *("Ana", "Bea", "Cai", "Dan", "Eva")
    ]


def test_people_and_services_that_are_taken_in_leave_the_settings_beside_them_where_they_were(
    run: Run, sheet: str
) -> None:
    run("new", "--google", sheet)
    before = _settings(sheet)
    Path("a.csv").write_text(
        "Company,Deal,Owner,Service\nAna,Talk,Clara,Coaching\nBea,Talk,Toni,Team day\n", encoding="utf-8"
    )
    assert run("adopt", "a.csv", "--into", sheet, "--yes").code == 0
    after = _settings(sheet)
    assert [row[:2] for row in after.rows] == [row[:2] for row in before.rows]
    assert [after.at(row, 4) for row in (5, 6)] == ["Clara", "Toni"]
    assert [after.at(row, 12) for row in (5, 6)] == ["Coaching", "Team day"]


def test_the_lists_to_choose_from_hold_the_people_that_were_taken_in(
    run: Run, google: Service, sheet: str
) -> None:
    run("new", "--google", sheet)
    Path("a.csv").write_text("Company,Deal,Owner\nAna,Talk,Clara\nBea,Talk,Toni\n", encoding="utf-8")
    assert run("adopt", "a.csv", "--into", sheet, "--yes").code == 0
    rows = _told(sheet, "Objectives")["data"][0]["rowData"]
    lists = {
        value["userEnteredValue"]
        for cell in rows[1]["values"]
        for value in cell.get("dataValidation", {}).get("condition", {}).get("values", ())
        if "Settings" in value.get("userEnteredValue", "")
    }
    assert any("$D$5" in each for each in lists), lists
    assert run("sync", sheet, "--today", TODAY).code == 0
    assert google.values(sheet, "Settings")[4][3] == "Clara"
