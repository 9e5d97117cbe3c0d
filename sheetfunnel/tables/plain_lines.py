"""The rows of a sheet that is written plainly, each cut at its own number into cells."""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from operator import add
from typing import Final

from sheetfunnel.tables.alike_rows import START, AlikeRows, Line, places_of, spread
from sheetfunnel.tables.part_guard import MAX_CELLS, MAX_ROW, Extent, SheetWatch, finish
from sheetfunnel.tables.plain_cells import Cells, OtherDialect, opened
from sheetfunnel.tables.plain_rows import feed_head
from sheetfunnel.values import value

_CLOSE: Final = b"</row>"
_END: Final = b"</sheetData>"
_AT_ONCE: Final = 1 << 20
_BEFORE: Final = len(START)
_WITH_OPENING: Final = 2
#: A row of all 16,384 columns; what goes on without end is for the guard.
_LONGEST_ROW: Final = 8 << 20
_CLOSED_ROWS: Final = re.compile(rb'(?:<row r="\d{1,7}"(?: [\w:]+="[^"<>&\x00-\x1f\x80-\xff]*")*+ ?/>)*+')
_DIGITS: Final = 8
_ADDRESS: Final = re.compile(rb'(<c r="[A-Z]{1,3})(\d{1,7})"')


@value
class RestOfSheet:
    """The rows of a sheet behind some place, of which the first has the number ``first``."""

    first: int
    rows: list[Line]
    only_values: bool


def taken_sheet(pieces: Iterator[bytes], cells: Cells, *, room: int) -> tuple[list[Line], Extent]:
    """Return the rows of a sheet as the reader gives them, and its extent; ``room`` is for so many cells.

    Raises:
        OtherDialect: it is not written plainly.
        UnreadableWorkbook: its head or what follows its rows is broken.

    """
    return taken_with_help(pieces, cells, room=room, place=sys.maxsize, ask=lambda: None)


def taken_with_help(
    pieces: Iterator[bytes], cells: Cells, *, room: int, place: int, ask: Callable[[], RestOfSheet | None]
) -> tuple[list[Line], Extent]:
    """Do what :func:`taken_sheet` does, and ask for the rows behind byte ``place`` before taking them."""
    sheet = _Sheet(pieces, cells, room)
    beyond = sheet.lines.take(before := _Before(sheet.stream, place - sheet.begins))
    rest = ask() if beyond is None else None
    if rest is None:
        only_values = sheet.finished(beyond, before.rest)
    else:
        sheet.lines.add(rest)
        only_values = rest.only_values
    rows, width = _fitted(sheet.lines.rows, room)
    return rows, Extent(rows=len(rows), columns=width, only_values=only_values)


def rest_of_sheet(pieces: Iterator[bytes], cells: Cells, *, room: int, place: int) -> RestOfSheet:
    """Return the rows behind byte ``place`` of a sheet: behind the first row that ends there or later.

    Raises:
        OtherDialect, UnreadableWorkbook: as :func:`taken_sheet`.

    """
    sheet = _Sheet(pieces, cells, room)
    deque(before := _Before(sheet.stream, place - sheet.begins), maxlen=0)
    only_values = sheet.finished(None, before.rest)
    first = sheet.lines.first
    rows, _ = _fitted(sheet.lines.rows[first - 1 :], room)  # one wide row must not make all of them wide
    return RestOfSheet(first=first, rows=rows, only_values=only_values)


class _Sheet:
    """A sheet whose head has been looked through; ``stream`` goes on at byte ``begins`` with its rows."""

    def __init__(self, pieces: Iterator[bytes], cells: Cells, room: int) -> None:
        self.lines = _Lines(cells, room)
        self._watch = SheetWatch()
        start = feed_head(self._watch, pieces)
        if start is None:
            raise OtherDialect
        self.begins = self._watch.fed
        self.stream = chain([start], pieces)

    def finished(self, beyond: bytes | None, rest: bytes) -> bool:
        """Take all that is left; return whether there are only values in the sheet.

        ``beyond`` are bytes behind the rows, if all are taken; else ``rest`` comes before the stream.
        """
        if beyond is None:
            beyond = self.lines.take(chain([rest], self.stream))
        if beyond is None:
            raise OtherDialect
        finish(self._watch, chain([beyond], self.stream))
        if self._watch.extent.area:
            raise OtherDialect
        return not self._watch.saw_cells


class _Before:
    """The pieces of a stream up to the end of the first row that ends ``left`` bytes from here or later.

    ``rest`` are the bytes that were read beyond.
    """

    def __init__(self, stream: Iterator[bytes], left: int) -> None:
        self.rest = b""
        self._stream = stream
        self._left = max(left, 0)

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            if self._left > len(piece):
                self._left -= len(piece)
                yield piece
            else:
                yield self._last(piece)
                return

    def _last(self, piece: bytes) -> bytes:
        while (end := piece.find(_CLOSE, self._left)) < 0:
            more = next(self._stream, b"")
            if not more:
                return piece
            if len(piece) > _LONGEST_ROW:
                raise OtherDialect
            piece += more
        end += len(_CLOSE)
        self.rest = piece[end:]
        return piece[:end]


