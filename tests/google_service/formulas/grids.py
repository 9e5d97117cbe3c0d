"""Arrays of values, and what one, two or more of them give cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.google_service.shapes import CellError, Scalar

NOT_AVAILABLE = CellError("#N/A", "Did not find value in the evaluation.")
VALUE = CellError("#VALUE!")
REFERENCE = CellError("#REF!")


@dataclass(slots=True, eq=False)
class Grid:
    """A block of values, row by row; `row` and `column` say where it stands if it is a reference."""

    height: int
    width: int
    cells: list[Scalar]
    row: int | None = None
    column: int | None = None
    #: Made once per block: the place of each value, for look-ups.
    index: dict[tuple[str, object], int] | None = field(default=None, repr=False)

    @property
    def is_single(self) -> bool:
        return self.height == 1 and self.width == 1

    def at(self, row: int, column: int) -> Scalar:
        return self.cells[row * self.width + column]

    def column_of(self, column: int) -> Grid:
        return Grid(self.height, 1, self.cells[column :: self.width])


Value: TypeAlias = "Scalar | Grid"


def grid_of(value: Value) -> Grid:
    return value if isinstance(value, Grid) else Grid(1, 1, [value])


def cells_of(value: Value) -> list[Scalar]:
    return value.cells if isinstance(value, Grid) else [value]


def each(function: Callable[..., Scalar], values: Sequence[Value]) -> Value:
    """Apply a function cell by cell: one value goes with all, a row with each row, a column likewise."""
    grids = [value for value in values if isinstance(value, Grid)]
    if not grids:
        return function(*values)
    height = max(grid.height for grid in grids)
    width = max(grid.width for grid in grids)
    stretched = [_stretched(value, height, width) for value in values]
    return Grid(height, width, list(map(function, *stretched)))


def _stretched(value: Value, height: int, width: int) -> list[Scalar]:
    if not isinstance(value, Grid):
        return [value] * (height * width)
    if (value.height, value.width) == (height, width):
        return value.cells
    if value.is_single:
        return value.cells * (height * width)
    if value.height == 1 and value.width == width:
        return value.cells * height
    if value.width == 1 and value.height == height:
        return [cell for cell in value.cells for _ in range(width)]
    return _padded(value, height, width)


def _padded(value: Grid, height: int, width: int) -> list[Scalar]:
    """Where sizes differ, what is missing is #N/A."""
    return [
        value.at(row, column) if row < value.height and column < value.width else NOT_AVAILABLE
        for row in range(height)
        for column in range(width)
    ]


def stacked(blocks: Sequence[Grid]) -> Grid | CellError:
    if len({block.width for block in blocks}) > 1:
        return VALUE
    return Grid(
        sum(block.height for block in blocks), blocks[0].width, [c for block in blocks for c in block.cells]
    )


def beside(blocks: Sequence[Grid]) -> Grid | CellError:
    if len({block.height for block in blocks}) > 1:
        return VALUE
    if len(blocks) == 1:
        return blocks[0]
    height, width = blocks[0].height, sum(block.width for block in blocks)
    cells = [
        cell
        for row in range(height)
        for block in blocks
        for cell in block.cells[row * block.width : (row + 1) * block.width]
    ]
    return Grid(height, width, cells)
