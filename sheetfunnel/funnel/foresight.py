"""What is ahead, and what History is to keep of today: the judgement on a whole workbook.

What counts and adds up is done here; what is estimated needs numpy, which is loaded only where there is
enough history to estimate from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Final

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.ahead import Aim, Band, Dip, Forecast, too_little
from sheetfunnel.funnel.allocation import HIGHEST_SHARE, STEP
from sheetfunnel.funnel.assess import Assessment, Verdict
from sheetfunnel.funnel.diagnosis import Need, diagnose, needed_above, told_dip
from sheetfunnel.funnel.figures import FEWEST_CLOSED, FEWEST_OF_EACH
from sheetfunnel.funnel.history import Known, Past, changes, compacted, stage_changes
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.practice import Person, Practice, Work
from sheetfunnel.funnel.profile import Criterion
from sheetfunnel.funnel.score import Score, score_of_weeks
from sheetfunnel.funnel.text import fold
from sheetfunnel.funnel.weeks import Week, completed, monday, reconstructed, weeks, with_weeks
from sheetfunnel.values import value

if TYPE_CHECKING:
    import numpy as np

    from sheetfunnel.funnel.forecast import Sight
    from sheetfunnel.funnel.learning import Profile

#: For so many people with a target of their own a forecast of their own is made.
_OWN_FORECASTS: Final = 12
_LEARNT_FROM: Final = frozenset({Outcome.WON, Outcome.LOST})


@value
class Warned:
    """One thing to be warned of, and what to do about it; ``owner`` is blank where there is only one."""

    owner: str
    what: Remark
    remedy: tuple[Remark, ...]


@value
class Foresight:
    """What is ahead of everybody together, and what is to be kept of today.

    ``warnings`` begin with what matters most. ``raised`` says by how many points of the week exploring is to
    be raised, by folded owner. ``unlearnt`` is why nothing was learnt of the ideal client, if so. ``past`` is
    History as it is to be, ``last_week`` the rows of the week before by folded owner.
    """

    forecast: Forecast
    target: Decimal | None
    warnings: tuple[Warned, ...]
    raised: Mapping[str, int]
    score: Score
    past: Past
    last_week: Mapping[str | None, Week]
    profile: Profile | None = None
    unlearnt: Remark | None = None


@value
class _Book:
    """What everything is judged from: one owner's objectives, or all."""

    assessment: Assessment
    practice: Practice
    past: Past
    verdicts: Sequence[Verdict]
    objectives: Sequence[SalesObjective]
    target: Decimal | None = None
    exploring: int | None = None

    @property
    def sole(self) -> bool:
        """Whether there is one owner only."""
        return len(self.assessment.allocations) == 1


def foresee(
    assessment: Assessment,
    *,
    criteria: Sequence[Criterion],
    practice: Practice,
    past: Past,
    known: Mapping[str, Known] | None,
) -> Foresight:
    """Return what is ahead, from what stands in a workbook and what its History kept.

    ``known`` is what the last sync knew of each objective, by today's keys; ``None`` where none was made yet.
    """
    this_week, adds = weeks(assessment), assessment.today >= past.newest
    new = () if known is None else changes(past, assessment.verdicts, assessment.today, known=known)
    # Judged from what is kept today, so that a second run, which finds it kept, says the same.
    weeks_before = completed(past.weeks, assessment.verdicts, assessment.today)
    now = Past(changes=(*past.changes, *new), weeks=with_weeks(weeks_before, this_week))
    book = _everybody(assessment, practice, now)
    seen = _sight(book)
    forecast = _told(book, seen)
    owners = {one.owner: book for one in assessment.allocations} if book.sole else _owners(book)
    ahead = {name: forecast if own is book else _own_forecast(own) for name, own in owners.items()}
    bands = _bands(ahead, forecast)
    kept = _kept(book, seen, [replace(row, forecast=bands.get(row.place[0])) for row in this_week])
    profile, unlearnt = _learnt(book.objectives, criteria)
    raised: dict[str, int] = {}
    warnings = [each for name, own in owners.items() for each in _warnings(name, own, ahead[name], raised)]
    if forecast.dip and not any(each.dip for each in ahead.values()):
        warnings.append(_warned_of_dip(forecast.dip, owner=""))
    return Foresight(
        forecast=forecast,
        target=book.target,
        warnings=tuple(sorted(warnings, key=lambda each: _GRAVITY.index(each.what.code))),
        raised=raised,
        score=score_of_weeks(_told_of_all((kept if adds else past).weeks), book.objectives, assessment.today),
        past=kept if adds else past,
        last_week=past.of_week(monday(assessment.today) - timedelta(days=7)),
        profile=profile,
        unlearnt=unlearnt,
    )


