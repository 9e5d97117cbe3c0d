"""The Allocation tab: who has how many hours for which kind of work, and the normal cycles."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.assess import Assessment
from sheetfunnel.funnel.foresight import Foresight
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import Labels, join

#: The stage whose objectives are counted for a kind of work.
COUNTED = {Work.CLOSE: Stage.BEST_FEW, Work.EXPLORE: Stage.ABOVE, Work.COVER: Stage.IN}


def allocation_rows(assessment: Assessment, foresight: Foresight, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return one row for each owner and kind of work, in the order of work."""
    return [
        row for allocation in assessment.allocations for row in _owner_rows(allocation, foresight, labels)
    ]


def _owner_rows(allocation: Allocation, foresight: Foresight, labels: Labels) -> Iterator[tuple[Cell, ...]]:
    owner = fold(allocation.owner)
    before = foresight.last_week.get(owner)
    for work in Work:
        more = foresight.raised.get(owner, 0) if work is Work.EXPLORE else 0
        notes = [labels.text("allocation.raise", count=more)] if more else []
        notes += [labels.say(note)] if (note := allocation.note(work)) else []
        yield (
            allocation.owner or labels.text("allocation.nobody"),
            labels.name(work),
            labels.name(COUNTED[work]),
            allocation.counts[work],
            Decimal(allocation.proposed[work]) / 100,
            Decimal(allocation.shares[work]) / 100,
            Decimal(before.shares[work]) / 100 if before and work in before.shares else None,
            None if allocation.hours is None else round(allocation.hours[work], 1),
            join(notes) if len(notes) > 1 else "".join(notes) or None,
        )


def cycle_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return the normal cycle of each service, with its origin and what was left out of it."""
    return [
        (
            cycle.service or labels.text("allocation.no_service"),
            cycle.days,
            labels.text("allocation.cycle", count=cycle.days, origin=cycle.origin),
            "; ".join(labels.say(said) for said in cycle.left_out_remarks) or None,
        )
        for cycle in assessment.cycles.values()
    ]
