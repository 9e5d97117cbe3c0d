"""Why an objective stands where it stands, and what to do next: from its row, never from the passing of days.

What is said leaves room for the row's own words, so that it is said once of all that stand alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from sheetfunnel.findings import Blank, Code, Own, Remark, remark
from sheetfunnel.funnel.evidence import Case, Close, Condition, advice
from sheetfunnel.funnel.judgement import FitTold, Judgement
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.priority import Block
from sheetfunnel.funnel.stages import further, only_missing

_CLOSE = Blank(own=Own.CLOSE)
_SCORE = Blank(own=Own.SCORE)

_UNIVERSE = remark(Code.WHY_UNIVERSE)
_NEITHER = remark(Code.WHY_NEITHER)
_NOT_CONTACTED = remark(Code.WHY_NOT_CONTACTED)
_NOT_CONFIRMED = remark(Code.WHY_NOT_CONFIRMED)
_IN = remark(Code.WHY_IN)
_NOBODY_DECIDES = remark(Code.WHY_NOBODY_DECIDES)
_OPEN_POINTS = remark(Code.WHY_OPEN_POINTS)
_NO_DATE = remark(Code.WHY_NO_DATE)
_NO_COACH = remark(Code.WHY_NO_COACH)
_FIT_UNKNOWN = remark(Code.WHY_FIT_UNKNOWN)


def next_action(judged: Judgement) -> Remark | None:
    """Return the person's own next step, or what the evidence asks for; nothing where all has ended."""
    if judged.outcome is not None:
        return None
    if judged.own_step:
        return remark(Code.DO_OWN_OVERDUE if judged.overdue else Code.DO_OWN, step=Blank(own=Own.STEP))
    return remark(Code.DO_LET_GO) if judged.block is Block.LET_GO else advice(judged.case, judged.holds)


def reasons(judged: Judgement) -> tuple[Remark, ...]:
    """Return how an objective ended; or why it is in its stage, and why it has its place among the others.

    One remark for each, and none for the place where the stage says it all.
    """
    if judged.outcome is not None:
        return tuple(_why_ended(judged))
    place = tuple(_place(judged))
    return (_stage(judged), *((_in_one(place),) if place else ()))


def _why_ended(judged: Judgement) -> Iterator[Remark]:
    if judged.outcome is not None:
        yield remark(Code.WHY_ENDED, outcome=judged.outcome)
    if judged.reason:
        yield remark(Code.WHY_REASON, reason=Blank(own=Own.REASON))


def _in_one(remarks: Sequence[Remark]) -> Remark:
    return reduce(lambda first, then: remark(Code.WHY_AND, first=first, then=then), remarks)


def _stage(judged: Judgement) -> Remark:
    if judged.stage is judged.reached:
        return _reached(judged)
    if further(judged.reached, than=judged.stage):
        return remark(Code.WHY_CLEAR_MY_STAGE, evidence=judged.reached)
    because = _short_of_next(judged)
    return remark(Code.WHY_YOURS, stage=judged.stage, evidence=judged.reached, because=because)


def _reached(judged: Judgement) -> Remark:
    if judged.reached is Stage.BEST_FEW:
        return remark(Code.WHY_BEST_FEW, on=_CLOSE)
    return _IN if judged.reached is Stage.IN else _short_of_next(judged)


def _short_of_next(judged: Judgement) -> Remark:
    """Return what keeps an objective from the stage after the one that its evidence has reached."""
    if judged.reached is Stage.UNIVERSE:
        return _UNIVERSE
    return _why_not_in(judged) if judged.reached is Stage.ABOVE else _in_one(tuple(_why_not_best_few(judged)))


def _why_not_in(judged: Judgement) -> Remark:
    if Condition.FIT_CONFIRMED in judged.holds:
        return _NOT_CONTACTED
    return _NOT_CONFIRMED if Condition.INFLUENCE_CONTACTED in judged.holds else _NEITHER


def _why_not_best_few(judged: Judgement) -> Iterator[Remark]:
    case, holds = judged.case, judged.holds
    if case.unknown_roles:
        yield remark(Code.WHY_UNKNOWN_ROLES, roles=case.unknown_roles, count=len(case.unknown_roles))
    if case.uncovered:
        yield _not_covered(case)
    elif Condition.INFLUENCES_COVERED not in holds and not case.unknown_roles:
        yield _NOBODY_DECIDES
    if Condition.NO_OPEN_POINTS not in holds:
        yield _OPEN_POINTS
    if only_missing(holds, Condition.CLOSING_SOON):
        yield _not_closing(case)


def _not_covered(case: Case) -> Remark:
    people = (
        remark(Code.PERSON_IN_ROLES, name=Blank(own=Own.NAME, at=at), roles=roles)
        for at, roles in enumerate(case.uncovered)
    )
    return remark(Code.WHY_NOT_COVERED, people=tuple(people))


def _not_closing(case: Case) -> Remark:
    if case.close is Close.UNKNOWN:
        return _NO_DATE
    return remark(Code.WHY_DATE_PAST if case.close is Close.PAST else Code.WHY_TOO_FAR, on=_CLOSE)


def _place(judged: Judgement) -> Iterator[Remark]:
    block, reached = judged.block, judged.reached
    if block is Block.PAUSED:
        yield remark(Code.WHY_PAUSED, until=Blank(own=Own.PAUSED_UNTIL))
    elif block is Block.LET_GO:
        yield from _place_to_let_go(judged)
    elif block is Block.EXPLORE:
        yield from _fit(judged.fit)
    elif judged.stage is reached is Stage.IN:
        yield _on_the_way(judged)
    elif block is Block.CLOSE:
        yield from _place_by_hand(judged)
    if reached is Stage.BEST_FEW:
        yield from _coach(judged.case)


def _on_the_way(judged: Judgement) -> Remark:
    """Return how near an objective in the funnel is to Best Few: what is missing places it in its block."""
    missing = _in_one(tuple(_why_not_best_few(judged)))
    return remark(Code.WHY_ONLY_THE_DATE if judged.asks_date else Code.WHY_NOT_BEST_FEW, missing=missing)


def _place_by_hand(judged: Judgement) -> Iterator[Remark]:
    """Yield the date by which one is placed that a person put among the Best Few, unless it was named."""
    named = judged.reached is Stage.BEST_FEW or only_missing(judged.holds, Condition.CLOSING_SOON)
    if judged.case.close is not Close.UNKNOWN and not named:
        yield remark(Code.WHY_CLOSES_ON, on=_CLOSE)


def _coach(case: Case) -> Iterator[Remark]:
    if case.alone or case.guide:
        return
    yield remark(Code.WHY_COACH_NOT_COVERED, names=Blank(own=Own.GUIDES)) if case.guides else _NO_COACH


def _place_to_let_go(judged: Judgement) -> Iterator[Remark]:
    yield remark(Code.WHY_LET_GO, score=_SCORE, line=judged.let_go_below)
    if judged.fit.must_failed is not None:
        yield remark(Code.WHY_MUST_FAILED, criterion=judged.fit.must_failed.name)


def _fit(fit: FitTold) -> Iterator[Remark]:
    if not fit.profile:  # nothing to say
        return
    yield remark(Code.WHY_FIT, letter=Blank(own=Own.LETTER), score=_SCORE) if fit.known else _FIT_UNKNOWN
    if fit.must_failed is not None:
        yield remark(Code.WHY_MUST_FAILED, criterion=fit.must_failed.name)
    elif fit.worth_asking is not None:
        yield remark(Code.WHY_ASK_ABOUT, criterion=fit.worth_asking.name)
