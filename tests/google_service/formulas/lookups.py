"""XLOOKUP, VLOOKUP, MATCH and INDEX."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from tests.google_service.formulas import scalars
from tests.google_service.formulas.grids import NOT_AVAILABLE, REFERENCE, VALUE, Grid, Value, each, grid_of
from tests.google_service.shapes import CellError, Scalar

if TYPE_CHECKING:
    from tests.google_service.formulas.evaluate import Evaluator, Function, Here
    from tests.google_service.formulas.tree import Tree

    Arguments = tuple[Tree, ...]


def _xlookup(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    sought = run.operand(arguments[0], here)
    places, results = (grid_of(run.value(arguments[at], here)) for at in (1, 2))
    fallback = run.single(arguments[3], here) if len(arguments) > 3 else NOT_AVAILABLE
    if len(arguments) > 4 and run.single(arguments[4], here) not in (0, None):
        return CellError("#VALUE!", "The stand-in knows the exact match only.")
    if len(places.cells) not in (results.height, results.width):
        return CellError("#VALUE!", "Array arguments to XLOOKUP are of different size.")
    index = _index(places)
    upright = places.width == 1 and results.height == places.height
    if isinstance(sought, Grid) or (results.width == 1 if upright else results.height == 1):
        line = results.cells[:: results.width if upright else 1]
        return each(lambda one: _found(index, one, line, fallback=fallback), [sought])
    return _whole_line(index, sought, results, fallback=fallback, upright=upright)


def _index(grid: Grid) -> dict[tuple[str, object], int]:
    if grid.index is None:
        grid.index = {}
        for at, cell in enumerate(grid.cells):
            key = scalars.key(cell)
            if key is not None:
                grid.index.setdefault(key, at)
    return grid.index


def _found(
    index: dict[tuple[str, object], int], sought: Scalar, results: list[Scalar], *, fallback: Scalar
) -> Scalar:
    if isinstance(sought, CellError):
        return sought
    key = scalars.key(sought)
    at = None if key is None else index.get(key)
    return fallback if at is None else results[at]


def _whole_line(
    index: dict[tuple[str, object], int], sought: Scalar, results: Grid, *, fallback: Scalar, upright: bool
) -> Value:
    key = scalars.key(sought)
    at = None if key is None else index.get(key)
    if at is None:
        return sought if isinstance(sought, CellError) else fallback
    if upright:
        return Grid(1, results.width, results.cells[at * results.width : (at + 1) * results.width])
    return results.column_of(at)


def _vlookup(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    sought = run.operand(arguments[0], here)
    table = grid_of(run.value(arguments[1], here))
    column = run.single(arguments[2], here)
    is_sorted = scalars.truth(run.single(arguments[3], here)) if len(arguments) > 3 else True
    if isinstance(column, str | CellError | None):
        return VALUE
    if not 1 <= column <= table.width:
        return REFERENCE
    keys, results = table.column_of(0), table.column_of(int(column) - 1).cells
    if is_sorted:
        return each(lambda one: _nearest(keys.cells, one, results), [sought])
    index = _index(keys)
    return each(lambda one: _found(index, one, results, fallback=NOT_AVAILABLE), [sought])


def _nearest(keys: list[Scalar], sought: Scalar, results: list[Scalar]) -> Scalar:
    """Return what stands at the last key that is not greater, in keys that are sorted."""
    if isinstance(sought, CellError):
        return sought
    kept = [(scalars.sort_key(key), at) for at, key in enumerate(keys) if key is not None]
    kind = scalars.sort_key(sought)[0]
    same_kind = [entry for entry in kept if entry[0][0] == kind]
    before = bisect_right([entry[0] for entry in same_kind], scalars.sort_key(sought))
    return results[same_kind[before - 1][1]] if before else NOT_AVAILABLE


def _match(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    sought = run.operand(arguments[0], here)
    keys = grid_of(run.value(arguments[1], here))
    kind = run.single(arguments[2], here) if len(arguments) > 2 else 1
    numbers: list[Scalar] = list(range(1, len(keys.cells) + 1))
    if kind in (0, None):
        index = _index(keys)
        return each(lambda one: _found(index, one, numbers, fallback=NOT_AVAILABLE), [sought])
    if kind == 1:
        return each(lambda one: _nearest(keys.cells, one, numbers), [sought])
    return CellError("#VALUE!", "The stand-in knows no descending match.")


def _index_function(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    grid = grid_of(run.value(arguments[0], here))
    row = _position(run, arguments, 1, here=here)
    column = _position(run, arguments, 2, here=here)
    if row is None or column is None:
        return VALUE
    if len(arguments) == 2 and grid.height == 1:
        row, column = 0, row
    if row > grid.height or column > grid.width or row < 0 or column < 0:
        return REFERENCE
    if row and (column or grid.width == 1):
        return grid.at(row - 1, max(column, 1) - 1)
    if column and grid.height == 1:
        return grid.at(0, column - 1)
    if row:
        return Grid(1, grid.width, grid.cells[(row - 1) * grid.width : row * grid.width])
    return grid.column_of(column - 1) if column else grid


def _position(run: Evaluator, arguments: Arguments, at: int, *, here: Here) -> int | None:
    if len(arguments) <= at:
        return 0
    number = scalars.number(run.single(arguments[at], here), run.locale)
    return None if isinstance(number, CellError) else int(number)


LOOKUPS: dict[str, Function] = {
    "XLOOKUP": _xlookup,
    "VLOOKUP": _vlookup,
    "MATCH": _match,
    "INDEX": _index_function,
}
