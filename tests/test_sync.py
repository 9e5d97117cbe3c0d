from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest

from sheetfunnel import sync
from sheetfunnel.errors import Busy, ContractBroken, StaleRevision
from sheetfunnel.findings import Code
from sheetfunnel.funnel.foresight import Foresight
from sheetfunnel.second_process import found_beside
from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.sync import plan_for, read_workbook, sync_workbook
from sheetfunnel.workbook.contract import Cell, Snapshot, WritePlan
from tests.sheets import ROSA, TODAY, blank_workbook, cells, edited, filled, read, results, synced, table_rows

LEON: dict[str, Cell] = {
    "client": "León SL",
    "objective": "Leadership",
    "amount": 3000,
    "first_contact": TODAY - timedelta(days=20),
    "fit_confirmed": "yes",
    "economic": "Marta Gil",
    "economic_covered": "yes",
    "user": "Pau",
    "technical": "-",
}
IVY: dict[str, Cell] = {"client": "Ivy & Sons"}


def test_results_stand_beside_their_rows() -> None:
    workbook = filled([ROSA, LEON, IVY])
    report = synced(workbook)
    assert report.written
    shown = results(workbook)
    assert shown["Rosa Vidal"]["stage"] == "Above the funnel"
    assert shown["León SL"]["stage"] == "In the funnel"
    assert "Pau" in str(shown["León SL"]["do_next"])
    assert shown["Ivy & Sons"]["stage"] == "Universe"
    assert all(row["why"] for row in shown.values())


def test_a_second_sync_finds_an_empty_plan() -> None:
    workbook = filled([ROSA, LEON, IVY])
    synced(workbook)
    before = workbook.read()
    report = synced(workbook)
    assert not report.plan
    assert not report.written
    assert workbook.read() == before


def test_a_plan_is_the_same_whichever_process_finds_what_is_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    workbook = filled([ROSA, LEON, IVY])
    synced(workbook)
    reading = read_workbook(workbook, today=TODAY + timedelta(days=1))
    alone = plan_for(reading)
    asked: list[bool] = []

    def noted(
        find: Callable[[], Foresight], *, worth: bool
    ) -> AbstractContextManager[Callable[[], Foresight]]:
        asked.append(worth)
        return found_beside(find, worth=worth)

    monkeypatch.setattr(sync, "_MANY", 0)
    monkeypatch.setattr(sync, "found_beside", noted)
    assert plan_for(reading) == alone
    assert asked == [True]


def test_an_empty_workbook_syncs_and_says_to_explore() -> None:
    workbook = filled([], people=[{"name": "Anna", "weekly_hours": 10}])
    assert synced(workbook).written
    shares = {row["work"]: row["share"] for row in table_rows(workbook, "allocation")}
    assert shares == {"Close": 0, "Explore": 1, "Cover": 0}
    assert not synced(workbook).plan


def test_the_next_day_only_the_stamp_and_ages_change() -> None:
    workbook = filled([ROSA, LEON, IVY])
    synced(workbook)
    report = synced(workbook, today=TODAY + timedelta(days=1))
    tabs = {change.tab for change in report.plan.changes}
    assert "Objectives" not in tabs
    assert "Start" in tabs


def test_a_dry_run_plans_and_writes_nothing() -> None:
    workbook = filled([ROSA])
    before = workbook.read()
    report = synced(workbook, dry_run=True)
    assert report.plan
    assert not report.written
    assert workbook.read() == before


def test_a_sorted_sheet_keeps_every_value_on_its_row() -> None:
    workbook = filled([ROSA, LEON, IVY])
    synced(workbook)
    before = results(workbook)
    rows = cells(workbook, "Objectives")
    rows[1:4] = [rows[3], rows[1], rows[2]]
    turned = edited(workbook, "Objectives", rows)
    report = synced(turned)
    assert results(turned) == before
    assert not report.reading.findings


