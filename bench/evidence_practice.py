"""The evidence of simulated practices: what the method does to income, and how good its warnings are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import numpy as np

from bench.small import small_data
from bench.tables import aimed, percent, table
from sheetfunnel.simulation.practice import Habits
from sheetfunnel.simulation.trial import Watched, all_watched, earned

_TARGET: Final = Decimal(6000)
_TO_WARN, _FALSE_AT_MOST = 0.8, 0.1
#: Forecasts under the allocation are made for fewer lives: it is of the other policy that warnings are asked.
_ALLOCATION_SEEDS: Final = 40
_NAMES: Final = {"idle": "explore when idle", "allocation": "explore by allocation"}


def parts(seeds: int) -> Iterator[str]:
    """Yield the parts of the page about simulated practices, and about small data."""
    yield "## Two ways of spending the week, in a simulated practice"
    yield _incomes(seeds)
    yield "## The warning, measured against what then happens"
    yield _warnings(seeds)
    yield "## Small data"
    yield small_data()


def _incomes(seeds: int) -> str:
    lines = []
    for policy, name in _NAMES.items():
        lives = [earned(policy, seed, Habits()) for seed in range(seeds)]
        mean = float(np.mean([one.mean for one in lives]))
        varies = float(np.mean([one.varies for one in lives]))
        empty = float(np.mean([month == 0 for one in lives for month in one.months]))
        cycles = float(np.mean([_by_cycles(one.months) for one in lives]))
        lines.append((name, f"{mean:,.0f}", percent(varies), percent(cycles), percent(empty)))
    head = ("policy", "income of four weeks", "varies by", "twelve weeks vary by", "empty months")
    note = f"""\
{seeds} seeded lives of three years after the first. "Varies by" is the standard deviation of the
income of four (twelve) weeks, as a part of its mean. One coach, 40 hours a week: 24 hours of
delivery over twelve weeks for each sale of about 2000; ten weeks from first contact to agreement;
one in three won (`Habits` in `sheetfunnel/simulation/practice.py`). *When idle*: delivery, closing
and covering come first; a week with eight free hours or more is used to explore, up to 16. *By
allocation*: 16 hours are kept for selling every week, and shared by largest remainder.
Limits: one invented coach. Where delivery is short (a day or two per sale) somebody who explores when
idle is idle often, and there is no roller coaster to end; the simulation says so too when its habits
are changed."""
    return f"{table(head, lines)}\n\n{note}"


def _by_cycles(months: tuple[float, ...]) -> float:
    sums = np.array(months).reshape(-1, 3).sum(axis=1)
    return float(sums.std() / sums.mean())


def _warnings(seeds: int) -> str:
    watched = {
        "idle": (seeds, all_watched("idle", seeds, Habits(), target=_TARGET)),
        "allocation": (
            min(seeds, _ALLOCATION_SEEDS),
            all_watched("allocation", min(seeds, _ALLOCATION_SEEDS), Habits(), target=_TARGET),
        ),
    }
    lines = [(_NAMES[policy], lives, *_shares(found)) for policy, (lives, found) in watched.items()]
    head = (
        *("policy", "lives", "dips", "before its middle", "before its lowest", "before its first cycle"),
        *("warnings", "false"),
    )
    note = f"""\
Forecasts of every other week over a year and a half, from the books as they stood then, target
{_TARGET:,} a month. A dip is a run of weeks from each of which one normal cycle (11 weeks) brings
less than the target. The columns say how many dips were warned of at least half a cycle before the
middle of their first such cycle, before their lowest one began, and before the very first one
began; false are warnings with no such cycle within half a cycle of the one they name. Aim: 80 %,
and at most 10 % false. Under *by
allocation* what is left of dips is mostly chance, a sale more or less; no forecast can know it."""
    return f"{table(head, lines)}\n\n{note}"


def _shares(found: Watched) -> tuple[str, ...]:
    warned = (found.before_middle, found.before_lowest, found.before_first)
    shares = [each / max(found.dips, 1) for each in warned]
    false = found.false / max(found.warnings, 1)
    return (
        str(found.dips),
        *(aimed(percent(share), met=share >= _TO_WARN) for share in shares),
        str(found.warnings),
        aimed(percent(false), met=false <= _FALSE_AT_MOST),
    )
