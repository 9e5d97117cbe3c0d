"""When each open objective will be won, if it will, and what new ones add: chances for each stretch ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sheetfunnel.funnel.hazards import Hazards
from sheetfunnel.funnel.ledger import NEVER, STAGES, Ledger, Marks
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.quarters import Pace
from sheetfunnel.funnel.records import OLDEST, position
from sheetfunnel.funnel.scores import Floats, Ints

#: How readily each stage is believed to end in agreement, beside all objectives of its age.
_BELIEVED: Final[Mapping[Stage | None, float]] = {
    Stage.UNIVERSE: 0.3,
    Stage.ABOVE: 0.7,
    Stage.IN: 1.0,
    Stage.BEST_FEW: 2.0,
    None: 1.0,
}
#: How reliable expected dates are believed to be, and as many agreements as this weighs.
_BELIEVED_RELIABLE: Final = 0.3
_BELIEVED_DATES: Final = 5.0
#: A date was kept if the agreement came so many days to either side.
_KEPT_WITHIN: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretches:
    """The time ahead, cut into stretches of days; ``ends`` holds the last day of each, as an ordinal."""

    today: int
    ends: Ints

    @property
    def number_of_day(self) -> Ints:
        """The stretch of each day, tomorrow first."""
        days = np.arange(self.today + 1, int(self.ends[-1]) + 1)
        return np.searchsorted(self.ends, days).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """Chances to be won in each stretch: ``chances`` of each open row, young and older apart.

    ``chances`` is (2, rows, stretches), ``amounts`` are those of the rows. ``new`` is how many agreements
    come of one new objective a day from tomorrow on, (2, stretches); as of late ``inflow`` begin a day,
    counted from ``arrivals``. ``new_amounts`` are what they may bring, ``certain`` is income
    that is taken for sure.
    """

    stretches: Stretches
    rows: Ints
    chances: Floats
    amounts: Floats
    new: Floats
    inflow: float
    arrivals: int
    new_amounts: Floats
    certain: Floats


def outlook(ledger: Ledger, hazards: Hazards, stretches: Stretches) -> Outlook:
    """Return what is ahead of the open objectives of a ledger, and of those that will come as of late."""
    rows = np.flatnonzero(ledger.open)
    recent = _recent(ledger, hazards)
    arrived = np.flatnonzero(ledger.begun > ledger.today - recent)
    won = np.flatnonzero(ledger.won & ~np.isnan(ledger.amount))
    usual = _usual_amounts(ledger, won)
    amounts = ledger.amount[rows]
    return Outlook(
        stretches=stretches,
        rows=rows,
        chances=_drawn_to_dates(_chances(ledger, hazards, rows, stretches), ledger, rows, stretches),
        amounts=np.where(np.isnan(amounts), usual[ledger.service[rows]], amounts),
        new=_of_new_ones(hazards, stretches, _mix(ledger, arrived)),
        inflow=len(arrived) / recent,
        arrivals=len(arrived),
        new_amounts=ledger.amount[won] if len(won) else usual,
        certain=np.zeros(len(stretches.ends)),
    )


def decided(
    ahead: Outlook, ledger: Ledger, *, won: frozenset[str] = frozenset(), lost: frozenset[str] = frozenset()
) -> Outlook:
    """Return the outlook if these open objectives were won on their expected dates, and those were lost.

    One that has no date ahead is taken as won in the stretch in which it is likeliest to be.
    """
    chances, certain = ahead.chances.copy(), ahead.certain.copy()
    last = ahead.stretches.ends[-1]
    for at, row in enumerate(ahead.rows):
        if ledger.keys[row] in won:
            day = ledger.expected[row]
            dated = ledger.today < day <= last
            stretch = (
                np.searchsorted(ahead.stretches.ends, day) if dated else chances[:, at].sum(axis=0).argmax()
            )
            certain[stretch] += ahead.amounts[at]
        if ledger.keys[row] in won | lost:
            chances[:, at] = 0
    return replace(ahead, chances=chances, certain=certain)


def reliability(ledger: Ledger) -> float:
    """Return the share of expected dates that were kept, drawn to a belief while there are few."""
    dated = ledger.won & (ledger.expected < NEVER)
    kept = np.abs(ledger.ended[dated] - ledger.expected[dated]) <= _KEPT_WITHIN
    return float((kept.sum() + _BELIEVED_RELIABLE * _BELIEVED_DATES) / (len(kept) + _BELIEVED_DATES))


def _recent(ledger: Ledger, hazards: Hazards) -> int:
    """Return over how many days the inflow is counted: one normal cycle of what is begun most."""
    counts = np.bincount(ledger.service, minlength=len(hazards.days))
    known = ledger.today - int(ledger.begun.min(initial=ledger.today)) + 1
    return int(max(min(hazards.days[int(counts.argmax())], known), 1))


def _mix(ledger: Ledger, arrived: Ints) -> Floats:
    """Return the part of each service in what begins."""
    of = arrived if len(arrived) else np.arange(len(ledger.keys))
    counts = np.bincount(ledger.service[of], minlength=len(ledger.services) + 1).astype(np.float64)
    counts[-1] += counts.sum() == 0
    mix: Floats = counts / counts.sum()
    return mix


def _usual_amounts(ledger: Ledger, won: Ints) -> Floats:
    """Return what an agreement of each service usually brings: the mean of those so far."""
    places = ledger.service[won]
    count = len(ledger.services) + 1
    sums = np.bincount(places, weights=ledger.amount[won], minlength=count)
    counts = np.bincount(places, minlength=count)
    overall = sums.sum() / max(counts.sum(), 1)
    usual: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), overall)
    return usual


def _at_pace(table: Floats, pace: Pace, young: Marks) -> tuple[Floats, ...]:
    """Return the chances per day by service and age, for the months of a quarter in turn."""
    return tuple(np.minimum(table * np.where(young, *factors), 1 / 2) for factors in pace.mean)


def _chances(ledger: Ledger, hazards: Hazards, rows: Ints, stretches: Stretches) -> Floats:
    """Return the chance of each row to be won in each stretch, (2, rows, stretches)."""
    ages = np.minimum(ledger.today - ledger.begun[rows], OLDEST - 1)
    alike = np.column_stack([ledger.service[rows], ledger.stage[rows], ages])
    (service, stage, age), of_row = _kinds(alike)
    ready = np.array([_BELIEVED[each] for each in STAGES])[stage]
    won_at = _at_pace(hazards.won, hazards.won_pace, hazards.young)
    lost_at = _at_pace(hazards.lost, hazards.lost_pace, hazards.young)
    chances, still = np.zeros((2, len(age), len(stretches.ends))), np.ones(len(age))
    for day, stretch in enumerate(stretches.number_of_day, start=1):
        place, then = position(stretches.today + day), np.minimum(age + day, OLDEST - 1)
        agreed = still * np.minimum(won_at[place][service, then] * ready, 1 / 2)
        young = hazards.young[service, then]
        chances[0, :, stretch] += agreed * young
        chances[1, :, stretch] += agreed * ~young
        still -= agreed + still * lost_at[place][service, then]
    return chances[:, of_row]


def _kinds(alike: Ints) -> tuple[Ints, Ints]:
    """Return the kinds of rows that are told apart, by column, and the kind of each row."""
    kinds, of_row = np.unique(alike, axis=0, return_inverse=True)
    return kinds.T, of_row.reshape(-1)


def _of_new_ones(hazards: Hazards, stretches: Stretches, mix: Floats) -> Floats:
    """Return how many agreements in each stretch come of one new objective a day from tomorrow on."""
    days = stretches.number_of_day
    young = hazards.young[:, : len(days)]
    won_at = _at_pace(hazards.won[:, : len(days)], hazards.won_pace, young)
    lost_at = _at_pace(hazards.lost[:, : len(days)], hazards.lost_pace, young)
    expected, there = np.zeros((2, len(stretches.ends))), np.zeros_like(won_at[0])
    for day, stretch in enumerate(days, start=1):
        there[:, 1:] = there[:, :-1].copy()
        there[:, 0] = mix
        place = position(stretches.today + day)
        agreed = there * won_at[place]
        of_young = float((agreed * young).sum())
        expected[:, stretch] += of_young, float(agreed.sum()) - of_young
        there = there - agreed - there * lost_at[place]
    return expected


def _drawn_to_dates(chances: Floats, ledger: Ledger, rows: Ints, stretches: Stretches) -> Floats:
    """Return the chances, of each dated row as large a part at its date as dates were kept."""
    expected = ledger.expected[rows]
    ahead = np.flatnonzero((expected > ledger.today) & (expected <= stretches.ends[-1]))
    part, drawn = reliability(ledger), chances.copy()
    stretch = np.searchsorted(stretches.ends, expected[ahead])
    drawn[:, ahead] *= 1 - part
    for age in range(2):
        drawn[age, ahead, stretch] += part * chances[age, ahead].sum(axis=1)
    return drawn
