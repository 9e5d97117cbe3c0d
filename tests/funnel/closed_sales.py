"""Closed sales for tests: whole lists with a pattern of their own."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from sheetfunnel.funnel.objective import Outcome, SalesObjective, Trait
from tests.funnel.rows import in_days, line, universe

#: The first two are weighed heavily, the third little.
CRITERIA = (
    line("yes", weight=5, column="public", name="Public"),
    line("4 of 5", weight=4, column="openness", name="Openness"),
    line("Health; Education", weight=1, column="sector", name="Sector"),
)


def sale(key: str, traits: dict[str, Trait], **cells: Any) -> SalesObjective:  # noqa: ANN401 - any cell of a row
    return universe(key, traits=traits, **{"closed_on": in_days(-9), **cells})


def _traits(chance: Random) -> dict[str, Trait]:
    return {
        "public": chance.random() < 0.5,
        "openness": Decimal(chance.choice([0, 1, 2, 4, 5])),
        "sector": chance.choice(["Health", "Trade", "Building"]),
    }


def sales(count: int, *, told_by: str | None, seed: int = 1, strength: float = 0.85) -> list[SalesObjective]:
    """Return closed sales that end as the answer to one criterion says, with this chance; or as they like."""
    chance = Random(seed)  # noqa: S311 - the same sales every time
    made = []
    for number in range(count):
        traits = _traits(chance)
        meets = {
            "public": traits["public"] is True,
            "openness": traits["openness"] >= Decimal(3),  # type: ignore[operator]
            "sector": traits["sector"] == "Health",
        }
        likely = 0.5 if told_by is None else strength if meets[told_by] else 1 - strength
        won = chance.random() < likely
        made.append(sale(f"{number}", traits, outcome=Outcome.WON if won else Outcome.LOST))
    return made
