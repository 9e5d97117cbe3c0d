"""A second process that checks the sheets of a new file while this one still writes it.

What it looks at are the bytes that stand in the file, as far as it was told that they are written. Of each
sheet that is as planned it says so, and by which bytes that is known again; of any other it says nothing:
that is looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias
from zipfile import ZIP_DEFLATED, BadZipFile, ZipInfo

from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.second_process import NotFound, SecondProcess, may_begin
from sheetfunnel.stores.excel.archive.sink import Heed, Progress, heedless
from sheetfunnel.stores.excel.publishing.plain_sheet import OtherDialect
from sheetfunnel.tables.deflate import checksum_of
from sheetfunnel.tables.zip_entries import inflated, local_header, packed

#: To check so many bytes lasts as long as to begin a process.
_WORTH: Final = 16 << 20
_READ: Final = 1 << 16
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetToCheck:
    """A sheet as it was; ``check`` is given the new one in pieces, and refuses what is not as planned."""

    entry: ZipInfo
    check: Callable[[Iterator[bytes]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The bytes of an entry that was found to be as planned: where they stand, and what they are."""

    start: int
    length: int
    checksum: int
    unpacked_length: int
    unpacked_checksum: int

    def is_entry(self, file: BinaryIO, entry: ZipInfo) -> bool:
        """Whether an entry of the whole file is what was seen, and stands there still."""
        _, start = local_header(file, entry)
        told = (start, entry.compress_size, entry.file_size, entry.CRC)
        if entry.compress_type != ZIP_DEFLATED or told != (
            self.start,
            self.length,
            self.unpacked_length,
            self.unpacked_checksum,
        ):
            return False
        checksum = 0
        for piece in packed(file, entry):
            checksum = checksum_of(piece, checksum)
        return checksum == self.checksum


class Following:
    """What follows the writing of a file: ``heed`` is to be told how far that is."""

    def __init__(self, process: SecondProcess | None = None) -> None:
        self._process = process
        self.heed: Heed = process.tell if process else heedless

    def seen(self) -> Mapping[str, Seen]:
        """Return the entries that are as planned, once the whole file is written."""
        if self._process is None:
            return {}
        with suppress(NotFound):
            return dict(self._process.found())
        return {}


@contextmanager
def following(new: Path, sheets: Sequence[SheetToCheck]) -> Iterator[Following]:
    """Have sheets of the file ``new`` checked while it is written, if they are large enough for that."""
    if sum(sheet.entry.file_size for sheet in sheets) < _WORTH or not may_begin():
        yield Following()
        return
    checks = {sheet.entry.filename: sheet.check for sheet in sheets}
    process = SecondProcess(lambda told: _followed(new, checks, told))
    try:
        yield Following(process)
    finally:
        process.end()


_Check: TypeAlias = Callable[[Iterator[bytes]], None]


def _followed(
    new: Path, checks: Mapping[str, _Check], told: Iterator[Progress]
) -> Iterator[tuple[str, Seen]]:
    """Yield each entry that is as planned."""
    for progress in told:
        with new.open("rb") as file:
            growing = _Growing(file, progress, told)
            check = checks.get(progress.entry)
            seen = _seen(growing, check) if check else None
            if seen:
                yield progress.entry, seen
            growing.pass_over()


def _seen(growing: _Growing, check: _Check) -> Seen | None:
    while True:
        try:
            check(growing.pieces())
        except _BegunAnew:
            continue
        except (OtherDialect, SheetfunnelError, BadZipFile):  # whatever it is, it is found once more
            return None
        return growing.seen()


class _BegunAnew(Exception):
    """The entry that was being read is written once more."""


class _Growing:
    """An entry that is being written, read as far as it was told to stand in the file."""

    def __init__(self, file: BinaryIO, progress: Progress, told: Iterator[Progress]) -> None:
        self._file = file
        self._progress = progress
        self._told = told
        self._at, self._checksum = progress.start, 0
        self._unpacked_length, self._unpacked_checksum = 0, 0

    def pieces(self) -> Iterator[bytes]:
        """Yield its content from the start."""
        self._at, self._checksum = self._progress.start, 0
        self._unpacked_length, self._unpacked_checksum = 0, 0
        for piece in inflated(self._packed(), self._progress.entry, _PIECE):
            self._unpacked_length += len(piece)
            self._unpacked_checksum = checksum_of(piece, self._unpacked_checksum)
            yield piece

    def seen(self) -> Seen:
        """Return by what it is known again, once all pieces were taken."""
        start = self._progress.start
        return Seen(
            start=start,
            length=self._at - start,
            checksum=self._checksum,
            unpacked_length=self._unpacked_length,
            unpacked_checksum=self._unpacked_checksum,
        )

    def pass_over(self) -> None:
        """Wait until all of it is written."""
        while not self._progress.done:
            self._listen()

    def _packed(self) -> Iterator[bytes]:
        while True:
            while self._at < self._progress.end:
                self._file.seek(self._at)
                piece = self._file.read(min(_READ, self._progress.end - self._at))
                if not piece:
                    raise BadZipFile("what was written is not there")
                self._at += len(piece)
                self._checksum = checksum_of(piece, self._checksum)
                yield piece
            if self._progress.done:
                return
            self._listen()
            if self._progress.end < self._at:
                raise _BegunAnew

    def _listen(self) -> None:
        progress = next(self._told, None)
        if progress is None:
            raise NotFound
        self._progress = progress
