"""The ideal client: criteria that a person writes, and how well an objective fits them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import chain

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.ideals import Ideal, parse_ideal
from sheetfunnel.funnel.numbers import half_up
from sheetfunnel.funnel.objective import SalesObjective, Trait
from sheetfunnel.funnel.practice import Lines
from sheetfunnel.values import value

_WEIGHTS = range(1, 6)
_USUAL_LINES = Lines()


class TraitKind(Enum):
    """What a trait speaks of: facts about a client, or how they think."""

    DEMOGRAPHIC = "demographic"
    PSYCHOGRAPHIC = "psychographic"


@value
class Criterion:
    """One line of the profile: ``column`` is the key of ``SalesObjective.traits`` that it looks at."""

    name: str
    column: str
    ideal: Ideal
    weight: int
    must: bool = False
    kind: TraitKind | None = None


def criterion(  # noqa: PLR0913 - the six cells of a criterion's row, by name
    *,
    name: str,
    kind: TraitKind | None,
    column: str,
    ideal: Trait | None,
    weight: Decimal | int | None,
    must: bool,
) -> Criterion | Code:
    """Return the criterion that a row of Ideal client says, or the code of what is wrong with it."""
    column = column.strip()
    if not column:
        return Code.CRITERION_NO_COLUMN
    if weight is None or weight not in _WEIGHTS:
        return Code.CRITERION_WEIGHT
    parsed = parse_ideal(ideal)
    if isinstance(parsed, Code):
        return parsed
    return Criterion(
        name=name.strip() or column, column=column, ideal=parsed, weight=int(weight), must=must, kind=kind
    )


@value
class Answer:
    """What an objective says on one criterion: ``grade`` is ``None`` when it is unknown.

    ``points`` is weight x grade; ``readable`` is false when something stands there that this kind of
    criterion cannot read.
    """

    criterion: Criterion
    grade: Fraction | None = None
    points: Fraction = Fraction(0)
    readable: bool = True


@value
class Contribution:
    """How many of the fit's points before Must a known criterion brings."""

    criterion: Criterion
    grade: Fraction
    points: Fraction


@value
class Fit:
    """How well an objective fits the ideal client.

    ``score`` is 0 to 100, ``None`` when nothing is known, and 0 when a known Must grades 0; the
    weights are those of the criteria whose answer is known, and of all; ``letter`` is blank when
    nothing is known.
    """

    score: int | None = None
    known_weight: int = 0
    all_weight: int = 0
    letter: str = ""
    answers: tuple[Answer, ...] = ()
    must_failed: Criterion | None = None

    @property
    def known(self) -> Fraction:
        """The known part of all weight, 0 to 1."""
        return Fraction(self.known_weight, self.all_weight or 1)

    @property
    def before_must(self) -> Fraction | None:
        """The exact fit, 0 to 100, that no failed Must has made 0; ``None`` when nothing is known."""
        points = sum((answer.points for answer in self.answers), Fraction(0))
        return 100 * points / self.known_weight if self.known_weight else None

    @property
    def ranks_as(self) -> str:
        """The class in which it is ranked: C when nothing is known."""
        return self.letter or "C"

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """The known criteria's points, in the order of the profile; they add up to ``before_must``."""
        return tuple(
            Contribution(criterion=a.criterion, grade=a.grade, points=100 * a.points / self.known_weight)
            for a in self.answers
            if a.grade is not None
        )

    @property
    def strongest(self) -> Contribution | None:
        """The contribution that brings the most."""
        some = (one for one in self.contributions if one.points)
        return max(some, key=lambda one: one.points, default=None)

    @property
    def weakest(self) -> Contribution | None:
        """The contribution that brings the least; full marks are never weak."""
        some = (one for one in self.contributions if one.grade < 1)
        return min(some, key=lambda one: (one.points, -one.criterion.weight), default=None)

    @property
    def most_worth_asking(self) -> Criterion | None:
        """The unknown criterion with the largest weight."""
        unknown = (answer.criterion for answer in self.answers if answer.grade is None)
        return max(unknown, key=lambda one: one.weight, default=None)

    @property
    def unreadable(self) -> tuple[str, ...]:
        """The names of the criteria for which something stands there that they cannot read."""
        return tuple(answer.criterion.name for answer in self.answers if not answer.readable)

    @property
    def explanation(self) -> tuple[Remark, ...]:
        """The fit in words: the failed Must, the strongest, the weakest, what to ask about."""
        remarks: list[Remark] = []
        if self.must_failed:
            remarks.append(remark(Code.WHY_MUST_FAILED, criterion=self.must_failed.name))
        strongest, weakest = self.strongest, self.weakest
        if weakest == strongest:  # a single one: named once
            weakest = None
        for code, one in ((Code.FIT_STRONGEST, strongest), (Code.FIT_WEAKEST, weakest)):
            if one:
                remarks.append(remark(code, criterion=one.criterion.name, count=half_up(one.points)))
        if self.most_worth_asking:
            remarks.append(remark(Code.WHY_ASK_ABOUT, criterion=self.most_worth_asking.name))
        return tuple(remarks)


