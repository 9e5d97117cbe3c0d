"""Which computers sync a workbook by themselves, and how often: kept in the memory, told on Start.

A computer writes of itself alone, so that two that share a workbook never write over one another in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Final, TypeAlias

from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell

_PREFIX: Final = "timer."

#: A computer says again that it is there once a week, so that no day has a change for that alone; one that
#: has said nothing for so long is gone.
_RENEWED_AFTER: Final = timedelta(days=7)
_GONE_AFTER: Final = timedelta(days=30)


@value
class Computer:
    """The computer that a sync runs on; ``minutes`` is the step at which it syncs this workbook by itself."""

    name: str
    minutes: int | None


@value
class Timer:
    """The step of one computer in minutes, and the day on which it said so."""

    minutes: int
    seen: date


#: The timers of a workbook by the names of their computers.
Timers: TypeAlias = Mapping[str, Timer]


def timers_after(memory: Mapping[str, Cell], computer: Computer | None, *, today: date) -> Timers:
    """Return the timers as they are after a sync on a computer; where nothing is known of that, they stay."""
    kept = {name: timer for name, timer in _remembered(memory) if abs(today - timer.seen) <= _GONE_AFTER}
    if computer is None:
        return kept
    before = kept.pop(computer.name, None)
    if computer.minutes is None:
        return kept
    now = Timer(minutes=computer.minutes, seen=today)
    if before and before.minutes == now.minutes and abs(today - before.seen) < _RENEWED_AFTER:
        now = before
    return dict(sorted({**kept, computer.name: now}.items()))


def timer_facts(timers: Timers) -> dict[str, Cell]:
    """Return what the memory keeps of the timers."""
    return {f"{_PREFIX}{name}": f"{timer.minutes} {timer.seen}" for name, timer in timers.items()}


def _remembered(memory: Mapping[str, Cell]) -> Iterator[tuple[str, Timer]]:
    for key, fact in memory.items():
        if key.startswith(_PREFIX):
            minutes, _, seen = str(fact).partition(" ")
            with suppress(ValueError):  # somebody wrote there: it is no timer
                yield key.removeprefix(_PREFIX), Timer(minutes=int(minutes), seen=date.fromisoformat(seen))
