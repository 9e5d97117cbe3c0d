"""What this computer is called, and how often it syncs a workbook by itself."""

from __future__ import annotations

import platform
from pathlib import Path

from sheetfunnel.schedule.kept import FOLDER, RECORD
from sheetfunnel.workbook.timers import Computer


def this_computer(reference: str, *, state: Path) -> Computer:
    """Return this computer, with the step of its schedule if that has the workbook of a settled reference."""
    name = platform.node().partition(".")[0] or "localhost"
    if not _is_there(state / FOLDER / RECORD):
        return Computer(name=name, minutes=None)
    from sheetfunnel.schedule.installed import installed  # it brings every scheduler with it

    record = installed(state)
    scheduled = record is not None and reference in record.references
    return Computer(name=name, minutes=record.every.minutes if record and scheduled else None)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # it cannot be looked at: a sync does not end at that
        return False
