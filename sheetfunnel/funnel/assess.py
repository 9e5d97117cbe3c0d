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
from sheetfunnel.funnel.objective import SalesObjective, Stage
from sheetfunnel.funnel.obstacles import Obstacle, obstacles
from sheetfunnel.funnel.practice import Lines, Person, Practice, Work
from sheetfunnel.funnel.priority import Block, Standing, block_of, in_order, ranks
from sheetfunnel.funnel.profile import Criterion, Fit, fitter
from sheetfunnel.funnel.reasons import why_ended, why_here
from sheetfunnel.funnel.single import Question, unanswered
from sheetfunnel.funnel.stages import classify, further
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value

_LET_GO = remark(Code.DO_LET_GO)
_WORK_OF_STAGE = {Stage.ABOVE: Work.EXPLORE, Stage.IN: Work.COVER, Stage.BEST_FEW: Work.CLOSE}
_COUNTED = (Block.CLOSE, Block.EXPLORE, Block.COVER)


@value
class Verdict:
    """What the program says of one objective, by how it stands; ``evidence`` is the stage that it proves.

    Nothing else is kept, as most of what can be said of a hundred thousand objectives is never asked.
    """

    standing: Standing
    evidence: Stage
    rank: int | None
    lines: Lines

    @property
    def objective(self) -> SalesObjective:
        """The objective itself."""
        return self.standing.objective

    @property
    def stage(self) -> Stage | None:
        """The stage that counts, the person's own where given; ``None`` once the objective has ended."""
        return self.standing.stage if self.standing.objective.outcome is None else None

    @property
    def block(self) -> Block | None:
        """Where it stands among the work to do; ``None`` once the objective has ended."""
        return self.standing.block if self.standing.objective.outcome is None else None

    @property
    def holds(self) -> frozenset[Condition]:
        """The conditions that hold."""
        return self.standing.evidence.holds

    @property
    def fit(self) -> Fit:
        """How well the client fits."""
        return self.standing.fit

    @property
    def do_next(self) -> Remark | None:
        """What to do next: the person's own next step, or what the evidence asks for."""
        return None if self.stage is None else _do_next(self.standing)

    @property
    def overdue(self) -> bool:
        """Whether the day of the person's own next step has passed."""
        return self.stage is not None and _overdue(self.standing)

    @property
    def due(self) -> date | None:
        """The day on which the next thing is to be done."""
        return None if self.stage is None else _due(self.standing)

    @property
    def why(self) -> tuple[Remark, ...]:
        """Why it stands where it stands."""
        objective = self.standing.objective
        if objective.outcome is not None:
            return why_ended(objective.outcome, objective.reason)
        return why_here(self.standing, self.lines)

    @property
    def age(self) -> int | None:
        """The days since first contact of an open objective."""
        return None if self.stage is None else self.standing.age

    @property
    def times_cycle(self) -> Decimal | None:
        """Its age in normal cycles, with one decimal."""
        age = self.age
        return None if age is None else tenths(age, self.standing.evidence.case.cycle_days)

    @property
    def slow(self) -> bool:
        """Whether it is older than the normal cycle of its service."""
        age = self.age
        return age is not None and age > self.standing.evidence.case.cycle_days

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """What an open objective does not say: who, what, how much, by when."""
        return () if self.stage is None else unanswered(self.standing.objective)

    @property
    def clear_my_stage(self) -> bool:
        """Whether the evidence has gone further than the person's own stage."""
        return self.stage is not None and further(self.evidence, than=self.standing.stage)


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
    rank_of = dict(zip(open_at, ranks(standings, order), strict=True))
    standing_of = dict(zip(open_at, standings, strict=True))
    verdicts = tuple(
        _verdict(standing_of.get(at) or stand(row, fits[at]), rank_of.get(at), practice.lines)
        for at, row in enumerate(rows)
    )
    return Assessment(
        verdicts=verdicts,
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


def _verdict(standing: Standing, rank: int | None, lines: Lines) -> Verdict:
    return Verdict(standing=standing, evidence=classify(standing.evidence), rank=rank, lines=lines)


def _overdue(standing: Standing) -> bool:
    on = standing.objective.next_step_on
    return bool(standing.objective.next_step.strip()) and on is not None and on < standing.evidence.case.today


def _do_next(standing: Standing) -> Remark:
    step = standing.objective.next_step.strip()
    if step:
        return remark(Code.DO_OWN_OVERDUE if _overdue(standing) else Code.DO_OWN, step=step)
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
