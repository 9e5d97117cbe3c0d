"""What a simulated practice earned, and how its forecasts compare with what then happened.

A **dip** is a run of weeks from each of which one normal cycle brings less than the target; two that lie
less than half a cycle apart are one. A forecast **warns** of the first cycle ahead that its
median puts under the target. The warning is of a dip if that cycle begins within half a cycle of it, and
**false** if no such cycle begins within half a cycle of the one that was named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Final

import numpy as np

from sheetfunnel.funnel.ahead import Aim
from sheetfunnel.funnel.forecast import forecast, sight
from sheetfunnel.funnel.ledger import Marks
from sheetfunnel.simulation.books import FIRST_DAY, last_day, ledger_at, settings, weekly_income
from sheetfunnel.simulation.policies import life
from sheetfunnel.simulation.practice import WEEK, Habits, Life
from sheetfunnel.values import value

#: The first year and a half is history; then the books are looked at for as long; the rest came after.
_FROM: Final = 78
_UNTIL: Final = 156
_WEEKS: Final = 208
_EVERY: Final = 2
_DAYS_OF_A_MONTH: Final = 30.4375
#: Income is compared month by month, in months of four weeks.
_MONTH: Final = 4


@value
class Earned:
    """What one life earned after its first year: by four weeks."""

    months: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The income of four weeks."""
        return float(np.mean(self.months))

    @property
    def varies(self) -> float:
        """The standard deviation of the income of four weeks, as a part of their mean."""
        return float(np.std(self.months)) / self.mean if self.mean else 0.0


@value
class Watched:
    """The dips of one life and the warnings before them.

    How many dips were warned of half a cycle and more before the middle of their first cycle, before their
    lowest cycle began, and before their first one began; ``false`` are warnings of dips that did not come.
    """

    dips: int
    before_middle: int
    before_lowest: int
    before_first: int
    warnings: int
    false: int


def earned(policy: str, seed: int, habits: Habits) -> Earned:
    """Return what a practice earns that spends its weeks by a policy."""
    lived = life(policy, seed, habits)
    lived.live(_WEEKS)
    months = weekly_income(lived)[52:].reshape(-1, _MONTH).sum(axis=1)
    return Earned(months=tuple(float(month) for month in months))


def watched(policy: str, seed: int, habits: Habits, *, target: Decimal) -> Watched:
    """Return how the forecasts of every other week compare with what came; ``target`` is income a month."""
    lived = life(policy, seed, habits)
    lived.live(_WEEKS)
    weeks = round(habits.cycle / WEEK)
    cycles = np.convolve(weekly_income(lived), np.ones(weeks), "valid")
    under = cycles < float(target) * weeks * WEEK / _DAYS_OF_A_MONTH
    warnings = [
        (week, begins)
        for week in range(_FROM, _UNTIL, _EVERY)
        if (begins := _warned_of(lived, week, target)) is not None
    ]
    dips = [dip for dip in _runs(under, weeks // 2) if _FROM + weeks <= dip[0] < _UNTIL]
    leads = [_lead(dip, warnings, weeks // 2) for dip in dips]
    lowest = [int(cycles[first : last + 1].argmin()) for first, last in dips]
    return Watched(
        dips=len(dips),
        before_middle=sum(lead >= 0 for lead in leads),
        before_lowest=sum(lead + low >= weeks / 2 for lead, low in zip(leads, lowest, strict=True)),
        before_first=sum(lead >= weeks / 2 for lead in leads),
        warnings=len(warnings),
        false=sum(not _comes(under, begins, weeks // 2) for _, begins in warnings),
    )


def _warned_of(lived: Life, week: int, target: Decimal) -> int | None:
    """Return with which week the cycle begins that the books at the end of a week warn of."""
    seen = sight(ledger_at(lived, week), settings(lived.habits))
    dip = forecast(seen, Aim(target=target), np.random.default_rng(week)).dip
    if dip is None or (dip.first - last_day(week)).days > seen.cycle:
        return None
    return (dip.first - FIRST_DAY).days // WEEK + 1


def _runs(under: Marks, apart: int) -> list[tuple[int, int]]:
    """Return the first and last week of each run; runs that are no further apart are one."""
    runs: list[tuple[int, int]] = []
    for week in np.flatnonzero(under).tolist():
        if runs and week - runs[-1][1] <= apart:
            runs[-1] = (runs[-1][0], week)
        else:
            runs.append((week, week))
    return runs


def _lead(dip: tuple[int, int], warnings: Sequence[tuple[int, int]], near: int) -> int:
    """Return how many weeks before a dip began the first warning of it was given, far below 0 if none was."""
    first, last = dip
    leads = [first - 1 - week for week, begins in warnings if first - near <= begins <= last + near]
    return max(leads, default=-_WEEKS)


def _comes(under: Marks, begins: int, near: int) -> bool:
    return bool(under[max(begins - near, 0) : begins + near + 1].any())


@value
class Summary:
    """Many lives under one policy: the mean income of four weeks, how it varies, and all warnings."""

    policy: str
    seeds: int
    mean: float
    varies: float
    watched: Watched | None = None


def summary(policy: str, seeds: int, habits: Habits, *, target: Decimal | None = None) -> Summary:
    """Return how so many lives go; where a target is given, forecasts are made, which takes long."""
    lives = [earned(policy, seed, habits) for seed in range(seeds)]
    return Summary(
        policy=policy,
        seeds=seeds,
        mean=float(np.mean([one.mean for one in lives])),
        varies=float(np.mean([one.varies for one in lives])),
        watched=None if target is None else all_watched(policy, seeds, habits, target=target),
    )


def all_watched(policy: str, seeds: int, habits: Habits, *, target: Decimal) -> Watched:
    """Return dips and warnings of so many lives, added up."""
    each = [watched(policy, seed, habits, target=target) for seed in range(seeds)]
    return Watched(**{field.name: sum(getattr(one, field.name) for one in each) for field in fields(Watched)})
