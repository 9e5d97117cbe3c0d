"""The single sales objective and the people who have a say in it (Miller and Heiman's terms)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal

from sheetfunnel.values import Named, value


class Role(Named):
    """What a buying influence's say rests on."""

    ECONOMIC = "economic"  # releases the money
    USER = "user"  # lives with it
    TECHNICAL = "technical"  # can veto
    COACH = "coach"  # guides you; "Guide inside" in the workbook


class Outcome(Named):
    """How an objective ended."""

    WON = "won"
    LOST = "lost"
    DROPPED = "dropped"


class Stage(Named):
    """The part of the funnel that an objective is in, from far to near."""

    UNIVERSE = "universe"
    ABOVE = "above"
    IN = "in"
    BEST_FEW = "best_few"


@value
class BuyingInfluence:
    """Who holds one role in one objective.

    ``names`` empty and ``nobody`` false means unknown, which is not the same as ``nobody`` (written
    ``-``): here nobody has this role. Several people in one role share one ``covered`` mark.
    """

    role: Role
    names: tuple[str, ...] = ()
    nobody: bool = False
    covered: bool = False


_UNKNOWN = {role: BuyingInfluence(role=role) for role in Role}

#: What a cell of a profile column may hold.
Trait = str | bool | Decimal | date


@value
class SalesObjective:
    """One sale: to this client, this offer, for this amount, by this date.

    Everything that a person may leave blank is ``None`` or empty. Amounts are in the workbook's one
    currency. ``influences`` holds at most one entry for each role. ``traits`` are the columns that
    criteria of the ideal client look at, by the name that the criterion uses for them.
    """

    key: str
    client: str = ""
    objective: str = ""
    amount: Decimal | None = None
    need: str = ""
    first_contact: date | None = None
    fit_confirmed: bool | None = None
    influences: tuple[BuyingInfluence, ...] = ()
    open_points: str = ""
    expected_close: date | None = None
    next_step: str = ""
    next_step_on: date | None = None
    outcome: Outcome | None = None
    service: str = ""
    owner: str = ""
    source: str = ""
    last_contact: date | None = None
    paused_until: date | None = None
    closed_on: date | None = None
    reason: str = ""
    satisfaction: int | None = None
    my_stage: Stage | None = None
    traits: Mapping[str, Trait] = field(default_factory=dict)

    def influence(self, role: Role) -> BuyingInfluence:
        """Return who holds ``role``: an unknown holder where nothing was written."""
        for held in self.influences:
            if held.role is role:
                return held
        return _UNKNOWN[role]

    def deciders(self, *, alone: bool) -> tuple[BuyingInfluence, ...]:
        """Return who holds Economic, User and Technical: only the first, where that buyer decides alone."""
        economic = self.influence(Role.ECONOMIC)
        if alone and not economic.nobody:
            return (economic,)
        return (economic, self.influence(Role.USER), self.influence(Role.TECHNICAL))
