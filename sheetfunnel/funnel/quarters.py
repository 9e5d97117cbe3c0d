"""The pace of each month of a quarter: many clients decide at its end, and some practices feel it.

It is believed in only where it would have told months better that were left out of its estimate.
"""

from __future__ import annotations

from math import lgamma
from typing import Final

import numpy as np

from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.values import unique

_PLACES: Final = 3
#: By how much months differ that nothing tells apart, as a part of their mean; as many months this weighs.
_USUAL_SPREAD: Final = 0.3
_USUAL_MONTHS: Final = 4.0
_LEAST_SPREAD: Final = 0.05
#: As many months with any number of ends as the belief in an even pace weighs, times their precision.
_EVEN: Final = 4.0
#: The log score that quarters have to gain on months left out: odds of twenty to one.
_CONVINCING: Final = 3.0
_FEWEST_EXPECTED: Final = 0.1


@unique
class Pace:
    """The factor of each place in a quarter, for young and older objectives, and its variance."""

    mean: Floats
    variance: Floats


EVEN: Final = Pace(mean=np.ones((_PLACES, 2)), variance=np.zeros((_PLACES, 2)))


@unique
class Counts:
    """Ends in each month, young and older objectives apart: those that came, and those that were expected."""

    came: Floats
    expected: Floats
    places: Ints

    @property
    def ratios(self) -> Floats:
        """How many times what was expected came."""
        ratios: Floats = self.came / self._at_least
        return ratios

    @property
    def precision(self) -> Floats:
        """How sure each ratio is: few ends say little, and no month more than months differ anyway."""
        precision: Floats = 1 / (_USUAL_SPREAD**2 + 1 / self._at_least)
        return precision

    @property
    def _at_least(self) -> Floats:
        return np.maximum(self.expected, _FEWEST_EXPECTED)

    def at(self, pace: Pace) -> Counts:
        """Return these counts with the pace expected too."""
        expected = self.expected * pace.mean[self.places]
        return Counts(came=self.came, expected=expected, places=self.places)

    def score(self, factors: Floats) -> float:
        """Return the log likelihood of what came with these factors, months varying as they usually do."""
        shape, mean = 1 / _USUAL_SPREAD**2, self._at_least * factors
        gammas = np.vectorize(lgamma)
        found = gammas(self.came + shape) + shape * np.log(shape / (shape + mean))
        return float((found + self.came * np.log(mean / (shape + mean))).sum())


def pace(counts: Counts) -> Pace:
    """Return the pace that some counts show, drawn to an even one."""
    weight, weighed = _weighed(counts)
    return Pace(mean=weighed / weight, variance=1 / weight)


def _weighed(counts: Counts) -> tuple[Floats, Floats]:
    """Return the weight of each place, and the weighed sum of its ratios, the belief included."""
    of_place = np.eye(_PLACES)[counts.places].T
    return of_place @ counts.precision + _EVEN, of_place @ (counts.precision * counts.ratios) + _EVEN


def _of_the_others(counts: Counts) -> Floats:
    """Return the factor of each month, as the other months of its place alone tell it."""
    weight, weighed = (table[counts.places] for table in _weighed(counts))
    factors: Floats = (weighed - counts.precision * counts.ratios) / (weight - counts.precision)
    return factors


def shows_quarters(won: Counts, lost: Counts) -> bool:
    """Return whether the pace of the other quarters would have told each month better than an even one."""
    gained = 0.0
    for counts in (won, lost):
        gained += counts.score(_of_the_others(counts)) - counts.score(np.ones_like(counts.came))
    return gained > _CONVINCING


def spread_of_months(counts: Counts) -> float:
    """Return by how much months differ beyond chance, as a part of their mean."""
    came, expected = counts.came.sum(axis=1), np.maximum(counts.expected.sum(axis=1), _FEWEST_EXPECTED)
    weight = 1 / (1 + 1 / (expected * _USUAL_SPREAD**2))
    beyond = (came / expected - 1) ** 2 - 1 / expected
    variance = (_USUAL_MONTHS * _USUAL_SPREAD**2 + weight @ beyond) / (_USUAL_MONTHS + weight.sum())
    return float(np.sqrt(max(variance, _LEAST_SPREAD**2)))
