"""The guard at the zip container: its start, its directory and its entries, before anything is unpacked."""

from __future__ import annotations

import os
import struct
import zipfile
from typing import BinaryIO, Final

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.tables.part_guard import SAVE_AGAIN
from sheetfunnel.tables.part_kinds import is_bulk, is_read, is_texts
from sheetfunnel.values import value

MAX_ENTRIES: Final = 2_000
MAX_DIRECTORY: Final = 4 << 20
MAX_PART: Final = 150_000_000
MAX_PARTS: Final = 300_000_000
MAX_BULK: Final = 4 << 30
MAX_TEXTS_SIZE: Final = 1 << 30
MAX_RATIO: Final = 200
RATIO_FROM: Final = 1 << 20

DAMAGED: Final = "The file is damaged or was not saved completely: take the last good copy, or save it again."

_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_FULL: Final = 0xFFFFFFFF
_ENCRYPTED: Final = 0x1
_NOT_EXCEL: Final = (
    "Choose an Excel workbook (.xlsx), or open this file in a spreadsheet and save it as .xlsx."
)


def check_start(start: bytes) -> None:
    """Refuse what does not even begin like a workbook."""
    if not start:
        raise UnreadableWorkbook("it is empty", hint=DAMAGED)
    if start.startswith(_OLE):
        raise UnreadableWorkbook(
            "it is protected by a password, or in the old format .xls",
            hint="Open it in Excel or LibreOffice, remove the password, and save it as .xlsx.",
        )
    if not start.startswith(b"PK"):
        raise UnreadableWorkbook("it is not an Excel workbook", hint=_NOT_EXCEL)


def check_directory(file: BinaryIO) -> int:
    """Return the number of entries; refuse a huge directory before an object is built for each of them.

    It must end where the record of its end begins: readers that look for a directory which does not would
    find different ones, and what is checked here would not be what is read.
    """
    found = _directory(file)
    if found.entries > MAX_ENTRIES or found.length > MAX_DIRECTORY:
        raise UnreadableWorkbook(f"it consists of over {MAX_ENTRIES:,} parts", hint=SAVE_AGAIN)
    if found.offset + found.length != found.end:
        raise UnreadableWorkbook("its parts can be read in more than one way", hint=SAVE_AGAIN)
    return found.entries


@value
class _Directory:
    """Where the directory should stand, how long it is, and where the record of its end begins."""

    entries: int
    length: int
    offset: int
    end: int


def _directory(file: BinaryIO) -> _Directory:
    size = file.seek(0, os.SEEK_END)
    start = max(size - _END.size - _LOCATOR.size - 0xFFFF, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise UnreadableWorkbook("the end of the file is missing", hint=DAMAGED)
    *_, entries, length, offset, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        raise UnreadableWorkbook("something stands behind its end", hint=SAVE_AGAIN)
    short = _Directory(entries=entries, length=length, offset=offset, end=start + at)
    if at >= _LOCATOR.size and tail.startswith(b"PK\x06\x07", at - _LOCATOR.size):
        return _directory64(file, short, _LOCATOR.unpack_from(tail, at - _LOCATOR.size)[2])
    return short


def _directory64(file: BinaryIO, short: _Directory, place: int) -> _Directory:
    """Return the directory as the long record says, which the short one must not contradict."""
    file.seek(min(place, short.end))
    record = file.read(_END64.size)
    if len(record) < _END64.size or not record.startswith(b"PK\x06\x06"):
        raise UnreadableWorkbook("its zip container is broken", hint=DAMAGED)
    *_, entries, length, offset = _END64.unpack(record)
    pairs = ((short.entries, entries, 0xFFFF), (short.length, length, _FULL), (short.offset, offset, _FULL))
    if any(brief not in {long, full} for brief, long, full in pairs):
        raise UnreadableWorkbook("its parts can be read in more than one way", hint=SAVE_AGAIN)
    return _Directory(entries=entries, length=length, offset=offset, end=place)


def check_entries(archive: zipfile.ZipFile, count: int) -> None:
    """Refuse entries that no workbook has, or that unpack to more than a workbook can need."""
    infos = archive.infolist()
    if len(infos) != count:
        raise UnreadableWorkbook("its parts can be read in more than one way", hint=SAVE_AGAIN)
    _check_names(infos)
    _check_overlap(infos, archive.start_dir)
    for info in infos:
        _check_entry(info)
    bulk = sum(info.file_size for info in infos if is_bulk(info))
    texts = sum(info.file_size for info in infos if is_texts(info))
    rest = sum(info.file_size for info in infos) - bulk
    if rest > MAX_PARTS or bulk > MAX_BULK or texts > MAX_TEXTS_SIZE:
        raise UnreadableWorkbook("it unpacks to more than a workbook can need", hint=SAVE_AGAIN)


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename.replace("\\", "/").casefold() for info in infos]
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
    if info.file_size > MAX_PART and not is_bulk(info):
        raise UnreadableWorkbook(
            f"its part {info.filename} unpacks to over {MAX_PART // 1_000_000} MB", hint=SAVE_AGAIN
        )
    # a blank picture may well be packed a thousand to one, and nobody here unpacks it into memory
    if is_read(info) and info.file_size > max(RATIO_FROM, MAX_RATIO * info.compress_size):
        raise UnreadableWorkbook(f"its part {info.filename} is packed like a bomb", hint=SAVE_AGAIN)
