"""The Priorities tab: three blocks in the order of work, each headed by its hours, then what rests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.assess import Assessment, Verdict
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.priority import Block
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.phrases import Speaker

#: So many of a block are listed, more than anybody's hours reach; all ranks stand beside the objectives.
LISTED = 250

_BLANKS_AFTER_HEADING = 7
_RESTING = (Block.LET_GO, Block.PAUSED)


def priority_rows(assessment: Assessment, labels: Labels) -> list[tuple[Cell, ...]]:
    """Return the rows of the tab: a heading for each kind of work and owner, and below it what to do."""
    ranked: defaultdict[tuple[Block, str], list[Verdict]] = defaultdict(list)
    for verdict in assessment.ranked:
        standing = verdict.standing
        ranked[standing.judgement.block, standing.objective.owner].append(verdict)
    speaker = Speaker(labels)
    return [
        *_working_blocks(assessment.allocations, ranked, labels, speaker),
        *_resting_blocks(assessment.ranked, labels, speaker),
    ]


def _block(verdict: Verdict) -> Block:
    """Return the block of an open objective."""
    return verdict.standing.judgement.block


def _working_blocks(
    allocations: tuple[Allocation, ...],
    ranked: Mapping[tuple[Block, str], list[Verdict]],
    labels: Labels,
    speaker: Speaker,
) -> Iterator[tuple[Cell, ...]]:
    for work in Work:
        for allocation in allocations:
            name = owner_name(allocation, labels)
            yield _heading(labels.name(work), name, block_hours(allocation, work, labels))
            yield from _listed(ranked.get((Block(work.value), allocation.owner), ()), labels, speaker)


def _resting_blocks(
    ranked: tuple[Verdict, ...], labels: Labels, speaker: Speaker
) -> Iterator[tuple[Cell, ...]]:
    resting = [verdict for verdict in ranked if verdict.standing.judgement.block in _RESTING]
    for block, verdicts in groupby(resting, key=_block):
        yield _heading(labels.name(block), None, labels.text(f"lead.{block.value}"))
        yield from _listed(list(verdicts), labels, speaker)


def _listed(verdicts: Sequence[Verdict], labels: Labels, speaker: Speaker) -> Iterator[tuple[Cell, ...]]:
    for verdict in verdicts[:LISTED]:
        yield _row(verdict, labels, speaker)
    if (more := len(verdicts) - LISTED) > 0:
        yield _heading(labels.name(_block(verdicts[-1])), None, labels.text("priorities.more", count=more))


def owner_name(allocation: Allocation, labels: Labels) -> str:
    """Return whose week it is; blank where there is only one, and it is nobody's."""
    return allocation.owner or (labels.text("allocation.nobody") if allocation.nobodys else "")


def block_hours(allocation: Allocation, work: Work, labels: Labels) -> str:
    """Return how much of the week a kind of work gets, in words."""
    share = allocation.shares[work]
    if allocation.hours is None:
        return labels.text("priorities.share", share=share)
    return labels.text("priorities.hours", count=round(allocation.hours[work], 1), share=share)


def _heading(work: str, owner: str | None, text: str) -> tuple[Cell, ...]:
    return (work, None, owner or None, None, text, *[None] * _BLANKS_AFTER_HEADING)


def _row(verdict: Verdict, labels: Labels, speaker: Speaker) -> tuple[Cell, ...]:
    objective = verdict.objective
    stage, do_next, why = speaker.say(verdict)
    return (
        labels.name(_block(verdict)),
        verdict.rank,
        objective.owner or None,
        stage,
        objective.client or None,
        objective.objective or objective.service or None,
        objective.amount,
        do_next,
        verdict.due,
        why,
        verdict.age,
        None if verdict.times_cycle is None else f"{labels.number(verdict.times_cycle)}x",
    )
