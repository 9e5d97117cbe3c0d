"""How many objectives begin, week by week, and how far that follows from how busy one was with agreements.

People explore less while they deliver what they sold: this is the roller coaster itself. Where a practice
shows it, the weeks ahead are told with it; where it does not, its own pace of late goes on.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sheetfunnel.funnel.ledger import Ledger
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.values import unique

_WEEK: Final = 7
#: Weeks of so many cycles ago count half.
_HALF_AFTER: Final = 3.0
#: Before anything is seen a busy cycle is not believed to change anything, by this strength (1 / variance).
_NO_EFFECT: Final = 2.0
_LOOSE: Final = 1e-3
_STEPS: Final = 8
#: Nobody finds more than this many times what is usual.
_AT_MOST: Final = 3.0


@unique
class Inflow:
    """New objectives a day: ``usual`` when agreements come as usual, and by how much being busy changes it.

    ``busy`` is the change of the logarithm when twice as many agreements as usual came in a cycle;
    ``agreements`` is that usual number, ``arrivals`` is from how many it was counted (late ones count most).
    """

    usual: float
    busy: float
    agreements: float
    cycle: int
    arrivals: float

    def a_day(self, agreements: float) -> float:
        """Return how many begin a day when so many agreements came in the cycle before."""
        if not self.agreements:
            return self.usual
        change = np.exp(self.busy * (agreements / self.agreements - 1))
        return self.usual * float(np.minimum(change, _AT_MOST))


def inflow(ledger: Ledger, cycle: int) -> Inflow:
    """Return what a ledger shows of new objectives; ``cycle`` is the normal cycle in days."""
    first = int(ledger.begun.min(initial=ledger.today))
    weeks = max((ledger.today - first) // _WEEK, 1)
    ends = ledger.today - _WEEK * np.arange(weeks)
    came = _between(ledger.begun, ends - _WEEK, ends)
    before = _between(ledger.ended[ledger.won], ends - _WEEK - cycle, ends - _WEEK)
    weights = 0.5 ** ((ledger.today - ends) / cycle / _HALF_AFTER)
    # Agreements are recorded from some day on; of the weeks before nobody knows how busy they were.
    known = ends - _WEEK - cycle >= ledger.since
    usual = float(np.average(before[known], weights=weights[known])) if known.any() else 0.0
    effect = np.where(known, before / usual - 1, 0.0) if usual else np.zeros(weeks)
    level, busy = _poisson(np.column_stack([np.ones(weeks), effect]), came, weights)
    return Inflow(
        usual=float(np.exp(level)) / _WEEK if came.any() else 0.0,
        busy=busy,
        agreements=usual,
        cycle=cycle,
        arrivals=float(weights @ came),
    )


def _between(days: Ints, after: Ints, until: Ints) -> Floats:
    """Return how many days lie after one day and not after another, for each pair."""
    ordered = np.sort(days)
    found = np.searchsorted(ordered, until, side="right") - np.searchsorted(ordered, after, side="right")
    return found.astype(np.float64)


def _poisson(design: Floats, counts: Floats, weights: Floats) -> tuple[float, float]:
    """Return level and effect of a Poisson regression, the effect drawn to none (Newton's method)."""
    held = np.array([_LOOSE, _NO_EFFECT])
    mean = max(float(np.average(counts, weights=weights)), 1e-3)
    start = np.array([np.log(mean), 0.0])
    at = start.copy()
    for _ in range(_STEPS):
        expected = np.exp(np.clip(design @ at, -20, 20)) * weights
        slope = design.T @ (weights * counts - expected) - held * (at - start)
        step = np.linalg.solve(design.T @ (design * expected[:, None]) + np.diag(held), slope)
        at += np.clip(step, -1, 1)
    return float(at[0]), float(at[1])
