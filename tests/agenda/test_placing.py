from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.agenda.placing import placed
from sheetfunnel.agenda.times import USUAL, Span, WorkingTimes, day_of_week, working_times
from sheetfunnel.errors import WrongUsage
from sheetfunnel.funnel.practice import Work

_quarters = st.integers(0, 4 * 30)
_hours = st.fixed_dictionaries({work: _quarters.map(lambda count: Decimal(count) / 4) for work in Work})


@st.composite
def _times(draw: st.DrawFn) -> WorkingTimes:
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    times = {}
    for day in sorted(days):
        edges = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        times[day] = tuple(Span(begin=15 * begin, end=15 * end) for begin, end in pairs)
    return times


@given(hours=_hours, times=_times(), exploring=st.none() | st.integers(0, 6))
def test_every_quarter_is_placed_once_within_the_working_times_or_told_as_left_over(
    hours: dict[Work, Decimal], times: WorkingTimes, exploring: int | None
) -> None:
    week = placed(hours, times, exploring=exploring)
    for work in Work:
        minutes = sum(block.span.minutes for block in week.blocks if block.work is work)
        assert minutes + week.left_over[work] == hours[work] * 60
    for before, after in pairwise(week.blocks):
        assert (before.day, before.span.end) <= (after.day, after.span.begin)
    for block in week.blocks:
        assert any(span.begin <= block.span.begin < block.span.end <= span.end for span in times[block.day])


@given(hours=_hours, times=_times())
def test_on_the_exploring_morning_exploring_comes_first_thing(
    hours: dict[Work, Decimal], times: WorkingTimes
) -> None:
    day = min(times)
    blocks = [block for block in placed(hours, times, exploring=day).blocks if block.day == day]
    if hours[Work.EXPLORE]:
        assert blocks[0].work is Work.EXPLORE
        assert blocks[0].span.begin == times[day][0].begin


@given(hours=_hours)
def test_nothing_is_left_over_of_a_week_that_has_the_room(hours: dict[Work, Decimal]) -> None:
    week = placed(hours, working_times("mon-sun 0-24"))
    assert not any(week.left_over.values())
    works = [(block.day, list(Work).index(block.work)) for block in week.blocks]
    assert works == sorted(works)


def test_a_usual_week_is_spread_in_the_order_of_work() -> None:
    hours = {Work.CLOSE: Decimal("3.5"), Work.EXPLORE: Decimal(3), Work.COVER: Decimal("3.5")}
    week = placed(hours, working_times(USUAL))
    assert len({block.day for block in week.blocks}) == 5
    assert max(block.span.minutes for block in week.blocks) <= 90
    assert next(block.work for block in week.blocks if block.day == 0) is Work.CLOSE
    assert placed(hours, working_times(USUAL)) == week


def test_working_times_are_read_as_they_are_written() -> None:
    times = working_times("mon-thu 9-13 15:30-18; Fri 9-14, sábado 10-11")
    assert times[0] == times[3] == (Span(begin=540, end=780), Span(begin=930, end=1080))
    assert times[4] == (Span(begin=540, end=840),)
    assert times[5] == (Span(begin=600, end=660),)
    assert list(times) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "text",
    ["", "9-13", "mon", "mon 13-9", "mon 9-9", "mon 9-25", "mon 9:10-10", "mon 9-12 11-13", "fri-mon 9-10"],
)
def test_times_that_make_no_sense_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        working_times(text)
    assert "mon" in refused.value.hint


def test_a_day_is_known_in_both_languages_and_another_word_is_refused() -> None:
    assert [day_of_week(word) for word in ("monday", "Wed", "miércoles", "DOM")] == [0, 2, 2, 6]
    with pytest.raises(WrongUsage):
        day_of_week("someday")
