"""Looks through one XML part of a workbook file, element by element, before any library parses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Final, Protocol
from xml.parsers import expat

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.values import value

MAX_ROW: Final = 1_048_576
MAX_COLUMN: Final = 16_384
MAX_DEPTH: Final = 256
MAX_TOKEN: Final = 1 << 20

#: Merges and array formulas are held as sets of cells by whoever writes: 1,000,000 take about 150 MB.
MAX_COVERED: Final = 1_000_000

#: The largest workbooks that people keep have about 25,000,000 cells (a full sheet of 25 columns).
MAX_CELLS: Final = 40_000_000

#: The reader holds all texts that cells share, each with 24 bytes of its own.
MAX_TEXTS: Final = 20_000_000

SAVE_AGAIN: Final = "Open it in Excel or LibreOffice, save it as .xlsx under another name, and use that file."
_REPAIR: Final = (
    "The file is damaged: open it in Excel or LibreOffice, which may repair it, or take the last good copy."
)
_INDEX = re.compile("[0-9]{0,9}")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@value
class Extent:
    """How far down and right the filled cells of a sheet reach, from A1.

    ``only_values`` tells that all of them are known to hold plain values: no formula, no error, no merge.
    """

    rows: int = 0
    columns: int = 0
    only_values: bool = field(default=False, compare=False)

    @property
    def area(self) -> int:
        """The number of cells that a dense grid of this sheet has."""
        return self.rows * self.columns

    def joined(self, other: Extent) -> Extent:
        """Return the smallest extent that holds both."""
        return Extent(rows=max(self.rows, other.rows), columns=max(self.columns, other.columns))


def check_part(pieces: Iterator[bytes]) -> None:
    """Look through a part of any kind: well-formed, no DTD, no endless tag, no abyss."""
    finish(NestedWatch(), pieces)


def check_texts(pieces: Iterator[bytes]) -> None:
    """Look through the shared texts, which may be many: well-formed, no DTD, no endless text."""
    finish(TextWatch(), pieces)


def exact_extent(pieces: Iterator[bytes]) -> Extent:
    """Return the extent of a sheet in any dialect."""
    watch = SheetWatch()
    finish(watch, pieces)
    if watch.lacks_rows:
        raise UnreadableWorkbook("a tab of it holds no sheet", hint=_REPAIR)
    return watch.extent


class XmlWatch:
    """Feeds a part to expat and refuses what no honest workbook holds."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = _refuse_dtd
        self.fed = 0

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the part."""
        self._parse(piece, final=False)
        self.fed += len(piece)
        if self.fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            refuse_token()

    def close(self) -> None:
        """Say that the part ends here."""
        self._parse(b"", final=True)

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise UnreadableWorkbook(f"its XML is broken ({error})", hint=_REPAIR) from error


class TextWatch(XmlWatch):
    """Also refuses a text without end (a cell holds 32,767 characters), and texts without number."""

    def __init__(self) -> None:
        super().__init__()
        self._run = 0
        self._texts = 0

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the part."""
        last = piece.rfind(b"<")
        self._run = self._run + len(piece) if last < 0 else len(piece) - last
        if self._run > MAX_TOKEN:
            refuse_token()
        self._texts += piece.count(b"<si") + piece.count(b":si")  # all but one astride two pieces
        if self._texts > MAX_TEXTS:
            raise UnreadableWorkbook(f"its cells share over {MAX_TEXTS:,} texts", hint=SAVE_AGAIN)
        super().feed(piece)


