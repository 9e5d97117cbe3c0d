"""Changes of stage, as History keeps them, in columns of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from sheetfunnel.funnel.history import StageChange
from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.scores import Ints
from sheetfunnel.values import unique

#: The place of a stage in columns of numbers; the last is that of objectives of which none is known.
STAGES: Final[Mapping[Stage | None, int]] = {
    **{stage: at for at, stage in enumerate(Stage)},
    None: len(Stage),
}

#: More than any ordinal of a day.
_DAYS: Final = 1 << 22


@unique
class Moves:
    """Changes of stage by row, day (ordinal) and place of the stage, in the order of rows and days."""

    row: Ints
    day: Ints
    stage: Ints

    def until(self, day: int) -> Moves:
        """Return those that had happened by the end of a day."""
        return self._those(np.flatnonzero(self.day <= day))

    def only(self, rows: Ints) -> Moves:
        """Return those of these rows (in rising order), counted anew."""
        kept = self._those(np.flatnonzero(np.isin(self.row, rows)))
        return Moves(row=np.searchsorted(rows, kept.row).astype(np.int64), day=kept.day, stage=kept.stage)

    def stage_on(self, rows: Ints, day: int) -> Ints:
        """Return the stage in which each of these rows stood at the end of a day."""
        order = self.row * _DAYS + self.day
        at = np.searchsorted(order, rows * _DAYS + day, side="right") - 1
        found = (at >= 0) & (self.row[at] == rows) if len(order) else np.zeros(len(rows), dtype=bool)
        stage: Ints = np.full(len(rows), STAGES[None])
        stage[found] = self.stage[at[found]]
        return stage

    def _those(self, at: Ints) -> Moves:
        return Moves(row=self.row[at], day=self.day[at], stage=self.stage[at])


def moves_of(changes: Iterable[StageChange], keys: Sequence[str]) -> Moves:
    """Return the changes of the objectives with these keys, of which the row is the place."""
    place = {key: row for row, key in enumerate(keys)}
    known = sorted(
        (place[one.key], one.on.toordinal(), STAGES[one.stage]) for one in changes if one.key in place
    )
    row, day, stage = np.array(known, dtype=np.int64).reshape(-1, 3).T
    return Moves(row=row, day=day, stage=stage)
