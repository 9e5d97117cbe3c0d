"""systemd: a timer and a service of the user's own, which run without anybody's password."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from platformdirs.unix import Unix

from sheetfunnel.schedule.job import JITTER, NAME, TITLE, Job, Unit, call, put, take_away, told
from sheetfunnel.schedule.timetable import Every

_HOUR: Final = 60
_CONTROL: Final = ("systemctl", "--user")

#: What comes last ends a run that its own deadline did not; a workbook that is open is nobody's failure.
_SERVICE: Final = """\
[Unit]
Description={title}

[Service]
Type=exec
ExecStart={command}
RuntimeMaxSec={limit}
SuccessExitStatus=75
Nice=10
"""
#: ``Persistent`` makes up for times at which the machine slept or was off, by one run.
_TIMER: Final = """\
[Unit]
Description={title}

[Timer]
OnCalendar={calendar}
Persistent=true
RandomizedDelaySec={jitter}
AccuracySec=1s

[Install]
WantedBy=timers.target
"""


class Systemd:
    """The systemd of this user."""

    name = "systemd"

    def is_here(self) -> bool:
        """Whether a systemd is at work for this user; in a container there is often none."""
        if not sys.platform.startswith("linux") or shutil.which(_CONTROL[0]) is None or not _has_home():
            return False
        return call((*_CONTROL, "show-environment")).returncode == 0

    def units(self, job: Job) -> tuple[Unit, ...]:
        """Return the service and its timer."""
        service = _SERVICE.format(
            title=TITLE,
            command=" ".join(map(_quoted, job.command)),
            limit=int((job.limit + JITTER).total_seconds()),
        )
        timer = _TIMER.format(title=TITLE, calendar=_calendar(job.every), jitter=int(JITTER.total_seconds()))
        return tuple(
            Unit(place=str(path), text=text) for path, text in zip(_files(), (service, timer), strict=True)
        )

    def files(self) -> tuple[Path, ...]:
        """Return the two units."""
        return _files() if _has_home() else ()

    def install(self, job: Job) -> None:
        """Write both units and start the timer, now and at every login."""
        for unit in self.units(job):
            put(unit)
        told((*_CONTROL, "daemon-reload"))
        told((*_CONTROL, "enable", "--now", f"{NAME}.timer"))

    def is_installed(self) -> bool:
        """Whether the timer waits for its next time."""
        return (
            _has_home()
            and _files()[1].exists()
            and call((*_CONTROL, "is-active", f"{NAME}.timer")).returncode == 0
        )

    def remove(self) -> None:
        """Stop the timer and remove both units, and what systemd kept of them."""
        if not any(path.exists() for path in self.files()):
            return
        here = self.is_here()
        if here:
            told((*_CONTROL, "disable", "--now", f"{NAME}.timer"))
        take_away((*_files(), _folder() / "timers.target.wants" / f"{NAME}.timer", _stamp()))
        if here:
            told((*_CONTROL, "daemon-reload"))
            call((*_CONTROL, "reset-failed", f"{NAME}.service"))  # refused where nothing failed


def _has_home() -> bool:
    """Whether this user has a folder for settings; in a container they may have none."""
    try:
        return _folder().is_absolute()
    except RuntimeError:
        return False


def _folder() -> Path:
    return Unix().user_config_path / "systemd" / "user"


def _files() -> tuple[Path, Path]:
    return _folder() / f"{NAME}.service", _folder() / f"{NAME}.timer"


def _stamp() -> Path:
    """Return the file in which systemd remembers when a persistent timer last ran."""
    return Unix().user_data_path / "systemd" / "timers" / f"stamp-{NAME}.timer"


def _calendar(step: Every) -> str:
    if step.minutes < _HOUR:
        return f"*-*-* *:0/{step.minutes}:00"
    return f"*-*-* 0/{step.minutes // _HOUR}:00:00"


def _quoted(word: str) -> str:
    """Return a word of a command line so that systemd takes it as it is."""
    for mark, escaped in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(mark, escaped)
    return f'"{word}"'
