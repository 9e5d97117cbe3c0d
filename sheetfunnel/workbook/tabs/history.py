"""The History tab: changes of stage, and a row for each owner and week."""

from __future__ import annotations

from decimal import Decimal

from sheetfunnel.funnel.history import Past
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.weeks import Week
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import Labels


def change_rows(past: Past, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return one row for each change, the newest last."""
    return [
        (
            line.on,
            line.key,
            labels.name(line.before) if line.before else None,
            labels.name(line.after),
            line.expected,
            line.moved or None,
            line.formerly or None,
        )
        for line in past.changes
    ]


def week_rows(past: Past, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return one row for each owner and week."""
    return [_week(row, labels) for row in past.weeks]


def _week(row: Week, labels: Labels) -> tuple[Cell, ...]:
    amounts = (row.amounts.get(stage) for stage in Stage if stage is not Stage.UNIVERSE)
    shares = (row.shares.get(work) for work in Work)
    told = row.forecast
    return (
        row.week,
        labels.text("history.everybody") if row.owner is None else row.owner or None,
        row.on,
        row.opened,
        *(row.counts.get(stage) for stage in Stage),
        *amounts,
        row.won,
        row.lost,
        row.income,
        *(None if share is None else Decimal(share) / 100 for share in shares),
        *((told.low, told.median, told.high) if told else (None, None, None)),
        labels.text("history.reconstructed") if row.reconstructed else None,
    )
