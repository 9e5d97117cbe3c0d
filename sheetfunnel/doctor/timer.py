"""Looks at the schedule: is it there, can it run, does it, can it say so."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from sheetfunnel.doctor.look import Answer, Here, amiss, well
from sheetfunnel.schedule.cron import Cron, daemon_is_missing
from sheetfunnel.schedule.journal import LOG, latest
from sheetfunnel.schedule.schedulers import named

#: A schedule that has synced nothing for so many steps, and for a day, is not at work.
_STEPS = 3
_DAY = timedelta(days=1)


def scheduled(here: Here) -> Answer:
    """Look whether the scheduler still has the job."""
    schedule = here.schedule
    if schedule is None:
        return well("schedule.none")
    if not named(schedule.scheduler).is_installed():
        return amiss("schedule.lost", scheduler=schedule.scheduler)
    return well("schedule", count=len(schedule.references), every=str(schedule.every), by=schedule.scheduler)


def daemon(here: Here) -> Answer | None:
    """Look whether anybody reads the crontab."""
    if here.schedule is None or here.schedule.scheduler != Cron.name:
        return None
    return amiss("daemon.missing") if daemon_is_missing() else well("daemon")


def interpreter(here: Here) -> Answer | None:
    """Look whether the program that the schedule calls is still there."""
    if here.schedule is None:
        return None
    if not os.access(here.schedule.interpreter, os.X_OK):
        return amiss("interpreter.gone", file=here.schedule.interpreter)
    return well("interpreter", file=here.schedule.interpreter)


def recent(here: Here) -> Answer | None:
    """Look when the schedule last synced each workbook."""
    if here.schedule is None:
        return None
    now, known = datetime.now().astimezone(), latest(here.state)
    longest = max(_DAY, _STEPS * timedelta(minutes=here.schedule.every.minutes))
    begun = datetime.fromisoformat(here.schedule.at)
    waiting = 0
    for reference in here.schedule.references:
        found = known.get(reference)
        waiting += not (found and found.succeeded)
        moment = datetime.fromisoformat(found.succeeded) if found and found.succeeded else begun
        if moment > now:
            return amiss("recent.future", file=reference, day=moment.date())
        if now - moment > longest:
            return amiss("recent.old", file=reference, day=moment.date())
    return well("recent.waiting", count=waiting) if waiting else well("recent")


def log(here: Here) -> Answer | None:
    """Look whether the log can be written."""
    folder = here.state / "schedule"
    if not folder.is_dir():
        return None
    file = folder / LOG
    try:
        _try(file)
    except OSError as error:
        return amiss("log.closed", file=str(file), reason=str(error.strerror))
    return well("log", file=str(file))


def _try(file: Path) -> None:
    """Write some bytes beside the log, and remove them; a full disk takes none."""
    trial = file.with_name("trial.tmp")
    try:
        trial.write_bytes(b"can this be written" * 250)
    finally:
        trial.unlink(missing_ok=True)
