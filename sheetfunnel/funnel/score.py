"""How forecasts compare with what came: the error, and how often the band held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.ahead import Band
from sheetfunnel.funnel.figures import Figure, counted
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.weeks import Week, is_dated
from sheetfunnel.values import value

#: Over so many days each forecast is compared with what came.
DAYS: Final = 30
_FEWEST_TRIALS: Final = 3


@value
class Score:
    """How forecasts of income compare with what came, as parts of 1: ``None`` where too few could be tried.

    ``error`` is the sum of errors by the sum of what came (WAPE), ``hits`` the part of outcomes in the band.
    ``afterwards`` says that they were not told in their time, but made later from what was known then.
    """

    trials: int
    error: Figure[float] | None = None
    hits: Figure[float] | None = None
    afterwards: bool = False

    @property
    def told(self) -> Remark | None:
        """The score in words."""
        if self.error is None or self.hits is None:
            return None
        return remark(
            Code.FORECAST_TRIED if self.afterwards else Code.FORECAST_SCORE,
            count=self.trials,
            error=round(self.error.value * 100),
            held=round(self.hits.value * self.trials),
        )


def scored(pairs: Sequence[tuple[Band, Decimal]]) -> Score:
    """Return the score of forecasts, each beside what came."""
    came = sum((income for _, income in pairs), Decimal(0))
    if len(pairs) < _FEWEST_TRIALS or not came:
        return Score(trials=len(pairs))
    error = wape([(band.median, income) for band, income in pairs])
    hits = sum(band.holds(income) for band, income in pairs) / len(pairs)
    return Score(trials=len(pairs), error=counted(error, len(pairs)), hits=counted(hits, len(pairs)))


def wape(pairs: Sequence[tuple[Decimal, Decimal]]) -> float:
    """Return the sum of errors of (told, came), by the sum of what came."""
    return float(sum(abs(told - came) for told, came in pairs) / sum(came for _, came in pairs))


def score_of_weeks(weeks: Iterable[Week], objectives: Iterable[SalesObjective], today: date) -> Score:
    """Return the score of forecasts that are 30 days old: of those told, or, while these are few, of trials.

    What could not be in a forecast, as nobody wrote when it began, is not in what came either.
    """
    due = [row for row in weeks if row.forecast and row.on + timedelta(days=DAYS) <= today]
    told = [row for row in due if not row.reconstructed]
    afterwards = len(told) < _FEWEST_TRIALS
    rows = [row for row in due if row.reconstructed] if afterwards else told
    won = [
        (one.closed_on, one.amount)
        for one in objectives
        if rows and one.outcome is Outcome.WON and is_dated(one) and one.closed_on and one.amount is not None
    ]
    score = scored([(row.forecast, _came(won, row.on)) for row in rows if row.forecast])
    return replace(score, afterwards=afterwards)


def _came(won: Sequence[tuple[date, Decimal]], on: date) -> Decimal:
    until = on + timedelta(days=DAYS)
    return sum((amount for day, amount in won if on < day <= until), Decimal(0))
