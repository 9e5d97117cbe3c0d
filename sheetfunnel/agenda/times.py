"""When a person works: spans of the clock on the wall for each day of the week, and in which zone."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sheetfunnel.errors import SheetfunnelError, WrongUsage
from sheetfunnel.funnel.text import fold

#: Monday is 0, as in the library's dates; Spanish days are known by their first three letters too.
_DAYS: Final[Mapping[str, int]] = {
    name: number
    for names in ("mon tue wed thu fri sat sun", "lun mar mie jue vie sab dom")
    for number, name in enumerate(names.split())
}
USUAL: Final = "mon-fri 9-13 15-18"

_HOURS: Final = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?")
_MIDNIGHT: Final = 24 * 60
_HOUR: Final = 60
_STEP: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A part of a day, in minutes since midnight."""

    begin: int
    end: int

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.end - self.begin


WorkingTimes = Mapping[int, tuple[Span, ...]]


def working_times(text: str) -> WorkingTimes:
    """Return the working times that a person typed, such as ``mon-thu 9-13 15-18; fri 9-14``.

    Raises:
        WrongUsage: they cannot be read, or overlap.

    """
    times: dict[int, tuple[Span, ...]] = {}
    for part in filter(str.strip, re.split(r"[;,]", text)):
        days, *hours = part.split()
        spans = tuple(sorted(_span(each) for each in hours))
        if not spans or any(after.begin < before.end for before, after in pairwise(spans)):
            raise _unread(part.strip())
        times |= dict.fromkeys(_days(days), spans)
    if not times:
        raise _unread(text)
    return dict(sorted(times.items()))


def day_of_week(text: str) -> int:
    """Return the number of a day of the week, Monday being 0.

    Raises:
        WrongUsage: there is no such day.

    """
    number = _DAYS.get(fold(text)[:3])
    if number is None:
        raise WrongUsage(f"“{text}” is no day of the week.", hint="Write it as: --exploring monday")
    return number


def _days(text: str) -> range:
    first, _, last = text.partition("-")
    begin = day_of_week(first)
    end = day_of_week(last) if last else begin
    if end < begin:
        raise _unread(text)
    return range(begin, end + 1)


def _span(text: str) -> Span:
    match = _HOURS.fullmatch(text)
    if match:
        hour, minute, end_hour, end_minute = (int(part or 0) for part in match.groups())
        span = Span(begin=hour * _HOUR + minute, end=end_hour * _HOUR + end_minute)
        whole = span.begin % _STEP == span.end % _STEP == 0 and max(minute, end_minute) < _HOUR
        if whole and span.begin < span.end <= _MIDNIGHT:
            return span
    raise _unread(text)


def _unread(text: str) -> WrongUsage:
    return WrongUsage(
        f"“{text}” are no working times.",
        hint=f'Write days and hours in quarters, as in: --times "{USUAL}" or "mon-thu 9-13; fri 9:30-12".',
    )


def clock(minutes: int) -> time:
    """Return minutes since midnight as the clock shows them."""
    return time(minutes // _HOUR, minutes % _HOUR)


def zone(name: str | None) -> ZoneInfo:
    """Return the time zone of this name, else that of the machine.

    Raises:
        WrongUsage: there is no such zone.
        SheetfunnelError: the machine does not say which is its own.

    """
    wanted = name or _of_the_machine()
    if not wanted:
        raise SheetfunnelError(
            "This machine does not say in which time zone it is.", hint="Name it: --zone Europe/Madrid"
        )
    try:
        return ZoneInfo(wanted)
    except (ValueError, OSError, KeyError) as error:
        raise WrongUsage(
            f"There is no time zone “{wanted}”.", hint="Name one such as --zone Europe/Madrid"
        ) from error


def _of_the_machine() -> str:
    """Return the name of the machine's zone, as far as its files tell it."""
    if named := os.environ.get("TZ", "").removeprefix(":"):
        return named
    local = Path("/etc/localtime")
    if local.is_symlink():
        _, mark, found = str(local.resolve()).partition("zoneinfo/")
        if mark:
            return found.removeprefix("posix/").removeprefix("right/")
    written = Path("/etc/timezone")
    return written.read_text(encoding="ascii", errors="ignore").strip() if written.is_file() else ""
