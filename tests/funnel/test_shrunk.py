"""The logistic model that begins at a belief, beside scikit-learn and by its laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from sheetfunnel.funnel.shrunk import Belief, Floats, averaged, posterior
from tests.campaign import examples


def _cases(seed: int, rows: int = 60, columns: int = 4) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    design = chance.normal(size=(rows, columns))
    wins = (chance.random(rows) < 1 / (1 + np.exp(-design[:, 0]))).astype(np.float64)
    return design, wins


def _belief(mean: float, strength: float, columns: int = 4) -> Belief:
    return Belief(mean=np.full(columns, mean), strength=np.full(columns, strength))


@pytest.mark.parametrize("strength", [0.5, 3.0, 40.0])
def test_around_nothing_it_is_the_ridge_regression_of_scikit_learn(strength: float) -> None:
    design, wins = _cases(1)
    oracle = LogisticRegression(C=1 / strength, fit_intercept=False, tol=1e-10, max_iter=1000)
    oracle.fit(design, wins)
    ours = posterior(design, wins, _belief(0, strength)).coefficients
    assert ours == pytest.approx(oracle.coef_[0], abs=1e-5)


def test_without_cases_the_belief_stands() -> None:
    learnt = posterior(np.empty((0, 4)), np.empty(0), _belief(0.7, 2))
    assert learnt.coefficients == pytest.approx([0.7] * 4)


@given(st.integers(0, 99), st.floats(-2, 2))
@examples(short=20, full=200)
def test_the_stronger_the_belief_the_nearer_to_it(seed: int, mean: float) -> None:
    design, wins = _cases(seed, rows=20)
    away = [
        float(np.sum((posterior(design, wins, _belief(mean, held)).coefficients - mean) ** 2))
        for held in (0.1, 1, 10, 1000)
    ]
    assert away == sorted(away, reverse=True)


@given(st.integers(0, 99), st.floats(-50, 50), st.floats(0.01, 1000))
@examples(short=20, full=200)
def test_every_chance_lies_inside_0_and_1(seed: int, scale: float, strength: float) -> None:
    design, wins = _cases(seed)
    chances = posterior(design * scale, wins, _belief(0, strength)).chances(design * scale * 100)
    assert ((chances > 0) & (chances < 1)).all()


@given(st.integers(0, 99))
@examples(short=20, full=200)
def test_more_of_the_same_cases_leave_less_uncertain(seed: int) -> None:
    design, wins = _cases(seed, rows=20)
    once = posterior(design, wins, _belief(0, 1))
    often = posterior(np.tile(design, (5, 1)), np.tile(wins, 5), _belief(0, 1))
    assert np.linalg.slogdet(often.curvature)[1] > np.linalg.slogdet(once.curvature)[1]


def test_cases_that_winning_follows_from_speak_for_a_loose_belief_and_noise_for_a_tight_one() -> None:
    chance = np.random.default_rng(2)
    design = chance.normal(size=(200, 4))
    clear = (design[:, 0] > 0).astype(np.float64)
    noise = (chance.random(200) < 0.5).astype(np.float64)
    for wins, likelier in ((clear, 0), (noise, 1)):
        shares = averaged([posterior(design, wins, _belief(0, held)) for held in (0.5, 100)])
        assert shares.sum() == pytest.approx(1)
        assert int(shares.argmax()) == likelier
