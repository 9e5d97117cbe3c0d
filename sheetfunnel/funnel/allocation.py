"""Time allocation: the share of the week that each kind of work gets, by largest remainder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.practice import Person, Work
from sheetfunnel.values import value

#: Shares go in steps of 10 %.
STEP = 10
_STEPS = 100 // STEP
#: Exploring is never told to be raised beyond this, so that the other two kinds of work keep a step each.
HIGHEST_SHARE = 100 - 2 * STEP
#: The other two kinds of work keep a step each.
_HIGHEST_FLOOR = _STEPS - 2


def allocate(counts: Mapping[Work, int], floor: int = STEP) -> Mapping[Work, int]:
    """Return each kind of work's share in per cent, from its count of objectives (Hamilton).

    No work that exists is left without a step, and exploring gets at least ``floor`` per cent even
    when there is nothing to explore.
    """
    if not any(counts.get(work, 0) for work in Work):
        return {work: 100 if work is Work.EXPLORE else 0 for work in Work}
    least = {work: 1 if counts.get(work, 0) else 0 for work in Work}
    least[Work.EXPLORE] = min(max(floor // STEP, 1), _HIGHEST_FLOOR)
    fixed: dict[Work, int] = {}
    while True:
        free = {work: counts.get(work, 0) for work in Work if work not in fixed}
        steps = _largest_remainder(free, _STEPS - sum(fixed.values()))
        below = [work for work in free if steps[work] < least[work]]
        if not below:
            return {work: STEP * (fixed | steps)[work] for work in Work}
        fixed.update((work, least[work]) for work in below)


def _largest_remainder(counts: Mapping[Work, int] | Mapping[Work, Decimal], steps: int) -> dict[Work, int]:
    # Never zero: a kind that exists gets its least or more while steps remain, so one stays unfixed.
    total = sum(counts.values())
    shares = {work: int(count * steps // total) for work, count in counts.items()}
    # Sorting keeps the order of work among equal remainders.
    by_remainder = sorted(counts, key=lambda work: -(counts[work] * steps % total))
    for work in by_remainder[: steps - sum(shares.values())]:
        shares[work] += 1
    return shares


@value
class Allocation:
    """One owner's week: objectives counted, the proposed shares, those that count, and hours.

    ``counts`` are Above (explore), In (cover) and Best Few (close). ``shares`` are the person's own
    where ``own``, else the proposal; ``hours`` is ``None`` when the weekly hours are not known.
    ``raised`` says that "exploring hours at least" gave exploring more: then ``shares`` are those of the
    hours, in whole per cent. ``nobodys`` are the rows without an owner where others have one.
    """

    owner: str
    counts: Mapping[Work, int]
    proposed: Mapping[Work, int]
    shares: Mapping[Work, int]
    own: bool = False
    hours: Mapping[Work, Decimal] | None = None
    raised: bool = False
    nobodys: bool = False

    def note(self, work: Work) -> Remark | None:
        """Return what is to be said beside one kind of work, if anything."""
        if self.raised and self.hours is not None and work is Work.EXPLORE:
            return remark(Code.HOURS_EXPLORING, count=self.hours[work])
        if self.own:
            return remark(Code.HOURS_OWN_SHARES)
        if self.hours is not None:
            return None
        return remark(Code.HOURS_NO_OWNER if self.nobodys else Code.HOURS_UNKNOWN)


def together(allocations: Sequence[Allocation]) -> Mapping[Work, Decimal]:
    """Return the part of everybody's time, of 1, that each kind of work gets; nothing where there is none.

    Where nobody's hours are known everybody's week is as long.
    """
    weeks = [allocation.hours for allocation in allocations if allocation.hours]
    hours = {work: sum((week[work] for week in weeks), Decimal(0)) for work in Work}
    shares = {work: Decimal(sum(one.shares[work] for one in allocations)) for work in Work}
    parts = hours if any(hours.values()) else shares
    total = sum(parts.values(), Decimal(0))
    return {work: parts[work] / total if total else Decimal(0) for work in Work}


def allocation_of(
    person: Person, counts: Mapping[Work, int], floor: int, *, nobodys: bool = False
) -> Allocation:
    """Return the week of one person with so many objectives of each kind."""
    proposed = allocate(counts, floor)
    shares = proposed if person.shares is None else {work: person.shares.get(work, 0) for work in Work}
    hours = _hours(person.weekly_hours, shares)
    least = person.exploring_hours
    raised = hours is not None and least is not None and least > hours[Work.EXPLORE]
    if hours is not None and least is not None and raised:
        hours = _raise_exploring(hours, least)
        shares = _largest_remainder(hours, 100) if any(hours.values()) else shares
    return Allocation(
        owner=person.name.strip(),
        counts={work: counts.get(work, 0) for work in Work},
        proposed=proposed,
        shares=shares,
        own=person.shares is not None,
        hours=hours,
        raised=raised,
        nobodys=nobodys,
    )


def _hours(weekly: Decimal | None, shares: Mapping[Work, int]) -> dict[Work, Decimal] | None:
    return None if weekly is None else {work: weekly * shares[work] / 100 for work in Work}


def _raise_exploring(hours: Mapping[Work, Decimal], least: Decimal) -> dict[Work, Decimal]:
    """Give exploring its hours, at most the whole week; the rest shrinks in proportion."""
    week = sum(hours.values(), Decimal(0))
    others: Sequence[Work] = [work for work in Work if work is not Work.EXPLORE]
    exploring, before = min(least, week), sum((hours[work] for work in others), Decimal(0))
    raised = {work: hours[work] * (week - exploring) / before if before else Decimal(0) for work in others}
    return {work: exploring if work is Work.EXPLORE else raised[work] for work in Work}
