"""What the program's judgement is measured against: the usual rules, each as simple as it is used."""

from __future__ import annotations

from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from sheetfunnel.funnel.ledger import Ledger
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.funnel.shrunk import chance

_SMOOTHED_BY: Final = 0.1
#: The best of 0.05, 0.1, 0.2 and 1, chosen by hand on the same deals: to its favour.
_RIDGE: Final = 0.1


def base_rate(levels: Floats, known: Ints, wins: Floats) -> Floats:
    """Return the share won of the known deals for every deal."""
    return np.full(len(levels), (wins.sum() + 0.5) / (len(known) + 1))


def naive_bayes(levels: Floats, known: Ints, wins: Floats) -> Floats:
    """Return the chances by naive Bayes, frequencies smoothed by 0.1, as Odoo's lead scoring does."""
    won, lost = wins.sum(), len(wins) - wins.sum()
    of_won = (levels[known].T @ wins + _SMOOTHED_BY) / (won + _SMOOTHED_BY)
    of_lost = (levels[known].T @ (1 - wins) + _SMOOTHED_BY) / (lost + _SMOOTHED_BY)
    return chance(np.log(won / lost) + levels @ np.log(of_won / of_lost))


def ridge(levels: Floats, known: Ints, wins: Floats) -> Floats:
    """Return the chances by ridge logistic regression (scikit-learn)."""
    model = LogisticRegression(C=_RIDGE, max_iter=1000).fit(levels[known], wins)
    return np.asarray(model.predict_proba(levels)[:, 1], dtype=np.float64)


def flat_pipeline(ledger: Ledger) -> float:
    """Return how many open objectives will be won if each has the chance that closed ones had, at once."""
    closed = ~ledger.open
    return float(ledger.open.sum() * ledger.won.sum() / max(int(closed.sum()), 1))


def plain_hazards(ledger: Ledger, days: int) -> float:
    """Return how many open objectives will be won within some days, by how often each age was."""
    ages = np.minimum(ledger.ended, ledger.today) - ledger.begun
    size = int(ages.max()) + days + 2
    at_risk = np.cumsum(np.bincount(ages, minlength=size)[::-1])[::-1]
    won = np.bincount(ages[ledger.won], minlength=size) / np.maximum(at_risk, 1)
    lost = np.bincount(ages[~ledger.open & ~ledger.won], minlength=size) / np.maximum(at_risk, 1)
    there = np.bincount(ages[ledger.open], minlength=size).astype(np.float64)
    expected = 0.0
    for _ in range(days):
        there = np.concatenate([[0.0], there[:-1]])
        expected += float(there @ won)
        there = there * (1 - won - lost)
    return expected
