"""Two ways of spending the week: to explore when there is nothing else to do, or by allocation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from sheetfunnel.funnel.allocation import allocate
from sheetfunnel.funnel.practice import Work
from sheetfunnel.simulation.practice import Habits, Life, Policy, Sale


def when_idle(habits: Habits, free: float, waiting: Mapping[Work, Sequence[Sale]]) -> Mapping[Work, float]:
    """Return the hours of somebody who closes and covers all there is, and explores with what is left.

    Delivery comes before: ``free`` is what it leaves, often nothing. A week with hardly an hour left is none
    to explore, nor does anybody explore for more hours than they would ever sell.
    """
    close = min(free, habits.client_pace * len(waiting[Work.CLOSE]))
    cover = min(free - close, habits.client_pace * len(waiting[Work.COVER]))
    left = free - close - cover
    explore = min(left, habits.selling_hours) if left >= habits.idle_from else 0.0
    return {Work.CLOSE: close, Work.COVER: cover, Work.EXPLORE: explore}


def by_allocation(
    habits: Habits, free: float, waiting: Mapping[Work, Sequence[Sale]]
) -> Mapping[Work, float]:
    """Return the hours that the program proposes: of the selling hours, which are kept, by largest remainder.

    More than that is not sold in an empty week either; what a kind of work cannot use goes to exploring.
    """
    shares = allocate({work: len(sales) for work, sales in waiting.items()})
    hours = {work: min(free, habits.selling_hours) * shares[work] / 100 for work in Work}
    for work in (Work.CLOSE, Work.COVER):
        used = min(hours[work], habits.client_pace * len(waiting[work]))
        hours[Work.EXPLORE] += hours[work] - used
        hours[work] = used
    return hours


POLICIES: Final[Mapping[str, Policy]] = {"idle": when_idle, "allocation": by_allocation}


def life(policy: str, seed: int, habits: Habits | None = None) -> Life:
    """Return a practice at its first week, that spends its weeks by a policy."""
    habits = habits or Habits()
    reserves = habits.selling_hours if policy == "allocation" else 0.0
    return Life(habits=habits, policy=POLICIES[policy], reserves=reserves, chance=np.random.default_rng(seed))
