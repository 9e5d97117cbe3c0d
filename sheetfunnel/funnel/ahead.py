"""What is told of the time ahead: bands, months, the dip; ``forecast.py`` estimates them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.figures import FEWEST_AGREEMENTS, FEWEST_ENDS, Figure
from sheetfunnel.values import value


@value
class Band:
    """An outcome as it may come: one in ten lies below ``low``, one in ten above ``high``."""

    low: Decimal
    median: Decimal
    high: Decimal

    def holds(self, came: Decimal) -> bool:
        """Return whether an outcome lies in the band."""
        return self.low <= came <= self.high


@value
class MonthAhead:
    """Income of one calendar month, or of what is left of this one, both days included."""

    first: date
    last: date
    income: Figure[Band]


@value
class Dip:
    """The first stretch of one normal cycle whose median income lies under the target for that time.

    ``new_per_week`` new objectives Above, from now on and beside those that come anyway, would fill it;
    ``raise_exploring`` is by how many points of the week's share, in steps of 10: ``None`` where the share
    is not known. Both are ``None`` where the stretch begins too soon for anything new to be agreed in it.
    """

    first: date
    last: date
    income: Figure[Band]
    target: Decimal
    missing: Figure[Decimal]
    new_per_week: Figure[int] | None
    raise_exploring: Figure[int] | None


@value
class Forecast:
    """What is ahead, ``in_all`` over all these months; ``verdict`` says why nothing is told, if so.

    ``dip`` is ``None`` where none is seen.
    """

    months: tuple[MonthAhead, ...] = ()
    next_30_days: Figure[Band] | None = None
    in_all: Figure[Band] | None = None
    dip: Dip | None = None
    verdict: Remark | None = None


@value
class Aim:
    """What a person aims at: income a month, and the share of the week (%) that exploring has now."""

    target: Decimal | None = None
    exploring: int | None = None


def too_little(*, ended: int, won: int) -> Remark | None:
    """Return what is missing of a history that says anything of what is ahead, ``None`` if it is enough."""
    if won >= FEWEST_AGREEMENTS and ended >= FEWEST_ENDS:
        return None
    return remark(
        Code.FORECAST_TOO_LITTLE, count=ended, won=won, needed=FEWEST_ENDS, needed_won=FEWEST_AGREEMENTS
    )
