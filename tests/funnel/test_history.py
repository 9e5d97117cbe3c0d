"""What History keeps: every change once, nothing twice, nothing from before its newest line."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.forecast import Band
from sheetfunnel.funnel.history import (
    KEPT_FOR,
    Change,
    Week,
    changes,
    compacted,
    monday,
    reconstructed,
    slips,
    stage_changes,
    weeks,
    with_week,
)
from sheetfunnel.funnel.moves import StageChange
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.funnel.practice import Person, Practice, Work
from tests.campaign import examples
from tests.funnel.rows import TODAY, above, best_few, in_days, inside, judged, row_with, universe, workbooks

WON, LOST, _ = Outcome
TOMORROW = in_days(1)


@given(workbooks())
@examples(short=50, full=500)
def test_a_second_run_adds_nothing(rows: list[object]) -> None:
    verdicts = judged(*rows).verdicts  # type: ignore[arg-type]
    first = changes((), verdicts, TODAY)
    assert len(first) == len(verdicts)
    assert changes(first, verdicts, TODAY) == ()
    assert changes(first, verdicts, TOMORROW) == ()


def test_what_changed_is_added_and_nothing_else() -> None:
    before = changes((), judged(above("a"), inside("b"), best_few("c")).verdicts, TODAY)
    after = judged(
        inside("a"), inside("b"), row_with(best_few("c"), outcome=WON, closed_on=TODAY), universe("d")
    )
    assert changes(before, after.verdicts, TOMORROW) == (
        Change(key="a", on=TOMORROW, stage=Stage.IN),
        Change(key="c", on=TOMORROW, outcome=WON),
        Change(key="d", on=TOMORROW, stage=Stage.UNIVERSE),
    )


def test_an_earlier_day_than_the_newest_line_adds_nothing() -> None:
    kept = changes((), judged(above("a")).verdicts, TODAY)
    assert changes(kept, judged(inside("a")).verdicts, in_days(-1)) == ()


def test_a_renamed_objective_keeps_its_history() -> None:
    kept = [
        Change(key="old", on=in_days(-2), stage=Stage.ABOVE, expected=in_days(10)),
        Change(key="old", on=in_days(-1), stage=Stage.ABOVE, expected=in_days(20)),
    ]
    row = judged(above("new", expected_close=in_days(30))).verdicts
    (line,) = changes(kept, row, TODAY, renamed={"new": "old"})
    assert (line.key, line.formerly) == ("new", "old")
    assert slips([*kept, line]) == {"new": 2}
    assert {one.key for one in stage_changes([*kept, line])} == {"new"}
    assert changes([*kept, line], row, TOMORROW, renamed={"new": "old"}) == ()


def test_two_names_that_were_exchanged_do_not_lead_in_a_circle() -> None:
    lines = [
        Change(key="a", on=TODAY, stage=Stage.IN, formerly="b"),
        Change(key="b", on=TODAY, stage=Stage.IN, formerly="a"),
    ]
    assert len(stage_changes(lines)) == 2


def test_only_dates_that_moved_to_a_later_day_are_slips() -> None:
    dates = [10, 20, 15, None, 30, 30]
    kept = [
        Change(key="a", on=in_days(at), stage=Stage.IN, expected=None if days is None else in_days(days))
        for at, days in enumerate(dates)
    ]
    assert slips([*kept, Change(key="b", on=TODAY, expected=in_days(5))]) == {"a": 2}
    assert slips(reversed(kept)) == {"a": 2}


def test_an_adopted_list_is_reconstructed_as_far_as_its_dates_say_and_marked() -> None:
    rows = [
        universe("open", first_contact=in_days(-30)),
        universe("won", first_contact=in_days(-90), outcome=WON, closed_on=in_days(-20)),
        universe("no dates"),
        universe("backwards", first_contact=in_days(-9), outcome=LOST, closed_on=in_days(-19)),
        universe("later", first_contact=in_days(9)),
    ]
    made = reconstructed(rows, TODAY)
    assert [(line.key, line.on, line.stage, line.outcome) for line in made] == [
        ("won", in_days(-90), Stage.ABOVE, None),
        ("open", in_days(-30), Stage.ABOVE, None),
        ("won", in_days(-20), None, WON),
        ("backwards", in_days(-9), Stage.ABOVE, None),
    ]
    assert all(line.reconstructed for line in made)
    assert stage_changes(made) == ()
    seen = Change(key="open", on=TODAY, stage=Stage.IN)
    assert stage_changes([*made, seen]) == (StageChange(key="open", on=TODAY, stage=Stage.IN),)


_LINES = st.lists(
    st.builds(
        Change,
        key=st.sampled_from("abc"),
        on=st.integers(-1500, 0).map(in_days),
        stage=st.sampled_from(Stage),
    ),
    max_size=20,
)


@given(_LINES)
@examples(short=50, full=500)
def test_compacting_keeps_the_last_two_years_and_where_each_stood_before(lines: list[Change]) -> None:
    kept = compacted(lines, TODAY)
    since = TODAY - KEPT_FOR
    assert [one for one in kept if one.on >= since] == sorted(
        (one for one in lines if one.on >= since), key=lambda one: (one.on, one.key)
    )
    before = [one for one in kept if one.on < since]
    assert {one.key for one in before} == {one.key for one in lines if one.on < since}
    assert len({one.key for one in before}) == len(before)
    assert compacted(kept, TODAY) == kept


def test_what_had_ended_two_years_ago_needs_no_line() -> None:
    old = TODAY - KEPT_FOR - timedelta(days=9)
    lines = [
        Change(key="a", on=old, stage=Stage.IN),
        Change(key="a", on=old + timedelta(days=1), outcome=WON),
    ]
    assert compacted(lines, TODAY) == ()


def test_a_week_holds_counts_amounts_ends_and_shares_of_each_owner() -> None:
    rows = [
        above("a", owner="Ana", amount=Decimal(100)),
        inside("b", owner="Ana", amount=Decimal(200)),
        universe("c", owner="Ana", amount=Decimal(900), outcome=WON, closed_on=TODAY),
        universe("d", owner="Ana", amount=Decimal(50), outcome=WON, closed_on=in_days(-1)),
        above("e", owner="Bea"),
    ]
    told = Band(low=Decimal(1), median=Decimal(2), high=Decimal(3))
    practice = Practice(people=(Person(name="Ana"), Person(name="Bea")))
    ana, bea = weeks(judged(*rows, practice=practice), {"ana": told})
    assert (ana.owner, ana.week, ana.on) == ("Ana", TODAY, TODAY)  # a Monday
    assert [ana.counts[stage] for stage in Stage] == [0, 1, 1, 0]
    assert [ana.amounts[stage] for stage in Stage] == [0, 100, 200, 0]
    assert (ana.won, ana.lost, ana.income) == (1, 0, Decimal(900))
    assert sum(ana.shares.values()) == 100
    assert (ana.forecast, bea.forecast) == (told, None)
    assert bea.shares[Work.EXPLORE] == 100


def test_a_later_run_of_the_week_replaces_its_row_and_an_earlier_day_adds_nothing() -> None:
    first = Week(owner="Ana", week=monday(TODAY), on=TODAY, won=1)
    later = Week(owner="ANA", week=monday(TODAY), on=TOMORROW, won=2)
    rows = with_week(with_week((), first), later)
    assert rows == (later,)
    assert with_week(rows, first) == rows
    other = Week(owner="Bea", week=monday(TODAY), on=TOMORROW)
    assert with_week(rows, other) == (later, other)
    following = Week(owner="Ana", week=monday(in_days(7)), on=in_days(7))
    assert with_week(rows, following) == (later, following)


def test_weeks_begin_on_monday() -> None:
    assert {monday(date(2026, 3, day)) for day in range(2, 9)} == {date(2026, 3, 2)}
