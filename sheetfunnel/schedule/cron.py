"""cron, the last resort: it makes up for nothing that was missed, and knows no limit."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.schedule.job import NAME, PATIENCE, Job, Unit
from sheetfunnel.schedule.timetable import Every

_HOUR: Final = 60
_OURS: Final = f"# {NAME}"

#: What the processes are called that read crontabs.
_DAEMONS: Final = frozenset({"cron", "crond", "fcron", "dcron"})

_LIST: Final = ("crontab", "-l")

#: What a run has to say stands in its log; cron would send it by mail, every quarter of an hour.
_SILENT: Final = ">/dev/null 2>&1"


class Cron:
    """The crontab of this user; every line but our own stays as it is, to the byte."""

    name = "cron"

    def is_here(self) -> bool:
        """Whether there is a crontab program."""
        return shutil.which("crontab") is not None

    def units(self, job: Job) -> tuple[Unit, ...]:
        """Return the line of the crontab."""
        return (Unit(place="crontab", text=f"{_line(job)}\n"),)

    def files(self) -> tuple[Path, ...]:
        """Return nothing: the line stands in the crontab."""
        return ()

    def install(self, job: Job) -> None:
        """Put the line into the crontab, in place of an earlier one."""
        _, others = _parted()
        if others and not others[-1].endswith("\n"):
            others[-1] += "\n"
        _write("".join((*others, f"{_line(job)}\n")))

    def is_installed(self) -> bool:
        """Whether the line stands in the crontab."""
        return self.is_here() and bool(_parted()[0])

    def remove(self) -> None:
        """Take the line out of the crontab; one that is empty then is none."""
        if self.is_installed():
            _write("".join(_parted()[1]))


def daemon_is_missing() -> bool:
    """Whether no cron is at work on this machine, so that its crontabs are read by nobody.

    Where processes are not listed as Linux does, it is not known, and taken to be there.
    """
    names = {_name_of(process) for process in Path("/proc").glob("[0-9]*")}
    return bool(names) and not names & _DAEMONS


def _name_of(process: Path) -> str:
    with suppress(OSError):  # it ended meanwhile
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    return ""


def _parted() -> tuple[list[str], list[str]]:
    """Return our lines of the crontab, and those of others."""
    lines = _read().splitlines(keepends=True)
    ours = [line for line in lines if line.rstrip().endswith(_OURS)]
    return ours, [line for line in lines if line not in ours]


def _read() -> str:
    """Return the crontab, in which any byte may stand; there is none, where crontab says so.

    Raises:
        SheetfunnelError: it did not answer, so that what stands there would be lost by writing.

    """
    try:
        ended = subprocess.run(_LIST, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SheetfunnelError(
            f"The crontab of this user cannot be read ({type(error).__name__}); nothing was changed.",
            hint="Look whether `crontab -l` ends in a terminal; `sheetfunnel watch FILE` needs no cron.",
        ) from error
    return ended.stdout.decode("utf-8", "surrogateescape")


def _write(text: str) -> None:
    # The library below writes a crontab too, but anew: it moves settings and puts out lines that it cannot
    # read. Those are other people's.
    command = ["crontab", "-"] if text else ["crontab", "-r"]
    written = text.encode("utf-8", "surrogateescape")
    ended = subprocess.run(command, input=written, capture_output=True, check=False)  # noqa: S603
    if ended.returncode:
        said = " ".join(ended.stderr.decode("utf-8", "replace").split())
        raise SheetfunnelError(
            f"The crontab of this user cannot be changed: {said}.",
            hint="Ask who looks after this machine whether you may use cron; `sheetfunnel watch FILE` needs "
            "none.",
        )


def _line(job: Job) -> str:
    """Return the line; the library escapes what cron would take for the end of it."""
    from crontab import CronItem

    item = CronItem(f"{shlex.join(job.command)} {_SILENT}", comment=NAME)
    item.setall(_slices(job.every))
    return str(item.render())


def _slices(step: Every) -> str:
    if step.minutes < _HOUR:
        return f"*/{step.minutes} * * * *"
    return f"0 */{step.minutes // _HOUR} * * *"
