"""The guard: looks through a workbook file before any library parses it.

A workbook comes from other people. The reader builds a dense grid over the used range, so that one stray
cell in a file of 2 kB can take all memory; expat expands entities; a zip file can hold a thousand times
its size. What is refused here never reaches a parser.

Sheets, shared texts and the caches of pivot tables grow with the data (a full sheet of 25 columns inflates
to over a gigabyte, and is legitimate): they are bounded by their cells and by the memory that reading them
takes, everything else by its size.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sheetfunnel.errors import NoAccess, UnreadableWorkbook, WrongUsage
from sheetfunnel.tables.part_guard import SAVE_AGAIN, Extent, check_part, check_texts, exact_extent
from sheetfunnel.tables.plain_rows import quick_extent

MAX_ENTRIES: Final = 2_000
MAX_DIRECTORY: Final = 4 << 20
MAX_PART: Final = 150_000_000
MAX_PARTS: Final = 300_000_000
MAX_BULK: Final = 4 << 30
MAX_RATIO: Final = 200
RATIO_FROM: Final = 1 << 20

#: The reader takes 32 bytes for each cell of a sheet's bounding box, blank or not: 12,000,000 cells (400 MB)
#: are always allowed, more only if there is XML to show for it: three bytes a cell (a filled one has 25).
FREE_AREA: Final = 12_000_000
BYTES_PER_CELL: Final = 3
MAX_AREA: Final = 60_000_000

_PIECE: Final = 1 << 17
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENCRYPTED: Final = 0x1
_LAST_COPY: Final = (
    "The file is damaged or was not saved completely: take the last good copy, or save it again."
)
_NOT_EXCEL: Final = (
    "Choose an Excel workbook (.xlsx), or open this file in a spreadsheet and save it as .xlsx."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    info: zipfile.ZipInfo
    extent: Extent


def check_workbook_file(path: Path) -> None:
    """Refuse a file that is damaged, hostile or no Excel workbook; return if it may be parsed.

    Raises:
        UnreadableWorkbook: the reason, and what to do.
        NoAccess: this user may not read it.
        WrongUsage: there is no such file.

    """
    try:
        with path.open("rb") as file:
            _check(file)
    except UnreadableWorkbook as refusal:
        message = f"“{path.name}” cannot be read: {refusal.message}."
        raise UnreadableWorkbook(message, hint=refusal.hint) from refusal
    except PermissionError as error:
        raise NoAccess(
            f"“{path}” may not be read by this user.", hint="Ask its owner for access, or copy it."
        ) from error
    except (FileNotFoundError, IsADirectoryError) as error:
        raise WrongUsage(f"There is no file “{path}”.", hint="Check the name and the folder.") from error


def _check(file: BinaryIO) -> None:
    _check_start(file.read(512))
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive)
            _check_area(archive, list(_look_through(archive)))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise UnreadableWorkbook(f"its zip container is broken ({error})", hint=_LAST_COPY) from error


def _check_start(start: bytes) -> None:
    if not start:
        raise UnreadableWorkbook("it is empty", hint=_LAST_COPY)
    if start.startswith(_OLE):
        raise UnreadableWorkbook(
            "it is protected by a password, or in the old format .xls",
            hint="Open it in Excel or LibreOffice, remove the password, and save it as .xlsx.",
        )
    if not start.startswith(b"PK"):
        raise UnreadableWorkbook("it is not an Excel workbook", hint=_NOT_EXCEL)


def _check_directory(file: BinaryIO) -> None:
    """Refuse a huge directory before the library builds an object for each of its entries."""
    size = file.seek(0, os.SEEK_END)
    start = max(size - _END.size - _LOCATOR.size - 0xFFFF, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise UnreadableWorkbook("the end of the file is missing", hint=_LAST_COPY)
    _, _, _, _, entries, length, _, _ = _END.unpack_from(tail, at)
    if at >= _LOCATOR.size and tail[at - _LOCATOR.size :].startswith(b"PK\x06\x07"):
        file.seek(min(_LOCATOR.unpack_from(tail, at - _LOCATOR.size)[2], size))
        entries, length = _directory64(file.read(_END64.size))
    if entries > MAX_ENTRIES or length > MAX_DIRECTORY:
        raise UnreadableWorkbook(f"it consists of over {MAX_ENTRIES:,} parts", hint=SAVE_AGAIN)


def _directory64(record: bytes) -> tuple[int, int]:
    if len(record) < _END64.size or not record.startswith(b"PK\x06\x06"):
        raise UnreadableWorkbook("its zip container is broken", hint=_LAST_COPY)
    *_, entries, length, _ = _END64.unpack(record)
    return entries, length


def _check_entries(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    _check_names(infos)
    _check_overlap(infos, archive.start_dir)
    for info in infos:
        _check_entry(info)
    bulk = sum(info.file_size for info in infos if _is_bulk(info))
    rest = sum(info.file_size for info in infos) - bulk
    if rest > MAX_PARTS or bulk > MAX_BULK:
        raise UnreadableWorkbook("it unpacks to more than a workbook can need", hint=SAVE_AGAIN)


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename.replace("\\", "/").casefold() for info in infos]
    if len(infos) > MAX_ENTRIES:
        raise UnreadableWorkbook(f"it consists of over {MAX_ENTRIES:,} parts", hint=SAVE_AGAIN)
    if len(set(names)) < len(names):
        raise UnreadableWorkbook("it holds a part twice, and nobody can say which counts", hint=SAVE_AGAIN)
    if any(".." in name.split("/") for name in names):
        raise UnreadableWorkbook("it holds a part whose name leads out of the file", hint=SAVE_AGAIN)
    if "mimetype" in names:
        raise UnreadableWorkbook("it is an OpenDocument file (.ods)", hint=_NOT_EXCEL)
    if "xl/workbook.bin" in names:
        raise UnreadableWorkbook("it is a binary workbook (.xlsb)", hint=_NOT_EXCEL)


def _check_overlap(infos: list[zipfile.ZipInfo], directory: int) -> None:
    starts = sorted((info.header_offset, info.compress_size) for info in infos)
    following = [start for start, _ in starts[1:]] + [directory]
    for (start, length), after in zip(starts, following, strict=False):
        if start + 30 + length > after:  # 30: the shortest local header
            raise UnreadableWorkbook("its parts lie over one another", hint=SAVE_AGAIN)


def _check_entry(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableWorkbook(
            "it is encrypted", hint="Remove the password in the program that set it, and save it again."
        )
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnreadableWorkbook("it is packed in a way that spreadsheets do not use", hint=SAVE_AGAIN)
    if info.file_size > MAX_PART and not _is_bulk(info):
        raise UnreadableWorkbook(
            f"its part {info.filename} unpacks to over {MAX_PART // 1_000_000} MB", hint=SAVE_AGAIN
        )
    # a blank picture may well be packed a thousand to one, and nobody here unpacks it into memory
    if _is_read(info) and info.file_size > max(RATIO_FROM, MAX_RATIO * info.compress_size):
        raise UnreadableWorkbook(f"its part {info.filename} is packed like a bomb", hint=SAVE_AGAIN)


def _look_through(archive: zipfile.ZipFile) -> Iterator[_Sheet]:
    """Look through all parts and yield the sheets; unpacking each compares its checksum."""
    for info in archive.infolist():
        pieces = _pieces(archive, info)
        if _is_sheet(info):
            quick = quick_extent(pieces, size=info.file_size)
            yield _Sheet(info=info, extent=quick or exact_extent(_pieces(archive, info)))
        elif _is_texts(info):
            check_texts(pieces)
        elif _is_read(info):
            check_part(pieces)
        else:
            deque(pieces, maxlen=0)


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as part:
        while piece := part.read(_PIECE):
            yield piece


def _check_area(archive: zipfile.ZipFile, sheets: list[_Sheet]) -> None:
    """Refuse a used range that takes all memory; a quick extent is rounded up, so the exact one decides."""
    if _fits(sheets):
        return
    exact = [_Sheet(info=sheet.info, extent=exact_extent(_pieces(archive, sheet.info))) for sheet in sheets]
    if _fits(exact):
        return
    widest = max(exact, key=lambda sheet: sheet.extent.area)
    raise UnreadableWorkbook(
        f"a tab ({widest.info.filename}) is used as far as row {widest.extent.rows:,}, "
        f"column {widest.extent.columns:,}, with next to nothing in between",
        hint="Go to the last used cell of each tab (Ctrl+End), delete the stray rows and columns, save it.",
    )


def _fits(sheets: list[_Sheet]) -> bool:
    area = sum(sheet.extent.area for sheet in sheets)
    written = sum(sheet.info.file_size for sheet in sheets)
    return area <= min(max(FREE_AREA, written // BYTES_PER_CELL), MAX_AREA)


def _is_sheet(info: zipfile.ZipInfo) -> bool:
    # the reader takes a part for a sheet by its folder, whatever its extension and its root element
    name = info.filename.replace("\\", "/").casefold()
    return "worksheets/" in name and not name.endswith((".rels", "/"))


def _is_bulk(info: zipfile.ZipInfo) -> bool:
    return _is_sheet(info) or _is_texts(info) or "pivotcache" in info.filename.casefold()


def _is_texts(info: zipfile.ZipInfo) -> bool:
    return info.filename.casefold().endswith("sharedstrings.xml")


def _is_read(info: zipfile.ZipInfo) -> bool:
    """Whether somebody here parses this part (nobody looks into the caches of pivot tables)."""
    name = info.filename.casefold()
    return _is_sheet(info) or (name.endswith((".xml", ".rels")) and "pivotcache" not in name)
