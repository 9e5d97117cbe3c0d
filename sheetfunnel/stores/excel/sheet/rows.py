"""One row of a sheet: where its cells stand, and how some of them are replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, lru_cache
from typing import Final

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.parts.boxes import Box
from sheetfunnel.stores.excel.sheet.cells_xml import Pen
from sheetfunnel.stores.excel.sheet.targets import BLANK, FORMAT, Mark, SheetTargets, Wish
from sheetfunnel.stores.excel.xml_spans import prefix_of, tag_end
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import KEEP, Untouched
from sheetfunnel.workbook.layout import letters

_SPANS: Final = re.compile(rb"""\sspans\s*=\s*["']([^"']*)["']""")
_SPAN: Final = re.compile(rb"(\d{1,5}):(\d{1,5})")
_HEIGHT: Final = re.compile(rb"""\sht\s*=\s*(?:"[^"]*"|'[^']*')""")
_HAND_SET: Final = re.compile(rb"""\scustomHeight\s*=\s*["'](?:1|true)["']""")

#: The height of a line of text and of the margins, in points; a row of one line has the height of the sheet.
_LINE: Final = 15
_MARGINS: Final = 5
_HIGHEST: Final = 409


class Holds(Enum):
    """What a cell holds."""

    VALUE = "value"
    BOOLEAN = "boolean"  # TRUE() or FALSE(), as LibreOffice writes a boolean
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class CellSpan:
    """Where a cell stands within its row; ``style`` is its attribute as it is written anew."""

    column: int
    start: int
    end: int
    style: bytes
    holds: Holds


@value
class Row:
    """A row as it stands in the sheet: its start tag is ``raw[:inner]``.

    ``arrays`` are the ranges of array formulas and data tables that begin in it; ``style`` is that of the
    row's blank cells.
    """

    number: int
    raw: bytes
    inner: int
    cells: Sequence[CellSpan]
    style: bytes = b""
    arrays: tuple[Box, ...] = ()


@cache
def letters_of(column: int) -> bytes:
    """Return a column's letters as bytes."""
    return letters(column).encode()


def out_of_order(number: int) -> UnreadableWorkbook:
    """Return the refusal of a sheet whose rows or cells are not in the order of the sheet."""
    return UnreadableWorkbook(
        f"The workbook is damaged: near row {number} of a tab the cells are not in order.",
        hint="Open it with your spreadsheet, let it be repaired, and save it.",
    )


