"""By how much each stage is nearer to agreement than all objectives of the same age are, as History shows it.

Every four weeks of the past are looked back at: what stood in which stage then, how much of it was agreed
within one normal cycle, and how much age alone would have told.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sheetfunnel.funnel.hazards import Hazards
from sheetfunnel.funnel.ledger import Ledger
from sheetfunnel.funnel.moves import STAGES
from sheetfunnel.funnel.records import OLDEST
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.values import unique

#: What is believed of each stage before History shows it, and as many agreements as this weighs.
_BELIEVED: Final = np.array([0.3, 0.7, 1.0, 2.0, 1.0])
_WEIGHT: Final = 5.0
_EVERY: Final = 28
_LOOKS: Final = 26


def readiness(ledger: Ledger, hazards: Hazards) -> Floats:
    """Return the factor of each stage, by its place.

    While History shows little, stages tell which of the open ones will be won, and not that more will be.
    """
    rows = np.flatnonzero(ledger.open)
    by_age = _by_age(ledger, hazards)
    still = _summed(ledger.stage[rows], by_age.chances(rows, ledger.today, by_age.cycles[rows]))
    together = float(still @ _BELIEVED)
    believed = _BELIEVED * (float(still.sum()) / together if together else 1.0)
    came, expected = _looked_back(by_age)
    ready: Floats = (came + _WEIGHT * believed) / (expected + _WEIGHT)
    return ready


def _looked_back(by_age: _ByAge) -> tuple[Floats, Floats]:
    """Return the agreements of each stage, and those that age alone would have told."""
    ledger = by_age.ledger
    came, expected = np.zeros(len(STAGES)), np.zeros(len(STAGES))
    if not len(ledger.moves.row):
        return came, expected
    first = max(int(ledger.moves.day.min()), ledger.today - _LOOKS * _EVERY)
    for day in range(ledger.today - _EVERY, first, -_EVERY):
        rows = np.flatnonzero((ledger.begun <= day) & (ledger.ended > day))
        stage = ledger.moves.stage_on(rows, day)
        followed = np.minimum(by_age.cycles[rows], ledger.today - day)
        won = ledger.won[rows] & (ledger.ended[rows] <= day + followed)
        # Each objective is met at several looks, and should count about once.
        once = _EVERY / by_age.cycles[rows]
        came += _summed(stage, won * once)
        expected += _summed(stage, by_age.chances(rows, day, followed) * once)
    return came, expected


def _summed(stage: Ints, amounts: Floats) -> Floats:
    return np.bincount(stage, weights=amounts, minlength=len(STAGES)).astype(np.float64)


@unique
class _ByAge:
    """What age alone tells."""

    ledger: Ledger
    cycles: Ints
    still: Floats
    won: Floats

    def chances(self, rows: Ints, day: int, within: Ints) -> Floats:
        """Return the chance of rows that are open on a day to be won within so many days."""
        still, won = self.still, self.won
        service, age = self.ledger.service[rows], np.minimum(day - self.ledger.begun[rows], OLDEST - 1)
        then = np.minimum(age + within, OLDEST - 1)
        chances: Floats = (won[service, then] - won[service, age]) / np.maximum(still[service, age], 1e-9)
        return chances


def _by_age(ledger: Ledger, hazards: Hazards) -> _ByAge:
    still = np.cumprod(1 - hazards.won - hazards.lost, axis=1)
    before = np.pad(still, ((0, 0), (1, 0)), constant_values=1)[:, :-1]
    return _ByAge(
        ledger=ledger,
        cycles=hazards.days[ledger.service].astype(np.int64),
        still=np.asarray(still, dtype=np.float64),
        won=np.asarray(np.cumsum(before * hazards.won, axis=1), dtype=np.float64),
    )
