"""What is wrong with a funnel's shape: dry top, jammed middle, premature Best Few; and the remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

from sheetfunnel.findings import Code, Param, Remark, remark
from sheetfunnel.funnel.ahead import Dip
from sheetfunnel.funnel.assess import Verdict
from sheetfunnel.funnel.cycle import ASSUMED_DAYS, NormalCycle
from sheetfunnel.funnel.figures import BELIEVED_CHANCE, BELIEVED_SALES, Figure, Origin, counted
from sheetfunnel.funnel.numbers import half_up
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.priority import Block
from sheetfunnel.funnel.stages import further
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value

_DAYS_OF_A_MONTH: Final = Fraction(487, 16)  # 365.25 / 12
_JAMMED_FROM: Final = Fraction(1, 3)
#: A middle of fewer objectives is no middle to jam.
_FEWEST_IN: Final = 3
_MOVED_OFTEN: Final = 2
#: So many names stand in a sentence.
_NAMED: Final = 5
_WORKED_ON: Final = (Block.CLOSE, Block.EXPLORE, Block.COVER)


@value
class Alarm:
    """One thing that is wrong, with its names, and what to do about it."""

    what: Remark
    remedy: Remark


@value
class Need:
    """What one normal cycle (days) asks of the top: ``target`` a month, an agreement's chance and amount."""

    target: Decimal
    cycle: int
    chance: Figure[float]
    amount: Figure[Decimal]

    @property
    def above(self) -> int:
        """How many objectives Above it takes for one cycle of the target."""
        income = Fraction(self.target) * self.cycle / _DAYS_OF_A_MONTH
        return ceil(income / (Fraction(self.amount.value) * Fraction(self.chance.value)))

    @property
    def weak(self) -> bool:
        """Whether it rests on few cases or on assumptions."""
        return self.chance.weak or self.amount.weak


def needed_above(
    objectives: Sequence[SalesObjective],
    cycles: Mapping[str, NormalCycle],
    practice: Practice,
    target: Decimal | None,
) -> Need | None:
    """Return what one cycle of a target asks of the top; ``None`` where no target or no amount is known.

    The amount is what agreements brought so far, or else the one in Settings; the chance that of all sales;
    the cycle that of the service that is begun most.
    """
    amount = None if target is None or target <= 0 else _usual_amount(objectives, practice)
    if target is None or amount is None:
        return None
    begun = Counter([fold(one.service) for one in objectives if one.first_contact])
    ends = Counter([one.outcome for one in objectives])
    ended = ends.total() - ends[None]
    chance = (ends[Outcome.WON] + BELIEVED_SALES * BELIEVED_CHANCE) / (ended + BELIEVED_SALES)
    service = min(begun, key=lambda name: (-begun[name], name), default="")
    days = cycles[service].days if service in cycles else ASSUMED_DAYS
    return Need(target=target, cycle=days, chance=counted(chance, ended), amount=amount)


def _usual_amount(objectives: Sequence[SalesObjective], practice: Practice) -> Figure[Decimal] | None:
    """Return the mean amount of an agreement, or the mean of those typed in Settings."""
    won = [one.amount for one in objectives if one.outcome is Outcome.WON and one.amount]
    brought = [amount for amount in won if amount > 0]
    if brought:
        mean = half_up(Fraction(sum(brought, Decimal(0))) / len(brought))
        return counted(Decimal(max(mean, 1)), len(brought))
    typed = [service.amount for service in practice.services if service.amount]
    if not typed:
        return None
    return Figure(value=sum(typed, Decimal(0)) / len(typed), origin=Origin.TYPED)


def diagnose(verdicts: Sequence[Verdict], need: Need | None, moved: Mapping[str, int]) -> tuple[Alarm, ...]:
    """Return what is wrong with a funnel, what matters first first.

    ``need`` is ``None`` where no target or no amount is known; ``moved`` says how often the expected close of
    an objective has moved to a later day, by key.
    """
    working: dict[Stage, list[Verdict]] = {stage: [] for stage in Stage}
    for one in verdicts:
        judged = one.standing.judgement
        if judged.outcome is None and judged.block in _WORKED_ON:
            working[judged.stage].append(one)
    found = (
        _dry_top(len(working[Stage.ABOVE]), need),
        _jammed_middle(working[Stage.IN]),
        _by_hand(working[Stage.BEST_FEW]),
        _moved_often(working[Stage.BEST_FEW], moved),
    )
    return tuple(one for one in found if one is not None)


def name_of(objective: SalesObjective) -> str:
    """Return how an objective is called in a sentence: its client, or else what is offered, or its ID."""
    return objective.client.strip() or objective.objective.strip() or objective.key


def _names(verdicts: Sequence[Verdict]) -> tuple[Param, ...]:
    """Return how they are called, the first few of many."""
    names = list(dict.fromkeys([name_of(one.standing.objective) for one in verdicts]))
    more = len(names) - _NAMED
    return tuple(names) if more <= 1 else (*names[:_NAMED], remark(Code.AND_MORE, count=more))


def _dry_top(above: int, need: Need | None) -> Alarm | None:
    if need is None or above >= need.above:
        return None
    return Alarm(
        what=remark(Code.DRY_TOP, count=above, needed=need.above, days=need.cycle),
        remedy=remark(Code.REMEDY_EXPLORE, count=need.above - above),
    )


def _jammed_middle(inside: Sequence[Verdict]) -> Alarm | None:
    slow = [one for one in inside if one.slow]
    if len(inside) < _FEWEST_IN or len(slow) <= _JAMMED_FROM * len(inside):
        return None
    names = _names(sorted(slow, key=lambda one: (-(one.standing.age or 0), one.standing.objective.key)))
    return Alarm(
        what=remark(Code.JAMMED_MIDDLE, count=len(slow), all=len(inside), names=names),
        remedy=remark(Code.REMEDY_DECIDE),
    )


def _by_hand(best_few: Sequence[Verdict]) -> Alarm | None:
    found = [one for one in best_few if further(Stage.BEST_FEW, than=one.evidence)]
    if not found:
        return None
    names = _names(found)
    return Alarm(what=remark(Code.PREMATURE_BY_HAND, names=names), remedy=remark(Code.REMEDY_EVIDENCE))


def _moved_often(best_few: Sequence[Verdict], moved: Mapping[str, int]) -> Alarm | None:
    found = [one for one in best_few if moved.get(one.objective.key, 0) >= _MOVED_OFTEN]
    if not found:
        return None
    names = _names(found)
    return Alarm(what=remark(Code.PREMATURE_MOVED, names=names), remedy=remark(Code.REMEDY_ASK_DATE))


def told_dip(dip: Dip) -> tuple[Remark, ...]:
    """Return a dip in words: when and how much, and what fills it."""
    seen = remark(
        Code.DIP_SEEN,
        first=dip.first,
        last=dip.last,
        amount=dip.income.value.median,
        target=dip.target,
        missing=dip.missing.value,
    )
    if dip.new_per_week is None:
        return (seen, remark(Code.DIP_TOO_NEAR))
    fill = remark(Code.DIP_FILL, count=dip.new_per_week.value)
    if dip.raise_exploring is None or not dip.raise_exploring.value:
        return (seen, fill)
    return (seen, fill, remark(Code.DIP_RAISE_EXPLORING, count=dip.raise_exploring.value))