class _Lines:
    """Takes rows, many at once; their numbers rise."""

    def __init__(self, cells: Cells, room: int) -> None:
        self.rows: list[Line] = []
        self.first = 0
        self._cells = cells
        self._alike = AlikeRows(cells)
        self._room = room
        self._held = 0

    def take(self, pieces: Iterable[bytes]) -> bytes | None:
        """Take all rows; return the bytes that were read beyond them, nothing if more rows may follow."""
        rest = b""
        for piece in _gathered(pieces):
            *rows, rest = (rest + piece).split(_CLOSE)
            self._take_rows(rows)
            if (end := rest.find(_END)) >= 0:
                if _CLOSED_ROWS.fullmatch(rest, 0, end) is None:
                    raise OtherDialect
                return rest[end:]
            if len(rest) > _LONGEST_ROW:
                break
        if rest:
            raise OtherDialect
        return None

    def add(self, rest: RestOfSheet) -> None:
        """Put in the rows that follow, taken by somebody else."""
        if not rest.rows:
            return
        self._held += sum(map(len, rest.rows))
        if rest.first <= len(self.rows) or self._held > min(self._room, MAX_CELLS):
            raise OtherDialect
        self.rows += [()] * (rest.first - len(self.rows) - 1)
        self.rows += rest.rows

    def _take_rows(self, rows: Sequence[bytes]) -> None:
        numbers = [row[_BEFORE : row.find(b'"', _BEFORE)] for row in rows]
        cut = [row.split(number + b'"') for row, number in zip(rows, numbers, strict=True)]
        lines = self._alike.lines(cut)
        for number, line, pieces, row in zip(numbers, lines, cut, rows, strict=True):
            if line is None:
                self._put(*self._one(row, number, pieces))
            else:
                self._put(number, line)

    def _one(self, row: bytes, number: bytes, pieces: Sequence[bytes]) -> tuple[bytes, Line]:
        """Return the number and the values of a row that is not like the others."""
        with suppress(OtherDialect):
            if len(pieces) >= _WITH_OPENING and pieces[0] == START:
                return number, self._line(pieces[1], pieces[2:])
        # its number stands elsewhere in it too, or rows without cells before it
        number, opening, cells = _cut_carefully(row)
        return number, self._line(opening, cells)

    def _line(self, opening: bytes, pieces: Sequence[bytes]) -> Line:
        first = opened(opening)
        if not pieces:
            if first:
                raise OtherDialect
            return ()
        values, following = zip(*map(self._cells.__getitem__, pieces), strict=True)
        places = places_of(first, following)
        if places is None:
            return values
        if places[-1] > self._room:
            raise OtherDialect
        return spread(values, places)

    def _put(self, number: bytes, line: Line) -> None:
        at = int(number) if number.isdigit() and len(number) < _DIGITS else 0
        self._held += len(line)
        if not len(self.rows) < at <= MAX_ROW or self._held > min(self._room, MAX_CELLS):
            raise OtherDialect
        self.first = self.first or at
        if at > len(self.rows) + 1:
            self.rows += [()] * (at - len(self.rows) - 1)
        is_blank = not any(line) and line.count(None) == len(line)  # zero is no blank cell
        self.rows.append(() if is_blank else line)


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in larger pieces: of many rows at once fewer cells are new."""
    waiting: list[bytes] = []
    for piece in pieces:
        waiting.append(piece)
        if sum(map(len, waiting)) >= _AT_ONCE:
            yield b"".join(waiting)
            waiting.clear()
    yield b"".join(waiting)


def _cut_carefully(row: bytes) -> tuple[bytes, bytes, list[bytes]]:
    """Return the number of a row, what follows it, and the pieces, found cell by cell."""
    bare = _CLOSED_ROWS.sub(b"", row, count=1)
    end = bare.find(b'"', _BEFORE)
    number = bare[_BEFORE:end]
    before, *parts = _ADDRESS.split(bare[end + 1 :])
    if not bare.startswith(START) or parts[1::3] != [number] * (len(parts) // 3):
        raise OtherDialect
    following = [*parts[3::3], b""]
    return number, b"".join([before, *parts[:1]]), list(map(add, parts[2::3], following))


def _fitted(rows: list[Line], room: int) -> tuple[list[Line], int]:
    """Return rows of one width, that of the last column with a value, down to the last row with one."""
    while rows and not rows[-1]:
        rows.pop()
    width = 0
    for row in rows:
        used = len(row)
        while used > width and row[used - 1] is None:
            used -= 1
        width = max(width, used)
    if len(rows) * width > room:
        raise OtherDialect
    blanks: tuple[Line, ...] = tuple((None,) * more for more in range(width))
    return [_of_width(row, width, blanks) if row and len(row) != width else row for row in rows], width


def _of_width(row: Line, width: int, blanks: Sequence[Line]) -> Line:
    return row[:width] if len(row) > width else (*row, *blanks[width - len(row)])
