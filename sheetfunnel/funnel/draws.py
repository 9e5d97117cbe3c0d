"""Many futures, drawn by chance from an outlook: what each stretch of time brings in each of them."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from sheetfunnel.funnel.cycle import TYPED_WEIGHT
from sheetfunnel.funnel.hazards import Hazards
from sheetfunnel.funnel.outlook import Outlook
from sheetfunnel.funnel.records import position
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.funnel.stretches import Stretches
from sheetfunnel.values import unique

_MOST, _FEWEST = 500, 100
#: So many open objectives times futures are drawn at once.
_ROOM: Final = 2_000_000
#: Of more open objectives than this, stretches are drawn as wholes.
_ONE_BY_ONE: Final = 10_000


@unique
class Draws:
    """What came in each future: (stretches, futures), of open objectives and in all."""

    agreements_of_open: Floats
    agreements: Floats
    income: Floats


def drawn(ahead: Outlook, hazards: Hazards, chance: np.random.Generator) -> Draws:
    """Return futures: months vary as wholes, and so does how ready clients are while little is known.

    ``chance`` is a seeded generator; the same one gives the same futures.
    """
    futures = int(np.clip(_ROOM // max(len(ahead.rows), 1), _FEWEST, _MOST))
    factors = _factors(ahead.stretches, hazards, futures=futures, chance=chance)
    draw = _of_open if len(ahead.rows) <= _ONE_BY_ONE else _of_many
    of_open, income = draw(ahead, factors, chance)
    of_new, more = _of_new(ahead, factors, chance)
    return Draws(
        agreements_of_open=of_open,
        agreements=of_open + of_new,
        income=income + more + ahead.certain[:, None],
    )


def _varying(chance: np.random.Generator, variance: Floats, futures: int) -> Floats:
    """Return factors around 1 with these variances, (..., futures)."""
    shape = 1 / np.maximum(variance, 1e-9)[..., None]
    return chance.gamma(np.broadcast_to(shape, (*variance.shape, futures))) / shape


def _factors(stretches: Stretches, hazards: Hazards, *, futures: int, chance: np.random.Generator) -> Floats:
    """Return by what each future multiplies the chances of a stretch, (2 ages, stretches, futures)."""
    months = _months(stretches)
    of_month = _varying(chance, np.full(int(months.max()) + 1, hazards.spread**2), futures)
    overall = _varying(chance, np.array([1 / (hazards.agreements + TYPED_WEIGHT)]), futures)
    pace = hazards.won_pace
    of_place = _varying(chance, pace.variance / pace.mean**2, futures)
    places = np.array([position(int(end)) for end in stretches.ends])
    factors: Floats = of_place[places].transpose(1, 0, 2) * of_month[months] * overall
    return factors


def _months(stretches: Stretches) -> Ints:
    days = [date.fromordinal(int(end)) for end in stretches.ends]
    months = np.array([12 * day.year + day.month for day in days], dtype=np.int64)
    return months - int(months.min())


def _of_open(ahead: Outlook, factors: Floats, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """Return agreements and income of open objectives; each is won in one stretch at most."""
    futures = factors.shape[2]
    lot = chance.random((len(ahead.rows), futures), dtype=np.float32)
    reached = np.zeros_like(lot)
    agreements, income = np.empty((2, len(ahead.certain), futures))
    amounts = ahead.amounts.astype(np.float32)
    both = ahead.chances.astype(np.float32)
    for stretch in range(len(ahead.certain)):
        more = np.tensordot(both[:, :, stretch].T, factors[:, stretch].astype(np.float32), axes=1)
        won = (lot >= reached) & (lot < reached + more)
        reached += more
        agreements[stretch], income[stretch] = won.sum(axis=0), amounts @ won
    return agreements, income


def _of_many(ahead: Outlook, factors: Floats, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the same of so many that what each of them does is lost in the sum.

    Agreements are a Poisson number, their amounts those of the objectives that are likely to be won then.
    """
    likely = ahead.chances.sum(axis=0)
    together = np.maximum(likely.sum(axis=0), 1e-12)
    mean = ahead.amounts @ likely / together
    squares = np.square(ahead.amounts) @ likely / together
    agreements = chance.poisson((ahead.chances.sum(axis=1)[:, :, None] * factors).sum(axis=0))
    varies = np.sqrt(agreements * np.maximum(squares - mean**2, 0)[:, None])
    income = agreements * mean[:, None] + varies * chance.standard_normal(agreements.shape)
    return agreements.astype(np.float64), np.maximum(income, 0)


def _of_new(ahead: Outlook, factors: Floats, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """Return agreements and income of objectives that begin from tomorrow on; the inflow is unsure too."""
    futures = factors.shape[2]
    counted = ahead.inflow.arrivals + 0.5
    unsure = chance.gamma(counted, size=futures) / counted
    expected = (ahead.new[:, :, None] * factors).sum(axis=0) * unsure
    agreements = chance.poisson(expected)
    return agreements.astype(np.float64), _income(agreements, ahead.new_amounts, chance)


def _income(agreements: Ints, amounts: Floats, chance: np.random.Generator) -> Floats:
    """Return what so many agreements bring, each an amount of one that was met."""
    counts = agreements.reshape(-1)
    each = chance.choice(amounts, size=int(counts.sum()))
    future = np.repeat(np.arange(len(counts)), counts)
    sums = np.bincount(future, weights=each.astype(np.float64), minlength=len(counts))
    return np.asarray(sums, dtype=np.float64).reshape(agreements.shape)
