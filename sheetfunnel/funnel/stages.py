"""The stage of an objective: decided by evidence, never by hope."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cache

from sheetfunnel.funnel.evidence import Condition
from sheetfunnel.funnel.objective import Stage

#: What each stage asks for beyond the stage before it.
REQUIRED: tuple[tuple[Stage, frozenset[Condition]], ...] = (
    (Stage.ABOVE, frozenset({Condition.FIT_EVIDENCE})),
    (Stage.IN, frozenset({Condition.INFLUENCE_CONTACTED, Condition.FIT_CONFIRMED})),
    (
        Stage.BEST_FEW,
        frozenset(
            {
                Condition.INFLUENCES_IDENTIFIED,
                Condition.INFLUENCES_COVERED,
                Condition.NO_OPEN_POINTS,
                Condition.CLOSING_SOON,
            }
        ),
    ),
)
_ORDER = {stage: position for position, stage in enumerate(Stage)}


@cache
def stage_of(holds: frozenset[Condition]) -> Stage:
    """Return the furthest stage of which, and of all before it, every condition holds."""
    reached = Stage.UNIVERSE
    for stage, required in REQUIRED:
        if not required <= holds:
            break
        reached = stage
    return reached


def further(stage: Stage, than: Stage) -> bool:
    """Return whether ``stage`` is nearer to agreement than ``than``."""
    return _ORDER[stage] > _ORDER[than]


def only_missing(holds: AbstractSet[Condition], condition: Condition) -> bool:
    """Return whether ``condition`` is the only one that does not hold."""
    return condition not in holds and len(holds) == len(Condition) - 1
