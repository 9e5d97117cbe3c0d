"""The schedule taken away: out of the scheduler, and all that was kept of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sheetfunnel.errors import NoAccess
from sheetfunnel.schedule.installed import remove
from sheetfunnel.schedule.journal import forget
from sheetfunnel.schedule.run import LOCK, alone


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
