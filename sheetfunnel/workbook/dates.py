"""Dates as people write them; whether the day or the month comes first is decided by the whole column.

A text has one reading for each order in which it is a day of the calendar. 31/12/2024 has one, 5/5/2024 two
that agree, 3/4/2024 two that differ: only the last needs an order, and without one it is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Final

from sheetfunnel.findings import Code
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.unread import Unread, unread
from sheetfunnel.workbook.words import months, plain


class DateOrder(Enum):
    """What a column's dates begin with; ``MIXED``: some can only be day first, others only month first."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    MIXED = "mixed"


@value
class Readings:
    """The days that a text may mean. Both are ``None`` where it names a day that does not exist."""

    day_first: date | None
    month_first: date | None

    @property
    def only_order(self) -> DateOrder | None:
        """The order in which alone the text is a date, if there is one such order."""
        if (self.day_first is None) == (self.month_first is None):
            return None
        return DateOrder.MONTH_FIRST if self.day_first is None else DateOrder.DAY_FIRST


#: Two-digit years from here on are of the 1900s, those before are of the 2000s.
_PIVOT: Final = 69
_LONGEST: Final = 60

_YEAR = r"(?P<year>19\d\d|2\d\d\d|\d\d)"
_FULL_YEAR = r"(?P<year>19\d\d|2\d\d\d)"
_TIME = re.compile(
    r"(?:\s*T\s*|,?\s+)\d{1,2}(?::\d{2}){1,2}(?:[.,]\d+)?\s*(?:[ap]\.?\s?m\.?)?"
    r"\s*(?:Z|UTC|GMT)?\s*(?:[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:[^\W\d_]+\.?,?\s+)?"
_OF = r"(?:\s*(?:\bde\b|\bdel\b|\bof\b|\bd'|[-/.,])\s*|\s+)"
_NAME = r"(?P<name>[^\W\d_]+)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.º|\.)?"

_NUMERIC = re.compile(r"(?P<first>\d{1,2})\s*(?P<sep>[-/. ])\s*(?P<second>\d{1,2})\s*(?P=sep)\s*" + _YEAR)
_DECIDED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _FULL_YEAR + r"\s*(?P<sep>[-/. ])\s*(?P<month>\d{1,2})\s*(?P=sep)\s*(?P<day>\d{1,2})",
        _FULL_YEAR + r"\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号號]?",
        _WEEKDAY + _DAY + _OF + _NAME + _OF + _YEAR,
        _WEEKDAY + _NAME + r"\s+" + _DAY + r",?\s+" + _FULL_YEAR,
        _FULL_YEAR + _OF + _NAME + _OF + r"(?P<day>\d{1,2})",
    )
)

#: Digits, spaces and signs that a keyboard of another language writes, as the plain ones.
_PLAIN = str.maketrans(
    "０１２３４５６７８９／－．\u00a0\u202f\u2009\u2007\u3000’–−",  # noqa: RUF001 (the point of it)
    "0123456789/-.     '--",
)


def date_order(cells: Iterable[Cell]) -> DateOrder | None:
    """Return the order that the texts of a column decide together; ``None`` if none of them decides."""
    readings = (readings_of(cell) for cell in cells if isinstance(cell, str))
    found = {seen.only_order for seen in readings if seen} - {None}
    if len(found) > 1:
        return DateOrder.MIXED
    return next(iter(found), None)


def read_date(cell: Cell, order: DateOrder | None) -> date | Unread | None:
    """Return the day that a cell names; ``order`` is that of its column.

    A text that is a date in one order only is that date, whatever the order of the column. A number is not
    a date. Two-digit years 00 to 68 are of the 2000s, 69 to 99 of the 1900s; times of day are left out.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if cell is None or isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        return unread(Code.NOT_A_DATE, cell)
    return _of_text(cell, order) if cell.strip() else None


def _of_text(text: str, order: DateOrder | None) -> date | Unread:
    seen = readings_of(text)
    if seen is None:
        return unread(Code.NOT_A_DATE, text)
    day_first, month_first = seen.day_first, seen.month_first
    if day_first is None or month_first is None:
        return day_first or month_first or unread(Code.IMPOSSIBLE_DATE, text)
    if order is DateOrder.DAY_FIRST or day_first == month_first:
        return day_first
    if order is DateOrder.MONTH_FIRST:
        return month_first
    return unread(Code.AMBIGUOUS_DATE, text, day_first=day_first, month_first=month_first)


@lru_cache(maxsize=16_384)
def readings_of(text: str) -> Readings | None:
    """Return the days that a text may mean; ``None`` if it is not written like a date."""
    if len(text) > _LONGEST:
        return None
    bare = _TIME.sub("", text.translate(_PLAIN).strip()).strip()
    if numeric := _NUMERIC.fullmatch(bare):
        year, first, second = (int(numeric[part]) for part in ("year", "first", "second"))
        return Readings(day_first=_day(year, second, first), month_first=_day(year, first, second))
    matches = (pattern.fullmatch(bare) for pattern in _DECIDED)
    return next((seen for match in matches if match and (seen := _decided(match.groupdict()))), None)


def _decided(parts: Mapping[str, str]) -> Readings | None:
    """Return the one reading of a text that says itself which part is the month."""
    month = months().get(plain(parts["name"])) if "name" in parts else int(parts["month"])
    if month is None:
        return None
    day = _day(int(parts["year"]), month, int(parts["day"]))
    return Readings(day_first=day, month_first=day)


def _day(year: int, month: int, day: int) -> date | None:
    if year < 100:  # noqa: PLR2004 (two digits)
        year += 1900 if year >= _PIVOT else 2000
    try:
        return date(year, month, day)
    except ValueError:
        return None
