"""What History keeps: changes of stage, dates that moved, a row per owner and week; no workbook.

A change is told by what the last sync knew of an objective, so that a second run on the same day adds
nothing; a run for an earlier day than the newest line adds nothing at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from sheetfunnel.funnel.assess import Verdict
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.weeks import Week, added_up
from sheetfunnel.values import value

#: Changes of more whole months ago are dropped; of each month before, the last row of a week stays.
KEPT_MONTHS: Final = 24
_TEACHES_AFTER: Final = timedelta(weeks=4)

Part = Stage | Outcome
"""Where an objective stands: in a stage, or ended."""


@value
class Known:
    """What the last sync knew of an objective: where it stood, and the latest expected close so far.

    ``formerly`` is the key that it had then, if another.
    """

    part: Part | None
    expected: date | None = None
    formerly: str = ""


@value
class Change:
    """One line of History: from a day on an objective stood in another part, or its date had moved.

    ``before`` is ``None`` for one that is new, and the same as ``after`` where only its date or its key is
    another. ``expected`` is the new expected close where it is later than any before, by so many days as
    ``moved`` says. ``formerly`` is the key of a renamed one before.
    """

    key: str
    on: date
    before: Part | None
    after: Part
    expected: date | None = None
    moved: int = 0
    formerly: str = ""


@value
class StageChange:
    """One line of History: from this day on the objective with this key stood in this stage."""

    key: str
    on: date
    stage: Stage


@dataclass(frozen=True, kw_only=True)
class Past:
    """What History holds; ``changes`` are in the order of their days, under the keys of then."""

    changes: tuple[Change, ...] = ()
    weeks: tuple[Week, ...] = ()

    @cached_property
    def lines(self) -> tuple[Change, ...]:
        """The changes under the key that each objective has now."""
        return under_newest_keys(self.changes)

    @property
    def newest(self) -> date:
        """The newest day of which anything is told."""
        days = [*(line.on for line in self.changes), *(row.on for row in self.weeks)]
        return max(days, default=date.min)

    @property
    def began(self) -> date | None:
        """The first day that was seen, and not reconstructed."""
        return min((row.on for row in self.weeks if not row.reconstructed), default=None)

    def of_week(self, week: date) -> Mapping[str | None, Week]:
        """Return the rows of the week that begins on a Monday, by folded owner."""
        return {row.place[0]: row for row in self.weeks if row.week == week}

    @property
    def slips(self) -> Mapping[str, int]:
        """How often the expected close of each objective has moved to a later day, by key."""
        return Counter(line.key for line in self.lines if line.moved > 0)


def changes(
    past: Past, verdicts: Iterable[Verdict], today: date, *, known: Mapping[str, Known]
) -> tuple[Change, ...]:
    """Return the lines to add today; ``known`` is what the last sync knew, by the keys of today.

    The newest line of an objective counts for more than that. An earlier day than the newest adds nothing.
    """
    if today < past.newest:
        return ()
    last = {line.key: line for line in past.lines}
    found = []
    for verdict in verdicts:
        one, judged = verdict.standing.objective, verdict.standing.judgement
        key = one.key
        was = known.get(key)
        line = last.get(was.formerly) if was and was.formerly else last.get(key)
        # What the last sync knew lags behind where a person typed in the stage.
        before = line.after if line else was.part if was else None
        after = judged.outcome or judged.stage
        moved = _moved(one, was)
        formerly = was.formerly if was else ""
        if before is after and not moved and not formerly:
            continue
        found.append(
            Change(
                key=key,
                on=today,
                before=before,
                after=after,
                expected=one.expected_close if moved else None,
                moved=moved,
                formerly=formerly,
            )
        )
    # What has another key now comes first: the key it had may be that of a new objective already.
    return tuple(sorted(found, key=lambda line: (not line.formerly, line.key)))


def known_today(
    past: Past, verdicts: Iterable[Verdict], today: date, *, before: Mapping[str, Known]
) -> Mapping[str, Known]:
    """Return what is known of each objective from today on; its date is the latest ever promised.

    An earlier day than the newest of the past teaches nothing.
    """
    if today < past.newest:
        return before
    alike: dict[tuple[Part, date | None], Known] = {}
    found = {}
    for verdict in verdicts:
        one, judged = verdict.standing.objective, verdict.standing.judgement
        was = before.get(one.key)
        part = judged.outcome or judged.stage
        latest = None if judged.outcome else one.expected_close
        if was and was.expected and not judged.outcome and (latest is None or latest < was.expected):
            latest = was.expected
        known = alike.get((part, latest))
        if known is None:
            known = alike[part, latest] = Known(part=part, expected=latest)
        found[one.key] = known
    return found


def _moved(objective: SalesObjective, was: Known | None) -> int:
    """Return by how many days an expected close has moved to a later day."""
    if was is None or was.expected is None or objective.outcome or objective.expected_close is None:
        return 0
    if objective.expected_close <= was.expected:  # as nearly always, and quicker told than by how much
        return 0
    return (objective.expected_close - was.expected).days


def under_newest_keys(lines: Sequence[Change]) -> tuple[Change, ...]:
    """Return lines, which are in the order of their days, under the key that each objective has now.

    A key that is free again after a renaming may be that of another objective later.
    """
    owners: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        if line.formerly:
            owners[line.key] = owners.pop(line.formerly, []) + owners.pop(line.key, [])
        owners[line.key].append(at)
    now = {at: key for key, places in owners.items() for at in places}
    return tuple(line if line.key == now[at] else replace(line, key=now[at]) for at, line in enumerate(lines))


def stage_changes(past: Past, verdicts: Iterable[Verdict], today: date) -> tuple[StageChange, ...]:
    """Return where each objective stood, and since when, as far as it was seen.

    What was there when History began, and did not change since, has stood there from then on. A History of
    a few weeks has nothing to teach yet.
    """
    began = past.began
    if began is None or began > today - _TEACHES_AFTER:
        return ()
    lines: dict[str, list[Change]] = defaultdict(list)
    for line in past.lines:
        lines[line.key].append(line)
    found = []
    for verdict in verdicts:
        key = verdict.standing.objective.key
        own = lines.get(key, ())
        first = own[0].before if own else verdict.stage
        if isinstance(first, Stage):
            found.append(StageChange(key=key, on=began, stage=first))
        found += [
            StageChange(key=key, on=line.on, stage=line.after)
            for line in own
            if isinstance(line.after, Stage)
        ]
    return tuple(found)


def compacted(past: Past, today: date) -> Past:
    """Return what is worth keeping: changes of two years, and before that a row of an owner for each month.

    The line is the first of a month, so that it moves once in a month.
    """
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    line_of_age = date(months // 12, months % 12 + 1, 1)
    by_month: dict[tuple[str | None, int, int], list[Week]] = defaultdict(list)
    for row in past.weeks:
        if row.week < line_of_age:
            by_month[row.place[0], row.week.year, row.week.month].append(row)
    return Past(
        changes=tuple(line for line in past.changes if line.on >= line_of_age),
        weeks=(
            *sorted(map(added_up, by_month.values()), key=lambda row: row.week),
            *(row for row in past.weeks if row.week >= line_of_age),
        ),
    )
