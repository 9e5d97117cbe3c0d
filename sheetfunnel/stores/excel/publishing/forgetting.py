"""Backups and leases removed for good: those that hold a name, those of a workbook, or all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from sheetfunnel.errors import Busy, NoAccess, SheetfunnelError
from sheetfunnel.stores.excel.publishing.backups import backups, backups_folder
from sheetfunnel.stores.excel.publishing.locks import lease, lease_file
from sheetfunnel.stores.excel.publishing.state import KEPT_HERE
from sheetfunnel.stores.excel.traces import holds


def holding(source: Path, state: Path, name: str, *, alone: bool = False) -> list[Path]:
    """Return the kept generations of a workbook that hold a name, or cannot be looked through.

    ``alone``: as the whole text of something, such as a cell.
    """
    return [path for path in backups(source, state) if _may_hold(path, name, alone=alone)]


def forget(source: Path, state: Path, name: str) -> int:
    """Remove the kept generations that hold a name, or cannot be looked through; return how many.

    Raises:
        Busy: another run is at work on the workbook.
        NoAccess: they cannot be removed.

    """
    with lease(source, state), _told(state):
        _remove_unfinished(source, state)
        found = holding(source, state, name)
        for path in found:
            path.unlink()
    return len(found)


def forget_workbook(source: Path, state: Path) -> int:
    """Remove all kept generations of a workbook and its lease; return how many generations there were.

    Raises:
        Busy: another run is at work on the workbook.
        NoAccess: they cannot be removed.

    """
    with lease(source, state), _told(state):
        count, folder = len(backups(source, state)), backups_folder(source, state)
        if folder.exists():
            shutil.rmtree(folder)
        lease_file(source, state).unlink(missing_ok=True)
    return count


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """What is kept on this machine: how many generations, in which folder.

    ``others`` are what stands in the folder and is none of ours.
    """

    folder: Path
    generations: int
    others: tuple[str, ...]


def everything(state: Path) -> Everything:
    """Return what is kept in the state folder."""
    folders = [folder for folder in (state / "backups").glob("*") if folder.is_dir()]
    return Everything(
        folder=state,
        generations=sum(1 for folder in folders for each in folder.iterdir() if each.is_file()),
        others=tuple(sorted(each.name for each in state.glob("*") if each.name not in KEPT_HERE)),
    )


def forget_everything(state: Path) -> Everything:
    """Remove all that is kept in the state folder, and the folder if nothing else stands in it.

    Raises:
        Busy: a run is at work on some workbook.
        NoAccess: it cannot be removed.

    """
    found = everything(state)
    with ExitStack() as held, _told(state):
        for lock in (state / "leases").glob("*.lock"):
            held.enter_context(_held(lock))
        for name in KEPT_HERE:
            if (state / name).exists():
                shutil.rmtree(state / name)
    if not found.others and state.exists():
        with _told(state):
            state.rmdir()
    return found


@contextmanager
def _held(place: Path) -> Iterator[None]:
    lock = FileLock(place, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Busy(
            "A run of sheetfunnel is at work on a workbook; nothing was removed.",
            hint="Wait until it has ended, and try again.",
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _told(state: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoAccess(
            f"Not all that is kept in “{state}” could be removed ({error.strerror}).",
            hint="Close what has these files open, or ask their owner, and try again.",
        ) from error


def _may_hold(path: Path, name: str, *, alone: bool) -> bool:
    try:
        return holds(path, name, alone=alone)
    except SheetfunnelError:  # whoever asks to be removed is not left in a file because it is damaged
        return True


def _remove_unfinished(source: Path, state: Path) -> None:
    for left in backups_folder(source, state).glob("*.tmp"):
        left.unlink(missing_ok=True)
