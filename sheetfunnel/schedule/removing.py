"""The schedule taken away: out of the scheduler, and all that was kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sheetfunnel.errors import NoAccess
from sheetfunnel.schedule.installed import installed, record_of, remove
from sheetfunnel.schedule.journal import files, forget
from sheetfunnel.schedule.run import LOCK, alone
from sheetfunnel.values import value


def remove_all(state: Path) -> list[str]:
    """Take the job out of every scheduler, and remove its record, its log and its folder; return the names.

    Raises:
        Busy: a run is at work.
        SheetfunnelError: a scheduler refused.
        NoAccess: something cannot be removed.

    """
    folder = state / "schedule"
    if not folder.is_dir():
        return remove(state)
    with alone(state):
        names = remove(state)
        try:
            forget(state)
        except OSError as error:
            raise NoAccess(
                f"The log in “{folder}” cannot be removed ({error.strerror}).", hint="Remove it by hand."
            ) from error
    with suppress(OSError):  # what a person put there stays, and the folder with it
        (folder / LOCK).unlink(missing_ok=True)
        folder.rmdir()
    return names


@value
class Kept:
    """The files of the schedule: what was noted of runs, and the record of an installed job, if any."""

    of_runs: tuple[Path, ...]
    of_the_job: tuple[Path, ...]


@contextmanager
def kept(state: Path) -> Iterator[Kept]:
    """Keep scheduled runs away, and yield what is kept of the schedule in the private folder.

    Without its record a job could not be told from another's; the record goes with the job alone.

    Raises:
        Busy: a run is at work.
        NoAccess: the folder cannot be written.

    """
    folder = state / "schedule"
    if not folder.is_dir():
        yield Kept(of_runs=(), of_the_job=())
        return
    with alone(state):
        of_runs = (*files(state), *folder.glob("*.tmp"), folder / LOCK)
        record = (record_of(state),)
        there = installed(state) is not None
        yield Kept(of_runs=of_runs if there else (*of_runs, *record), of_the_job=record if there else ())
