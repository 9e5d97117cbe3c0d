"""What a user says of their practice in Settings: people, services, lines and answers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sheetfunnel.values import Named, value


class Work(Named):
    """The three kinds of work, in the order in which they are done."""

    CLOSE = "close"  # Best Few
    EXPLORE = "explore"  # Above the funnel, and Universe after it
    COVER = "cover"  # In the funnel


@value
class Person:
    """Somebody who sells: hours are per week, shares are whole percentages that add up to 100."""

    name: str
    weekly_hours: Decimal | None = None
    target_income: Decimal | None = None
    shares: Mapping[Work, int] | None = None
    exploring_hours: Decimal | None = None


@value
class Service:
    """An offer with a cycle of its own: ``cycle`` is the typed normal cycle in days."""

    name: str
    cycle: int | None = None
    amount: Decimal | None = None
    buyer_decides_alone: bool = False


@value
class PreparedAnswer:
    """The answer that the user keeps ready for a usual obstacle (a lost reason or an open point)."""

    obstacle: str
    answer: str


@value
class Lines:
    """The lines that a user may move in Settings: fit classes, let go, and the exploring floor (%)."""

    class_a: int = 80
    class_b: int = 60
    class_c: int = 40
    let_go_below: int = 40
    exploring_floor: int = 10


@value
class Practice:
    """Everything that holds for the whole workbook rather than for one objective."""

    people: tuple[Person, ...] = ()
    services: tuple[Service, ...] = ()
    answers: tuple[PreparedAnswer, ...] = ()
    lines: Lines = Lines()
