"""Why an objective stands where it stands: from the evidence in its row, never from the passing of days."""

from __future__ import annotations

from collections.abc import Iterator

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.evidence import Case, Condition, Evidence
from sheetfunnel.funnel.objective import BuyingInfluence, Outcome, Role, Stage
from sheetfunnel.funnel.practice import Lines
from sheetfunnel.funnel.priority import Block, Standing
from sheetfunnel.funnel.profile import Fit
from sheetfunnel.funnel.stages import classify, further

_UNIVERSE = remark(Code.WHY_UNIVERSE)
_NEITHER = remark(Code.WHY_NEITHER)
_NOT_CONTACTED = remark(Code.WHY_NOT_CONTACTED)
_NOT_CONFIRMED = remark(Code.WHY_NOT_CONFIRMED)
_IN = remark(Code.WHY_IN)
_BEST_FEW = remark(Code.WHY_BEST_FEW)
_NOBODY_COVERED = remark(Code.WHY_NOBODY_COVERED)
_OPEN_POINTS = remark(Code.WHY_OPEN_POINTS)
_NO_DATE = remark(Code.WHY_NO_DATE)
_NO_COACH = remark(Code.WHY_NO_COACH)
_ONLY_THE_DATE = remark(Code.WHY_ONLY_THE_DATE)
_FIT_UNKNOWN = remark(Code.WHY_FIT_UNKNOWN)


def why_ended(outcome: Outcome, reason: str) -> tuple[Remark, ...]:
    """Return how an objective ended, and the reason where one is written."""
    ended = remark(Code.WHY_ENDED, outcome=outcome)
    return (ended, remark(Code.WHY_REASON, reason=reason.strip())) if reason.strip() else (ended,)


def why_here(standing: Standing, lines: Lines) -> tuple[Remark, ...]:
    """Return why an open objective is in its stage, and why it has its place among the others."""
    reached = classify(standing.evidence)
    return (
        *_opinion(standing, reached),
        *_stage(standing.evidence, reached),
        *_place(standing, lines),
    )


def _opinion(standing: Standing, reached: Stage) -> Iterator[Remark]:
    if standing.stage is reached:
        return
    if further(reached, than=standing.stage):
        yield remark(Code.WHY_CLEAR_MY_STAGE, evidence=reached)
    else:
        yield remark(Code.WHY_YOURS, stage=standing.stage, evidence=reached)


def _stage(evidence: Evidence, reached: Stage) -> Iterator[Remark]:
    if reached is Stage.UNIVERSE:
        yield _UNIVERSE
    elif reached is Stage.ABOVE:
        yield _why_not_in(evidence)
    elif reached is Stage.IN:
        yield _IN
        yield from _why_not_best_few(evidence)
    else:
        yield _BEST_FEW
        yield from _coach(evidence.case)


def _why_not_in(evidence: Evidence) -> Remark:
    if Condition.FIT_CONFIRMED in evidence.holds:
        return _NOT_CONTACTED
    return _NOT_CONFIRMED if Condition.INFLUENCE_CONTACTED in evidence.holds else _NEITHER


def _why_not_best_few(evidence: Evidence) -> Iterator[Remark]:
    case, holds = evidence.case, evidence.holds
    if Condition.INFLUENCES_IDENTIFIED not in holds:
        yield remark(Code.WHY_UNKNOWN_ROLES, roles=case.unknown_roles)
    if Condition.INFLUENCES_COVERED not in holds:
        yield _not_covered(case)
    if Condition.NO_OPEN_POINTS not in holds:
        yield _OPEN_POINTS
    if len(holds) == len(Condition) - 1 and Condition.CLOSING_SOON not in holds:
        yield _not_closing(case)


def _not_covered(case: Case) -> Remark:
    roles: dict[str, tuple[Role, ...]] = {}
    for held in case.uncovered:
        for name in held.names:
            roles[name] = (*roles.get(name, ()), held.role)
    if not roles:
        return _NOBODY_COVERED
    people = (remark(Code.PERSON_IN_ROLES, name=name, roles=held) for name, held in roles.items())
    return remark(Code.WHY_NOT_COVERED, people=tuple(people))


def _not_closing(case: Case) -> Remark:
    close = case.objective.expected_close
    if close is None:
        return _NO_DATE
    return remark(Code.WHY_DATE_PAST if close < case.today else Code.WHY_TOO_FAR, on=close)


def _coach(case: Case) -> Iterator[Remark]:
    coach: BuyingInfluence = case.objective.influence(Role.COACH)
    if case.alone or coach.nobody or (coach.names and coach.covered):
        return
    yield remark(Code.WHY_COACH_NOT_COVERED, names=coach.names) if coach.names else _NO_COACH


def _place(standing: Standing, lines: Lines) -> Iterator[Remark]:
    objective, block = standing.objective, standing.block
    if block is Block.CLOSE:
        yield from _place_to_close(standing)
    elif block is Block.EXPLORE:
        yield from _fit(standing.fit)
    elif block is Block.COVER:
        yield from _place_to_cover(standing)
    elif block is Block.LET_GO and standing.fit.score is not None:
        yield remark(Code.WHY_LET_GO, score=standing.fit.score, line=lines.let_go_below)
        yield from _must(standing.fit)
    elif objective.paused_until is not None:
        yield remark(Code.WHY_PAUSED, until=objective.paused_until)


def _place_to_close(standing: Standing) -> Iterator[Remark]:
    if standing.asks_date:
        yield _ONLY_THE_DATE
    elif standing.objective.expected_close is not None:
        yield remark(Code.WHY_CLOSES_ON, on=standing.objective.expected_close)


def _place_to_cover(standing: Standing) -> Iterator[Remark]:
    missing = standing.evidence.case.missing
    if missing:
        yield remark(Code.WHY_TO_COVER, count=missing)


def _fit(fit: Fit) -> Iterator[Remark]:
    if not fit.answers:  # no profile, nothing to say
        return
    if fit.score is None:
        yield _FIT_UNKNOWN
    else:
        yield remark(Code.WHY_FIT, letter=fit.letter, score=fit.score)
    yield from _must(fit)
    ask = fit.most_worth_asking
    if ask is not None:
        yield remark(Code.WHY_ASK_ABOUT, criterion=ask.name)


def _must(fit: Fit) -> Iterator[Remark]:
    if fit.must_failed is not None:
        yield remark(Code.WHY_MUST_FAILED, criterion=fit.must_failed.name)
