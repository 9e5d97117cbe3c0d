"""Income ahead: laws that any forecast has to keep, and dips that are there or not."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.findings import Code, remark
from sheetfunnel.funnel.ahead import Aim, Forecast
from sheetfunnel.funnel.back_test import back_test
from sheetfunnel.funnel.figures import Origin
from sheetfunnel.funnel.forecast import forecast, sight
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.practice import Practice, Service
from sheetfunnel.funnel.score import scored
from tests.campaign import examples
from tests.funnel.pipelines import begun, ledger, pipeline
from tests.funnel.rows import in_days, row_with

#: What the usual pipeline brings in a month: six begin, two in five are won, 1000 each.
USUAL = Decimal(2400)
PRACTICE = Practice(services=(Service(name="", cycle=60),))


def told(rows: list[SalesObjective], target: Decimal | None = None, exploring: int | None = None) -> Forecast:
    seen = sight(ledger(rows, PRACTICE), PRACTICE)
    return forecast(seen, Aim(target=target, exploring=exploring), np.random.default_rng(1))


def _medians(found: Forecast) -> Decimal:
    return sum((month.income.value.median for month in found.months), Decimal(0))


@pytest.mark.parametrize("count", [0, 1, 3, 9])
def test_with_too_little_history_no_number_is_told(count: int) -> None:
    rows = [begun(f"{n}", 90, outcome=Outcome.WON, closed_on=in_days(-30)) for n in range(count)]
    verdict = remark(Code.FORECAST_TOO_LITTLE, count=count, won=count, needed=10, needed_won=5)
    assert told([*rows, begun("open", 9)], USUAL) == Forecast(verdict=verdict)


def test_ten_ends_make_numbers_that_are_marked_as_weak_and_many_make_them_firm() -> None:
    few = [begun(f"{n}", 90 + n, outcome=_end(n % 2), closed_on=in_days(-30 - n)) for n in range(10)]
    weak, firm = told([*few, begun("open", 9)], 5 * USUAL), told(pipeline(), 5 * USUAL)
    for found, origin in ((weak, Origin.WEAK), (firm, Origin.MEASURED)):
        assert found.dip is not None
        figures = [found.dip.income.origin, found.dip.missing.origin]
        assert {*figures, *(month.income.origin for month in found.months)} == {origin}


def _end(won: int) -> Outcome:
    return Outcome.WON if won else Outcome.LOST


@given(st.integers(0, 99), st.integers(0, 80))
@examples(short=10, full=100)
def test_the_band_holds_the_median_and_nothing_is_below_zero(seed: int, until: int) -> None:
    for month in told(pipeline(seed=seed, until=until)).months:
        income = month.income.value
        assert 0 <= income.low <= income.median <= income.high
        assert income.holds(income.median)
        assert month.first <= month.last


@given(st.randoms(use_true_random=False))
@examples(short=5, full=50)
def test_the_order_of_rows_changes_nothing(chance: Random) -> None:
    rows = pipeline()
    shuffled = [*rows]
    chance.shuffle(shuffled)
    assert told(shuffled, 2 * USUAL, 20) == told(rows, 2 * USUAL, 20)


def test_the_months_ahead_bring_about_what_the_same_inflow_always_brought() -> None:
    found = told(pipeline())
    whole = [month.income.value.median for month in found.months[1:]]
    assert len(whole) >= 2
    assert all(USUAL / 2 < median < USUAL * 3 / 2 for median in whole)


def test_an_even_inflow_under_a_target_that_it_reaches_has_no_dip_and_none_without_a_target() -> None:
    assert told(pipeline(), USUAL / 2).dip is None
    assert told(pipeline()).dip is None
    assert told(pipeline(), Decimal(0)).dip is None


def test_when_nothing_has_begun_for_weeks_the_dip_is_seen_one_cycle_ahead() -> None:
    found = told(pipeline(until=45), USUAL * 3 / 4, 20)
    assert found.dip is not None
    assert in_days(1) <= found.dip.first <= in_days(60)
    assert found.dip.income.value.median < found.dip.target
    assert found.dip.missing.value == found.dip.target - found.dip.income.value.median
    assert found.dip.new_per_week is not None
    assert found.dip.new_per_week.value >= 1
    assert found.dip.raise_exploring is not None
    assert found.dip.raise_exploring.value in range(10, 61, 10)


def test_enough_new_objectives_make_the_dip_vanish() -> None:
    dry = pipeline(until=45)
    full = [*dry, *(begun(f"new {n}", n % 45) for n in range(60))]
    assert told(dry, USUAL * 3 / 4).dip is not None
    assert told(full, USUAL * 3 / 4).dip is None


def test_a_higher_target_never_hides_a_dip_and_never_asks_for_fewer() -> None:
    rows, before, asked = pipeline(until=45), None, 0
    for target in range(500, 6000, 500):
        dip = told(rows, Decimal(target), 20).dip
        assert dip is not None or before is None
        if dip is not None and dip.new_per_week is not None and (before is None or dip.first == before.first):
            assert dip.new_per_week.value >= asked
            asked = dip.new_per_week.value
        before = dip


def test_what_is_won_for_sure_adds_to_what_is_ahead_and_what_is_lost_takes_from_it() -> None:
    rows = [*pipeline(), begun("big", 10, amount=Decimal(50_000), expected_close=in_days(20))]
    seen = sight(ledger(rows, PRACTICE), PRACTICE)

    def all_months(won: tuple[str, ...] = (), lost: tuple[str, ...] = ()) -> Decimal:
        changed = seen.if_decided(won=frozenset(won), lost=frozenset(lost))
        return _medians(forecast(changed, Aim(), np.random.default_rng(1)))

    assert all_months(lost=("big",)) <= all_months() <= all_months(won=("big",))
    assert all_months(won=("big",)) - all_months(lost=("big",)) == pytest.approx(50_000, rel=0.05)
    of_march = forecast(seen.if_decided(won=frozenset({"big"})), Aim(), np.random.default_rng(1)).months[0]
    assert of_march.income.value.low >= 50_000


def test_dates_that_were_kept_draw_the_agreement_to_the_expected_month() -> None:
    kept = [row_with(row, expected_close=row.closed_on) for row in pipeline()]
    never = [row_with(row, expected_close=_long_before(row)) for row in pipeline()]
    shares = []
    for rows in (never, kept):
        seen = sight(ledger([*rows, begun("one", 5, expected_close=in_days(70))], PRACTICE), PRACTICE)
        at = [seen.ledger.keys[row] for row in seen.ahead.rows].index("one")
        of_one = seen.ahead.chances[:, at].sum(axis=0)
        stretch = np.searchsorted(seen.ahead.stretches.ends, in_days(70).toordinal())
        shares.append(of_one[stretch] / of_one.sum())
    assert shares[0] < 0.3
    assert shares[1] > 0.8


def _long_before(row: SalesObjective) -> object:
    return None if row.closed_on is None or row.first_contact is None else row.first_contact


def test_a_nearer_stage_brings_more() -> None:
    totals = []
    for stage in Stage:
        rows = [*pipeline(), *(begun(f"x{n}", 30, my_stage=stage) for n in range(10))]
        totals.append(_medians(told(rows)))
    assert totals == sorted(totals)
    assert totals[0] < totals[-1]


def test_the_score_compares_earlier_forecasts_with_what_came() -> None:
    trials = back_test(ledger(pipeline(), PRACTICE), PRACTICE, np.random.default_rng(1))
    score = scored([(one.income, one.income_came) for one in trials])
    assert score.trials == 12
    assert score.error is not None
    assert score.hits is not None
    assert 0 < score.error.value < 1
    assert score.hits.value >= 0.6
    assert score.error.origin is Origin.WEAK


def test_nothing_that_came_later_changes_what_would_have_been_told_then() -> None:
    rows = pipeline()
    other = [
        row_with(row, outcome=Outcome.LOST, amount=Decimal(99_999), my_stage=Stage.BEST_FEW)
        if row.closed_on is not None and row.closed_on > in_days(-60)
        else row
        for row in rows
    ]
    scores = [back_test(ledger(each, PRACTICE), PRACTICE, np.random.default_rng(1)) for each in (rows, other)]
    early = [[one.income for one in trials if one.on < in_days(-60)] for trials in scores]
    assert early[0] == early[1]
    assert len(early[0]) >= 8


@pytest.mark.parametrize("count", [0, 3])
def test_without_a_past_there_is_no_score(count: int) -> None:
    rows = [begun(f"{n}", 90, outcome=Outcome.WON, closed_on=in_days(-60)) for n in range(count)]
    assert back_test(ledger(rows), Practice(), np.random.default_rng(1)) == ()
    score = scored([])
    assert (score.trials, score.error, score.hits, score.told) == (0, None, None, None)
