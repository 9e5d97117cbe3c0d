"""What both ways of reading a sheet agree on: head, rows, tail; and when the fast way gives up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from sheetfunnel.stores.excel.parts.boxes import Box, box
from sheetfunnel.stores.excel.sheet.rows import Holds, Row, RowEditor
from sheetfunnel.values import value


class Unusual(Exception):
    """The sheet is not written in the dialect that the fast way knows; the careful way reads it."""


@value
class Head:
    """A sheet up to and with the start tag of its rows; ``root`` ends with the start tag of the whole."""

    raw: bytes
    root: bytes
    prefix: bytes = b""
    utf8: bool = True


@value
class Findings:
    """Which cells hold formulas, and the ranges of array formulas and data tables."""

    formulas: frozenset[tuple[int, int]]
    arrays: tuple[Box, ...]


class SheetReader(Protocol):
    """One reading of a sheet from its beginning to its end: only one of its iterators may be used.

    Raises:
        Unusual: this way cannot read the sheet; nothing that was yielded may be used.
        UnreadableWorkbook: nobody can read it.

    """

    head: Head

    def rows(self, first: int, last: int) -> Iterator[Row]:
        """Yield the rows of a stretch of the sheet."""
        ...

    def edited(self, editor: RowEditor) -> Iterator[bytes]:
        """Yield all rows with the wishes of ``editor`` carried out."""
        ...

    def findings(self, *, booleans: bool) -> Findings:
        """Return the formulas of all rows; ``booleans`` leaves out those that are LibreOffice's booleans."""
        ...

    def tail(self) -> bytes:
        """Return what follows the rows, once they have been read."""
        ...


def array_box(attributes: Mapping[str, str]) -> Box | None:
    """Return the range of an array formula or a data table, from the attributes of its ``f`` element."""
    if attributes.get("t") not in {"array", "dataTable"}:
        return None
    return box(attributes.get("ref", ""))


def what_it_holds(formula: str | None, *, kind: str, plain: bool) -> Holds:
    """Return what a cell of type ``kind`` holds; ``plain`` tells that its formula is of no special sort."""
    if formula is None:
        return Holds.VALUE
    is_boolean = plain and kind == "b" and formula in {"TRUE()", "FALSE()"}
    return Holds.BOOLEAN if is_boolean else Holds.FORMULA
