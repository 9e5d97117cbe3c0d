"""Hours: the shares of the week, by largest remainder, and what a person says of their own week."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sheetfunnel.findings import Code, remark
from sheetfunnel.funnel.allocation import Allocation, allocate, allocation_of
from sheetfunnel.funnel.practice import Person, Work

COUNTS = st.fixed_dictionaries({work: st.integers(0, 60) for work in Work})
FLOORS = st.sampled_from(range(10, 90, 10))


def _counts(above: int, inside: int, best_few: int) -> dict[Work, int]:
    return {Work.EXPLORE: above, Work.COVER: inside, Work.CLOSE: best_few}


def _shares(above: int, inside: int, best_few: int, floor: int = 10) -> tuple[int, int, int]:
    shares = allocate(_counts(above, inside, best_few), floor)
    return shares[Work.EXPLORE], shares[Work.COVER], shares[Work.CLOSE]


@pytest.mark.parametrize(
    ("who", "counts", "shares"),
    [
        ("Pep", (6, 15, 12), (20, 40, 40)),
        ("Anna", (20, 3, 9), (60, 10, 30)),
        ("Toni", (6, 18, 10), (20, 50, 30)),
    ],
)
def test_the_golden_table_of_the_method(
    who: str, counts: tuple[int, int, int], shares: tuple[int, int, int]
) -> None:
    assert _shares(*counts) == shares, who


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ((0, 15, 12), (10, 50, 40)),
        ((30, 1, 1), (80, 10, 10)),
        ((20, 9, 1), (60, 30, 10)),
        ((0, 0, 5), (10, 0, 90)),
        ((1, 1, 1), (30, 30, 40)),
        ((0, 0, 0), (100, 0, 0)),
        ((0, 7, 0), (10, 90, 0)),
        ((9, 0, 0), (100, 0, 0)),
    ],
)
def test_no_work_that_exists_is_left_without_time(
    counts: tuple[int, int, int], shares: tuple[int, int, int]
) -> None:
    assert _shares(*counts) == shares


@pytest.mark.parametrize(
    ("floor", "shares"),
    [(10, (10, 50, 40)), (30, (30, 40, 30)), (80, (80, 10, 10)), (100, (80, 10, 10)), (0, (10, 50, 40))],
)
def test_exploring_gets_at_least_its_floor_even_with_nothing_to_explore(
    floor: int, shares: tuple[int, int, int]
) -> None:
    assert _shares(0, 15, 12, floor) == shares


def test_a_floor_that_is_reached_anyway_changes_nothing() -> None:
    assert _shares(20, 3, 9, floor=60) == _shares(20, 3, 9)


def test_a_kind_that_falls_below_its_step_only_after_the_floor_is_fixed_gets_it_too() -> None:
    # 80 % are fixed for exploring; of the two steps left, both would go to the hundred.
    assert _shares(1, 1, 100, floor=80) == (80, 10, 10)


def test_equal_remainders_go_in_the_order_of_work() -> None:
    assert _shares(1, 1, 1) == (30, 30, 40)
    assert _shares(6, 7, 7) == (30, 30, 40)  # 3, 3.5 and 3.5 steps
    assert _shares(7, 6, 7) == (30, 30, 40)
    assert _shares(7, 7, 6) == (40, 30, 30)


@given(COUNTS, FLOORS)
def test_shares_add_up_to_100_in_steps_of_10_each_at_least_its_least(
    counts: dict[Work, int], floor: int
) -> None:
    shares = allocate(counts, floor)
    assert sum(shares.values()) == 100
    assert all(share % 10 == 0 for share in shares.values())
    assert shares[Work.EXPLORE] >= floor
    assert all(shares[work] >= 10 for work in Work if counts[work])
    assert all(shares[work] == 0 for work in (Work.CLOSE, Work.COVER) if not counts[work])


@given(COUNTS, FLOORS, st.integers(2, 50))
def test_as_many_times_the_objectives_of_each_kind_get_the_same_shares(
    counts: dict[Work, int], floor: int, times: int
) -> None:
    assert allocate({work: count * times for work, count in counts.items()}, floor) == allocate(counts, floor)


@given(COUNTS)
def test_where_nobody_is_below_their_least_each_share_is_its_exact_part_rounded_up_or_down(
    counts: dict[Work, int],
) -> None:
    total = sum(counts.values())
    exact = {work: Fraction(10 * count, total or 1) for work, count in counts.items()}
    shares = allocate(counts)
    assume(all(part >= 1 for part in exact.values()))
    assert all(abs(shares[work] // 10 - exact[work]) < 1 for work in Work)


@given(COUNTS, FLOORS)
def test_more_objectives_of_a_kind_never_get_less_time_than_fewer_of_another(
    counts: dict[Work, int], floor: int
) -> None:
    shares = allocate(counts, floor)
    assert counts[Work.CLOSE] < counts[Work.COVER] or shares[Work.CLOSE] >= shares[Work.COVER]


def test_a_kind_of_work_that_is_not_counted_is_not_there() -> None:
    assert allocate({Work.CLOSE: 5}) == allocate(_counts(0, 0, 5))
    assert allocate({}) == allocate(_counts(0, 0, 0))
    assert allocation_of(Person(name="Pep"), {Work.CLOSE: 5}, 10).counts == _counts(0, 0, 5)


def test_every_small_week_can_be_shared_out() -> None:
    for above, inside, best_few, floor in product(range(9), range(9), range(9), range(10, 90, 10)):
        assert sum(_shares(above, inside, best_few, floor)) == 100


def _week(person: Person, floor: int = 10) -> Allocation:
    return allocation_of(person, _counts(6, 15, 12), floor)


def test_hours_are_the_share_of_the_weekly_selling_hours() -> None:
    week = _week(Person(name=" Pep ", weekly_hours=Decimal("12.5")))
    assert week.owner == "Pep"
    assert week.counts == _counts(6, 15, 12)
    assert week.hours == {Work.CLOSE: Decimal(5), Work.EXPLORE: Decimal("2.5"), Work.COVER: Decimal(5)}
    assert [week.note(work) for work in Work] == [None, None, None]


def test_without_weekly_hours_there_are_shares_and_a_note() -> None:
    week = _week(Person(name="Pep", exploring_hours=Decimal(3)))
    assert week.hours is None
    assert not week.raised
    assert week.shares == week.proposed
    assert week.note(Work.COVER) == remark(Code.HOURS_UNKNOWN)


def test_my_shares_count_and_the_proposal_stands_beside_them() -> None:
    mine = {Work.EXPLORE: 50, Work.CLOSE: 50}
    week = _week(Person(name="Pep", weekly_hours=Decimal(10), shares=mine))
    assert week.own
    assert week.shares == {**mine, Work.COVER: 0}
    assert week.proposed == {Work.CLOSE: 40, Work.EXPLORE: 20, Work.COVER: 40}
    assert week.hours == {Work.CLOSE: Decimal(5), Work.EXPLORE: Decimal(5), Work.COVER: Decimal(0)}
    assert week.note(Work.CLOSE) == remark(Code.HOURS_OWN_SHARES)


def test_exploring_hours_at_least_are_taken_from_the_others_in_proportion() -> None:
    week = _week(Person(name="Pep", weekly_hours=Decimal(10), exploring_hours=Decimal(4)))
    assert week.raised
    assert week.hours == {Work.CLOSE: Decimal(3), Work.EXPLORE: Decimal(4), Work.COVER: Decimal(3)}
    assert week.shares == {Work.CLOSE: 30, Work.EXPLORE: 40, Work.COVER: 30}
    assert week.proposed == {Work.CLOSE: 40, Work.EXPLORE: 20, Work.COVER: 40}
    assert week.note(Work.EXPLORE) == remark(Code.HOURS_EXPLORING, count=Decimal(4))
    assert week.note(Work.CLOSE) is None


def test_exploring_hours_that_the_share_gives_anyway_change_nothing() -> None:
    week = _week(Person(name="Pep", weekly_hours=Decimal(10), exploring_hours=Decimal(2)))
    assert not week.raised
    assert week.hours == {Work.CLOSE: Decimal(4), Work.EXPLORE: Decimal(2), Work.COVER: Decimal(4)}


def test_exploring_hours_take_the_whole_week_at_most() -> None:
    week = _week(Person(name="Pep", weekly_hours=Decimal(10), exploring_hours=Decimal(40)))
    assert week.hours == {Work.CLOSE: Decimal(0), Work.EXPLORE: Decimal(10), Work.COVER: Decimal(0)}


def test_somebody_with_nothing_but_exploring_has_nothing_to_take_hours_from() -> None:
    nothing = {Work.EXPLORE: 0}
    week = _week(Person(name="Pep", weekly_hours=Decimal(0), exploring_hours=Decimal(1), shares=nothing))
    assert week.hours == {Work.CLOSE: Decimal(0), Work.EXPLORE: Decimal(0), Work.COVER: Decimal(0)}


@given(COUNTS, FLOORS, st.none() | st.integers(0, 60), st.none() | st.integers(0, 60))
def test_hours_add_up_to_the_week_and_shares_are_those_of_the_hours(
    counts: dict[Work, int], floor: int, weekly: int | None, exploring: int | None
) -> None:
    person = Person(
        name="Pep",
        weekly_hours=None if weekly is None else Decimal(weekly),
        exploring_hours=None if exploring is None else Decimal(exploring),
    )
    allocation = allocation_of(person, counts, floor)
    hours = allocation.hours
    assert sum(allocation.shares.values()) == 100
    if hours is None or weekly is None:
        assert weekly is None
        return
    for work in Work:
        assert abs(100 * hours[work] - allocation.shares[work] * weekly) <= weekly
    assert round(sum(hours.values()), 9) == weekly
    assert hours[Work.EXPLORE] >= min(weekly, exploring or 0)
