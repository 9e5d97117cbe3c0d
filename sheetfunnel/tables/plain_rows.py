"""The extent of a sheet whose rows are written plainly, found without looking at each cell.

Rows make up nearly all of a big workbook, and expat needs ten seconds for 100,000 of 25 columns with a call
for each element. Spreadsheet programs write their cells as ``<c r="B7"``: one regular expression runs over
the rows for as long as they are whole cells, written just so, inside the box known so far. The box is rounded
up, so that it grows seldom.

Where the expression stops, the exact way decides. It must not skip over what it does not know: the reader
forgives a broken tag, and takes the cells behind it for a part of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
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
)

#: The shortest tag of a cell is ``<c r="A1"/>``: in a smaller part there is nothing to count.
COUNTING_BYTES: Final = MAX_CELLS * 11

#: A cell holds 32,767 characters of at most ten bytes each (``&#x1F600;``), and its formula 8,192.
LONGEST_CELL: Final = 500_000

_END: Final = b"</sheetData"
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
# nearly all cells are written in one of these ways, tried first; whatever fails them is tried in full
_COMMON_REST: Final = (
    r"(?:/>|><v>[^<]*+</v></c>"
    r'| t="(?:s"><v>\d++</v></c>|n"><v>[^<]*+</v></c>|inlineStr"><is><t>[^<]*+</t></is></c>))'
)
_CELL_REST: Final = (
    r'(?: [a-z]+="\w*")*+(?: ?/>|>(?:<f(?: \w+="[^"<>]*")*+(?: ?/>|>[^<]*</f>))?'
    r'(?:<v(?: xml:space="preserve")?>[^<]*</v>|<v ?/>|<is><t(?: xml:space="preserve")?>[^<]*</t></is>)?</c>)'
)
_ROW_TAG: Final = r'<row(?: [\w:]+="[^"<>]*")*+ ?/?>'
_ODD_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
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
    rest = feed_head(watch, pieces)
    if rest is not None:
        rest = rows.look_through(chain([rest], pieces))
    if rest is None:
        return None
    finish(watch, chain([rest], pieces))
    extent = rows.extent.joined(watch.extent)
    return replace(extent, only_values=rows.only_values and not watch.saw_cells)


def feed_head(watch: SheetWatch, pieces: Iterator[bytes]) -> bytes | None:
    """Have a sheet looked through up to its rows; return what was read beyond, or ``None`` without rows."""
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
    """Runs over rows whose cells are in the box known so far; ``watch`` is told of array formulas.

    ``only_values`` is true until a cell may hold a formula or show an error.
    """

    def __init__(self, watch: SheetWatch, *, count: bool) -> None:
        self.extent = Extent(rows=9, columns=1)
        self.only_values = True
        self._watch = watch
        self._letters = "A"
        self._inside = _inside_pattern("A", 1)
        self._count = count
        self._cells = 0

    def look_through(self, pieces: Iterator[bytes]) -> bytes | None:
        """Return the bytes from the end of the rows on, or ``None`` if they are not plain."""
        rest = b""
        for piece in pieces:
            block = rest + piece
            end = self._run(block)
            if not self._plain(block, end):
                return None
            if block.startswith(_END, end):
                return block[end:]
            rest = block[end:]
            if len(rest) > LONGEST_CELL:
                return None
        return None

    def _run(self, block: bytes) -> int:
        """Return how far a block is plain; the rest is a cell not yet whole, the end, or something else."""
        end = 0
        while match := self._inside.match(block, end):
            end = match.end()
            cell = _PLAIN_CELL.match(block, end)
            if cell is None or not (self._grow_ahead(block, end) or self._grow(cell)):
                break
        return end

    def _plain(self, block: bytes, end: int) -> bool:
        if _NO_INDEX.search(block, 0, end):
            refuse_index()
        # one byte is found twenty times as fast as two: a rare one is looked for first
        if b"&" in block and _ODD_ENTITY.search(block, 0, end):
            return False
        if b"]" in block and block.find(b"]]>", 0, end) >= 0:
            return False
        if b"#" in block and b't="e"' in block:
            self.only_values = False
        if b"f" in block and block.find(b"<f", 0, end) >= 0:
            self.only_values = False
            if block.find(b"ref=", 0, end) >= 0 and not self._areas_known(block, end):
                return False
        if self._count:
            self._count_cells(block, end)
        return _is_utf8(block, end)

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

    def _grow_ahead(self, block: bytes, at: int) -> bool:
        """Grow as far as a row goes, or a block: it takes long to make an expression for each step."""
        ends = (block.find(b"</row>", at), block.find(_END, at))
        last = [_PLAIN_CELL.match(block, block.rfind(b"<c ", at, end)) for end in ends]
        return any(self._grow(cell) for cell in last if cell)

    def _grow(self, cell: re.Match[bytes]) -> bool:
        letters, row = cell[1].decode(), int(cell[2])
        # the last column is XFD: where rounding up would leave the grid, the exact way decides
        if not 1 <= row <= MAX_ROW or (len(letters), letters) >= (3, "X"):
            return False
        letters = max(self._letters, letters, key=lambda text: (len(text), text))
        row = max(row, self.extent.rows)
        extent = Extent(rows=_round_row(row), columns=_round_column(letters))
        if extent == self.extent:
            return False
        self.extent, self._letters, self._inside = extent, letters, _inside_pattern(letters, row)
        return True


def _inside_pattern(letters: str, row: int) -> re.Pattern[bytes]:
    """Return what runs over whole cells plainly inside the box, rounded as below, and over tags of rows."""
    first = letters[0]
    columns = {
        1: f"[A-{first}]",
        2: f"(?:[A-Z]|[A-{first}][A-Z])",
        3: f"(?:[A-Z]{{1,2}}|[A-{first}][A-Z][A-Z])",
    }[len(letters)]
    rest = rf'(?: s="\d++"{_COMMON_REST}|{_COMMON_REST}|{_CELL_REST})'
    cell = f'<c r="{columns}(?:{_rows_pattern(row)})"{rest}'
    return re.compile(f"(?:{cell}|{_ROW_TAG}|</row>)*+".encode())


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
