"""A plan as the rows and cells of one sheet that it wants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from sheetfunnel.stores.excel.parts.boxes import Box
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import KEEP, AppendRows, Cell, Change, ReplaceTable, SetCells, Untouched


class Mark(Enum):
    """What is to happen to a cell apart from setting a value."""

    BLANK = "blank"  # empty it if it is there
    FORMAT = "format"  # give a missing cell the looks of its column


BLANK: Final = Mark.BLANK
FORMAT: Final = Mark.FORMAT

Wish: TypeAlias = Cell | Untouched | Mark
Style: TypeAlias = bytes | None
"""A cell's style attribute as it is written: `` s="3"``, nothing, or ``None`` where the row decides."""


@value
class Window:
    """The rows in which the looks of new cells are found: in the first that has the cell, or the last."""

    first: int
    last: int
    from_below: bool = False


@value
class Lane:
    """One change: for each row its wishes, in the order of ``columns``, which is the order of the sheet.

    ``looks`` says for each column where new cells find their style, ``model`` the row whose format new
    rows take, ``lines`` how many lines of text rows are high.
    """

    columns: tuple[int, ...]
    rows: Mapping[int, Sequence[Wish]]
    looks: Mapping[int, Window]
    model: int | None = None
    box: Box | None = None
    lines: Mapping[int, int] = field(default_factory=dict)


class Wishes(NamedTuple):
    """What is wanted of one row; the three are of one length, columns ascending."""

    columns: tuple[int, ...]
    values: Sequence[Wish]
    styles: tuple[Style, ...]


#: How many rows are looked through for the looks of a column.
LOOKED_THROUGH: Final = 1000


def lane(change: Change, named: Collection[tuple[int, int]]) -> Lane:
    """Return a change as a lane; ``named`` are the cells (row, column) with a name: headers are such."""
    columns, rows = _sorted(change)
    window = _window(change, [row for row, column in named if column in columns])
    return Lane(
        columns=columns,
        rows=rows,
        looks=dict.fromkeys(columns, window),
        model=_model(change, window),
        box=_box(columns, rows),
        lines=_lines(change),
    )


def _sorted(change: Change) -> tuple[tuple[int, ...], Mapping[int, Sequence[Wish]]]:
    """Return the columns ascending and the rows in that order; appended rows have no gaps between columns."""
    columns, rows = tuple(sorted(change.columns)), _rows(change)
    if isinstance(change, AppendRows) and columns:
        columns = tuple(range(columns[0], columns[-1] + 1))
    if columns == tuple(change.columns):
        return columns, rows
    places = {column: index for index, column in enumerate(change.columns)}
    order = [places.get(column) for column in columns]
    return columns, {
        row: [FORMAT if index is None else values[index] for index in order] for row, values in rows.items()
    }


def _rows(change: Change) -> Mapping[int, Sequence[Wish]]:
    if isinstance(change, SetCells):
        return change.rows
    numbered = enumerate(change.rows, start=change.first_row)
    standing = change.standing if isinstance(change, ReplaceTable) else frozenset[int]()
    rows: dict[int, Sequence[Wish]] = {at: values for at, values in numbered if at not in standing}
    if isinstance(change, ReplaceTable):
        blank = (BLANK,) * len(change.columns)
        left = range(change.first_row + len(change.rows), change.first_row + change.old_rows)
        rows.update((at, blank) for at in left if at not in standing)
    return rows


def _window(change: Change, named: Sequence[int]) -> Window:
    if isinstance(change, ReplaceTable):
        return Window(first=change.first_row, last=change.first_row)
    start = min(change.rows, default=1) if isinstance(change, SetCells) else change.first_row
    header = max((row for row in named if row < start), default=None)
    if isinstance(change, AppendRows):
        first = max(start - LOOKED_THROUGH, (header or 0) + 1, change.header + 1)
        return Window(first=first, last=start - 1, from_below=True)
    first = start if header is None else header + 1
    return Window(first=first, last=first + LOOKED_THROUGH - 1)


def _model(change: Change, window: Window) -> int | None:
    if isinstance(change, ReplaceTable):
        return change.first_row
    above = change.first_row - 1 if isinstance(change, AppendRows) else 0
    return above if window.first <= above <= window.last else None


def _lines(change: Change) -> Mapping[int, int]:
    return {} if isinstance(change, SetCells) else dict(enumerate(change.lines, start=change.first_row))


def _box(columns: tuple[int, ...], rows: Mapping[int, Sequence[Wish]]) -> Box | None:
    numbers = sorted(rows)
    filled = (row for row in numbers if not all(map(_writes_nothing, rows[row])))
    top = next(filled, None)
    if top is None or not columns:
        return None
    bottom = next(row for row in reversed(numbers) if not all(map(_writes_nothing, rows[row])))
    return Box(top=top, left=columns[0], bottom=bottom, right=columns[-1])


def _writes_nothing(value: Wish) -> bool:
    return value is None or value is KEEP or isinstance(value, Mark)


@dataclass(slots=True)
class SheetTargets:
    """All that is wanted of one sheet, row by row.

    ``styles`` are those of new cells, for each lane in the order of its columns.
    """

    lanes: Sequence[Lane]
    styles: Sequence[tuple[Style, ...]]
    rows: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = sorted(set().union(*(lane.rows for lane in self.lanes)))

    def at(self, row: int) -> Wishes:
        """Return what is wanted of a row; where two changes name the same cell, the later one counts."""
        here = [
            Wishes(lane.columns, lane.rows[row], styles)
            for lane, styles in zip(self.lanes, self.styles, strict=True)
            if row in lane.rows
        ]
        return here[0] if len(here) == 1 else _merged(here)


def _merged(several: Iterable[Wishes]) -> Wishes:
    cells: dict[int, tuple[Wish, Style]] = {}
    for wishes in several:
        for column, wish, style in zip(wishes.columns, wishes.values, wishes.styles, strict=True):
            if column not in cells or not (wish is KEEP or wish is FORMAT):
                cells[column] = (wish, style)
    columns = tuple(sorted(cells))
    return Wishes(
        columns=columns,
        values=[cells[column][0] for column in columns],
        styles=tuple(cells[column][1] for column in columns),
    )
