"""Two ways of reading closed deals for the model of winning: by the typed criteria, or by what columns hold.

Both end in one column that points where winning is believed to lie (the *direction*), and one column for
each trait that may correct it. What is unknown stands at the middle of what is known, and so says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from sheetfunnel.funnel.scores import Floats, Ints, folds, losses
from sheetfunnel.funnel.shrunk import Belief, Posterior, averaged, posterior
from sheetfunnel.values import unique

#: As many deals as the overall chance weighs against what the deals with one trait did.
_PULL: Final = 5.0
#: What is believed of the intercept: nothing but that no chance is far from what was seen.
_LOOSE: Final = 1e-2
#: Gains of so many standard errors are believed: on made noise of 12 deals and more one list in ten has them.
_CLEARLY: Final = 1.3
#: A gain of less than this part of the base rate's loss is of no use to anybody, however sure it is.
_WORTH: Final = 0.01


class Reading(Protocol):
    """A table of deals, from which some are learnt and others are judged.

    ``slope`` is what is believed of the direction's coefficient, mean and strength; ``strengths`` are those
    with which the traits may be held at 0.
    """

    @property
    def slope(self) -> tuple[float, float]: ...  # noqa: D102 - above
    @property
    def strengths(self) -> Sequence[float]: ...  # noqa: D102 - above

    def columns(self, known: Ints, wins: Floats) -> Floats:
        """Return the columns of all deals, made from the ``known`` rows and how they ended only."""
        ...


@unique
class ByCriteria:
    """Deals graded 0 to 1 by criteria, NaN where unknown; ``weights`` are the typed ones.

    The direction is the typed fit, 0 to 1. The odds of a client who meets everything are
    believed to be e² = 7 times those of one who meets nothing, give or take half
    of that in the logarithm.
    """

    grades: Floats
    weights: Floats

    @property
    def slope(self) -> tuple[float, float]:
        """Return what is believed of the direction."""
        return 2.0, 1.0

    @property
    def strengths(self) -> Sequence[float]:
        """Return how strongly a criterion may be held at its typed weight."""
        return 2.0, 8.0, 32.0, 128.0

    def columns(self, known: Ints, wins: Floats) -> Floats:
        """Return the typed fit, and each grade, around the middle of the known rows."""
        del wins
        middle = _middles(self.grades[known])
        grades = np.where(np.isnan(self.grades), middle, self.grades) - middle
        return np.column_stack([grades @ (self.weights / self.weights.sum()), grades])


@unique
class ByLevels:
    """Deals by which value each trait has: one column of 0 and 1 for each value of each trait.

    A value that is not known is a value of its own. The direction adds up what the deals with each value
    did on their own, drawn to the overall chance, without the deal that is judged: so it does not praise
    itself. As traits overlap, half of that is believed.
    """

    levels: Floats

    @property
    def slope(self) -> tuple[float, float]:
        """Return what is believed of the direction."""
        return 0.5, 16.0

    @property
    def strengths(self) -> Sequence[float]:
        """Return how strongly the values may be held at what they say on their own."""
        return 8.0, 16.0, 32.0, 64.0, 128.0

    def columns(self, known: Ints, wins: Floats) -> Floats:
        """Return the direction, and each value, around the middle of the known rows."""
        learnt = self.levels[known]
        won, met = learnt.T @ wins, learnt.sum(axis=0)
        overall = np.array((wins.sum() + 0.5) / (len(wins) + 1))
        direction = self.levels @ _told(won, met, overall)
        of_others = ((wins.sum() - wins + 0.5) / len(wins))[:, None]
        others = _told(won - learnt * wins[:, None], met - learnt, of_others)
        direction[known] = (learnt * others).sum(axis=1)
        columns: Floats = np.column_stack([direction, self.levels])
        around: Floats = columns - columns[known].mean(axis=0)
        return around


def _told(won: Floats, met: Floats, overall: Floats) -> Floats:
    """Return by how much the log odds of winning move with a value, from how often it was met and won."""
    chances = (won + _PULL * overall) / (met + _PULL)
    moved: Floats = np.log(chances / (1 - chances)) - np.log(overall / (1 - overall))
    return moved


def _middles(grades: Floats) -> Floats:
    known = ~np.isnan(grades)
    middles: Floats = np.nansum(grades, axis=0) / np.maximum(known.sum(axis=0), 1)
    return middles


@unique
class Learnt:
    """The model after the known rows: its posteriors by strength, how much each counts, and the design."""

    posteriors: tuple[Posterior, ...]
    shares: Floats
    design: Floats

    @property
    def coefficients(self) -> Floats:
        """The coefficients: intercept, direction, traits."""
        mean: Floats = self.shares @ np.array([one.coefficients for one in self.posteriors])
        return mean

    def chances(self, rows: Ints) -> Floats:
        """Return the chance of winning of these rows."""
        chances: Floats = self.shares @ np.array([one.chances(self.design[rows]) for one in self.posteriors])
        return chances


def learn_from(reading: Reading, known: Ints, wins: Floats) -> Learnt:
    """Return the model that the ``known`` rows make, of which ``wins`` says how they ended (1 or 0)."""
    columns = reading.columns(known, wins)
    design = np.column_stack([np.ones(len(columns)), columns])
    learnt = tuple(
        posterior(design[known], wins, _belief(reading, design.shape[1], strength))
        for strength in reading.strengths
    )
    return Learnt(posteriors=learnt, shares=averaged(learnt), design=design)


def _belief(reading: Reading, columns: int, strength: float) -> Belief:
    mean, held = np.zeros(columns), np.full(columns, strength, dtype=np.float64)
    mean[1], held[1] = reading.slope
    held[0] = _LOOSE
    return Belief(mean=mean, strength=held)


@unique
class Trial:
    """Chances given to deals that were not learnt from, and those of the bare base rate, one row a repeat."""

    groups: Ints
    wins: Floats
    chances: Floats
    base: Floats

    @property
    def log_loss(self) -> float:
        """The mean log loss of a deal."""
        return float(losses(self.wins, self.chances).mean())

    @property
    def base_loss(self) -> float:
        """The mean log loss of a deal if each is given the overall chance."""
        return float(losses(self.wins, self.base).mean())

    @property
    def beats_the_base_rate(self) -> bool:
        """Whether the gain is clearly above 0, and worth anything; on noise once in ten times at most."""
        worth = self.base_loss - self.log_loss > _WORTH * self.base_loss
        return worth and stands_out(self.gains, self.groups)

    @property
    def gains(self) -> Floats:
        """By how much the log loss of each deal was lower than with the base rate."""
        gains: Floats = np.mean(losses(self.wins, self.base) - losses(self.wins, self.chances), axis=0)
        return gains


def tried(reading: Reading, groups: Ints, wins: Floats, *, repeats: int = 5, count: int = 5) -> Trial:
    """Return what the model says of each deal when it has learnt from the others only.

    Deals of one group (the same in all that is looked at) are tried together. The folds are the same on every
    run, and do not depend on the order of the deals.
    """
    chances, base = np.empty((repeats, len(wins))), np.empty((repeats, len(wins)))
    for repeat in range(repeats):
        for known, rest in folds(groups, count, np.random.default_rng(repeat)):
            chances[repeat, rest] = learn_from(reading, known, wins[known]).chances(rest)
            base[repeat, rest] = (wins[known].sum() + 0.5) / (len(known) + 1)
    return Trial(groups=groups, wins=wins, chances=chances, base=base)


def stands_out(gains: Floats, groups: Ints) -> bool:
    """Return whether the gains lie clearly above 0, by their standard error, equal deals as one case."""
    each = np.bincount(np.unique(groups, return_inverse=True)[1], weights=gains)
    error = float(each.std() * np.sqrt(len(each)))
    return float(each.sum()) > _CLEARLY * error
