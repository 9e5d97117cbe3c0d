"""Whose a result cell is: what the program wrote is written anew, what a person typed is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.errors import ContractBroken
from sheetfunnel.findings import Code
from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.workbook.contract import Cell, Grid, Snapshot
from sheetfunnel.workbook.own_results import RESULTS
from tests.sheets import TODAY, cells, edited, filled, read, synced

TEAM: list[Mapping[str, Cell]] = [
    {"client": "Rosa", "objective": "Team", "need": "Her team quarrels", "amount": 1200},
    {"client": "León", "objective": "Lead", "need": "asked", "fit_confirmed": "yes", "economic": "Marta"},
    {"client": "Ivy", "objective": "Shop"},
    {"client": "Won SL", "objective": "Done", "outcome": "Won", "closed_on": TODAY},
]
OWN = ("key", *RESULTS)


@pytest.fixture
def workbook() -> MemoryWorkbook:
    book = filled(TEAM)
    synced(book)
    return book


def typed_in(book: MemoryWorkbook, words: Mapping[tuple[int, str], Cell]) -> MemoryWorkbook:
    """Return the workbook after a person typed into cells of the objectives: by row and column key."""
    columns, rows = read(book).places["objectives"].columns, cells(book, "Objectives")
    for (row, key), cell in words.items():
        while len(rows) < row:
            rows.append([None] * len(rows[0]))
        rows[row - 1][columns[key] - 1] = cell
    return edited(book, "Objectives", rows)


def row_of(book: MemoryWorkbook, row: int, *keys: str) -> list[Cell]:
    place = read(book).places["objectives"]
    return [place.at(row, key) for key in keys or OWN]


def emptied(row: int) -> dict[tuple[int, str], Cell]:
    """Return what clearing all that people type in a row types."""
    return {(row, key): None for typed in TEAM for key in typed}


def reported(book: MemoryWorkbook) -> list[tuple[int, int]]:
    found = [each for each in read(book).findings if each.remark.code is Code.TYPED_OVER_RESULT]
    return [(each.row, each.column) for each in found]


def assert_idle(book: MemoryWorkbook) -> None:
    before = book.read()
    assert not synced(book).plan
    assert book.read() == before


# ------------------------------------------------------------------------------------- rows no longer used


def test_the_results_of_a_row_that_was_emptied_go(workbook: MemoryWorkbook) -> None:
    cleared = typed_in(workbook, emptied(2))
    synced(cleared)
    assert row_of(cleared, 2) == [None] * 6
    assert reported(cleared) == []
    assert_idle(cleared)


def test_no_client_inherits_the_results_of_a_row_that_was_emptied(workbook: MemoryWorkbook) -> None:
    cleared = typed_in(workbook, emptied(2))
    synced(cleared)
    taken = typed_in(cleared, {(2, "client"): "Nora", (2, "objective"): "First talk"})
    synced(taken)
    fresh = filled([{"client": "Nora", "objective": "First talk"}, *TEAM[1:]])
    synced(fresh)
    assert row_of(taken, 2) == row_of(fresh, 2)
    assert reported(taken) == []


def test_cut_and_pasted_rows_leave_nothing_behind(workbook: MemoryWorkbook) -> None:
    before = row_of(workbook, 2)
    moved = typed_in(workbook, {**emptied(2), **{(9, key): cell for key, cell in TEAM[0].items()}})
    synced(moved)
    assert row_of(moved, 2) == [None] * 6
    assert row_of(moved, 9) == before
    assert_idle(moved)


def test_what_a_person_typed_beside_a_row_that_was_emptied_stays(workbook: MemoryWorkbook) -> None:
    cleared = typed_in(workbook, {**emptied(2), (2, "do_next"): "ask her sister"})
    for _ in range(2):
        synced(cleared)
        assert row_of(cleared, 2, *RESULTS) == [None, None, "ask her sister", None, None]
        assert len(reported(cleared)) == 1
    assert_idle(cleared)
    taken = typed_in(cleared, {(2, "client"): "Nora"})
    synced(taken)
    assert row_of(taken, 2, "do_next") == ["ask her sister"]


def test_notes_in_the_hidden_column_below_the_rows_are_left(workbook: MemoryWorkbook) -> None:
    noted = typed_in(workbook, {(20, "key"): "my note", (21, "stage"): "another"})
    synced(noted)
    assert row_of(noted, 20, "key") + row_of(noted, 21, "stage") == ["my note", "another"]
    assert_idle(noted)


# --------------------------------------------------------------------------- words that occur elsewhere


def test_a_known_word_typed_beside_a_new_row_is_a_persons(workbook: MemoryWorkbook) -> None:
    stage, _, do_next = row_of(workbook, 3, "stage", "rank", "do_next")
    typed: dict[tuple[int, str], Cell] = {(6, "stage"): stage, (6, "rank"): 1, (6, "do_next"): do_next}
    grown = typed_in(workbook, {(6, "client"): "Nora", **typed})
    for _ in range(3):
        synced(grown)
        assert row_of(grown, 6, "stage", "rank", "do_next") == [stage, 1, do_next]
    assert len(reported(grown)) == 3


def test_a_known_word_typed_beside_a_renamed_row_is_a_persons(workbook: MemoryWorkbook) -> None:
    stage = row_of(workbook, 5, "stage")[0]
    renamed = typed_in(workbook, {(2, "client"): "Rosa Vidal Ltd", (2, "stage"): stage})
    why = row_of(renamed, 2, "why")
    synced(renamed)
    assert row_of(renamed, 2, "key", "stage") == ["Rosa Vidal Ltd · Team", stage]
    assert row_of(renamed, 2, "why") == why
    assert len(reported(renamed)) == 1


def test_a_renamed_row_gets_its_results_anew(workbook: MemoryWorkbook) -> None:
    renamed = typed_in(workbook, {(2, "client"): "Nora", (2, "need"): None})
    synced(renamed)
    fresh = filled([{"client": "Nora", "objective": "Team", "amount": 1200}, *TEAM[1:]])
    synced(fresh)
    assert row_of(renamed, 2) == row_of(fresh, 2)
    assert reported(renamed) == []


def test_what_a_person_typed_stays_theirs_though_the_program_came_to_say_the_same(
    workbook: MemoryWorkbook,
) -> None:
    typed = typed_in(workbook, {(2, "stage"): "Universe"})
    synced(typed)
    agreed = typed_in(typed, {(2, "need"): None})
    synced(agreed)
    assert row_of(agreed, 2, "stage", "do_next") == row_of(agreed, 4, "stage", "do_next")
    changed = typed_in(agreed, {(2, "need"): "Her team quarrels"})
    synced(changed)
    assert row_of(changed, 2, "stage") == ["Universe"]
    assert len(reported(changed)) == 1
    blanked = typed_in(changed, {(2, "stage"): None})
    synced(blanked)
    assert row_of(blanked, 2) == row_of(workbook, 2)


def test_of_rows_with_the_same_key_only_the_one_that_was_typed_in_is_left(workbook: MemoryWorkbook) -> None:
    twins = typed_in(
        workbook, {(6, "client"): "Rosa", (6, "objective"): "Team", (6, "why"): "she asked again"}
    )
    for _ in range(2):
        synced(twins)
        assert "Rows 2, 6" in str(row_of(twins, 2, "why")[0])
        assert row_of(twins, 6, "why") == ["she asked again"]
        assert len(reported(twins)) == 1
    assert_idle(twins)


# ------------------------------------------------------------------------------- sorted, moved, forgotten


@given(order=st.permutations(range(2, 6)), with_key=st.booleans())
def test_however_the_results_are_sorted_they_are_written_anew(order: list[int], with_key: bool) -> None:  # noqa: FBT001
    book = filled(TEAM)
    synced(book)
    before = [row_of(book, row) for row in range(2, 6)]
    keys = OWN if with_key else RESULTS
    moved = {(to, k): row_of(book, row, k)[0] for to, row in enumerate(order, start=2) for k in keys}
    mixed = typed_in(book, moved)
    synced(mixed)
    assert reported(mixed) == []
    assert [row_of(mixed, row) for row in range(2, 6)] == before


def test_results_are_known_again_after_the_hidden_keys_are_lost(workbook: MemoryWorkbook) -> None:
    before = [row_of(workbook, row) for row in range(2, 6)]
    lost = typed_in(workbook, {(row, "key"): None for row in range(2, 6)})
    synced(lost)
    assert [row_of(lost, row) for row in range(2, 6)] == before
    assert reported(lost) == []


def test_a_lost_memory_comes_back_where_the_results_are_still_right(workbook: MemoryWorkbook) -> None:
    rows = cells(workbook, "_results")
    forgotten = edited(workbook, "_results", [rows[0], *([None] * len(row) for row in rows[1:])])
    synced(forgotten)
    assert reported(forgotten) == []
    changed = typed_in(forgotten, {(2, "need"): None})
    synced(changed)
    assert reported(changed) == []
    assert row_of(changed, 2, "stage") == ["Universe"]


# ---------------------------------------------------------------------------- cells that nobody can write


def special(book: MemoryWorkbook, title: str, spot: tuple[int, int], *, formula: bool) -> MemoryWorkbook:
    """Return the workbook after a person put a formula into a cell, or merged it with the one before."""
    rows = cells(book, title)
    rows[spot[0] - 1][spot[1] - 1] = 2 if formula else None
    grid = Grid(
        title=title,
        rows=rows,
        formulas=frozenset({spot} if formula else ()),
        covered=frozenset(() if formula else {spot}),
    )
    now = book.read()
    return MemoryWorkbook(Snapshot(tabs={**now.tabs, title: grid}, names=now.names, revision=now.revision))


def spots(book: MemoryWorkbook) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield a cell of each column that the program writes: the tab's title, and row and column."""
    for place in read(book).places.tables.values():
        for column in place.table.columns:
            if column.owner == "program":
                for down in (1, 3):
                    yield place.grid.title, (place.header + down, place.columns[column.key])


