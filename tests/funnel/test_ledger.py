"""What could be known at the end of a day, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.cycle import normal_cycles
from sheetfunnel.funnel.ledger import NEVER, ledger_of
from sheetfunnel.funnel.moves import STAGES
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.practice import Practice, Service
from sheetfunnel.funnel.records import OLDEST, cycle_days, months_between, record
from tests.campaign import examples
from tests.funnel.pipelines import begun, ledger, pipeline
from tests.funnel.rows import TODAY, in_days, row_with, universe, workbooks


def test_what_says_nothing_of_time_is_left_out() -> None:
    rows = [
        universe("no contact"),
        begun("no date", 9, outcome=Outcome.WON),
        begun("backwards", 9, outcome=Outcome.WON, closed_on=in_days(-10)),
        begun("later", -3),
        begun("open", 9),
        begun("won", 9, outcome=Outcome.WON, closed_on=in_days(-1)),
    ]
    assert ledger(rows).keys == ("open", "won")


def _as_of(rows: list[SalesObjective], day: date) -> list[SalesObjective]:
    """Return the rows as a person would have had them at the end of a day, written out the long way."""
    known = []
    for row in rows:
        if row.first_contact is None or row.first_contact > day:
            continue
        ended = row.closed_on is not None and row.closed_on <= day and row.outcome is not None
        later = {"outcome": None, "closed_on": None, "amount": None}
        known.append(row_with(row, expected_close=None, my_stage=None, **({} if ended else later)))
    return known


@given(workbooks(), st.integers(0, 90))
@examples(short=60, full=600)
def test_looking_back_shows_what_a_person_would_have_had_then(rows: list[SalesObjective], ago: int) -> None:
    then = TODAY - timedelta(days=ago)
    rows = [row for row in rows if row.outcome is None or row.closed_on is None or row.closed_on <= TODAY]
    seen = ledger_of(rows, Practice(), today=TODAY).known_on(then.toordinal())
    dated = [row for row in rows if row.key in seen.keys]
    expected = ledger_of(_as_of(dated, then), Practice(), today=then)
    assert seen.keys == expected.keys
    for column in ("begun", "ended", "won", "amount", "expected", "stage"):
        assert np.array_equal(getattr(seen, column), getattr(expected, column), equal_nan=True), column
    assert set(seen.stage) <= {STAGES[None]}
    assert set(seen.expected) <= {NEVER}


def test_days_at_risk_and_ends_worked_by_hand() -> None:
    rows = [
        begun("won", 4, outcome=Outcome.WON, closed_on=in_days(-2)),
        begun("lost", 3, outcome=Outcome.LOST, closed_on=in_days(-2)),
        begun("open", 1),
    ]
    seen = record(ledger(rows))
    # From the first recorded end, two days ago: the won one is at risk on its day 2, the lost one on day 1.
    assert seen.at_risk.sum(axis=(0, 1))[:4].tolist() == [1, 2, 1, 0]
    assert seen.won.sum(axis=(0, 1))[:4].tolist() == [0, 0, 1, 0]
    assert seen.lost.sum(axis=(0, 1))[:4].tolist() == [0, 1, 0, 0]


@given(st.integers(0, 50))
@examples(short=10, full=100)
def test_every_day_at_risk_and_every_end_is_counted_once(seed: int) -> None:
    rows = ledger(pipeline(days=300, seed=seed))
    seen = record(rows)
    days = np.minimum(rows.ended, TODAY.toordinal()) - np.maximum(rows.begun, rows.since) + 1
    assert seen.at_risk.sum() == np.maximum(days, 0).sum()
    assert seen.won.sum() == rows.won.sum()
    assert seen.won.sum() + seen.lost.sum() == (~rows.open).sum()
    assert (seen.at_risk >= seen.won + seen.lost).all()
    assert seen.at_risk.shape[-1] == OLDEST


def test_months_cover_every_day_once() -> None:
    first, last = date(2025, 11, 20).toordinal(), date(2026, 2, 3).toordinal()
    months = months_between(first, last)
    assert [month.position for month in months] == [1, 2, 0, 1]
    days = [day for month in months for day in range(month.first, month.last + 1)]
    assert days == list(range(first, last + 1))


def test_the_cycle_by_columns_is_the_cycle_by_rows() -> None:
    rows = [row_with(row, service="Talk" if int(row.key) % 3 else "Course") for row in pipeline()]
    practice = Practice(services=(Service(name="Course", cycle=90), Service(name="Other", cycle=20)))
    columns = ledger(rows, practice)
    cycles = normal_cycles(rows, practice, TODAY)
    days = dict(zip(columns.services, cycle_days(columns, practice), strict=False))
    assert days == {name: cycles[name].days for name in ("talk", "course", "other")}
