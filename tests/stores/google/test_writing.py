from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from sheetfunnel.errors import ContractBroken, StaleRevision
from sheetfunnel.stores.google.reading import Read, Tab
from sheetfunnel.stores.google.stamps import Stamps
from sheetfunnel.stores.google.writing import requests_of
from sheetfunnel.workbook.contract import (
    AppendRows,
    Cell,
    Change,
    Grid,
    Place,
    ReplaceTable,
    SetCells,
    Snapshot,
    WritePlan,
)
from tests.google_service.edits import Type
from tests.google_service.service import Service
from tests.stores.google.conftest import Opened


def _requests(
    *changes: Change, rows: Sequence[Sequence[Cell]] = (), hidden: bool = False
) -> list[dict[str, Any]]:
    grid = Grid(title="A", rows=rows)
    read = Read(
        snapshot=Snapshot(tabs={"A": grid}, names={}, revision="1"),
        tabs={"A": Tab(sheet_id=7, rows=20, columns=5, hidden=hidden)},
        stamps=Stamps(numbers=(), ids=()),
    )
    return requests_of(WritePlan(changes=changes), read)


def _kinds(requests: Sequence[dict[str, Any]]) -> list[str]:
    return [next(iter(request)) for request in requests]


def test_a_plan_for_a_tab_that_is_gone_is_refused() -> None:
    with pytest.raises(ContractBroken, match="“B”"):
        _requests(SetCells(tab="B", columns=(1,), rows={1: ("x",)}))


def test_a_tab_that_is_too_small_grows_in_the_same_batch() -> None:
    made = _requests(ReplaceTable(tab="A", first_row=20, columns=(6,), rows=[("x",), ("y",)]))
    assert _kinds(made) == ["appendDimension", "appendDimension", "updateCells"]
    assert [each["appendDimension"]["length"] for each in made[:2]] == [1, 1]


def test_a_table_on_a_tab_that_people_see_is_sent_whole_and_a_hidden_one_by_its_changed_rows() -> None:
    table = ReplaceTable(
        tab="A", first_row=2, columns=(1,), rows=[("same",), ("new",)], standing=frozenset({2})
    )
    (seen,) = _requests(table)
    (kept,) = _requests(table, hidden=True)
    assert len(seen["updateCells"]["rows"]) == 2
    assert len(kept["updateCells"]["rows"]) == 1


def test_rows_below_all_others_are_inserted_and_those_beside_other_tables_are_not() -> None:
    change = AppendRows(tab="A", first_row=3, columns=(1,), rows=[("x",)], header=1)
    assert _kinds(_requests(change, rows=[["head"], ["a"]])) == ["insertDimension", "updateCells"]
    beside: list[list[Cell]] = [["head"], ["a"], [None, "other"], [None, "table"]]
    assert _kinds(_requests(change, rows=beside)) == ["updateCells"]


def test_a_date_has_the_format_of_one_and_a_link_its_place() -> None:
    table = ReplaceTable(
        tab="A",
        first_row=2,
        columns=(1, 2),
        rows=[("there", date(2026, 3, 2))],
        links={(0, 0): Place(tab="A", row=9, column=3)},
    )
    linked, dated = (request["updateCells"] for request in _requests(table))
    run = linked["rows"][0]["values"][0]["textFormatRuns"][0]
    assert run["format"]["link"]["uri"] == "#gid=7&range=C9"
    assert dated["rows"][0]["values"][0]["userEnteredFormat"] == {"numberFormat": {"type": "DATE"}}


def test_rows_are_not_appended_to_a_sheet_that_was_changed_since_it_was_shown(
    google: Service, opened: Opened
) -> None:
    key = google.make(tabs={"A": [["Client"], ["Ana"]]})
    workbook = opened(key)
    revision = workbook.read().revision
    google.edit(key, Type(tab="A", cell="A3", value="typed meanwhile"))
    plan = WritePlan(changes=(AppendRows(tab="A", first_row=3, columns=(1,), rows=[("new",)], header=1),))
    with pytest.raises(StaleRevision):
        workbook.write(plan, revision=revision)
    assert google.values(key, "A") == [["Client"], ["Ana"], ["typed meanwhile"]]


def test_rows_appended_in_the_moment_in_which_somebody_types_there_overwrite_nothing(
    google: Service, opened: Opened
) -> None:
    key = google.make(tabs={"A": [["Client"], ["Ana"]]})
    workbook = opened(key)
    revision = workbook.read().revision
    google.edits.before_next_write(key, Type(tab="A", cell="A3", value="typed in that moment"))
    plan = WritePlan(changes=(AppendRows(tab="A", first_row=3, columns=(1,), rows=[("new",)], header=1),))
    workbook.write(plan, revision=revision)
    assert google.values(key, "A") == [["Client"], ["Ana"], ["new"], ["typed in that moment"]]
