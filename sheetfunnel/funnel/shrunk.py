"""Logistic regression that begins at a belief and leaves it as far as the cases ask for.

The belief is a normal prior on each coefficient. How strongly the cases are held to it is not chosen by
hand: each strength is weighed by its evidence (Laplace's approximation of the marginal likelihood, MacKay
1992), and the chances are averaged over what is still uncertain, so that few cases never speak loudly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sheetfunnel.values import unique

Floats: TypeAlias = npt.NDArray[np.float64]

_STEPS: Final = 50
_HALVINGS: Final = 12
_CLOSE: Final = 1e-9
#: Beyond this a chance cannot be told from 0 or 1.
_FARTHEST: Final = 30.0


@unique
class Belief:
    """What is held of the coefficients beforehand: ``mean``, and ``strength`` (1 / variance) of each."""

    mean: Floats
    strength: Floats


@unique
class Posterior:
    """The coefficients after the cases, their curvature, and the log evidence for the belief."""

    coefficients: Floats
    curvature: Floats
    evidence: float

    def chances(self, design: Floats) -> Floats:
        """Return the chance of each row, drawn to the middle by what is uncertain (MacKay's average)."""
        spread = np.einsum("ij,ji->i", design, np.linalg.solve(self.curvature, design.T))
        return chance(design @ self.coefficients / np.sqrt(1 + np.pi * spread / 8))


def chance(logits: Floats) -> Floats:
    """Return the chances of log odds, inside (0, 1)."""
    inside: Floats = 1 / (1 + np.exp(-np.clip(logits, -_FARTHEST, _FARTHEST)))
    return inside


def posterior(design: Floats, wins: Floats, belief: Belief) -> Posterior:
    """Return the coefficients of largest posterior density; ``wins`` holds 0 or 1 for each row of ``design``.

    Newton's method with halved steps: the density has one peak, and each step goes uphill.
    """
    hill = _Hill(design=design, wins=wins, belief=belief)
    at, height = belief.mean, hill.height(belief.mean)
    for _ in range(_STEPS):
        step: Floats = np.asarray(np.linalg.solve(*hill.curvature_and_slope(at)), dtype=np.float64)
        before = height
        at, height = _uphill(hill, at, step, height)
        if height - before < _CLOSE:
            break
    curvature, _ = hill.curvature_and_slope(at)
    volume = np.log(belief.strength).sum() - np.linalg.slogdet(curvature)[1]
    return Posterior(coefficients=at, curvature=curvature, evidence=float(height + volume / 2))


def averaged(posteriors: Sequence[Posterior]) -> Floats:
    """Return how much each posterior counts, by its evidence; together 1."""
    evidence = np.array([one.evidence for one in posteriors])
    weights = np.exp(evidence - evidence.max())
    shares: Floats = weights / weights.sum()
    return shares


@unique
class _Hill:
    """The log density of the coefficients, given the cases and the belief."""

    design: Floats
    wins: Floats
    belief: Belief

    def height(self, at: Floats) -> float:
        logits, away = self.design @ at, at - self.belief.mean
        return float(self.wins @ logits - np.logaddexp(0, logits).sum() - self.belief.strength @ away**2 / 2)

    def curvature_and_slope(self, at: Floats) -> tuple[Floats, Floats]:
        chances = chance(self.design @ at)
        weighed = self.design * (chances * (1 - chances))[:, None]
        uphill = self.design.T @ (self.wins - chances) - self.belief.strength * (at - self.belief.mean)
        return self.design.T @ weighed + np.diag(self.belief.strength), uphill


def _uphill(hill: _Hill, at: Floats, step: Floats, height: float) -> tuple[Floats, float]:
    """Return where a step leads that is halved until it goes uphill from ``height``, and how high that is."""
    for halving in range(_HALVINGS):
        there = at + step / 2**halving
        higher = hill.height(there)
        if higher >= height:
            return there, higher
    return at, height
