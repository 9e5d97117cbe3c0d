"""The simulated practice keeps its own rules, and its books show what happened and nothing later."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.moves import STAGES
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.simulation.books import last_day, ledger_at, weekly_income
from sheetfunnel.simulation.policies import POLICIES, life
from sheetfunnel.simulation.practice import Habits, Life
from sheetfunnel.simulation.trial import earned, watched
from tests.campaign import examples

ORDER = list(Stage)


def lived(policy: str, seed: int, weeks: int = 120) -> Life:
    one = life(policy, seed)
    one.live(weeks)
    return one


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_seed_lives_the_same_life(policy: str) -> None:
    assert lived(policy, 3).sales == lived(policy, 3).sales
    assert lived(policy, 3).sales != lived(policy, 4).sales


@given(st.integers(0, 999), st.sampled_from([*POLICIES]))
@examples(short=6, full=60)
def test_objectives_go_forward_only_and_never_faster_than_their_client(seed: int, policy: str) -> None:
    habits = Habits()
    least = sum(habits.hours.values()) / habits.client_pace
    for one in lived(policy, seed).sales:
        entered = sorted(one.entered.items(), key=lambda each: each[1])
        assert [stage for stage, _ in entered] == ORDER[1 : 1 + len(entered)]
        if one.won and one.ended is not None:
            assert len(entered) == 3
            assert one.ended - one.begun >= least - 2  # it is found within the first of its hours
            assert one.amount > 0


@given(st.integers(0, 999), st.sampled_from([*POLICIES]))
@examples(short=6, full=60)
def test_no_week_has_more_hours_than_it_has(seed: int, policy: str) -> None:
    one, habits = life(policy, seed), Habits()
    for _ in range(60):
        before = sum(sale.hours for sale in one.open) + one.exploring
        one.live(1)
        spent = sum(sale.hours for sale in one.open) + one.exploring - before
        assert spent <= habits.hours_a_week


@given(st.integers(0, 999), st.integers(10, 100))
@examples(short=6, full=60)
def test_the_books_of_a_week_do_not_change_with_what_comes_later(seed: int, week: int) -> None:
    early, late = lived("idle", seed, week + 1), lived("idle", seed, week + 40)
    books = [ledger_at(one, week) for one in (early, late)]
    assert books[0].keys == books[1].keys
    for column in ("begun", "ended", "won", "amount", "stage"):
        assert np.array_equal(getattr(books[0], column), getattr(books[1], column)), column
    assert books[0].today == last_day(week).toordinal()
    assert set(books[0].stage) <= {STAGES[stage] for stage in ORDER[1:]}


def test_income_is_what_was_agreed() -> None:
    one = lived("allocation", 1)
    assert weekly_income(one).sum() == sum(sale.amount for sale in one.sales if sale.won)
    assert len(weekly_income(one)) == 120


def test_whoever_explores_when_idle_rides_the_roller_coaster() -> None:
    idle, steady = ([earned(policy, seed, Habits()).varies for seed in range(12)] for policy in POLICIES)
    assert np.mean(idle) > 1.3 * np.mean(steady)


def test_most_dips_of_a_roller_coaster_are_warned_of_and_few_warnings_are_false() -> None:
    found = [watched("idle", seed, Habits(), target=Decimal(6000)) for seed in range(3)]
    dips, warnings = sum(one.dips for one in found), sum(one.warnings for one in found)
    assert dips >= 5
    assert sum(one.before_lowest for one in found) / dips >= 0.8
    assert sum(one.false for one in found) / warnings <= 0.1
    assert all(one.before_first <= one.before_lowest for one in found)
