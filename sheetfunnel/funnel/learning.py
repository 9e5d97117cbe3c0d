"""What closed sales say of the ideal client: weights beside the typed ones, and the chance of winning.

Won and lost ones are learnt from. Dropped ones are not: a person let them go, often because the program
said so, and it must not learn from its own advice. A win that its owner rated low ("would I want ten like
this one?") speaks against the profile, as a loss does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.figures import FEWEST_CLOSED, FEWEST_OF_EACH, Figure, counted
from sheetfunnel.funnel.levels import Hindsight, by_levels, hindsight, is_blank
from sheetfunnel.funnel.numbers import half_up
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.profile import Criterion
from sheetfunnel.funnel.reading import (
    ByCriteria,
    ByLevels,
    Learnt,
    Reading,
    Trial,
    learn_from,
    stands_out,
    tried,
)
from sheetfunnel.funnel.scores import Floats, same_rows
from sheetfunnel.values import value

#: Only so many of the latest are learnt from: a market of long ago is another one.
LATEST: Final = 2000
#: Columns as they are need more sales than criteria, which come with a belief.
_COLUMNS_FROM: Final = 100
_LEARNT_FROM: Final = frozenset({Outcome.WON, Outcome.LOST})
#: More sales are tried once, not five times: the folds differ little then.
_TRIED_ONCE_FROM: Final = 1500
_LIKED: Final = 3
_HAS: Final = Fraction(1, 2)
_HIGHEST: Final = 5
_HINDSIGHT: Final = {
    Hindsight.FILLED_AFTER: Code.COLUMN_FILLED_AFTER,
    Hindsight.FILLED_BY_OUTCOME: Code.COLUMN_FILLED_BY_OUTCOME,
    Hindsight.TELLS_OUTCOME: Code.COLUMN_TELLS_OUTCOME,
}


@value
class Learning:
    """What is proposed for one criterion, and the counts behind it.

    ``best`` are the clients one would want again, ``others`` the other closed ones, of those of which
    the criterion's answer is known; ``have`` is how many of them meet it at least half. ``proposed`` is a
    weight of 1 to 5, 0 for "says nothing, or the contrary"; ``None`` where nothing can be proposed.
    """

    criterion: Criterion
    best: int = 0
    best_have: int = 0
    others: int = 0
    others_have: int = 0
    proposed: Figure[int] | None = None
    hindsight: Hindsight | None = None

    @property
    def evidence(self) -> Remark | None:
        """What stands behind it, for a reader: nothing where a side has no known answer."""
        if self.hindsight is not None:
            return remark(_HINDSIGHT[self.hindsight], column=self.criterion.column)
        if not self.best or not self.others:
            return None
        return remark(
            Code.CRITERION_EVIDENCE,
            have=self.best_have,
            count=self.best,
            others_have=self.others_have,
            others=self.others,
        )


@value
class Profile:
    """What closed sales say of the ideal client; ``verdict`` is why nothing is proposed, if so.

    ``log_loss`` is the mean of chances given to sales that were not learnt from, ``base_loss`` that of the
    base rate (natural units).
    """

    closed: int
    learnings: tuple[Learning, ...]
    verdict: Remark | None = None
    log_loss: Figure[float] | None = None
    base_loss: Figure[float] | None = None

    @property
    def usable(self) -> bool:
        """Whether the closed sales show a pattern that holds for sales they were not learnt from."""
        return self.verdict is None


def learn(criteria: Sequence[Criterion], objectives: Sequence[SalesObjective]) -> Profile:
    """Return what the closed among the objectives say of the criteria."""
    closed = _latest(objectives)
    learnings = _learnings(criteria, objectives, closed)
    used = [each.criterion for each in learnings if each.hindsight is None]
    liked = _ends(closed, _would_want_again)
    fewer = int(min(liked.sum(), len(closed) - liked.sum()))
    if not used or len(closed) < FEWEST_CLOSED or fewer < FEWEST_OF_EACH:
        verdict = remark(Code.LEARN_TOO_FEW, count=len(closed), needed=FEWEST_CLOSED, each=FEWEST_OF_EACH)
        return Profile(closed=len(closed), learnings=learnings, verdict=verdict)
    graded = _by_criteria(used, closed)
    groups = same_rows(graded.grades)
    if len(np.unique(groups)) == 1:  # nobody wrote anything there, or all are alike
        unwritten = bool(np.isnan(graded.grades).all())
        no_pattern = remark(Code.LEARN_NO_PATTERN, count=len(closed))
        verdict = remark(Code.LEARN_NOTHING_WRITTEN) if unwritten else no_pattern
        return Profile(closed=len(closed), learnings=learnings, verdict=verdict)
    trial = tried(graded, groups, liked, repeats=_repeats(len(closed)))
    if not trial.beats_the_base_rate:
        verdict = remark(Code.LEARN_NO_PATTERN, count=len(closed))
        return _tried(Profile(closed=len(closed), learnings=learnings, verdict=verdict), trial, fewer)
    weights = iter(_weights(learn_from(graded, np.arange(len(closed)), liked), used))
    proposed = (None if each.hindsight else next(weights) for each in learnings)
    profile = Profile(
        closed=len(closed),
        learnings=tuple(_proposing(one, two, fewer) for one, two in zip(learnings, proposed, strict=True)),
    )
    return _tried(profile, trial, fewer)


def _proposing(one: Learning, weight: int | None, cases: int) -> Learning:
    """Return a learning with the weight that is proposed: none for what no closed sale says anything of."""
    known = weight is not None and one.best + one.others > 0
    return replace(one, proposed=counted(weight, cases)) if known and weight is not None else one


def chances_of(
    criteria: Sequence[Criterion], objectives: Sequence[SalesObjective]
) -> Mapping[str, Figure[float]]:
    """Return the chance of winning of each open objective by key; none where there is no usable pattern.

    The columns that the criteria look at are learnt from where they say clearly more than the ideals do.
    """
    profile, closed = learn(criteria, objectives), _latest(objectives)
    used = [each.criterion for each in profile.learnings if each.hindsight is None]
    if profile.log_loss is None:  # there was nothing to try
        return {}
    liked = _ends(closed, _would_want_again)
    _, trial = _best_reading(used, closed, liked)
    if not trial.beats_the_base_rate:
        return {}
    still = [one for one in objectives if one.outcome is None]
    reading, _ = _best_reading(used, [*closed, *still], liked)
    return _chances(reading, _ends(closed, _won), [one.key for one in still])


def _learnings(
    criteria: Sequence[Criterion], objectives: Sequence[SalesObjective], closed: Sequence[SalesObjective]
) -> tuple[Learning, ...]:
    """Return the counts of each criterion; of the open ones some are enough to see what is filled later."""
    still = [one for one in objectives if one.outcome is None][:LATEST]
    seen = [*closed, *still]
    return tuple(_counts(one, closed, hindsight(one.column, seen)) for one in criteria)


def _tried(profile: Profile, trial: Trial, cases: int) -> Profile:
    """Return the profile with the losses of its trial."""
    return replace(
        profile, log_loss=counted(trial.log_loss, cases), base_loss=counted(trial.base_loss, cases)
    )


def _latest(objectives: Sequence[SalesObjective]) -> list[SalesObjective]:
    closed = [one for one in objectives if one.outcome in _LEARNT_FROM]
    if len(closed) <= LATEST:
        return closed
    days = sorted([one.closed_on or date.min for one in closed])
    closed = [one for one in closed if (one.closed_on or date.min) >= days[-LATEST]]  # the fewer to sort
    return sorted(closed, key=lambda one: (one.closed_on or date.min, one.key))[-LATEST:]


def _won(objective: SalesObjective) -> bool:
    return objective.outcome is Outcome.WON


def _would_want_again(objective: SalesObjective) -> bool:
    return _won(objective) and (objective.satisfaction is None or objective.satisfaction >= _LIKED)


def _ends(closed: Sequence[SalesObjective], is_good: Callable[[SalesObjective], bool]) -> Floats:
    return np.array([is_good(one) for one in closed], dtype=np.float64)


def _counts(one: Criterion, closed: Sequence[SalesObjective], reason: Hindsight | None) -> Learning:
    counts = Counter(
        (_would_want_again(each), grade >= _HAS)
        for each, grade in zip(closed, _graded(one, closed), strict=True)
        if grade is not None
    )
    return Learning(
        criterion=one,
        best=counts[True, True] + counts[True, False],
        best_have=counts[True, True],
        others=counts[False, True] + counts[False, False],
        others_have=counts[False, True],
        hindsight=reason,
    )


def _graded(one: Criterion, objectives: Sequence[SalesObjective]) -> list[Fraction | None]:
    grade = lru_cache(maxsize=1 << 14, typed=True)(one.ideal.grade)
    held = (each.traits.get(one.column) for each in objectives)
    return [None if trait is None or is_blank(trait) else grade(trait) for trait in held]


def _by_criteria(criteria: Sequence[Criterion], objectives: Sequence[SalesObjective]) -> ByCriteria:
    grades = [
        [np.nan if grade is None else float(grade) for grade in _graded(one, objectives)] for one in criteria
    ]
    weights = np.array([one.weight for one in criteria], dtype=np.float64)
    return ByCriteria(grades=np.array(grades).T, weights=weights)


def _by_columns(criteria: Sequence[Criterion], objectives: Sequence[SalesObjective]) -> ByLevels:
    columns = dict.fromkeys(one.column for one in criteria)
    return by_levels([[each.traits.get(column) for each in objectives] for column in columns])


def _best_reading(
    criteria: Sequence[Criterion], objectives: Sequence[SalesObjective], ends: Floats
) -> tuple[Reading, Trial]:
    """Return the criteria, or the columns they look at where these say clearly more, with its trial."""
    graded = _by_criteria(criteria, objectives)
    groups, repeats = same_rows(graded.grades[: len(ends)]), _repeats(len(ends))
    trial = tried(graded, groups, ends, repeats=repeats)
    if len(ends) < _COLUMNS_FROM:
        return graded, trial
    columns = _by_columns(criteria, objectives)
    other = tried(columns, groups, ends, repeats=repeats)
    return (columns, other) if stands_out(other.gains - trial.gains, groups) else (graded, trial)


def _repeats(closed: int) -> int:
    return 5 if closed < _TRIED_ONCE_FROM else 1


def _weights(learnt: Learnt, criteria: Sequence[Criterion]) -> list[int]:
    """Return the weights that stand in the same proportion as what each criterion brings.

    Together they are what the typed ones are; none is above 5, and none of what brings nothing is above 0.
    """
    typed = np.array([one.weight for one in criteria], dtype=np.float64)
    brings = np.maximum(learnt.coefficients[1] * typed / typed.sum() + learnt.coefficients[2:], 0)
    together = brings.sum() or 1.0
    return [min(half_up(Fraction(float(each))), _HIGHEST) for each in brings * typed.sum() / together]


def _chances(reading: Reading, wins: Floats, keys: Sequence[str]) -> Mapping[str, Figure[float]]:
    learnt = learn_from(reading, np.arange(len(wins)), wins)
    chances = learnt.chances(np.arange(len(wins), len(wins) + len(keys)))
    cases = int(min(wins.sum(), len(wins) - wins.sum()))
    return {key: counted(float(each), cases) for key, each in zip(keys, chances, strict=True)}
