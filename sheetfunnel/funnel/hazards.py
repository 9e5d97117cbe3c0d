"""The chance per day that an objective of some age is won, or ends otherwise (competing risks).

Discrete time in days, one curve per service, smoothed over ages and drawn to a belief made of the normal
cycle and of how often sales are won, for as long as there are few. Where quarters show in months that were
left out of the estimate, each month of a quarter has a pace of its own, for young and for older objectives.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sheetfunnel.funnel.cycle import TYPED_WEIGHT
from sheetfunnel.funnel.figures import BELIEVED_CHANCE, BELIEVED_SALES
from sheetfunnel.funnel.ledger import Ledger, Marks
from sheetfunnel.funnel.quarters import EVEN, Counts, Pace, pace, shows_quarters, spread_of_months
from sheetfunnel.funnel.records import OLDEST, Record, record
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.values import unique

#: Pace and curves are estimated in turn; by then they stand.
_ROUNDS: Final = 5


@unique
class Hazards:
    """Chances per day by service and age in days, and the pace of the months of a quarter.

    ``days`` is the cycle of each service, ``young`` marks the ages under half of it, ``spread`` is by how
    much months differ beyond chance, as a part of their mean; ``chance`` is that of a sale to be won at all.
    """

    won: Floats
    lost: Floats
    days: Floats
    young: Marks
    won_pace: Pace
    lost_pace: Pace
    spread: float
    chance: float
    agreements: int


def hazards(ledger: Ledger, days: Floats) -> Hazards:
    """Return the chances per day that a ledger shows; ``days`` is the normal cycle of each service."""
    seen = record(ledger)
    wins, ends = float(seen.won.sum()), float(seen.won.sum() + seen.lost.sum())
    chance = (wins + BELIEVED_SALES * BELIEVED_CHANCE) / (ends + BELIEVED_SALES)
    estimate = _Estimate(seen=seen, belief=_Belief(days=days, chance=chance))
    won_pace, lost_pace = EVEN, EVEN
    won, lost = estimate.counts(seen.won, EVEN, chance), estimate.counts(seen.lost, EVEN, 1 - chance)
    if shows_quarters(won, lost):
        for _ in range(_ROUNDS):
            won_pace, lost_pace = pace(won), pace(lost)
            won = estimate.counts(seen.won, won_pace, chance)
            lost = estimate.counts(seen.lost, lost_pace, 1 - chance)
    return Hazards(
        won=estimate.curves(seen.won, won_pace, chance),
        lost=estimate.curves(seen.lost, lost_pace, 1 - chance),
        days=days,
        young=estimate.belief.young,
        won_pace=won_pace,
        lost_pace=lost_pace,
        spread=spread_of_months(won.at(won_pace)),
        chance=chance,
        agreements=int(wins),
    )


@unique
class _Belief:
    """What is held of every service before its sales are looked at: half of them end within the cycle.

    The chance to end rises until then, and falls later as slowly as it rose: what is long overdue is rarely
    won.
    """

    days: Floats
    chance: float

    @property
    def _in_cycles(self) -> Floats:
        ages: Floats = np.asarray((np.arange(OLDEST)[None, :] + 0.5) / self.days[:, None])
        return ages

    @property
    def young(self) -> Marks:
        marks: Marks = self._in_cycles < 1 / 2
        return marks

    @property
    def ends(self) -> Floats:
        """The chance per day to end."""
        ages = self._in_cycles
        per_day: Floats = 2 * np.log(2) * np.minimum(ages, 1 / ages) / self.days[:, None]
        return np.minimum(per_day, 1 / 2)

    @property
    def at_risk(self) -> Floats:
        """The days at risk at each age of as many sales as it takes for the agreements that it weighs."""
        left: Floats = np.asarray(np.cumprod(1 - self.ends, axis=1), dtype=np.float64)
        return TYPED_WEIGHT / self.chance * left


@unique
class _Estimate:
    seen: Record
    belief: _Belief

    @property
    def _places(self) -> Ints:
        return np.array([month.position for month in self.seen.months], dtype=np.int64)

    def curves(self, ends: Floats, at: Pace, share: float) -> Floats:
        """Return the chance per day by service and age; ``share`` is that of such ends among all."""
        came, at_risk = ends.sum(axis=1), self._at_risk(at)
        width = self._widths(came.sum(axis=1))
        believed = self.belief.at_risk
        above = _smooth(came, width) + believed * self.belief.ends * share
        below = _smooth(at_risk, width) + believed
        curves: Floats = np.minimum(above / below, 1 / 2)
        return curves

    def counts(self, ends: Floats, at: Pace, share: float) -> Counts:
        """Return what came in each month beside what the curves alone say."""
        expected = self.seen.at_risk * self.curves(ends, at, share)[:, None, :]
        return Counts(came=self._by_age(ends), expected=self._by_age(expected), places=self._places)

    def _by_age(self, table: Floats) -> Floats:
        young = (table * self.belief.young[:, None, :]).sum(axis=(0, 2))
        return np.column_stack([young, table.sum(axis=(0, 2)) - young])

    def _at_risk(self, at: Pace) -> Floats:
        """Return the days at risk by service and age; those of a quick month count for more."""
        young = self.belief.young
        of_young, of_old = (
            np.tensordot(factors, self.seen.at_risk, axes=(0, 1)) for factors in at.mean[self._places].T
        )
        return np.where(young, of_young, of_old)

    def _widths(self, came: Floats) -> Floats:
        """Return over how many days to each side ages are taken together: the fewer ends, the more."""
        wide = self.belief.days / 2 / np.cbrt(np.maximum(came, 1))
        widths: Floats = np.clip(np.rint(wide), 1, np.maximum(self.belief.days / 3, 1))
        return widths


def _smooth(table: Floats, widths: Floats) -> Floats:
    """Return the sums over so many days to each side, divided by as many days as were taken together."""
    reach = np.arange(OLDEST)
    sums = np.pad(np.cumsum(table, axis=1), ((0, 0), (1, 0)))
    low = np.maximum(reach[None, :] - widths[:, None], 0).astype(np.int64)
    high = np.minimum(reach[None, :] + widths[:, None] + 1, OLDEST).astype(np.int64)
    taken = np.take_along_axis(sums, high, axis=1) - np.take_along_axis(sums, low, axis=1)
    mean: Floats = taken / (2 * widths[:, None] + 1)
    return mean