@value
class Supposed:
    """What is ahead as it stands, and if some open objectives were decided; a verdict is in both."""

    now: Forecast
    then: Forecast
    target: Decimal | None


def supposed(  # noqa: PLR0913 - the case and what is supposed of it
    assessment: Assessment,
    practice: Practice,
    past: Past,
    *,
    owner: str | None,
    won: frozenset[str],
    lost: frozenset[str],
) -> Supposed:
    """Return what is ahead of an owner, or of everybody, if the objectives with these keys were decided."""
    book = _everybody(assessment, practice, past)
    book = book if owner is None or book.sole else _owners(book)[owner]
    seen = _sight(book)
    then = seen and seen.if_decided(won=won, lost=lost)
    return Supposed(now=_told(book, seen), then=_told(book, then), target=book.target)


#: What matters first: income that will be missing, then what makes it so.
_GRAVITY: Final = (
    Code.DIP_SEEN,
    Code.DRY_TOP,
    Code.PREMATURE_BY_HAND,
    Code.PREMATURE_MOVED,
    Code.JAMMED_MIDDLE,
)


def _everybody(assessment: Assessment, practice: Practice, past: Past) -> _Book:
    targets = [person.target_income for person in practice.people if person.target_income]
    sole = assessment.allocations[0] if len(assessment.allocations) == 1 else None
    return _Book(
        assessment=assessment,
        practice=practice,
        past=past,
        verdicts=assessment.verdicts,
        objectives=assessment.objectives,
        target=sum(targets, Decimal(0)) if targets else None,
        exploring=sole.shares[Work.EXPLORE] if sole else None,
    )


def _owners(book: _Book) -> dict[str, _Book]:
    """Return what is judged of each owner."""
    people = {fold(person.name): person for person in book.practice.people}
    nobody = Person(name="")
    owners: dict[str, _Book] = {}
    for one in book.assessment.allocations:
        verdicts = book.assessment.by_owner.get(fold(one.owner), ())
        owners[one.owner] = replace(
            book,
            verdicts=verdicts,
            objectives=[verdict.standing.objective for verdict in verdicts],
            target=people.get(fold(one.owner), nobody).target_income,
            exploring=one.shares[Work.EXPLORE],
        )
    return owners


def _told(book: _Book, seen: Sight | None) -> Forecast:
    """Return the forecast from what is seen; the same futures are drawn all day long."""
    if seen is None:
        return Forecast(verdict=_too_little(book))
    from sheetfunnel.funnel.forecast import forecast

    return forecast(seen, Aim(target=book.target, exploring=book.exploring), _chance(book))


def _told_before(book: _Book, seen: Sight | None) -> list[tuple[date, Band]]:
    """Return what would have been told on days of the past, from what was known then."""
    if seen is None:
        return []
    from sheetfunnel.funnel.back_test import back_test

    return [(one.on, one.income) for one in back_test(seen.ledger, book.practice, _chance(book))]


def _chance(book: _Book) -> np.random.Generator:
    from numpy.random import default_rng

    return default_rng(book.assessment.today.toordinal())


def _too_little(book: _Book) -> Remark | None:
    ended = [one for one in book.objectives if _is_dated_end(one)]
    return too_little(ended=len(ended), won=sum(one.outcome is Outcome.WON for one in ended))


def _is_dated_end(one: SalesObjective) -> bool:
    begun, ended = one.first_contact, one.closed_on
    return one.outcome is not None and begun is not None and ended is not None and begun <= ended


def _sight(book: _Book) -> Sight | None:
    """Return what is seen of the time ahead; ``None`` where there is too little to see anything."""
    if _too_little(book) is not None:
        return None
    from sheetfunnel.funnel.forecast import sight
    from sheetfunnel.funnel.ledger import ledger_of

    stages: dict[str, Stage | None] = {}
    for one, verdict in zip(book.objectives, book.verdicts, strict=True):
        judged = verdict.standing.judgement
        stages[one.key] = judged.stage if judged.outcome is None else None
    ledger = ledger_of(
        book.objectives,
        book.practice,
        today=book.assessment.today,
        changes=stage_changes(book.past, book.verdicts, book.assessment.today),
        stage_of=lambda one: stages[one.key],
    )
    return sight(ledger, book.practice)


