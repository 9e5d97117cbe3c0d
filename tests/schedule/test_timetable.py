from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.errors import WrongUsage
from sheetfunnel.schedule.timetable import every

_LATEST = datetime(2999, 12, 31)  # noqa: DTZ001 - what the clock on the wall shows
_STEPS = ["1m", "5m", "15m", "30m", "60m", "1h", "2h", "6h", "12h"]


@pytest.mark.parametrize("text", _STEPS)
def test_a_step_is_told_as_it_is_typed_and_read_again(text: str) -> None:
    assert every(str(every(text))) == every(text)


@pytest.mark.parametrize("text", ["", "0m", "7m", "45m", "90m", "5h", "24h", "1d", "15", "-5m", "15 minutes"])
def test_a_step_that_not_every_scheduler_can_keep_is_refused_with_one_that_can_be(text: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        every(text)
    assert "--every 15m" in refused.value.hint


@given(
    text=st.sampled_from(_STEPS),
    moment=st.datetimes(max_value=_LATEST),
)
def test_the_next_run_is_the_first_time_of_the_table_after_a_moment(text: str, moment: datetime) -> None:
    step = every(text)
    after = step.after(moment)
    assert moment < after <= moment + timedelta(minutes=step.minutes)
    times = {(hour, minute) for hour, minute in step.times()}
    assert {(after.hour, after.minute), (None, after.minute)} & times
    assert (after.second, after.microsecond) == (0, 0)


@given(text=st.sampled_from(_STEPS))
def test_the_runs_of_a_day_are_one_step_apart(text: str) -> None:
    step = every(text)
    hours = {hour for hour, _ in step.times()}
    listed = sorted(
        60 * hour + minute for at, minute in step.times() for hour in (range(24) if at is None else [at])
    )
    assert hours == {None} or None not in hours
    assert listed == list(range(0, 24 * 60, step.minutes))
