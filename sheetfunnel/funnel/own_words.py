"""The words of a row itself, that are put into what is said of all rows that stand as it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sheetfunnel.findings import Blank, Own, Param
from sheetfunnel.funnel.objective import Role, SalesObjective
from sheetfunnel.funnel.profile import Fit


def own_word(blank: Blank, objective: SalesObjective, *, alone: bool, fit: Fit) -> Param:
    """Return the word of an objective for which a remark leaves room; ``alone``: its buyer decides alone."""
    if blank.own is Own.NAME:
        return uncovered_names(objective, alone=alone)[blank.at]
    if blank.own is Own.LETTER:
        return fit.letter
    return (fit.score or 0) if blank.own is Own.SCORE else _OF_OBJECTIVE[blank.own](objective)


def uncovered_names(objective: SalesObjective, *, alone: bool) -> tuple[str, ...]:
    """Return who has a say and needs that are not known to be met, each named once."""
    uncovered = [held.names for held in objective.deciders(alone=alone) if not held.covered]
    if len(uncovered) == 1 and len(uncovered[0]) == 1:  # mostly
        return uncovered[0]
    return tuple(dict.fromkeys([name for names in uncovered for name in names]))


_OF_OBJECTIVE: Mapping[Own, Callable[[SalesObjective], Param]] = {
    Own.GUIDES: lambda objective: objective.influence(Role.COACH).names,
    Own.CLOSE: lambda objective: objective.expected_close or "",
    Own.PAUSED_UNTIL: lambda objective: objective.paused_until or "",
    Own.POINTS: lambda objective: objective.open_points.strip(),
    Own.STEP: lambda objective: objective.next_step.strip(),
    Own.REASON: lambda objective: objective.reason.strip(),
}
