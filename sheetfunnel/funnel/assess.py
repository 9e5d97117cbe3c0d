"""The one way in: from objectives, criteria and a practice to what to do first, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from sheetfunnel.findings import Remark, filled
from sheetfunnel.funnel.allocation import Allocation, allocation_of
from sheetfunnel.funnel.cycle import NormalCycle, normal_cycles
from sheetfunnel.funnel.evidence import Condition
from sheetfunnel.funnel.judgement import Judgement, Standing, standings_of
from sheetfunnel.funnel.numbers import tenths
from sheetfunnel.funnel.objective import SalesObjective, Stage
from sheetfunnel.funnel.obstacles import Obstacle, obstacles
from sheetfunnel.funnel.practice import Person, Practice, Work
from sheetfunnel.funnel.priority import Block
from sheetfunnel.funnel.profile import Criterion, Fit, fits_of
from sheetfunnel.funnel.ranking import in_order
from sheetfunnel.funnel.reasons import next_action, reasons
from sheetfunnel.funnel.single import Question, unanswered
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import rows_of, value

_WORK_OF_STAGE = {Stage.ABOVE: Work.EXPLORE, Stage.IN: Work.COVER, Stage.BEST_FEW: Work.CLOSE}
_COUNTED = (Block.CLOSE, Block.EXPLORE, Block.COVER)


@value
class Verdict:
    """What the program says of one objective, by how it stands.

    Nothing else is kept, as most of what can be said of a hundred thousand objectives is never asked.
    """

    standing: Standing
    rank: int | None

    @property
    def objective(self) -> SalesObjective:
        """The objective itself."""
        return self.standing.objective

    @property
    def evidence(self) -> Stage:
        """The stage that its evidence proves."""
        return self.standing.judgement.reached

    @property
    def stage(self) -> Stage | None:
        """The stage that counts, the person's own where given; ``None`` once the objective has ended."""
        judged = self.standing.judgement
        return judged.stage if judged.outcome is None else None

    @property
    def block(self) -> Block | None:
        """Where it stands among the work to do; ``None`` once the objective has ended."""
        judged = self.standing.judgement
        return judged.block if judged.outcome is None else None

    @property
    def holds(self) -> frozenset[Condition]:
        """The conditions that hold."""
        return self.standing.judgement.holds

    @property
    def fit(self) -> Fit:
        """How well the client fits."""
        return self.standing.fit

    @property
    def do_next(self) -> Remark | None:
        """What to do next: the person's own next step, or what the evidence asks for."""
        said = next_action(self.standing.judgement)
        return None if said is None else filled(said, self.standing.word)

    @property
    def overdue(self) -> bool:
        """Whether the day of the person's own next step has passed."""
        return self.stage is not None and self.standing.judgement.overdue

    @property
    def due(self) -> date | None:
        """The day on which the next thing is to be done; in Best Few the expected close, if none is set."""
        objective, stage = self.standing.objective, self.stage
        if stage is None:
            return None
        return objective.next_step_on or (objective.expected_close if stage is Stage.BEST_FEW else None)

    @property
    def why(self) -> tuple[Remark, ...]:
        """Why it stands where it stands."""
        return tuple(filled(said, self.standing.word) for said in reasons(self.standing.judgement))

    @property
    def age(self) -> int | None:
        """The days since first contact of an open objective."""
        return None if self.stage is None else self.standing.age

    @property
    def times_cycle(self) -> Decimal | None:
        """Its age in normal cycles, with one decimal."""
        age = self.age
        return None if age is None else tenths(age, self.standing.cycle_days)

    @property
    def slow(self) -> bool:
        """Whether it is older than the normal cycle of its service."""
        age = self.age
        return age is not None and age > self.standing.cycle_days

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """What an open objective does not say: who, what, how much, by when."""
        return () if self.stage is None else unanswered(self.standing.objective)

    @property
    def clear_my_stage(self) -> bool:
        """Whether the evidence has gone further than the person's own stage."""
        return self.standing.judgement.clear_my_stage


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What the program says of a whole workbook on one day.

    ``verdicts`` are in the order in which the ``objectives`` were given, ``ranked`` (open ones only) in
    the order of Priorities: block, owner, rank. ``alike`` says how many stand alike. ``cycles`` are by folded
    name of the service.
    """

    objectives: tuple[SalesObjective, ...]
    verdicts: tuple[Verdict, ...]
    ranked: tuple[Verdict, ...]
    alike: tuple[tuple[Judgement, int], ...]
    allocations: tuple[Allocation, ...]
    cycles: Mapping[str, NormalCycle]
    obstacles: tuple[Obstacle, ...]
    today: date

    @cached_property
    def by_owner(self) -> Mapping[str, Sequence[Verdict]]:
        """The verdicts on what each owner has, by folded name."""
        found: defaultdict[str, list[Verdict]] = defaultdict(list)
        for verdict in self.verdicts:
            found[verdict.standing.owner].append(verdict)
        return found


def assess(
    objectives: Iterable[SalesObjective], *, criteria: Sequence[Criterion], practice: Practice, today: date
) -> Assessment:
    """Return the verdict on every objective, the order of work, and the hours, as of ``today``."""
    rows = tuple(objectives)
    cycles = normal_cycles(rows, practice, today)
    fits = fits_of(rows, criteria, practice.lines)
    standings = standings_of(rows, fits, practice=practice, cycles=cycles, today=today)
    order = in_order(standings, _places(practice))
    rank_of: list[int | None] = [None] * len(rows)
    for block, positions in order:
        for rank, position in enumerate(positions if block.work else (), start=1):
            rank_of[position] = rank
    verdicts = tuple(rows_of(Verdict, {"standing": standings, "rank": rank_of}))
    return Assessment(
        objectives=rows,
        verdicts=verdicts,
        alike=_alike(standings),
        ranked=tuple([verdicts[position] for _, positions in order for position in positions]),
        allocations=_allocations(standings, practice),
        cycles=cycles,
        obstacles=obstacles(rows, practice.answers),
        today=today,
    )


def _alike(standings: Sequence[Standing]) -> tuple[tuple[Judgement, int], ...]:
    judgements = list(map(attrgetter("judgement"), standings))
    ids = list(map(id, judgements))
    judged = dict(zip(ids, judgements, strict=True))
    return tuple((judged[each], count) for each, count in Counter(ids).items())


def _places(practice: Practice) -> Mapping[str, int]:
    return {fold(person.name): place for place, person in reversed(list(enumerate(practice.people)))}


def _allocations(standings: Sequence[Standing], practice: Practice) -> tuple[Allocation, ...]:
    """Return the week of everybody in Settings, then of all others who own an open objective."""
    counts: dict[str, Counter[Work]] = defaultdict(Counter)
    names: dict[str, str] = {}
    still_open = [standing for standing in standings if standing.judgement.outcome is None]
    of_whom = Counter([(each.owner, each.objective.owner, id(each.judgement)) for each in still_open])
    judged_by_id = {id(each.judgement): each.judgement for each in still_open}
    for (owner, written, judgement), count in of_whom.items():
        name, judged = written.strip(), judged_by_id[judgement]
        names[owner] = min(names.get(owner, name), name)
        if judged.block in _COUNTED and judged.stage in _WORK_OF_STAGE:
            counts[owner][_WORK_OF_STAGE[judged.stage]] += count
    listed = {fold(person.name): person for person in reversed(practice.people)}
    people = {key: listed[key] for key in map(fold, (person.name for person in practice.people))}
    people |= {key: Person(name=names[key]) for key in sorted(set(names) - set(listed))}
    floor = practice.lines.exploring_floor
    return tuple(
        allocation_of(person, counts.get(key, {}), floor, nobodys=not key and len(people) > 1)
        for key, person in people.items()
    )
