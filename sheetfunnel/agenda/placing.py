"""Where the hours go in a week: in blocks of at most an hour and a half, each kind of work on many days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest
from typing import Final

from sheetfunnel.agenda.times import Span, WorkingTimes
from sheetfunnel.funnel.practice import Work
from sheetfunnel.values import value

#: Minutes: hours are told in quarters, nobody works well for longer, or for less, than a block.
_QUARTER: Final = 15
_LONGEST: Final = 90
_SHORTEST: Final = 30
_HOUR: Final = 60


@value
class Block:
    """Some time of one day (0 is Monday) for one kind of work."""

    day: int
    span: Span
    work: Work


@value
class Placed:
    """A week: its blocks in the order of the clock, and the minutes of each kind that found no room."""

    blocks: tuple[Block, ...]
    left_over: Mapping[Work, int]


def placed(hours: Mapping[Work, Decimal], times: WorkingTimes, *, exploring: int | None = None) -> Placed:
    """Return the blocks of a week; on the day ``exploring``, if given, exploring comes first thing.

    The blocks of one kind are spread over the days, and within a day they stand in the order of work.
    """
    free = {day: list(spans) for day, spans in times.items()}
    wanted = {work: _quarters(hours.get(work, Decimal(0))) for work in Work}
    blocks: list[Block] = []
    if exploring in free:
        first = min(wanted[Work.EXPLORE], free[exploring][0].minutes)
        blocks += _take(free, exploring, Work.EXPLORE, first)
        wanted[Work.EXPLORE] -= first
    left_over = dict.fromkeys(Work, 0)
    by_day: dict[int, list[tuple[Work, int]]] = {day: [] for day in free}
    for work, minutes in _in_turn(wanted):
        left_over[work] += _assign(free, by_day, work, minutes)
    for day, chunks in by_day.items():
        for work, minutes in sorted(chunks, key=lambda chunk: list(Work).index(chunk[0])):
            blocks += _take(free, day, work, minutes)
    return Placed(
        blocks=tuple(sorted(_joined(blocks), key=lambda block: (block.day, block.span))), left_over=left_over
    )


def _quarters(hours: Decimal) -> int:
    return int((hours * _HOUR / _QUARTER).quantize(Decimal(1), ROUND_HALF_UP)) * _QUARTER


def _in_turn(wanted: Mapping[Work, int]) -> Iterator[tuple[Work, int]]:
    """Yield the chunks: one of each kind, then the second of each, so that all are spread."""
    for chunks in zip_longest(*(_chunks(wanted[work]) for work in Work)):
        yield from ((work, minutes) for work, minutes in zip(Work, chunks, strict=True) if minutes)


def _chunks(minutes: int) -> list[int]:
    """Cut minutes into as few chunks as may be, which are as long as one another to a quarter."""
    count = -(-minutes // _LONGEST)
    quarters = minutes // _QUARTER
    return [_QUARTER * (quarters // count + (at < quarters % count)) for at in range(count)]


def _assign(
    free: Mapping[int, list[Span]], by_day: Mapping[int, list[tuple[Work, int]]], work: Work, minutes: int
) -> int:
    """Give a chunk to the days that have least of this kind, and of all; return the minutes without room."""

    def load(day: int) -> tuple[bool, int, int]:
        return any(kind is work for kind, _ in by_day[day]), sum(taken for _, taken in by_day[day]), day

    for day in sorted(by_day, key=load):
        room = sum(span.minutes for span in free[day]) - load(day)[1]
        part = min(room, minutes)
        if part == minutes or part >= _SHORTEST:
            by_day[day].append((work, part))
            minutes -= part
        if not minutes:
            break
    return minutes


def _take(free: Mapping[int, list[Span]], day: int, work: Work, minutes: int) -> Iterator[Block]:
    """Yield blocks from the first free time of a day on, as many minutes as are wanted."""
    spans = free[day]
    while minutes and spans:
        span = spans.pop(0)
        used = Span(begin=span.begin, end=span.begin + min(span.minutes, minutes))
        minutes -= used.minutes
        if used.end < span.end:
            spans.insert(0, Span(begin=used.end, end=span.end))
        yield Block(day=day, span=used, work=work)


def _joined(blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks; those of one kind that touch become one."""
    ordered = sorted(blocks, key=lambda block: (block.day, block.span))
    while ordered:
        block = ordered.pop(0)
        while ordered and _touch(block, ordered[0]):
            span = Span(begin=block.span.begin, end=ordered.pop(0).span.end)
            block = Block(day=block.day, span=span, work=block.work)
        yield block


def _touch(block: Block, after: Block) -> bool:
    return (block.day, block.work, block.span.end) == (after.day, after.work, after.span.begin)
