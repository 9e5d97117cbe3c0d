"""The books of a simulated practice: its objectives as they stood at the end of a week, and its income."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from sheetfunnel.funnel.history import StageChange
from sheetfunnel.funnel.ledger import Ledger, ledger_of
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.practice import Practice, Service
from sheetfunnel.funnel.scores import Floats
from sheetfunnel.simulation.practice import WEEK, Habits, Life, Sale

#: The Monday on which every simulated practice begins.
FIRST_DAY: Final = date(2020, 1, 6)


def last_day(week: int) -> date:
    """Return the day on which a week's books are closed, its Friday."""
    return FIRST_DAY + timedelta(days=WEEK * week + 4)


def settings(habits: Habits) -> Practice:
    """Return what such a practice has typed in Settings: its service with the cycle."""
    return Practice(services=(Service(name="", cycle=habits.cycle, amount=Decimal(round(habits.amount))),))


def ledger_at(life: Life, week: int) -> Ledger:
    """Return the ledger at the end of a week: nothing in it is of later."""
    rows = [_row(number, one, week) for number, one in enumerate(life.sales) if one.begun <= week]
    return ledger_of(rows, settings(life.habits), today=last_day(week), changes=_changes(life, week))


def _changes(life: Life, week: int) -> list[StageChange]:
    """Return what a sync at the end of each week would have kept."""
    return [
        StageChange(key=_key(number), on=last_day(since), stage=stage)
        for number, one in enumerate(life.sales)
        for stage, since in one.entered.items()
        if since <= week
    ]


def _key(number: int) -> str:
    return f"{number:05}"


def _row(number: int, one: Sale, week: int) -> SalesObjective:
    ended = one.ended is not None and one.ended <= week
    stage: Stage = one.stage_in(week)
    return SalesObjective(
        key=_key(number),
        first_contact=last_day(one.begun),
        amount=Decimal(one.amount),
        my_stage=stage,
        closed_on=last_day(one.ended) if ended and one.ended is not None else None,
        outcome=(Outcome.WON if one.won else Outcome.LOST) if ended else None,
    )


def weekly_income(life: Life) -> Floats:
    """Return what was agreed in each week that has been lived."""
    income = np.zeros(life.week)
    for one in life.sales:
        if one.won and one.ended is not None:
            income[one.ended] += one.amount
    return income
