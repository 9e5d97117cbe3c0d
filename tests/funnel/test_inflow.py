"""How many objectives begin, and what being busy does to that; and how near to agreement each stage is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.hazards import hazards
from sheetfunnel.funnel.history import StageChange
from sheetfunnel.funnel.inflow import inflow
from sheetfunnel.funnel.ledger import Ledger, ledger_of
from sheetfunnel.funnel.moves import STAGES, moves_of
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.readiness import readiness
from sheetfunnel.funnel.records import cycle_days
from sheetfunnel.simulation.books import ledger_at
from sheetfunnel.simulation.policies import life
from tests.campaign import examples
from tests.funnel.pipelines import begun, ledger, pipeline
from tests.funnel.rows import TODAY, in_days


def test_an_even_inflow_is_found_and_being_busy_changes_little() -> None:
    found = inflow(ledger(pipeline(every=5)), 60)
    assert found.usual == pytest.approx(1 / 5, rel=0.15)
    assert abs(found.busy) < 0.4
    assert found.a_day(found.agreements) == pytest.approx(found.usual)


def test_whoever_explores_when_idle_is_seen_to_begin_less_after_a_busy_cycle() -> None:
    effects = []
    for policy in ("idle", "allocation"):
        lived = life(policy, 1)
        lived.live(200)
        effects.append(inflow(ledger_at(lived, 180), 75).busy)
    idle, steady = effects
    assert idle < -0.5
    assert idle < steady - 0.3


@given(st.integers(0, 99), st.floats(0, 1000))
@examples(short=20, full=200)
def test_an_inflow_is_never_below_nothing_nor_above_three_times_what_is_usual(seed: int, busy: float) -> None:
    found = inflow(ledger(pipeline(seed=seed, days=400)), 60)
    assert 0 <= found.a_day(busy) <= 3 * found.usual + 1e-9


def test_nothing_begun_is_no_inflow() -> None:
    assert inflow(ledger([]), 60).a_day(5) == 0


def test_without_agreements_being_busy_says_nothing() -> None:
    found = inflow(ledger([begun(f"{n}", 10 * n) for n in range(20)]), 60)
    assert found.busy == 0
    assert found.a_day(0) == found.a_day(9) == found.usual


def _kept(rows: list[SalesObjective], *, won_from: Stage) -> Ledger:
    """Return a ledger in which won ones stood in one stage for their last ten days, all others Above."""
    changes = []
    for row in rows:
        assert row.first_contact is not None
        changes.append(StageChange(key=row.key, on=row.first_contact, stage=Stage.ABOVE))
        if row.outcome is Outcome.WON and row.closed_on is not None:
            near = max(row.closed_on - timedelta(days=30), row.first_contact)
            changes.append(StageChange(key=row.key, on=near, stage=won_from))
    return ledger_of(rows, Practice(), today=TODAY, changes=changes, stage_of=_above)


def _above(objective: SalesObjective) -> Stage:
    del objective
    return Stage.ABOVE


def _ready(book: Ledger) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return readiness(book, hazards(book, cycle_days(book, Practice())))


def test_a_stage_from_which_most_is_won_is_nearer_to_agreement() -> None:
    ready = _ready(_kept(pipeline(), won_from=Stage.BEST_FEW))
    assert ready[STAGES[Stage.BEST_FEW]] > 1.3
    assert ready[STAGES[Stage.ABOVE]] < 1
    assert (ready > 0).all()


def test_without_history_stages_tell_which_are_won_and_not_that_more_are() -> None:
    for stage in Stage:
        rows = [*pipeline(), *(begun(f"x{n}", 30, my_stage=stage, amount=Decimal(1)) for n in range(9))]
        book = ledger([row for row in rows if row.outcome is not None or row.my_stage is stage])
        assert _ready(book)[STAGES[stage]] == pytest.approx(1)


def test_the_stage_of_a_past_day_is_the_last_one_before_it() -> None:
    changes = [
        StageChange(key="b", on=in_days(-9), stage=Stage.ABOVE),
        StageChange(key="b", on=in_days(-5), stage=Stage.IN),
        StageChange(key="c", on=in_days(-7), stage=Stage.BEST_FEW),
        StageChange(key="nobody", on=in_days(-7), stage=Stage.BEST_FEW),
    ]
    moves, rows = moves_of(changes, ["a", "b", "c"]), np.arange(3)
    unknown, above, inside, best = (STAGES[each] for each in (None, Stage.ABOVE, Stage.IN, Stage.BEST_FEW))
    for days, expected in (
        (-10, [unknown, unknown, unknown]),
        (-9, [unknown, above, unknown]),
        (-6, [unknown, above, best]),
        (-5, [unknown, inside, best]),
    ):
        assert moves.stage_on(rows, in_days(days).toordinal()).tolist() == expected
    assert moves.until(in_days(-8).toordinal()).stage.tolist() == [above]
    assert moves.only(np.array([2])).stage_on(np.arange(1), TODAY.toordinal()).tolist() == [best]
