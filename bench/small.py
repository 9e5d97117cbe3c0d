"""What is shown with hardly any closed sales: each number is typed, marked as weak, or absent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from bench.tables import table
from sheetfunnel.funnel.ahead import Aim
from sheetfunnel.funnel.back_test import back_test
from sheetfunnel.funnel.cycle import normal_cycles
from sheetfunnel.funnel.figures import Figure
from sheetfunnel.funnel.forecast import forecast, sight
from sheetfunnel.funnel.learning import chances_of, learn
from sheetfunnel.funnel.ledger import ledger_of
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.practice import Practice, Service
from sheetfunnel.funnel.profile import Criterion, criterion
from sheetfunnel.funnel.score import scored

_TODAY: Final = date(2026, 3, 2)
_PRACTICE: Final = Practice(services=(Service(name="Coaching", cycle=60),))
_COUNTS: Final = (0, 1, 3, 10, 40)


def small_data() -> str:
    """Return the table of what is shown of a list with so many closed sales and five open ones."""
    lines = [(count, *_shown(count)) for count in _COUNTS]
    head = ("closed sales", "normal cycle", "proposed weights", "chances", "income ahead", "dip", "own score")
    note = """\
Half of the closed sales are won; the cycle is typed, 60 days. *Weak*: shown as a hint, with how few
cases stand behind it. From 20 agreements on a number is no longer marked as weak."""
    return f"{table(head, lines)}\n\n{note}"


def _shown(count: int) -> tuple[str, ...]:
    rows = [_closed(number) for number in range(count)] + [_open(number) for number in range(5)]
    ledger, chance = ledger_of(rows, _PRACTICE, today=_TODAY), np.random.default_rng(1)
    profile = learn([_criterion()], rows)
    told = forecast(sight(ledger, _PRACTICE), Aim(target=Decimal(9000)), chance)
    told_before = back_test(ledger, _PRACTICE, chance)
    cycle = normal_cycles(rows, _PRACTICE, _TODAY)["coaching"]
    return (
        cycle.figure.origin.value,
        _origins(one.proposed for one in profile.learnings),
        _origins(chances_of([_criterion()], rows).values()),
        _origins(month.income for month in told.months),
        _origins([told.dip and told.dip.missing]),
        _origins([scored([(one.income, one.income_came) for one in told_before]).error]),
    )


def _origins(figures: object) -> str:
    found = sorted({one.origin.value for one in figures if isinstance(one, Figure)})  # type: ignore[attr-defined]
    return ", ".join(found) or "absent"


def _criterion() -> Criterion:
    made = criterion(name="Public", kind=None, column="public", ideal="yes", weight=3, must=False)
    if not isinstance(made, Criterion):
        raise TypeError(made)
    return made


def _closed(number: int) -> SalesObjective:
    won = number % 2 == 0
    begun = _TODAY - timedelta(days=420 - 9 * number)
    return SalesObjective(
        key=f"closed {number}",
        service="Coaching",
        amount=Decimal(1000),
        first_contact=begun,
        closed_on=begun + timedelta(days=40 + number % 7 * 5),
        outcome=Outcome.WON if won else Outcome.LOST,
        traits={"public": won if number % 5 else not won},
    )


def _open(number: int) -> SalesObjective:
    return SalesObjective(
        key=f"open {number}",
        service="Coaching",
        amount=Decimal(1000),
        first_contact=_TODAY - timedelta(days=9 * number),
        traits={"public": number % 2 == 0},
    )
