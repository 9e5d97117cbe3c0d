"""The Task Scheduler of Windows: a task of the user's own, which runs while they are logged in."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from sheetfunnel.schedule.job import JITTER, NAME, TITLE, Job, Unit, call, put, take_away, told

_SPACE: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"

#: Any midnight that has passed: the runs are counted from it.
_SINCE: Final = "2020-01-01T00:00:00"

#: ``StartWhenAvailable`` makes up for times at which the machine was off.
_SETTINGS: Final = (
    ("MultipleInstancesPolicy", "IgnoreNew"),
    ("DisallowStartIfOnBatteries", "false"),
    ("StopIfGoingOnBatteries", "false"),
    ("StartWhenAvailable", "true"),
    ("Priority", "7"),
)


class Windows:
    """The Task Scheduler for this user."""

    name = "windows"

    def is_here(self) -> bool:
        """Whether this is Windows."""
        return sys.platform == "win32"

    def units(self, job: Job) -> tuple[Unit, ...]:
        """Return the task as XML, which ``schtasks`` wants in UTF-16."""
        text = ET.tostring(_task(job), encoding="unicode")
        return (Unit(place=rf"\{NAME}", text=f'<?xml version="1.0" encoding="UTF-16"?>\n{text}\n'),)

    def files(self) -> tuple[Path, ...]:
        """Return nothing: the task stands in the scheduler itself."""
        return ()

    def install(self, job: Job) -> None:
        """Hand the task to the scheduler, in place of an earlier one."""
        (task,) = self.units(job)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "task.xml"
            put(Unit(place=str(file), text=task.text), encoding="utf-16")
            told(("schtasks", "/Create", "/TN", NAME, "/XML", str(file), "/F"))
            take_away((file,))

    def is_installed(self) -> bool:
        """Whether the task is there."""
        return self.is_here() and call(("schtasks", "/Query", "/TN", NAME)).returncode == 0

    def remove(self) -> None:
        """Delete the task."""
        if self.is_installed():
            told(("schtasks", "/Delete", "/TN", NAME, "/F"))


def _task(job: Job) -> ET.Element:
    ET.register_namespace("", _SPACE)
    task = ET.Element(f"{{{_SPACE}}}Task", version="1.2")
    _add(_add(task, "RegistrationInfo"), "Description", TITLE)
    trigger = _add(_add(task, "Triggers"), "TimeTrigger")
    _add(trigger, "Enabled", "true")
    _add(trigger, "StartBoundary", _SINCE)
    _add(_add(trigger, "Repetition"), "Interval", _duration(timedelta(minutes=job.every.minutes)))
    _add(trigger, "RandomDelay", _duration(JITTER))
    principal = _add(_add(task, "Principals"), "Principal")
    principal.set("id", "Author")
    _add(principal, "LogonType", "InteractiveToken")
    _add(principal, "RunLevel", "LeastPrivilege")
    settings = _add(task, "Settings")
    for name, value in (*_SETTINGS, ("ExecutionTimeLimit", _duration(job.limit + JITTER))):
        _add(settings, name, value)
    actions = _add(task, "Actions")
    actions.set("Context", "Author")
    action = _add(actions, "Exec")
    program, *words = job.command
    _add(action, "Command", _without_window(program))
    _add(action, "Arguments", subprocess.list2cmdline(words))
    return task


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_SPACE}}}{name}")
    child.text = text
    return child


def _duration(length: timedelta) -> str:
    return f"PT{int(length.total_seconds())}S"


def _without_window(program: str) -> str:
    """Return the interpreter that opens no window at every run, where it stands beside the other."""
    silent = Path(program).with_name("pythonw.exe")
    return str(silent) if silent.exists() else program
