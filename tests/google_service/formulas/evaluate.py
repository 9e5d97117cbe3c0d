"""The value of a formula, read from a spreadsheet whose other formulas are worked out as they are needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from tests.google_service.formulas import scalars
from tests.google_service.formulas.grids import VALUE, Grid, Value, beside, each, grid_of, stacked
from tests.google_service.formulas.references import Reference
from tests.google_service.formulas.tree import Area, Call, Constant, Literal, Name, Operation, Tree
from tests.google_service.locales import Locale
from tests.google_service.ranges import Box
from tests.google_service.shapes import CellError, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Where the formula stands, and whether it works on arrays."""

    sheet: int
    row: int
    column: int
    array: bool = False


#: Reads the cells of a reference, what formulas give included.
Reader: TypeAlias = "Callable[[Reference, Here], Grid | CellError]"
Function: TypeAlias = "Callable[[Evaluator, tuple[Tree, ...], Here], Value]"


class Evaluator:
    """Works out trees; what two formulas have in common is worked out once."""

    def __init__(
        self, *, read: Reader, named: Callable[[str], tuple[int, Box] | None], locale: Locale, today: date
    ) -> None:
        self._read = read
        self._named = named
        self.locale = locale
        self.today = today
        #: By the tab and the identity of a tree (`tree.one`).
        self._known: dict[tuple[int, int], Value] = {}

    def value(self, tree: Tree, here: Here) -> Value:
        """Return the value of a tree: a single one or an array."""
        if not here.array or isinstance(tree, Constant) or _depends_on_place(tree):
            return self._worked_out(tree, here)
        known = (here.sheet, id(tree))
        if known not in self._known:
            self._known[known] = self._worked_out(tree, here)
        return self._known[known]

    def operand(self, tree: Tree, here: Here) -> Value:
        """Return a value for a function of single values; without ARRAYFORMULA that of this row or column."""
        value = self.value(tree, here)
        if here.array or not isinstance(value, Grid):
            return value
        return _crossing(value, here)

    def single(self, tree: Tree, here: Here) -> Scalar:
        """Return one value, the first one of an array."""
        value = self.operand(tree, here)
        return value.cells[0] if isinstance(value, Grid) else value

    def each(self, function: Callable[..., Scalar], trees: tuple[Tree, ...], here: Here) -> Value:
        return each(function, [self.operand(tree, here) for tree in trees])

    def _worked_out(self, tree: Tree, here: Here) -> Value:
        if isinstance(tree, Constant):
            return tree.value
        if isinstance(tree, Area):
            return self._read(tree.reference, here)
        if isinstance(tree, Operation):
            return self._operation(tree, here)
        if isinstance(tree, Literal):
            return self._literal(tree, here)
        if isinstance(tree, Call):
            return self._call(tree, here)
        return self._range_named(tree, here)

    def _call(self, tree: Call, here: Here) -> Value:
        from tests.google_service.formulas.functions import FUNCTIONS

        function = FUNCTIONS.get(tree.name)
        if function is None:
            return CellError("#NAME?", f"Unknown function: '{tree.name}'.")
        try:
            return function(self, tree.arguments, here)
        except (IndexError, TypeError):
            return CellError("#N/A", f"Wrong number of arguments to {tree.name}.")

    def _operation(self, tree: Operation, here: Here) -> Value:
        operator = _OPERATORS.get(tree.mark)
        if operator is not None:
            return self.each(operator, tree.operands, here)
        if tree.mark == "&":
            return self.each(
                lambda left, right: scalars.joined(left, right, self.locale), tree.operands, here
            )
        if tree.mark == "%":
            return self.each(lambda one: scalars.arithmetic("/", one, 100, self.locale), tree.operands, here)
        if tree.mark in ("-1", "+1"):
            sign = -1 if tree.mark == "-1" else 1
            return self.each(lambda one: scalars.arithmetic("*", one, sign, self.locale), tree.operands, here)
        mark = tree.mark
        return self.each(
            lambda left, right: scalars.arithmetic(mark, left, right, self.locale), tree.operands, here
        )

    def _literal(self, tree: Literal, here: Here) -> Value:
        rows: list[Grid] = []
        for row in tree.rows:
            block = beside([grid_of(self.value(item, here)) for item in row])
            if isinstance(block, CellError):
                return block
            rows.append(block)
        return stacked(rows)

    def _range_named(self, tree: Name, here: Here) -> Value:
        found = self._named(tree.name)
        if found is None:
            return CellError("#NAME?", f"Unknown range name: '{tree.name}'.")
        sheet, box = found
        return self._read(_as_reference(box), replace(here, sheet=sheet))


def _as_reference(box: Box) -> Reference:
    from tests.google_service.formulas.references import Corner

    start = Corner(box.top, box.left, row_fixed=True, column_fixed=True)
    last_row = None if box.bottom is None else box.bottom - 1
    last_column = None if box.right is None else box.right - 1
    return Reference(None, start, Corner(last_row, last_column, row_fixed=True, column_fixed=True))


def _crossing(value: Grid, here: Here) -> Scalar:
    if value.is_single:
        return value.cells[0]
    row = 0 if value.height == 1 else here.row - (value.row or 0)
    column = 0 if value.width == 1 else here.column - (value.column or 0)
    if value.row is None or not (0 <= row < value.height and 0 <= column < value.width):
        return value.cells[0] if value.row is None else VALUE
    return value.at(row, column)


_DEPENDS: dict[int, bool] = {}


def _depends_on_place(tree: Tree) -> bool:
    if id(tree) not in _DEPENDS:
        _DEPENDS[id(tree)] = _looks_around(tree)
    return _DEPENDS[id(tree)]


def _looks_around(tree: Tree) -> bool:
    """ROW() and COLUMN() without a reference depend on where the formula stands."""
    if isinstance(tree, Call):
        alone = tree.name in ("ROW", "COLUMN") and not tree.arguments
        return alone or any(map(_looks_around, tree.arguments))
    if isinstance(tree, Operation):
        return any(map(_looks_around, tree.operands))
    return isinstance(tree, Literal) and any(_looks_around(item) for row in tree.rows for item in row)


def _comparison(mark: str) -> Callable[[Scalar, Scalar], Scalar]:
    return lambda left, right: scalars.compare(mark, left, right)


_OPERATORS = {mark: _comparison(mark) for mark in ("=", "<>", "<", "<=", ">", ">=")}
