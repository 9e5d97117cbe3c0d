"""Numbers that say what stands behind them: a person's word, a few cases, or enough of them."""

from __future__ import annotations

from enum import Enum
from typing import Final, Generic, TypeVar

from sheetfunnel.values import value

_N = TypeVar("_N")

#: From so many cases on a number is no longer marked as weak.
ENOUGH: Final = 20
#: Less history than this says nothing of what is ahead.
FEWEST_AGREEMENTS: Final = 5
FEWEST_ENDS: Final = 10
#: What is believed of the chance to win before anything has closed, and as many sales as this weighs.
BELIEVED_CHANCE: Final = 0.3
BELIEVED_SALES: Final = 4.0
#: No weights are proposed from fewer closed sales, or fewer of either outcome.
FEWEST_CLOSED: Final = 10
FEWEST_OF_EACH: Final = 3


class Origin(Enum):
    """What a number stands on."""

    TYPED = "typed"  # a person's own word
    WEAK = "weak"  # few cases, or an assumption: a hint, no more
    MEASURED = "measured"


@value
class Figure(Generic[_N]):
    """One number with its origin; ``cases`` is how many of them it was counted from.

    A number that nobody can know yet is no figure: it is ``None`` where a figure would stand.
    """

    value: _N
    origin: Origin
    cases: int = 0

    @property
    def weak(self) -> bool:
        """Whether it is to be shown as a hint only."""
        return self.origin is Origin.WEAK


def counted(value: _N, cases: int) -> Figure[_N]:
    """Return a number that was counted from so many cases: weak until there are enough of them."""
    return Figure(value=value, cases=cases, origin=Origin.MEASURED if cases >= ENOUGH else Origin.WEAK)
