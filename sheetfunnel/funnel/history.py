"""What History keeps: changes of stage, dates that slipped, a row per owner and week; no workbook.

Each is compared with what was kept last, so that a second run on the same day adds nothing, and a run
for an earlier day than the newest row adds nothing at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.assess import Assessment, Verdict
from sheetfunnel.funnel.forecast import Band
from sheetfunnel.funnel.moves import StageChange
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value

#: Changes that are older are compacted: of each objective only the last of them is kept.
KEPT_FOR: Final = timedelta(days=730)


@value
class Change:
    """One line of History: where an objective stood from a day on.

    ``stage`` is ``None`` once it has ended, ``outcome`` while it is open. ``expected`` is the expected close
    as it was written that day. ``formerly`` is the key that a renamed objective had before. ``reconstructed``
    lines are made from the dates of an adopted list: nobody was there.
    """

    key: str
    on: date
    stage: Stage | None = None
    outcome: Outcome | None = None
    expected: date | None = None
    formerly: str = ""
    reconstructed: bool = False

    @property
    def stands(self) -> tuple[Stage | None, Outcome | None, date | None]:
        """All in which two lines may differ."""
        return (self.stage, self.outcome, self.expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One row of an owner and an ISO week: counts and amounts by stage, ends of the week, shares, forecast.

    ``week`` is the Monday. ``forecast`` is the income of the 30 days after ``on`` as it was told then.
    """

    owner: str
    week: date
    on: date
    counts: Mapping[Stage, int] = field(default_factory=dict)
    amounts: Mapping[Stage, Decimal] = field(default_factory=dict)
    won: int = 0
    lost: int = 0
    income: Decimal = Decimal(0)
    shares: Mapping[Work, int] = field(default_factory=dict)
    forecast: Band | None = None


def monday(day: date) -> date:
    """Return the Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def changes(
    kept: Sequence[Change],
    verdicts: Iterable[Verdict],
    today: date,
    *,
    renamed: Mapping[str, str] | None = None,
) -> tuple[Change, ...]:
    """Return the lines to add today; ``renamed`` gives the key that a renamed objective had before.

    An earlier day than that of the newest line adds nothing: what was is not written anew.
    """
    if kept and today < max(line.on for line in kept):
        return ()
    last = {line.key: line for line in sorted(kept, key=lambda line: line.on)}
    before = renamed or {}
    found = []
    for verdict in verdicts:
        line = _line(verdict, today)
        known = last.get(line.key)
        old = "" if known else before.get(line.key, "")
        if known is None or known.stands != line.stands:
            found.append(replace(line, formerly=old if old in last else ""))
    return tuple(sorted(found, key=lambda line: line.key))


def _line(verdict: Verdict, today: date) -> Change:
    objective = verdict.objective
    return Change(
        key=objective.key,
        on=today,
        stage=verdict.stage,
        outcome=objective.outcome,
        expected=None if objective.outcome else objective.expected_close,
    )


def reconstructed(objectives: Iterable[SalesObjective], today: date) -> tuple[Change, ...]:
    """Return the lines that the dates of an adopted list allow: when each was begun and when it ended.

    In which stages it stood between nobody knows; that it was open from first contact on, the dates say.
    """
    found = []
    for one in objectives:
        begun, ended = one.first_contact, one.closed_on
        if begun is not None and begun <= today:
            found.append(Change(key=one.key, on=begun, stage=Stage.ABOVE, reconstructed=True))
        if one.outcome is not None and ended is not None and (begun or ended) <= ended <= today:
            found.append(Change(key=one.key, on=ended, outcome=one.outcome, reconstructed=True))
    return tuple(sorted(found, key=lambda line: (line.on, line.key)))


def slips(kept: Iterable[Change]) -> Mapping[str, int]:
    """Return how often the expected close of each objective has moved to a later day, by key."""
    moved: Counter[str] = Counter()
    last: dict[str, date] = {}
    for line in sorted(_under_their_newest_keys(kept), key=lambda line: (line.on, line.key)):
        if line.expected is None:
            continue
        moved[line.key] += line.key in last and line.expected > last[line.key]
        last[line.key] = line.expected
    return {key: count for key, count in moved.items() if count}


def stage_changes(kept: Iterable[Change]) -> tuple[StageChange, ...]:
    """Return the changes of stage that a forecast learns from: those that were seen."""
    return tuple(
        StageChange(key=line.key, on=line.on, stage=line.stage)
        for line in _under_their_newest_keys(kept)
        if line.stage is not None and not line.reconstructed
    )


def _under_their_newest_keys(kept: Iterable[Change]) -> list[Change]:
    """Return all lines under the key that each objective has now."""
    lines = list(kept)
    newer = {line.formerly: line.key for line in lines if line.formerly and line.formerly != line.key}
    return [replace(line, key=_newest(line.key, newer)) for line in lines]


def _newest(key: str, newer: Mapping[str, str]) -> str:
    met = {key}
    while key in newer and newer[key] not in met:  # a name that comes back ends the search
        key = newer[key]
        met.add(key)
    return key


def compacted(kept: Sequence[Change], today: date) -> tuple[Change, ...]:
    """Return the lines worth keeping: of those that are older than two years the last of each objective.

    Of an objective that had ended by then nothing is kept: its row says how it ended, and when.
    """
    line_of_age = today - KEPT_FOR
    old = {line.key: line for line in sorted(kept, key=lambda line: line.on) if line.on < line_of_age}
    still = [line for line in old.values() if line.outcome is None]
    return tuple(
        sorted(
            [*still, *(line for line in kept if line.on >= line_of_age)], key=lambda line: (line.on, line.key)
        )
    )


def weeks(assessment: Assessment, forecasts: Mapping[str, Band] | None = None) -> tuple[Week, ...]:
    """Return the row of each owner for the week of the assessment; ``forecasts`` are by folded name."""
    by_owner: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in assessment.verdicts:
        by_owner[verdict.standing.owner].append(verdict)
    told = forecasts or {}
    return tuple(
        _week(one, by_owner[fold(one.owner)], assessment.today, forecast=told.get(fold(one.owner)))
        for one in assessment.allocations
    )


def _week(allocation: Allocation, verdicts: Sequence[Verdict], today: date, *, forecast: Band | None) -> Week:
    first = monday(today)
    ended = [one.objective for one in verdicts if _ended_between(one.objective, first, today)]
    won = [one for one in ended if one.outcome is Outcome.WON]
    return Week(
        owner=allocation.owner,
        week=first,
        on=today,
        counts={stage: sum(one.stage is stage for one in verdicts) for stage in Stage},
        amounts={stage: _amount(one.objective for one in verdicts if one.stage is stage) for stage in Stage},
        won=len(won),
        lost=sum(one.outcome is Outcome.LOST for one in ended),
        income=_amount(won),
        shares=allocation.shares,
        forecast=forecast,
    )


def _ended_between(objective: SalesObjective, first: date, last: date) -> bool:
    ended = objective.closed_on
    return objective.outcome is not None and ended is not None and first <= ended <= last


def _amount(objectives: Iterable[SalesObjective]) -> Decimal:
    return sum((one.amount or Decimal(0) for one in objectives), Decimal(0))


def with_week(kept: Sequence[Week], new: Week) -> tuple[Week, ...]:
    """Return the rows with that of this week; a later run of it replaces it, an earlier day adds nothing."""
    newest = max((row.on for row in kept), default=new.on)
    if new.on < newest:
        return tuple(kept)
    others = [row for row in kept if (fold(row.owner), row.week) != (fold(new.owner), new.week)]
    return (*others, new)
