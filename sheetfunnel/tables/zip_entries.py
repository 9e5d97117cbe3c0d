"""The bytes of a zip file's entries, packed and unpacked, a piece at a time."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipInfo

from sheetfunnel.tables.deflate import NotDeflated, checksum_of, inflating

_READ: Final = 1 << 16
_LOCAL: Final = struct.Struct("<4s5H3I2H")


def local_header(file: BinaryIO, entry: ZipInfo) -> tuple[bytes, int]:
    """Return the extra field of an entry's local header, and the offset of its data.

    Raises:
        BadZipFile: there is none where it should stand.

    """
    file.seek(entry.header_offset)
    raw = file.read(_LOCAL.size)
    if len(raw) < _LOCAL.size or raw[:4] != b"PK\x03\x04":
        raise _broken(entry.filename)
    *_, name_length, extra_length = _LOCAL.unpack(raw)
    file.seek(name_length, 1)
    extra = file.read(extra_length)
    return extra, file.tell()


def packed(file: BinaryIO, entry: ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of an entry as they stand in the file.

    Raises:
        BadZipFile: the file ends before them.

    """
    local_header(file, entry)
    left = entry.compress_size
    while left:
        piece = file.read(min(_READ, left))
        if not piece:
            raise _broken(entry.filename)
        left -= len(piece)
        yield piece


def unpacked(file: BinaryIO, entry: ZipInfo, *, piece: int) -> Iterator[bytes]:
    """Yield the content of an entry in pieces of about so many bytes; its length and checksum are compared.

    Raises:
        BadZipFile: they are not, or it cannot be unpacked.

    """
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadZipFile(f"{entry.filename} is packed in an unusual way")
    pieces = packed(file, entry)
    if entry.compress_type == ZIP_DEFLATED and entry.compress_size:  # some write nothing where nothing is
        pieces = inflated(pieces, entry.filename, piece)
    size, checksum = 0, 0
    for data in pieces:
        size += len(data)
        checksum = checksum_of(data, checksum)
        if size > entry.file_size:
            raise _broken(entry.filename)
        yield data
    if size != entry.file_size or checksum != entry.CRC:
        raise _broken(entry.filename)


def inflated(pieces: Iterable[bytes], name: str, piece: int) -> Iterator[bytes]:
    """Yield what packed bytes unpack to, in pieces of about so many bytes; ``name`` is their entry's.

    Raises:
        BadZipFile: they are not packed so, or end too early.

    """
    inflate = inflating()
    gathered = bytearray()
    try:
        for packed_piece in pieces:
            waiting = packed_piece
            while waiting and not inflate.eof:  # what may stand behind the end is nothing
                gathered += inflate.decompress(waiting, piece - len(gathered))
                waiting = inflate.unconsumed_tail
                if len(gathered) >= piece:
                    yield bytes(gathered)
                    gathered.clear()
        gathered += inflate.flush()
        if not inflate.eof:
            raise _broken(name)
    except NotDeflated as error:
        raise _broken(name) from error
    if gathered:
        yield bytes(gathered)


def _broken(name: str) -> BadZipFile:
    return BadZipFile(f"its part {name} does not read back as it was written")
