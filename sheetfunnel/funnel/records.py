"""How many objectives were at risk, were won and were lost at each age, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from sheetfunnel.funnel.cycle import Followed, drawn_to_typed, median_to_agreement
from sheetfunnel.funnel.ledger import Ledger, Marks
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.funnel.text import fold

#: Older objectives are taken as this old, in days.
OLDEST: Final = 800
#: Of the time before nothing is used: two years.
_MONTHS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Days of one calendar month, both included, as ordinals; ``position`` is its place in a quarter."""

    first: int
    last: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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
    shape = (len(ledger.services) + 1, len(months), OLDEST)
    at_risk, won, lost = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for number, month in enumerate(months):
        at_risk[:, number] = _at_risk(ledger, month)
        ends = (ledger.ended >= month.first) & (ledger.ended <= month.last)
        won[:, number] = _at_ages(ledger, np.flatnonzero(ends & ledger.won))
        lost[:, number] = _at_ages(ledger, np.flatnonzero(ends & ~ledger.won))
    return Record(months=months, at_risk=at_risk, won=won, lost=lost)


def _at_risk(ledger: Ledger, month: Month) -> Floats:
    first = np.maximum(ledger.begun, month.first) - ledger.begun
    last = np.minimum(ledger.ended, month.last) - ledger.begun
    rows = np.flatnonzero(last >= first)
    comes = _cells(ledger, rows, first[rows])
    goes = _cells(ledger, rows, last[rows] + 1)
    table: Floats = np.cumsum(comes - goes, axis=1)
    return table


def _at_ages(ledger: Ledger, rows: Ints) -> Floats:
    return _cells(ledger, rows, (ledger.ended - ledger.begun)[rows])


def _cells(ledger: Ledger, rows: Ints, ages: Ints) -> Floats:
    count = len(ledger.services) + 1
    cells = ledger.service[rows] * OLDEST + np.minimum(ages, OLDEST - 1)
    table: Floats = np.bincount(cells, minlength=count * OLDEST).astype(np.float64).reshape(count, OLDEST)
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
