"""The normal cycle: the median time to agreement, with ends of every kind counted as what they are."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.cycle import LeftOut, NormalCycle, normal_cycles
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.practice import Practice, Service
from tests.campaign import examples
from tests.funnel.rows import TODAY, in_days, universe

WON, LOST, DROPPED = Outcome
#: How long an objective has been followed, and how it ended.
Span = tuple[int, Outcome | None]


def _row(span: Span, service: str = "Coaching") -> SalesObjective:
    days, outcome = span
    if outcome is None:
        return universe(service=service, first_contact=in_days(-days))
    begun = in_days(-400)
    return universe(service=service, first_contact=begun, outcome=outcome, closed_on=in_days(days - 400))


def _cycle(*spans: Span, typed: int | None = None) -> NormalCycle:
    practice = Practice(services=(Service(name="Coaching", cycle=typed),))
    return normal_cycles([_row(span) for span in spans], practice, TODAY)["coaching"]


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        # F rises by a third each time
        ([(10, WON), (20, WON), (30, WON)], 20),
        # F = 1/2 is half of the last
        ([(10, WON), (20, WON)], 10),
        # Lost and Dropped compete: F = 1/3 at 10, 2/3 at 40. F(t) >= 1/2 would say 40.
        ([(10, WON), (20, LOST), (40, WON)], 10),
        ([(10, WON), (20, DROPPED), (40, WON)], 10),
        # F never reaches 1/2: 1/8 at 10, 2/8 at 50
        ([(5, LOST)] * 6 + [(10, WON), (50, WON)], 10),
        # Open ones leave: F = 1/4 at 10, and all that is left, 3/4, at 30. Closed ones alone would say 10.
        ([(10, WON), (20, None), (20, None), (30, WON)], 30),
        # One open for as many days was still at risk that day: F = 1/3 at 10, 1 at 20
        ([(10, WON), (10, None), (20, WON)], 20),
        # So was one that was lost that day: F = 1/4 at 10, 1/4 + 1/2 x 1/2 at 20, 3/4 at 30
        ([(10, WON), (10, LOST), (20, WON), (30, WON)], 20),
        # Several on one day are one jump: F = 3/4 at 10
        ([(10, WON), (10, WON), (10, WON), (90, WON)], 10),
        # Open and lost ones after the last agreement change nothing
        ([(10, WON), (20, WON), (30, WON), (99, None), (99, LOST)], 20),
        # Open ones before the first agreement change nothing either
        ([(3, None), (3, None), (10, WON), (20, WON), (30, WON)], 20),
        # F = 1/5, then 4/5 x 1/2 x 1/1 after two left: 1/5, 7/15, 11/15; half is 11/30
        ([(7, WON), (9, None), (11, WON), (13, LOST), (15, WON)], 11),
    ],
)
def test_the_median_to_agreement_worked_by_hand(spans: list[Span], days: int) -> None:
    cycle = _cycle(*spans)
    assert (cycle.days, cycle.estimate) == (days, days)
    assert cycle.origin == remark(Code.CYCLE_AGREEMENTS, count=cycle.agreements)


def _oracle(spans: list[Span]) -> int | None:
    """Return the smallest t with F(t) >= F(last) / 2, in fractions, straight from the definition."""
    free, rises = Fraction(1), dict[int, Fraction]()
    for t in sorted({days for days, _ in spans}):
        at_risk = sum(1 for days, _ in spans if days >= t)
        won = sum(1 for days, outcome in spans if days == t and outcome is WON)
        ended = sum(1 for days, outcome in spans if days == t and outcome is not None)
        rises[t] = free * won / at_risk
        free *= 1 - Fraction(ended, at_risk)
    last = sum(rises.values())
    curve = {t: sum(rise for day, rise in rises.items() if day <= t) for t in rises}
    return min((t for t, reached in curve.items() if 2 * reached >= last), default=None) if last else None


SPANS = st.lists(st.tuples(st.integers(0, 12), st.sampled_from([WON, WON, LOST, DROPPED, None])), max_size=24)


@given(SPANS)
def test_the_estimate_is_the_one_of_exact_fractions(spans: list[Span]) -> None:
    assert _cycle(*spans).estimate == _oracle(spans)


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from([WON, LOST])), max_size=30))
def test_with_nothing_open_it_is_the_lower_median_of_the_agreements(spans: list[Span]) -> None:
    agreed = sorted(days for days, outcome in spans if outcome is WON)
    assert _cycle(*spans).estimate == (agreed[(len(agreed) - 1) // 2] if agreed else None)


def test_a_curve_of_hundreds_of_thirds_is_not_a_hair_too_low() -> None:
    # Half of the agreements come on each day, after many ends that no decimal writes exactly.
    losses: list[Span] = [(day, LOST) for day in range(1, 300)]
    assert _cycle(*losses, *[(400, WON)] * 7, *[(500, WON)] * 7).estimate == 400


@pytest.mark.parametrize(
    ("wins", "at", "typed", "days"),
    [
        (12, 80, 60, 74),  # (12 x 80 + 5 x 60) / 17 = 74.1
        (1, 3, 6, 6),  # (3 + 30) / 6 = 5.5, half up
        (5, 61, 60, 61),  # 60.5, half up
        (5, 60, 61, 61),
        (5, 61, 58, 60),  # 59.5
        (2, 10, 60, 46),  # 320 / 7 = 45.7
        (1, 0, 1, 1),  # 5 / 6
    ],
)
def test_few_agreements_are_drawn_to_the_typed_value(wins: int, at: int, typed: int, days: int) -> None:
    cycle = _cycle(*[(at, WON)] * wins, typed=typed)
    assert (cycle.days, cycle.estimate, cycle.typed) == (days, at, typed)
    assert cycle.origin == remark(Code.CYCLE_AGREEMENTS_AND_TYPED, count=wins, typed=typed)


def test_only_agreements_weigh_against_the_typed_value() -> None:
    # One agreement at 10 and a typed 60: (10 + 300) / 6 = 51.7, whatever else ended or is open.
    assert _cycle((10, WON), (2, LOST), (3, DROPPED), (4, None), typed=60).days == 52


@pytest.mark.parametrize("spans", [[], [(10, LOST), (20, DROPPED)], [(30, None)]])
@pytest.mark.parametrize(
    ("typed", "days", "origin"),
    [(45, 45, remark(Code.CYCLE_TYPED)), (None, 60, remark(Code.CYCLE_ASSUMED))],
)
def test_without_agreements_it_is_the_typed_value_or_else_60_days(
    spans: list[Span], typed: int | None, days: int, origin: Remark
) -> None:
    cycle = _cycle(*spans, typed=typed)
    assert (cycle.days, cycle.agreements, cycle.estimate, cycle.origin) == (days, 0, None, origin)
    assert cycle.assumed is (typed is None)


def test_agreements_of_a_single_day_make_a_cycle_of_one_day_at_least() -> None:
    assert (_cycle((0, WON)).days, _cycle((0, WON)).estimate) == (1, 0)


def test_rows_that_say_nothing_of_time_are_left_out_and_counted() -> None:
    rows = [
        universe(),
        universe(outcome=WON, closed_on=TODAY),
        universe(first_contact=in_days(1)),
        universe(first_contact=in_days(-9), outcome=WON),
        universe(first_contact=in_days(-9), outcome=LOST),
        universe(first_contact=in_days(-9), outcome=DROPPED),
        universe(first_contact=in_days(-9), closed_on=in_days(-10), outcome=WON),
        universe(first_contact=in_days(-9), closed_on=in_days(-2), outcome=WON),
        universe(first_contact=TODAY),
    ]
    cycle = normal_cycles(rows, Practice(), TODAY)[""]
    assert cycle.left_out == {
        LeftOut.NO_FIRST_CONTACT: 2,
        LeftOut.NOT_YET_BEGUN: 1,
        LeftOut.NO_CLOSING_DATE: 3,
        LeftOut.CLOSED_BEFORE_BEGUN: 1,
    }
    assert (cycle.days, cycle.agreements) == (7, 1)
    assert cycle.left_out_remarks == (
        remark(Code.LEFT_OUT_NO_FIRST_CONTACT, count=2),
        remark(Code.LEFT_OUT_NOT_YET_BEGUN, count=1),
        remark(Code.LEFT_OUT_NO_CLOSING_DATE, count=3),
        remark(Code.LEFT_OUT_CLOSED_BEFORE_BEGUN, count=1),
    )


def test_nothing_left_out_is_nothing_to_say() -> None:
    assert _cycle((5, WON)).left_out_remarks == ()


def test_each_service_has_a_cycle_of_its_own_however_its_name_is_written() -> None:
    rows = [_row((10, WON), "Coaching"), _row((30, WON), " coaching "), _row((50, WON), "Team day")]
    practice = Practice(services=(Service(name="COACHING", cycle=20), Service(name="Talks", cycle=9)))
    cycles = normal_cycles([*rows, universe()], practice, TODAY)
    # Those of Settings in their order, then the others by name, the blank one too.
    assert [(key, cycle.service, cycle.days) for key, cycle in cycles.items()] == [
        ("coaching", "COACHING", 17),  # (2 x 10 + 5 x 20) / 7
        ("talks", "Talks", 9),
        ("", "", 60),
        ("team day", "Team day", 50),
    ]


def test_the_first_of_two_services_of_one_name_counts() -> None:
    practice = Practice(services=(Service(name="Talks", cycle=9), Service(name="talks", cycle=99)))
    assert normal_cycles([], practice, TODAY)["talks"].days == 9


@given(SPANS, st.none() | st.integers(1, 300), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(spans: list[Span], typed: int | None, chance: Random) -> None:
    shuffled = list(spans)
    chance.shuffle(shuffled)
    assert _cycle(*shuffled, typed=typed) == _cycle(*spans, typed=typed)


@given(SPANS, st.integers(1, 300))
def test_the_cycle_lies_between_the_estimate_and_the_typed_value(spans: list[Span], typed: int) -> None:
    cycle = _cycle(*spans, typed=typed)
    estimate = typed if cycle.estimate is None else cycle.estimate
    assert min(estimate, typed) <= cycle.days <= max(estimate, typed, 1)


@given(
    st.lists(
        st.tuples(st.integers(1, 400), st.sampled_from([WON, WON, LOST, DROPPED, None])),
        min_size=3,
        max_size=40,
        unique_by=lambda span: span[0],
    )
)
@examples(short=25, full=250)
def test_the_estimate_is_that_of_lifelines(spans: list[Span]) -> None:
    """On days of their own, as lifelines moves equal ones apart by chance."""
    days = np.array([day for day, _ in spans])
    ends = np.array([0 if outcome is None else 1 if outcome is WON else 2 for _, outcome in spans])
    if not (ends == 1).any():
        assert _cycle(*spans).estimate is None
        return
    fitter = AalenJohansenFitter(calculate_variance=False).fit(days, ends, event_of_interest=1)
    curve = fitter.cumulative_density_.iloc[:, 0]
    reached = curve.index[curve.to_numpy() >= curve.iloc[-1] / 2 - 1e-12]
    assert _cycle(*spans).estimate == reached[0]
