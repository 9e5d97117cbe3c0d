"""The Dashboard tab: the tables that its charts point at."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sheetfunnel.funnel.ahead import MonthAhead
from sheetfunnel.funnel.allocation import together
from sheetfunnel.funnel.assess import Assessment
from sheetfunnel.funnel.foresight import Foresight
from sheetfunnel.funnel.history import Past
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.obstacles import Obstacle
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.text import fold
from sheetfunnel.funnel.weeks import Week
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import Labels

if TYPE_CHECKING:
    from sheetfunnel.funnel.learning import Learning

#: So many obstacles, weeks, months and criteria are listed: below each there is another table, or a chart.
OBSTACLES: Final = 24
WEEKS: Final = 26
MONTHS: Final = 12
CRITERIA: Final = 20


def funnel_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return each stage, how many open objectives it has, and their amount."""
    amounts: dict[Stage, list[Decimal]] = {stage: [] for stage in Stage}
    for verdict in assessment.ranked:
        standing = verdict.standing
        amounts[standing.judgement.stage].append(standing.objective.amount or Decimal(0))
    return [(labels.name(stage), len(amounts[stage]), sum(amounts[stage], Decimal(0))) for stage in Stage]


def spacer_rows(assessment: Assessment) -> list[tuple[Cell, ...]]:
    """Return what centres the bar of each stage."""
    counts = _counted(assessment)
    widest = max(counts.values(), default=0)
    return [(Decimal(widest - counts[stage]) / 2,) for stage in Stage]


def _counted(assessment: Assessment) -> Counter[Stage]:
    counts = Counter[Stage]()
    for judged, count in assessment.alike:
        if judged.outcome is None:
            counts[judged.stage] += count
    return counts


def share_rows(
    assessment: Assessment, last_week: Mapping[str | None, Week], labels: Labels
) -> list[tuple[Cell, ...]]:
    """Return, for each kind of work of the whole team: objectives, share now and last week, hours a week."""
    allocations = assessment.allocations
    weeks = [allocation.hours for allocation in allocations if allocation.hours]
    shares, before = together(allocations), _of_all(last_week)
    return [
        (
            labels.name(work),
            sum(allocation.counts[work] for allocation in allocations),
            round(shares[work], 4),
            Decimal(before.shares[work]) / 100 if before and work in before.shares else None,
            round(sum((week[work] for week in weeks), Decimal(0)), 1) if weeks else None,
        )
        for work in Work
    ]


def _of_all(week: Mapping[str | None, Week]) -> Week | None:
    """Return the row of everybody together, or the only one there is."""
    return week.get(None) or (next(iter(week.values())) if len(week) == 1 else None)


def obstacle_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return the dearest obstacles: how often they were met, what they cost, and the prepared answer.

    One that was met in two ways is named with the way, for a chart shows nothing but the name.
    """
    met = Counter(fold(found.text) for found in assessment.obstacles)
    more = len(assessment.obstacles) - OBSTACLES
    rows: list[tuple[Cell, ...]] = [
        (
            _named(found, labels) if met[fold(found.text)] > 1 else found.text,
            labels.name(found.kind),
            found.count,
            found.amount,
            found.answer or None,
        )
        for found in assessment.obstacles[:OBSTACLES]
    ]
    return rows if more <= 0 else [*rows, (labels.text("obstacles.more", count=more), *[None] * 4)]


def _named(found: Obstacle, labels: Labels) -> str:
    kind = labels.name(found.kind)
    return labels.text("obstacle.of_kind", obstacle=found.text, kind=kind[:1].lower() + kind[1:])


def stage_rows(past: Past) -> list[tuple[Cell, ...]]:
    """Return how many objectives stood where, week by week; before History began, how many were open."""
    by_week: dict[date, list[Week]] = defaultdict(list)
    for row in past.weeks:
        by_week[row.week].append(row)
    return [_stages(week, by_week[week]) for week in sorted(by_week)[-WEEKS:]]


def _stages(week: date, rows: Sequence[Week]) -> tuple[Cell, ...]:
    of_all = [row for row in rows if row.owner is None] or rows
    year, number, _ = week.isocalendar()
    counts = [
        sum(row.counts[stage] for row in of_all) if all(row.counts for row in of_all) else None
        for stage in Stage
        if stage is not Stage.UNIVERSE
    ]
    opened = sum(row.opened for row in of_all) if all(row.reconstructed for row in of_all) else None
    return (f"{year}-W{number:02}", *counts, opened)


def income_rows(foresight: Foresight, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return the income of each month ahead: the likely one, the band, and the target.

    Of the month that has begun only the rest is ahead, and the target is that of so many days.
    """
    return [_income(month, foresight.target, labels) for month in foresight.forecast.months[:MONTHS]]


def _income(month: MonthAhead, target: Decimal | None, labels: Labels) -> tuple[Cell, ...]:
    income, name = month.income.value, f"{month.first:%Y-%m}"
    whole, ahead = monthrange(month.first.year, month.first.month)[1], (month.last - month.first).days + 1
    return (
        name if ahead == whole else labels.text("income.rest", month=name),
        income.median,
        income.low,
        income.high,
        None if target is None else round(target * ahead / whole),
    )


def proposal_rows(foresight: Foresight, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return what closed sales say of each criterion, or in one line why nothing is said."""
    said = foresight.unlearnt
    rows = [_proposal(one, labels) for one in foresight.profile.learnings] if foresight.profile else []
    return ([(labels.say(said), *[None] * 4)] if said else []) + rows[:CRITERIA]


def _proposal(one: Learning, labels: Labels) -> tuple[Cell, ...]:
    proposed, evidence = one.proposed, labels.say(one.evidence) if one.evidence else None
    if proposed and not proposed.value and evidence:
        evidence = labels.text("proposals.zero", evidence=evidence)
    return (
        one.criterion.name or one.criterion.column,
        one.criterion.weight,
        proposed.value if proposed else None,
        labels.name(proposed.origin) if proposed else None,
        evidence,
    )
