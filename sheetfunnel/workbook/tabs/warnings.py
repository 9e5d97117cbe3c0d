"""The sentences at the top of the Dashboard: what to be warned of, what to do, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from sheetfunnel.findings import Code, remark
from sheetfunnel.funnel.foresight import Foresight, Warned
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import Labels, join

#: So many lines stand above the charts.
LINES: Final = 10


def warning_rows(
    foresight: Foresight, labels: Labels, *, today: date, history: bool
) -> list[tuple[Cell, ...]]:
    """Return two lines for each warning, and what is to be known of the forecast and of ``history``."""
    notes = [*_certainty(foresight, labels), *_of_history(foresight, labels, today=today, kept=history)]
    certain = [labels.text("warnings.note", note=note) for note in notes]
    room = (LINES - len(certain)) // 2
    warnings = foresight.warnings if len(foresight.warnings) <= room else foresight.warnings[: room - 1]
    lines = [line for warned in warnings for line in said(warned, labels)]
    more = len(foresight.warnings) - len(warnings)
    lines += [labels.text("warnings.more", count=more)] if more else []
    return [(line,) for line in [*(lines or [labels.text("warnings.none")]), *certain]]


def said(warned: Warned, labels: Labels) -> tuple[str, str]:
    """Return a warning in words, and what to do about it."""
    what, remedy = labels.say(warned.what), join(labels.say(one) for one in warned.remedy)
    if warned.owner:
        what = labels.text("warnings.owner", owner=warned.owner, what=what)
    return what, labels.text("warnings.remedy", remedy=remedy)


def _of_history(foresight: Foresight, labels: Labels, *, today: date, kept: bool) -> Iterator[str]:
    """Yield why History keeps nothing today, if so."""
    if not kept:
        yield labels.text("warnings.history_gone")
    elif foresight.past.newest > today:
        yield labels.text("warnings.history_ahead", day=foresight.past.newest)


def _certainty(foresight: Foresight, labels: Labels) -> Iterator[str]:
    """Yield how sure the forecast is, or why there is none."""
    told, soon = foresight.forecast, foresight.forecast.next_30_days
    if told.verdict is not None:
        yield labels.say(told.verdict)
    if soon is not None and soon.weak:
        yield labels.say(remark(Code.FORECAST_WEAK, count=soon.cases))
    if foresight.score.told is not None:
        yield labels.say(foresight.score.told)
