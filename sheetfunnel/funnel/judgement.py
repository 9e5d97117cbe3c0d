"""What is to be said of all objectives that stand alike, and how each of them stands.

Of a hundred thousand objectives some hundreds stand differently: in which conditions hold, whose stage
counts, what their fit leaves open. Each of these is judged once; the objectives share the judgement, and put
their own words into it (names, dates, points) when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date

from sheetfunnel.findings import Blank, Param
from sheetfunnel.funnel.cycle import NormalCycle
from sheetfunnel.funnel.evidence import Case, Close, Condition, case_of, conditions, nearness
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.own_words import own_word
from sheetfunnel.funnel.practice import Lines, Practice
from sheetfunnel.funnel.priority import Block, block_of, lets_go
from sheetfunnel.funnel.profile import Criterion, Fit
from sheetfunnel.funnel.stages import further, stage_of
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import rows_of, value


@value
class FitTold:
    """What is told of a fit beside its letter and score, which are each row's own."""

    profile: bool
    known: bool
    lets_go: bool
    must_failed: Criterion | None
    worth_asking: Criterion | None


@value
class Judgement:
    """What holds for all objectives that stand alike, open or ended.

    ``reached`` is the stage that the evidence proves, ``stage`` the one that counts. ``own_step`` says that
    a person wrote a next step, ``overdue`` that its day has passed, ``reason`` that one is written for the
    end. ``missing`` is that of the case.
    """

    case: Case
    holds: frozenset[Condition]
    reached: Stage
    stage: Stage
    outcome: Outcome | None
    block: Block
    missing: int
    own_step: bool
    overdue: bool
    reason: bool
    fit: FitTold
    let_go_below: int

    @property
    def clear_my_stage(self) -> bool:
        """Whether it is open, and the evidence has gone further than the person's own stage."""
        return self.outcome is None and further(self.reached, than=self.stage)

    @property
    def asks_date(self) -> bool:
        """Whether it stands among those to close although its stage is In."""
        return self.block is Block.CLOSE and self.stage is not Stage.BEST_FEW


@value
class Standing:
    """How one objective stands before it is ranked.

    ``owner`` is folded; ``age`` is in days (``None``: not begun).
    """

    objective: SalesObjective
    owner: str
    judgement: Judgement
    fit: Fit
    cycle_days: int
    age: int | None

    def word(self, blank: Blank) -> Param:
        """Return the objective's own word for which a remark leaves room."""
        return own_word(blank, self.objective, alone=self.judgement.case.alone, fit=self.fit)


def standings_of(
    objectives: Sequence[SalesObjective],
    fits: Sequence[Fit],
    *,
    practice: Practice,
    cycles: Mapping[str, NormalCycle],
    today: date,
) -> list[Standing]:
    """Return how each objective stands on its own, before it is compared with others."""
    sole = fold(practice.people[0].name) if len(practice.people) == 1 else ""
    begun = [objective.first_contact for objective in objectives]
    services = [fold(objective.service) for objective in objectives]
    days_of = {service: cycle.days for service, cycle in cycles.items()}
    cycle_days = list(map(days_of.__getitem__, services))
    columns: Mapping[str, Sequence[object]] = {
        "objective": objectives,
        "owner": [fold(objective.owner) or sole for objective in objectives],
        "judgement": list(map(_judge(practice, today), objectives, fits, services, cycle_days)),
        "fit": fits,
        "cycle_days": cycle_days,
        "age": [None if day is None or day > today else (today - day).days for day in begun],
    }
    return rows_of(Standing, columns)


def _judge(practice: Practice, today: date) -> Callable[[SalesObjective, Fit, str, int], Judgement]:
    """Return what judges an objective by its fit, its folded service and the days of its cycle.

    The judgement on those that stand alike is made once.
    """
    alone = {fold(service.name) for service in practice.services if service.buyer_decides_alone}
    told, close_of = _teller(practice.lines), _looker(today)
    known: dict[Hashable, Judgement] = {}

    def judge(objective: SalesObjective, fit: Fit, service: str, cycle_days: int) -> Judgement:
        fit_told, close = told(fit), close_of(objective.expected_close, cycle_days)
        alike = (_likeness(objective, today), close, service in alone, id(fit_told))
        found = known.get(alike)
        if found is None:
            case = case_of(objective, today=today, close=close, alone=service in alone)
            found = known[alike] = _judgement(objective, case, fit_told, today=today, lines=practice.lines)
        return found

    return judge


def _likeness(objective: SalesObjective, today: date) -> Hashable:
    """Return what two objectives have in common of which the same is to be said, but for their own words."""
    begun, paused, step_on = objective.first_contact, objective.paused_until, objective.next_step_on
    names: list[str] = []
    roles: list[Hashable] = []
    for held in objective.influences:
        names += held.names
        roles.append((held.role, len(held.names), held.nobody, held.covered))
    return (
        objective.fit_confirmed is True,
        not objective.need.strip(),
        begun is not None and begun <= today,
        not objective.open_points.strip(),
        objective.my_stage,
        objective.outcome,
        paused is not None and paused > today,
        not objective.next_step.strip(),
        step_on is not None and step_on < today,
        not objective.reason.strip(),
        tuple(roles),
        None if len(set(names)) == len(names) else tuple(map(names.index, names)),
    )


def _judgement(
    objective: SalesObjective, case: Case, fit: FitTold, *, today: date, lines: Lines
) -> Judgement:
    holds, paused, step_on = conditions(case), objective.paused_until, objective.next_step_on
    reached = stage_of(holds)
    stage, own_step = objective.my_stage or reached, bool(objective.next_step.strip())
    resting = paused is not None and paused > today
    return Judgement(
        case=case,
        holds=holds,
        reached=reached,
        stage=stage,
        outcome=objective.outcome,
        block=block_of(case, holds, stage=stage, paused=resting, lets_go=fit.lets_go),
        missing=case.missing,
        own_step=own_step,
        overdue=own_step and step_on is not None and step_on < today,
        reason=bool(objective.reason.strip()),
        fit=fit,
        let_go_below=lines.let_go_below,
    )


def _teller(lines: Lines) -> Callable[[Fit], FitTold]:
    """Return what tells of a fit; fits of which the same is told share one, and are few themselves."""
    of_fit: dict[int, tuple[Fit, FitTold]] = {}
    alike: dict[FitTold, FitTold] = {}

    def told(fit: Fit) -> FitTold:
        known = of_fit.get(id(fit))  # the fit is kept beside it, so that no other can have its id
        if known is not None:
            return known[1]
        new = FitTold(
            profile=bool(fit.answers),
            known=fit.score is not None,
            lets_go=lets_go(fit, lines),
            must_failed=fit.must_failed,
            worth_asking=fit.most_worth_asking,
        )
        of_fit[id(fit)] = (fit, alike.setdefault(new, new))
        return of_fit[id(fit)][1]

    return told


def _looker(today: date) -> Callable[[date | None, int], Close]:
    """Return what says how near a day is; the same days stand in many rows."""
    known: dict[tuple[date | None, int], Close] = {}

    def close_of(day: date | None, cycle_days: int) -> Close:
        found = known.get((day, cycle_days))
        if found is None:
            found = known[day, cycle_days] = nearness(day, today=today, cycle_days=cycle_days)
        return found

    return close_of
