"""A workbook that lives in memory: the store that tests and previews use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from sheetfunnel.errors import ContractBroken, StaleRevision
from sheetfunnel.workbook.contract import (
    KEEP,
    AppendRows,
    Cell,
    Change,
    Grid,
    SetCells,
    Snapshot,
    Untouched,
    WritePlan,
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
    for number, cells in _lines(change):
        for column, cell in zip(change.columns, cells, strict=True):
            if cell is not KEEP and (number, column) not in grid.formulas | grid.covered:
                _put(rows, number, column, _as_read(cell))
    return replace(grid, rows=rows)


def _lines(change: Change) -> Iterator[tuple[int, Sequence[Cell | Untouched]]]:
    if isinstance(change, SetCells):
        yield from change.rows.items()
        return
    yield from enumerate(change.rows, start=change.first_row)
    if isinstance(change, AppendRows):
        return
    blank: Sequence[Cell] = (None,) * len(change.columns)
    for number in range(change.first_row + len(change.rows), change.first_row + change.old_rows):
        yield number, blank


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
