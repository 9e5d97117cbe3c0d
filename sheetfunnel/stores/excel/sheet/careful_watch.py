"""Listens to expat reading a sheet, and notes where its rows and cells stand."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from xml.parsers import expat

from sheetfunnel.stores.excel.parts.boxes import Box, box
from sheetfunnel.stores.excel.sheet.pieces import array_box, what_it_holds
from sheetfunnel.stores.excel.sheet.rows import CellSpan, Row, out_of_order
from sheetfunnel.stores.excel.xml_spans import DEEPEST, attribute_text, broken_xml, parser, tag_end


@dataclass(slots=True, kw_only=True)
class _OpenCell:
    column: int
    start: int
    inner: int
    style: bytes
    kind: str
    formula: list[str] | None = None
    is_plain: bool = True


@dataclass(slots=True, kw_only=True)
class _OpenRow:
    number: int
    start: int
    inner: int
    style: bytes
    cells: list[CellSpan] = field(default_factory=list)
    arrays: list[Box] = field(default_factory=list)


class RowWatch:
    """What was read of a sheet so far: its rows with their offsets, and the bytes that are still needed.

    ``opening`` is the start tag of the rows once it was read; ``rows_end`` the offset of their end tag.
    """

    def __init__(self) -> None:
        self.root = b""
        self.utf8 = True
        self.opening: bytes | None = None
        self.rows_start = 0
        self.rows_end: int | None = None
        self.rows: deque[tuple[int, Row]] = deque()
        self._raw, self._base = b"", 0
        self._path: list[str] = []
        self._row: _OpenRow | None = None
        self._cell: _OpenCell | None = None
        self._number = 0
        self._parser = parser(" ")
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes) -> None:
        """Read on; no bytes mean the end of the sheet."""
        self._raw += chunk
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            raise broken_xml("a tab") from error

    def kept(self, start: int, end: int | None) -> bytes:
        """Return the bytes between two offsets of the sheet."""
        return self._raw[start - self._base : None if end is None else end - self._base]

    def forget(self, offset: int) -> None:
        """Give up the bytes before an offset."""
        self._raw = self._raw[offset - self._base :]
        self._base = offset

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.utf8 = encoding is None or encoding.lower() == "utf-8"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        inner = tag_end(self._raw, start - self._base) + self._base
        self._path.append(name.rpartition(" ")[2])
        if len(self._path) > DEEPEST:
            raise broken_xml("a tab")
        match self._path:
            case [_]:
                self.root = self.kept(0, inner)
            case [_, "sheetData"]:
                self.opening, self.rows_start = self.kept(start, inner), inner
            case [_, "sheetData", "row"]:
                self._row = self._open_row(attributes, start, inner)
            case [_, "sheetData", "row", "c"] if self._row:
                self._cell = _open_cell(self._row, attributes, start=start, inner=inner)
            case [_, "sheetData", "row", "c", "f"] if self._row and self._cell:
                _open_formula(self._row, self._cell, attributes)

    def _end(self, _name: str) -> None:
        match self._path:
            case [_, "sheetData"]:
                self.rows_end = self._parser.CurrentByteIndex
            case [_, "sheetData", "row"] if self._row:
                self._close_row(self._row)
            case [_, "sheetData", "row", "c"] if self._row and self._cell:
                self._close_cell(self._row, self._cell)
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._cell and self._cell.formula is not None and self._path[4:] == ["f"]:
            self._cell.formula.append(text)

    def _open_row(self, attributes: dict[str, str], start: int, inner: int) -> _OpenRow:
        number = _number(attributes.get("r"), self._number + 1)
        if number <= self._number:
            raise out_of_order(number)
        self._number = number
        style = _style(attributes) if attributes.get("customFormat") in {"1", "true"} else b""
        return _OpenRow(number=number, start=start, inner=inner, style=style)

    def _close_row(self, row: _OpenRow) -> None:
        raw = self.kept(row.start, self._end_of(row.inner))
        done = Row(
            number=row.number,
            raw=raw,
            inner=row.inner - row.start,
            cells=tuple(row.cells),
            style=row.style,
            arrays=tuple(row.arrays),
        )
        self.rows.append((row.start, done))
        self._row = None

    def _close_cell(self, row: _OpenRow, cell: _OpenCell) -> None:
        start, end = cell.start - row.start, self._end_of(cell.inner) - row.start
        formula = None if cell.formula is None else "".join(cell.formula)
        holds = what_it_holds(formula, kind=cell.kind, plain=cell.is_plain)
        row.cells.append(CellSpan(cell.column, start, end, cell.style, holds))
        self._cell = None

    def _end_of(self, inner: int) -> int:
        """Return the offset behind the element that ends now, whose start tag ends at ``inner``."""
        if self.kept(inner - 2, inner) == b"/>":
            return inner
        return self._raw.index(b">", self._parser.CurrentByteIndex - self._base) + self._base + 1


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit()):
        raise broken_xml("a tab")
    return int(text)


def _style(attributes: dict[str, str]) -> bytes:
    return b' s="%b"' % attribute_text(attributes["s"]) if "s" in attributes else b""


def _open_cell(row: _OpenRow, attributes: dict[str, str], *, start: int, inner: int) -> _OpenCell:
    last = row.cells[-1].column if row.cells else 0
    column = _column(attributes.get("r"), row.number, last + 1)
    if column <= last:
        raise out_of_order(row.number)
    style, kind = _style(attributes), attributes.get("t", "")
    return _OpenCell(column=column, start=start, inner=inner, style=style, kind=kind)


def _column(ref: str | None, number: int, otherwise: int) -> int:
    if ref is None:
        return otherwise
    cell = box(ref)
    if cell is None or cell.top != number:
        raise out_of_order(number)
    return cell.left


def _open_formula(row: _OpenRow, cell: _OpenCell, attributes: dict[str, str]) -> None:
    cell.formula = []
    cell.is_plain = "t" not in attributes
    if found := array_box(attributes):
        row.arrays.append(found)
