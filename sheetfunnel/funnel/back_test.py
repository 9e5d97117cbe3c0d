"""The program's own score: what it would have told at earlier month ends, beside what came.

Nothing is used that was not known at the end of those days: neither ends, nor amounts, dates and stages that
may have been written down later.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from sheetfunnel.funnel.ahead import Band
from sheetfunnel.funnel.draws import drawn
from sheetfunnel.funnel.forecast import band, seen_to, told_too_little
from sheetfunnel.funnel.ledger import Ledger
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.records import cycle_days, months_between
from sheetfunnel.funnel.score import DAYS
from sheetfunnel.values import value

_LATEST: Final = 12


@value
class Told:
    """One forecast for the 30 days after a day, and what came: income, and agreements of what was open."""

    on: date
    income: Band
    income_came: Decimal
    agreements: Band
    agreements_came: Decimal


def back_test(ledger: Ledger, practice: Practice, chance: np.random.Generator) -> tuple[Told, ...]:
    """Return what would have been told at the latest twelve month ends that are 30 days ago and more."""
    months = months_between(ledger.since, ledger.today - DAYS)
    ends = (date.fromordinal(month.last) for month in months)
    days = [day for day in ends if (day + timedelta(days=1)).day == 1][-_LATEST:]
    told = (told_on(ledger, practice, day=day, chance=chance) for day in days)
    return tuple(each for each in told if each is not None)


def told_on(ledger: Ledger, practice: Practice, *, day: date, chance: np.random.Generator) -> Told | None:
    """Return what would have been told on a day; ``None`` if it was too early to tell anything."""
    on = day.toordinal()
    known = ledger.known_on(on)
    if told_too_little(known) is not None:
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
