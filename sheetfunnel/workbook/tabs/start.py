"""The status box on Start: the day of the last sync, what was read, what changed."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sheetfunnel import __version__
from sheetfunnel.funnel.assess import Assessment
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.labels import Labels, labels

#: The rows of the box, in their order.
ITEMS = ("last_sync", "rows", "problems", "changed", "frozen", "version")


def status_rows(
    decoded: Decoded, assessment: Assessment, *, today: date, changed: int | None
) -> list[tuple[Cell, Cell]]:
    """Return the box: an item and its value a row.

    The stamp is a day, so that a second run on the same day changes nothing.
    """
    words = labels(decoded.language)
    frozen = sum(verdict.clear_my_stage for verdict in assessment.verdicts)
    values: dict[str, Cell] = {
        "last_sync": today,
        "rows": _rows_read(assessment, words),
        "problems": words.text("status.problems_found", count=len(decoded.findings)),
        "changed": _changed(decoded, words, changed),
        "frozen": words.text("status.frozen_rows", count=frozen),
        "version": __version__,
    }
    return [(words.text(f"status.{item}"), values[item]) for item in ITEMS]


def _rows_read(assessment: Assessment, words: Labels) -> str:
    stages = Counter(verdict.stage for verdict in assessment.verdicts if verdict.stage is not None)
    parts = [f"{words.name(stage)} {words.number(stages[stage])}" for stage in Stage]
    total = words.number(len(assessment.verdicts))
    opened = words.number(sum(stages.values()))
    return words.text("status.rows_read", rows=total, open=opened, stages=", ".join(parts))


def _changed(decoded: Decoded, words: Labels, changed: int | None) -> Cell:
    if changed is not None:
        return words.text("status.changed_rows", count=changed)
    place = decoded.places["status"]
    return place.at(place.header + 1 + ITEMS.index("changed"), "value")
