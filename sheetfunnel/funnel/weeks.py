"""A week of an owner as History keeps it, and weeks of the past as far as the dates of a list allow."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sheetfunnel.funnel.ahead import Band
from sheetfunnel.funnel.allocation import together
from sheetfunnel.funnel.assess import Assessment, Verdict
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value

#: So many weeks of an adopted list are reconstructed.
_RECONSTRUCTED_WEEKS: Final = 104
_A_WEEK: Final = timedelta(days=7)
#: For so many weeks it is waited for what ended in a week to be typed.
_COMPLETED_WEEKS: Final = 4
_NOTHING: Final = Decimal(0)


@value
class Week:
    """One row of an owner and an ISO week: counts and amounts by stage, ends of the week, shares, forecast.

    ``week`` is the Monday, ``on`` the day of which it tells. ``owner`` is ``None`` for everybody together.
    ``opened`` is how many were open; ``counts`` are empty where it is ``reconstructed`` from dates, as nobody
    knows in which stages they stood. ``forecast`` is the income of the 30 days after ``on`` as it was told.
    """

    owner: str | None
    week: date
    on: date
    opened: int = 0
    counts: Mapping[Stage, int] = field(default_factory=dict)
    amounts: Mapping[Stage, Decimal] = field(default_factory=dict)
    won: int = 0
    lost: int = 0
    income: Decimal = Decimal(0)
    shares: Mapping[Work, int] = field(default_factory=dict)
    forecast: Band | None = None
    reconstructed: bool = False

    @property
    def place(self) -> tuple[str | None, date]:
        """What there is only one row of: an owner's week."""
        return (None if self.owner is None else fold(self.owner), self.week)


def monday(day: date) -> date:
    """Return the Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def weeks(assessment: Assessment) -> tuple[Week, ...]:
    """Return the rows of a week, of each owner, and of all where there are several; without forecasts."""
    rows = [
        _week(one.owner, assessment.by_owner.get(fold(one.owner), ()), assessment.today, shares=one.shares)
        for one in assessment.allocations
    ]
    if len(rows) != 1:
        parts = together(assessment.allocations)
        shares = {work: round(100 * part) for work, part in parts.items()}
        rows.append(_week(None, assessment.verdicts, assessment.today, shares=shares))
    return tuple(rows)


def _week(owner: str | None, verdicts: Sequence[Verdict], today: date, *, shares: Mapping[Work, int]) -> Week:
    first = monday(today)
    amounts: dict[Stage, list[Decimal]] = {stage: [] for stage in Stage}
    ended = []
    for verdict in verdicts:
        standing = verdict.standing
        objective, judged = standing.objective, standing.judgement
        if judged.outcome is None:
            amounts[judged.stage].append(objective.amount or _NOTHING)
        elif objective.closed_on is not None and first <= objective.closed_on <= today:
            ended.append(objective)
    return Week(
        owner=owner,
        week=first,
        on=today,
        opened=sum(map(len, amounts.values())),
        counts={stage: len(amounts[stage]) for stage in Stage},
        amounts={stage: sum(amounts[stage], _NOTHING) for stage in Stage},
        shares=shares,
        **_ends(ended),
    )


def with_weeks(kept: Sequence[Week], new: Sequence[Week]) -> tuple[Week, ...]:
    """Return the rows with those of this week in place of all that it had; an earlier day changes nothing."""
    newest = max((row.on for row in kept), default=date.min)
    if not new or new[0].on < newest:
        return tuple(kept)
    return (*(row for row in kept if row.week != new[0].week), *new)


def completed(kept: Sequence[Week], verdicts: Iterable[Verdict], today: date) -> tuple[Week, ...]:
    """Return the rows; those of the last weeks tell of all that ended in them, whenever it was typed."""
    first = monday(today) - _COMPLETED_WEEKS * _A_WEEK
    late = {row.place for row in kept if first <= row.week < monday(today) and not row.reconstructed}
    if not late:
        return tuple(kept)
    ended: dict[tuple[str | None, date], list[SalesObjective]] = defaultdict(list)
    for verdict in verdicts:
        one = verdict.standing.objective
        if one.outcome and one.closed_on and first <= one.closed_on <= today:
            for owner in (verdict.standing.owner, None):
                ended[owner, monday(one.closed_on)].append(one)
    return tuple(replace(row, **_ends(ended[row.place])) if row.place in late else row for row in kept)


def _ends(ended: Iterable[SalesObjective]) -> dict[str, Any]:
    """Return what a row says of what has ended."""
    rows = list(ended)
    won = [one for one in rows if one.outcome is Outcome.WON]
    return {
        "won": len(won),
        "lost": sum(one.outcome is Outcome.LOST for one in rows),
        "income": sum((one.amount or Decimal(0) for one in won), Decimal(0)),
    }


def added_up(rows: Sequence[Week]) -> Week:
    """Return the last of an owner's rows, with all that ended in any of them."""
    last = max(rows, key=lambda row: row.week)
    return replace(
        last,
        won=sum(row.won for row in rows),
        lost=sum(row.lost for row in rows),
        income=sum((row.income for row in rows), Decimal(0)),
    )


def reconstructed(
    objectives: Iterable[SalesObjective], today: date, told: Sequence[tuple[date, Band]], *, owner: str | None
) -> tuple[Week, ...]:
    """Return the weeks before this one as far as the dates of a list allow, up to two years.

    ``told`` are forecasts as they would have been made on some days, of which only what was known then is
    used; the row of such a week tells of that day.
    """
    rows = [one for one in objectives if is_dated(one)]
    begun = sorted(one.first_contact or date.max for one in rows)
    ended = sorted((one for one in rows if one.closed_on and one.outcome), key=_closed_on)
    days = [_closed_on(one) for one in ended]
    bands = {monday(day): (day, band) for day, band in told}
    first = max(monday(min(begun, default=today)), monday(today) - _RECONSTRUCTED_WEEKS * _A_WEEK)
    found = []
    for at in range((monday(today) - first) // _A_WEEK):
        week = first + at * _A_WEEK
        sunday = week + timedelta(days=6)
        on, band = bands.get(week, (sunday, None))
        found.append(
            Week(
                owner=owner,
                week=week,
                on=on,
                opened=bisect_right(begun, on) - bisect_right(days, on),
                forecast=band,
                reconstructed=True,
                **_ends(ended[bisect_left(days, week) : bisect_right(days, sunday)]),
            )
        )
    return tuple(found)


def _closed_on(objective: SalesObjective) -> date:
    return objective.closed_on or date.max


def is_dated(objective: SalesObjective) -> bool:
    """Whether it is told when it was begun, and when it ended if it has."""
    begun, ended = objective.first_contact, objective.closed_on
    if begun is None:
        return False
    return objective.outcome is None or (ended is not None and ended >= begun)
