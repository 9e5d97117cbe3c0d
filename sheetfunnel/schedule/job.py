"""What a scheduler is told, and what it answers: one job, the same for every operating system."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.schedule.timetable import Every
from sheetfunnel.values import value

#: The name of the job in every scheduler, by which it is found again and removed.
NAME: Final = "sheetfunnel"
TITLE: Final = "Sync the sales workbooks (sheetfunnel)"

#: How far runs are spread, so that many machines do not begin in the same second.
JITTER: Final = timedelta(seconds=30)

#: Seconds: a scheduler that does not answer in this time is broken.
PATIENCE: Final = 60


@value
class Job:
    """What is to be run and when: ``command`` begins with an absolute path; ``limit`` ends a run."""

    command: tuple[str, ...]
    every: Every
    limit: timedelta


@value
class Unit:
    """A text that a scheduler reads: the file that holds it, or what else it is called."""

    place: str
    text: str


class Scheduler(Protocol):
    """One operating system's scheduler.

    Promises: ``install`` replaces what an earlier one left; ``remove`` leaves nothing of ours, does no harm
    where nothing is, and touches nothing of anybody else.
    """

    name: str

    def is_here(self) -> bool:
        """Whether this machine has it, at work for this user."""
        ...

    def units(self, job: Job) -> tuple[Unit, ...]:
        """Return what ``install`` would write."""
        ...

    def files(self) -> tuple[Path, ...]:
        """Return the files that ``install`` leaves on the disk, whether or not they are there."""
        ...

    def install(self, job: Job) -> None:
        """Put the job into the scheduler.

        Raises:
            SheetfunnelError: it was refused.

        """
        ...

    def is_installed(self) -> bool:
        """Whether the job stands in the scheduler."""
        ...

    def remove(self) -> None:
        """Take the job out of the scheduler.

        Raises:
            SheetfunnelError: it was refused.

        """
        ...


def call(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command of a scheduler and return how it ended; one that is not there ends with 127."""
    try:
        return subprocess.run(  # noqa: S603 - the commands are those of the schedulers, and ours
            list(command), capture_output=True, text=True, errors="replace", check=False, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(list(command), 127, "", str(error))


def told(command: Sequence[str]) -> None:
    """Run a command of a scheduler that has to succeed.

    Raises:
        SheetfunnelError: it did not.

    """
    ended = call(command)
    if ended.returncode:
        said = " ".join((ended.stderr or ended.stdout).split())
        raise SheetfunnelError(
            f"“{' '.join(command[:3])}” was refused by this machine: {said or ended.returncode}.",
            hint="Mend that and install again, or name another scheduler: sheetfunnel schedule install "
            "FILE --with cron.",
        )


def put(unit: Unit, *, encoding: str = "utf-8") -> None:
    """Write the file of a unit, its folder made if need be.

    Raises:
        SheetfunnelError: it cannot be written.

    """
    path = Path(unit.place)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(unit.text, encoding=encoding, newline="")
    except OSError as error:
        raise SheetfunnelError(
            f"“{path}” cannot be written ({error.strerror}).",
            hint="Give this user the right to write there, or make room on that disk.",
        ) from error


def take_away(paths: Sequence[Path]) -> None:
    """Remove the files of a job, those that are there.

    Raises:
        SheetfunnelError: one cannot be removed.

    """
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise SheetfunnelError(
                f"“{path}” cannot be removed ({error.strerror}).", hint="Remove it by hand, then try again."
            ) from error
