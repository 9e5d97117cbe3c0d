"""How good chances are beside what came: log loss, calibration, order; and the folds to try them on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

_TENTHS: Final = 10


def losses(wins: Floats, chances: Floats) -> Floats:
    """Return the log loss of each case, in natural units (lower is better)."""
    each: Floats = -np.log(np.where(wins > 0, chances, 1 - chances))
    return each


def calibration_error(wins: Floats, chances: Floats) -> float:
    """Return the expected calibration error over ten bins of equal width, 0 to 1."""
    bins = np.minimum((chances * _TENTHS).astype(int), _TENTHS - 1)
    gaps = np.bincount(bins, weights=chances - wins, minlength=_TENTHS)
    return float(np.abs(gaps).sum() / len(wins))


def order(wins: Floats, chances: Floats) -> float:
    """Return the area under the curve (AUC): how often a case won stands above one that was not."""
    _, ranks, counts = np.unique(chances, return_inverse=True, return_counts=True)
    middle = (np.cumsum(counts) - (counts - 1) / 2)[ranks]
    won = wins.sum()
    if won in {0, len(wins)}:
        return 0.5
    return float((middle @ wins - won * (won + 1) / 2) / (won * (len(wins) - won)))


def same_rows(table: Floats) -> Ints:
    """Return a number for each row, the same for rows that are equal, whatever the order of the rows."""
    filled = np.where(np.isnan(table), np.inf, table)
    _, numbers = np.unique(filled, axis=0, return_inverse=True)
    return numbers.reshape(-1).astype(np.int64)


def folds(groups: Ints, count: int, chance: np.random.Generator) -> Iterator[tuple[Ints, Ints]]:
    """Yield (to learn from, to try on) ``count`` times; rows of one group are never on both sides."""
    numbers = np.unique(groups)
    fold_of = np.empty(len(numbers), dtype=np.int64)
    fold_of[chance.permutation(len(numbers))] = np.arange(len(numbers)) % count
    of_rows = fold_of[np.searchsorted(numbers, groups)]
    for fold in range(min(count, len(numbers))):
        yield np.flatnonzero(of_rows != fold), np.flatnonzero(of_rows == fold)