@dataclass(slots=True, kw_only=True)
class RowEditor:
    """Carries out what is wanted of rows, and leaves alone what must not be written.

    ``covered`` are the ranges under merges and of array formulas: all their cells but the first are left.
    ``booleans`` tells whether a cell that holds TRUE() may be replaced. ``models`` are attributes for new
    rows, by row; ``lines`` says how many lines of text rows are high.
    """

    targets: SheetTargets
    pen: Pen
    booleans: bool = True
    covered: list[Box] = field(default_factory=list)
    models: dict[int, bytes] = field(default_factory=dict)
    lines: Mapping[int, int] = field(default_factory=dict)

    def is_covered(self, row: int, column: int) -> bool:
        """Whether a cell is under a merge or belongs to an array formula."""
        return bool(self.covered) and any(each.covers(row, column) for each in self.covered)

    def may_replace(self, holds: Holds) -> bool:
        """Whether a cell that holds this may be written: never a person's formula."""
        return holds is Holds.VALUE or (holds is Holds.BOOLEAN and self.booleans)

    def created(self, number: int) -> bytes:
        """Return a row that is not in the sheet yet; nothing if none of its cells is to be written."""
        x, wishes = self.pen.prefix, self.targets.at(number)
        wanted = zip(wishes.columns, wishes.values, wishes.styles, strict=True)
        cells = b"".join(
            [self.put_in(number, column, value, style or b"") for column, value, style in wanted]
        )
        if not cells:
            return b""
        tag = b'<%brow r="%d"%b>' % (x, number, self.models.get(number, b""))
        return self.sized(number, b"%b%b</%brow>" % (tag, cells, x))

    def sized(self, number: int, raw: bytes) -> bytes:
        """Return a row as high as its lines of text, unless a person gave it a height.

        The height is written, for not every spreadsheet finds it out when it opens a file.
        """
        lines = self.lines.get(number, 0)
        end = tag_end(raw, 0) if lines else 0
        if not lines or _HAND_SET.search(raw, 0, end):
            return raw
        tag = _HEIGHT.sub(b"", raw[:end])
        if lines > 1:
            cut = len(tag) - (2 if tag.endswith(b"/>") else 1)
            tag = b'%b ht="%d"%b' % (tag[:cut].rstrip(), min(lines * _LINE + _MARGINS, _HIGHEST), tag[cut:])
        return tag + raw[end:]

    def rewritten(self, row: Row) -> bytes:
        """Return a row with the wanted cells replaced or put in, in the order of the columns."""
        wishes = self.targets.at(row.number)
        existing = iter(row.cells)
        cell = next(existing, None)
        at, end_of_last, added = row.inner, row.inner, []
        pieces: list[bytes] = []
        for column, wish, style in zip(wishes.columns, wishes.values, wishes.styles, strict=True):
            while cell and cell.column < column:
                end_of_last, cell = cell.end, next(existing, None)
            if cell and cell.column == column:
                start, end, new = cell.start, cell.end, self._replacement(row, cell, wish)
            else:
                start = end = end_of_last
                new = self.put_in(row.number, column, wish, row.style if style is None else style)
                added += [column] if new else []
            if new:
                pieces += (row.raw[at:start], new)
                at = end
        if not pieces:
            return row.raw
        pieces.append(row.raw[at:])
        return opened(row.raw[: row.inner], added) + b"".join(pieces) + self._end(row)

    def put_in(self, number: int, column: int, value: Wish, style: bytes) -> bytes:
        """Return a cell that was not there, or nothing."""
        if value is None or value is FORMAT:
            value = None
            if not style:
                return b""
        elif value is KEEP or value is BLANK or value == "":
            return b""
        if self.covered and self.is_covered(number, column):
            return b""
        content = self.pen.content(value)
        return b'<%bc r="%b%d"%b%b' % (self.pen.prefix, letters_of(column), number, style, content)

    def _replacement(self, row: Row, cell: CellSpan, value: Wish) -> bytes:
        if value is KEEP or value is FORMAT or not self.may_replace(cell.holds):
            return b""
        if self.is_covered(row.number, cell.column):
            return b""
        return self._cell(row.number, cell.column, cell.style, value)

    def _cell(self, number: int, column: int, style: bytes, value: Wish) -> bytes:
        plain = None if isinstance(value, (Mark, Untouched)) else value
        return self.pen.cell(b"%b%d" % (letters_of(column), number), style, plain)

    @staticmethod
    def _end(row: Row) -> bytes:
        tag = row.raw[: row.inner]
        return b"</%brow>" % prefix_of(tag) if tag.endswith(b"/>") else b""


def opened(tag: bytes, added: Sequence[int]) -> bytes:
    """Return a row's start tag, no longer self-closed, its spans wide enough for the added columns."""
    if tag.endswith(b"/>"):
        tag = tag[:-2].rstrip() + b">"
    match = _SPANS.search(tag) if added else None
    if match is None:
        return tag
    return tag[: match.start(1)] + _widened(match[1], tuple(added)) + tag[match.end(1) :]


@lru_cache(maxsize=1024)
def _widened(raw: bytes, added: tuple[int, ...]) -> bytes:
    spans = [(int(low), int(high)) for low, high in _SPAN.findall(raw)]
    if not spans or all(any(low <= column <= high for low, high in spans) for column in added):
        return raw
    low = min(*added, *(span[0] for span in spans))
    high = max(*added, *(span[1] for span in spans))
    return b"%d:%d" % (low, high)
