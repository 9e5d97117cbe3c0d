"""The days ahead, cut into stretches, and when an objective is won in them, if it is."""

from __future__ import annotations

import numpy as np

from sheetfunnel.funnel.hazards import Hazards
from sheetfunnel.funnel.ledger import Marks
from sheetfunnel.funnel.quarters import Pace
from sheetfunnel.funnel.records import OLDEST, position
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.values import unique


@unique
class Stretches:
    """The time ahead, cut into stretches of days; ``ends`` holds the last day of each, as an ordinal."""

    today: int
    ends: Ints

    @property
    def days(self) -> Ints:
        """The days ahead, counted from today: tomorrow is 1."""
        return np.arange(1, int(self.ends[-1]) - self.today + 1, dtype=np.int64)

    @property
    def places(self) -> Ints:
        """The place of each day's month in its quarter."""
        return np.array([position(self.today + int(day)) for day in self.days], dtype=np.int64)

    def summed(self, by_day: Floats) -> Floats:
        """Return sums by stretch of what is given by day (along the last axis)."""
        starts = np.concatenate([[0], self.ends[:-1] - self.today])
        sums: Floats = np.add.reduceat(by_day, starts, axis=-1)
        return sums


@unique
class Paced:
    """Chances per day by place in a quarter, service and age."""

    won: Floats
    lost: Floats
    young: Marks

    def agreed(
        self, service: Ints, ages: Ints, ready: Floats | float = 1.0, *, stretches: Stretches
    ) -> Floats:
        """Return the chance of each row to be won in each stretch, (2 ages, rows, stretches).

        ``service``, ``ages`` and ``ready`` (the factor of each row) are by row and day ahead; those of
        negative age have not begun.
        """
        young, by_day = self.agreed_on(service, ages, ready, stretches=stretches)
        return np.stack([stretches.summed(by_day * young), stretches.summed(by_day * ~young)])

    def agreed_on(
        self, service: Ints, ages: Ints, ready: Floats | float = 1.0, *, stretches: Stretches
    ) -> tuple[Marks, Floats]:
        """Return the chance of each row to be won on each day, and whether it is young then."""
        at = np.clip(ages, 0, OLDEST - 1)
        there, places = ages >= 0, stretches.places[None, :]
        won = np.minimum(self.won[places, service, at] * ready, 1 / 2) * there
        lost = self.lost[places, service, at] * there
        still = np.cumprod(1 - won - lost, axis=1)
        before = np.concatenate([np.ones((len(still), 1)), still[:, :-1]], axis=1)
        return self.young[service, at], before * won


def at_pace(hazards: Hazards) -> Paced:
    """Return the chances per day in each month of a quarter."""
    return Paced(
        won=_paced(hazards.won, hazards.won_pace, hazards.young),
        lost=_paced(hazards.lost, hazards.lost_pace, hazards.young),
        young=hazards.young,
    )


def _paced(table: Floats, pace: Pace, young: Marks) -> Floats:
    return np.stack([np.minimum(table * np.where(young, *factors), 1 / 2) for factors in pace.mean])