def test_an_inserted_row_gets_its_results_and_the_others_keep_theirs() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    before = results(workbook)
    rows = cells(workbook, "Objectives")
    rows.insert(2, [None] * len(rows[0]))
    rows[2][0] = "Nora"
    grown = edited(workbook, "Objectives", rows)
    synced(grown)
    after = results(grown)
    assert after["Nora"]["stage"] == "Universe"
    assert {client: row["stage"] for client, row in after.items() if client != "Nora"} == {
        client: row["stage"] for client, row in before.items()
    }


def test_when_only_some_columns_were_sorted_the_results_are_written_anew() -> None:
    workbook = filled([ROSA, LEON, IVY])
    synced(workbook)
    before = results(workbook)
    rows = cells(workbook, "Objectives")
    place = read(workbook).places["objectives"]
    own = [place.columns[key] - 1 for key in ("key", "stage", "rank", "do_next", "why", "fit")]
    for column in own:
        rows[1][column], rows[2][column] = rows[2][column], rows[1][column]
    mixed = edited(workbook, "Objectives", rows)
    report = synced(mixed)
    assert results(mixed) == before
    assert not report.reading.findings


def test_a_result_cell_in_which_a_person_typed_is_left_and_reported() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    rows = cells(workbook, "Objectives")
    place = read(workbook).places["objectives"]
    rows[1][place.columns["do_next"] - 1] = "call her on Friday!"
    typed = edited(workbook, "Objectives", rows)
    for _ in range(2):
        synced(typed)
        assert results(typed)["Rosa Vidal"]["do_next"] == "call her on Friday!"
    codes = [found.remark.code for found in read(typed).findings]
    assert codes == [Code.TYPED_OVER_RESULT]
    assert any("left as it is" in str(row["what"]) for row in table_rows(typed, "check"))


def test_what_a_person_typed_in_a_result_cell_of_a_new_row_is_left_too() -> None:
    row: dict[str, Cell] = {**ROSA, "why": "because she asked"}
    workbook = filled([row])
    synced(workbook)
    assert results(workbook)["Rosa Vidal"]["why"] == "because she asked"
    assert results(workbook)["Rosa Vidal"]["stage"] == "Above the funnel"


def test_a_formula_in_a_result_cell_is_a_persons() -> None:
    workbook = filled([ROSA])
    synced(workbook)
    place = read(workbook).places["objectives"]
    spot = (2, place.columns["rank"])
    formula = edited(workbook, "Objectives", cells(workbook, "Objectives"), formulas=frozenset({spot}))
    report = synced(formula)
    assert [found.remark.code for found in report.reading.findings] == [Code.TYPED_OVER_RESULT]


def test_a_cleared_result_is_written_again() -> None:
    workbook = filled([ROSA])
    synced(workbook)
    before = results(workbook)
    rows = cells(workbook, "Objectives")
    place = read(workbook).places["objectives"]
    rows[1][place.columns["stage"] - 1] = None
    cleared = edited(workbook, "Objectives", rows)
    synced(cleared)
    assert results(cleared) == before


def test_rows_with_the_same_key_get_a_message_and_no_result_and_the_others_theirs() -> None:
    workbook = filled([ROSA, {**ROSA, "client": "ROSA  VIDÁL "}, LEON])
    report = synced(workbook)
    shown = results(workbook)
    assert shown["Rosa Vidal"]["stage"] is None
    assert "Rows 2, 3" in str(shown["Rosa Vidal"]["why"])
    assert shown["León SL"]["stage"] == "In the funnel"
    assert [found.remark.code for found in report.reading.findings] == [Code.SAME_KEY, Code.SAME_KEY]
    assert not synced(workbook).plan


def test_a_row_with_an_id_but_no_client_gets_its_results_and_a_message() -> None:
    workbook = filled([{"id": "0042", "need": "asked for a quote"}])
    report = synced(workbook)
    assert results(workbook)[""]["stage"] == "Above the funnel"
    assert results(workbook)[""]["key"] == "0042"
    assert [found.remark.code for found in report.reading.findings] == [Code.NO_CLIENT]


