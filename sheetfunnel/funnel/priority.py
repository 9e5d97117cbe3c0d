"""The order of work: close first, explore next, cover last; and what rests beside it."""

from __future__ import annotations

from sheetfunnel.funnel.evidence import Case, Condition
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.practice import Lines, Work
from sheetfunnel.funnel.profile import Fit
from sheetfunnel.funnel.stages import only_missing
from sheetfunnel.values import Named


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
_MAY_BE_LET_GO = (Stage.UNIVERSE, Stage.ABOVE)


def block_of(case: Case, holds: frozenset[Condition], *, stage: Stage, paused: bool, lets_go: bool) -> Block:
    """Return the block in which an open objective stands; ``stage`` is the one that counts."""
    if paused:
        return Block.PAUSED
    if stage in _MAY_BE_LET_GO and lets_go:
        return Block.LET_GO
    if stage is Stage.IN and only_missing(holds, Condition.CLOSING_SOON) and case.date_blank_or_past:
        return Block.CLOSE
    return _BLOCK_OF_STAGE[stage]


def lets_go(fit: Fit, lines: Lines) -> bool:
    """Return whether the fit is under the line, with at least half of it known."""
    return fit.score is not None and fit.score < lines.let_go_below and 2 * fit.known_weight >= fit.all_weight
