"""What was put into which scheduler: kept in the state folder, so that it is removed without a rest."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.schedule.job import Job, Scheduler
from sheetfunnel.schedule.kept import FOLDER, RECORD, read_kept, schedule_folder, write_kept
from sheetfunnel.schedule.schedulers import SCHEDULERS
from sheetfunnel.schedule.timetable import Every
from sheetfunnel.values import value


@value
class Installed:
    """The schedule as it was installed: ``at`` is a moment in ISO form, with its offset from UTC."""

    scheduler: str
    references: tuple[str, ...]
    every: Every
    interpreter: str
    at: str
    by: str


def installed(state: Path) -> Installed | None:
    """Return what is installed; nothing if nothing is."""
    kept = read_kept(record_of(state))
    try:
        return Installed(
            scheduler=str(kept["scheduler"]),
            references=tuple(map(str, kept["workbooks"])),
            every=Every(minutes=int(kept["minutes"])),
            interpreter=str(kept["interpreter"]),
            at=str(kept["at"]),
            by=str(kept["by"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def install(scheduler: Scheduler, job: Job, record: Installed, *, state: Path) -> None:
    """Put a job into a scheduler, in place of what was installed in any.

    The record is written first, so that a run that comes at once finds it. What stood in another scheduler
    goes last: until then it is at work, and where this one refuses it stays so.

    Raises:
        SheetfunnelError: a scheduler refused, or the record cannot be written.

    """
    before = installed(state)
    schedule_folder(state)
    _keep(record, state)
    try:
        scheduler.install(job)
    except SheetfunnelError:
        if before is None or before.scheduler != scheduler.name:
            _take_back(scheduler)
        _restore(before, state)
        raise
    _remove_from(each for each in SCHEDULERS if each is not scheduler)


def _keep(record: Installed, state: Path) -> None:
    kept = {
        "scheduler": record.scheduler,
        "workbooks": list(record.references),
        "minutes": record.every.minutes,
        "interpreter": record.interpreter,
        "at": record.at,
        "by": record.by,
    }
    try:
        write_kept(record_of(state), kept)
    except OSError as error:
        raise SheetfunnelError(
            f"“{record_of(state)}” cannot be written ({error.strerror}); nothing was installed or changed.",
            hint="Make room on that disk, or name another folder in the environment variable "
            "SHEETFUNNEL_STATE.",
        ) from error


def _take_back(scheduler: Scheduler) -> None:
    """Leave nothing in a scheduler that refused the job."""
    with suppress(SheetfunnelError):
        scheduler.remove()
    for path in scheduler.files():
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _restore(before: Installed | None, state: Path) -> None:
    """Let the record say again what was installed before."""
    if before:
        _keep(before, state)
    else:
        record_of(state).unlink(missing_ok=True)


def remove(state: Path) -> list[str]:
    """Take the job out of every scheduler that has it; return their names.

    Raises:
        SheetfunnelError: a scheduler refused.

    """
    names = _remove_from(SCHEDULERS)
    try:
        record_of(state).unlink(missing_ok=True)
    except OSError as error:
        raise SheetfunnelError(
            f"“{record_of(state)}” cannot be removed ({error.strerror}).", hint="Remove it by hand."
        ) from error
    return names


def _remove_from(schedulers: Iterable[Scheduler]) -> list[str]:
    found = [each for each in schedulers if _left_in(each)]
    for scheduler in found:
        scheduler.remove()
    return [scheduler.name for scheduler in found]


def _left_in(scheduler: Scheduler) -> bool:
    """Whether a scheduler has anything of the job: a file of a unit that is not at work counts too."""
    return scheduler.is_installed() or any(path.exists() for path in scheduler.files())


def record_of(state: Path) -> Path:
    """Return the file in which it is kept what is installed, whether or not it is there."""
    return state / FOLDER / RECORD
