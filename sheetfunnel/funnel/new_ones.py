"""Agreements of objectives that have not begun yet, at the inflow of a practice as busy as it will be."""

from __future__ import annotations

import numpy as np

from sheetfunnel.funnel.hazards import Hazards
from sheetfunnel.funnel.inflow import Inflow
from sheetfunnel.funnel.ledger import Ledger
from sheetfunnel.funnel.scores import Floats
from sheetfunnel.funnel.stretches import Stretches, at_pace
from sheetfunnel.values import unique


@unique
class NewOnes:
    """Agreements of new objectives by stretch, young and older apart, (2, stretches).

    ``expected`` are those of the inflow, ``each_day`` those of one more objective a day from tomorrow on.
    """

    expected: Floats
    each_day: Floats


def new_ones(
    ledger: Ledger, hazards: Hazards, stretches: Stretches, *, came: Inflow, expected: Floats
) -> NewOnes:
    """Return what new objectives bring, beside the agreements ``expected`` of open ones in each stretch."""
    by_arrival = _by_arrival(hazards, stretches, _mix(ledger, came.cycle))
    begins = _begins(ledger, stretches, came, expected=expected, agreed=by_arrival.sum(axis=0))
    return NewOnes(
        expected=stretches.summed(begins @ by_arrival),
        each_day=stretches.summed(by_arrival.sum(axis=1)),
    )


def _by_arrival(hazards: Hazards, stretches: Stretches, mix: Floats) -> Floats:
    """Return the agreements of one objective that begins on a day, by day, (2 ages, days begun, days)."""
    paced, days = at_pace(hazards), stretches.days
    ages = days[None, :] - days[:, None]
    total = np.zeros((2, len(days), len(days)))
    for service in np.flatnonzero(mix):
        young, agreed = paced.agreed_on(np.full((1, 1), service), ages, stretches=stretches)
        total[0] += mix[service] * agreed * young
        total[1] += mix[service] * agreed * ~young
    return total


def _begins(
    ledger: Ledger, stretches: Stretches, came: Inflow, *, expected: Floats, agreed: Floats
) -> Floats:
    """Return how many begin on each day: fewer after a busy cycle, where a practice is so."""
    days = stretches.days
    lengths = np.diff(np.concatenate([[stretches.today], stretches.ends]))
    so_far = np.concatenate([[0.0], np.cumsum(np.repeat(expected / lengths, lengths))])
    recent = np.sort(ledger.ended[ledger.won])
    known = len(recent) - np.searchsorted(recent, stretches.today + days - came.cycle, side="right")
    of_new, begins = np.zeros(len(days)), np.zeros(len(days))
    for day in range(len(days)):
        first = max(day - came.cycle, 0)
        ahead = so_far[day] - so_far[first] + of_new[first:day].sum()
        begins[day] = came.a_day(float(known[day] + ahead))
        of_new += begins[day] * agreed[day]
    return begins


def _mix(ledger: Ledger, cycle: int) -> Floats:
    """Return the part of each service in what begins."""
    arrived = np.flatnonzero(ledger.begun > ledger.today - cycle)
    of = arrived if len(arrived) else np.arange(len(ledger.keys))
    counts = np.bincount(ledger.service[of], minlength=len(ledger.services) + 1).astype(np.float64)
    counts[-1] += counts.sum() == 0
    mix: Floats = counts / counts.sum()
    return mix
