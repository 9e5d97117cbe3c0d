"""The program's own score: what it would have told at earlier month ends, beside what came.

Nothing is used that was not known at the end of those days: neither ends, nor amounts, dates and stages that
may have been written down later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from sheetfunnel.funnel.draws import drawn
from sheetfunnel.funnel.figures import Figure, counted
from sheetfunnel.funnel.forecast import Band, band, seen_to, too_little
from sheetfunnel.funnel.ledger import Ledger
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.records import cycle_days, months_between

#: Over so many days each forecast is compared with what came.
DAYS: Final = 30
_LATEST: Final = 12
_FEWEST_TRIALS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One forecast for the 30 days after a day, and what came: income, and agreements of what was open."""

    on: date
    income: Band
    income_came: Decimal
    agreements: Band
    agreements_came: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How forecasts of income compare with what came, as parts of 1: ``None`` where too few could be tried.

    ``error`` is the sum of errors by the sum of what came (WAPE), ``hits`` the part of outcomes in the band.
    """

    trials: tuple[Told, ...]
    error: Figure[float] | None
    hits: Figure[float] | None


def back_test(ledger: Ledger, practice: Practice, chance: np.random.Generator) -> Score:
    """Return the score over the latest month ends, up to twelve, from which 30 days have passed."""
    months = months_between(ledger.since, ledger.today - DAYS)
    ends = (date.fromordinal(month.last) for month in months)
    days = [day for day in ends if (day + timedelta(days=1)).day == 1][-_LATEST:]
    told = (told_on(ledger, practice, day=day, chance=chance) for day in days)
    trials = tuple(each for each in told if each is not None)
    came = sum((trial.income_came for trial in trials), Decimal(0))
    if len(trials) < _FEWEST_TRIALS or not came:
        return Score(trials=trials, error=None, hits=None)
    return Score(
        trials=trials,
        error=counted(wape([(one.income.median, one.income_came) for one in trials]), len(trials)),
        hits=counted(sum(one.income.holds(one.income_came) for one in trials) / len(trials), len(trials)),
    )


def wape(pairs: Sequence[tuple[Decimal, Decimal]]) -> float:
    """Return the sum of errors of (told, came), by the sum of what came."""
    return float(sum(abs(told - came) for told, came in pairs) / sum(came for _, came in pairs))


def told_on(ledger: Ledger, practice: Practice, *, day: date, chance: np.random.Generator) -> Told | None:
    """Return what would have been told on a day; ``None`` if it was too early to tell anything."""
    on = day.toordinal()
    known = ledger.known_on(on)
    if too_little(known) is not None:
        return None
    seen = seen_to(known, cycle_days(known, practice), [on + DAYS])
    futures = drawn(seen.ahead, seen.hazards, chance)
    came = ledger.won & (ledger.ended > on) & (ledger.ended <= on + DAYS)
    return Told(
        on=day,
        income=band(futures.income[0]),
        income_came=Decimal(round(float(np.nansum(ledger.amount[came])))),
        agreements=band(futures.agreements_of_open[0]),
        agreements_came=Decimal(int((came & (ledger.begun <= on)).sum())),
    )
