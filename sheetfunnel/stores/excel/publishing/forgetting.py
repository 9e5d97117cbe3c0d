"""Backups and leases removed for good: those that hold a name, those of a workbook, or all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from sheetfunnel.errors import Busy, NoAccess, SheetfunnelError
from sheetfunnel.stores.excel.publishing.backups import backups, backups_folder, is_generation
from sheetfunnel.stores.excel.publishing.locks import lease, lease_file
from sheetfunnel.stores.excel.traces import holds
from sheetfunnel.stores.state import KEPT_HERE
from sheetfunnel.values import value

#: The names under which things of one workbook are kept, and of copies that a run left unfinished.
_KEY: Final = re.compile(r".{0,40}-[0-9a-f]{16}", re.DOTALL)
_UNFINISHED: Final = re.compile(r"copying-\w+\.tmp")


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
        folder = backups_folder(source, state)
        count = sum(_is_generation(path) for path in _remove(_kept_in(folder)))
        _remove_if_blank(folder)
        lease_file(source, state).unlink(missing_ok=True)
    return count


@value
class Everything:
    """What is kept on this machine: how many generations, in which folder.

    ``others`` are what stands in the folder and is none of ours.
    """

    folder: Path
    generations: int
    others: tuple[str, ...]


@value
class Besides:
    """The files in the state folder that others keep: generations, what else they noted, what is to stay."""

    generations: tuple[Path, ...]
    noted: tuple[Path, ...]
    staying: tuple[Path, ...]

    @property
    def removed(self) -> tuple[Path, ...]:
        """Those that are removed."""
        return (*self.generations, *self.noted)


def everything(state: Path, besides: Besides) -> Everything:
    """Return what is kept in the state folder; what does not bear a name that we give is not ours."""
    ours = set(_ours(state))
    among = {path for name in KEPT_HERE for path in (state / name).rglob("*") if not path.is_dir()}
    strange = among - ours - {*besides.removed, *besides.staying}
    others = [*(path for path in state.glob("*") if path.name not in KEPT_HERE), *strange]
    return Everything(
        folder=state,
        generations=sum(map(_is_generation, ours)) + len(besides.generations),
        others=tuple(sorted(str(path.relative_to(state)) for path in others)),
    )


def forget_everything(state: Path, besides: Besides) -> None:
    """Remove all that is kept in the state folder, and the folder if nothing else stands in it.

    Raises:
        Busy: a run is at work on some workbook.
        NoAccess: it cannot be removed.

    """
    with ExitStack() as held, _told(state):
        for lock in (state / "leases").glob("*.lock"):
            held.enter_context(_held(lock))
        _remove((*_ours(state), *besides.removed))
        for folder in (*(state / "backups").glob("*"), *(state / name for name in KEPT_HERE), state):
            _remove_if_blank(folder)


def _ours(state: Path) -> list[Path]:
    folders = [folder for folder in (state / "backups").glob("*") if _KEY.fullmatch(folder.name)]
    leases = [path for path in (state / "leases").glob("*.lock") if _KEY.fullmatch(path.stem)]
    return [*(path for folder in folders for path in _kept_in(folder)), *leases]


def _kept_in(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if _is_generation(path) or _UNFINISHED.fullmatch(path.name)]


def _is_generation(path: Path) -> bool:
    return is_generation(path) and path.parent.parent.name == "backups"


def _remove(paths: Iterable[Path]) -> list[Path]:
    removed = list(paths)
    for path in removed:
        path.unlink(missing_ok=True)
    return removed


def _remove_if_blank(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        folder.rmdir()


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
