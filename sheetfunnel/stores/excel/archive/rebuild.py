"""A zip file written anew: untouched entries keep their packed bytes, changed ones are packed anew."""

from __future__ import annotations

import errno
import struct
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipInfo

from sheetfunnel.stores.excel.archive.entries import Entries, undamaged
from sheetfunnel.stores.excel.archive.sink import Heed, Rewrite, Sink, heedless
from sheetfunnel.tables.zip_entries import local_header, packed
from sheetfunnel.values import value

_LIMIT: Final = 0xFFFFFFFF
_LIMIT_ENTRIES: Final = 0xFFFF
_MAY_GROW_LARGE: Final = 1 << 31
_ZIP64: Final = 0x0001
_VERSION, _VERSION_ZIP64 = 20, 45
_UTF8: Final = 0x800
_DESCRIPTOR: Final = 0x8
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s4B4H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_END_ZIP64: Final = struct.Struct("<4sQ2H2I4Q")
_LOCATOR: Final = struct.Struct("<4sIQI")


@value
class _Written:
    """An entry as it now stands in the new file."""

    entry: ZipInfo
    offset: int
    checksum: int
    size: int
    packed_size: int
    method: int
    flags: int


def rebuild(source: Entries, target: Path, changed: Mapping[str, Rewrite], *, heed: Heed = heedless) -> None:
    """Write ``target`` with the entries of ``source`` in their order; ``changed`` ones are rewritten.

    Names, dates, attributes, comments and extra fields stay. ``heed`` is told how far changed entries are.

    Raises:
        UnreadableWorkbook: an entry of the source is cut off; the target is then incomplete.

    """
    with source.path.open("rb") as old, target.open("w+b") as new:
        sink = partial(Sink, new, heed=heed)
        written = []
        for entry in source.all:
            with undamaged(entry):
                extra, _ = local_header(old, entry)
                if entry.filename in changed:
                    written.append(
                        _rewritten(new, entry, extra=extra, rewrite=changed[entry.filename], sink=sink)
                    )
                else:
                    written.append(_copied(old, new, entry, extra))
        _directory(new, written, source.comment)


def _copied(old: BinaryIO, new: BinaryIO, entry: ZipInfo, extra: bytes) -> _Written:
    done = _Written(
        entry=entry,
        offset=new.tell(),
        checksum=entry.CRC,
        size=entry.file_size,
        packed_size=entry.compress_size,
        method=entry.compress_type,
        flags=entry.flag_bits & ~_DESCRIPTOR,
    )
    large = max(done.size, done.packed_size) >= _LIMIT
    new.write(_local_header(done, extra, large=large))
    new.writelines(packed(old, entry))
    return done


def _rewritten(
    new: BinaryIO, entry: ZipInfo, *, extra: bytes, rewrite: Rewrite, sink: Callable[[str, int], Sink]
) -> _Written:
    offset, large = new.tell(), entry.file_size >= _MAY_GROW_LARGE
    room = _Written(
        entry=entry,
        offset=offset,
        checksum=0,
        size=0,
        packed_size=0,
        method=ZIP_DEFLATED,
        flags=entry.flag_bits & _UTF8,
    )
    new.write(_local_header(room, extra, large=large))
    taking = sink(entry.filename, new.tell())
    rewrite(taking)
    taking.finish()
    end = _behind(new, taking.start)
    done = _Written(
        entry=entry,
        offset=offset,
        checksum=taking.checksum,
        size=taking.size,
        packed_size=end - taking.start,
        method=room.method,
        flags=room.flags,
    )
    new.seek(offset)
    new.write(_local_header(done, extra, large=large))
    new.seek(end)
    return done


def _behind(new: BinaryIO, start: int) -> int:
    """Return where the new file ends, which is behind ``start``.

    Raises:
        OSError: a disk said that it took what it did not take.

    """
    end = new.tell()
    if end < start:
        raise OSError(errno.EIO, "the disk lost what was written")
    return end


def _name(entry: ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437")


def _moment(entry: ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = entry.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    """Return an extra field without its large sizes, which are written anew where they are needed."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        end = at + 4 + length
        kept += extra[at:end] if kind != _ZIP64 else b""
        at = end
    return kept + extra[at:]


def _local_header(done: _Written, extra: bytes, *, large: bool) -> bytes:
    name, rest = _name(done.entry), _without_zip64(extra)
    sizes = (done.packed_size, done.size)
    if large:
        rest = struct.pack("<HHQQ", _ZIP64, 16, done.size, done.packed_size) + rest
        sizes = (_LIMIT, _LIMIT)
    version = _VERSION_ZIP64 if large else max(_VERSION, done.entry.extract_version)
    fixed = _LOCAL.pack(
        b"PK\x03\x04",
        version,
        done.flags,
        done.method,
        *_moment(done.entry),
        done.checksum,
        *sizes,
        len(name),
        len(rest),
    )
    return fixed + name + rest


def _central_header(done: _Written) -> bytes:
    entry, name = done.entry, _name(done.entry)
    values = (done.size, done.packed_size, done.offset)
    large = [value for value in values if value >= _LIMIT]
    size, packed_size, offset = (min(value, _LIMIT) for value in values)
    extra = _without_zip64(entry.extra)
    if large:
        extra = struct.pack(f"<HH{len(large)}Q", _ZIP64, 8 * len(large), *large) + extra
    fixed = _CENTRAL.pack(
        b"PK\x01\x02",
        max(entry.create_version, _VERSION_ZIP64 if large else 0),
        entry.create_system,
        _VERSION_ZIP64 if large else max(_VERSION, entry.extract_version),
        entry.reserved,
        done.flags,
        done.method,
        *_moment(entry),
        done.checksum,
        packed_size,
        size,
        len(name),
        len(extra),
        len(entry.comment),
        0,
        entry.internal_attr,
        entry.external_attr,
        offset,
    )
    return fixed + name + extra + entry.comment


def _directory(new: BinaryIO, written: list[_Written], comment: bytes) -> None:
    start = new.tell()
    new.writelines(_central_header(done) for done in written)
    end, count = _behind(new, start), len(written)
    if count >= _LIMIT_ENTRIES or end >= _LIMIT:
        versions = (_VERSION_ZIP64, _VERSION_ZIP64)
        new.write(
            _END_ZIP64.pack(b"PK\x06\x06", 44, *versions, 0, 0, count, count, end - start, start)
            + _LOCATOR.pack(b"PK\x06\x07", 0, end, 1)
        )
    few = min(count, _LIMIT_ENTRIES)
    last = _END.pack(
        b"PK\x05\x06", 0, 0, few, few, min(end - start, _LIMIT), min(start, _LIMIT), len(comment)
    )
    new.write(last + comment)