def test_gaps_and_notes_below_the_data_do_no_harm() -> None:
    workbook = filled([ROSA, LEON])
    rows = cells(workbook, "Objectives")
    rows.insert(2, [None] * len(rows[0]))
    rows[10][9] = "remember to ask Pau"
    noted = edited(workbook, "Objectives", rows)
    report = synced(noted)
    assert len(report.reading.decoded.rows) == 2
    assert cells(noted, "Objectives")[10][9] == "remember to ask Pau"


def test_words_beside_and_below_a_table_of_the_program_stay() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    rows = cells(workbook, "Priorities")
    rows[6][20] = "beside"
    rows[30][4] = "below"
    noted = edited(workbook, "Priorities", rows)
    more = cells(noted, "Objectives")
    for number in range(60):
        more.append(["Client", f"Sale {number}", *[None] * 58])
    grown = edited(noted, "Objectives", more)
    report = synced(grown)
    after = cells(grown, "Priorities")
    assert after[6][20] == "beside"
    assert after[30][4] == "below"
    assert report.written
    assert any("Move that to the side" in str(row["what"]) for row in table_rows(grown, "check"))
    assert not synced(grown).plan


def test_a_moved_and_renamed_column_is_found_by_its_name() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    before = results(workbook)
    snapshot = workbook.read()
    names = dict(snapshot.names)
    rows = [["" if number else "my notes", *row] for number, row in enumerate(cells(workbook, "Objectives"))]
    rows[0][1] = "Who"
    for name, place in names.items():
        if place.tab == "Objectives":
            names[name] = type(place)(tab=place.tab, row=place.row, column=place.column + 1)
    grid = type(snapshot.tabs["Objectives"])(title="Objectives", rows=rows)
    moved = MemoryWorkbook(
        Snapshot(tabs={**snapshot.tabs, "Objectives": grid}, names=names, revision=snapshot.revision)
    )
    synced(moved)
    assert results(moved) == before


def test_without_names_columns_are_found_by_what_the_last_run_saw_or_by_their_words() -> None:
    workbook = filled([ROSA, LEON])
    rows = cells(workbook, "Objectives")
    rows[0][0] = "Whom I serve"
    renamed = edited(workbook, "Objectives", rows)
    synced(renamed)
    before = results(renamed)
    snapshot = renamed.read()
    nameless = MemoryWorkbook(Snapshot(tabs=snapshot.tabs, names={}, revision=snapshot.revision))
    assert results(nameless) == before
    assert not synced(nameless).plan


def test_columns_are_found_by_a_known_synonym_in_another_language() -> None:
    workbook = filled([ROSA])
    rows = cells(workbook, "Objectives")
    rows[0][0] = "Empresa"
    snapshot = workbook.read()
    names = {name: place for name, place in snapshot.names.items() if name != "sf_objectives_client"}
    grid = type(snapshot.tabs["Objectives"])(title="Objectives", rows=rows)
    synonym = MemoryWorkbook(
        Snapshot(tabs={**snapshot.tabs, "Objectives": grid}, names=names, revision=snapshot.revision)
    )
    synced(synonym)
    assert results(synonym)["Rosa Vidal"]["stage"] == "Above the funnel"


def test_missing_columns_stop_the_run_and_all_are_named() -> None:
    workbook = filled([ROSA])
    rows = cells(workbook, "Objectives")
    rows[0][0] = rows[0][6] = None
    snapshot = workbook.read()
    gone = {"sf_objectives_client", "sf_objectives_why"}
    names = {name: place for name, place in snapshot.names.items() if name not in gone}
    grid = type(snapshot.tabs["Objectives"])(title="Objectives", rows=rows)
    broken = MemoryWorkbook(
        Snapshot(tabs={**snapshot.tabs, "Objectives": grid}, names=names, revision=snapshot.revision)
    )
    with pytest.raises(ContractBroken, match=r"Client.*Why"):
        synced(broken)


