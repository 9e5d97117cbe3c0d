"""Some sheets of a large workbook, taken by a second process while this one takes the largest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, Final, TypeAlias, cast
from zipfile import ZipFile, ZipInfo

from sheetfunnel.tables.alike_rows import Line
from sheetfunnel.tables.guard import Parts
from sheetfunnel.tables.part_guard import Extent
from sheetfunnel.tables.part_kinds import is_sheet
from sheetfunnel.tables.plain_cells import OtherDialect
from sheetfunnel.tables.second_process import NotFound, SecondProcess, alive, may_begin

Taken: TypeAlias = tuple[list[Line], Extent]

#: To take so many bytes lasts as long as to begin a process, and to be told what it found.
_WORTH: Final = 16 << 20
#: So many rows are told at once, so that not all are held twice.
_AT_ONCE: Final = 5_000
_TEXTS: Final = frozenset({str, type(None)})


def worth_a_process(infos: Sequence[ZipInfo]) -> list[ZipInfo]:
    """Return the sheets beside the largest, if a second process is possible and they are worth it."""
    sheets = sorted(filter(is_sheet, infos), key=lambda info: info.file_size)[:-1]
    return sheets if sum(info.file_size for info in sheets) >= _WORTH and may_begin() else []


class SheetsBeside:
    """Sheets of the workbook at ``path`` that a second process takes; ``take`` takes one."""

    def __init__(
        self, path: Path, parts: Parts, sheets: Sequence[ZipInfo], take: Callable[[Parts, ZipInfo], Taken]
    ) -> None:
        parent = os.getpid()
        self._found: Mapping[str, Taken] | None = None
        self._process = SecondProcess(lambda: _taken(path, sheets, take, until=parts.until, parent=parent))

    def found(self, info: ZipInfo) -> Taken | None:
        """Return what was taken of a sheet, once all are; nothing if it is to be taken here."""
        if self._found is None:
            try:
                self._found = dict(_told(self._process.found()))
            except NotFound:
                self._found = {}
        return self._found.get(info.filename)

    def end(self) -> None:
        """See to it that the process is gone."""
        self._process.end()


def shared_by(known: dict[str, str], rows: Sequence[Line]) -> list[Line]:
    """Return rows of which the texts are those in ``known``, as they come from another process as copies."""
    lines: list[Line] = []
    for at in range(0, len(rows), _AT_ONCE):
        columns = zip_longest(*rows[at : at + _AT_ONCE])
        lines += zip(*[_shared(known, column) for column in columns], strict=True)
    return lines


def _shared(known: dict[str, str], column: Line) -> Line:
    if not set(map(type, column)) <= _TEXTS:
        return column
    return [text and known.get(text, text) for text in cast("Sequence[str | None]", column)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _PartsBeside(Parts):
    """The parts of a workbook in the second process, which ends when the first one does."""

    parent: int

    def pieces(self, info: ZipInfo) -> Iterator[bytes]:
        return alive(self.parent, Parts.pieces(self, info))


def _taken(
    path: Path,
    sheets: Sequence[ZipInfo],
    take: Callable[[Parts, ZipInfo], Taken],
    *,
    until: float,
    parent: int,
) -> Iterator[object]:
    """Yield of each sheet that is written plainly its name, its extent, how many pieces follow, and these.

    The file is opened anew: an open one is read at one place only, for both processes.
    """
    with ZipFile(path) as archive:
        parts = _PartsBeside(archive=archive, until=until, parent=parent)
        for sheet in sheets:
            info = archive.getinfo(sheet.filename)
            if (info.CRC, info.file_size) != (sheet.CRC, sheet.file_size):
                raise NotFound
            try:
                rows, extent = take(parts, info)
            except OtherDialect:
                continue
            starts = range(0, len(rows), _AT_ONCE)
            yield sheet.filename, extent, len(starts)
            yield from (rows[start : start + _AT_ONCE] for start in starts)


def _told(found: Iterator[Any]) -> Iterator[tuple[str, Taken]]:
    for name, extent, count in found:
        yield name, (list(chain.from_iterable(islice(found, count))), extent)
