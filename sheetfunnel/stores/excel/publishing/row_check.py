"""Compares a sheet with the one that it was made from, byte by byte: only planned cells may differ."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import pairwise
from typing import Final, TypeAlias

from sheetfunnel.stores.excel.publishing.differing import Differing, differs
from sheetfunnel.stores.excel.publishing.plain_rows import (
    Touched,
    apart,
    holds,
    is_new,
    plain_tags,
    plainly_as_planned,
    planned_cells,
)
from sheetfunnel.stores.excel.publishing.plain_sheet import PlainSheet, Stretch
from sheetfunnel.stores.excel.publishing.rows_to_be import Batch, Values, are_like_the_first, are_to_be
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import KEEP, Cell, Change, Grid, ReplaceTable, Untouched, rows_of
from sheetfunnel.workbook.layout import letters

_Wishes: TypeAlias = Mapping[bytes, "Cell | Untouched"]
_Planned: TypeAlias = tuple[tuple[bytes, ...], Values]
_Found: TypeAlias = Mapping[bytes, tuple[bytes, bytes]]
"""The style of a row's planned cells and what follows it, by their column's letters."""

_ADDRESS: Final = re.compile(rb'<c r="([A-Z]{1,3})\d')
_ANY_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"([^<>]*(?:/>|>.*?</c>))', re.DOTALL)
_DIMENSION: Final = re.compile(rb"<dimension\s[^<>]*>")
_LINK: Final = re.compile(rb'<hyperlink ref="([A-Z]{1,3})(\d+)"[^<>]*/>')
_NO_LINKS: Final = re.compile(rb"<hyperlinks(?:>\s*</hyperlinks>|\s*/>)")


@value
class SheetCheck:
    """What was planned for one sheet; ``grid`` is the sheet as it was read."""

    grid: Grid
    changes: Sequence[Change]
    date1904: bool
    _plan: dict[int, _Planned] = field(default_factory=dict)

    def run(self, old: Iterator[bytes], new: Iterator[bytes]) -> None:
        """Compare the old sheet with the new one, both given in pieces.

        Raises:
            Differing: anything differs that was not planned, or a planned cell is not as planned.
            OtherDialect: one of them cannot be compared in this way.

        """
        before, after = PlainSheet(old), PlainSheet(new)
        if _DIMENSION.sub(b"", before.head) != _DIMENSION.sub(b"", after.head):
            raise self._differs("the head")
        for change in self.changes:
            self._plan_for(change)
        self._rows(before.stretches(), after.stretches())
        if not self._same_tail(before.tail(), after.tail()):
            raise self._differs("what follows the rows")

    def _plan_for(self, change: Change) -> None:
        names = tuple(letters(column).encode() for column in change.columns)
        standing = change.standing if isinstance(change, ReplaceTable) else ()
        for number, values in rows_of(change):
            if number in standing:  # such a row is to stay as it is, byte for byte
                continue
            earlier = self._plan.get(number)
            self._plan[number] = _merged(earlier, (names, values)) if earlier else (names, values)

    def _rows(self, before: Iterator[Stretch], after: Iterator[Stretch]) -> None:
        cells = planned_cells({letters(column).encode() for each in self.changes for column in each.columns})
        for was, now in self._side_by_side(before, after):
            for batch in self._planned(was, now):
                for touched in _doubtful(batch, cells):
                    self._row(touched, cells)
        self._refuse_missing()

    def _side_by_side(
        self, before: Iterator[Stretch], after: Iterator[Stretch]
    ) -> Iterator[tuple[Mapping[int, bytes], Stretch]]:
        """Yield the rows of the new sheet, many at once, beside those of the old up to the last of them."""
        numbers, rows = list[int](), list[bytes]()
        for new in after:
            last = new[0][-1]
            while (not numbers or numbers[-1] < last) and (more := next(before, None)):
                numbers, rows = numbers + more[0], rows + more[1]
            cut = bisect_right(numbers, last)
            was = dict(zip(numbers[:cut], rows[:cut], strict=True))
            self._refuse_lost(was.keys() - set(new[0]))
            yield was, new
            numbers, rows = numbers[cut:], rows[cut:]
        rest = numbers or next(before, (numbers, rows))[0]
        self._refuse_lost(rest[:1])

    def _refuse_lost(self, rows: Collection[int]) -> None:
        if rows:
            raise self._differs(f"row {min(rows)}")

    def _planned(self, was: Mapping[int, bytes], now: Stretch) -> Iterator[Batch]:
        """Yield the planned rows; all others must be the same in every byte."""
        batch = Batch(names=())
        for number, new in zip(*now, strict=True):
            planned, old = self._plan.pop(number, None), was.get(number, b"")
            if planned is None:
                if old != new:
                    raise self._differs(_where(number, old, new))
                continue
            if batch.names != planned[0] or bool(old) != bool(batch.olds):
                yield batch
                batch = Batch(names=planned[0])
            batch.add(number, old, new, planned[1])
        yield batch

    def _row(self, touched: Touched, cells: re.Pattern[bytes]) -> None:
        number, old, new = touched.number, touched.old, touched.new
        wishes = dict(zip(touched.names, touched.values, strict=True))
        was_rest, was = _taken_apart(old, cells, number)
        rest, found = _taken_apart(new, cells, number)
        is_right = rest == was_rest or plain_tags(rest) == plain_tags(was_rest)
        if not (is_right if old else is_new(rest)):
            raise self._differs(_where(number, was_rest, rest))
        if found.keys() - was.keys() and not _in_order(new):
            raise self._differs(f"the order of the cells in row {number}")
        if found.keys() - wishes.keys() or was.keys() - found.keys():
            self._refuse_unplanned(number, wishes, was, found)
        for column, wanted in wishes.items():
            self._cell(number, column, wanted, was.get(column), found.get(column))

    def _refuse_unplanned(self, number: int, wishes: _Wishes, was: _Found, found: _Found) -> None:
        for column in found.keys() | was.keys():
            if column not in wishes and was.get(column) != found.get(column):
                raise self._differs(f"cell {column.decode()}{number}")

    def _cell(
        self,
        number: int,
        column: bytes,
        wanted: Cell | Untouched,
        was: tuple[bytes, bytes] | None,
        found: tuple[bytes, bytes] | None,
    ) -> None:
        if wanted is KEEP:
            right = was == found
        elif found is None:
            right = wanted is None or wanted == ""
        else:
            style, rest = found
            right = (was is None or was[0] == style) and holds(*apart(rest), wanted, date1904=self.date1904)
        if not right and not (was == found and self._is_left_alone(number, column)):
            raise self._differs(f"cell {column.decode()}{number}")

    def _is_left_alone(self, number: int, column: bytes) -> bool:
        at = next(each for each in range(1, 16_385) if letters(each).encode() == column)
        return (number, at) in self.grid.formulas or (number, at) in self.grid.covered

    def _refuse_missing(self) -> None:
        """Refuse a planned row that is not there, unless nothing is wanted of it."""
        for number, (names, values) in self._plan.items():
            for name, wish in zip(names, values, strict=True):
                left = wish is KEEP or wish is None or wish == ""
                if not left and not self._is_left_alone(number, name):
                    raise self._differs(f"cell {name.decode()}{number}")

    def _same_tail(self, old: bytes, new: bytes) -> bool:
        return old == new or self._without_links(old) == self._without_links(new)

    def _without_links(self, tail: bytes) -> bytes:
        """Return a tail without the links of the program's tables, which are replaced with them."""
        tables = [
            ({letters(column).encode() for column in change.columns}, change.first_row)
            for change in self.changes
            if isinstance(change, ReplaceTable)
        ]

        def kept(link: re.Match[bytes]) -> bytes:
            ours = any(link[1] in columns and int(link[2]) >= first for columns, first in tables)
            return b"" if ours else link[0]

        return _NO_LINKS.sub(b"", _LINK.sub(kept, tail))

    def _differs(self, what: str) -> Differing:
        return differs(f"{what} of the tab “{self.grid.title}”")


