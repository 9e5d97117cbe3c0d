"""One professional with limited hours who delivers what is sold, and sells with what is left, week by week.

An objective goes through the stages by hours that are worked on it, never faster than its client: it is
found and qualified (explore), its influences are covered (cover), it is closed (close), and then the client
decides.
At the end of each stage it goes on or is lost; if nobody works on it for long, it is lost too. An agreement
brings its amount on the day it is made, and some hours of delivery in each of the weeks after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.values import value

#: Days of a week.
WEEK: Final = 7


@value
class Habits:
    """What a practice is made of; hours are of one objective, chances are to go on at the end of a stage.

    The numbers are those of an invented coach: a sale of 2000 in the middle, 24 hours to deliver it in twelve
    weeks, about ten weeks from first contact to agreement, one in three won.
    """

    hours_a_week: float = 40.0
    selling_hours: float = 16.0
    delivery: float = 2.0
    delivery_weeks: int = 12
    #: Somebody who explores when idle takes a week for idle from so many free hours on.
    idle_from: float = 8.0
    amount: float = 2000.0
    amount_varies: float = 0.35
    hours: Mapping[Work, float] = field(
        default_factory=lambda: {Work.EXPLORE: 3.0, Work.COVER: 4.0, Work.CLOSE: 2.0}
    )
    goes_on: Mapping[Work, float] = field(
        default_factory=lambda: {Work.EXPLORE: 0.6, Work.COVER: 0.75, Work.CLOSE: 0.75}
    )
    #: An hour a week is what a client has for it.
    client_pace: float = 1.0
    decides_within: int = 4
    forgotten_after: int = 6
    forgets: float = 0.1
    cycle: int = 75


@dataclass(slots=True, kw_only=True)
class Sale:
    """One objective of the simulation; weeks are counted from the first."""

    begun: int
    amount: float
    work: Work | None = Work.EXPLORE
    hours: float = 0.0
    decides: int = 0
    worked: int = 0
    ended: int | None = None
    won: bool = False
    entered: dict[Stage, int] = field(default_factory=dict)

    def stage_in(self, week: int) -> Stage:
        """Return the stage in which it was at the end of a week."""
        return max(
            (stage for stage, since in self.entered.items() if since <= week), key=lambda one: _PLACE[one]
        )


_PLACE: Final = {stage: place for place, stage in enumerate(Stage)}
_NEXT: Final = {Work.EXPLORE: Work.COVER, Work.COVER: Work.CLOSE}
_STAGE: Final = {Work.COVER: Stage.IN, Work.CLOSE: Stage.BEST_FEW}

#: How free hours go to each kind of work, by the open objectives of each.
Policy = Callable[["Habits", float, Mapping[Work, Sequence[Sale]]], Mapping[Work, float]]


@dataclass(slots=True, kw_only=True)
class Life:
    """A practice as it goes on; ``chance`` is seeded, so that the same seed lives the same life."""

    habits: Habits
    policy: Policy
    reserves: float
    chance: np.random.Generator
    week: int = 0
    sales: list[Sale] = field(default_factory=list)
    open: list[Sale] = field(default_factory=list)
    deliveries: list[int] = field(default_factory=list)
    backlog: float = 0.0
    exploring: float = 0.0

    def live(self, weeks: int) -> None:
        """Go on for so many weeks."""
        for _ in range(weeks):
            self._one_week()
            self.week += 1

    def _one_week(self) -> None:
        """Deliver, sell with the hours that are left or kept for it, and hear what clients have decided."""
        habits = self.habits
        self.deliveries = [last for last in self.deliveries if last >= self.week]
        self.backlog += habits.delivery * len(self.deliveries)
        delivered = min(self.backlog, habits.hours_a_week - self.reserves)
        self.backlog -= delivered
        waiting = {work: [one for one in self.open if one.work is work] for work in Work}
        shares = self.policy(habits, habits.hours_a_week - delivered, waiting)
        for work in (Work.CLOSE, Work.COVER):
            self._work_on(waiting[work], shares[work])
        self._explore(waiting[Work.EXPLORE], shares[Work.EXPLORE])
        for one in self.open:
            self._hear(one)
        self.open = [one for one in self.open if one.ended is None]

    def _work_on(self, waiting: Sequence[Sale], hours: float) -> float:
        """Spend hours on objectives, the oldest first; return what is left of them."""
        for one in waiting:
            spent = min(self.habits.client_pace, hours)
            if spent <= 0:
                break
            hours -= spent
            one.hours += spent
            one.worked = self.week
        return hours

    def _explore(self, waiting: Sequence[Sale], hours: float) -> None:
        """Qualify what was found, and find new ones with the rest; what is too little for one is kept."""
        left = self._work_on(waiting, hours) + self.exploring
        find = self.habits.hours[Work.EXPLORE] - self.habits.client_pace
        while left >= find:
            left -= find
            self._find()
        self.exploring = left

    def _find(self) -> None:
        varies = self.habits.amount_varies
        amount = self.habits.amount * float(self.chance.lognormal(-(varies**2) / 2, varies))
        found = Sale(
            begun=self.week, amount=round(amount), worked=self.week, entered={Stage.ABOVE: self.week}
        )
        found.hours = self.habits.hours[Work.EXPLORE] - self.habits.client_pace
        self.sales.append(found)
        self.open.append(found)

    def _hear(self, one: Sale) -> None:
        """Let an objective go on, end, or wait."""
        if one.work is None:
            if one.decides <= self.week:
                self._end(one, won=self.chance.random() < self.habits.goes_on[Work.CLOSE])
        elif one.hours >= self.habits.hours[one.work]:
            self._go_on(one, one.work)
        elif (
            self.week - one.worked > self.habits.forgotten_after
            and self.chance.random() < self.habits.forgets
        ):
            self._end(one, won=False)

    def _go_on(self, one: Sale, done: Work) -> None:
        if done is Work.CLOSE:
            one.work = None
            one.decides = self.week + int(self.chance.integers(1, self.habits.decides_within + 1))
        elif self.chance.random() < self.habits.goes_on[done]:
            one.work, one.hours = (after := _NEXT[done]), 0.0
            one.entered[_STAGE[after]] = self.week
        else:
            self._end(one, won=False)

    def _end(self, one: Sale, *, won: bool) -> None:
        one.ended, one.won = self.week, won
        if won:
            self.deliveries.append(self.week + self.habits.delivery_weeks)
