"""Functions that make one value of many: SUM, COUNTA, COUNTIF and their kin."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.google_service.formulas import scalars
from tests.google_service.formulas.grids import VALUE, Grid, Value, cells_of, each, grid_of
from tests.google_service.locales import Locale
from tests.google_service.shapes import EMPTY, CellError, Scalar
from tests.google_service.typing_in import typed

if TYPE_CHECKING:
    from tests.google_service.formulas.evaluate import Evaluator, Function, Here
    from tests.google_service.formulas.tree import Tree

    Arguments = tuple[Tree, ...]


def _all(run: Evaluator, arguments: Arguments, here: Here) -> list[Scalar]:
    return [cell for argument in arguments for cell in cells_of(run.value(argument, here))]


def _numbers(cells: list[Scalar]) -> list[float]:
    return [cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool)]


def _of_numbers(total: Callable[[list[float]], float]) -> Function:
    """A total of the numbers among the values; an error among them is the result."""

    def function(run: Evaluator, arguments: Arguments, here: Here) -> Value:
        cells = _all(run, arguments, here)
        for cell in cells:
            if isinstance(cell, CellError):
                return cell
        return total(_numbers(cells))

    return function


def _of_truths(total: Callable[[list[bool]], bool]) -> Function:
    def function(run: Evaluator, arguments: Arguments, here: Here) -> Value:
        truths: list[bool] = []
        for cell in _all(run, arguments, here):
            is_true = scalars.truth(cell)
            if isinstance(is_true, CellError):
                return is_true
            if cell is not None:
                truths.append(is_true)
        return total(truths)

    return function


def _counted(counts: Callable[[Scalar], bool]) -> Function:
    return lambda run, arguments, here: sum(map(counts, _all(run, arguments, here)))


def meets(cell: Scalar, criterion: Scalar, locale: Locale) -> bool:
    """Say whether a cell meets a criterion such as 5, "Ana*" or ">=3"."""
    mark, sought = "=", criterion
    if isinstance(criterion, str):
        match = re.match(r"(<>|<=|>=|[=<>])?(.*)", criterion, re.DOTALL)
        mark = (match and match.group(1)) or "="
        rest = match.group(2) if match else ""
        sought = typed(rest, locale, EMPTY).value
    if isinstance(sought, str) and mark in ("=", "<>"):
        fits = isinstance(cell, str) and fnmatch.fnmatchcase(cell.lower(), sought.lower().replace("[", "[[]"))
        return fits == (mark == "=")
    if sought is None:
        return (cell in (None, "")) == (mark == "=")
    same_kind = scalars.sort_key(cell)[0] == scalars.sort_key(sought)[0] and cell is not None
    return scalars.compare(mark, cell, sought) is True if same_kind else mark == "<>"


def _count_if(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    cells = grid_of(run.value(arguments[0], here)).cells
    criteria = run.operand(arguments[1], here)
    if not isinstance(criteria, Grid):
        return sum(meets(cell, criteria, run.locale) for cell in cells)
    tally: dict[tuple[str, object] | None, int] = {}
    for cell in cells:
        tally[scalars.key(cell)] = tally.get(scalars.key(cell), 0) + 1
    return each(lambda one: _tallied(tally, cells, one, locale=run.locale), [criteria])


def _tallied(
    tally: dict[tuple[str, object] | None, int], cells: list[Scalar], criterion: Scalar, *, locale: Locale
) -> int:
    """Count by the tally, unless the criterion is a comparison, a pattern or nothing."""
    is_plain = isinstance(criterion, str) and not re.search(r"^[<>=]|[*?~]|^$|^[\d.,+-]", criterion)
    if is_plain:
        return tally.get(scalars.key(criterion), 0)
    return sum(meets(cell, criterion, locale) for cell in cells)


def _chosen_rows(run: Evaluator, pairs: Arguments, here: Here) -> list[bool] | None:
    chosen: list[bool] | None = None
    for area, criterion in zip(pairs[::2], pairs[1::2], strict=True):
        wanted = run.single(criterion, here)
        hits = [meets(cell, wanted, run.locale) for cell in grid_of(run.value(area, here)).cells]
        if chosen is not None and len(chosen) != len(hits):
            return None
        chosen = hits if chosen is None else [one and other for one, other in zip(chosen, hits, strict=True)]
    return chosen


def _count_ifs(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    chosen = _chosen_rows(run, arguments, here)
    return VALUE if chosen is None else sum(chosen)


def _sum_ifs(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    chosen = _chosen_rows(run, arguments[1:], here)
    amounts = grid_of(run.value(arguments[0], here)).cells
    if chosen is None or len(chosen) != len(amounts):
        return VALUE
    return sum(_numbers([amount for amount, wanted in zip(amounts, chosen, strict=True) if wanted]))


def _sum_if(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    summed = arguments[2] if len(arguments) > 2 else arguments[0]
    return _sum_ifs(run, (summed, arguments[0], arguments[1]), here)


def _extent(side: str) -> Function:
    return lambda run, arguments, here: getattr(grid_of(run.value(arguments[0], here)), side)


TOTALS: dict[str, Function] = {
    "SUM": _of_numbers(sum),
    "MAX": _of_numbers(lambda numbers: max(numbers, default=0)),
    "MIN": _of_numbers(lambda numbers: min(numbers, default=0)),
    "AND": _of_truths(all),
    "OR": _of_truths(any),
    "COUNT": _counted(lambda cell: isinstance(cell, int | float) and not isinstance(cell, bool)),
    "COUNTA": _counted(lambda cell: cell is not None),
    "COUNTBLANK": _counted(lambda cell: cell in (None, "")),
    "COUNTIF": _count_if,
    "COUNTIFS": _count_ifs,
    "SUMIF": _sum_if,
    "SUMIFS": _sum_ifs,
    "ROWS": _extent("height"),
    "COLUMNS": _extent("width"),
}