def _taken_apart(row: bytes, cells: re.Pattern[bytes], number: int) -> tuple[bytes, _Found]:
    """Return a row without its planned cells, and these; one that names another row is none of them."""
    pieces = cells.split(row)
    if pieces[2::5] and set(pieces[2::5]) != {b"%d" % number}:
        return row, {}
    found = zip(pieces[3::5], pieces[4::5], strict=True)
    return b"".join(pieces[::5]), dict(zip(pieces[1::5], found, strict=True))


def _merged(earlier: _Planned, later: _Planned) -> _Planned:
    """Return what two changes plan for a row: in the same cell, the later one counts."""
    wishes = dict(zip(*earlier, strict=True)) | dict(zip(*later, strict=True))
    return tuple(wishes), tuple(wishes.values())


def _doubtful(batch: Batch, cells: re.Pattern[bytes]) -> Iterator[Touched]:
    """Yield the rows that have to be looked at one by one, so that all are right if they are."""
    olds = batch.olds or [b""] * len(batch.news)
    rows = zip(batch.numbers, olds, batch.news, batch.values, strict=True)
    touched = (Touched(number, old, new, batch.names, values) for number, old, new, values in rows)
    if not batch.news or (batch.olds and are_to_be(batch)):
        return
    if not batch.olds and are_like_the_first(batch):
        yield next(touched)
    elif not plainly_as_planned(batch, cells):
        yield from touched


def _where(number: int, old: bytes, new: bytes) -> str:
    """Return the cell in which two rows differ, or the row if it is none of its cells."""
    was, now = dict(_ANY_CELL.findall(old)), dict(_ANY_CELL.findall(new))
    cells = (ref for ref in {**was, **now} if was.get(ref) != now.get(ref))
    return next((f"cell {ref.decode()}" for ref in cells), f"row {number}")


def _in_order(row: bytes) -> bool:
    """Whether the cells of a row stand in the order of their columns, each once."""
    columns = [(len(name), name) for name in _ADDRESS.findall(row)]
    return all(left < right for left, right in pairwise(columns))
