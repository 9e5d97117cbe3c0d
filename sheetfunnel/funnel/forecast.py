"""Income ahead: a median and an 80 % band per month, and the dip before it comes, with what would fill it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Final

import numpy as np

from sheetfunnel.findings import Remark
from sheetfunnel.funnel.ahead import Aim, Band, Dip, Forecast, MonthAhead, too_little
from sheetfunnel.funnel.allocation import HIGHEST_SHARE, STEP
from sheetfunnel.funnel.draws import Draws, drawn
from sheetfunnel.funnel.figures import Figure, counted
from sheetfunnel.funnel.hazards import Hazards, hazards
from sheetfunnel.funnel.ledger import Ledger
from sheetfunnel.funnel.outlook import Outlook, decided, outlook
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.records import cycle_days, months_between
from sheetfunnel.funnel.score import DAYS
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.funnel.stretches import Stretches
from sheetfunnel.values import unique, value

#: The ends of the band between which four of five outcomes should fall.
_BAND: Final = (0.1, 0.5, 0.9)
_DIGITS: Final = 3
_WEEK: Final = 7
_DAYS_OF_A_MONTH: Final = Decimal("30.4375")
#: No cycle is looked over in more steps than this, nor further ahead than this many days.
_STEPS: Final = 26
_FARTHEST: Final = 730
#: More new objectives a week than this are nobody's week.
_MOST_A_WEEK: Final = 1000


@unique
class Sight:
    """All that is seen from the end of one day; forecasts and what-ifs are read from it."""

    ledger: Ledger
    hazards: Hazards
    ahead: Outlook
    cycle: int

    def if_decided(self, *, won: frozenset[str] = frozenset(), lost: frozenset[str] = frozenset()) -> Sight:
        """Return the sight if the open objectives with these keys were won, and those lost."""
        ahead = decided(self.ahead, self.ledger, won=won, lost=lost)
        return Sight(ledger=self.ledger, hazards=self.hazards, ahead=ahead, cycle=self.cycle)


def told_too_little(ledger: Ledger) -> Remark | None:
    """Return what is missing of a ledger that says anything of what is ahead, ``None`` if it is enough."""
    return too_little(ended=int((~ledger.open).sum()), won=int(ledger.won.sum()))


def sight(ledger: Ledger, practice: Practice) -> Sight:
    """Return what is seen of the time ahead: two normal cycles of the service that is begun most."""
    days = cycle_days(ledger, practice)
    cycle = int(days[np.bincount(ledger.service, minlength=len(days)).argmax()])
    return seen_to(ledger, days, _week_ends(ledger.today, cycle), cycle=cycle)


def seen_to(ledger: Ledger, days: Floats, ends: Sequence[int], *, cycle: int = 0) -> Sight:
    """Return what is seen of the stretches that end on these days; ``days`` is the cycle of each service."""
    found = hazards(ledger, days)
    stretches = Stretches(today=ledger.today, ends=np.array(ends, dtype=np.int64))
    return Sight(ledger=ledger, hazards=found, ahead=outlook(ledger, found, stretches), cycle=cycle)


def _step(cycle: int) -> int:
    return _WEEK * max(ceil(cycle / _WEEK / _STEPS), 1)


def _week_ends(today: int, cycle: int) -> list[int]:
    """Return the ends of weeks (more, for long cycles), months and 30 days over two cycles, in order."""
    reach = min(max(2 * cycle, 90), _FARTHEST)
    step = _step(cycle)
    weeks = range(today + step, today + reach + step, step)
    months = [month.last for month in months_between(today + 1, weeks[-1])]
    return sorted({*weeks, *months, today + DAYS})


def forecast(seen: Sight, aim: Aim, chance: np.random.Generator) -> Forecast:
    """Return income by month, and the dip; ``chance`` is seeded, so that the same day tells the same."""
    verdict = told_too_little(seen.ledger)
    if verdict is not None:
        return Forecast(verdict=verdict)
    futures = drawn(seen.ahead, seen.hazards, chance)
    months = _months(seen, futures)
    return Forecast(
        months=months,
        in_all=_until(seen, futures, months[-1].last.toordinal()) if months else None,
        next_30_days=_until(seen, futures, seen.ledger.today + DAYS),
        dip=_dip(seen, futures, aim),
    )


def band(futures: Floats) -> Band:
    """Return the median and the band of one amount in many futures, as exact as such a number can be."""
    low, median, high = (_shortened(float(each)) for each in np.quantile(futures, _BAND))
    return Band(low=low, median=median, high=high)


def _shortened(amount: float) -> Decimal:
    """Return an amount in whole units, of which only the first three digits say anything."""
    digits = len(str(round(amount)))
    return Decimal(round(amount, min(_DIGITS - digits, 0))).quantize(Decimal(1))


def _until(seen: Sight, futures: Draws, day: int) -> Figure[Band]:
    """Return the income from tomorrow to the end of a day."""
    soon = seen.ahead.stretches.ends <= day
    return counted(band(futures.income[soon].sum(axis=0)), seen.hazards.agreements)


def _months(seen: Sight, futures: Draws) -> tuple[MonthAhead, ...]:
    """Return the months that lie ahead to their end; the first may have begun."""
    ends, found = seen.ahead.stretches.ends, []
    for month in months_between(seen.ledger.today + 1, int(ends[-1])):
        first, last = date.fromordinal(month.first), date.fromordinal(month.last)
        if (last + timedelta(days=1)).day != 1:
            break
        of_month = (ends >= month.first) & (ends <= month.last)
        income = counted(band(futures.income[of_month].sum(axis=0)), seen.hazards.agreements)
        found.append(MonthAhead(first=first, last=last, income=income))
    return tuple(found)


def _dip(seen: Sight, futures: Draws, aim: Aim) -> Dip | None:
    """Return the first window of a cycle, week by week from now on, that stays under the target."""
    if aim.target is None or aim.target <= 0:
        return None
    ends, today, step = seen.ahead.stretches.ends, seen.ledger.today, _step(seen.cycle)
    length = step * max(round(seen.cycle / step), 1)
    target = (aim.target * length / _DAYS_OF_A_MONTH).quantize(Decimal(1))
    for begin in range(today, int(ends[-1]) - length + 1, step):
        window = _Window(first=begin + 1, last=begin + length)
        income = band(futures.income[window.of(ends)].sum(axis=0))
        if income.median < target:
            return _filled(seen, aim, window, income=income, target=target)
    return None


@value
class _Window:
    """Days ahead, both included, as ordinals."""

    first: int
    last: int

    def of(self, ends: Ints) -> Ints:
        """Return which of the stretches with these ends lie in it."""
        return np.flatnonzero((ends >= self.first) & (ends <= self.last)).astype(np.int64)


def _filled(seen: Sight, aim: Aim, window: _Window, *, income: Band, target: Decimal) -> Dip:
    """Return the dip with what would fill it."""
    cases, missing = seen.hazards.agreements, target - income.median
    needed = _new_per_week(seen.ahead, window.of(seen.ahead.stretches.ends), missing)
    more = (
        None
        if needed is None or aim.exploring is None
        else _more_exploring(seen.ahead, needed, aim.exploring)
    )
    return Dip(
        first=date.fromordinal(window.first),
        last=date.fromordinal(window.last),
        income=counted(income, cases),
        target=target,
        missing=counted(missing, cases),
        new_per_week=None if needed is None else counted(needed, cases),
        raise_exploring=None if more is None else counted(more, cases),
    )


def _new_per_week(ahead: Outlook, window: Ints, missing: Decimal) -> int | None:
    """Return how many new objectives a week bring what is missing in a window; ``None`` if no number does."""
    agreements = float(ahead.each_day[:, window].sum()) / _WEEK
    brings = agreements * float(ahead.new_amounts.mean())
    return ceil(float(missing) / brings) if brings > float(missing) / _MOST_A_WEEK else None


def _more_exploring(ahead: Outlook, needed: int, share: int) -> int:
    """Return the points by which exploring has to grow, if twice the hours find twice as many."""
    room = max(HIGHEST_SHARE - share, 0)
    now = ahead.inflow.usual * _WEEK
    more = needed / now * share if now else float(room)
    return min(STEP * ceil(more / STEP), room // STEP * STEP)
