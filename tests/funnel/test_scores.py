"""How chances are judged, beside scikit-learn; and the folds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss, roc_auc_score

from sheetfunnel.funnel.scores import calibration_error, folds, losses, order, same_rows
from tests.campaign import examples

_PAIRS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9])), min_size=4)


@given(_PAIRS)
@examples(short=30, full=300)
def test_loss_and_order_are_those_of_scikit_learn(pairs: list[tuple[bool, float]]) -> None:
    wins, chances = np.array(pairs, dtype=np.float64).T
    assert losses(wins, chances).mean() == pytest.approx(log_loss(wins, chances, labels=[0, 1]))
    expected = roc_auc_score(wins, chances) if 0 < wins.sum() < len(wins) else 0.5
    assert order(wins, chances) == pytest.approx(expected)


def test_calibration_worked_by_hand() -> None:
    # Two at 0.25, of which one won: 0.25 apart; two at 0.95, both won: 0.05 apart.
    wins, chances = np.array([1.0, 0, 1, 1]), np.array([0.25, 0.25, 0.95, 0.95])
    assert calibration_error(wins, chances) == pytest.approx((2 * 0.25 + 2 * 0.05) / 4)


@given(st.lists(st.integers(0, 9), min_size=2), st.integers(2, 6), st.integers(0, 9))
@examples(short=30, full=300)
def test_each_row_is_tried_once_and_never_learnt_from_with_its_group(
    numbers: list[int], count: int, seed: int
) -> None:
    groups = np.array(numbers, dtype=np.int64)
    tried: list[int] = []
    for known, rest in folds(groups, count, np.random.default_rng(seed)):
        assert not set(groups[known]) & set(groups[rest])
        tried += rest.tolist()
    assert sorted(tried) == list(range(len(numbers)))


def test_rows_are_the_same_when_all_that_is_known_of_them_is() -> None:
    table = np.array([[1, np.nan], [0, 1], [1, np.nan], [1, 0]])
    numbers = same_rows(table)
    assert numbers[0] == numbers[2]
    assert len(set(numbers)) == 3
