"""What a digest tells, in the words of the workbook's language; how it looks is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sheetfunnel.digest.shorten import shortened, without_names
from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.assess import Assessment, Verdict
from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.priority import Block
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.keys import JOINT
from sheetfunnel.workbook.labels import Labels, join, labels
from sheetfunnel.workbook.tabs.priorities import block_hours, owner_name

#: So many of each list are told; a digest is one screen.
_FIRST: Final = 3
_REASONS: Final = 2
_MOVED: Final = 5

_WEEK: Final = timedelta(days=7)

#: Who was contacted, and then not for this part of the normal cycle, went quiet; never sooner than two weeks.
_QUIET_PART: Final = 3
_QUIET_LEAST: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One objective to work on: ``owner`` is blank where there is one only."""

    name: str
    do_next: str
    due: str
    why: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkWeek:
    """One kind of work: its hours in words, the share of it (in per cent), what comes first."""

    work: Work
    title: str
    hours: str
    share: int
    items: tuple[Item, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One owner's week: each kind of work in words."""

    owner: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands below it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A whole digest, in words."""

    language: str
    subject: str
    title: str
    lead: str
    works: tuple[WorkWeek, ...]
    hours: tuple[Hours, ...]
    sections: tuple[Section, ...]
    foot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What the parts of a digest are made from: the verdicts are those of its owners."""

    decoded: Decoded
    today: date
    verdicts: tuple[Verdict, ...]
    ranked: tuple[Verdict, ...]
    allocations: Sequence[Allocation]
    short: Mapping[str, str]
    words: Labels

    def name(self, objective: SalesObjective) -> str:
        """Return an objective's name as one text."""
        ident = "" if objective.key.startswith(JOINT) else objective.key
        parts = (objective.client or ident, objective.objective or objective.service)
        return self.told(" · ".join(part for part in parts if part))

    def told(self, text: str) -> str:
        """Return a text as it is shown, on one line."""
        return " ".join(without_names(text, self.short).split())


def digest_of(
    decoded: Decoded,
    assessment: Assessment,
    allocations: Sequence[Allocation],
    *,
    file: str,
    full_names: bool = False,
) -> Digest:
    """Return the digest of the owners of ``allocations``; names are short unless they are wanted in full."""
    source = _source(decoded, assessment, allocations, full_names=full_names)
    words, week = source.words, source.today.isocalendar().week
    sections = (*_moved(source), *_quiet(source), *_to_look_at(source))
    return Digest(
        language=decoded.language,
        subject=words.text("digest.subject", week=week),
        title=words.text("digest.title", week=week),
        lead=words.text("digest.lead", day=source.today, file=file),
        works=tuple(_work_week(source, work) for work in Work),
        hours=tuple(_hours(source, allocation) for allocation in allocations),
        sections=sections,
        foot=words.text("digest.foot_full" if full_names else "digest.foot"),
    )


def _source(
    decoded: Decoded, assessment: Assessment, allocations: Sequence[Allocation], *, full_names: bool
) -> _Source:
    owners = {fold(allocation.owner) for allocation in allocations}
    verdicts = tuple(verdict for verdict in assessment.verdicts if verdict.standing.owner in owners)
    names = {name for verdict in verdicts for name in _names(verdict.objective)}
    return _Source(
        decoded=decoded,
        today=assessment.today,
        verdicts=verdicts,
        ranked=tuple(verdict for verdict in assessment.ranked if verdict.standing.owner in owners),
        allocations=allocations,
        short={} if full_names else shortened(names),
        words=labels(decoded.language),
    )


def _names(objective: SalesObjective) -> Iterator[str]:
    """Yield who is to be made short: the client, and the people on their side."""
    yield objective.client
    for influence in objective.influences:
        yield from influence.names


def _work_week(source: _Source, work: Work) -> WorkWeek:
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


def _more(source: _Source, block: Sequence[Verdict]) -> str:
    """Return what is to be said below the first of a block."""
    if not block:
        return source.words.text("week.nothing")
    more = len(block) - _FIRST
    return source.words.text("week.more", count=more) if more > 0 else ""


def _item(source: _Source, verdict: Verdict) -> Item:
    words = source.words
    due = verdict.due if verdict.due != verdict.objective.expected_close else None
    several = len(source.allocations) > 1
    return Item(
        name=source.name(verdict.objective),
        do_next=source.told(words.say(verdict.do_next)) if verdict.do_next else "",
        due=f"{words.text('column.priorities.due')} {words.words(due)}" if due else "",
        why=source.told(join(words.say(said) for said in verdict.why[:_REASONS])),
        owner=verdict.objective.owner.strip() if several else "",
    )


def _all_hours(source: _Source, work: Work) -> str:
    """Return the hours of one owner, or of all of them together where all are known."""
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


def _hours(source: _Source, allocation: Allocation) -> Hours:
    return Hours(
        owner=owner_name(allocation, source.words),
        told=tuple(_told_hours(allocation, work, source.words) for work in Work),
    )


def _told_hours(allocation: Allocation, work: Work, words: Labels) -> str:
    share = allocation.shares[work]
    if allocation.hours is None:
        return f"{share} %"
    return words.text("digest.hours", hours=round(allocation.hours[work], 1), share=share)


def _moved(source: _Source) -> Iterator[Section]:
    """Yield what the dates in the rows say of the last seven days."""
    lines = [
        source.words.text(
            "digest.ended", outcome=verdict.objective.outcome, name=source.name(verdict.objective)
        )
        for verdict in source.verdicts
        if verdict.objective.outcome and _this_week(verdict.objective.closed_on, source.today)
    ]
    lines += [
        source.words.text("digest.begun", name=source.name(verdict.objective))
        for verdict in source.verdicts
        if _this_week(verdict.objective.first_contact, source.today)
    ]
    yield from _section(source, "digest.moved", lines)


def _this_week(day: date | None, today: date) -> bool:
    return day is not None and today - _WEEK < day <= today


def _quiet(source: _Source) -> Iterator[Section]:
    """Yield who was contacted once, and for long not again; the longest silence first."""
    silent = [
        (days, source.name(verdict.objective))
        for verdict in source.ranked
        if verdict.block in _WORKED_ON and (days := silence(verdict, source.today))
    ]
    silent.sort(key=lambda each: (-each[0], each[1]))
    lines = [source.words.text("digest.silent", count=days, name=name) for days, name in silent]
    yield from _section(source, "digest.quiet", lines)


_WORKED_ON: Final = frozenset({Block.CLOSE, Block.EXPLORE, Block.COVER})


def silence(verdict: Verdict, today: date) -> int:
    """Return for how many days an objective was not contacted, if that is too long; else 0.

    Too long is a third of the normal cycle of its service, and never less than two weeks.
    """
    objective = verdict.objective
    last = max(filter(None, (objective.first_contact, objective.last_contact)), default=None)
    if last is None or (objective.next_step_on and objective.next_step_on >= today):
        return 0  # never contacted, or somebody has a day for it
    days = (today - last).days
    longest = max(verdict.standing.evidence.case.cycle_days // _QUIET_PART, _QUIET_LEAST)
    return days if days > longest else 0


def _to_look_at(source: _Source) -> Iterator[Section]:
    """Yield what the program has to remark on the workbook itself."""
    words, decoded = source.words, source.decoded
    lines: list[str] = []
    check = decoded.places.tables.get("check")
    if decoded.findings and check:
        lines.append(words.text("status.problems_found", count=len(decoded.findings), check=check.grid.title))
    elif decoded.findings:
        lines.append(words.text("status.problems_counted", count=len(decoded.findings)))
    if frozen := sum(verdict.clear_my_stage for verdict in source.verdicts):
        lines.append(words.text("status.frozen_rows", count=frozen))
    yield from _section(source, "digest.look", lines)


def _section(source: _Source, title: str, lines: Sequence[str]) -> Iterator[Section]:
    if not lines:
        return
    more = len(lines) - _MOVED
    told = (*lines[:_MOVED], *([source.words.text("digest.more", count=more)] if more > 0 else []))
    yield Section(title=source.words.text(title), lines=tuple(told))
