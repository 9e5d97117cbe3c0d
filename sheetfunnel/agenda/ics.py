"""A week as an iCalendar file (RFC 5545), with its time zone, so that every program shows the same hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sheetfunnel import __version__
from sheetfunnel.agenda.placing import Block
from sheetfunnel.agenda.times import clock
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value

if TYPE_CHECKING:
    import icalendar


@value
class Event:
    """An entry of the calendar: ``uid`` is the same at every making, so that a calendar changes it."""

    uid: str
    begin: datetime
    end: datetime
    title: str
    text: str

    @property
    def mark(self) -> str:
        """What tells whether anything of it changed."""
        return str(uuid5(NAMESPACE_URL, "|".join((f"{self.begin}", f"{self.end}", self.title, self.text))))


@value
class Known:
    """What was last said of an event: how often it changed, its mark, and its first moment."""

    sequence: int
    mark: str
    begin: str
    end: str
    cancelled: bool = False


def events(
    blocks: tuple[Block, ...],
    *,
    monday: date,
    whose: tuple[str, str],
    tz: ZoneInfo,
    told: Mapping[Work, tuple[str, str]],
) -> tuple[Event, ...]:
    """Return the entries of a week; ``whose`` is the workbook and the owner, ``told`` title and text."""
    made: list[Event] = []
    number: Counter[Work] = Counter()
    week = monday.isocalendar()
    for block in blocks:
        number[block.work] += 1
        reference, owner = whose
        name = f"{reference}|{fold(owner)}|{week.year}-{week.week}|{block.work.value}|{number[block.work]}"
        day = monday + timedelta(days=block.day)
        title, text = told[block.work]
        made.append(
            Event(
                uid=f"{uuid5(NAMESPACE_URL, name)}@sheetfunnel",
                begin=datetime.combine(day, clock(block.span.begin), tz),
                end=datetime.combine(day, clock(block.span.end), tz),
                title=title,
                text=text,
            )
        )
    return tuple(made)


def sequences(made: tuple[Event, ...], before: Mapping[str, Known]) -> dict[str, Known]:
    """Return what is now to be said of each event: one that changed, or is gone, has a number more."""
    now: dict[str, Known] = {}
    for event in made:
        old = before.get(event.uid)
        same = old is not None and old.mark == event.mark and not old.cancelled
        sequence = 0 if old is None else old.sequence + (not same)
        now[event.uid] = Known(
            sequence=sequence, mark=event.mark, begin=event.begin.isoformat(), end=event.end.isoformat()
        )
    for uid, old in before.items():
        if uid not in now:
            sequence = old.sequence + (not old.cancelled)
            now[uid] = Known(sequence=sequence, mark=old.mark, begin=old.begin, end=old.end, cancelled=True)
    return now


def as_ics(made: tuple[Event, ...], known: Mapping[str, Known], *, stamp: datetime, tz: ZoneInfo) -> bytes:
    """Return the file; what is known and not made any more is told as cancelled."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//sheetfunnel//{__version__}//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in made:
        calendar.add_component(_entry(event, known[event.uid], stamp))
    for uid, old in known.items():
        if old.cancelled:
            begin, end = (datetime.fromisoformat(text).astimezone(tz) for text in (old.begin, old.end))
            gone = Event(uid=uid, begin=begin, end=end, title="-", text="")
            calendar.add_component(_entry(gone, old, stamp))
    year = min((event.begin.year for event in made), default=stamp.year)
    calendar.add_missing_timezones(first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    return bytes(calendar.to_ical())


def _entry(event: Event, known: Known, stamp: datetime) -> icalendar.Event:
    import icalendar

    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("dtstamp", stamp)
    entry.add("dtstart", event.begin)
    entry.add("dtend", event.end)
    entry.add("summary", event.title)
    entry.add("sequence", known.sequence)
    entry.add("status", "CANCELLED" if known.cancelled else "CONFIRMED")
    if event.text:
        entry.add("description", event.text)
    return entry
