"""Where a table of the program ends, after people deleted, sorted and typed around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.findings import Code
from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.workbook.contract import Cell
from tests.sheets import cells, edited, filled, read, synced, table_rows

NOTE = "phone the bank"
Rows = list[list[Cell]]


def book() -> MemoryWorkbook:
    workbook = filled([{"client": f"Client {number}", "objective": "Sale"} for number in range(8)])
    synced(workbook)
    return workbook


def noted(
    workbook: MemoryWorkbook, change: Callable[[Rows, int, int], object], *, key: str = "priorities"
) -> MemoryWorkbook:
    """Return the workbook after a person wrote right below a table, and then changed its rows."""
    decoded = read(workbook)
    place = decoded.places[key]
    end = place.header + decoded.own.lengths[key]
    rows = cells(workbook, place.grid.title)
    assert rows[end][place.width[0] - 1] is None
    rows[end][place.width[0] - 1] = NOTE
    change(rows, place.header, end)
    return edited(workbook, place.grid.title, rows)


def notes(workbook: MemoryWorkbook) -> int:
    return sum(NOTE in row for title in workbook.read().tabs for row in cells(workbook, title))


def blocked(workbook: MemoryWorkbook) -> bool:
    return any("Move that to the side" in str(row["what"]) for row in table_rows(workbook, "check"))


@given(gone=st.sets(st.integers(min_value=0, max_value=10), min_size=1, max_size=6))
def test_a_note_right_below_a_table_stays_when_rows_of_it_are_deleted(gone: set[int]) -> None:
    def delete(rows: Rows, first: int, end: int) -> None:
        for index in sorted(gone, reverse=True):
            assert first + index < end
            del rows[first + index]

    workbook = noted(book(), delete)
    synced(workbook)
    assert notes(workbook) == 1
    assert blocked(workbook)
    assert not synced(workbook).plan


@pytest.mark.parametrize("key", ["status", "allocation", "funnel", "shares"])
@pytest.mark.parametrize("down", [0, 2])
def test_a_note_below_any_table_stays_when_a_row_of_the_sheet_is_deleted(key: str, down: int) -> None:
    workbook = noted(book(), lambda rows, first, _: rows.pop(first + down), key=key)
    synced(workbook)
    assert notes(workbook) == 1
    assert blocked(workbook)
    assert not synced(workbook).plan


def test_a_table_that_was_cut_is_whole_again_when_the_note_is_gone() -> None:
    whole = book()
    workbook = noted(whole, lambda rows, first, _: rows.pop(first + 2))
    synced(workbook)
    cleared = edited(
        workbook,
        "Priorities",
        [[None if c == NOTE else c for c in row] for row in cells(workbook, "Priorities")],
    )
    synced(cleared)
    assert table_rows(cleared, "priorities") == table_rows(whole, "priorities")
    assert not blocked(cleared)


@given(st.data())
def test_a_table_that_was_sorted_is_written_anew(data: st.DataObject) -> None:
    whole = book()

    def sort(rows: Rows, first: int, end: int) -> None:
        rows[first:end] = data.draw(st.permutations(rows[first:end]))

    workbook = noted(whole, sort)
    report = synced(workbook)
    assert table_rows(workbook, "priorities") == table_rows(whole, "priorities")
    assert Code.TABLE_BLOCKED not in [found.remark.code for found in report.reading.findings]
    assert not blocked(workbook)
    assert notes(workbook) == 1


@pytest.mark.parametrize("row", [0, 3])
def test_words_typed_into_a_table_are_written_over(row: int) -> None:
    whole = book()

    def typed(rows: Rows, first: int, end: int) -> None:
        assert first + row < end - 1
        rows[first + row][4] = "mine"

    workbook = noted(whole, typed)
    synced(workbook)
    assert table_rows(workbook, "priorities") == table_rows(whole, "priorities")
    assert not blocked(workbook)


def test_of_a_table_without_fingerprints_the_number_of_rows_counts() -> None:
    whole = book()
    rows = [
        ["" if str(cell).startswith("marks.") else cell for cell in row]
        for row in cells(whole, "_sheetfunnel")
    ]
    report = synced(edited(whole, "_sheetfunnel", rows), dry_run=True)
    assert {change.tab for change in report.plan.changes} <= {"_sheetfunnel", "Start"}
