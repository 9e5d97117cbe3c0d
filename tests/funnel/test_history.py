"""What History keeps: every change once, nothing twice, nothing from before its newest line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.history import (
    KEPT_MONTHS,
    Change,
    Known,
    Past,
    StageChange,
    changes,
    compacted,
    stage_changes,
    under_newest_keys,
)
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.weeks import Week, monday
from tests.campaign import examples
from tests.funnel.rows import TODAY, above, best_few, in_days, inside, judged, row_with, universe, workbooks

WON = Outcome.WON
TOMORROW = in_days(1)
BEGAN = Past(weeks=(Week(owner="", week=monday(TODAY), on=TODAY),))


def known_of(*objectives: SalesObjective) -> dict[str, Known]:
    """Return what a sync of today knows tomorrow of these objectives."""
    return {
        one.objective.key: Known(
            part=one.objective.outcome or one.stage,
            expected=None if one.objective.outcome else one.objective.expected_close,
        )
        for one in judged(*objectives).verdicts
    }


@given(workbooks())
@examples(short=50, full=500)
def test_what_the_last_sync_knew_is_no_change(rows: list[SalesObjective]) -> None:
    verdicts = judged(*rows).verdicts
    assert changes(BEGAN, verdicts, TOMORROW, known=known_of(*rows)) == ()


@given(workbooks())
@examples(short=50, full=500)
def test_a_change_is_told_once(rows: list[SalesObjective]) -> None:
    verdicts = judged(*rows).verdicts
    told = changes(BEGAN, verdicts, TOMORROW, known={})
    assert len(told) == len(verdicts)
    kept = Past(changes=told, weeks=BEGAN.weeks)
    assert changes(kept, verdicts, TOMORROW, known=known_of(*rows)) == ()
    assert changes(kept, verdicts, in_days(2), known=known_of(*rows)) == ()


def test_what_changed_is_added_and_nothing_else() -> None:
    known = known_of(above("a"), inside("b"), best_few("c"))
    after = judged(
        inside("a"), inside("b"), row_with(best_few("c"), outcome=WON, closed_on=TODAY), universe("d")
    )
    assert changes(BEGAN, after.verdicts, TOMORROW, known=known) == (
        Change(key="a", on=TOMORROW, before=Stage.ABOVE, after=Stage.IN),
        Change(key="c", on=TOMORROW, before=Stage.BEST_FEW, after=WON),
        Change(key="d", on=TOMORROW, before=None, after=Stage.UNIVERSE),
    )


def test_the_newest_line_counts_for_more_than_a_result_that_lags_behind() -> None:
    """Where a person typed in a result cell, what was last written there stays as it was."""
    line = Change(key="a", on=TODAY, before=Stage.ABOVE, after=Stage.IN)
    kept = Past(changes=(line,), weeks=BEGAN.weeks)
    lagging = {"a": Known(part=Stage.ABOVE)}
    assert changes(kept, judged(inside("a")).verdicts, TOMORROW, known=lagging) == ()


def test_an_earlier_day_than_the_newest_row_adds_nothing() -> None:
    known = known_of(above("a"))
    assert changes(BEGAN, judged(inside("a")).verdicts, in_days(-1), known=known) == ()


def test_only_a_date_that_moved_to_a_later_day_is_a_slip() -> None:
    kept, known = BEGAN, {"a": Known(part=Stage.IN)}
    for on, days in enumerate([10, 20, 15, None, 30, 30], start=1):
        expected = None if days is None else in_days(days)
        row = inside("a", expected_close=expected)
        told = changes(kept, judged(row).verdicts, in_days(on), known=known)
        kept = Past(changes=(*kept.changes, *told), weeks=kept.weeks)
        known = {"a": replace(known["a"], expected=expected)}
    assert [(line.moved, line.expected) for line in kept.changes] == [(10, in_days(20))]
    assert kept.slips == {"a": 1}


def test_a_renamed_objective_keeps_its_history() -> None:
    line = Change(key="old", on=TODAY, before=Stage.ABOVE, after=Stage.IN, expected=in_days(9), moved=2)
    kept = Past(changes=(line,), weeks=BEGAN.weeks)
    row = best_few("new", expected_close=in_days(12))
    known = {"new": Known(part=Stage.IN, expected=in_days(9), formerly="old")}
    told = changes(kept, judged(row).verdicts, TOMORROW, known=known)
    assert [(one.key, one.formerly, one.before, one.moved) for one in told] == [("new", "old", Stage.IN, 3)]
    after = Past(changes=(*kept.changes, *told), weeks=kept.weeks)
    assert {one.key for one in after.lines} == {"new"}
    assert after.slips == {"new": 2}


def test_a_name_that_is_free_again_may_be_that_of_another_objective() -> None:
    lines = (
        Change(key="a", on=in_days(-9), before=None, after=Stage.ABOVE),
        Change(key="b", on=in_days(-5), before=Stage.ABOVE, after=Stage.IN, formerly="a"),
        Change(key="a", on=in_days(-1), before=None, after=Stage.UNIVERSE),
    )
    assert [line.key for line in under_newest_keys(lines)] == ["b", "b", "a"]


def test_two_names_that_were_exchanged_lose_no_line() -> None:
    lines = (
        Change(key="a", on=in_days(-9), before=None, after=Stage.ABOVE),
        Change(key="b", on=in_days(-9), before=None, after=Stage.IN),
        Change(key="a", on=TODAY, before=Stage.IN, after=Stage.ABOVE, formerly="b"),
        Change(key="b", on=TODAY, before=Stage.ABOVE, after=Stage.IN, formerly="a"),
    )
    assert len(under_newest_keys(lines)) == len(lines)


def test_where_each_objective_stood_is_told_from_the_day_on_which_history_began() -> None:
    line = Change(key="moved", on=TOMORROW, before=Stage.ABOVE, after=Stage.IN)
    new = Change(key="new", on=TOMORROW, before=None, after=Stage.ABOVE)
    past = Past(changes=(line, new), weeks=BEGAN.weeks)
    verdicts = judged(inside("moved"), above("new"), above("still")).verdicts
    assert set(stage_changes(past, verdicts, in_days(40))) == {
        StageChange(key="moved", on=TODAY, stage=Stage.ABOVE),
        StageChange(key="moved", on=TOMORROW, stage=Stage.IN),
        StageChange(key="new", on=TOMORROW, stage=Stage.ABOVE),
        StageChange(key="still", on=TODAY, stage=Stage.ABOVE),
    }
    assert stage_changes(past, verdicts, in_days(20)) == (), "it has nothing to teach yet"
    assert stage_changes(Past(), verdicts, in_days(40)) == ()


_PASTS = st.builds(
    Past,
    changes=st.lists(
        st.builds(
            Change,
            key=st.sampled_from("abc"),
            on=st.integers(-1500, 0).map(in_days),
            before=st.none(),
            after=st.sampled_from(Stage),
        ),
        max_size=20,
    ).map(lambda lines: tuple(sorted(lines, key=lambda line: line.on))),
    weeks=st.lists(st.integers(-220, 0), max_size=40, unique=True).map(
        lambda ats: tuple(
            Week(owner="", week=monday(in_days(7 * at)), on=in_days(7 * at)) for at in sorted(ats)
        )
    ),
)


@given(_PASTS)
@examples(short=50, full=500)
def test_compacting_keeps_two_years_and_one_row_of_each_month_before(past: Past) -> None:
    kept = compacted(past, TODAY)
    since = date(TODAY.year - KEPT_MONTHS // 12, TODAY.month, 1)
    assert kept.changes == tuple(line for line in past.changes if line.on >= since)
    assert [row for row in kept.weeks if row.week >= since] == [
        row for row in past.weeks if row.week >= since
    ]
    older = [(row.week.year, row.week.month) for row in kept.weeks if row.week < since]
    assert len(older) == len(set(older))
    assert set(older) == {(row.week.year, row.week.month) for row in past.weeks if row.week < since}
    assert compacted(kept, TODAY) == kept
    assert compacted(kept, TODAY + timedelta(days=9)) == kept  # the line moves once a month
