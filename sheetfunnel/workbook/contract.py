"""What a place that holds a workbook promises: it can be read, and a plan can be written to it.

A store (a file, a service) knows nothing of sales; this module knows nothing of files. Rows and columns
count from 1, as people count them: ``grid.at(1, 1)`` is the cell A1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final, Protocol, TypeAlias

from sheetfunnel.values import value

Cell: TypeAlias = str | bool | int | float | Decimal | date | datetime | None
"""What a cell holds: a blank cell is ``None``, never an empty text."""


class Untouched(Enum):
    """The mark for a cell that a change passes over."""

    KEEP = "keep"


KEEP: Final = Untouched.KEEP


@value
class Grid:
    """The cells of one tab. ``rows[0]`` is sheet row 1 and ``rows[0][0]`` is A1; rows may be ragged.

    ``formulas`` are the cells (row, column) that hold a formula, ``covered`` those hidden under a merge
    or belonging to an array formula, so that nothing can be written there. A formula's stored value
    stands in ``rows``. ``blocked`` are the formulas that could not fill the cells below them, as something
    stands in their way.
    """

    title: str
    rows: Sequence[Sequence[Cell]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    covered: frozenset[tuple[int, int]] = frozenset()
    blocked: frozenset[tuple[int, int]] = frozenset()

    def at(self, row: int, column: int) -> Cell:
        """Return the value of a cell; outside the used range every cell is blank."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None

    def column(self, column: int, start: int) -> Iterator[Cell]:
        """Yield the values of a column from row ``start`` to the last used row."""
        for row in range(start, len(self.rows) + 1):
            yield self.at(row, column)


@value
class Place:
    """A single cell on a tab."""

    tab: str
    row: int
    column: int


@value
class Snapshot:
    """A workbook as it was at one moment.

    ``names`` are the workbook's defined names that point at one cell (those that point elsewhere are
    left out). ``revision`` is the store's own mark of this moment, ``today`` the day that it was then where
    the workbook is (``None``: it says nothing of that). ``looked_up`` says that the result columns beside
    the objectives are formulas that look up the table ``results``: nothing is written there.
    """

    tabs: Mapping[str, Grid]
    names: Mapping[str, Place]
    revision: str
    today: date | None = None
    looked_up: bool = False


class Purpose(Enum):
    """What a plan is for; a store keeps it with the generation that the plan displaces."""

    SYNC = "sync"
    ADOPT = "adopt"
    UNDO = "undo"
    PURGE = "purge"


@value
class SetCells:
    """Set single cells of a tab that people own: the program's result cells, and no other.

    In a plan to purge, and in no other, it blanks cells that people typed, on their word.

    ``rows`` maps a sheet row to one value for each of ``columns`` (``KEEP`` leaves that cell alone).
    """

    tab: str
    columns: tuple[int, ...]
    rows: Mapping[int, Sequence[Cell | Untouched]]


@value
class ReplaceTable:
    """Replace a table of the program: its columns from ``first_row`` down.

    ``rows`` become the whole table; where it had ``old_rows`` rows and now has fewer, the rest of these
    columns is blanked. Cells below and beside it are not touched. ``links`` maps (index of a row,
    index of a column) to the place that the cell leads to. ``lines`` says how many lines of text each of
    the rows is high, those that are blanked too; without it, no height changes. ``standing`` are the sheet
    rows that hold what is wanted already: a store may pass over their cells.
    """

    tab: str
    first_row: int
    columns: tuple[int, ...]
    rows: Sequence[Sequence[Cell]]
    old_rows: int = 0
    links: Mapping[tuple[int, int], Place] = field(default_factory=dict)
    lines: Sequence[int] = ()
    standing: frozenset[int] = frozenset()


@value
class AppendRows:
    """Append rows to a table that people own, on their word (adopt): from ``first_row`` on, which is blank.

    Formats, validation, filters and table bounds of the rows above are extended to the new ones; the row
    ``header`` and what stands above it lend them nothing (0: not known). ``lines`` says how many lines of
    text each of the rows is high; without it, no height changes.
    """

    tab: str
    first_row: int
    columns: tuple[int, ...]
    rows: Sequence[Sequence[Cell]]
    header: int = 0
    lines: Sequence[int] = ()


Change: TypeAlias = SetCells | ReplaceTable | AppendRows


def rows_of(change: Change) -> Iterator[tuple[int, Sequence[Cell | Untouched]]]:
    """Yield each sheet row that a change writes, with one value for each column; cleared rows are blank."""
    if isinstance(change, SetCells):
        yield from change.rows.items()
        return
    yield from enumerate(change.rows, start=change.first_row)
    if isinstance(change, ReplaceTable):
        blank: Sequence[Cell] = (None,) * len(change.columns)
        for number in range(change.first_row + len(change.rows), change.first_row + change.old_rows):
            yield number, blank


@value
class WritePlan:
    """What is to be written, as data. An empty plan writes nothing, not one byte.

    Of a generation that is purged a store keeps nothing: no copy, and no text that no cell shows any more.
    """

    changes: tuple[Change, ...] = ()
    purpose: Purpose = Purpose.SYNC

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.changes)


class Workbook(Protocol):
    """A place that holds one workbook.

    Promises: ``write`` carries out the whole plan or none of it; no cell that the plan does not name
    changes in any way; an empty plan does nothing; a workbook that changed since ``read`` is refused.
    """

    def read(self) -> Snapshot:
        """Return the workbook as it is now.

        Raises:
            UnreadableWorkbook: it is damaged, hostile or not a workbook.
            NoAccess: this user may not read it.
            Busy: somebody holds it in a way that makes a reading unsafe.

        """
        ...

    def write(self, plan: WritePlan, *, revision: str) -> None:
        """Carry out ``plan`` on the workbook that was read as ``revision``.

        Raises:
            StaleRevision: it changed since it was read; nothing was written.
            Busy: somebody has it open; nothing was written.
            NoAccess: this user may not write it.
            UnreadableWorkbook: the result did not read back as planned; nothing was written.

        """
        ...
