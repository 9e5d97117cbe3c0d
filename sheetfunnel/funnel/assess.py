"""The one way in: from objectives, criteria and a practice to what to do first, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.allocation import Allocation, allocation_of
from sheetfunnel.funnel.cycle import NormalCycle, normal_cycles
from sheetfunnel.funnel.evidence import Condition, examine
from sheetfunnel.funnel.numbers import tenths
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.obstacles import Obstacle, obstacles
from sheetfunnel.funnel.practice import Person, Practice, Work
from sheetfunnel.funnel.priority import Block, Standing, block_of, in_order, ranks
from sheetfunnel.funnel.profile import Criterion, Fit, fitter
from sheetfunnel.funnel.reasons import why_ended, why_here
from sheetfunnel.funnel.single import Question, unanswered
from sheetfunnel.funnel.stages import classify, further
from sheetfunnel.funnel.text import fold

_LET_GO = remark(Code.DO_LET_GO)
_WORK_OF_STAGE = {Stage.ABOVE: Work.EXPLORE, Stage.IN: Work.COVER, Stage.BEST_FEW: Work.CLOSE}
_COUNTED = (Block.CLOSE, Block.EXPLORE, Block.COVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the program says of one objective.

    ``stage`` is the one that counts (the person's own where given), ``evidence`` the one that the row
    proves; both ``stage`` and ``block`` are ``None`` once the objective has ended. ``age`` is in days
    since first contact, ``times_cycle`` the same in normal cycles with one decimal.
    """

    objective: SalesObjective
    stage: Stage | None
    evidence: Stage
    holds: frozenset[Condition]
    block: Block | None
    rank: int | None
    do_next: Remark | None
    overdue: bool
    due: date | None
    why: tuple[Remark, ...]
    fit: Fit
    age: int | None
    times_cycle: Decimal | None
    slow: bool
    unanswered: tuple[Question, ...]
    clear_my_stage: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the program says of a whole workbook on one day.

    ``verdicts`` are in the order in which the objectives were given, ``ranked`` (open ones only) in
    the order of Priorities: block, owner, rank. ``cycles`` are by folded name of the service.
    """

    verdicts: tuple[Verdict, ...]
    ranked: tuple[Verdict, ...]
    allocations: tuple[Allocation, ...]
    cycles: Mapping[str, NormalCycle]
    obstacles: tuple[Obstacle, ...]
    today: date


def assess(
    objectives: Iterable[SalesObjective], *, criteria: Sequence[Criterion], practice: Practice, today: date
) -> Assessment:
    """Return the verdict on every objective, the order of work, and the hours, as of ``today``."""
    rows = tuple(objectives)
    cycles = normal_cycles(rows, practice, today)
    fit_of = fitter(criteria, practice.lines)
    stand = _stand(practice, cycles, today)
    fits = [fit_of(row) for row in rows]
    open_at = [at for at, row in enumerate(rows) if row.outcome is None]
    standings = [stand(rows[at], fits[at]) for at in open_at]
    order = in_order(standings, _places(practice))
    verdicts = {
        at: _verdict(standing, rank, practice)
        for at, standing, rank in zip(open_at, standings, ranks(standings, order), strict=True)
    }
    ended = {
        at: _ended(stand(row, fits[at]), row.outcome)
        for at, row in enumerate(rows)
        if row.outcome is not None
    }
    return Assessment(
        verdicts=tuple(verdicts[at] if at in verdicts else ended[at] for at in range(len(rows))),
        ranked=tuple(verdicts[open_at[position]] for position in order),
        allocations=_allocations(standings, practice),
        cycles=cycles,
        obstacles=obstacles(rows, practice.answers),
        today=today,
    )


_Stand = Callable[[SalesObjective, Fit], Standing]


def _stand(practice: Practice, cycles: Mapping[str, NormalCycle], today: date) -> _Stand:
    """Return how one objective stands on its own, before it is compared with others."""
    alone = {fold(service.name) for service in practice.services if service.buyer_decides_alone}
    sole = fold(practice.people[0].name) if len(practice.people) == 1 else ""

    def stand(objective: SalesObjective, fit: Fit) -> Standing:
        service, begun = fold(objective.service), objective.first_contact
        evidence = examine(
            objective,
            today=today,
            cycle_days=cycles[service].days,
            buyer_decides_alone=service in alone,
        )
        stage = objective.my_stage or classify(evidence)
        return Standing(
            objective=objective,
            owner=fold(objective.owner) or sole,
            stage=stage,
            evidence=evidence,
            fit=fit,
            block=block_of(stage=stage, evidence=evidence, fit=fit, lines=practice.lines),
            age=(today - begun).days if begun is not None and begun <= today else None,
        )

    return stand


def _verdict(standing: Standing, rank: int | None, practice: Practice) -> Verdict:
    objective, evidence = standing.objective, standing.evidence
    reached, cycle_days, age = classify(evidence), evidence.case.cycle_days, standing.age
    overdue = _overdue(objective, evidence.case.today)
    return Verdict(
        objective=objective,
        stage=standing.stage,
        evidence=reached,
        holds=evidence.holds,
        block=standing.block,
        rank=rank,
        do_next=_do_next(standing, overdue=overdue),
        overdue=overdue,
        due=_due(standing),
        why=why_here(standing, practice.lines),
        fit=standing.fit,
        age=age,
        times_cycle=None if age is None else tenths(age, cycle_days),
        slow=age is not None and age > cycle_days,
        unanswered=unanswered(objective),
        clear_my_stage=further(reached, than=standing.stage),
    )


def _ended(standing: Standing, outcome: Outcome) -> Verdict:
    objective, evidence = standing.objective, standing.evidence
    return Verdict(
        objective=objective,
        stage=None,
        evidence=classify(evidence),
        holds=evidence.holds,
        block=None,
        rank=None,
        do_next=None,
        overdue=False,
        due=None,
        why=why_ended(outcome, objective.reason),
        fit=standing.fit,
        age=None,
        times_cycle=None,
        slow=False,
        unanswered=(),
        clear_my_stage=False,
    )


def _overdue(objective: SalesObjective, today: date) -> bool:
    on = objective.next_step_on
    return bool(objective.next_step.strip()) and on is not None and on < today


def _do_next(standing: Standing, *, overdue: bool) -> Remark:
    step = standing.objective.next_step.strip()
    if step:
        return remark(Code.DO_OWN_OVERDUE if overdue else Code.DO_OWN, step=step)
    return _LET_GO if standing.block is Block.LET_GO else standing.evidence.do_next


def _due(standing: Standing) -> date | None:
    objective = standing.objective
    if objective.next_step_on is not None or standing.stage is not Stage.BEST_FEW:
        return objective.next_step_on
    return objective.expected_close


def _places(practice: Practice) -> Mapping[str, int]:
    return {fold(person.name): place for place, person in reversed(list(enumerate(practice.people)))}


def _allocations(standings: Sequence[Standing], practice: Practice) -> tuple[Allocation, ...]:
    """Return the week of everybody in Settings, then of all others who own an open objective."""
    counts: dict[str, Counter[Work]] = defaultdict(Counter)
    names: dict[str, str] = {}
    for standing in standings:
        name = standing.objective.owner.strip()
        names[standing.owner] = min(names.get(standing.owner, name), name)
        counted = counts[standing.owner]
        if standing.block in _COUNTED and standing.stage in _WORK_OF_STAGE:
            counted[_WORK_OF_STAGE[standing.stage]] += 1
    listed = {fold(person.name): person for person in reversed(practice.people)}
    people = {key: listed[key] for key in map(fold, (person.name for person in practice.people))}
    people |= {key: Person(name=names[key]) for key in sorted(set(names) - set(listed))}
    floor = practice.lines.exploring_floor
    return tuple(
        allocation_of(person, counts.get(key, {}), floor, nobodys=not key and len(people) > 1)
        for key, person in people.items()
    )