def _own_forecast(book: _Book) -> Forecast:
    """Return the forecast of one of several owners: only where a target says what it is for."""
    with_target = [person for person in book.practice.people if person.target_income]
    if book.target is None or len(with_target) > _OWN_FORECASTS:
        return Forecast()
    return _told(book, _sight(book))


def _bands(ahead: Mapping[str, Forecast], everybody: Forecast) -> dict[str | None, Band]:
    told: dict[str | None, Forecast] = {**{fold(name): one for name, one in ahead.items()}, None: everybody}
    return {name: one.next_30_days.value for name, one in told.items() if one.next_30_days}


def _kept(book: _Book, seen: Sight | None, this_week: Sequence[Week]) -> Past:
    """Return History as it is to be after today; at first with what can be told of the weeks before."""
    today, before = book.assessment.today, book.past.weeks
    if all(row.week == monday(today) for row in before):
        sole = book.assessment.allocations[0].owner if book.sole else None
        before = reconstructed(book.objectives, today, _told_before(book, seen), owner=sole)
    return compacted(Past(changes=book.past.changes, weeks=with_weeks(before, this_week)), today)


def _told_of_all(rows: Sequence[Week]) -> list[Week]:
    """Return the rows that tell of everybody together: of a week that has none of them, its only one."""
    by_week: dict[date, list[Week]] = defaultdict(list)
    for row in rows:
        by_week[row.week].append(row)
    of_all = (
        next((row for row in each if row.owner is None), each[0] if len(each) == 1 else None)
        for each in by_week.values()
    )
    return [row for row in of_all if row is not None]


def _learnt(
    objectives: Sequence[SalesObjective], criteria: Sequence[Criterion]
) -> tuple[Profile | None, Remark | None]:
    """Return what closed sales say of the ideal client, or why nothing was learnt."""
    closed = sum([one.outcome in _LEARNT_FROM for one in objectives])
    if not criteria or closed < FEWEST_CLOSED:
        return None, remark(Code.LEARN_TOO_FEW, count=closed, needed=FEWEST_CLOSED, each=FEWEST_OF_EACH)
    from sheetfunnel.funnel.learning import learn  # the estimates alone need numpy

    profile = learn(criteria, objectives)
    return profile, profile.verdict


def _warnings(name: str, book: _Book, ahead: Forecast, raised: dict[str, int]) -> list[Warned]:
    """Return what an owner is to be warned of; by how much exploring is to be raised goes to ``raised``."""
    owner = "" if book.sole else name
    need = needed_above(book.objectives, book.assessment.cycles, book.practice, book.target)
    found = [
        Warned(owner=owner, what=alarm.what, remedy=(alarm.remedy,))
        for alarm in diagnose(book.verdicts, need, book.past.slips)
    ]
    if ahead.dip is not None:
        found.insert(0, _warned_of_dip(ahead.dip, owner=owner))
    more = _more_exploring(book, ahead.dip, need, dry=any(each.what.code is Code.DRY_TOP for each in found))
    if more:
        raised[fold(name)] = more
    return found


def _warned_of_dip(dip: Dip, *, owner: str) -> Warned:
    what, *remedy = told_dip(dip)
    return Warned(owner=owner, what=what, remedy=tuple(remedy))


def _more_exploring(book: _Book, dip: Dip | None, need: Need | None, *, dry: bool) -> int:
    """Return the points by which exploring has to grow, if twice the hours find twice as many."""
    share = book.exploring
    of_dip = dip.raise_exploring.value if dip and dip.raise_exploring else 0
    if share is None or need is None or not dry:
        return of_dip
    above = sum(verdict.stage is Stage.ABOVE for verdict in book.verdicts)
    room = max(HIGHEST_SHARE - share, 0) // STEP * STEP
    wanted = STEP * ceil(Decimal(share * (need.above - above)) / max(above, 1) / STEP)
    return max(of_dip, min(wanted, room))
