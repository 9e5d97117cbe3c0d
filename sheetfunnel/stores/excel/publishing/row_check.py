"""Compares a sheet with the one that it was made from, byte by byte: only planned cells may differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

from sheetfunnel.stores.excel.publishing.differing import Differing, differs
from sheetfunnel.stores.excel.publishing.plain_rows import (
    Touched,
    holds,
    is_new,
    plain_tags,
    plainly_as_planned,
)
from sheetfunnel.stores.excel.publishing.plain_sheet import PlainSheet
from sheetfunnel.workbook.contract import KEEP, Cell, Change, Grid, ReplaceTable, Untouched, rows_of
from sheetfunnel.workbook.layout import letters

_Wishes: TypeAlias = Mapping[bytes, "Cell | Untouched"]
_Planned: TypeAlias = tuple[tuple[bytes, ...], "Sequence[Cell | Untouched]"]
_Rows: TypeAlias = Iterator[tuple[int, bytes]]
_Found: TypeAlias = Mapping[bytes, tuple[bytes | None, bytes, bytes | None]]
"""The style, the further attributes and the content of a row's planned cells, by their column's letters."""

#: So many rows are compared at once.
_BATCH: Final = 256
_ADDRESS: Final = re.compile(rb'<c r="([A-Z]{1,3})\d')
_ANY_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"([^<>]*(?:/>|>.*?</c>))', re.DOTALL)
_DIMENSION: Final = re.compile(rb"<dimension\s[^<>]*>")
_LINK: Final = re.compile(rb'<hyperlink ref="([A-Z]{1,3})(\d+)"[^<>]*/>')
_NO_LINKS: Final = re.compile(rb"<hyperlinks(?:>\s*</hyperlinks>|\s*/>)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCheck:
    """What was planned for one sheet; ``grid`` is the sheet as it was read."""

    grid: Grid
    changes: Sequence[Change]
    date1904: bool
    _plan: dict[int, list[_Planned]] = field(default_factory=dict)

    def run(self, old: Iterator[bytes], new: Iterator[bytes]) -> None:
        """Compare the old sheet with the new one, both given in pieces.

        Raises:
            Differing: anything differs that was not planned, or a planned cell is not as planned.
            OtherDialect: one of them cannot be compared in this way.

        """
        before, after = PlainSheet(old), PlainSheet(new)
        if _DIMENSION.sub(b"", before.head) != _DIMENSION.sub(b"", after.head):
            raise self._differs("the head")
        self._plan.update(self._planned())
        self._rows(before.rows(), after.rows())
        if not self._same_tail(before.tail(), after.tail()):
            raise self._differs("what follows the rows")

    def _planned(self) -> dict[int, list[_Planned]]:
        plan: dict[int, list[_Planned]] = {}
        for change in self.changes:
            names = tuple(letters(column).encode() for column in change.columns)
            standing = change.standing if isinstance(change, ReplaceTable) else ()
            for number, values in rows_of(change):
                if number not in standing:  # such a row is to stay as it is, byte for byte
                    plan.setdefault(number, []).append((names, values))
        return plan

    def _rows(self, before: _Rows, after: _Rows) -> None:
        cells, batch = _cells_of(self.changes), list[Touched]()
        for number, old, new in self._paired(before, after):
            planned = self._plan.pop(number, ())
            if len(planned) == 1:
                batch.append(Touched(number, old, new, *planned[0]))
            elif planned:
                self._row(Touched(number, old, new, *_merged(planned)), cells)
            elif old != new:
                raise self._differs(_where(number, old or b"", new))
            if len(batch) == _BATCH:
                self._batch(batch, cells)
                batch = []
        self._batch(batch, cells)
        self._refuse_missing()

    def _paired(self, before: _Rows, after: _Rows) -> Iterator[tuple[int, bytes | None, bytes]]:
        """Yield each row of the new sheet beside the same one of the old, where there was one."""
        old_number, old = next(before, (0, b""))
        for number, new in after:
            if old_number != number:
                if old_number and old_number < number:
                    raise self._differs(f"row {old_number}")
                yield number, None, new
                continue
            yield number, old, new
            old_number, old = next(before, (0, b""))
        if old_number:
            raise self._differs(f"row {old_number}")

    def _batch(self, batch: Sequence[Touched], cells: re.Pattern[bytes]) -> None:
        if not plainly_as_planned(batch, cells):
            for touched in batch:
                self._row(touched, cells)

    def _row(self, touched: Touched, cells: re.Pattern[bytes]) -> None:
        number, old, new = touched.number, touched.old, touched.new
        wishes = dict(zip(touched.names, touched.values, strict=True))
        was_rest, was = _taken_apart(old or b"", cells, number)
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
        was: tuple[bytes | None, bytes, bytes | None] | None,
        found: tuple[bytes | None, bytes, bytes | None] | None,
    ) -> None:
        if wanted is KEEP:
            right = was == found
        elif found is None:
            right = wanted is None or wanted == ""
        else:
            style, attributes, content = found
            right = (was is None or was[0] == style) and holds(
                attributes, content, wanted, date1904=self.date1904
            )
        if not right and not (was == found and self._is_left_alone(number, column)):
            raise self._differs(f"cell {column.decode()}{number}")

    def _is_left_alone(self, number: int, column: bytes) -> bool:
        at = next(each for each in range(1, 16_385) if letters(each).encode() == column)
        return (number, at) in self.grid.formulas or (number, at) in self.grid.covered

    def _refuse_missing(self) -> None:
        """Refuse a planned row that is not there, unless nothing is wanted of it."""
        for number, several in self._plan.items():
            for names, values in several:
                for name, value in zip(names, values, strict=True):
                    left = value is KEEP or value is None or value == ""
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


def _cells_of(changes: Sequence[Change]) -> re.Pattern[bytes]:
    """Return what splits a row at the cells of the planned columns: letters, style, attributes, content."""
    names = {letters(column).encode() for change in changes for column in change.columns}
    single = all(len(name) == 1 for name in names)
    columns = b"[%b]" % b"".join(names) if single else b"|".join(names)  # a set is tried at once
    content = rb"([^<]*(?:<(?!/c>)[^<]*)*)"
    return re.compile(rb'<c r="(' + columns + rb')(\d+)"( s="[^"]*")?([^<>/]*)(?:/>|>' + content + rb"</c>)")


def _taken_apart(row: bytes, cells: re.Pattern[bytes], number: int) -> tuple[bytes, _Found]:
    """Return a row without its planned cells, and these; one that names another row is none of them."""
    pieces = cells.split(row)
    if pieces[2::6] and set(pieces[2::6]) != {b"%d" % number}:
        return row, {}
    found = zip(pieces[3::6], pieces[4::6], pieces[5::6], strict=True)
    return b"".join(pieces[::6]), dict(zip(pieces[1::6], found, strict=True))


def _merged(several: Sequence[_Planned]) -> _Planned:
    """Return what is planned for a row that several changes name: in the same cell, the later one counts."""
    wishes = {name: value for names, values in several for name, value in zip(names, values, strict=True)}
    return tuple(wishes), tuple(wishes.values())


def _where(number: int, old: bytes, new: bytes) -> str:
    """Return the cell in which two rows differ, or the row if it is none of its cells."""
    was, now = dict(_ANY_CELL.findall(old)), dict(_ANY_CELL.findall(new))
    cells = (ref for ref in {**was, **now} if was.get(ref) != now.get(ref))
    return next((f"cell {ref.decode()}" for ref in cells), f"row {number}")


def _in_order(row: bytes) -> bool:
    """Whether the cells of a row stand in the order of their columns, each once."""
    columns = [(len(name), name) for name in _ADDRESS.findall(row)]
    return all(left < right for left, right in pairwise(columns))
