"""The values of sheets that are written plainly, taken while the guard looks through them.

Most sheets are written in one way only: each row with its number, each cell with its address, in order. Such
a row falls apart at its own number into pieces, each of which is all of one cell and the letters of the next.
Of four million pieces some hundred thousand differ: each of these is looked at once, as strictly as the guard
does it, and what it holds is remembered. That takes half of the time in which the guard and the reader go
through all cells, one after the other.

Nothing is refused here: a sheet that is written otherwise, if only in one cell, is left to the guard and the
reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final
from zipfile import ZipInfo

from sheetfunnel.tables.alike_rows import Line
from sheetfunnel.tables.day_styles import style_days
from sheetfunnel.tables.guard import Looking, Parts, allowed_area, looked_through
from sheetfunnel.tables.part_guard import Extent, finish
from sheetfunnel.tables.plain_cells import Cells, OtherDialect
from sheetfunnel.tables.plain_lines import taken_sheet, taken_with_help
from sheetfunnel.tables.plain_texts import Texts
from sheetfunnel.tables.sheets_beside import Share, SheetsBeside, Taken, share_of
from sheetfunnel.values import value

#: The one part in which the reader looks for the texts that cells share.
_TEXTS: Final = "xl/sharedStrings.xml"


@value
class PlainValues:
    """What was taken of a file: the rows of each sheet written plainly, by the name of its part.

    ``only_values`` are the names of those of all sheets that are known to hold no formula, error or merge.
    """

    rows: Mapping[str, list[Line]]
    only_values: frozenset[str]


def take_plain_values(path: Path) -> PlainValues:
    """Check a workbook file as the guard does, and return what could be read on the way.

    Raises:
        UnreadableWorkbook, NoAccess, WrongUsage: as :func:`check_workbook_file`.

    """
    taking = _Taking(path)
    try:
        sheets = looked_through(path, taking)
    finally:
        taking.end()
    return PlainValues(
        rows=taking.rows,
        only_values=frozenset(sheet.info.filename for sheet in sheets if sheet.extent.only_values),
    )


class _Taking(Looking):
    """Takes the values of a sheet while looking through it, where it is written plainly."""

    def __init__(self, path: Path) -> None:
        self.rows: dict[str, list[Line]] = {}
        self._path = path
        self._texts: Sequence[str | None] = ()
        self._known: dict[str, str] = {}
        self._days: Sequence[int | None] | None = None
        self._beside: SheetsBeside | None = None
        self._share: Share | None = None

    def in_turn(self, infos: Iterable[ZipInfo]) -> list[ZipInfo]:
        """Put the sheets that the second process is to take behind all others."""
        ordered = super().in_turn(infos)
        self._share = share_of(ordered)
        last = self._share.sheets if self._share else ()
        return sorted(ordered, key=last.__contains__)

    def texts(self, parts: Parts, info: ZipInfo) -> None:
        """Look through the texts that cells share, and take them."""
        if info.filename != _TEXTS:
            super().texts(parts, info)
            return
        texts = Texts()
        finish(texts, parts.pieces(info))
        self._texts = texts.taken

    def sheet(self, parts: Parts, info: ZipInfo) -> Extent:
        """Look through a sheet, and take its values if it is written plainly."""
        if self._days is None:
            self._days = style_days(parts)
            if self._share:  # as little is held by now as will ever be
                self._beside = SheetsBeside(self._path, parts.until, self._share, self._cells, self._known)
        try:
            self.rows[info.filename], extent = self._taken(parts, info)
        except OtherDialect:
            return super().sheet(parts, info)
        return extent

    def _cells(self) -> Cells:
        return Cells(self._texts, self._days or (), self._known)

    def _taken(self, parts: Parts, info: ZipInfo) -> Taken:
        pieces, room = parts.pieces(info), allowed_area(info.file_size)
        if self._beside is None or self._share is None:
            return taken_sheet(pieces, self._cells(), room=room)
        if info is self._share.largest:
            ask = partial(self._beside.rest, info)
            return taken_with_help(pieces, self._cells(), room=room, place=self._share.place, ask=ask)
        found = self._beside.sheet(info)
        return found or taken_sheet(pieces, self._cells(), room=room)

    def end(self) -> None:
        """Leave no process behind."""
        if self._beside:
            self._beside.end()
