"""``sheetfunnel calendar``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from sheetfunnel.agenda.ics import Event, as_ics, events, sequences
from sheetfunnel.agenda.placing import Placed, placed
from sheetfunnel.agenda.remembered import remember, remembered
from sheetfunnel.agenda.times import USUAL, WorkingTimes, day_of_week, working_times, zone
from sheetfunnel.cli.options import File, Owner, Today
from sheetfunnel.cli.report import no_objectives
from sheetfunnel.cli.screen import day, line, progress, remark, safe
from sheetfunnel.cli.week import chosen
from sheetfunnel.cli.written import called, refuse_other_kinds, write_anew
from sheetfunnel.digest.contents import work_weeks
from sheetfunnel.digest.letter import WorkWeek
from sheetfunnel.digest.source import source_of
from sheetfunnel.errors import SheetfunnelError, WrongUsage
from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.practice import Work
from sheetfunnel.stores import open_workbook, private_folder, settled
from sheetfunnel.sync import read_workbook
from sheetfunnel.typed import as_typed
from sheetfunnel.workbook.labels import Labels, labels

_SATURDAY = 5
_HOUR = 60


def calendar(  # noqa: PLR0913 - each is an option that people type
    file: File,
    *,
    owner: Owner = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The file to write; by default a new name.")
    ] = None,
    times: Annotated[
        str, typer.Option("--times", metavar="TIMES", help='Working times: "mon-thu 9-13 15-18; fri 9-14".')
    ] = USUAL,
    exploring: Annotated[
        str | None,
        typer.Option("--exploring", metavar="DAY", help="Explore first thing on this day of the week."),
    ] = None,
    zone_name: Annotated[
        str | None,
        typer.Option("--zone", metavar="NAME", help="The time zone; by default that of this machine."),
    ] = None,
    full_names: Annotated[
        bool, typer.Option("--full-names", metavar="", help="Do not shorten the names of clients.")
    ] = False,
    today: Today = None,
) -> int:
    """Put the week's hours into your calendar: blocks in your working times, as an .ics file.

    On Saturday and Sunday it is the week to come. Make it anew when the hours change:
    your calendar then moves its blocks, and no block stands in it twice.

    Examples:
    [bold]sheetfunnel calendar sales.xlsx[/]
    [bold]sheetfunnel calendar sales.xlsx --owner Anna --exploring monday[/]
    [bold]sheetfunnel calendar sales.xlsx --times "mon-thu 9-14" --out week.ics[/]

    """
    spans, tz = working_times(times), zone(zone_name)
    first = None if exploring is None else _morning(exploring, spans)
    if out:
        refuse_other_kinds(out, ".ics")
    with progress(file) as say:
        reading = read_workbook(open_workbook(file, say=say), today=day(today), say=say)
    monday = _monday(reading.today)
    words = labels(reading.decoded.language)
    if not reading.decoded.rows:
        line(safe(no_objectives(file, reading, words)))
        return 0
    allocation = _one(chosen(reading, owner))
    place = settled(file).encode(errors="backslashreplace").decode()  # a name may hold what is no letter
    week = placed(_hours(allocation, file, words), spans, exploring=first)
    source = source_of(reading.decoded, reading.assessment, [allocation], full_names=full_names)
    made = events(
        week.blocks,
        monday=monday,
        whose=(place, allocation.owner),
        tz=tz,
        told=_told(work_weeks(source)),
    )
    whose = allocation.owner if len(reading.assessment.allocations) > 1 else ""
    target = out or _new_name(Path(called(file, words)).stem, whose, monday)
    _make(target, made, name=f"{place}|{allocation.owner}|{monday}", tz=tz)
    _tell(target, week, words)
    behind = sum(event.begin.date() < reading.today for event in made)
    if behind:
        remark(words.text("calendar.behind", count=behind))
    return 0


def _morning(exploring: str, spans: WorkingTimes) -> int:
    """Return the day on which exploring comes first thing.

    Raises:
        WrongUsage: it is no day, or none of the working times.

    """
    day_named = day_of_week(exploring)
    if day_named not in spans:
        raise WrongUsage(
            f"On “{exploring}” there is no working time, so exploring cannot come first then.",
            hint="Name another day, or working times on that one: --times.",
        )
    return day_named


def _make(target: Path, made: tuple[Event, ...], *, name: str, tz: ZoneInfo) -> None:
    """Write the file, and keep for the next time what it says of each entry."""
    state = private_folder()
    known = sequences(made, remembered(state, name))
    write_anew(target, as_ics(made, known, stamp=datetime.now(tz=UTC), tz=tz))
    remember(state, name, known)


def _monday(as_of: date) -> date:
    """Return the Monday of this week, or at the weekend of the next one."""
    ahead = 7 if as_of.weekday() >= _SATURDAY else 0
    return as_of - timedelta(days=as_of.weekday() - ahead)


def _one(allocations: Sequence[Allocation]) -> Allocation:
    if len(allocations) == 1:
        return allocations[0]
    names = ", ".join(allocation.owner for allocation in allocations if allocation.owner)
    raise WrongUsage("A calendar is one person's.", hint=f"Say whose with --owner: {names}.")


def _hours(allocation: Allocation, file: str, words: Labels) -> Mapping[Work, Decimal]:
    if allocation.hours is not None:
        return allocation.hours
    raise SheetfunnelError(
        f"The weekly selling hours of {allocation.owner or 'this workbook'} are not known.",
        hint=f"Write them on the tab “{words.text('tab.settings')}” of {as_typed(file)}, in the column "
        f"“{words.text('column.people.weekly_hours')}”; then try again.",
    )


def _told(works: Sequence[WorkWeek]) -> Mapping[Work, tuple[str, str]]:
    return {work.work: (work.title, _listed(work)) for work in works}


def _listed(work: WorkWeek) -> str:
    """Return what comes first of a kind of work, a line each."""
    lines = [
        f"{number}. {item.name}: {item.do_next}" if item.do_next else f"{number}. {item.name}"
        for number, item in enumerate(work.items, start=1)
    ]
    return "\n".join((*lines, *((work.more,) if work.more else ())))


def _new_name(book: str, whose: str, monday: date) -> Path:
    """Return a name of its own for each workbook, week, and (where there are several) person."""
    week = monday.isocalendar()
    parts = (book, "-".join(re.findall(r"\w+", whose)), f"{week.year}-W{week.week:02}.ics")
    return Path("-".join(filter(None, parts)))


def _tell(target: Path, week: Placed, words: Labels) -> None:
    hours = Decimal(sum(block.span.minutes for block in week.blocks)) / _HOUR
    told = words.text("calendar.made", count=len(week.blocks), hours=hours, file=str(target))
    line(safe(told), hang=2)
    for work, minutes in week.left_over.items():
        if minutes:
            left = words.text("calendar.left_over", hours=Decimal(minutes) / _HOUR, work=work)
            remark(left)
