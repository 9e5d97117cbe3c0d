"""Takes the new bytes of one entry of a zip file, and packs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Final, TypeAlias

from sheetfunnel.tables.deflate import Deflating, checksum_of, deflating

_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The packed bytes of an entry that stand in a file by now; ``done`` once that is all of them.

    Where an entry is begun anew, they get fewer.
    """

    entry: str
    start: int
    end: int
    done: bool = False


Heed: TypeAlias = Callable[[Progress], None]


def heedless(progress: Progress) -> None:
    """Take no notice."""
    del progress


@dataclass(slots=True)
class Sink:
    """Takes the new bytes of an entry, packs them a megabyte at a time, and tells ``heed`` how far it is."""

    file: BinaryIO
    entry: str
    start: int
    heed: Heed = heedless
    size: int = 0
    checksum: int = 0
    _gathered: list[bytes] = field(default_factory=list)
    _length: int = 0
    _deflate: Deflating = field(default_factory=deflating)

    def write(self, data: bytes) -> None:
        """Add bytes to the entry."""
        self._gathered.append(data)
        self._length += len(data)
        if self._length >= _PIECE:
            self._pack()
            self._tell()

    def restart(self) -> None:
        """Forget all that was written."""
        self.file.seek(self.start)
        self.file.truncate()
        self._gathered, self._length, self._deflate = [], 0, deflating()
        self.size, self.checksum = 0, 0
        self._tell()

    def finish(self) -> None:
        """Write what is still to be written."""
        self._pack()
        self.file.write(self._deflate.flush())
        self._tell(done=True)

    def _pack(self) -> None:
        data = b"".join(self._gathered)
        self._gathered, self._length = [], 0
        self.size += len(data)
        self.checksum = checksum_of(data, self.checksum)
        self.file.write(self._deflate.compress(data))

    def _tell(self, *, done: bool = False) -> None:
        if self.heed is not heedless:
            self.file.flush()
            self.heed(Progress(entry=self.entry, start=self.start, end=self.file.tell(), done=done))


Rewrite: TypeAlias = Callable[[Sink], None]
