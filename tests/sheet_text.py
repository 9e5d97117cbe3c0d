"""A sheet cut into its rows and cells by expat alone: it judges the editor, and shares no code with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from xml.parsers import expat

At: TypeAlias = tuple[int, int]

_SPANS: Final = re.compile(rb"""\sspans\s*=\s*("[^"]*"|'[^']*')""")
_REF: Final = re.compile(rb"""\sref\s*=\s*("[^"]*"|'[^']*')""")
_RANGE: Final = re.compile(r"\$?([A-Z]+)\$?(\d+)")
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384


@dataclass(slots=True, kw_only=True)
class Piece:
    """An element: ``start:inner`` is its start tag, ``close:end`` its end tag (nothing if self-closed)."""

    name: str
    attributes: dict[str, str]
    start: int
    inner: int = 0
    close: int = 0
    end: int = 0
    text: str = ""
    children: list[Piece] = field(default_factory=list)

    def child(self, name: str) -> Piece | None:
        """Return the first child of a name."""
        return next((each for each in self.children if each.name == name), None)

    def texts(self, name: str) -> str:
        """Return what all elements of a name within this one hold, but for hints for reading Japanese."""
        own = self.text if self.name == name else ""
        return own + "".join(each.texts(name) for each in self.children if each.name != "rPh")


def pieces(raw: bytes) -> Piece:
    """Return the root element of a document, its elements with their offsets."""
    root = Piece(name="", attributes={}, start=0)
    stack, ended, parser = [root], list[Piece](), expat.ParserCreate(namespace_separator=" ")

    def reach() -> int:
        at = parser.CurrentByteIndex
        for each in ended:
            each.end = at
        ended.clear()
        if not stack[-1].inner:
            stack[-1].inner = at
        return at

    def start(name: str, attributes: dict[str, str]) -> None:
        made = Piece(name=name.rpartition(" ")[2], attributes=attributes, start=reach())
        stack[-1].children.append(made)
        stack.append(made)

    def end(_: str) -> None:
        at, closed = parser.CurrentByteIndex, stack[-1]
        if at != closed.start:
            reach()
        closed.close = 0 if at == closed.start else at
        ended.append(stack.pop())

    def text(data: str) -> None:
        reach()
        stack[-1].text += data

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.DefaultHandler = lambda _: reach()
    parser.Parse(raw, True)  # noqa: FBT003 (expat's own: this is all)
    for each in ended:
        each.end = len(raw)
    return _settled(root.children[0])


def _settled(piece: Piece) -> Piece:
    """Give self-closed elements the bounds of their only tag."""
    for each in [piece, *piece.children]:
        if not each.close:
            each.inner = each.close = each.end
    for each in piece.children:
        _settled(each)
    return piece


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetText:
    """A sheet as it is written: its rows and cells by number, and what no cell of it may be written under."""

    raw: bytes
    root: Piece
    data: Piece
    rows: dict[int, Piece]
    columns: dict[int, list[int]]
    cells: dict[At, Piece]
    covered: list[tuple[int, int, int, int]]

    def is_covered(self, at: At) -> bool:
        """Whether a cell is under a merge or belongs to an array or a data table, and is not its first."""
        row, column = at
        return any(
            top <= row <= bottom and left <= column <= right and at != (top, left)
            for top, left, bottom, right in self.covered
        )

    def written(self, at: At) -> bytes:
        """Return the bytes of a cell, or nothing."""
        cell = self.cells.get(at)
        return self.raw[cell.start : cell.end] if cell else b""

    @property
    def bottom(self) -> int:
        """The last row that holds anything, a merge or an array."""
        return max([0, *self.rows, *(box[2] for box in self.covered)])


def sheet_text(raw: bytes) -> SheetText:
    """Return a sheet cut into its pieces."""
    root = pieces(raw)
    data = root.child("sheetData") or root
    rows: dict[int, Piece] = {}
    columns: dict[int, list[int]] = {}
    cells: dict[At, Piece] = {}
    number = 0
    for row in (each for each in data.children if each.name == "row"):
        number = int(row.attributes.get("r", number + 1))
        rows[number], columns[number] = row, []
        column = 0
        for cell in (each for each in row.children if each.name == "c"):
            column = bounds(cell.attributes["r"])[1] if "r" in cell.attributes else column + 1
            cells[number, column] = cell
            columns[number].append(column)
    covered = list(_covered(root, cells))
    return SheetText(raw=raw, root=root, data=data, rows=rows, columns=columns, cells=cells, covered=covered)


def _covered(root: Piece, cells: dict[At, Piece]) -> Iterator[tuple[int, int, int, int]]:
    merges = root.child("mergeCells")
    for each in merges.children if merges else ():
        yield bounds(each.attributes["ref"])
    for cell in cells.values():
        formula = cell.child("f")
        if formula and formula.attributes.get("t") in {"array", "dataTable"} and "ref" in formula.attributes:
            yield bounds(formula.attributes["ref"])


def bounds(ref: str) -> tuple[int, int, int, int]:
    """Return top, left, bottom and right of a range."""
    corners = [(int(row), _column(letters)) for letters, row in _RANGE.findall(ref)]
    rows, columns = [row for row, _ in corners], [column for _, column in corners]
    return min(rows), min(columns), max(rows), max(columns)


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def rest(sheet: SheetText, planned: Collection[At], known: Collection[int]) -> bytes:
    """Return every byte of a sheet but the planned cells, their rows' spans, new rows and the dimension.

    ``known`` are the rows that the sheet had before. Whether an empty row is written with one tag or with
    two is left out as well.
    """
    rows = {row for row, _ in planned}
    cuts: list[tuple[int, int, bytes]] = []
    for number in rows & sheet.rows.keys():
        cuts += _of_row(sheet, number, planned, is_known=number in known)
    cuts += [_opened(sheet.raw, sheet.data), (sheet.data.close, sheet.data.end, b"")]
    if dimension := sheet.root.child("dimension"):
        tag = sheet.raw[dimension.start : dimension.inner]
        cuts.append((dimension.start, dimension.inner, _REF.sub(b"", tag)))
    return _without(sheet.raw, sorted(cuts))


def _of_row(
    sheet: SheetText, number: int, planned: Collection[At], *, is_known: bool
) -> Iterator[tuple[int, int, bytes]]:
    row = sheet.rows[number]
    mine = [(number, column) for column in sheet.columns[number]]
    if not is_known:
        assert set(mine) <= set(planned), f"row {number} came with cells that nobody planned"
        assert set(row.attributes) <= {"r", "s", "customFormat"}
        yield row.start, row.end, b""
        return
    start, end, tag = _opened(sheet.raw, row)
    yield start, end, _SPANS.sub(b"", tag)
    yield row.close, row.end, b""
    gone = (sheet.cells[at] for at in mine if at in planned)
    yield from ((cell.start, cell.end, b"") for cell in gone)


def _opened(raw: bytes, piece: Piece) -> tuple[int, int, bytes]:
    return piece.start, piece.inner, raw[piece.start : piece.inner].rstrip(b"/>").rstrip()


def _without(raw: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    kept, at = [], 0
    for start, end, new in cuts:
        kept += [raw[at:start], new]
        at = end
    return b"".join([*kept, raw[at:]])
