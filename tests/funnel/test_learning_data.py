"""Learning on two real lists of sales, of which one has a pattern and the other has none."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from sheetfunnel.funnel.learning import learn
from sheetfunnel.funnel.levels import by_levels
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.reading import tried
from sheetfunnel.funnel.scores import calibration_error, order, same_rows
from tests.funnel.rows import line
from tests.shared import DATA, needs_shared

pytestmark = needs_shared


def test_on_448_real_deals_the_chances_are_as_good_as_promised() -> None:
    with (DATA / "salvirt" / "deals.csv").open(encoding="utf-8", newline="") as file:
        deals = list(csv.DictReader(file, delimiter=";"))
    columns = [name for name in deals[0] if name not in {"Product", "Seller", "Status"}]
    reading = by_levels([[deal[name] for deal in deals] for name in columns])
    wins = np.array([deal["Status"] == "Won" for deal in deals], dtype=np.float64)
    trial = tried(reading, same_rows(reading.levels), wins)
    assert len(columns) == 20
    assert trial.log_loss <= 0.53
    assert np.mean([calibration_error(wins, each) for each in trial.chances]) <= 0.05
    assert np.mean([order(wins, each) for each in trial.chances]) >= 0.80
    assert trial.base_loss > 0.69
    assert trial.beats_the_base_rate


@pytest.fixture(scope="module")
def pipeline() -> list[SalesObjective]:
    """Return the closed deals of a pipeline whose outcomes follow from nothing that is written there."""
    with (DATA / "adopt" / "maven_crm_iso" / "sales_pipeline.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["close_date"]]
    return [
        SalesObjective(
            key=row["opportunity_id"],
            outcome=Outcome(row["deal_stage"].lower()),
            traits={name: row[name] for name in ("product", "sales_agent", "account")},
        )
        for row in rows
    ]


def test_in_a_pipeline_without_a_pattern_none_is_found(pipeline: list[SalesObjective]) -> None:
    criteria = [
        line("GTX Plus Basic; GTXPro", weight=4, column="product"),
        line("Darcel Schlecht; Moses Frase", weight=2, column="sales_agent"),
        line("Cancity; Isdom; Codehow; Hatfan", weight=3, column="account"),
    ]
    profile = learn(criteria, pipeline)
    assert not profile.usable
    assert profile.log_loss is not None
    assert profile.log_loss.value == pytest.approx(0.658, abs=0.01)
