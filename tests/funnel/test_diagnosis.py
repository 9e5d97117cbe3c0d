"""Each warning about a funnel's shape with its names and its remedy, and none where all is well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.findings import Code, Param, remark
from sheetfunnel.funnel.ahead import Band, Dip
from sheetfunnel.funnel.diagnosis import Alarm, Need, diagnose, told_dip
from sheetfunnel.funnel.figures import Figure, Origin, counted
from sheetfunnel.funnel.objective import SalesObjective, Stage
from tests.campaign import examples
from tests.funnel.rows import above, best_few, in_days, inside, judged, universe


def found(
    *rows: SalesObjective, need: Need | None = None, moved: Mapping[str, int] | None = None
) -> dict[Code, Alarm]:
    alarms = diagnose(judged(*rows).verdicts, need, moved or {})
    return {alarm.what.code: alarm for alarm in alarms}


def params(alarm: Alarm) -> Mapping[str, Param]:
    return alarm.what.params


def needing(target: int) -> Need:
    """Return the need of 60 days at one agreement in four, 1000 each: four Above for each 1000."""
    return Need(
        target=Decimal(target),
        cycle=60,
        chance=Figure(value=0.25, origin=Origin.TYPED),
        amount=Figure(value=Decimal(1000), origin=Origin.TYPED),
    )


def test_a_healthy_funnel_has_no_alarm() -> None:
    rows = [above(f"a{n}") for n in range(8)] + [inside(f"i{n}") for n in range(4)] + [best_few()]
    assert found(*rows, need=needing(1000)) == {}
    assert found() == {}


def test_the_top_is_dry_below_what_one_cycle_of_the_target_needs() -> None:
    # 1000 a month is 1971.3 in 60 days: 7.9 objectives.
    assert needing(1000).above == 8
    alarm = found(*(above(f"{n}") for n in range(5)), need=needing(1000))[Code.DRY_TOP]
    assert params(alarm) == {"count": 5, "needed": 8, "days": 60}
    assert alarm.remedy == remark(Code.REMEDY_EXPLORE, count=3)
    assert found(*(above(f"{n}") for n in range(5))) == {}


def test_paused_ones_and_those_to_let_go_are_not_worked_on_and_do_not_count() -> None:
    rows = [above(f"{n}", paused_until=in_days(30)) for n in range(9)]
    assert params(found(*rows, need=needing(1000))[Code.DRY_TOP])["count"] == 0


@given(st.integers(1, 9000), st.integers(1, 9000))
@examples(short=50, full=500)
def test_a_higher_target_never_needs_fewer(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert needing(low).above <= needing(high).above


@pytest.mark.parametrize(
    ("slow", "quick", "jammed"), [(1, 2, False), (2, 2, True), (2, 4, False), (3, 5, True)]
)
def test_the_middle_is_jammed_when_more_than_a_third_is_older_than_the_cycle(
    slow: int, quick: int, *, jammed: bool
) -> None:
    rows = [inside(f"old {n}", first_contact=in_days(-70 - n)) for n in range(slow)]
    rows += [inside(f"new {n}") for n in range(quick)]
    alarms = found(*rows)
    assert (Code.JAMMED_MIDDLE in alarms) is jammed
    if jammed:
        names = tuple(f"old {n}" for n in reversed(range(slow)))
        alarm = alarms[Code.JAMMED_MIDDLE]
        assert params(alarm) == {"count": slow, "all": slow + quick, "names": names}
        assert alarm.remedy == remark(Code.REMEDY_DECIDE)


def test_two_objectives_are_no_middle() -> None:
    assert found(*(inside(f"{n}", first_contact=in_days(-99)) for n in range(2))) == {}


def test_best_few_by_hand_against_the_evidence_is_premature() -> None:
    rows = [
        inside("Ana", my_stage=Stage.BEST_FEW),
        universe("Bea", my_stage=Stage.BEST_FEW),
        best_few("Carl", my_stage=Stage.BEST_FEW),
        best_few("Dora"),
    ]
    alarm = found(*rows)[Code.PREMATURE_BY_HAND]
    assert alarm.what == remark(Code.PREMATURE_BY_HAND, names=("Ana", "Bea"))
    assert alarm.remedy == remark(Code.REMEDY_EVIDENCE)


def test_best_few_of_which_the_date_moved_twice_is_premature() -> None:
    rows = [best_few("Ana"), best_few("Bea"), inside("Carl")]
    alarms = found(*rows, moved={"Ana": 2, "Bea": 1, "Carl": 5})
    assert alarms == {
        Code.PREMATURE_MOVED: Alarm(
            what=remark(Code.PREMATURE_MOVED, names=("Ana",)),
            remedy=remark(Code.REMEDY_ASK_DATE),
        )
    }


def _dip(new: int | None, points: int | None) -> Dip:
    income = Band(low=Decimal(100), median=Decimal(400), high=Decimal(900))
    return Dip(
        first=date(2026, 5, 1),
        last=date(2026, 6, 29),
        income=counted(income, 30),
        target=Decimal(1000),
        missing=counted(Decimal(600), 30),
        new_per_week=None if new is None else counted(new, 30),
        raise_exploring=None if points is None else counted(points, 30),
    )


@pytest.mark.parametrize(
    ("new", "points", "then"),
    [
        (2, 20, [remark(Code.DIP_FILL, count=2), remark(Code.DIP_RAISE_EXPLORING, count=20)]),
        (2, 0, [remark(Code.DIP_FILL, count=2)]),
        (2, None, [remark(Code.DIP_FILL, count=2)]),
        (None, None, [remark(Code.DIP_TOO_NEAR)]),
    ],
)
def test_a_dip_is_told_with_what_fills_it(new: int | None, points: int | None, then: list[object]) -> None:
    first, *rest = told_dip(_dip(new, points))
    assert first.code is Code.DIP_SEEN
    assert first.params["missing"] == 600
    assert rest == then
