"""The order of work: close first, explore next, cover last; a rank per owner within each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sheetfunnel.funnel.evidence import Condition, Evidence
from sheetfunnel.funnel.objective import SalesObjective, Stage
from sheetfunnel.funnel.practice import Lines, Work
from sheetfunnel.funnel.profile import Fit
from sheetfunnel.funnel.stages import only_missing
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import Named, value


class Block(Named):
    """A part of the Priorities tab, in its order; the last two have no rank."""

    CLOSE = "close"
    EXPLORE = "explore"
    COVER = "cover"
    LET_GO = "let_go"
    PAUSED = "paused"

    @property
    def work(self) -> Work | None:
        """The kind of work that is done in this block."""
        return _WORK_OF_BLOCK.get(self)


_WORK_OF_BLOCK = {Block.CLOSE: Work.CLOSE, Block.EXPLORE: Work.EXPLORE, Block.COVER: Work.COVER}
_BLOCK_OF_STAGE = {
    Stage.UNIVERSE: Block.EXPLORE,
    Stage.ABOVE: Block.EXPLORE,
    Stage.IN: Block.COVER,
    Stage.BEST_FEW: Block.CLOSE,
}
_POSITION = {block: position for position, block in enumerate(Block)}


@value
class Standing:
    """An open objective before it is ranked.

    ``owner`` is folded; ``stage`` is the one that counts; ``asks_date`` says that it misses Best Few
    only by a blank or past Expected close; ``age`` is in days (``None``: not begun).
    """

    objective: SalesObjective
    owner: str
    stage: Stage
    evidence: Evidence
    fit: Fit
    block: Block
    age: int | None = None

    @property
    def asks_date(self) -> bool:
        """Whether it stands among those to close although its stage is In."""
        return self.block is Block.CLOSE and self.stage is not Stage.BEST_FEW


def block_of(*, stage: Stage, evidence: Evidence, fit: Fit, lines: Lines) -> Block:
    """Return the block in which an open objective stands."""
    paused = evidence.case.objective.paused_until
    if paused is not None and paused > evidence.case.today:
        return Block.PAUSED
    if stage in _MAY_BE_LET_GO and lets_go(fit, lines):
        return Block.LET_GO
    if stage is Stage.IN and asks_only_for_date(evidence):
        return Block.CLOSE
    return _BLOCK_OF_STAGE[stage]


_MAY_BE_LET_GO = (Stage.UNIVERSE, Stage.ABOVE)


def lets_go(fit: Fit, lines: Lines) -> bool:
    """Return whether the fit is under the line, with at least half of it known."""
    return fit.score is not None and fit.score < lines.let_go_below and 2 * fit.known_weight >= fit.all_weight


def asks_only_for_date(evidence: Evidence) -> bool:
    """Return whether nothing but a blank or past Expected close keeps an objective out of Best Few."""
    return only_missing(evidence.holds, Condition.CLOSING_SOON) and evidence.case.date_blank_or_past


def in_order(standings: Sequence[Standing], people: Mapping[str, int]) -> list[int]:
    """Return the positions of ``standings`` in the order of Priorities: block, owner, order of work.

    ``people`` gives the place of each folded name in Settings; others follow in the alphabet.
    """
    keys = [_key(standing, people) for standing in standings]
    return sorted(range(len(standings)), key=keys.__getitem__)


def ranks(standings: Sequence[Standing], order: Sequence[int]) -> list[int | None]:
    """Return the rank of each of ``standings``, 1..n per owner within each kind of work."""
    found: list[int | None] = [None] * len(standings)
    counted: Counter[tuple[int, str]] = Counter()
    for position in order:
        standing = standings[position]
        if standing.block.work is None:
            continue
        group = (_POSITION[standing.block], standing.owner)
        counted[group] += 1
        found[position] = counted[group]
    return found


def _key(standing: Standing, people: Mapping[str, int]) -> tuple[Any, ...]:
    objective = standing.objective
    return (
        _POSITION[standing.block],
        people.get(standing.owner, len(people)),
        standing.owner,
        _WITHIN[standing.block](standing),
        fold(objective.client),
        fold(objective.objective),
        objective.key,
    )


_NONE = Decimal(0)


def _larger(amount: Decimal | None) -> Decimal:
    return -amount if amount else _NONE


def _to_close(standing: Standing) -> tuple[Any, ...]:
    objective = standing.objective
    return (standing.asks_date, objective.expected_close or date.max, _larger(objective.amount))


def _to_explore(standing: Standing) -> tuple[Any, ...]:
    objective = standing.objective
    above = standing.stage is Stage.ABOVE
    silent_since = objective.last_contact or objective.first_contact or date.min
    return (
        not above,
        standing.fit.ranks_as,
        _larger(objective.amount),
        silent_since if above else date.min,
    )


def _to_cover(standing: Standing) -> tuple[Any, ...]:
    case, fit = standing.evidence.case, standing.fit
    # Division of whole numbers is rounded correctly: equal ratios are equal here too.
    times_cycle = (standing.age or 0) / case.cycle_days
    return (case.missing, -times_cycle, fit.ranks_as, -(fit.score or 0), _larger(standing.objective.amount))


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
