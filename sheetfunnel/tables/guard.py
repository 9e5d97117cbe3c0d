"""The guard: looks through a workbook file before any library parses it.

A workbook comes from other people. The reader builds a dense grid over the used range, so that one stray
cell in a file of 2 kB can take all memory; expat expands entities; a zip file can hold a thousand times
its size. What is refused here never reaches a parser.

Sheets, shared texts and the caches of pivot tables grow with the data (a full sheet of 25 columns inflates
to over a gigabyte, and is legitimate): they are bounded by their cells and by the memory that reading them
takes, everything else by its size.
"""

from __future__ import annotations

import struct
import time
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from sheetfunnel.errors import NoAccess, UnreadableWorkbook, WrongUsage
from sheetfunnel.tables.part_guard import SAVE_AGAIN, Extent, check_part, check_texts, exact_extent
from sheetfunnel.tables.part_kinds import is_read, is_sheet, is_texts
from sheetfunnel.tables.plain_rows import quick_extent
from sheetfunnel.tables.zip_entries import unpacked
from sheetfunnel.tables.zip_guard import DAMAGED, check_directory, check_entries, check_start
from sheetfunnel.values import value

#: The reader takes 32 bytes for each cell of a sheet's bounding box, blank or not: 12,000,000 cells (400 MB)
#: are always allowed, more only if there is XML to show for it: three bytes a cell (a filled one has 25).
FREE_AREA: Final = 12_000_000
BYTES_PER_CELL: Final = 3
MAX_AREA: Final = 60_000_000

#: How long looking through a file may take: a full sheet of 25 columns in the usual dialect takes ten.
MAX_SECONDS: Final = 120

_PIECE: Final = 1 << 17


@value
class CheckedSheet:
    """A sheet that was looked through."""

    info: zipfile.ZipInfo
    extent: Extent


def check_workbook_file(path: Path) -> frozenset[str]:
    """Refuse a file that is damaged, hostile or no Excel workbook; return if it may be parsed.

    What is returned are the names of the parts that are sheets with nothing in them but plain values, as far
    as that was seen on the way.

    Raises:
        UnreadableWorkbook: the reason, and what to do.
        NoAccess: this user may not read it.
        WrongUsage: there is no such file.

    """
    sheets = looked_through(path, Looking())
    return frozenset(sheet.info.filename for sheet in sheets if sheet.extent.only_values)


def looked_through(path: Path, looking: Looking) -> list[CheckedSheet]:
    """Refuse what :func:`check_workbook_file` refuses; return the sheets, as ``looking`` saw them."""
    try:
        with path.open("rb") as file:
            return _check(path, file, looking)
    except UnreadableWorkbook as refusal:
        message = f"“{path.name}” cannot be read: {refusal.message}."
        raise UnreadableWorkbook(message, hint=refusal.hint) from refusal
    except PermissionError as error:
        raise NoAccess(
            f"“{path}” may not be read by this user.", hint="Ask its owner for access, or copy it."
        ) from error
    except (FileNotFoundError, IsADirectoryError) as error:
        raise WrongUsage(f"There is no file “{path}”.", hint="Check the name and the folder.") from error


def _check(path: Path, file: BinaryIO, looking: Looking) -> list[CheckedSheet]:
    check_start(file.read(512))
    count = check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            check_entries(archive, count)
            parts = Parts(path=path, archive=archive, until=time.monotonic() + MAX_SECONDS)
            sheets = list(_look_through(parts, looking))
            _check_area(parts, sheets)
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise UnreadableWorkbook(f"its zip container is broken ({error})", hint=DAMAGED) from error
    return sheets


@value
class Parts:
    """The parts of a workbook, unpacked in pieces for as long as there is time."""

    path: Path
    archive: zipfile.ZipFile
    until: float

    def pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield the bytes of a part; its checksum and length are right."""
        self.archive.open(info).close()  # its header says what the directory says
        with self._opened() as file:
            for piece in unpacked(file, info, piece=_PIECE):
                if time.monotonic() > self.until:
                    raise UnreadableWorkbook("it takes too long to look through", hint=SAVE_AGAIN)
                yield piece

    def _opened(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except (FileNotFoundError, PermissionError) as error:
            raise UnreadableWorkbook("it was moved or replaced meanwhile", hint="Try again.") from error


class Looking:
    """What is done with the parts that grow with the data: they are looked through, and that is all."""

    def in_turn(self, infos: Iterable[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
        """Return the parts in the order in which they are looked through; sheets come last."""
        return sorted(infos, key=is_sheet)

    def texts(self, parts: Parts, info: zipfile.ZipInfo) -> None:
        """Look through the texts that cells share."""
        check_texts(parts.pieces(info))

    def sheet(self, parts: Parts, info: zipfile.ZipInfo) -> Extent:
        """Look through a sheet; when its turn comes, all parts that are no sheets are harmless."""
        return quick_extent(parts.pieces(info), size=info.file_size) or exact_extent(parts.pieces(info))


def _look_through(parts: Parts, looking: Looking) -> Iterator[CheckedSheet]:
    """Look through all parts and yield the sheets; unpacking each compares its checksum."""
    for info in looking.in_turn(parts.archive.infolist()):
        if is_sheet(info):
            yield CheckedSheet(info=info, extent=looking.sheet(parts, info))
        elif is_texts(info):
            looking.texts(parts, info)
        elif is_read(info):
            check_part(parts.pieces(info))
        else:
            deque(parts.pieces(info), maxlen=0)


def _check_area(parts: Parts, sheets: list[CheckedSheet]) -> None:
    """Refuse a used range that takes all memory; a quick extent is rounded up, so the exact one decides."""
    if _fits(sheets):
        return
    exact = [CheckedSheet(info=sheet.info, extent=exact_extent(parts.pieces(sheet.info))) for sheet in sheets]
    if _fits(exact):
        return
    widest = max(exact, key=lambda sheet: sheet.extent.area)
    raise UnreadableWorkbook(
        f"a tab ({widest.info.filename}) is used as far as row {widest.extent.rows:,}, "
        f"column {widest.extent.columns:,}, with next to nothing in between",
        hint="Go to the last used cell of each tab (Ctrl+End), delete the stray rows and columns, save it.",
    )


def _fits(sheets: list[CheckedSheet]) -> bool:
    area = sum(sheet.extent.area for sheet in sheets)
    return area <= allowed_area(sum(sheet.info.file_size for sheet in sheets))


def allowed_area(written: int) -> int:
    """Return how many cells, blank ones too, may be held of sheets that take so many bytes."""
    return min(max(FREE_AREA, written // BYTES_PER_CELL), MAX_AREA)
