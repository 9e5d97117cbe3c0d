"""A sheet in the usual dialect as head, rows and tail: it shares nothing with the writer, which it checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: A sheet's head holds its columns and views; none is anywhere near as long.
_LONGEST_HEAD: Final = 8 << 20
_OPEN: Final = re.compile(rb"<sheetData(/?)>")
_ROW: Final = re.compile(rb'<row r="(\d{1,7})"[^<>]*>')
_CLOSE: Final = b"</row>"
_END: Final = b"</sheetData>"
_SLASH: Final = ord("/")
_MARKUP: Final = (b"<!", b"<?")


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
        while (end := self._rest.find(_END)) < 0:
            *parts, self._rest = self._rest.split(_CLOSE)
            yield from self._numbered(parts)
            piece = next(self._pieces, b"")
            self._rest += piece
            if not piece or any(sign in self._rest for sign in _MARKUP):
                raise OtherDialect
        *parts, closed = self._rest[:end].split(_CLOSE)
        self._rest = self._rest[end:]
        yield from self._numbered([*parts, closed] if closed else parts)

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
        if any(sign in self._rest for sign in _MARKUP):
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


def _risen(last: int, number: int) -> int:
    if number <= last:
        raise OtherDialect
    return number
