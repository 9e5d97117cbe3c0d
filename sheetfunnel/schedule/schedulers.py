"""The schedulers that there are, in the order in which they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sheetfunnel.errors import SheetfunnelError, WrongUsage
from sheetfunnel.schedule.cron import Cron
from sheetfunnel.schedule.job import Scheduler
from sheetfunnel.schedule.launchd import Launchd
from sheetfunnel.schedule.systemd import Systemd
from sheetfunnel.schedule.windows import Windows

SCHEDULERS: Final[Sequence[Scheduler]] = (Systemd(), Launchd(), Windows(), Cron())


def named(name: str) -> Scheduler:
    """Return the scheduler of this name.

    Raises:
        WrongUsage: there is none.

    """
    for scheduler in SCHEDULERS:
        if scheduler.name == name.strip().lower():
            return scheduler
    names = ", ".join(scheduler.name for scheduler in SCHEDULERS)
    raise WrongUsage(f"There is no scheduler “{name}”.", hint=f"Name one of these: {names}.")


def of_this_machine() -> Scheduler:
    """Return the best scheduler that this machine has.

    Raises:
        SheetfunnelError: it has none.

    """
    for scheduler in SCHEDULERS:
        if scheduler.is_here():
            return scheduler
    raise SheetfunnelError(
        "This machine has no scheduler that sheetfunnel knows: no systemd at work for this user, no cron.",
        hint="Install cron, or leave `sheetfunnel watch FILE` running.",
    )