class NestedWatch(XmlWatch):
    """Also refuses elements that are nested without end."""

    def __init__(self) -> None:
        super().__init__()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._depth = 0

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """See an element open; ``name`` has no prefix."""

    def closed(self, name: str) -> None:
        """See an element close."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableWorkbook("its XML is nested without end", hint=SAVE_AGAIN)
        self.element(name.rpartition(":")[2], attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.closed(name.rpartition(":")[2])


class SheetWatch(NestedWatch):
    """Also follows the cells of a sheet: where the filled ones are, what merges and arrays cover."""

    def __init__(self) -> None:
        super().__init__()
        self._parser.CharacterDataHandler = self._text
        self._parser.buffer_text = True  # else each line break is a text of its own
        self.extent = Extent()
        self.lacks_rows = False
        self._row = 0
        self._column = 0
        self._cells = 0
        self._covered = 0
        self._shared = False
        self._value: list[str] | None = None
        self._run = 0

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """Follow rows, cells, values, merges and array formulas."""
        self._run = 0
        if name == "c":
            self._cell(attributes)
        elif name in {"v", "is"}:
            self._filled(name)
        elif name in {"worksheet", "sheetData"}:
            self.lacks_rows = name == "worksheet"  # the reader takes such a tab for a blank one
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif "ref" in attributes and (name == "mergeCell" or attributes.get("t") in {"array", "dataTable"}):
            self.cover(attributes["ref"])

    def closed(self, name: str) -> None:
        """See a value end: what is no number would silently read as the first or last shared text."""
        self._run = 0
        if name == "v" and self._value is not None:
            if not _INDEX.fullmatch("".join(self._value)):
                refuse_index()
            self._value = None

    @property
    def saw_cells(self) -> bool:
        """Whether there were cells in what was fed, or areas that a merge or an array covers."""
        return bool(self._cells or self._covered)

    def cover(self, area: str) -> None:
        """Count the cells that a merge or an array formula covers."""
        first, _, last = area.partition(":")
        (top, left), (bottom, right) = position(first), position(last or first)
        self._covered += (abs(bottom - top) + 1) * (abs(right - left) + 1)
        if self._covered > MAX_COVERED:
            raise UnreadableWorkbook(
                f"its merged cells or array formulas cover over {MAX_COVERED:,} cells ({area})",
                hint="Open it, undo the merge or clear the array formula over so large an area, and save it.",
            )

    def _cell(self, attributes: dict[str, str]) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            refuse_cells()
        self._shared = attributes.get("t") == "s"
        if "r" in attributes:
            self._row, self._column = position(attributes["r"])
        else:
            self._column += 1
        if self._row > MAX_ROW or self._column > MAX_COLUMN:
            raise UnreadableWorkbook("it has cells outside the grid of a sheet", hint=_REPAIR)

    def _filled(self, name: str) -> None:
        if self._row > self.extent.rows or self._column > self.extent.columns:
            self.extent = self.extent.joined(Extent(rows=self._row, columns=self._column))
        self._value = [] if name == "v" and self._shared else None

    def _text(self, text: str) -> None:
        self._run += len(text)
        if self._run > MAX_TOKEN:
            refuse_token()
        if self._value is not None:
            self._value.append(text)


def position(reference: str) -> tuple[int, int]:
    """Return (row, column) of a reference like ``B7``; refuse one outside the grid."""
    match = _REFERENCE.fullmatch(reference.replace("$", "").upper())
    row, column = (int(match[2]), column_number(match[1])) if match else (0, 0)
    if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
        raise UnreadableWorkbook(
            f"it speaks of a cell “{reference[:40]}”, and no sheet has such a cell", hint=_REPAIR
        )
    return row, column


def column_number(letters: str) -> int:
    """Return the number of a column: ``A`` is 1, ``AA`` is 27."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


class Watch(Protocol):
    """Whoever looks through a part piece by piece."""

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the part."""
        ...

    def close(self) -> None:
        """Say that the part ends here."""
        ...


def column_letters(column: int) -> str:
    """Return the letters of a column: 1 is ``A``, 27 is ``AA``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def finish(watch: Watch, pieces: Iterator[bytes]) -> None:
    """Feed the rest of a part, and close it."""
    for piece in pieces:
        watch.feed(piece)
    watch.close()


def refuse_cells() -> None:
    """Refuse a sheet with more cells than any workbook that people keep."""
    raise UnreadableWorkbook(
        f"a tab has over {MAX_CELLS:,} cells", hint="Split the workbook, or delete the rows no longer needed."
    )


def refuse_token() -> None:
    """Refuse a text or tag without end."""
    raise UnreadableWorkbook("it holds a text or tag of over a million characters", hint=SAVE_AGAIN)


def refuse_index() -> None:
    """Refuse a cell whose shared text has no number, or a negative one."""
    raise UnreadableWorkbook("a cell does not say which shared text it holds", hint=_REPAIR)


def _refuse_dtd(*_: object) -> None:
    raise UnreadableWorkbook("it holds a document type definition, which no workbook needs", hint=SAVE_AGAIN)
