"""The protocol broken on purpose: the campaigns notice each way, or they would prove nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from sheetfunnel.stores.google import store, writing
from sheetfunnel.stores.google.reading import Read
from sheetfunnel.stores.google.store import GoogleWorkbook
from sheetfunnel.stores.google.writing import requests_of
from sheetfunnel.sync import assessed
from sheetfunnel.workbook.contract import Cell, Change, ReplaceTable, Untouched, WritePlan, rows_of
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.own_results import RESULTS
from sheetfunnel.workbook.tabs.objectives import result_rows
from tests.faults.google.judge import Desk
from tests.faults.google.people import objectives
from tests.faults.google.test_calls import LONG, Patient, Point, converges, met, patient, to_do, undisturbed
from tests.faults.google.test_two_syncs import Opening, losing_an_answer, overtaken, overtaking
from tests.faults.table import record
from tests.google.sheets import TODAY, Filled
from tests.google_service.edits import Type, cell_name
from tests.google_service.misbehave import Fault
from tests.google_service.service import Service
from tests.google_service.state import Spreadsheet
from tests.stores.google.conftest import Opened

__all__ = ["overtaken", "patient"]

pytestmark = pytest.mark.unmeasured

_SEEDS: Final = range(60)


def _people(google: Service, opened: Opened, key: Callable[[], str], promise: str) -> list[str]:
    """Return what the campaign of people who edit finds against a promise, on the first such sheet."""
    for seed in _SEEDS:
        desk = Desk(service=google, sheet=opened(key()), seed=seed)
        for _ in range(2):
            desk.disturbed(before=7, after=5)
        desk.settled()
        found = [each for each in desk.violations if f", {promise}" in each]
        if found:
            return found
    return []


def _noticed(how: str, found: list[str]) -> None:
    record(9, f"Google: mutants noticed: {how}", 1, 0 if found else 1)
    assert found


@pytest.mark.usefixtures("key_file")
def test_results_written_by_row_number_are_noticed(
    google: Service, opened: Opened, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "requests_of", _by_row_number)
    _noticed("results by row number", _people(google, opened, filled, "typed"))


def _by_row_number(plan: WritePlan, read: Read) -> list[dict[str, Any]]:
    reading = assessed(read.snapshot, today=TODAY)
    place = reading.decoded.places["objectives"]
    results = result_rows(reading.decoded, reading.assessment, labels("en"))
    change = {
        number: {place.columns[name]: cell for name, cell in zip(RESULTS, cells[1:], strict=True)}
        for number, cells in results.items()
    }
    sheet_id = read.tabs[place.grid.title].sheet_id
    return [
        *requests_of(plan, read),
        *(
            _one_cell(sheet_id, row, column, cell)
            for row, line in change.items()
            for column, cell in line.items()
        ),
    ]


def _one_cell(sheet_id: int, row: int, column: int, cell: Cell) -> dict[str, Any]:
    where = {"sheetId": sheet_id, "rowIndex": row - 1, "columnIndex": column - 1}
    value = {"userEnteredValue": {"stringValue": str(cell)}} if cell is not None else {}
    return {"updateCells": {"start": where, "rows": [{"values": [value]}], "fields": "userEnteredValue"}}


@pytest.mark.usefixtures("key_file")
def test_a_look_up_that_begins_below_the_header_is_noticed(
    google: Service, opened: Opened, filled: Filled
) -> None:
    def below() -> str:
        key = filled()
        google.edit(key, _BelowTheHeader())
        return key

    _noticed("look-ups from the second row", _people(google, opened, below, "shown"))


class _BelowTheHeader:
    """Write the look-ups as a person would: the header's text, and below it those of the rows."""

    def apply(self, spreadsheet: Spreadsheet) -> None:
        sheet = objectives(spreadsheet)
        for row, column, cell in list(sheet.typed_cells()):
            found = re.fullmatch(r'=ARRAYFORMULA\(IF\(ROW\([^;]*;("[^"]*");(.*)\)\)', cell.formula or "")
            if found:
                body = re.sub(r"\b([A-Z]+)1:\1\b", r"\g<1>2:\1", found[2])
                formula = f"={{{found[1]};ARRAYFORMULA({body})}}"
                Type(tab=sheet.title, cell=cell_name(row, column), value=formula).apply(spreadsheet)


@pytest.mark.usefixtures("key_file")
def test_a_table_whose_rest_is_not_cleared_is_noticed(
    google: Service, opened: Opened, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "rows_of", _without_clearing)
    _noticed("the rest of a table is left", _people(google, opened, filled, "second sync"))


def _without_clearing(change: Change) -> Iterator[tuple[int, Any]]:
    yield from (
        (number, cells)
        for number, cells in rows_of(change)
        if not isinstance(change, ReplaceTable) or number < change.first_row + len(change.rows)
    )


@pytest.mark.usefixtures("key_file")
def test_texts_that_become_formulas_are_noticed(
    google: Service, opened: Opened, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = writing._sent  # noqa: SLF001 - it is what the mutant breaks

    def as_if_typed(cell: Cell | Untouched, link: str | None) -> Any:  # noqa: ANN401 - JSON
        is_formula = isinstance(cell, str) and cell.startswith("=")
        return {"userEnteredValue": {"formulaValue": cell}} if is_formula else sent(cell, link)

    monkeypatch.setattr(writing, "_sent", as_if_typed)
    _noticed("texts sent as if typed", _people(google, opened, filled, "formula"))


def test_a_writing_without_a_stamp_is_noticed_when_others_overtake(
    google: Service, opened: Opened, overtaken: Opening, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "stamp_requests", lambda *_: [])
    key = filled()
    _noticed("no stamp", overtaking(google, overtaken(key), opened(key), 2))


def test_a_writing_that_is_repeated_blindly_is_noticed(
    google: Service, patient: Patient, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = undisturbed(google, patient, filled)
    monkeypatch.setattr(store, "stamp_requests", lambda *_: [])
    point = Point(name="rows are added", fault=Fault.CUT_JSON, calls=1)
    key = to_do(google, filled())
    found = [
        *met(google, patient(key, LONG), point),
        *converges(google, patient(key, LONG), point.call, wanted),
    ]
    _noticed("repeated blindly", found)


def test_a_run_that_takes_the_writing_of_another_for_its_own_is_noticed(
    google: Service, opened: Opened, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GoogleWorkbook, "_stands", lambda _, stamp: stamp.value)
    found = losing_an_answer(google, opened, filled(), Fault.TIMEOUT_BEFORE)
    _noticed("another's writing taken for one's own", found)
