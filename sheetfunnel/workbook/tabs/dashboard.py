"""The Dashboard tab: the tables that its charts point at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.assess import Assessment
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.obstacles import Obstacle
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import Labels


def funnel_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return stage, the spacer that centres its bar, how many open objectives, and their amount."""
    counts: Counter[Stage] = Counter()
    amounts: dict[Stage, Decimal] = dict.fromkeys(Stage, Decimal(0))
    for verdict in assessment.ranked:
        stage, amount = verdict.standing.judgement.stage, verdict.objective.amount
        counts[stage] += 1
        if amount:
            amounts[stage] += amount
    widest = max(counts.values(), default=0)
    return [
        (labels.name(stage), Decimal(widest - counts[stage]) / 2, counts[stage], amounts[stage])
        for stage in Stage
    ]


def share_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return, for each kind of work of the whole team: objectives, share of the time, hours a week."""
    weeks = [allocation.hours for allocation in assessment.allocations if allocation.hours]
    hours = {work: sum((week[work] for week in weeks), Decimal(0)) for work in Work}
    shares = hours if any(hours.values()) else _shares(assessment.allocations)
    total = sum(shares.values(), Decimal(0))
    return [
        (
            labels.name(work),
            sum(allocation.counts[work] for allocation in assessment.allocations),
            round(shares[work] / total, 4) if total else Decimal(0),
            round(hours[work], 1) if weeks else None,
        )
        for work in Work
    ]


def _shares(allocations: Sequence[Allocation]) -> Mapping[Work, Decimal]:
    """Return what counts instead of hours where nobody's are known: everybody's week is as long."""
    return {work: Decimal(sum(allocation.shares[work] for allocation in allocations)) for work in Work}


def obstacle_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return the obstacles, dearest first: how often, what they cost, and the prepared answer.

    One that was met in two ways is named with the way, for a chart shows nothing but the name.
    """
    met = Counter(fold(found.text) for found in assessment.obstacles)
    return [
        (
            _named(found, labels) if met[fold(found.text)] > 1 else found.text,
            labels.name(found.kind),
            found.count,
            found.amount,
            found.answer or None,
        )
        for found in assessment.obstacles
    ]


def _named(found: Obstacle, labels: Labels) -> str:
    kind = labels.name(found.kind)
    return labels.text("obstacle.of_kind", obstacle=found.text, kind=kind[:1].lower() + kind[1:])
