"""The entries of a workbook's zip file: found by part name, inflated in pieces, checked as they are read."""

from __future__ import annotations

import errno
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.xml_spans import broken_xml
from sheetfunnel.tables.zip_entries import unpacked
from sheetfunnel.values import value

#: What a part that is read whole may hold; sheets are read in pieces.
_LARGEST_WHOLE: Final = 64 << 20
_FIRST: Final = 1 << 16
_PIECE: Final = 1 << 20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = 0x1


@value
class Entries:
    """The directory of a workbook file: every entry in its order, and by part name without case."""

    path: Path
    all: tuple[ZipInfo, ...]
    comment: bytes
    by_part: Mapping[str, ZipInfo]

    def find(self, part: str) -> ZipInfo | None:
        """Return the entry of a part (``xl/workbook.xml``), however its name is written in the zip."""
        plain = part.lstrip("/").casefold()
        return self.by_part.get(plain) or self.by_part.get(unquote(plain))

    def at(self, part: str) -> ZipInfo:
        """Return the entry of a part that must be there.

        Raises:
            UnreadableWorkbook: it is not.

        """
        entry = self.find(part)
        if entry is None:
            raise broken_xml(part)
        return entry

    def whole(self, part: str) -> bytes | None:
        """Return all bytes of a small part; ``None`` if there is no such part.

        Raises:
            UnreadableWorkbook: it is damaged or unreasonably large.

        """
        entry = self.find(part)
        if entry is None:
            return None
        if entry.file_size > _LARGEST_WHOLE:
            raise broken_xml(part)
        return b"".join(self.pieces(entry))

    def pieces(self, entry: ZipInfo) -> Generator[bytes, None, None]:
        """Yield the bytes of an entry in pieces of about a megabyte.

        Raises:
            UnreadableWorkbook: its length or checksum is not what the directory says.

        """
        with self.path.open("rb") as file:
            yield from _unpacked(file, entry)

    def start(self, entry: ZipInfo) -> bytes:
        """Return the first bytes of an entry, unchecked."""
        with self.path.open("rb") as file:
            return next(_unpacked(file, entry, piece=_FIRST), b"")


def open_entries(path: Path) -> Entries:
    """Return the directory of a workbook file.

    Raises:
        UnreadableWorkbook: it is no zip file, encrypted, or names an entry twice.

    """
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            raise UnreadableWorkbook(
                f"“{path.name}” is protected with a password, or is a workbook in the old .xls format.",
                hint="Open it with your spreadsheet, take the password off, and save it as .xlsx.",
            )
    try:
        with ZipFile(path) as archive:
            infos, comment = tuple(archive.infolist()), archive.comment
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        _raise_if_the_disk_failed(error)
        raise UnreadableWorkbook(
            f"“{path.name}” is not an Excel workbook, or it is cut off.",
            hint="Choose a file that ends in .xlsx; if this one does, go back to a backup.",
        ) from error
    _refuse_encrypted(path, infos)
    return Entries(path=path, all=infos, comment=comment, by_part=_by_part(path, infos))


def _raise_if_the_disk_failed(error: Exception) -> None:
    """Raise the system's error that the library took for a broken file, but for a place outside the file."""
    cause = error if isinstance(error, OSError) else error.__context__
    if isinstance(cause, OSError) and cause.errno not in {None, errno.EINVAL}:
        raise cause


def _refuse_encrypted(path: Path, infos: Iterable[ZipInfo]) -> None:
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise UnreadableWorkbook(
            f"“{path.name}” is an encrypted zip file.", hint="Save it as .xlsx without a password."
        )


def _by_part(path: Path, infos: Iterable[ZipInfo]) -> dict[str, ZipInfo]:
    parts: dict[str, ZipInfo] = {}
    for info in infos:
        plain = info.filename.replace("\\", "/").lstrip("/").casefold()
        if plain in parts:
            raise UnreadableWorkbook(
                f"“{path.name}” holds its part “{info.filename}” twice, so nobody can tell which one counts.",
                hint="Open it with your spreadsheet, look whether all is there, and save it as a new file.",
            )
        parts[plain] = info
    return parts


def _damaged(entry: ZipInfo) -> UnreadableWorkbook:
    return UnreadableWorkbook(
        f"The workbook is damaged: its part {entry.filename} does not read back as it was written.",
        hint="Go back to a backup, or open it with your spreadsheet, let it be repaired, and save it.",
    )


def _unpacked(file: BinaryIO, entry: ZipInfo, *, piece: int = _PIECE) -> Iterator[bytes]:
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnreadableWorkbook(
            f"The workbook's part {entry.filename} is packed in an unusual way.",
            hint="Open it with your spreadsheet and save it as .xlsx.",
        )
    with undamaged(entry):
        yield from unpacked(file, entry, piece=piece)


@contextmanager
def undamaged(entry: ZipInfo) -> Iterator[None]:
    """Have what is found out about an entry's bytes told as people can use it."""
    try:
        yield
    except BadZipFile as error:
        raise _damaged(entry) from error
