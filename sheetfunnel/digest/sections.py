"""What a digest tells below the work: what moved, what went quiet, what to look at in the workbook itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from sheetfunnel.digest.letter import Section
from sheetfunnel.digest.source import Source
from sheetfunnel.funnel.assess import Verdict
from sheetfunnel.funnel.foresight import Warned
from sheetfunnel.funnel.history import Change, Past
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.priority import Block
from sheetfunnel.funnel.text import fold

#: So many lines are told of each; a digest is one screen.
_LINES: Final = 5
_WARNINGS: Final = 3

_WEEK: Final = timedelta(days=7)
_WORKED_ON: Final = frozenset({Block.CLOSE, Block.EXPLORE, Block.COVER})

#: Who was contacted, and then not for this part of the normal cycle, went quiet; never sooner than two weeks.
_QUIET_PART: Final = 3
_QUIET_LEAST: Final = 14


def warned(source: Source, warnings: Sequence[Warned]) -> Iterator[Section]:
    """Yield what the owners are to be warned of, the gravest first; the Dashboard has the remedies."""
    owners = {fold(allocation.owner) for allocation in source.allocations}
    lines = [_of_owner(source, each) for each in warnings if not each.owner or fold(each.owner) in owners]
    yield from _section(source, "digest.warned", lines, most=_WARNINGS)


def _of_owner(source: Source, warned: Warned) -> str:
    what = source.say(warned.what)
    several = warned.owner and len(source.allocations) > 1
    return source.words.text("warnings.owner", owner=warned.owner, what=what) if several else what


def moved(source: Source, past: Past) -> Iterator[Section]:
    """Yield what History, and the dates in the rows, say of the last seven days: what ended comes first."""
    by_key = {verdict.objective.key: verdict.objective for verdict in source.verdicts}
    recent = [line for line in past.lines if _this_week(line.on, source.today) and line.key in by_key]
    told = {line.key for line in recent if line.before is not line.after}
    lines = [
        source.words.text(
            "digest.ended", outcome=verdict.objective.outcome, name=source.name(verdict.objective)
        )
        for verdict in source.verdicts
        if verdict.objective.outcome and _this_week(verdict.objective.closed_on, source.today)
    ]
    lines += [_told(source, line, by_key[line.key]) for line in recent if not isinstance(line.after, Outcome)]
    lines += [
        source.words.text("digest.begun", name=source.name(verdict.objective))
        for verdict in source.verdicts
        if _this_week(verdict.objective.first_contact, source.today) and verdict.objective.key not in told
    ]
    yield from _section(source, "digest.moved", lines)


def _told(source: Source, line: Change, objective: SalesObjective) -> str:
    """Return a line of History that speaks of an open objective, in words."""
    words, name = source.words, source.name(objective)
    if line.before is None:
        return words.text("digest.new_row", name=name)
    if line.before is line.after:
        return words.text("digest.date_moved", name=name, count=line.moved)
    return words.text("digest.moved_to", name=name, before=line.before, after=line.after)


def _this_week(day: date | None, today: date) -> bool:
    return day is not None and today - _WEEK < day <= today


def quiet(source: Source) -> Iterator[Section]:
    """Yield who was contacted once, and for long not again; the longest silence first."""
    silent = [
        (days, source.name(verdict.objective))
        for verdict in source.ranked
        if verdict.block in _WORKED_ON and (days := silence(verdict, source.today))
    ]
    silent.sort(key=lambda each: (-each[0], each[1]))
    lines = [source.words.text("digest.silent", count=days, name=name) for days, name in silent]
    yield from _section(source, "digest.quiet", lines)


def silence(verdict: Verdict, today: date) -> int:
    """Return for how many days an objective was not contacted, if that is too long; else 0.

    Too long is a third of the normal cycle of its service, and never less than two weeks.
    """
    objective = verdict.objective
    last = max(filter(None, (objective.first_contact, objective.last_contact)), default=None)
    if last is None or (objective.next_step_on and objective.next_step_on >= today):
        return 0  # never contacted, or somebody has a day for it
    days = (today - last).days
    longest = max(verdict.standing.cycle_days // _QUIET_PART, _QUIET_LEAST)
    return days if days > longest else 0


def to_look_at(source: Source) -> Iterator[Section]:
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


def _section(source: Source, title: str, lines: Sequence[str], *, most: int = _LINES) -> Iterator[Section]:
    if not lines:
        return
    more = len(lines) - most
    told = (*lines[:most], *([source.words.text("digest.more", count=more)] if more > 0 else []))
    yield Section(title=source.words.text(title), lines=tuple(told))