def fit(criteria: Sequence[Criterion], objective: SalesObjective, *, lines: Lines = _USUAL_LINES) -> Fit:
    """Return how well one objective fits the criteria."""
    return fits_of([objective], criteria, lines)[0]


def fits_of(objectives: Sequence[SalesObjective], criteria: Sequence[Criterion], lines: Lines) -> list[Fit]:
    """Return how well each objective fits; those that answer all criteria alike share one fit."""
    written = set(chain.from_iterable(row.traits for row in objectives))
    nothing: Sequence[Trait | None] = [None] * len(objectives)  # as in many a column of the profile
    columns = [
        _answers(
            one, [row.traits.get(one.column) for row in objectives] if one.column in written else nothing
        )
        for one in criteria
    ]
    if not columns:
        return [Fit()] * len(objectives)
    # by their ids, as to compare answers takes most of the time; the columns keep them alive
    alike = list(zip(*(map(id, column) for column in columns), strict=True))
    letters = tuple(_letter(score, lines) for score in range(101))
    rows = dict(zip(alike, zip(*columns, strict=True), strict=True))
    known = {ids: _fit(answers, letters) for ids, answers in rows.items()}
    return list(map(known.__getitem__, alike))


def _answers(one: Criterion, traits: Sequence[Trait | None]) -> list[Answer]:
    """Return what each of many traits says on a criterion; equal answers are one, graded once."""
    # True equals Decimal(1), and yet it is not the same answer
    kinds = set(map(type, traits))
    if kinds == {type(None)}:  # as of many criteria, of which nobody has written anything yet
        return [_answer(one, None)] * len(traits)
    keys: Sequence[object] = traits
    if bool in kinds:
        keys = [(type(trait), trait) for trait in traits]
    alike: dict[tuple[Fraction | None, bool], Answer] = {}
    known: dict[object, Answer] = {}
    for key, trait in dict(zip(keys, traits, strict=True)).items():
        answer = _answer(one, trait)
        known[key] = alike.setdefault((answer.grade, answer.readable), answer)
    return list(map(known.__getitem__, keys))


def _fit(answers: tuple[Answer, ...], letters: Sequence[str]) -> Fit:
    all_weight = sum(answer.criterion.weight for answer in answers)
    known = sum(answer.criterion.weight for answer in answers if answer.grade is not None)
    if not known:
        return Fit(all_weight=all_weight, answers=answers)
    failed = _failed_must(answers)
    score = 0 if failed else _score(answers, known)
    return Fit(
        score=score,
        known_weight=known,
        all_weight=all_weight,
        letter=letters[score],
        answers=answers,
        must_failed=failed,
    )


def _answer(one: Criterion, trait: Trait | None) -> Answer:
    if trait is None or (isinstance(trait, str) and not trait.strip()):
        return Answer(criterion=one)
    grade = one.ideal.grade(trait)
    if grade is None:
        return Answer(criterion=one, readable=False)
    return Answer(criterion=one, grade=grade, points=one.weight * grade)


def _failed_must(answers: tuple[Answer, ...]) -> Criterion | None:
    for answer in answers:
        if answer.criterion.must and answer.grade is not None and not answer.grade:
            return answer.criterion
    return None


def _score(answers: tuple[Answer, ...], known: int) -> int:
    """Return the fit in whole points: exact, in whole numbers, as fractions would take most of the time."""
    above, below = 0, 1
    for answer in answers:
        part, whole = answer.points.as_integer_ratio()
        if whole == 1:
            above += part * below
        else:
            above, below = above * whole + part * below, below * whole
    return (200 * above + below * known) // (2 * below * known)


def _letter(score: int, lines: Lines) -> str:
    bounds = (("A", lines.class_a), ("B", lines.class_b), ("C", lines.class_c))
    return next((letter for letter, bound in bounds if score >= bound), "D")
