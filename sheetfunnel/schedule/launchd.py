"""launchd: an agent of the user's own on macOS; what was missed in sleep is made up for by one run."""

from __future__ import annotations

import os
import plistlib
import sys
from pathlib import Path
from typing import Final

from sheetfunnel.schedule.job import NAME, Job, Unit, call, put, take_away, told

_LABEL: Final = f"{NAME}.sync"


class Launchd:
    """The launchd of this user."""

    name = "launchd"

    def is_here(self) -> bool:
        """Whether this is macOS."""
        return sys.platform == "darwin"

    def units(self, job: Job) -> tuple[Unit, ...]:
        """Return the property list of the agent; a run ends itself, as launchd has no limit for it."""
        agent = {
            "Label": _LABEL,
            "ProgramArguments": list(job.command),
            "StartCalendarInterval": [
                {"Minute": minute} if hour is None else {"Hour": hour, "Minute": minute}
                for hour, minute in job.every.times()
            ],
            "RunAtLoad": True,
            "ProcessType": "Background",
            "LowPriorityIO": True,
        }
        return (Unit(place=str(_file()), text=plistlib.dumps(agent, sort_keys=False).decode("utf-8")),)

    def files(self) -> tuple[Path, ...]:
        """Return the property list."""
        return (_file(),) if self.is_here() else ()

    def install(self, job: Job) -> None:
        """Write the agent and load it, in place of an earlier one."""
        call(("launchctl", "bootout", f"{_domain()}/{_LABEL}"))  # refused where none is loaded
        for unit in self.units(job):
            put(unit)
        told(("launchctl", "bootstrap", _domain(), str(_file())))

    def is_installed(self) -> bool:
        """Whether the agent is loaded."""
        return self.is_here() and call(("launchctl", "print", f"{_domain()}/{_LABEL}")).returncode == 0

    def remove(self) -> None:
        """Unload the agent and remove it."""
        if self.is_here():
            call(("launchctl", "bootout", f"{_domain()}/{_LABEL}"))  # refused where none is loaded
            take_away((_file(),))


def _file() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"


def _domain() -> str:
    return f"gui/{os.getuid()}"
