"""Who stands before whom: a rank per owner within each kind of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from sheetfunnel.funnel.judgement import Standing
from sheetfunnel.funnel.objective import SalesObjective, Stage
from sheetfunnel.funnel.priority import Block
from sheetfunnel.funnel.text import fold

_POSITION = {block: position for position, block in enumerate(Block)}


def in_order(standings: Sequence[Standing], people: Mapping[str, int]) -> list[tuple[Block, list[int]]]:
    """Return the positions of those that are open in the order of Priorities: block, owner, order of work.

    Each owner's part of a block stands by itself. ``people`` gives the place of each folded name in Settings;
    others follow in the alphabet.
    """
    groups: defaultdict[tuple[Block, str], list[int]] = defaultdict(list)
    for position, standing in enumerate(standings):
        judged = standing.judgement
        if judged.outcome is None:
            groups[judged.block, standing.owner].append(position)
    ordered = sorted(
        groups, key=lambda group: (_POSITION[group[0]], people.get(group[1], len(people)), group[1])
    )
    return [(group[0], _ordered(standings, groups[group], group[0])) for group in ordered]


def _ordered(standings: Sequence[Standing], positions: Sequence[int], block: Block) -> list[int]:
    """Return the positions of those who share a block and an owner, in the order of work.

    Names decide between those who are equal in all else, and are compared for these only; they are looked up
    in the order of the rows, as to jump from row to row takes most of the time.
    """
    within = _WITHIN[block]
    key_of = {position: within(standings[position]) for position in positions}.__getitem__
    equals = [list(each) for _, each in groupby(sorted(positions, key=key_of), key=key_of)]
    undecided = sorted(position for each in equals if len(each) > 1 for position in each)
    name_of = {position: _named(standings[position].objective) for position in undecided}.__getitem__
    return [
        position for each in equals for position in (each if len(each) == 1 else sorted(each, key=name_of))
    ]


def _named(objective: SalesObjective) -> tuple[str, str, str]:
    return (fold(objective.client), fold(objective.objective), objective.key)


_NONE = Decimal(0)


def _larger(amount: Decimal | None) -> Decimal:
    return -amount if amount else _NONE


def _to_close(standing: Standing) -> tuple[Any, ...]:
    objective = standing.objective
    return (
        standing.judgement.asks_date,
        objective.expected_close or date.max,
        _larger(objective.amount),
    )


def _to_explore(standing: Standing) -> tuple[Any, ...]:
    objective = standing.objective
    above = standing.judgement.stage is Stage.ABOVE
    silent_since = objective.last_contact or objective.first_contact or date.min
    return (
        not above,
        standing.fit.ranks_as,
        _larger(objective.amount),
        silent_since if above else date.min,
    )


def _to_cover(standing: Standing) -> tuple[Any, ...]:
    fit = standing.fit
    # Division of whole numbers is rounded correctly: equal ratios are equal here too.
    times_cycle = (standing.age or 0) / standing.cycle_days
    return (
        standing.judgement.missing,
        -times_cycle,
        fit.ranks_as,
        -(fit.score or 0),
        _larger(standing.objective.amount),
    )


def _to_let_go(standing: Standing) -> tuple[Any, ...]:
    return (standing.fit.score or 0,)


def _to_wait_for(standing: Standing) -> tuple[Any, ...]:
    return (standing.objective.paused_until or date.max,)


_WITHIN: Mapping[Block, Callable[[Standing], tuple[Any, ...]]] = {
    Block.CLOSE: _to_close,
    Block.EXPLORE: _to_explore,
    Block.COVER: _to_cover,
    Block.LET_GO: _to_let_go,
    Block.PAUSED: _to_wait_for,
}
