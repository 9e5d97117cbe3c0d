"""When each open objective will be won, if it will, and what new ones add: chances for each stretch ahead."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from sheetfunnel.funnel.hazards import Hazards
from sheetfunnel.funnel.inflow import Inflow, inflow
from sheetfunnel.funnel.ledger import NEVER, Ledger
from sheetfunnel.funnel.new_ones import new_ones
from sheetfunnel.funnel.readiness import readiness
from sheetfunnel.funnel.records import OLDEST
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.funnel.stretches import Stretches, at_pace
from sheetfunnel.values import unique

#: How reliable expected dates are believed to be, and as many agreements as this weighs.
_BELIEVED_RELIABLE: Final = 0.3
_BELIEVED_DATES: Final = 5.0
#: A date was kept if the agreement came so many days to either side.
_KEPT_WITHIN: Final = 15
#: So many kinds of rows are looked ahead for at once.
_AT_ONCE: Final = 2048


@unique
class Outlook:
    """Chances to be won in each stretch: ``chances`` of each open row, young and older apart.

    ``chances`` is (2, rows, stretches), ``amounts`` are those of the rows. ``new`` is how many agreements
    are expected of objectives that have not begun yet, (2, stretches), ``each_day`` how many come of one new
    objective a day from tomorrow on, beside those. ``new_amounts`` are what they may bring, ``certain`` is
    income that is taken for sure.
    """

    stretches: Stretches
    rows: Ints
    chances: Floats
    amounts: Floats
    new: Floats
    each_day: Floats
    inflow: Inflow
    new_amounts: Floats
    certain: Floats


def outlook(ledger: Ledger, hazards: Hazards, stretches: Stretches) -> Outlook:
    """Return what is ahead of the open objectives of a ledger, and of those that will come as of late."""
    rows = np.flatnonzero(ledger.open)
    cycle = int(hazards.days[np.bincount(ledger.service, minlength=len(hazards.days)).argmax()])
    came = inflow(ledger, cycle)
    chances = _drawn_to_dates(ledger, rows, stretches, chances=_chances(ledger, hazards, stretches))
    new = new_ones(ledger, hazards, stretches, came=came, expected=chances.sum(axis=(0, 1)))
    won = np.flatnonzero(ledger.won & ~np.isnan(ledger.amount))
    usual = _usual_amounts(ledger, won)
    amounts = ledger.amount[rows]
    return Outlook(
        stretches=stretches,
        rows=rows,
        chances=chances,
        amounts=np.where(np.isnan(amounts), usual[ledger.service[rows]], amounts),
        new=new.expected,
        each_day=new.each_day,
        inflow=came,
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
    """Return the share of expected dates that were kept, drawn to a belief while there are few.

    It is judged by the last date that was written beside each agreement, which people may have corrected.
    """
    dated = ledger.won & (ledger.expected < NEVER)
    kept = np.abs(ledger.ended[dated] - ledger.expected[dated]) <= _KEPT_WITHIN
    return float((kept.sum() + _BELIEVED_RELIABLE * _BELIEVED_DATES) / (len(kept) + _BELIEVED_DATES))


def _usual_amounts(ledger: Ledger, won: Ints) -> Floats:
    """Return what an agreement of each service usually brings: the mean of those so far."""
    places = ledger.service[won]
    count = len(ledger.services) + 1
    sums = np.bincount(places, weights=ledger.amount[won], minlength=count)
    counts = np.bincount(places, minlength=count)
    overall = sums.sum() / max(counts.sum(), 1)
    usual: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), overall)
    return usual


def _chances(ledger: Ledger, hazards: Hazards, stretches: Stretches) -> Floats:
    """Return the chance of each open row to be won in each stretch, (2, rows, stretches)."""
    rows = np.flatnonzero(ledger.open)
    ages = np.minimum(ledger.today - ledger.begun[rows], OLDEST - 1)
    kinds, of_row = _kinds(np.column_stack([ledger.service[rows], ledger.stage[rows], ages]))
    paced, ready = at_pace(hazards), readiness(ledger, hazards)
    chances = np.zeros((2, len(kinds), len(stretches.ends)))
    for first in range(0, len(kinds), _AT_ONCE):
        service, stage, age = kinds[first : first + _AT_ONCE].T
        chances[:, first : first + _AT_ONCE] = paced.agreed(
            service[:, None], age[:, None] + stretches.days, ready[stage][:, None], stretches=stretches
        )
    return chances[:, of_row]


def _kinds(alike: Ints) -> tuple[Ints, Ints]:
    """Return the kinds of rows that are told apart, and the kind of each row."""
    kinds, of_row = np.unique(alike, axis=0, return_inverse=True)
    return kinds, of_row.reshape(-1)


def _drawn_to_dates(ledger: Ledger, rows: Ints, stretches: Stretches, *, chances: Floats) -> Floats:
    """Return the chances, of each dated row as large a part at its date as dates were kept."""
    expected = ledger.expected[rows]
    ahead = np.flatnonzero((expected > ledger.today) & (expected <= stretches.ends[-1]))
    part, drawn = reliability(ledger), chances.copy()
    stretch = np.searchsorted(stretches.ends, expected[ahead])
    drawn[:, ahead] *= 1 - part
    for age in range(2):
        drawn[age, ahead, stretch] += part * chances[age, ahead].sum(axis=1)
    return drawn
