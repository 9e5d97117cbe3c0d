"""The extent of a sheet whose rows are written plainly, found without looking at each cell.

Rows make up nearly all of a big workbook, and expat needs ten seconds for 100,000 of 25 columns with a call
for each element. Spreadsheet programs write their cells as ``<c r="B7"``: one regular expression searches
for a cell tag that does not say so or lies outside the box known so far, which seldom is there. The box
is rounded up, so that it grows seldom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from sheetfunnel.tables.part_guard import (
    MAX_CELLS,
    MAX_ROW,
    MAX_TOKEN,
    Extent,
    SheetWatch,
    column_number,
    finish,
    refuse_cells,
    refuse_index,
    refuse_token,
)

#: The shortest tag of a cell is ``<c r="A1"/>``: in a smaller part there is nothing to count.
COUNTING_BYTES: Final = MAX_CELLS * 11

_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_PREFIXED_CELL = re.compile(rb"<[^<>:\s]*:c[\s/>]")
# neither gives back what it has passed over: a tag may be a million characters long
_WITH_AREA = re.compile(rb"<(?=[^<>]*?\sref=)[^<>]*+>")
_FORMULA_AREA = re.compile(rb'<f(?=\s)(?>[^<>]*?\sref=)"([A-Z0-9:$]+)"[^<>]*+>')
_NO_INDEX = re.compile(rb't="s"[^<>]*+><v>[^0-9<]')
_MILLION: Final = 1_000_000
_LAST_ROWS: Final = r"[1-9]\d{0,5}|10[0-3]\d{4}|104[0-7]\d{3}|1048[0-4]\d{2}|10485[0-6]\d|104857[0-6]"


def quick_extent(pieces: Iterator[bytes], *, size: int) -> Extent | None:
    """Return an extent, rounded up, of a sheet of ``size`` bytes; ``None`` if it is not written plainly.

    Raises:
        UnreadableWorkbook: it holds what no honest workbook holds.

    """
    watch = SheetWatch()
    rows = _PlainRows(watch, count=size > COUNTING_BYTES)
    rest = _head(watch, pieces)
    if rest is not None:
        rest = rows.look_through(chain([rest], pieces))
    if rest is None:
        return None
    finish(watch, chain([rest], pieces))
    return rows.extent.joined(watch.extent)


def _head(watch: SheetWatch, pieces: Iterator[bytes]) -> bytes | None:
    head = b""
    for piece in pieces:
        head += piece
        before, found, after = head.partition(b"<sheetData>")
        if found:
            watch.feed(before + found)
            return after
        if len(head) > MAX_TOKEN:
            break
    return None


class _PlainRows:
    """Searches rows for cells outside the box known so far; ``watch`` is told of array formulas."""

    def __init__(self, watch: SheetWatch, *, count: bool) -> None:
        self.extent = Extent(rows=9, columns=1)
        self._watch = watch
        self._letters = "A"
        self._outside = _outside_pattern("A", 1)
        self._count = count
        self._cells = 0

    def look_through(self, pieces: Iterator[bytes]) -> bytes | None:
        """Return the bytes from the end of the rows on, or ``None`` if they are not plain."""
        rest = b""
        for piece in pieces:
            block = rest + piece
            cut = max(block.rfind(b"<"), 0)  # what stands before it has whole tags only
            rest = block[cut:]
            if len(rest) > MAX_TOKEN:
                refuse_token()
            end = block.find(b"</sheetData", 0, cut) if b"h" in block else -1
            if not self._plain(block, cut if end < 0 else end):
                return None
            if end >= 0:
                return block[end:]
        return None

    def _plain(self, block: bytes, end: int) -> bool:
        # one byte is found twenty times as fast as two: a rare one is looked for first
        if b"!" in block and block.find(b"<!", 0, end) >= 0:
            return False
        if b":" in block and block.find(b":c", 0, end) >= 0 and _PREFIXED_CELL.search(block, 0, end):
            return False
        if _NO_INDEX.search(block, 0, end):
            refuse_index()
        if b"f" in block and block.find(b"ref=", 0, end) >= 0 and not self._areas_known(block, end):
            return False
        if self._count:
            self._count_cells(block, end)
        return _is_utf8(block, end) and self._cells_inside(block, end)

    def _count_cells(self, block: bytes, end: int) -> None:
        self._cells += block.count(b"<c ", 0, end)
        if self._cells > MAX_CELLS:
            refuse_cells()

    def _areas_known(self, block: bytes, end: int) -> bool:
        for tag in _WITH_AREA.findall(block, 0, end):
            formula = _FORMULA_AREA.fullmatch(tag)
            if formula is None:
                return False
            if b'"shared"' not in tag:
                self._watch.cover(formula[1].decode())
        return True

    def _cells_inside(self, block: bytes, end: int) -> bool:
        start = 0
        while hit := self._outside.search(block, start, end):
            start = hit.start()
            cell = _PLAIN_CELL.match(block, start)
            if cell is None or not self._grow(cell[1].decode(), int(cell[2])):
                return False
        return True

    def _grow(self, letters: str, row: int) -> bool:
        # the last column is XFD: where rounding up would leave the grid, the exact way decides
        if not 1 <= row <= MAX_ROW or (len(letters), letters) >= (3, "X"):
            return False
        before = self.extent
        self._letters = max(self._letters, letters, key=lambda text: (len(text), text))
        row = max(row, before.rows)
        self._outside = _outside_pattern(self._letters, row)
        self.extent = Extent(rows=_round_row(row), columns=_round_column(self._letters))
        return self.extent != before


def _outside_pattern(letters: str, row: int) -> re.Pattern[bytes]:
    """Return what finds a cell tag that is not plainly inside the box, rounded as below."""
    first = letters[0]
    columns = {
        1: f"[A-{first}]",
        2: f"(?:[A-Z]|[A-{first}][A-Z])",
        3: f"(?:[A-Z]{{1,2}}|[A-{first}][A-Z][A-Z])",
    }[len(letters)]
    return re.compile(f'<c(?! r="{columns}(?:{_rows_pattern(row)})")'.encode())


def _rows_pattern(row: int) -> str:
    more = len(str(row)) - 1
    if more == 0:
        return "[1-9]"
    if row >= _MILLION:
        return _LAST_ROWS
    return rf"[1-{str(row)[0]}]\d{{{more}}}|[1-9]\d{{0,{more - 1}}}"  # most rows have the most digits


def _round_row(row: int) -> int:
    digits = str(row)
    return min(int(digits[0] + "9" * (len(digits) - 1)), MAX_ROW)


def _round_column(letters: str) -> int:
    return column_number(letters[0] + "Z" * (len(letters) - 1))


def _is_utf8(block: bytes, end: int) -> bool:
    if block.isascii():
        return True
    try:
        block[:end].decode()
    except UnicodeDecodeError:
        return False
    return True
