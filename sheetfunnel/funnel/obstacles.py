"""Obstacles: lost reasons and open points, what they cost, and the answer kept ready for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum

from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.practice import PreparedAnswer
from sheetfunnel.funnel.text import fold, pieces
from sheetfunnel.values import value


class ObstacleKind(Enum):
    """Where an obstacle was met."""

    LOST_REASON = "lost_reason"
    OPEN_POINT = "open_point"


@value
class Obstacle:
    """A reason or an open point: in how many objectives, with what amount in all, and its answer."""

    kind: ObstacleKind
    text: str
    count: int
    amount: Decimal
    answer: str = ""


_NOTHING = Decimal(0)


def obstacles(
    objectives: Iterable[SalesObjective], answers: Sequence[PreparedAnswer] = ()
) -> tuple[Obstacle, ...]:
    """Return all obstacles, those that cost most first, then the most frequent ones."""
    met: dict[tuple[ObstacleKind, str], tuple[str, int, Decimal]] = {}
    for (kind, written), amounts in _written(objectives).items():
        for key, text in _pieces(kind, written).items():
            first, count, total = met.get((kind, key), (text, 0, Decimal(0)))
            met[kind, key] = (min(first, text), count + len(amounts), total + sum(amounts, Decimal(0)))
    prepared = {fold(one.obstacle): one.answer for one in reversed(answers)}
    found = (
        Obstacle(kind=kind, text=text, count=count, amount=amount, answer=prepared.get(key, ""))
        for (kind, key), (text, count, amount) in met.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.amount, -one.count, fold(one.text), one.kind.value)))


def _written(objectives: Iterable[SalesObjective]) -> dict[tuple[ObstacleKind, str], list[Decimal]]:
    """Return each text in which obstacles stand, with the amounts of the objectives that have it."""
    found: defaultdict[tuple[ObstacleKind, str], list[Decimal]] = defaultdict(list)
    for objective in objectives:
        outcome = objective.outcome
        if outcome is None and objective.open_points:
            found[ObstacleKind.OPEN_POINT, objective.open_points].append(objective.amount or _NOTHING)
        elif outcome is not None and outcome is not Outcome.WON and objective.reason:
            found[ObstacleKind.LOST_REASON, objective.reason].append(objective.amount or _NOTHING)
    return found


def _pieces(kind: ObstacleKind, written: str) -> dict[str, str]:
    """Return the obstacles that a text names, by folded text: several open points, or one reason."""
    if kind is ObstacleKind.LOST_REASON:
        return {fold(written): written.strip()} if written.strip() else {}
    return {fold(text): text for text in reversed(pieces(written))}
