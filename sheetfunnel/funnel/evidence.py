"""The named conditions: what each tests, and what to do when it does not hold.

The same conditions decide the stage, say what is missing for the next one, and make the next action.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sheetfunnel.findings import Blank, Code, Own, Remark, remark
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


class Close(Named):
    """How near the expected close is: soon is within half a normal cycle."""

    UNKNOWN = "unknown"
    PAST = "past"
    SOON = "soon"
    FAR = "far"


@value
class Case:
    """One objective on one day, without its own words: all that a condition may look at.

    Of deciders (Economic, User and Technical; the Economic buyer only, where one decides ``alone``):
    ``unknown_roles`` are those of which nothing is written, ``uncovered`` the roles of each person whose
    needs are not known to be met, and ``covered`` says whether those of somebody are. ``begun`` says that
    there was a first contact, ``anybody`` that anybody at all is named, ``guide`` whether the guide inside is
    covered or not needed, and ``guides`` whether one is named.
    """

    need: bool
    fit_confirmed: bool
    begun: bool
    open_points: bool
    close: Close
    alone: bool
    unknown_roles: tuple[Role, ...]
    uncovered: tuple[tuple[Role, ...], ...]
    covered: bool
    anybody: bool
    guides: bool
    guide: bool

    @property
    def missing(self) -> int:
        """How many deciders are still unknown or uncovered; one, where nobody is said to have a say."""
        uncovered = {role for roles in self.uncovered for role in roles}
        nobody = not (self.unknown_roles or self.uncovered or self.covered)
        return len(self.unknown_roles) + len(uncovered) + nobody

    @property
    def date_blank_or_past(self) -> bool:
        """Whether the buyer has to be asked for a date: there is none, or it has passed."""
        return self.close in (Close.UNKNOWN, Close.PAST)


@value
class NamedCondition:
    """One row of the table: the condition, its test, and what to do when it does not hold."""

    condition: Condition
    holds: Callable[[Case], bool]
    advice: Callable[[Case], Remark]


def conditions(case: Case) -> frozenset[Condition]:
    """Return the conditions that hold."""
    return frozenset(row.condition for row in TABLE if row.holds(case))


def advice(case: Case, holds: frozenset[Condition]) -> Remark:
    """Return what the first condition that does not hold asks for, with room for the row's own words."""
    for row in TABLE:
        if row.condition not in holds:
            return row.advice(case)
    return _DO_CLOSE


def nearness(close: date | None, *, today: date, cycle_days: int) -> Close:
    """Return how near an expected close is: soon, if twice the days to it are less than the cycle."""
    if close is None:
        return Close.UNKNOWN
    days = (close - today).days
    if days < 0:
        return Close.PAST
    return Close.SOON if 2 * days < cycle_days else Close.FAR


def case_of(objective: SalesObjective, *, today: date, close: Close, alone: bool) -> Case:
    """Return what conditions may look at; ``close`` is how near its expected close is."""
    deciders = objective.deciders(alone=alone)
    begun, guide = objective.first_contact, objective.influence(Role.COACH)
    return Case(
        need=bool(objective.need.strip()),
        fit_confirmed=objective.fit_confirmed is True,
        begun=begun is not None and begun <= today,
        open_points=bool(objective.open_points.strip()),
        close=close,
        alone=alone,
        unknown_roles=tuple(held.role for held in deciders if not (held.names or held.nobody)),
        uncovered=_roles_by_name([held for held in deciders if not held.covered]),
        covered=any(held.names and held.covered for held in deciders),
        anybody=any(held.names for held in objective.influences),
        guides=bool(guide.names),
        guide=guide.nobody or bool(guide.names and guide.covered),
    )


def _roles_by_name(influences: Sequence[BuyingInfluence]) -> tuple[tuple[Role, ...], ...]:
    """Return the roles of each person, in the order in which they are first named."""
    roles: dict[str, tuple[Role, ...]] = {}
    for held in influences:
        for name in held.names:
            roles[name] = (*roles.get(name, ()), held.role)
    return tuple(roles.values())


def _find_out_who(case: Case) -> Remark:
    return remark(Code.DO_IDENTIFY, roles=case.unknown_roles, count=len(case.unknown_roles))


def _meet_their_needs(case: Case) -> Remark:
    if not case.uncovered:  # every role is marked as nobody's, and yet somebody has to say yes
        return remark(Code.DO_IDENTIFY, roles=(Role.ECONOMIC,), count=1)
    return remark(Code.DO_COVER, names=tuple(Blank(own=Own.NAME, at=at) for at in range(len(case.uncovered))))


def _agree_on_a_date(case: Case) -> Remark:
    if case.close is Close.UNKNOWN:
        return _DO_AGREE_DATE
    return _DO_NEW_DATE if case.close is Close.PAST else _DO_TOO_FAR


_DO_WRITE_NEED = remark(Code.DO_WRITE_NEED)
_DO_REACH_INFLUENCE = remark(Code.DO_REACH_INFLUENCE)
_DO_CONFIRM_FIT = remark(Code.DO_CONFIRM_FIT)
_DO_SETTLE = remark(Code.DO_SETTLE, points=Blank(own=Own.POINTS))
_DO_AGREE_DATE = remark(Code.DO_AGREE_DATE)
_DO_NEW_DATE = remark(Code.DO_NEW_DATE)
_DO_TOO_FAR = remark(Code.DO_TOO_FAR)
_DO_CLOSE = remark(Code.DO_CLOSE)

#: The named conditions, in the order in which they are asked for.
TABLE: tuple[NamedCondition, ...] = (
    NamedCondition(
        condition=Condition.FIT_EVIDENCE,
        holds=lambda case: case.need or case.fit_confirmed,
        advice=lambda _: _DO_WRITE_NEED,
    ),
    NamedCondition(
        condition=Condition.INFLUENCE_CONTACTED,
        holds=lambda case: case.begun and case.anybody,
        advice=lambda _: _DO_REACH_INFLUENCE,
    ),
    NamedCondition(
        condition=Condition.FIT_CONFIRMED,
        holds=lambda case: case.fit_confirmed,
        advice=lambda _: _DO_CONFIRM_FIT,
    ),
    NamedCondition(
        condition=Condition.INFLUENCES_IDENTIFIED,
        holds=lambda case: not case.unknown_roles,
        advice=_find_out_who,
    ),
    NamedCondition(
        condition=Condition.INFLUENCES_COVERED,
        holds=lambda case: case.covered and not case.uncovered,
        advice=_meet_their_needs,
    ),
    NamedCondition(
        condition=Condition.NO_OPEN_POINTS,
        holds=lambda case: not case.open_points,
        advice=lambda _: _DO_SETTLE,
    ),
    NamedCondition(
        condition=Condition.CLOSING_SOON,
        holds=lambda case: case.close is Close.SOON,
        advice=_agree_on_a_date,
    ),
)
