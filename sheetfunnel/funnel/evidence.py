"""The named conditions: what each tests, and what to do when it does not hold.

The same conditions decide the stage, say what is missing for the next one, and make the next action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.objective import BuyingInfluence, Role, SalesObjective
from sheetfunnel.values import Named, value


class Condition(Named):
    """What has to hold, in the order in which it is asked for."""

    FIT_EVIDENCE = "fit_evidence"
    INFLUENCE_CONTACTED = "influence_contacted"
    FIT_CONFIRMED = "fit_confirmed"
    INFLUENCES_IDENTIFIED = "influences_identified"
    INFLUENCES_COVERED = "influences_covered"
    NO_OPEN_POINTS = "no_open_points"
    CLOSING_SOON = "closing_soon"


@value
class Case:
    """One objective on one day: all that a condition may look at.

    ``deciders`` hold Economic, User and Technical: the Economic buyer only, where one decides alone.
    ``unknown_roles`` are those of which nothing is written, ``uncovered`` the named ones whose needs
    are not known to be met.
    """

    objective: SalesObjective
    today: date
    cycle_days: int
    alone: bool
    deciders: tuple[BuyingInfluence, ...]
    unknown_roles: tuple[Role, ...]
    uncovered: tuple[BuyingInfluence, ...]

    @property
    def missing(self) -> int:
        """How many deciders are still unknown or uncovered; one, where nobody is said to have a say."""
        nobody = all(held.nobody and not held.names for held in self.deciders)
        return len(self.unknown_roles) + len(self.uncovered) + nobody

    @property
    def date_blank_or_past(self) -> bool:
        """Whether the buyer has to be asked for a date: there is none, or it has passed."""
        close = self.objective.expected_close
        return close is None or close < self.today


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCondition:
    """One row of the table: the condition, its test, and what to do when it does not hold."""

    condition: Condition
    holds: Callable[[Case], bool]
    advice: Callable[[Case], Remark]


@value
class Evidence:
    """Which conditions hold for an objective."""

    holds: frozenset[Condition]
    case: Case

    @property
    def do_next(self) -> Remark:
        """What the first condition that does not hold asks for; to close, when all hold."""
        for row in TABLE:
            if row.condition not in self.holds:
                return row.advice(self.case)
        return _DO_CLOSE


def examine(
    objective: SalesObjective, *, today: date, cycle_days: int, buyer_decides_alone: bool = False
) -> Evidence:
    """Return which conditions hold; ``cycle_days`` is the normal cycle of the objective's service."""
    deciders = _deciders(objective, alone=buyer_decides_alone)
    case = Case(
        objective=objective,
        today=today,
        cycle_days=cycle_days,
        alone=buyer_decides_alone,
        deciders=deciders,
        unknown_roles=tuple([held.role for held in deciders if not (held.names or held.nobody)]),
        uncovered=tuple([held for held in deciders if held.names and not held.covered]),
    )
    return Evidence(holds=_those(tuple([row.holds(case) for row in TABLE])), case=case)


def _deciders(objective: SalesObjective, *, alone: bool) -> tuple[BuyingInfluence, ...]:
    economic = objective.influence(Role.ECONOMIC)
    if alone and not economic.nobody:
        return (economic,)
    return (economic, objective.influence(Role.USER), objective.influence(Role.TECHNICAL))


@cache
def _those(marks: tuple[bool, ...]) -> frozenset[Condition]:
    return frozenset(row.condition for row, mark in zip(TABLE, marks, strict=True) if mark)


def _fit_evidence(case: Case) -> bool:
    return case.objective.fit_confirmed is True or bool(case.objective.need.strip())


def _influence_contacted(case: Case) -> bool:
    contact = case.objective.first_contact
    named = [held for held in case.objective.influences if held.names]
    return contact is not None and contact <= case.today and bool(named)


def _fit_confirmed(case: Case) -> bool:
    return case.objective.fit_confirmed is True


def _influences_identified(case: Case) -> bool:
    return not case.unknown_roles


def _influences_covered(case: Case) -> bool:
    covered = [held for held in case.deciders if held.names and held.covered]
    return bool(covered) and not case.uncovered


def _no_open_points(case: Case) -> bool:
    return not case.objective.open_points.strip()


def _closing_soon(case: Case) -> bool:
    close = case.objective.expected_close
    return close is not None and close >= case.today and 2 * (close - case.today).days < case.cycle_days


def _find_out_who(case: Case) -> Remark:
    return remark(Code.DO_IDENTIFY, roles=case.unknown_roles, count=len(case.unknown_roles))


def _meet_their_needs(case: Case) -> Remark:
    names = tuple(dict.fromkeys(name for held in case.uncovered for name in held.names))
    if not names:  # every role is marked as nobody's, and yet somebody has to say yes
        return remark(Code.DO_IDENTIFY, roles=(Role.ECONOMIC,), count=1)
    return remark(Code.DO_COVER, names=names)


def _settle(case: Case) -> Remark:
    return remark(Code.DO_SETTLE, points=case.objective.open_points.strip())


def _agree_on_a_date(case: Case) -> Remark:
    close = case.objective.expected_close
    if close is None:
        return _DO_AGREE_DATE
    return _DO_NEW_DATE if close < case.today else _DO_TOO_FAR


_DO_WRITE_NEED = remark(Code.DO_WRITE_NEED)
_DO_REACH_INFLUENCE = remark(Code.DO_REACH_INFLUENCE)
_DO_CONFIRM_FIT = remark(Code.DO_CONFIRM_FIT)
_DO_AGREE_DATE = remark(Code.DO_AGREE_DATE)
_DO_NEW_DATE = remark(Code.DO_NEW_DATE)
_DO_TOO_FAR = remark(Code.DO_TOO_FAR)
_DO_CLOSE = remark(Code.DO_CLOSE)

#: The named conditions, in the order in which they are asked for.
TABLE: tuple[NamedCondition, ...] = (
    NamedCondition(condition=Condition.FIT_EVIDENCE, holds=_fit_evidence, advice=lambda _: _DO_WRITE_NEED),
    NamedCondition(
        condition=Condition.INFLUENCE_CONTACTED,
        holds=_influence_contacted,
        advice=lambda _: _DO_REACH_INFLUENCE,
    ),
    NamedCondition(condition=Condition.FIT_CONFIRMED, holds=_fit_confirmed, advice=lambda _: _DO_CONFIRM_FIT),
    NamedCondition(
        condition=Condition.INFLUENCES_IDENTIFIED, holds=_influences_identified, advice=_find_out_who
    ),
    NamedCondition(
        condition=Condition.INFLUENCES_COVERED, holds=_influences_covered, advice=_meet_their_needs
    ),
    NamedCondition(condition=Condition.NO_OPEN_POINTS, holds=_no_open_points, advice=_settle),
    NamedCondition(condition=Condition.CLOSING_SOON, holds=_closing_soon, advice=_agree_on_a_date),
)