@pytest.mark.parametrize("formula", [True, False], ids=["formula", "merge"])
def test_a_cell_that_is_left_alone_keeps_no_sync_busy(workbook: MemoryWorkbook, formula: bool) -> None:  # noqa: FBT001
    for title, spot in spots(workbook):
        book = special(workbook, title, spot, formula=formula)
        synced(book)
        synced(book)  # what it said may have been reported by the first
        assert book.read().tabs[title].at(*spot) == (2 if formula else None)
        assert_idle(book)


def test_a_formula_in_the_hidden_key_takes_no_result_from_the_row(workbook: MemoryWorkbook) -> None:
    spot = (2, read(workbook).places["objectives"].columns["key"])
    book = special(typed_in(workbook, {(2, "need"): None}), "Objectives", spot, formula=True)
    synced(book)
    assert reported(book) == []
    assert row_of(book, 2, "stage") == ["Universe"]


@pytest.mark.parametrize("key", ["client", "id"])
def test_a_name_as_long_as_a_cell_keeps_no_sync_busy(key: str) -> None:
    book = filled([*TEAM, {"client": "L" * 32_767, "objective": "M" * 32_767, key: "N" * 32_767}])
    synced(book)
    assert len(str(row_of(book, 6, "key")[0])) == 32_767
    assert_idle(book)


# ------------------------------------------------------------------------------------------ many at once


def many() -> MemoryWorkbook:
    book = filled([{"client": f"Client {number}", "objective": "Sale"} for number in range(30)])
    synced(book)
    return book


@pytest.mark.parametrize("column", ["id", "client"])
def test_naming_many_rows_anew_is_not_taken_for_losing_them(column: str) -> None:
    book = typed_in(many(), {(row, column): f"N{row}" for row in range(2, 17)})
    assert synced(book).written
    assert row_of(book, 2, "key")[0] in {"N2", "N2 · Sale"}
    assert reported(book) == []
    assert_idle(book)


def test_keys_that_stand_beside_other_rows_do_not_hide_a_loss() -> None:
    book = many()
    up = {
        (row, key): row_of(book, row + 15, key)[0] for row in range(2, 17) for key in ("client", "objective")
    }
    gone = {(row, key): None for row in range(17, 32) for key in ("client", "objective")}
    with pytest.raises(ContractBroken, match="15 of the 30"):
        synced(typed_in(book, {**up, **gone}))
