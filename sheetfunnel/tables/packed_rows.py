"""Rows packed by the column for another process: what stands in many cells of a column is said once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Final, TypeAlias, cast

from sheetfunnel.tables.alike_rows import Line
from sheetfunnel.values import value

#: So many rows are packed together: their columns are still near when they are turned.
AT_ONCE: Final = 5_000
#: Of these no two are equal that are not the same: True equals 1, and 0 equals -0.
_TELLABLE: Final = frozenset({str, date, type(None)})
_TEXTS: Final = frozenset({str, type(None)})
#: No cell can hold it.
_BETWEEN: Final = "\0"


@dataclass(frozen=True, slots=True)
class _Said:
    """A column as the values in it, texts in one, and for each cell which of them it holds."""

    values: str | list[object]
    which: bytes


_Column: TypeAlias = _Said | Line


@value
class PackedRows:
    """Some rows by the column; ``blank`` are the places of those without any cell."""

    columns: list[_Column]
    blank: list[int]

    def rows(self, known: dict[str, str]) -> list[Line]:
        """Return the rows; a text that is in ``known`` is taken from there, so that it is held once."""
        columns = [_unpacked(column, known) for column in self.columns]
        rows: list[Line] = list(zip(*columns, strict=True))
        for at in self.blank:
            rows[at] = ()
        return rows


def packed_rows(rows: Sequence[Line]) -> Iterator[PackedRows]:
    """Yield rows packed, some thousand at a time."""
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        columns = [_packed(column) for column in zip_longest(*some)]
        blank = [index for index, row in enumerate(some) if not row]
        yield PackedRows(columns=columns or [[None] * len(some)], blank=blank)


def _packed(column: Line) -> _Column:
    kinds = set(map(type, column))
    if not kinds <= _TELLABLE:
        return column
    numbers = {value: number for number, value in enumerate(dict.fromkeys(column))}
    which = array("H", map(numbers.__getitem__, column)).tobytes()
    if kinds <= _TEXTS:  # an empty text is no value of a cell
        return _Said(_BETWEEN.join([cast("str", value or "") for value in numbers]), which)
    return _Said(list(numbers), which)


def _unpacked(column: _Column, known: dict[str, str]) -> Iterable[object]:
    if not isinstance(column, _Said):
        return column
    values = column.values
    if isinstance(values, str):
        texts = values.split(_BETWEEN)
        values = [known.setdefault(text, text) if text else None for text in texts]
    which = array("H")
    which.frombytes(column.which)
    return map(values.__getitem__, which)
