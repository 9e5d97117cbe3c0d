"""Rows with the same cells, read together: column by column, each way of writing a cell looked at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from operator import ge
from typing import Final, TypeAlias

from sheetfunnel.tables.grid import Value
from sheetfunnel.tables.part_guard import MAX_COLUMN
from sheetfunnel.tables.plain_cells import Cells, OtherDialect, opened

Line: TypeAlias = Sequence[Value]

START: Final = b'<row r="'
#: Fewer rows are not worth the turning; a row of more cells is read alone.
_FEWEST, _WIDEST = 8, 1_000
#: So many ways to write a cell are remembered at once: rows repeat those of the rows before.
_MOST: Final = 100_000
_FIRST_CELL: Final = 2


class AlikeRows:
    """Reads those of some rows that have the cells that most of them have."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._count = 0
        self._known: dict[tuple[int, int], dict[bytes, Value]] = {}
        #: Columns in which most cells are written as none before: nothing of them is remembered.
        self._ever_new: set[tuple[int, int]] = set()

    def lines(self, cut: Sequence[Sequence[bytes]]) -> list[Line | None]:
        """Return the values of rows, each cut at its number; ``None`` for each that is to be read alone."""
        lines: list[Line | None] = [None] * len(cut)
        (length, count), *_ = Counter(map(len, cut)).most_common(1) or [(0, 0)]
        if count < _FEWEST or not _FIRST_CELL < length < _WIDEST:
            return lines
        at = [index for index, pieces in enumerate(cut) if len(pieces) == length]
        try:
            found = self._alike([cut[index] for index in at])
        except OtherDialect:
            return lines
        for index, line in zip(at, found, strict=True):
            lines[index] = line
        return lines

    def _alike(self, cut: Sequence[Sequence[bytes]]) -> Sequence[Line]:
        model = cut[-1]  # of the first rows of a sheet some are cut at what only looks like their number
        first = opened(model[1])
        following = [self._cells[piece][1] for piece in model[_FIRST_CELL:]]
        places = places_of(first, tuple(following))
        starts, openings, *columns = zip(*cut, strict=True)
        if set(starts) != {START} or any(opened(opening) != first for opening in set(openings)):
            raise OtherDialect
        values = [self._column(*each) for each in zip((first, *following), following, columns, strict=False)]
        lines = list(zip(*values, strict=True))
        return lines if places is None else list(map(spread, lines, repeat(places)))

    def _column(self, at: int, following: int, pieces: Sequence[bytes]) -> list[Value]:
        if (at, following) in self._ever_new:
            held = self._cells.of_column(pieces, following)
            if 2 * len(held) < len(pieces):
                self._ever_new.discard((at, following))
            return list(map(held.__getitem__, pieces))
        known = self._known.setdefault((at, following), {})
        new = list(set(pieces).difference(known))
        if 2 * len(new) > len(pieces):
            self._ever_new.add((at, following))
        if new:
            known.update(self._cells.of_column(new, following))
            self._count += len(new)
        values = list(map(known.__getitem__, pieces))
        if self._count > _MOST:
            self._known.clear()
            self._count = 0
        return values


@lru_cache(maxsize=4096)
def places_of(first: int, following: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the columns of a row's cells; ``None`` if they stand side by side from the first one on.

    ``following`` has for each cell the column of the next one.
    """
    places = (first, *following[:-1])
    if not first or following[-1] or any(map(ge, places, places[1:])) or places[-1] > MAX_COLUMN:
        raise OtherDialect
    return None if places == tuple(range(1, len(places) + 1)) else places


def spread(values: Line, places: Sequence[int]) -> Line:
    """Return the values of a row, each in its column."""
    line: list[Value] = [None] * places[-1]
    for place, value in zip(places, values, strict=True):
        line[place - 1] = value
    return line
