"""What is promised on two real lists of sales, one with a pattern of winning, the other without."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bench.public_data import LAST_DAY, MONTH_ENDS, deal_levels, deals, pipeline
from sheetfunnel.funnel.back_test import Told, told_on
from sheetfunnel.funnel.learning import learn
from sheetfunnel.funnel.ledger import ledger_of
from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.reading import tried
from sheetfunnel.funnel.score import wape
from sheetfunnel.funnel.scores import calibration_error, order, same_rows
from tests.funnel.rows import line
from tests.shared import needs_shared

pytestmark = needs_shared


def test_on_448_real_deals_the_chances_are_as_good_as_promised() -> None:
    rows, wins = deals()
    reading = deal_levels(rows)
    trial = tried(reading, same_rows(reading.levels), wins)
    assert (len(rows), len(rows[0])) == (448, 20)
    assert trial.log_loss <= 0.53
    assert np.mean([calibration_error(wins, each) for each in trial.chances]) <= 0.05
    assert np.mean([order(wins, each) for each in trial.chances]) >= 0.80
    assert trial.base_loss > 0.69
    assert trial.beats_the_base_rate


@pytest.fixture(scope="module")
def maven() -> list[SalesObjective]:
    """Return the pipeline of 8,800 rows."""
    return pipeline()


def test_in_a_pipeline_without_a_pattern_none_is_found(maven: list[SalesObjective]) -> None:
    criteria = [
        line("GTX Plus Basic; GTXPro", weight=4, column="product"),
        line("Darcel Schlecht; Moses Frase", weight=2, column="sales_agent"),
        line("Cancity; Isdom; Codehow; Hatfan", weight=3, column="account"),
    ]
    profile = learn(criteria, maven)
    assert not profile.usable
    assert profile.log_loss is not None
    assert profile.base_loss is not None
    assert profile.log_loss.value == pytest.approx(profile.base_loss.value, abs=0.02)


@pytest.fixture(scope="module")
def told(maven: list[SalesObjective]) -> Sequence[Told]:
    """Return what would have been told from the seven month ends, and what came."""
    ledger, chance = ledger_of(maven, Practice(), today=LAST_DAY), np.random.default_rng(1)
    found = [told_on(ledger, Practice(), day=day, chance=chance) for day in MONTH_ENDS]
    return [each for each in found if each is not None]


def test_the_next_30_days_are_told_with_less_than_half_the_error_of_plain_hazards(
    told: Sequence[Told],
) -> None:
    assert len(told) == 7
    assert sum(one.agreements_came for one in told) == 2083
    assert wape([(one.agreements.median, one.agreements_came) for one in told]) < 0.30
    assert wape([(one.income.median, one.income_came) for one in told]) < 0.30


def test_the_band_holds_four_of_five_outcomes_about(told: Sequence[Told]) -> None:
    hits = sum(one.agreements.holds(one.agreements_came) for one in told)
    assert 0.7 <= hits / len(told) <= 0.9
