"""A sheet in the usual dialect as head, rows and tail: it shares nothing with the writer, which it checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: A sheet's head holds its columns and views; none is anywhere near as long.
_LONGEST_HEAD: Final = 8 << 20
_OPEN: Final = re.compile(rb"<sheetData(/?)>")
_ROW: Final = re.compile(rb'<row r="(\d{1,7})"[^<>]*>')
_CLOSED_ROWS: Final = re.compile(rb'(?:<row r="\d{1,7}"[^<>]*/>)*')
_CLOSE: Final = b"</row>"
_END: Final = b"</sheetData>"
_SLASH: Final = ord("/")


class OtherDialect(Exception):
    """The sheet is not written in the usual dialect; nothing that was yielded may be relied on."""


class PlainSheet:
    """One reading of a sheet: ``head`` at once, then all ``rows()``, then ``tail()``.

    Raises:
        OtherDialect: it cannot be read in this way.

    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""
        self._last = 0
        self.head = self._read_head()

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield the number and the bytes of each row, its end tag left out; the numbers rise."""
        while True:
            *parts, self._rest = self._rest.split(_CLOSE)
            yield from self._numbered(parts)
            if (end := self._rest.find(_END)) >= 0:  # it can only stand behind the last row that closes
                break
            piece = next(self._pieces, b"")
            self._rest += piece
            if not piece or _has_markup(self._rest):
                raise OtherDialect
        closed, self._rest = self._rest[:end], self._rest[end:]
        if not _CLOSED_ROWS.fullmatch(closed):
            raise OtherDialect
        yield from self._numbered([closed])

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
        if _has_markup(self._rest):
            raise OtherDialect
        return waiting[: match.start()]

    def _numbered(self, parts: list[bytes]) -> Iterator[tuple[int, bytes]]:
        last = self._last
        for part in parts:
            raw = part
            while (match := _ROW.match(raw)) and raw[match.end() - 2] == _SLASH:  # it closes itself
                last = _risen(last, int(match[1]))
                yield last, match[0]
                raw = raw[match.end() :]
            if match:
                last = _risen(last, int(match[1]))
                yield last, raw
            elif raw:
                raise OtherDialect
        self._last = last


def _has_markup(data: bytes) -> bool:
    """Whether there are comments or instructions; a single byte is found ten times as fast as two."""
    return (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data)


def _risen(last: int, number: int) -> int:
    if number <= last:
        raise OtherDialect
    return number