def test_a_workbook_that_lost_most_of_its_objectives_is_refused_until_told_otherwise() -> None:
    workbook = filled([{"client": f"Client {number}"} for number in range(30)])
    synced(workbook)
    rows = cells(workbook, "Objectives")
    emptied = edited(workbook, "Objectives", [rows[0], *rows[1:16]])
    with pytest.raises(ContractBroken, match="15 of the 30") as refused:
        synced(emptied)
    assert "--accept-missing" in refused.value.hint
    assert synced(emptied, accept_missing=True).written
    assert not synced(emptied).plan


def test_closing_many_objectives_is_not_taken_for_losing_them() -> None:
    workbook = filled([{"client": f"Client {number}"} for number in range(30)])
    synced(workbook)
    place = read(workbook).places["objectives"]
    rows = cells(workbook, "Objectives")
    for row in rows[1:31]:
        row[place.columns["outcome"] - 1] = "Won"
        row[place.columns["closed_on"] - 1] = TODAY
    assert synced(edited(workbook, "Objectives", rows)).written


def test_the_language_in_settings_decides_the_words() -> None:
    workbook = filled([ROSA, LEON], language="es")
    synced(workbook)
    assert results(workbook)["Rosa Vidal"]["stage"] != "Above the funnel"
    assert {row["work"] for row in table_rows(workbook, "allocation")} != {"Close", "Explore", "Cover"}
    assert not synced(workbook).plan


def test_a_tab_that_was_deleted_is_no_reason_to_stop() -> None:
    workbook = filled([ROSA])
    snapshot = workbook.read()
    tabs = {title: grid for title, grid in snapshot.tabs.items() if title not in {"Dashboard", "Check"}}
    smaller = MemoryWorkbook(Snapshot(tabs=tabs, names=snapshot.names, revision=snapshot.revision))
    assert synced(smaller).written
    assert not synced(smaller).plan


def test_blank_owner_is_the_only_person_and_an_unlisted_one_is_told_once() -> None:
    rows = [ROSA, {**LEON, "owner": "Bruno"}, {**IVY, "owner": "bruno"}]
    workbook = filled(rows, people=[{"name": "Anna", "weekly_hours": 10}])
    report = synced(workbook)
    assert [row.objective.owner for row in report.reading.decoded.rows] == ["Anna", "Bruno", "bruno"]
    assert [found.remark.code for found in report.reading.findings] == [Code.OWNER_NOT_LISTED]


def test_an_opinion_is_shown_as_the_persons_with_the_evidence_beside_it() -> None:
    workbook = filled([{**ROSA, "my_stage": "Best Few"}])
    synced(workbook)
    assert results(workbook)["Rosa Vidal"]["stage"] == "Best Few (yours; evidence: Above the funnel)"


class Restless:
    """A workbook that somebody else changes before every write."""

    def __init__(self, inner: MemoryWorkbook) -> None:
        self.inner, self.tries = inner, 0

    def read(self) -> Snapshot:
        return self.inner.read()

    def write(self, plan: WritePlan, *, revision: str) -> None:
        self.tries += 1
        raise StaleRevision(f"{len(plan.changes)} changes, not on {revision}.", hint="Read it again.")


def test_a_workbook_that_keeps_changing_is_busy_after_three_attempts() -> None:
    restless = Restless(filled([ROSA]))
    with pytest.raises(Busy):
        sync_workbook(restless, today=TODAY)
    assert restless.tries == 3


def test_a_new_workbook_reads_back_without_a_finding() -> None:
    for language in ("en", "es"):
        decoded = read(blank_workbook(language))
        assert decoded.language == language
        assert decoded.findings == ()
        assert decoded.currency == "EUR"
        assert decoded.rows == ()


def test_a_date_set_back_changes_nothing_of_a_later_run() -> None:
    workbook = filled([IVY])
    synced(workbook, today=TODAY)
    synced(workbook, today=date(2026, 1, 1))
    assert not synced(workbook, today=date(2026, 1, 1)).plan
