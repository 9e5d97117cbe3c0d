"""The seven named conditions: when each holds, and what to do when it does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.evidence import TABLE, Condition
from sheetfunnel.funnel.objective import BuyingInfluence, Role, SalesObjective
from tests.funnel.examined import examine
from tests.funnel.rows import DECIDERS, TODAY, best_few, covered, held, in_days, nobody, objectives, universe

ECONOMIC, USER, TECHNICAL, COACH = Role


def _holds(condition: Condition, cycle: int = 60, **cells: Any) -> bool:  # noqa: ANN401 - any cell of a row
    return condition in examine(universe(**cells), cycle).holds


def test_the_table_has_every_condition_once_in_the_order_in_which_it_is_asked_for() -> None:
    assert [row.condition for row in TABLE] == list(Condition)
    assert [condition.value for condition in Condition] == [
        "fit_evidence",
        "influence_contacted",
        "fit_confirmed",
        "influences_identified",
        "influences_covered",
        "no_open_points",
        "closing_soon",
    ]


@pytest.mark.parametrize(
    ("cells", "holds"),
    [
        ({}, False),
        ({"need": " \n"}, False),
        ({"need": "They asked"}, True),
        ({"fit_confirmed": True}, True),
        ({"fit_confirmed": False}, False),
        ({"fit_confirmed": False, "need": "They asked"}, True),
    ],
)
def test_something_written_under_need_or_a_confirmed_fit_is_evidence_of_fit(
    cells: dict[str, Any], *, holds: bool
) -> None:
    assert _holds(Condition.FIT_EVIDENCE, **cells) is holds


@pytest.mark.parametrize(
    ("begun", "influences", "holds"),
    [
        (None, (), False),
        (0, (), False),
        (None, (held(USER, "Ana"),), False),
        (0, (held(USER, "Ana"),), True),
        (-1, (held(USER, "Ana"),), True),
        (1, (held(USER, "Ana"),), False),
        (-1, (held(COACH, "Ana"),), True),
        (-1, (nobody(USER),), False),
        (-1, (nobody(USER), held(TECHNICAL, "Bea")), True),
    ],
)
def test_an_influence_is_contacted_from_the_first_contact_on_when_somebody_is_named(
    begun: int | None, influences: tuple[BuyingInfluence, ...], *, holds: bool
) -> None:
    contact = None if begun is None else in_days(begun)
    assert _holds(Condition.INFLUENCE_CONTACTED, first_contact=contact, influences=influences) is holds


@pytest.mark.parametrize(("fit", "holds"), [(None, False), (False, False), (True, True)])
def test_only_a_yes_confirms_the_fit(*, fit: bool | None, holds: bool) -> None:
    assert _holds(Condition.FIT_CONFIRMED, fit_confirmed=fit, need="They asked") is holds


@pytest.mark.parametrize(
    ("influences", "unknown"),
    [
        ((), DECIDERS),
        ((held(ECONOMIC, "Ana"), held(USER, "Ana"), held(TECHNICAL, "Ana")), ()),
        ((held(ECONOMIC, "Ana"), held(USER, "Bea"), nobody(TECHNICAL)), ()),
        ((held(ECONOMIC, "Ana"), held(USER, "Bea")), (TECHNICAL,)),
        ((held(ECONOMIC, "Ana"), held(USER), nobody(TECHNICAL)), (USER,)),
        ((held(COACH, "Ana"), nobody(TECHNICAL)), (ECONOMIC, USER)),
        ((nobody(ECONOMIC), nobody(USER), nobody(TECHNICAL)), ()),
    ],
)
def test_blank_is_unknown_and_a_dash_is_nobody(
    influences: tuple[BuyingInfluence, ...], unknown: tuple[Role, ...]
) -> None:
    evidence = examine(universe(influences=influences))
    assert evidence.case.unknown_roles == unknown
    assert (Condition.INFLUENCES_IDENTIFIED in evidence.holds) is (not unknown)


@pytest.mark.parametrize(
    ("influences", "holds"),
    [
        ((), False),
        (covered(*DECIDERS), True),
        (covered(ECONOMIC), True),
        ((*covered(ECONOMIC, USER), nobody(TECHNICAL)), True),
        ((*covered(ECONOMIC, USER), held(TECHNICAL, "Bea")), False),
        ((held(ECONOMIC, "Ana"), held(USER, "Ana")), False),
        ((nobody(ECONOMIC), nobody(USER), nobody(TECHNICAL)), False),
        (covered(COACH), False),
        ((*covered(*DECIDERS), held(COACH, "Ana")), True),
        ((held(ECONOMIC, covered=True),), False),
    ],
)
def test_covered_means_every_named_decider_and_at_least_one(
    influences: tuple[BuyingInfluence, ...], *, holds: bool
) -> None:
    assert _holds(Condition.INFLUENCES_COVERED, influences=influences) is holds


@pytest.mark.parametrize(("points", "holds"), [("", True), (" \n", True), ("price", False)])
def test_open_points_are_settled_when_nothing_stands_there(points: str, *, holds: bool) -> None:
    assert _holds(Condition.NO_OPEN_POINTS, open_points=points) is holds


@pytest.mark.parametrize(
    ("days", "cycle", "holds"),
    [
        (None, 60, False),
        (-1, 60, False),
        (0, 60, True),
        (29, 60, True),
        (30, 60, False),
        (30, 61, True),
        (31, 61, False),
        (0, 1, True),
        (1, 2, False),
        (1, 3, True),
    ],
)
def test_the_close_is_near_when_twice_the_days_to_it_are_less_than_the_cycle(
    days: int | None, cycle: int, *, holds: bool
) -> None:
    close = None if days is None else in_days(days)
    assert _holds(Condition.CLOSING_SOON, cycle, expected_close=close) is holds


_UNCOVERED = (held(ECONOMIC, "Ana", "Bea"), held(USER, "Ana"), held(TECHNICAL, "Carl"))
_NOBODY_AT_ALL = (nobody(ECONOMIC), nobody(USER), nobody(TECHNICAL))


@pytest.mark.parametrize(
    ("row", "do_next"),
    [
        (universe(), remark(Code.DO_WRITE_NEED)),
        (universe(need="They asked"), remark(Code.DO_REACH_INFLUENCE)),
        (universe(need="x", first_contact=TODAY, influences=covered(USER)), remark(Code.DO_CONFIRM_FIT)),
        (best_few(influences=covered(ECONOMIC)), remark(Code.DO_IDENTIFY, roles=(USER, TECHNICAL), count=2)),
        (best_few(influences=_UNCOVERED), remark(Code.DO_COVER, names=("Ana", "Bea", "Carl"))),
        (
            best_few(influences=(*_NOBODY_AT_ALL, held(COACH, "Ana"))),
            remark(Code.DO_IDENTIFY, roles=(ECONOMIC,), count=1),
        ),
        (best_few(open_points=" price; dates "), remark(Code.DO_SETTLE, points="price; dates")),
        (best_few(expected_close=None), remark(Code.DO_AGREE_DATE)),
        (best_few(expected_close=in_days(30)), remark(Code.DO_TOO_FAR)),
        (best_few(expected_close=in_days(-1)), remark(Code.DO_NEW_DATE)),
        (best_few(), remark(Code.DO_CLOSE)),
    ],
)
def test_what_to_do_comes_from_the_first_condition_that_does_not_hold(
    row: SalesObjective, do_next: Remark
) -> None:
    assert examine(row).do_next == do_next


@pytest.mark.parametrize(
    ("influences", "missing"),
    [
        ((), 3),
        (covered(*DECIDERS), 0),
        ((held(ECONOMIC, "Ana"), nobody(USER)), 2),
        ((*covered(ECONOMIC, USER), held(TECHNICAL, "Bea")), 1),
        (_NOBODY_AT_ALL, 1),
        ((*_NOBODY_AT_ALL[:2], *covered(TECHNICAL)), 0),
    ],
)
def test_missing_are_the_roles_unknown_or_uncovered_and_one_where_nobody_is_said_to_decide(
    influences: tuple[BuyingInfluence, ...], missing: int
) -> None:
    assert examine(universe(influences=influences)).case.missing == missing


def test_a_buyer_who_decides_alone_is_all_three_at_once() -> None:
    row = best_few(influences=covered(ECONOMIC))
    assert examine(row, alone=True).holds == set(Condition)
    assert Condition.INFLUENCES_IDENTIFIED not in examine(row).holds


@pytest.mark.parametrize(
    ("influences", "missing"),
    [
        ((held(ECONOMIC, "Ana"),), {Condition.INFLUENCES_COVERED}),
        ((*covered(ECONOMIC), held(USER, "Bea")), set()),
        ((), {Condition.INFLUENCE_CONTACTED, Condition.INFLUENCES_IDENTIFIED, Condition.INFLUENCES_COVERED}),
        (covered(USER), {Condition.INFLUENCES_IDENTIFIED, Condition.INFLUENCES_COVERED}),
        ((nobody(ECONOMIC), *covered(USER, TECHNICAL)), set()),
        ((nobody(ECONOMIC), *covered(USER)), {Condition.INFLUENCES_IDENTIFIED}),
    ],
)
def test_who_decides_alone_has_to_be_named_and_covered(
    influences: tuple[BuyingInfluence, ...], missing: set[Condition]
) -> None:
    assert set(Condition) - examine(best_few(influences=influences), alone=True).holds == missing


@given(row=objectives(), cycle=st.integers(1, 200), alone=st.booleans())
def test_a_guide_inside_never_decides(row: SalesObjective, cycle: int, *, alone: bool) -> None:
    deciders = tuple(one for one in row.influences if one.role is not COACH)
    guided = [(*deciders, held(COACH, "Guide", covered=mark)) for mark in (True, False)]
    found = [
        examine(universe(influences=each, first_contact=TODAY), cycle, alone=alone).holds for each in guided
    ]
    assert found[0] == found[1]


@given(row=objectives(), cycle=st.integers(1, 200), alone=st.booleans())
def test_there_is_always_something_to_do_and_closing_comes_last(
    row: SalesObjective, cycle: int, *, alone: bool
) -> None:
    evidence = examine(row, cycle, alone=alone)
    assert (evidence.do_next.code is Code.DO_CLOSE) == (evidence.holds == set(Condition))
