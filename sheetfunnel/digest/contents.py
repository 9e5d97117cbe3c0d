"""What a digest tells, in the words of the workbook's language; how it looks is decided elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sheetfunnel.digest.letter import Digest, Hours, Item, WorkWeek
from sheetfunnel.digest.sections import moved, quiet, to_look_at, warned
from sheetfunnel.digest.source import Source
from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.assess import Verdict
from sheetfunnel.funnel.foresight import Foresight
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.priority import Block
from sheetfunnel.workbook.labels import Labels, join
from sheetfunnel.workbook.tabs.priorities import block_hours, owner_name

#: So many of each kind of work are told, with so many reasons; a digest is one screen.
_FIRST: Final = 3
_REASONS: Final = 2


def digest_of(source: Source, foresight: Foresight, *, file: str) -> Digest:
    """Return the digest of the owners of a source, and of what is ahead of them."""
    words, week = source.words, source.today.isocalendar().week
    sections = (
        *moved(source, foresight.past),
        *quiet(source),
        *warned(source, foresight.warnings),
        *to_look_at(source),
    )
    return Digest(
        language=source.decoded.language,
        subject=words.text("digest.subject", week=week),
        title=words.text("digest.title", week=week),
        lead=words.text("digest.lead", day=source.today, file=file),
        works=work_weeks(source),
        hours=tuple(_hours(source, allocation) for allocation in source.allocations),
        sections=sections,
        foot=words.text("digest.foot_full" if source.full_names else "digest.foot"),
    )


def work_weeks(source: Source) -> tuple[WorkWeek, ...]:
    """Return what to do first of each kind of work, in their order."""
    return tuple(_work_week(source, work) for work in Work)


def _work_week(source: Source, work: Work) -> WorkWeek:
    block = [verdict for verdict in source.ranked if verdict.block is Block(work.value)]
    block.sort(key=lambda verdict: verdict.rank or 0)  # the first of each owner, then the second of each
    return WorkWeek(
        work=work,
        title=source.words.name(work),
        hours=_all_hours(source, work),
        share=_share(source.allocations, work),
        items=tuple(_item(source, verdict) for verdict in block[:_FIRST]),
        more=_more(source, block),
    )


def _more(source: Source, block: Sequence[Verdict]) -> str:
    """Return what is to be said below the first of a block."""
    if not block:
        return source.words.text("week.nothing")
    more = len(block) - _FIRST
    return source.words.text("week.more", count=more) if more > 0 else ""


def _item(source: Source, verdict: Verdict) -> Item:
    words = source.words
    due = verdict.due if verdict.due != verdict.objective.expected_close else None
    several = len(source.allocations) > 1
    return Item(
        name=source.name(verdict.objective),
        do_next=source.say(verdict.do_next) if verdict.do_next else "",
        due=f"{words.text('column.priorities.due')} {words.words(due)}" if due else "",
        why=join(source.say(said) for said in verdict.why[:_REASONS]),
        owner=verdict.objective.owner.strip() if several else "",
    )


def _all_hours(source: Source, work: Work) -> str:
    """Return the hours of one owner, or of all of them together as far as they are known."""
    known = [allocation.hours[work] for allocation in source.allocations if allocation.hours is not None]
    if len(source.allocations) == 1:
        return block_hours(source.allocations[0], work, source.words)
    if not known:
        return ""
    return source.words.text("digest.hours_all", count=round(sum(known), 1))


def _share(allocations: Sequence[Allocation], work: Work) -> int:
    """Return the part of the whole week that a kind of work gets, in per cent."""
    hours = [allocation.hours for allocation in allocations if allocation.hours is not None]
    total = sum(sum(week.values()) for week in hours)
    if total:
        return round(100 * sum(week[work] for week in hours) / total)
    return round(sum(allocation.shares[work] for allocation in allocations) / max(len(allocations), 1))


def _hours(source: Source, allocation: Allocation) -> Hours:
    return Hours(
        owner=owner_name(allocation, source.words),
        told=tuple(_told_hours(allocation, work, source.words) for work in Work),
    )


def _told_hours(allocation: Allocation, work: Work, words: Labels) -> str:
    share = allocation.shares[work]
    if allocation.hours is None:
        return f"{share} %"
    return words.text("digest.hours", hours=round(allocation.hours[work], 1), share=share)
