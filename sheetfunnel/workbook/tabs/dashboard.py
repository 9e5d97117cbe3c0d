"""The Dashboard tab: the tables that its charts point at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from sheetfunnel.funnel.assess import Assessment
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import Labels


def funnel_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return stage, the spacer that centres its bar, how many open objectives, and their amount."""
    counts: Counter[Stage] = Counter()
    amounts: dict[Stage, Decimal] = dict.fromkeys(Stage, Decimal(0))
    for verdict in assessment.verdicts:
        if verdict.stage is not None:
            counts[verdict.stage] += 1
            amounts[verdict.stage] += verdict.objective.amount or 0
    widest = max(counts.values(), default=0)
    return [
        (labels.name(stage), Decimal(widest - counts[stage]) / 2, counts[stage], amounts[stage])
        for stage in Stage
    ]


def share_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return, for each kind of work of the whole team: objectives, their share, hours, and theirs."""
    counts = {work: sum(a.counts[work] for a in assessment.allocations) for work in Work}
    hours = {
        work: sum((a.hours[work] for a in assessment.allocations if a.hours), Decimal(0)) for work in Work
    }
    return [
        (labels.name(work), counts[work], _part(Decimal(counts[work]), counts), _part(hours[work], hours))
        for work in Work
    ]


def _part(value: Decimal, of: Mapping[Work, Decimal] | Mapping[Work, int]) -> Decimal:
    total = Decimal(sum(of.values()))
    return round(value / total, 4) if total else Decimal(0)


def obstacle_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return the obstacles, dearest first: how often, what they cost, and the prepared answer."""
    return [
        (found.text, labels.name(found.kind), found.count, found.amount, found.answer or None)
        for found in assessment.obstacles
    ]
