"""The pace of the months of a quarter: believed in where it shows, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from sheetfunnel.funnel.quarters import Counts, pace, shows_quarters, spread_of_months


def _counts(factors: list[float], *, months: int = 12, each: float = 40, seed: int = 1) -> Counts:
    places = np.arange(months) % 3
    expected = np.full((months, 2), each)
    came = np.random.default_rng(seed).poisson(expected * np.array(factors)[places][:, None])
    return Counts(came=came.astype(np.float64), expected=expected, places=places)


def test_a_rush_at_the_end_of_quarters_is_found() -> None:
    won, lost = _counts([0.4, 0.8, 1.8]), _counts([1, 1, 1], seed=2)
    assert shows_quarters(won, lost)
    assert pace(won).mean[:, 0] == pytest.approx([0.4, 0.8, 1.8], abs=0.25)


@pytest.mark.parametrize("each", [0.5, 5.0, 50.0])
def test_even_months_are_taken_for_quarters_once_in_twenty_times_at_most(each: float) -> None:
    taken = [
        shows_quarters(
            _counts([1, 1, 1], seed=seed, each=each), _counts([1, 1, 1], seed=seed + 999, each=each)
        )
        for seed in range(100)
    ]
    assert sum(taken) <= 5


def test_three_months_show_no_quarter_however_they_differ() -> None:
    won = _counts([0.1, 1, 3], months=3)
    assert not shows_quarters(won, won)


def test_few_ends_leave_the_pace_near_even_and_unsure() -> None:
    places, factors = np.arange(12) % 3, np.array([0.4, 0.8, 1.8])
    few, many = (
        pace(Counts(came=expected * factors[places][:, None], expected=expected, places=places))
        for expected in (np.full((12, 2), 0.5), np.full((12, 2), 100.0))
    )
    assert (np.abs(few.mean - 1) < np.abs(many.mean - 1)).all()
    assert few.variance.min() > many.variance.max()


def test_months_that_vary_more_than_chance_widen_what_is_told() -> None:
    calm, wild = _counts([1, 1, 1], each=200), _counts([0.3, 1, 1.7], each=200)
    assert spread_of_months(calm) < 0.3 < spread_of_months(wild)
