from __future__ import annotations

import pytest

from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.workbook.contract import Grid, SetCells, Snapshot, WritePlan
from tests.stores.contract import Make, StoreContract


class TestMemoryWorkbook(StoreContract):
    @pytest.fixture
    def make(self) -> Make:
        return lambda tabs: MemoryWorkbook(
            Snapshot(
                tabs={title: Grid(title=title, rows=rows) for title, rows in tabs.items()},
                names={},
                revision="1",
            )
        )


def test_a_formula_and_a_covered_cell_are_left_alone() -> None:
    grid = Grid(title="A", rows=[["x", 3, None]], formulas=frozenset({(1, 2)}), covered=frozenset({(1, 3)}))
    workbook = MemoryWorkbook(Snapshot(tabs={"A": grid}, names={}, revision="1"))
    change = SetCells(tab="A", columns=(1, 2, 3), rows={1: ("new", "new", "new")})
    workbook.write(WritePlan(changes=(change,)), revision="1")
    assert workbook.read().tabs["A"].rows == [["new", 3, None]]


def test_earlier_readings_do_not_change() -> None:
    workbook = MemoryWorkbook(Snapshot(tabs={"A": Grid(title="A", rows=[["x"]])}, names={}, revision="1"))
    before = workbook.read()
    change = SetCells(tab="A", columns=(1,), rows={1: ("new",)})
    workbook.write(WritePlan(changes=(change,)), revision="1")
    assert before.tabs["A"].rows == [["x"]]
