"""Half of what a large workbook holds, taken by a second process while this one takes the other half."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TypeAlias
from zipfile import ZipFile, ZipInfo

from sheetfunnel.second_process import NotFound, SecondProcess, may_begin
from sheetfunnel.tables.alike_rows import Line
from sheetfunnel.tables.guard import Parts, allowed_area
from sheetfunnel.tables.packed_rows import packed_rows
from sheetfunnel.tables.part_guard import Extent
from sheetfunnel.tables.part_kinds import is_sheet
from sheetfunnel.tables.plain_cells import Cells, OtherDialect
from sheetfunnel.tables.plain_lines import RestOfSheet, rest_of_sheet, taken_sheet
from sheetfunnel.values import value

Taken: TypeAlias = tuple[list[Line], Extent]

#: To take so many bytes lasts as long as to begin a process, and to be told what it found.
_WORTH: Final = 16 << 20


@value
class Share:
    """What a second process is to take: ``sheets``, and the rows of ``largest`` behind byte ``place``."""

    sheets: Sequence[ZipInfo]
    largest: ZipInfo
    place: int


def share_of(infos: Iterable[ZipInfo]) -> Share | None:
    """Return what is a second process's, if one is possible and worth it: it is to have as much to do."""
    sheets = sorted(filter(is_sheet, infos), key=lambda info: info.file_size)
    half = sum(info.file_size for info in sheets) // 2
    if half < _WORTH or not may_begin():
        return None
    return Share(sheets=sheets[:-1], largest=sheets[-1], place=half + half // 6)


class SheetsBeside:
    """What a second process takes of the workbook at ``path``; ``cells`` makes what reads a sheet's cells.

    A text that is in ``known`` is taken from there, so that it is held once.
    """

    def __init__(
        self, path: Path, until: float, share: Share, cells: Callable[[], Cells], known: dict[str, str]
    ) -> None:
        self._known = known
        self._found: Mapping[str, Taken | RestOfSheet] | None = None
        self._process = SecondProcess(lambda _: _taken(path, share, cells, until))

    def sheet(self, info: ZipInfo) -> Taken | None:
        """Return what was taken of a whole sheet, once all is; nothing if it is to be taken here."""
        found = self._all().get(info.filename)
        return None if isinstance(found, RestOfSheet) else found

    def rest(self, info: ZipInfo) -> RestOfSheet | None:
        """Return the rows that were taken of the largest sheet; nothing if they are to be taken here."""
        found = self._all().get(info.filename)
        return found if isinstance(found, RestOfSheet) else None

    def _all(self) -> Mapping[str, Taken | RestOfSheet]:
        if self._found is None:
            try:
                self._found = dict(_told(self._process.found(), self._known))
            except NotFound:
                self._found = {}
        return self._found

    def end(self) -> None:
        """See to it that the process is gone."""
        self._process.end()


def _taken(path: Path, share: Share, cells: Callable[[], Cells], until: float) -> Iterator[object]:
    """Yield of each sheet its name, what is known of it, how many pieces follow, and these: its rows.

    The file is opened anew: an open one is read at one place only, for both processes.
    """
    with ZipFile(path) as archive:
        parts = Parts(path=path, archive=archive, until=until)
        for sheet in (share.largest, *share.sheets):
            info = archive.getinfo(sheet.filename)
            if (info.CRC, info.file_size) != (sheet.CRC, sheet.file_size):
                raise NotFound
            pieces, room = parts.pieces(info), allowed_area(info.file_size)
            with suppress(OtherDialect):
                if sheet is share.largest:
                    rest = rest_of_sheet(pieces, cells(), room=room, place=share.place)
                    yield from _pieces_of(sheet, replace(rest, rows=[]), rest.rows)
                else:
                    rows, extent = taken_sheet(pieces, cells(), room=room)
                    yield from _pieces_of(sheet, extent, rows)


def _pieces_of(sheet: ZipInfo, known: RestOfSheet | Extent, rows: list[Line]) -> Iterator[object]:
    pieces = list(packed_rows(rows))
    yield sheet.filename, known, len(pieces)
    yield from pieces


def _told(found: Iterator[Any], texts: dict[str, str]) -> Iterator[tuple[str, Taken | RestOfSheet]]:
    for name, known, count in found:
        rows = list(chain.from_iterable(piece.rows(texts) for piece in islice(found, count)))
        yield name, replace(known, rows=rows) if isinstance(known, RestOfSheet) else (rows, known)
