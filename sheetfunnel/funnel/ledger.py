"""All objectives as columns of numbers, as they could be known at the end of one day.

Days are ordinals (``date.toordinal``). What had not happened by that day is not there: an objective that
closed later stands as open, and one that began later is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from sheetfunnel.funnel.history import StageChange
from sheetfunnel.funnel.moves import STAGES, Moves, moves_of
from sheetfunnel.funnel.objective import Outcome, SalesObjective, Stage
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.scores import Floats, Ints
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import unique

Marks = npt.NDArray[np.bool_]

#: Later than every day: not ended, or no date.
NEVER: Final = date.max.toordinal()
#: So many services have curves of their own; the others share what is known of all.
_OWN_CURVES: Final = 8


@unique
class Ledger:
    """Objectives by column, in the order of their keys.

    ``service`` is the place of each objective's service in ``services``, the last place standing for all
    the others. ``amount`` is NaN where it is not known. ``stage`` is the place in ``STAGES``.
    """

    today: int
    keys: tuple[str, ...]
    services: tuple[str, ...]
    begun: Ints
    ended: Ints
    won: Marks
    amount: Floats
    service: Ints
    expected: Ints
    stage: Ints
    moves: Moves

    @property
    def open(self) -> Marks:
        """Which objectives are open."""
        marks: Marks = self.ended > self.today
        return marks

    @property
    def since(self) -> int:
        """The day of the first recorded end: of the time before nothing is known but what was still open."""
        ended = self.ended[~self.open]
        return int(ended.min()) if len(ended) else self.today

    def known_on(self, day: int) -> Ledger:
        """Return what could be known at the end of an earlier day.

        Amounts of what was still open then are blank: they may have been written down at the end only. So are
        expected dates, which may be of later; stages are those that were kept by then.
        """
        there = np.flatnonzero(self.begun <= day)
        rows = self.only(there)
        later, moves = rows.ended > day, rows.moves.until(day)
        return replace(
            rows,
            today=day,
            ended=np.where(later, NEVER, rows.ended),
            won=rows.won & ~later,
            amount=np.where(later, np.nan, rows.amount),
            expected=np.full_like(rows.expected, NEVER),
            stage=moves.stage_on(np.arange(len(there)), day),
            moves=moves,
        )

    def only(self, rows: Ints) -> Ledger:
        """Return these rows alone."""
        return replace(
            self,
            keys=tuple(self.keys[at] for at in rows),
            begun=self.begun[rows],
            ended=self.ended[rows],
            won=self.won[rows],
            amount=self.amount[rows],
            service=self.service[rows],
            expected=self.expected[rows],
            stage=self.stage[rows],
            moves=self.moves.only(rows),
        )


def ledger_of(
    objectives: Sequence[SalesObjective],
    practice: Practice,
    *,
    today: date,
    changes: Iterable[StageChange] = (),
    stage_of: Callable[[SalesObjective], Stage | None] = lambda objective: objective.my_stage,
) -> Ledger:
    """Return the ledger of all objectives of which the time can be told.

    Those without First contact, or closed without a date or before they began, say nothing of time and are
    left out; so are those that begin after ``today``.
    """
    day = today.toordinal()
    rows = [one for one in objectives if _is_dated(one, today)]
    unsorted = [one.key for one in rows]
    # The columns are put in order, and not the rows: to jump from row to row takes most of the time.
    order = _ints(sorted(range(len(rows)), key=unsorted.__getitem__))
    services = _services(rows, practice)
    place = {name: at for at, name in enumerate(services)}
    ended = [_ended(one) for one in rows]
    keys = tuple([unsorted[at] for at in order.tolist()])
    return Ledger(
        today=day,
        keys=keys,
        services=services,
        begun=_ints([_ordinal(one.first_contact) for one in rows])[order],
        ended=_ints([NEVER if end > day else end for end in ended])[order],
        won=np.array(
            [one.outcome is Outcome.WON and end <= day for one, end in zip(rows, ended, strict=True)],
            dtype=bool,
        )[order],
        amount=np.array([np.nan if one.amount is None else float(one.amount) for one in rows])[order],
        service=_ints([place.get(fold(one.service), len(services)) for one in rows])[order],
        expected=_ints([_ordinal(one.expected_close) for one in rows])[order],
        stage=_ints([STAGES[stage_of(one)] for one in rows])[order],
        moves=moves_of(changes, keys).until(day),
    )


def _is_dated(objective: SalesObjective, today: date) -> bool:
    begun, ended = objective.first_contact, objective.closed_on
    if begun is None or begun > today:
        return False
    return objective.outcome is None or (ended is not None and ended >= begun)


def _ended(objective: SalesObjective) -> int:
    return NEVER if objective.outcome is None else _ordinal(objective.closed_on)


def _ordinal(day: date | None) -> int:
    return NEVER if day is None else day.toordinal()


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _services(rows: Sequence[SalesObjective], practice: Practice) -> tuple[str, ...]:
    """Return the services with the most agreements, and then those of Settings, as far as there is room."""
    wins = Counter(fold(one.service) for one in rows if one.outcome is Outcome.WON)
    listed = [fold(service.name) for service in practice.services]
    by_wins = sorted(wins, key=lambda name: (-wins[name], name))
    return tuple(dict.fromkeys([*by_wins, *listed]))[:_OWN_CURVES]
