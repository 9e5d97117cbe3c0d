"""Reading one column of a table: all its cells at once, and a finding for each that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
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

#: So many different cells of a column are remembered; beyond them hardly one comes twice.
_MOST_REMEMBERED = 20_000

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
        lines = self.place.grid.rows  # turned at once: cell by cell it would take most of the time
        self._columns = tuple(zip_longest(*[lines[row - 1] for row in self.rows]))

    def raw(self, key: str) -> Sequence[Cell]:
        """Return the cells of a column as they are, one for each used row."""
        return self._cells(self.place.columns.get(key, 0))

    def _cells(self, column: int) -> Sequence[Cell]:
        known = 1 <= column <= len(self._columns)
        return self._columns[column - 1] if known else (None,) * len(self.rows)

    def texts(self, key: str) -> list[str]:
        """Return a text column: blank cells are empty texts."""
        return [value or "" for value in self.read(key, _read_text)]

    def read(self, key: str, how: Callable[[Cell], _T | Unread | None]) -> list[_T | None]:
        """Return a column's values: ``None`` where a cell is blank, or cannot be read (then a finding)."""
        column = self.place.columns.get(key)
        if column is None:
            return [None] * len(self.rows)
        return self.read_cells(column, how)

    def read_cells(self, column: int, how: Callable[[Cell], _T | Unread | None]) -> list[_T | None]:
        """Return what :meth:`read` does, of a sheet column by its number."""
        cells = self._cells(column)
        if cells.count(None) == len(cells):  # most columns of a wide sheet are blank
            self._never_calculated(column)
            return [None] * len(cells)
        read = how if _ERRORS.isdisjoint(cells) else partial(_guarded, how=how)
        values = [None if cell is None else read(cell) for cell in cells]
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
            return self.read(key, _remembering(partial(read_date, order=date_order(_texts(self.raw(key))))))
        if kind in {"amount", "number", "integer"}:
            mark = decimal_mark(_texts(self.raw(key)))
            return self.read(key, _remembering(partial(read_number, mark=mark, currency=self.currency)))
        return self.read(key, _remembering(_READERS[kind]))

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


def _texts(cells: Iterable[Cell]) -> list[str]:
    return [cell for cell in cells if isinstance(cell, str)]


def _read_text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else read_text(cell)


def _remembering(how: Callable[[Cell], Any]) -> Callable[[Cell], Any]:
    """Return a reader that reads no cell twice: the same days, amounts and words stand in many rows."""
    seen: dict[Cell, Any] = {}

    def read(cell: Cell) -> Any:  # noqa: ANN401 # as whatever reads it
        if isinstance(cell, bool):  # True equals 1, and is not the same
            return how(cell)
        if cell in seen:
            return seen[cell]
        value = how(cell)
        if len(seen) < _MOST_REMEMBERED:
            seen[cell] = value
        return value

    return read


def _guarded(cell: Cell, how: Callable[[Cell], _T | Unread | None]) -> _T | Unread | None:
    if isinstance(cell, str) and cell in _ERRORS:
        return Unread(remark=remark(Code.CELL_ERROR, shown=cell))
    return how(cell)
