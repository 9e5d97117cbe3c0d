"""Why an objective stands where it stands: from the evidence in its row, never from the passing of days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.evidence import Case, Condition, Evidence
from sheetfunnel.funnel.objective import BuyingInfluence, Outcome, Role, Stage
from sheetfunnel.funnel.practice import Lines
from sheetfunnel.funnel.priority import Block, Standing
from sheetfunnel.funnel.profile import Fit
from sheetfunnel.funnel.stages import classify, further, only_missing

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


def why_ended(outcome: Outcome, reason: str) -> tuple[Remark, ...]:
    """Return how an objective ended, and the reason where one is written."""
    ended = remark(Code.WHY_ENDED, outcome=outcome)
    return (ended, remark(Code.WHY_REASON, reason=reason.strip())) if reason.strip() else (ended,)


def why_here(standing: Standing, lines: Lines) -> tuple[Remark, ...]:
    """Return why an open objective is in its stage, and why it has its place among the others.

    One remark for each, and none for the place where the stage says it all.
    """
    reached = classify(standing.evidence)
    place = tuple(_place(standing, reached, lines))
    return (_stage(standing, reached), *((_in_one(place),) if place else ()))


def _in_one(remarks: Sequence[Remark]) -> Remark:
    return reduce(lambda first, then: remark(Code.WHY_AND, first=first, then=then), remarks)


def _stage(standing: Standing, reached: Stage) -> Remark:
    if standing.stage is reached:
        return _reached(standing.evidence, reached)
    if further(reached, than=standing.stage):
        return remark(Code.WHY_CLEAR_MY_STAGE, evidence=reached)
    because = _short_of_next(standing.evidence, reached)
    return remark(Code.WHY_YOURS, stage=standing.stage, evidence=reached, because=because)


def _reached(evidence: Evidence, reached: Stage) -> Remark:
    close = evidence.case.objective.expected_close
    if reached is Stage.BEST_FEW and close is not None:
        return remark(Code.WHY_BEST_FEW, on=close)
    return _IN if reached is Stage.IN else _short_of_next(evidence, reached)


def _short_of_next(evidence: Evidence, reached: Stage) -> Remark:
    """Return what keeps an objective from the stage after the one that its evidence has reached."""
    if reached is Stage.UNIVERSE:
        return _UNIVERSE
    return _why_not_in(evidence) if reached is Stage.ABOVE else _in_one(tuple(_why_not_best_few(evidence)))


def _why_not_in(evidence: Evidence) -> Remark:
    if Condition.FIT_CONFIRMED in evidence.holds:
        return _NOT_CONTACTED
    return _NOT_CONFIRMED if Condition.INFLUENCE_CONTACTED in evidence.holds else _NEITHER


def _why_not_best_few(evidence: Evidence) -> Iterator[Remark]:
    case, holds = evidence.case, evidence.holds
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
    roles: dict[str, tuple[Role, ...]] = {}
    for held in case.uncovered:
        for name in held.names:
            roles[name] = (*roles.get(name, ()), held.role)
    people = (remark(Code.PERSON_IN_ROLES, name=name, roles=held) for name, held in roles.items())
    return remark(Code.WHY_NOT_COVERED, people=tuple(people))


def _not_closing(case: Case) -> Remark:
    close = case.objective.expected_close
    if close is None:
        return _NO_DATE
    return remark(Code.WHY_DATE_PAST if close < case.today else Code.WHY_TOO_FAR, on=close)


def _place(standing: Standing, reached: Stage, lines: Lines) -> Iterator[Remark]:
    block, paused = standing.block, standing.evidence.case.objective.paused_until
    if block is Block.PAUSED and paused is not None:
        yield remark(Code.WHY_PAUSED, until=paused)
    elif block is Block.LET_GO:
        yield from _place_to_let_go(standing.fit, lines)
    elif block is Block.EXPLORE:
        yield from _fit(standing.fit)
    elif standing.stage is reached is Stage.IN:
        yield _on_the_way(standing)
    elif block is Block.CLOSE:
        yield from _place_by_hand(standing.evidence, reached)
    if reached is Stage.BEST_FEW:
        yield from _coach(standing.evidence.case)


def _on_the_way(standing: Standing) -> Remark:
    """Return how near an objective in the funnel is to Best Few: what is missing places it in its block."""
    missing = _in_one(tuple(_why_not_best_few(standing.evidence)))
    return remark(Code.WHY_ONLY_THE_DATE if standing.asks_date else Code.WHY_NOT_BEST_FEW, missing=missing)


def _place_by_hand(evidence: Evidence, reached: Stage) -> Iterator[Remark]:
    """Yield the date by which one is placed that a person put among the Best Few, unless it was named."""
    close = evidence.case.objective.expected_close
    named = reached is Stage.BEST_FEW or only_missing(evidence.holds, Condition.CLOSING_SOON)
    if close is not None and not named:
        yield remark(Code.WHY_CLOSES_ON, on=close)


def _coach(case: Case) -> Iterator[Remark]:
    coach: BuyingInfluence = case.objective.influence(Role.COACH)
    if case.alone or coach.nobody or (coach.names and coach.covered):
        return
    yield remark(Code.WHY_COACH_NOT_COVERED, names=coach.names) if coach.names else _NO_COACH


def _place_to_let_go(fit: Fit, lines: Lines) -> Iterator[Remark]:
    yield remark(Code.WHY_LET_GO, score=fit.score or 0, line=lines.let_go_below)
    if fit.must_failed is not None:
        yield remark(Code.WHY_MUST_FAILED, criterion=fit.must_failed.name)


def _fit(fit: Fit) -> Iterator[Remark]:
    if not fit.answers:  # no profile, nothing to say
        return
    if fit.score is None:
        yield _FIT_UNKNOWN
    else:
        yield remark(Code.WHY_FIT, letter=fit.letter, score=fit.score)
    if fit.must_failed is not None:
        yield remark(Code.WHY_MUST_FAILED, criterion=fit.must_failed.name)
    elif fit.most_worth_asking is not None:
        yield remark(Code.WHY_ASK_ABOUT, criterion=fit.most_worth_asking.name)
