"""Reading one column of a table: all its cells at once, and a finding for each that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import zip_longest
from operator import itemgetter
from typing import Any, TypeVar, cast

from sheetfunnel.findings import Code, Finding, Remark, remark
from sheetfunnel.workbook.cells import (
    Unread,
    date_order,
    decimal_mark,
    read_date,
    read_number,
    read_outcome,
    read_rating,
    read_stage,
    read_text,
    read_yes,
)
from sheetfunnel.workbook.contract import Cell, Grid
from sheetfunnel.workbook.places import TablePlace

_T = TypeVar("_T")

_AT_ONCE = 1_000
_NOTHING: frozenset[type] = frozenset({type(None)})
_TEXTS: frozenset[type] = frozenset({str, type(None)})
_DAYS: frozenset[type] = frozenset({date, type(None)})

#: What spreadsheets show in a cell whose formula failed.
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


@dataclass(slots=True, kw_only=True)
class TableReader:
    """Reads the columns of one table at the rows that are used, and gathers what could not be read."""

    place: TablePlace
    rows: Sequence[int]
    currency: str = ""
    findings: list[Finding] = field(default_factory=list)
    _columns: Sequence[Sequence[Cell]] = ()

    def __post_init__(self) -> None:
        self._columns = _turned([self.place.grid.rows[row - 1] for row in self.rows])

    def raw(self, key: str) -> Sequence[Cell]:
        """Return the cells of a column as they are, one for each used row."""
        return self._cells(self.place.columns.get(key, 0))

    def _cells(self, column: int) -> Sequence[Cell]:
        known = 1 <= column <= len(self._columns)
        return self._columns[column - 1] if known else (None,) * len(self.rows)

    def texts(self, key: str) -> list[str]:
        """Return a text column: blank cells are empty texts."""
        cells, column = self.raw(key), self.place.columns.get(key, 0)
        kinds = set(map(type, cells))
        if kinds <= _NOTHING:
            texts = [""] * len(cells)
        elif kinds <= _TEXTS and _ERRORS.isdisjoint(cells):  # nearly always
            texts = [cell.strip() if cell else "" for cell in cast("Sequence[str | None]", cells)]
        else:
            found = self._found(map(partial(_guarded, how=read_text), cells), column)
            texts = [text or "" for text in found]
        self._never_calculated(column)
        return texts

    def read(self, key: str, how: Callable[[Cell], _T | Unread | None]) -> list[_T | None]:
        """Return a column's values: ``None`` where a cell is blank, or cannot be read (then a finding)."""
        column = self.place.columns.get(key)
        if column is None:
            return [None] * len(self.rows)
        return self.read_cells(column, how)

    def read_cells(self, column: int, how: Callable[[Cell], _T | Unread | None]) -> list[_T | None]:
        """Return what :meth:`read` does, of a sheet column by its number."""
        cells = self._cells(column)
        kinds = set(map(type, cells))
        if kinds <= _NOTHING:  # as most columns of a wide sheet are
            self._never_calculated(column)
            return [None] * len(cells)
        read = how if _ERRORS.isdisjoint(cells) else partial(_guarded, how=how)
        values = _each(cells, read, kinds)
        known = self._found(values, column) if Unread in set(map(type, values)) else values
        self._never_calculated(column)
        return cast("list[_T | None]", known)

    def _found(self, values: Iterable[_T | Unread | None], column: int) -> list[_T | None]:
        """Return the values that were read; of each that was not, note why."""
        known: list[_T | None] = []
        for row, value in zip(self.rows, values, strict=True):
            if isinstance(value, Unread):
                self.find(value.remark, row, column)
            known.append(None if isinstance(value, Unread) else value)
        return known

    def column(self, key: str, kind: str) -> list[Any]:
        """Return a column read as the kind that the layout declares for it."""
        if kind == "text":
            return self.texts(key)
        if kind == "date":
            return self._days(key)
        if kind in {"amount", "number", "integer"}:
            mark = decimal_mark(_texts(self.raw(key)))
            return self.read(key, partial(read_number, mark=mark, currency=self.currency))
        return self.read(key, _READERS[kind])

    def _days(self, key: str) -> list[date | None]:
        cells = self.raw(key)
        if set(map(type, cells)) <= _DAYS:  # nearly always: there is nothing to read
            self._never_calculated(self.place.columns.get(key, 0))
            return list(cast("Sequence[date | None]", cells))
        return self.read(key, partial(read_date, order=date_order(_texts(cells))))

    def find(self, said: Remark, row: int, column: int) -> None:
        """Note that something stands at a cell which a person should look at."""
        text = read_text(self.place.grid.at(row, column)) if row and column else ""
        title = self.place.grid.title
        self.findings.append(Finding(remark=said, tab=title, row=row, column=column, shown=text))

    def _never_calculated(self, column: int) -> None:
        """Point out formulas that hold no value, which would otherwise read as blank cells."""
        grid = self.place.grid
        if not grid.formulas:
            return
        for row in self.rows:
            if (row, column) in grid.formulas and grid.at(row, column) is None:
                self.find(remark(Code.FORMULA_WITHOUT_VALUE), row, column)


_READERS: Mapping[str, Callable[[Cell], Any]] = {
    "yes": read_yes,
    "outcome": read_outcome,
    "stage": read_stage,
    "rating": read_rating,
}


def cells_at(grid: Grid, column: int, rows: Iterable[int]) -> list[Cell]:
    """Return the cells of a column at these rows; outside the used range they are blank."""
    lines, index = grid.rows, column - 1
    return [line[index] if len(line := lines[row - 1]) > index else None for row in rows]


def lines_at(grid: Grid, columns: Sequence[int], rows: Sequence[int]) -> list[tuple[Cell, ...]]:
    """Return the cells of several columns, in this order, at each of these rows."""
    lines = [grid.rows[row - 1] for row in rows]
    if len(columns) > 1 and min(map(len, lines), default=0) >= max(columns):  # nearly always
        return list(map(itemgetter(*(column - 1 for column in columns)), lines))
    return list(zip(*(cells_at(grid, column, rows) for column in columns), strict=True))


def _turned(lines: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Return the columns of some rows: cell by cell to turn them would take most of the time.

    So would all rows in one, as each of them is out of the processor's reach when its next cell is taken.
    """
    columns: list[list[Cell]] = [[] for _ in range(max(map(len, lines), default=0))]
    for at in range(0, len(lines), _AT_ONCE):
        some = lines[at : at + _AT_ONCE]
        turned = list(zip_longest(*some))
        for column, cells in zip(columns, turned, strict=False):
            column.extend(cells)
        for column in columns[len(turned) :]:
            column.extend([None] * len(some))
    return columns


def _texts(cells: Sequence[Cell]) -> list[str]:
    if str not in set(map(type, cells)):
        return []
    return [cell for cell in cells if isinstance(cell, str)]


def _each(cells: Iterable[Cell], read: Callable[[Cell], Any], kinds: Collection[type]) -> list[Any]:
    """Return each cell as it is read; none is read twice, as the same days and words stand in many rows."""
    if bool in kinds:  # True equals 1, and is not the same
        return [None if cell is None else read(cell) for cell in cells]
    known = {cell: None if cell is None else read(cell) for cell in dict.fromkeys(cells)}
    return list(map(known.__getitem__, cells))


def _guarded(cell: Cell, how: Callable[[Cell], _T | Unread | None]) -> _T | Unread | None:
    if isinstance(cell, str) and cell in _ERRORS:
        return Unread(remark=remark(Code.CELL_ERROR, shown=cell))
    return how(cell)
