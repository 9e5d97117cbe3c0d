"""A sheet in the usual dialect as head, rows and tail: it shares nothing with the writer, which it checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import ge
from typing import Final, TypeAlias

from sheetfunnel.tables.plain_texts import has_markup

#: A sheet's head holds its columns and views; none is anywhere near as long.
_LONGEST_HEAD: Final = 8 << 20
_OPEN: Final = re.compile(rb"<sheetData(/?)>")
_ROW: Final = re.compile(rb'<row r="(\d{1,7})"[^<>]*>')
_OPEN_ROW: Final = re.compile(rb'<row r="(\d{1,7})"[^<>]*(?<!/)>')
_CLOSED_ROWS: Final = re.compile(rb'(?:<row r="\d{1,7}"[^<>]*/>)*')
_CLOSE: Final = b"</row>"
_END: Final = b"</sheetData>"
_SLASH: Final = ord("/")

Stretch: TypeAlias = tuple[list[int], list[bytes]]
"""Some rows that follow one another: their numbers, and their bytes with the end tags left out."""


class OtherDialect(Exception):
    """The sheet is not written in the usual dialect; nothing that was yielded may be relied on."""


class PlainSheet:
    """One reading of a sheet: ``head`` at once, then all ``stretches()``, then ``tail()``.

    Raises:
        OtherDialect: it cannot be read in this way.

    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""
        self._last = 0
        self.head = self._read_head()

    def stretches(self) -> Iterator[Stretch]:
        """Yield all rows, many at once; the numbers rise."""
        while True:
            *parts, self._rest = self._rest.split(_CLOSE)
            if parts:
                yield self._numbered(parts)
            if (end := self._rest.find(_END)) >= 0:  # it can only stand behind the last row that closes
                break
            piece = next(self._pieces, b"")
            self._rest += piece
            if not piece or has_markup(self._rest):
                raise OtherDialect
        closed, self._rest = self._rest[:end], self._rest[end:]
        if not _CLOSED_ROWS.fullmatch(closed):
            raise OtherDialect
        if closed:
            yield self._numbered([closed])

    def tail(self) -> bytes:
        """Return what follows the rows."""
        return self._rest + b"".join(self._pieces)

    def _read_head(self) -> bytes:
        waiting = b""
        while (match := _OPEN.search(waiting)) is None:
            piece = next(self._pieces, b"")
            if not piece or len(waiting) > _LONGEST_HEAD:
                raise OtherDialect
            waiting += piece
        self._rest = (_END if match[1] else b"") + waiting[match.end() :]
        if has_markup(self._rest):
            raise OtherDialect
        return waiting[: match.start()]

    def _numbered(self, parts: list[bytes]) -> Stretch:
        found = [match and match[1] for match in map(_OPEN_ROW.match, parts)]
        if None in found:  # some close themselves, and the next one stands behind them in the same part
            numbers, parts = _with_closed_rows(parts)
        else:
            numbers = list(map(int, filter(None, found)))
        if numbers[0] <= self._last or any(map(ge, numbers, numbers[1:])):
            raise OtherDialect
        self._last = numbers[-1]
        return numbers, parts


def _with_closed_rows(parts: Iterable[bytes]) -> Stretch:
    numbers, rows = list[int](), list[bytes]()
    for part in parts:
        raw = part
        while (match := _ROW.match(raw)) and raw[match.end() - 2] == _SLASH:  # it closes itself
            numbers.append(int(match[1]))
            rows.append(match[0])
            raw = raw[match.end() :]
        if match:
            numbers.append(int(match[1]))
            rows.append(raw)
        elif raw:
            raise OtherDialect
    return numbers, rows
