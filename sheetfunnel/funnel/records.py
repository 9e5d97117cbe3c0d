"""How many objectives were at risk, were won and were lost at each age, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from sheetfunnel.funnel.cycle import Followed, drawn_to_typed, median_to_agreement
from sheetfunnel.funnel.ledger import Ledger, Marks
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import unique, value

#: Older objectives are taken as this old, in days.
OLDEST: Final = 800
#: Of the time before nothing is used: two years.
_MONTHS: Final = 24


@value
class Month:
    """Days of one calendar month, both included, as ordinals; ``position`` is its place in a quarter."""

    first: int
    last: int
    position: int


@unique
class Record:
    """Counts by service, month and age in days: days at risk, agreements, other ends."""

    months: tuple[Month, ...]
    at_risk: Floats
    won: Floats
    lost: Floats


def position(day: int) -> int:
    """Return the place of a day's month in its quarter: 0, 1 or 2."""
    return (date.fromordinal(day).month - 1) % 3


def months_between(first: int, last: int) -> tuple[Month, ...]:
    """Return the calendar months from one day to another, the outer ones cut there."""
    found: list[Month] = []
    while first <= last:
        day = date.fromordinal(first)
        next_first = (day.replace(day=1) + timedelta(days=32)).replace(day=1).toordinal()
        found.append(Month(first=first, last=min(next_first - 1, last), position=position(first)))
        first = next_first
    return tuple(found)


def record(ledger: Ledger) -> Record:
    """Return what a ledger shows from its first recorded end on.

    Before that day objectives may have ended that were never written down; to count that time as time without
    an end would make everything look slow.
    """
    months = months_between(ledger.since, ledger.today)[-_MONTHS:]
    firsts, lasts = (_ints([getattr(month, side) for month in months]) for side in ("first", "last"))
    rows, month = _met(ledger, firsts, lasts)
    begun, ended = ledger.begun[rows], ledger.ended[rows]
    comes = _cells(ledger, rows, month, ages=np.maximum(begun, firsts[month]) - begun, months=len(months))
    goes = _cells(ledger, rows, month, ages=np.minimum(ended, lasts[month]) - begun + 1, months=len(months))
    ends = ended <= lasts[month]
    won, lost = (
        _cells(ledger, rows[those], month[those], ages=(ended - begun)[those], months=len(months))
        for those in (ends & ledger.won[rows], ends & ~ledger.won[rows])
    )
    return Record(months=months, at_risk=np.cumsum(comes - goes, axis=2), won=won, lost=lost)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _met(ledger: Ledger, firsts: Ints, lasts: Ints) -> tuple[Ints, Ints]:
    """Return row and month of each pair of an objective and a month in which it was open."""
    seen = np.flatnonzero(ledger.ended >= firsts[0])
    begins = np.searchsorted(lasts, np.maximum(ledger.begun[seen], firsts[0]))
    ends = np.searchsorted(lasts, np.minimum(ledger.ended[seen], ledger.today))
    counts = ends - begins + 1
    offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(seen, counts), (np.repeat(begins, counts) + offsets).astype(np.int64)


def _cells(ledger: Ledger, rows: Ints, month: Ints, *, ages: Ints, months: int) -> Floats:
    """Return how many of the rows fall on each service, month and age."""
    shape = (len(ledger.services) + 1, months, OLDEST)
    cells = (ledger.service[rows] * months + month) * OLDEST + np.minimum(ages, OLDEST - 1)
    table: Floats = np.bincount(cells, minlength=int(np.prod(shape))).astype(np.float64).reshape(shape)
    return table


def cycle_days(ledger: Ledger, practice: Practice) -> Floats:
    """Return the normal cycle of each service of a ledger in days; the last is that of all other services."""
    typed = {fold(service.name): service.cycle for service in reversed(practice.services)}
    names = [*ledger.services, ""]
    days = [_cycle(ledger, ledger.service == at, typed.get(name)) for at, name in enumerate(names)]
    return np.array(days, dtype=np.float64)


def _cycle(ledger: Ledger, rows: Marks, typed: int | None) -> int:
    followed = np.minimum(ledger.ended, ledger.today) - ledger.begun
    still, won = rows & ledger.open, rows & ledger.won
    counts = Followed(
        won=_counted(followed[won]),
        otherwise=_counted(followed[rows & ~still & ~won]),
        still=_counted(followed[still]),
    )
    return drawn_to_typed(median_to_agreement(counts), int(won.sum()), typed)


def _counted(days: Ints) -> dict[int, int]:
    return dict(zip(*(each.tolist() for each in np.unique(days, return_counts=True)), strict=True))
