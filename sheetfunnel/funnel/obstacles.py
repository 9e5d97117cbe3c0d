"""Obstacles: lost reasons and open points, what they cost, and the answer kept ready for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.practice import PreparedAnswer
from sheetfunnel.funnel.text import fold, pieces


class ObstacleKind(Enum):
    """Where an obstacle was met."""

    LOST_REASON = "lost_reason"
    OPEN_POINT = "open_point"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A reason or an open point: in how many objectives, with what amount in all, and its answer."""

    kind: ObstacleKind
    text: str
    count: int
    amount: Decimal
    answer: str = ""


def obstacles(
    objectives: Iterable[SalesObjective], answers: Sequence[PreparedAnswer] = ()
) -> tuple[Obstacle, ...]:
    """Return all obstacles, those that cost most first, then the most frequent ones."""
    met: dict[tuple[ObstacleKind, str], tuple[str, int, Decimal]] = {}
    for objective in objectives:
        amount = objective.amount or Decimal(0)
        for kind, key, text in _of(objective):
            first, count, total = met.get((kind, key), (text, 0, Decimal(0)))
            met[kind, key] = (min(first, text), count + 1, total + amount)
    prepared = {fold(one.obstacle): one.answer for one in reversed(answers)}
    found = (
        Obstacle(kind=kind, text=text, count=count, amount=amount, answer=prepared.get(key, ""))
        for (kind, key), (text, count, amount) in met.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.amount, -one.count, fold(one.text), one.kind.value)))


def _of(objective: SalesObjective) -> Iterator[tuple[ObstacleKind, str, str]]:
    if objective.outcome is None:
        points = {fold(text): text for text in reversed(pieces(objective.open_points))}
        for key, text in points.items():
            yield ObstacleKind.OPEN_POINT, key, text
    elif objective.outcome is not Outcome.WON and objective.reason.strip():
        yield ObstacleKind.LOST_REASON, fold(objective.reason), objective.reason.strip()
