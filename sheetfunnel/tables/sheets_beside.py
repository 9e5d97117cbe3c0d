"""Half of what a large workbook holds, taken by a second process while this one takes the other half."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, Final, TypeAlias, cast
from zipfile import ZipFile, ZipInfo

from sheetfunnel.tables.alike_rows import Line
from sheetfunnel.tables.guard import Parts, allowed_area
from sheetfunnel.tables.part_guard import Extent
from sheetfunnel.tables.part_kinds import is_sheet
from sheetfunnel.tables.plain_cells import Cells, OtherDialect
from sheetfunnel.tables.plain_lines import RestOfSheet, rest_of_sheet, taken_sheet
from sheetfunnel.tables.second_process import NotFound, SecondProcess, may_begin

Taken: TypeAlias = tuple[list[Line], Extent]

#: To take so many bytes lasts as long as to begin a process, and to be told what it found.
_WORTH: Final = 16 << 20
#: So many rows are told at once, so that not all are held twice.
_AT_ONCE: Final = 5_000
_TEXTS: Final = frozenset({str, type(None)})


@dataclass(frozen=True, slots=True, kw_only=True)
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
    return Share(sheets=sheets[:-1], largest=sheets[-1], place=half + half // 16)


class SheetsBeside:
    """What a second process takes of the workbook at ``path``; ``cells`` makes what reads a sheet's cells."""

    def __init__(self, path: Path, until: float, share: Share, cells: Callable[[], Cells]) -> None:
        self._found: Mapping[str, Taken | RestOfSheet] | None = None
        self._process = SecondProcess(lambda: _taken(path, share, cells, until))

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
                self._found = dict(_told(self._process.found()))
            except NotFound:
                self._found = {}
        return self._found

    def end(self) -> None:
        """See to it that the process is gone."""
        self._process.end()


def shared_by(known: dict[str, str], rows: Sequence[Line]) -> list[Line]:
    """Return rows of which the texts are those in ``known``, as they come from another process as copies."""
    lines: list[Line] = []
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        turned = zip(*[_shared(known, column) for column in zip_longest(*some)], strict=True)
        lines += [new if row else () for row, new in zip_longest(some, turned)]
    return lines


def _shared(known: dict[str, str], column: Line) -> Line:
    if not set(map(type, column)) <= _TEXTS:
        return column
    return [text and known.setdefault(text, text) for text in cast("Sequence[str | None]", column)]


def _taken(path: Path, share: Share, cells: Callable[[], Cells], until: float) -> Iterator[object]:
    """Yield of each sheet its name, what is known of it, how many pieces follow, and these: its rows.

    The file is opened anew: an open one is read at one place only, for both processes.
    """
    with ZipFile(path) as archive:
        parts = Parts(archive=archive, until=until)
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
    starts = range(0, len(rows), _AT_ONCE)
    yield sheet.filename, known, len(starts)
    yield from (rows[start : start + _AT_ONCE] for start in starts)


def _told(found: Iterator[Any]) -> Iterator[tuple[str, Taken | RestOfSheet]]:
    for name, known, count in found:
        rows = list(chain.from_iterable(islice(found, count)))
        yield name, replace(known, rows=rows) if isinstance(known, RestOfSheet) else (rows, known)
