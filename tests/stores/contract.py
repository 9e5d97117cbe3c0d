"""What every store promises; each store's test subclasses this and says how a workbook is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetfunnel.errors import SheetfunnelError, StaleRevision
from sheetfunnel.workbook.contract import (
    KEEP,
    AppendRows,
    Cell,
    Change,
    ReplaceTable,
    SetCells,
    Snapshot,
    Untouched,
    Workbook,
    WritePlan,
)

Make: TypeAlias = Callable[[Mapping[str, Sequence[Sequence[Cell]]]], Workbook]

DAY = date(2026, 3, 2)
ROWS: list[list[Cell]] = [
    ["Client", "Stage", "Amount", "Due", "Note"],
    ["Rosa", "old", 1200, DAY, "mine"],
    ["León ☀", "old", 99.5, DAY, None],
    [None, None, None, None, None],
    ["007", None, True, DAY, "=1+1"],
]

_VALUES: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.booleans(),
    st.integers(min_value=-(10**14), max_value=10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(min_value=-(10**9), max_value=10**9, places=2),
)
_ROW_NUMBERS = st.integers(min_value=1, max_value=9)
Lines: TypeAlias = dict[int, tuple[Cell | Untouched, ...]]
_LINES: st.SearchStrategy[Lines] = st.dictionaries(
    _ROW_NUMBERS, st.tuples(st.one_of(_VALUES, st.just(KEEP)), st.one_of(_VALUES, st.just(KEEP))), max_size=5
)


def set_cells(columns: tuple[int, ...], rows: Mapping[int, Sequence[Cell | Untouched]]) -> SetCells:
    """Return a change of the tab that the tests write to."""
    return SetCells(tab="Sheet A", columns=columns, rows=rows)


def write(workbook: Workbook, *changes: Change) -> Snapshot:
    """Write to a workbook as it is now, and read it again."""
    workbook.write(WritePlan(changes=changes), revision=workbook.read().revision)
    return workbook.read()


def shown(snapshot: Snapshot, title: str = "Sheet A") -> dict[tuple[int, int], Cell]:
    """Return the cells of a tab that are not blank."""
    grid = snapshot.tabs[title]
    return {
        (row, column): value
        for row, line in enumerate(grid.rows, start=1)
        for column, value in enumerate(line, start=1)
        if value is not None
    }


class StoreContract:
    """The promises of :class:`sheetfunnel.workbook.contract.Workbook`."""

    @pytest.fixture
    def make(self) -> Make:
        raise NotImplementedError

    @pytest.fixture
    def workbook(self, make: Make) -> Workbook:
        return make({"Sheet A": ROWS, "Other": [["kept", 1]]})

    def test_a_reading_gives_what_is_there_with_its_type(self, workbook: Workbook) -> None:
        grid = workbook.read().tabs["Sheet A"]
        assert [grid.at(2, column) for column in range(1, 6)] == ["Rosa", "old", 1200, DAY, "mine"]
        assert grid.at(5, 1) == "007"
        assert grid.at(5, 3) is True
        assert grid.at(4, 1) is None
        assert grid.at(5, 5) == "=1+1"

    def test_reading_twice_gives_the_same_revision(self, workbook: Workbook) -> None:
        assert workbook.read().revision == workbook.read().revision

    def test_written_cells_read_back_and_all_others_stay(self, workbook: Workbook) -> None:
        before = shown(workbook.read())
        after = shown(write(workbook, set_cells((2, 3), {2: ("In the funnel", 7), 5: ("new", False)})))
        assert after == {**before, (2, 2): "In the funnel", (2, 3): 7, (5, 2): "new", (5, 3): False}
        assert after[5, 3] is False

    def test_other_tabs_stay(self, workbook: Workbook) -> None:
        before = shown(workbook.read(), "Other")
        assert shown(write(workbook, set_cells((2,), {2: ("x",)})), "Other") == before

    def test_an_empty_plan_does_nothing(self, workbook: Workbook) -> None:
        before = workbook.read()
        workbook.write(WritePlan(), revision=before.revision)
        assert workbook.read().revision == before.revision

    def test_a_stale_revision_is_refused_and_changes_nothing(self, workbook: Workbook) -> None:
        first = workbook.read()
        second = write(workbook, set_cells((2,), {2: ("second",)}))
        with pytest.raises(StaleRevision):
            workbook.write(WritePlan(changes=(set_cells((2,), {2: ("third",)}),)), revision=first.revision)
        assert workbook.read() == second

    def test_a_plan_is_carried_out_wholly_or_not_at_all(self, workbook: Workbook) -> None:
        before = workbook.read()
        changes = (set_cells((2,), {2: ("new",)}), SetCells(tab="Gone", columns=(1,), rows={1: ("x",)}))
        with pytest.raises(SheetfunnelError):
            workbook.write(WritePlan(changes=changes), revision=before.revision)
        assert workbook.read() == before

    def test_cells_to_keep_are_passed_over(self, workbook: Workbook) -> None:
        after = write(workbook, set_cells((2, 3, 5), {2: (KEEP, 5, KEEP), 4: ("here", KEEP, KEEP)}))
        grid = after.tabs["Sheet A"]
        assert [grid.at(2, column) for column in (2, 3, 5)] == ["old", 5, "mine"]
        assert [grid.at(4, column) for column in (2, 3, 5)] == ["here", None, None]

    def test_columns_may_come_in_any_order(self, workbook: Workbook) -> None:
        grid = write(workbook, set_cells((5, 2), {3: ("last", "first")})).tabs["Sheet A"]
        assert (grid.at(3, 2), grid.at(3, 5)) == ("first", "last")

    def test_a_longer_table_replaces_a_shorter_one(self, workbook: Workbook) -> None:
        rows = [(f"line {number}", number) for number in range(20)]
        table = ReplaceTable(tab="Sheet A", first_row=2, columns=(2, 3), rows=rows, old_rows=4)
        grid = write(workbook, table).tabs["Sheet A"]
        assert [(grid.at(row, 2), grid.at(row, 3)) for row in range(2, 22)] == rows
        assert grid.at(2, 5) == "mine"
        assert grid.at(5, 1) == "007"

    def test_a_shorter_table_blanks_the_rest_and_leaves_what_stands_beside_and_below(
        self, make: Make
    ) -> None:
        lines: list[list[Cell]] = [[f"r{n}", n, f"typed {n}"] for n in range(6)]
        rows: list[list[Cell]] = [["head", "head", None], *lines]
        workbook = make({"Sheet A": [*rows, ["below", "below", "below"]]})
        table = ReplaceTable(tab="Sheet A", first_row=2, columns=(1, 2), rows=[("only", 1)], old_rows=6)
        after = shown(write(workbook, table))
        typed = {(row, 3): f"typed {row - 2}" for row in range(2, 8)}
        below = {(8, column): "below" for column in (1, 2, 3)}
        assert after == {(1, 1): "head", (1, 2): "head", (2, 1): "only", (2, 2): 1, **typed, **below}

    def test_a_table_may_vanish(self, workbook: Workbook) -> None:
        table = ReplaceTable(tab="Sheet A", first_row=2, columns=(1, 2, 3), rows=[], old_rows=4)
        after = shown(write(workbook, table))
        assert {cell for cell in after if cell[0] > 1} == {(2, 4), (2, 5), (3, 4), (5, 4), (5, 5)}

    def test_appended_rows_stand_below_the_others(self, workbook: Workbook) -> None:
        before = shown(workbook.read())
        rows = [("Ivy", 5, date(2026, 4, 1)), ("Mar", None, date(2026, 4, 2))]
        after = shown(write(workbook, AppendRows(tab="Sheet A", first_row=6, columns=(1, 3, 4), rows=rows)))
        new = {(6, 1): "Ivy", (6, 3): 5, (6, 4): rows[0][2], (7, 1): "Mar", (7, 4): rows[1][2]}
        assert after == {**before, **new}

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'quoted", "007", "1e5", "TRUE"])
    def test_text_stays_text(self, workbook: Workbook, text: str) -> None:
        assert write(workbook, set_cells((2,), {2: (text,)})).tabs["Sheet A"].at(2, 2) == text

    @pytest.mark.parametrize(
        "text",
        ["ñandú 漢字 🚀", "a & b < c > d", '"quotes"', " spaces ", "line\nline", "\r", "\x00\x1f", "_x0041_"],
    )
    def test_odd_letters_come_back(self, workbook: Workbook, text: str) -> None:
        assert write(workbook, set_cells((2,), {2: (text,)})).tabs["Sheet A"].at(2, 2) == text

    def test_dates_are_dates(self, workbook: Workbook) -> None:
        days = [date(1999, 12, 31), date(2026, 2, 28), date(9999, 12, 31)]
        grid = write(workbook, set_cells((4,), dict(zip((2, 3, 5), ((day,) for day in days), strict=True))))
        assert [grid.tabs["Sheet A"].at(row, 4) for row in (2, 3, 5)] == days

    def test_a_moment_is_a_moment(self, make: Make) -> None:
        moment = datetime(2026, 3, 2, 14, 30, 15)  # noqa: DTZ001 # cells know no time zone
        workbook = make({"Sheet A": [["When"], [datetime(2026, 1, 1, 8)]]})  # noqa: DTZ001 # the same
        assert write(workbook, set_cells((1,), {2: (moment,)})).tabs["Sheet A"].at(2, 1) == moment

    def test_an_amount_reads_as_the_same_number(self, workbook: Workbook) -> None:
        grid = write(workbook, set_cells((3,), {2: (Decimal("1234.10"),), 3: (Decimal("0.1"),)}))
        assert [grid.tabs["Sheet A"].at(row, 3) for row in (2, 3)] == [1234.1, 0.1]

    def test_a_blank_text_is_a_blank_cell(self, workbook: Workbook) -> None:
        grid = write(workbook, set_cells((1, 2), {2: ("", None)})).tabs["Sheet A"]
        assert (grid.at(2, 1), grid.at(2, 2)) == (None, None)

    def test_any_two_plans_leave_what_a_sheet_of_paper_would_show(self, make: Make) -> None:
        @given(first=_LINES, second=_LINES)
        @settings(max_examples=40, deadline=None)
        def hold(first: Lines, second: Lines) -> None:
            _compare_with_paper(make({"Sheet A": ROWS, "Other": [["kept", 1]]}), (first, second))

        hold()


def _compare_with_paper(workbook: Workbook, plans: Sequence[Lines]) -> None:
    paper = shown(workbook.read())
    for lines in plans:
        after = shown(write(workbook, set_cells((2, 3), lines)))
        for row, values in lines.items():
            paper.update({(row, 2 + i): value for i, value in enumerate(values) if value is not KEEP})
        expected = {cell: _number(value) for cell, value in paper.items() if value not in (None, "")}
        assert after == expected
        assert {cell: type(value) is str for cell, value in after.items()} == {
            cell: type(value) is str for cell, value in expected.items()
        }


def _number(value: Cell) -> Cell:
    return float(value) if isinstance(value, Decimal) else value
