"""Earlier generations of a workbook, kept in the private state folder for a while."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from sheetfunnel.stores.excel.publishing.durable import sync_folder
from sheetfunnel.stores.state import key_of, private
from sheetfunnel.workbook.contract import Purpose, Snapshot
from sheetfunnel.workbook.generations import Generation

KEPT: Final = 10
KEPT_FOR: Final = timedelta(days=14)

_PIECE: Final = 1 << 20
_TIME: Final = "%Y%m%dT%H%M%S"
_MARK: Final = 16  # letters of the checksum: enough to know a generation again
_NAME: Final = re.compile(rf"(\d{{8}}T\d{{6}})-([0-9a-f]{{{_MARK}}})(?:-([a-z]+))?")
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def keep_backup(source: Path, state: Path) -> Path:
    """Keep a copy of a workbook, named by time and content, and let go of old ones; return the copy.

    A generation that is kept already is not copied again. What displaced it is told by ``mark_displaced``
    once that is done.

    Raises:
        OSError: there is no room for it, or no right to write it.

    """
    folder = private(private(state / "backups") / key_of(source))
    _remove_unfinished(folder)
    digest, copy = _copied(source, folder)
    for same in _of_content(folder, digest[:_MARK]):
        same.unlink()
    kept = folder / f"{_moment(folder)}-{digest[:_MARK]}{source.suffix}"
    copy.replace(kept)
    for changed in (folder, folder.parent, state):  # before the workbook is replaced: else a loss of power
        sync_folder(changed)  # might leave the new generation alone
    _let_go(folder, kept)
    return kept


def mark_displaced(source: Path, state: Path, purpose: Purpose, *, content: str) -> None:
    """Write into the name of a kept generation what displaced it, once that is done."""
    with suppress(OSError):  # the workbook is in its place: to be kept without this is no reason to fail
        for kept in _of_content(backups_folder(source, state), content):
            kept.replace(kept.with_stem(f"{_name(kept)[0]}-{content}-{purpose.value}"))


def backups_folder(source: Path, state: Path) -> Path:
    """Return the folder in which the generations of a workbook are kept, whether or not it is there."""
    return state / "backups" / key_of(source)


def backups(source: Path, state: Path) -> list[Path]:
    """Return the kept generations of a workbook, the newest first."""
    folder = backups_folder(source, state)
    return sorted(filter(is_generation, folder.glob("*")), reverse=True)


def is_generation(path: Path) -> bool:
    """Whether a file bears the name of a kept generation."""
    return _NAME.fullmatch(path.stem) is not None


def generations(source: Path, state: Path, read: Callable[[Path], Snapshot]) -> list[Generation]:
    """Return the kept generations of a workbook, the newest first, with what their names say of them."""
    return [_generation(path, read) for path in backups(source, state)]


def content_mark(revision: str) -> str:
    """Return the part of a fingerprint by which a kept generation is named."""
    return revision.rpartition("-")[2][:_MARK]


def _generation(path: Path, read: Callable[[Path], Snapshot]) -> Generation:
    status, (_, content, purpose) = path.stat(), _name(path)
    return Generation(
        kept_at=_kept_at(path).astimezone(),
        displaced_by=Purpose(purpose) if purpose in {each.value for each in Purpose} else None,
        size=status.st_size,
        content=content,
        name=path.name,
        read=lambda: read(path),
    )


def _name(path: Path) -> tuple[str, str, str]:
    """Return what the name of a generation says: when it was kept, what it holds, what displaced it."""
    match = _NAME.fullmatch(path.stem)
    return (match[1], match[2], match[3] or "") if match else ("", "", "")


def _of_content(folder: Path, content: str) -> list[Path]:
    return [path for path in folder.glob(f"*-{content}*") if _name(path)[1] == content]


def _moment(folder: Path) -> str:
    """Return the moment by which the next generation is named: after all others, whatever the clock does."""
    newest = max(map(_kept_at, folder.iterdir()), default=_NEVER)
    return f"{max(datetime.now(tz=UTC), newest + timedelta(seconds=1)):{_TIME}}"


def _kept_at(kept: Path) -> datetime:
    """Return when a generation was kept, as its name says; its own time may be that of a wrong clock."""
    moment, _, _ = _name(kept)
    return datetime.strptime(moment, _TIME).replace(tzinfo=UTC) if moment else _NEVER


def _copied(source: Path, folder: Path) -> tuple[str, Path]:
    handle, name = tempfile.mkstemp(prefix="copying-", suffix=".tmp", dir=folder)  # mode 0600
    copy, digest = Path(name), hashlib.sha256()
    try:
        with source.open("rb") as old, os.fdopen(handle, "wb") as new:
            for piece in _pieces(old):
                digest.update(piece)
                new.write(piece)
            new.flush()
            os.fsync(new.fileno())
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return digest.hexdigest(), copy


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _remove_unfinished(folder: Path) -> None:
    # under the lease of the workbook nobody else is copying: what is there was left by a run that died
    for left in folder.glob("copying-*.tmp"):
        left.unlink(missing_ok=True)


def _let_go(folder: Path, newest: Path) -> None:
    oldest = datetime.now(tz=UTC) - KEPT_FOR
    others = sorted((each for each in folder.iterdir() if each != newest), reverse=True)
    for place, each in enumerate(others, start=1):
        if place >= KEPT or _kept_at(each) < oldest:
            with suppress(OSError):  # a backup too many is no reason to stop
                each.unlink()
