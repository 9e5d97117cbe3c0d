"""How the schedule is told, and afterwards the runs that nobody watched: by exit code and counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sheetfunnel.cli.screen import line, safe
from sheetfunnel.errors import ExitCode
from sheetfunnel.schedule.installed import Installed
from sheetfunnel.schedule.journal import Ran
from sheetfunnel.typed import as_typed
from sheetfunnel.workbook.labels import Labels


def ran_told(ran: Ran, words: Labels) -> str:
    """Return how a run ended on a workbook, and what to do next."""
    if ran.done:
        counts = {key: ran.counts.get(key, 0) for key in ("changed_rows", "problems")}
        return words.text("cli.run.0", count=ran.counts.get("rows", 0), **counts)
    label = f"cli.run.{ran.exit_code}"
    if label not in words.texts:
        label = f"cli.run.{int(ExitCode.FAULT)}"
    return words.text(label, file=as_typed(ran.reference))


def next_run(record: Installed) -> datetime:
    """Return when the next run is, with the offset from UTC."""
    # through a moment: a time that the clock on the wall leaves out in spring is the one an hour later
    wall = record.every.after(datetime.now())  # noqa: DTZ005 - the clock on the wall
    return datetime.fromtimestamp(wall.timestamp()).astimezone()


def shown_moment(moment: datetime) -> str:
    """Return a moment as people read it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def schedule_as_json(record: Installed | None, *, at_work: bool) -> dict[str, Any]:
    """Return what a script may want to know of the schedule."""
    if record is None:
        return {"installed": False}
    return {
        "installed": True,
        "at_work": at_work,
        "scheduler": record.scheduler,
        "every_minutes": record.every.minutes,
        "installed_at": record.at,
        "installed_by": record.by,
        "next_run": next_run(record).isoformat(timespec="seconds") if at_work else None,
        "workbooks": list(record.references),
    }


def print_schedule(record: Installed, words: Labels, *, at_work: bool) -> None:
    """Print what is installed, by whom, and when the next run is."""
    told = {"every": str(record.every), "scheduler": record.scheduler, "by": record.by}
    told |= {"at": shown_moment(datetime.fromisoformat(record.at))}
    line(safe(words.text("cli.schedule.record", count=len(record.references), **told)), hang=2)
    for reference in record.references:
        line(safe(reference), indent=2, hang=2)
    print_next(record, words, at_work=at_work)


def print_next(record: Installed, words: Labels, *, at_work: bool) -> None:
    """Print when the next run is, or that the scheduler has lost the job."""
    if at_work:
        line(safe(words.text("cli.schedule.next", moment=shown_moment(next_run(record)))), hang=2)
        return
    files = " ".join(map(as_typed, record.references))
    line(safe(words.text("cli.schedule.lost", scheduler=record.scheduler, files=files)), hang=2)
