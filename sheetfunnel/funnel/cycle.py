"""The normal cycle of each service: the usual time from first contact to agreement.

The median time to agreement among objectives that end in agreement, those still open counted as
such: the Aalen-Johansen cumulative incidence of Won, with Lost and Dropped as competing ends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TypeAlias

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.figures import Figure, Origin, counted
from sheetfunnel.funnel.numbers import half_up
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.practice import Practice, Service
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import Named, value

#: Days of a cycle of which nothing is known yet.
ASSUMED_DAYS = 60
#: As many agreements as the typed value weighs.
TYPED_WEIGHT = 5


class LeftOut(Named):
    """Why an objective says nothing about the length of a cycle."""

    NO_FIRST_CONTACT = "no_first_contact"
    NOT_YET_BEGUN = "not_yet_begun"  # open, its first contact after today
    NO_CLOSING_DATE = "no_closing_date"
    CLOSED_BEFORE_BEGUN = "closed_before_begun"


@value
class NormalCycle:
    """The days that are used for a service, and where they come from.

    ``estimate`` is the median of the data alone (``None`` without agreements), ``typed`` the value in
    Settings; ``left_out`` counts the objectives that could not be used.
    """

    service: str
    days: int
    agreements: int = 0
    estimate: int | None = None
    typed: int | None = None
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)

    @property
    def assumed(self) -> bool:
        """Whether neither agreements nor a typed value stand behind the days."""
        return self.estimate is None and self.typed is None

    @property
    def figure(self) -> Figure[int]:
        """The days with what they stand on: typed, weak (few agreements, or assumed), or measured."""
        if self.estimate is None and self.typed is not None:
            return Figure(value=self.days, origin=Origin.TYPED)
        return counted(self.days, self.agreements)

    @property
    def origin(self) -> Remark:
        """Where the days come from, for a reader."""
        if self.estimate is None:
            return remark(Code.CYCLE_ASSUMED if self.typed is None else Code.CYCLE_TYPED)
        if self.typed is None:
            return remark(Code.CYCLE_AGREEMENTS, count=self.agreements)
        return remark(Code.CYCLE_AGREEMENTS_AND_TYPED, count=self.agreements, typed=self.typed)

    @property
    def left_out_remarks(self) -> tuple[Remark, ...]:
        """What was left out and why, for a reader."""
        return tuple(
            remark(Code(f"left_out_{why.value}"), count=self.left_out[why])
            for why in LeftOut
            if self.left_out.get(why)
        )


_Span: TypeAlias = tuple[int, Outcome | None]
"""The days for which an objective has been followed, and how it ended (``None``: still open)."""


def normal_cycles(
    objectives: Iterable[SalesObjective], practice: Practice, today: date
) -> Mapping[str, NormalCycle]:
    """Return the cycle of every service in Settings or on a row, by its folded name (blank: its own)."""
    written: dict[str, list[_Span | LeftOut]] = defaultdict(list)
    for objective in objectives:
        written[objective.service].append(_span(objective, today))
    spans: dict[str, Counter[_Span | LeftOut]] = defaultdict(Counter)
    names: dict[str, str] = {}
    for service, found in written.items():
        key, name = fold(service), service.strip()
        spans[key].update(found)
        names[key] = min(names.get(key, name), name)
    listed = {fold(service.name): service for service in reversed(practice.services)}
    order = [fold(service.name) for service in practice.services] + sorted(set(spans) - set(listed))
    default = Service(name="")
    return {key: _cycle(listed.get(key, default), names.get(key, ""), spans.get(key, {})) for key in order}


def _span(objective: SalesObjective, today: date) -> _Span | LeftOut:
    begun, ended = objective.first_contact, objective.closed_on
    if begun is None:
        return LeftOut.NO_FIRST_CONTACT
    if objective.outcome is None:
        return ((today - begun).days, None) if begun <= today else LeftOut.NOT_YET_BEGUN
    if ended is None:
        return LeftOut.NO_CLOSING_DATE
    if ended < begun:
        return LeftOut.CLOSED_BEFORE_BEGUN
    return ((ended - begun).days, objective.outcome)


def _cycle(service: Service, name: str, found: Mapping[_Span | LeftOut, int]) -> NormalCycle:
    """Return the cycle of a service from how often each span was found."""
    spans = {one: count for one, count in found.items() if not isinstance(one, LeftOut)}
    left_out = {one: count for one, count in found.items() if isinstance(one, LeftOut)}
    followed = _followed(spans)
    agreements = sum(followed.won.values())
    estimate = median_to_agreement(followed)
    return NormalCycle(
        service=service.name.strip() or name,
        days=drawn_to_typed(estimate, agreements, service.cycle),
        agreements=agreements,
        estimate=estimate,
        typed=service.cycle,
        left_out=left_out,
    )


def drawn_to_typed(estimate: int | None, agreements: int, typed: int | None) -> int:
    """Return the days that are used: an estimate from so many agreements, drawn to the typed value."""
    if estimate is None:
        days = ASSUMED_DAYS if typed is None else typed
    elif typed is None:
        days = estimate
    else:
        weighed = agreements * estimate + TYPED_WEIGHT * typed
        days = half_up(Fraction(weighed, agreements + TYPED_WEIGHT))
    return max(days, 1)  # a cycle of no days would make every objective slow and none close


@value
class Followed:
    """How many objectives were won, ended otherwise, or are open still, by the days they were followed."""

    won: Mapping[int, int]
    otherwise: Mapping[int, int]
    still: Mapping[int, int]


def _followed(spans: Mapping[_Span, int]) -> Followed:
    won, otherwise, still = Counter[int](), Counter[int](), Counter[int]()
    for (days, outcome), count in spans.items():
        kind = still if outcome is None else won if outcome is Outcome.WON else otherwise
        kind[days] += count
    return Followed(won=won, otherwise=otherwise, still=still)


def median_to_agreement(followed: Followed) -> int | None:
    """Return the day by which half of the agreements that come have come; ``None`` without agreements."""
    jumps = _incidence_of_won(followed)
    with localcontext() as context:
        context.prec = 50
        half = sum(jumps.values(), Decimal(0)) / 2
        # A curve that is exactly half way may come out a hair lower in 50 digits.
        enough, reached = half - Decimal("1e-40"), Decimal(0)
        for days, jump in jumps.items():
            reached += jump
            if reached >= enough:
                return days
    return None


def _incidence_of_won(followed: Followed) -> dict[int, Decimal]:
    """Return by how much the Aalen-Johansen curve of Won rises at each day on which it does."""
    wins = Counter(followed.won)
    ends = wins + Counter(followed.otherwise)
    leaves = ends + Counter(followed.still)
    jumps: dict[int, Decimal] = {}
    at_risk, open_still = leaves.total(), Decimal(1)
    with localcontext() as context:
        context.prec = 50
        for days in sorted(leaves):
            if wins[days]:
                jumps[days] = open_still * wins[days] / at_risk
            open_still = open_still * (at_risk - ends[days]) / at_risk
            at_risk -= leaves[days]
    return jumps
