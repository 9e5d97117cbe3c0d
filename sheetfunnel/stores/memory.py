"""A workbook that lives in memory: the store that tests and previews use."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sheetfunnel.errors import ContractBroken, StaleRevision
from sheetfunnel.workbook.contract import (
    KEEP,
    Cell,
    Change,
    Grid,
    Snapshot,
    Untouched,
    WritePlan,
    rows_of,
)


class MemoryWorkbook:
    """A workbook held as a snapshot; each write makes the next one."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def read(self) -> Snapshot:
        """Return the workbook as it is now."""
        return self._snapshot

    def write(self, plan: WritePlan, *, revision: str) -> None:
        """Carry out a plan on the workbook that was read as ``revision``.

        Raises:
            StaleRevision: it was written since.
            ContractBroken: the plan names a tab that is not there.

        """
        if revision != self._snapshot.revision:
            raise StaleRevision("The workbook was changed since it was read.", hint="Read it again.")
        if not plan:
            return
        tabs = dict(self._snapshot.tabs)
        for change in plan.changes:
            if change.tab not in tabs:
                raise ContractBroken(
                    f"The workbook has no tab “{change.tab}”.", hint="Undo the renaming of the tab."
                )
            tabs[change.tab] = _changed(tabs[change.tab], change)
        self._snapshot = replace(self._snapshot, tabs=tabs, revision=str(int(revision) + 1))


def _changed(grid: Grid, change: Change) -> Grid:
    rows = [list(row) for row in grid.rows]
    left_alone = grid.formulas | grid.covered
    for number, cells in rows_of(change):
        for column, cell in zip(change.columns, cells, strict=True):
            if cell is not KEEP and (number, column) not in left_alone:
                _put(rows, number, column, _as_read(cell))
    return replace(grid, rows=rows)


def _as_read(cell: Cell | Untouched) -> Cell:
    """Return a value as a spreadsheet would give it back: no empty texts, and numbers in floating point."""
    if isinstance(cell, Untouched) or cell == "":
        return None
    return float(cell) if isinstance(cell, Decimal) else cell


def _put(rows: list[list[Cell]], row: int, column: int, cell: Cell) -> None:
    while len(rows) < row:
        rows.append([])
    line = rows[row - 1]
    line.extend([None] * (column - len(line)))
    line[column - 1] = cell
