"""What was put into which scheduler: kept in the state folder, so that it is removed without a rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.schedule.job import Job, Scheduler
from sheetfunnel.schedule.kept import read_kept, schedule_folder, write_kept
from sheetfunnel.schedule.schedulers import SCHEDULERS
from sheetfunnel.schedule.timetable import Every

_FILE: Final = "installed.json"


@dataclass(frozen=True, slots=True, kw_only=True)
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

    The record is written first: what a run that died left in a scheduler is found by it, and removed.

    Raises:
        SheetfunnelError: a scheduler refused, or the record cannot be written.

    """
    remove(state, besides=scheduler)
    schedule_folder(state)
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
            f"“{record_of(state)}” cannot be written ({error.strerror}); nothing was installed.",
            hint="Make room on that disk, or name another folder in the environment variable "
            "SHEETFUNNEL_STATE.",
        ) from error
    scheduler.install(job)


def remove(state: Path, *, besides: Scheduler | None = None) -> list[str]:
    """Take the job out of every scheduler that has it, but for one; return their names.

    Raises:
        SheetfunnelError: a scheduler refused.

    """
    found = [each for each in SCHEDULERS if each is not besides and _left_in(each)]
    for scheduler in found:
        scheduler.remove()
    try:
        record_of(state).unlink(missing_ok=True)
    except OSError as error:
        raise SheetfunnelError(
            f"“{record_of(state)}” cannot be removed ({error.strerror}).", hint="Remove it by hand."
        ) from error
    return [scheduler.name for scheduler in found]


def _left_in(scheduler: Scheduler) -> bool:
    """Whether a scheduler has anything of the job: a file of a unit that is not at work counts too."""
    return scheduler.is_installed() or any(path.exists() for path in scheduler.files())


def record_of(state: Path) -> Path:
    """Return the file in which it is kept what is installed, whether or not it is there."""
    return state / "schedule" / _FILE
