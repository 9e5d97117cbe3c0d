"""Columns as a table of which value each deal has, and columns that speak only after the outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from decimal import Decimal
from enum import Enum
from typing import Final

import numpy as np

from sheetfunnel.funnel.objective import Outcome, SalesObjective, Trait
from sheetfunnel.funnel.reading import ByLevels
from sheetfunnel.funnel.scores import Floats
from sheetfunnel.funnel.text import fold

#: Values that fewer deals have are taken together as one.
_RARE: Final = 3
#: Numbers are told apart by quarters of the deals.
_PARTS: Final = 4
#: A column is judged by its filling, or by its values, from so many rows on each side.
_JUDGED_FROM: Final = 8
_FILLED_LATER: Final = 0.5
_EMPTY_BEFORE: Final = 0.05
_FEWEST_OF_A_VALUE: Final = 4


class Hindsight(Enum):
    """Why a column cannot say beforehand how a deal will end."""

    FILLED_AFTER = "filled_after"  # rows hold something only once they have ended
    FILLED_BY_OUTCOME = "filled_by_outcome"  # filled for one outcome only
    TELLS_OUTCOME = "tells_outcome"  # each value belongs to one outcome


def is_blank(trait: Trait | None) -> bool:
    """Return whether nothing is written there."""
    return trait is None or (isinstance(trait, str) and not trait.strip())


def by_levels(columns: Sequence[Sequence[Trait | None]]) -> ByLevels:
    """Return the reading of these columns, each with what every deal holds in it."""
    return ByLevels(levels=np.column_stack([_levels(values) for values in columns]))


def _levels(values: Sequence[Trait | None]) -> Floats:
    """Return one column of 0 and 1 for each value of a trait; blank is a value of its own."""
    named = _named(values)
    counts = Counter(named)
    kept = sorted((name for name, count in counts.items() if count >= _RARE), key=repr)
    number = {name: at for at, name in enumerate(kept)}
    table = np.zeros((len(named), len(number) + 1))
    table[np.arange(len(named)), [number.get(name, len(number)) for name in named]] = 1
    return table[:, table.any(axis=0)]


def _named(values: Sequence[Trait | None]) -> list[Hashable]:
    numbers = [value for value in values if isinstance(value, Decimal)]
    cuts = np.quantile([float(each) for each in numbers], [0.25, 0.5, 0.75]) if numbers else np.array([])
    few = len(set(numbers)) <= _PARTS
    return [_name(value, cuts, few=few) for value in values]


def _name(value: Trait | None, cuts: Floats, *, few: bool) -> Hashable:
    if is_blank(value):
        return ("",)
    if isinstance(value, str):
        return ("text", fold(value))
    if isinstance(value, Decimal):
        return ("number", float(value) if few else int(np.searchsorted(cuts, float(value))))
    return (type(value).__name__, str(value))


def hindsight(column: str, objectives: Sequence[SalesObjective]) -> Hindsight | None:
    """Return why a column is not to be learnt from, ``None`` if nothing speaks against it."""
    held: dict[Outcome | None, list[Trait | None]] = {None: [], Outcome.WON: [], Outcome.LOST: []}
    for objective in objectives:
        if objective.outcome in held:
            held[objective.outcome].append(objective.traits.get(column))
    still, won, lost = held[None], held[Outcome.WON], held[Outcome.LOST]
    if _later(still, [*won, *lost]):
        return Hindsight.FILLED_AFTER
    if min(len(won), len(lost)) < _JUDGED_FROM:
        return None
    filled = sorted((_filled(won), _filled(lost)))
    if filled[0] <= _EMPTY_BEFORE and filled[1] >= 1 - _EMPTY_BEFORE:
        return Hindsight.FILLED_BY_OUTCOME
    return Hindsight.TELLS_OUTCOME if _pure(won, lost) else None


def _later(still: Sequence[Trait | None], ended: Sequence[Trait | None]) -> bool:
    enough = min(len(still), len(ended)) >= _JUDGED_FROM
    return enough and _filled(still) <= _EMPTY_BEFORE and _filled(ended) >= _FILLED_LATER


def _filled(values: Sequence[Trait | None]) -> float:
    return sum(not is_blank(value) for value in values) / len(values)


def _pure(won: Sequence[Trait | None], lost: Sequence[Trait | None]) -> bool:
    """Return whether each value belongs to one outcome alone, though values are met several times."""
    names = _named([*won, *lost])
    of_won, of_lost = Counter(names[: len(won)]), Counter(names[len(won) :])
    met = of_won + of_lost
    return not set(of_won) & set(of_lost) and min(met.values()) >= _FEWEST_OF_A_VALUE
