"""The status box on Start: the day of the last sync, what was read, what changed."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sheetfunnel import __version__
from sheetfunnel.funnel.assess import Assessment
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.labels import Labels, labels
from sheetfunnel.workbook.timers import Timers

#: The rows of the box, in their order.
ITEMS = ("last_sync", "next_sync", "rows", "problems", "changed", "frozen", "version")

_HOUR = 60


def status_rows(
    decoded: Decoded, assessment: Assessment, *, today: date, timers: Timers, changed: int | None
) -> list[tuple[Cell, Cell]]:
    """Return the box: an item and its value a row.

    The stamp is a day, and the next sync is told by its step, so that a second run on the same day changes
    nothing.
    """
    words = labels(decoded.language)
    read = words.text(
        "status.rows_read", count=len(decoded.rows), parts=rows_told(decoded, assessment, words)
    )
    values: dict[str, Cell] = {
        "last_sync": today,
        "next_sync": _next_sync(timers, words),
        "rows": read,
        "problems": _problems(decoded, words),
        "changed": _changed(decoded, words, changed),
        "frozen": _frozen(assessment, words),
        "version": __version__,
    }
    return [(words.text(f"status.{item}"), values[item]) for item in ITEMS]


def rows_told(decoded: Decoded, assessment: Assessment, words: Labels) -> str:
    """Return what became of the rows that were read, in parts that add up to all of them."""
    stages: Counter[Stage] = Counter()
    ends: Counter[Outcome] = Counter()
    for judged, count in assessment.alike:
        if judged.outcome is None:
            stages[judged.stage] += count
        else:
            ends[judged.outcome] += count
    ended = sum(ends[outcome] for outcome in Outcome)
    without = len(decoded.rows) - len(assessment.verdicts)
    in_stages = ", ".join(f"{words.name(stage)} {words.number(stages[stage])}" for stage in Stage)
    in_ends = ", ".join(f"{words.name(end).lower()} {words.number(ends[end])}" for end in Outcome)
    parts = [words.text("rows.open", count=len(assessment.verdicts) - ended, stages=in_stages)]
    parts += [words.text("rows.ended", count=ended, ends=in_ends)] if ended else []
    parts += [words.text("rows.without_result", count=without)] if without else []
    return "; ".join(parts)


def _next_sync(timers: Timers, words: Labels) -> str:
    told = "; ".join(_step(timer.minutes, name, words) for name, timer in timers.items())
    return f"{told[:1].upper()}{told[1:]}" if told else words.text("status.not_scheduled")


def _step(minutes: int, computer: str, words: Labels) -> str:
    if minutes % _HOUR:
        return words.text("status.every_minutes", count=minutes, computer=computer)
    return words.text("status.every_hours", count=minutes // _HOUR, computer=computer)


def _problems(decoded: Decoded, words: Labels) -> str:
    count, check = len(decoded.findings), decoded.places.tables.get("check")
    if not count:
        return words.text("status.none")
    if check is None:  # a person deleted the tab
        return words.text("status.problems_counted", count=count)
    return words.text("status.problems_found", count=count, check=check.grid.title)


def _frozen(assessment: Assessment, words: Labels) -> str:
    count = sum(count for judged, count in assessment.alike if judged.clear_my_stage)
    return words.text("status.frozen_rows", count=count) if count else words.text("status.none")


def _changed(decoded: Decoded, words: Labels, changed: int | None) -> Cell:
    if changed is not None:
        return words.text("status.changed_rows", count=changed) if changed else words.text("status.none")
    place = decoded.places["status"]
    return place.at(place.header + 1 + ITEMS.index("changed"), "value")
