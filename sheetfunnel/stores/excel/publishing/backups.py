"""Earlier generations of a workbook, kept in the private state folder for a while."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from sheetfunnel.stores.excel.publishing.durable import sync_folder
from sheetfunnel.stores.excel.publishing.state import key_of, private

KEPT: Final = 10
KEPT_FOR: Final = timedelta(days=14)

_PIECE: Final = 1 << 20
_TIME: Final = "%Y%m%dT%H%M%S"
_WIDE: Final = len("20260302T101112")
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def keep_backup(source: Path, state: Path) -> Path:
    """Keep a copy of a workbook, named by time and content, and let go of old ones; return the copy.

    A generation that is kept already is not copied again.

    Raises:
        OSError: there is no room for it, or no right to write it.

    """
    folder = private(private(state / "backups") / key_of(source))
    _remove_unfinished(folder)
    digest, copy = _copied(source, folder)
    for same in folder.glob(f"*-{digest[:16]}{source.suffix}"):
        same.unlink()
    kept = folder / f"{_moment(folder)}-{digest[:16]}{source.suffix}"
    copy.replace(kept)
    for changed in (folder, folder.parent, state):  # before the workbook is replaced: else a loss of power
        sync_folder(changed)  # might leave the new generation alone
    _let_go(folder, kept)
    return kept


def backups(source: Path, state: Path) -> list[Path]:
    """Return the kept generations of a workbook, the newest first."""
    folder = state / "backups" / key_of(source)
    return sorted(folder.glob(f"*{source.suffix}"), reverse=True)


def _moment(folder: Path) -> str:
    """Return the moment by which the next generation is named: after all others, whatever the clock does."""
    newest = max(map(_kept_at, folder.iterdir()), default=_NEVER)
    return f"{max(datetime.now(tz=UTC), newest + timedelta(seconds=1)):{_TIME}}"


def _kept_at(kept: Path) -> datetime:
    """Return when a generation was kept, as its name says; its own time may be that of a wrong clock."""
    try:
        return datetime.strptime(kept.name[:_WIDE], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return _NEVER


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
