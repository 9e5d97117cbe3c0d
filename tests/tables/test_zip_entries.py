from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from sheetfunnel.tables.zip_entries import unpacked

CONTENT = b"".join(b"Clara Vidal, row %d; " % number for number in range(9_000))
#: The unpacker has so much in hand when it has read all; the last piece may be as much larger.
_HELD_BACK = 1 << 16
_SIZES = struct.Struct("<3I")  # checksum, packed, unpacked: at byte 14 of a local header


def _entry(packed: bytes, content: bytes = CONTENT) -> tuple[io.BytesIO, zipfile.ZipInfo]:
    """Return a file with one entry of these packed bytes, and what its directory says of it."""
    file, info = io.BytesIO(), zipfile.ZipInfo("a.xml")
    info.compress_type = zipfile.ZIP_DEFLATED
    info.CRC, info.compress_size, info.file_size = zlib.crc32(content), len(packed), len(content)
    header = info.FileHeader()
    file.write(header[:14] + _SIZES.pack(info.CRC, len(packed), len(content)) + header[26:] + packed)
    info.header_offset = 0
    return file, info


def _packed(content: bytes = CONTENT, level: int = 6) -> bytes:
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(content) + deflate.flush()


@pytest.mark.parametrize("piece", [50, 1_000, 1 << 20])
@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_an_entry_comes_out_in_pieces(piece: int, level: int) -> None:
    pieces = list(unpacked(*_entry(_packed(level=level)), piece=piece))
    assert b"".join(pieces) == CONTENT
    assert max(map(len, pieces)) <= piece + _HELD_BACK


@pytest.mark.parametrize("piece", [50, 1_000, 1 << 20])
def test_what_stands_behind_the_end_of_a_stream_is_passed_over(piece: int) -> None:
    assert b"".join(unpacked(*_entry(_packed() + b"x" * 200_000), piece=piece)) == CONTENT


@pytest.mark.parametrize(
    ("packed", "content"),
    [
        (_packed()[:-9], CONTENT),
        (_packed()[:100], CONTENT),
        (b"\xff" * 400, CONTENT),
        (b"", CONTENT),
        (_packed(), CONTENT + b"more"),
        (_packed(), CONTENT[:-4]),
        (_packed(), b"x" + CONTENT[1:]),
    ],
)
def test_an_entry_that_is_not_what_the_directory_says_is_refused(packed: bytes, content: bytes) -> None:
    with pytest.raises(zipfile.BadZipFile, match=r"a\.xml does not read back"):
        list(unpacked(*_entry(packed, content), piece=1 << 16))


def test_an_entry_of_nothing_may_be_packed_into_nothing() -> None:
    assert list(unpacked(*_entry(b"", b""), piece=50)) == []


def test_an_entry_that_the_file_ends_before_is_refused() -> None:
    file, info = _entry(_packed())
    file.truncate(600)
    with pytest.raises(zipfile.BadZipFile, match=r"a\.xml does not read back"):
        list(unpacked(file, info, piece=1 << 16))
