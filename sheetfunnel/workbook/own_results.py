"""Whose a result cell is: the program's, or that of a person who typed in it.

What the program last wrote, by key, stands in the hidden table ``results``; the hidden Key beside the
results says for which row they were written, and moves with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from sheetfunnel.values import value
from sheetfunnel.workbook.column import cells_at, lines_at
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.held import has_truths, plain, same
from sheetfunnel.workbook.keys import key_fold
from sheetfunnel.workbook.places import TablePlace
from sheetfunnel.workbook.read_objectives import SheetRow

#: The result columns beside the hidden Key, as in the table ``results``.
RESULTS = ("stage", "rank", "do_next", "why", "fit")

ResultCells = tuple[Cell, ...]

_NOTHING: ResultCells = (None,) * len(RESULTS)
_ALL_BLANK: ResultCells = (None, *_NOTHING)


@value
class OwnResults:
    """What stands in the result columns.

    ``last`` is what was last written, by folded key, and ``keys`` are these keys in the order of the rows of
    the table of results (``None``: a row without one); ``shown`` what stands there now, by row (the hidden
    Key first); ``typed`` the (row, column key) in which a person typed, with what the program last wrote;
    ``forgotten`` the rows of whose Key ``last`` knows nothing, so that it cannot be told who wrote;
    ``left_over`` the rows that are no longer used but still have a Key, with the Key that is to stand there.
    """

    last: Mapping[str, ResultCells]
    keys: Sequence[str | None]
    shown: Mapping[int, ResultCells]
    typed: Mapping[tuple[int, str], Cell]
    forgotten: frozenset[int]
    left_over: Mapping[int, Cell]


@value
class _Beside:
    """The result cells of a row, and what was written for the row that its Key names.

    ``borrowed`` says that this is another row of today: only some columns were sorted, or a row was copied.
    """

    number: int
    key: str | None
    cells: ResultCells
    written: ResultCells | None
    borrowed: bool = False

    @property
    def differing(self) -> list[int]:
        """The indexes of the cells that are not as they were written."""
        written = self.written or _NOTHING
        pairs = enumerate(zip(self.cells, written, strict=True))
        return [index for index, (cell, old) in pairs if not same(cell, old) and not _blank(cell)]


class _Ever:
    """What was written at all: looked up for the few cells of which it is doubtful who wrote them."""

    def __init__(self, written: Mapping[str, ResultCells]) -> None:
        self._written = written

    @cached_property
    def rows(self) -> set[tuple[object, ...]]:
        """The results of each row together."""
        return {tuple(map(plain, cells)) for cells in self._written.values()}

    @cached_property
    def columns(self) -> list[set[object]]:
        """The results of each column."""
        return [{cells[index] for cells in self.rows} for index in range(len(RESULTS))]


def _blank(cell: Cell) -> bool:
    return cell is None or cell == ""


def read_own_results(place: TablePlace, results: TablePlace, rows: Sequence[SheetRow]) -> OwnResults:
    """Return what stands in the result columns, and in which of their cells a person typed."""
    numbers = list(results.rows())
    keys = _written_keys(results, rows, numbers)
    lines = lines_at(results.grid, [results.columns[key] for key in RESULTS], numbers)
    last = {key: line for key, line in zip(keys, lines, strict=True) if key is not None}
    used = {row.number for row in rows}
    left = _left_over(place, used)
    shown = _shown(place, [*(row.number for row in rows), *left])
    beside = [*_beside_rows(place, rows, shown, last), *_beside_nothing(left, shown, last)]
    typed = _typed(place, beside, _Ever(last))
    busy = {number for number, _ in typed}
    return OwnResults(
        last=last,
        keys=keys,
        shown=shown,
        typed=typed,
        forgotten=frozenset(
            each.number for each in beside if each.key and each.written is None and not each.borrowed
        ),
        left_over={
            each.number: shown[each.number][0] if each.written is None or each.number in busy else None
            for each in beside
            if each.number not in used
        },
    )


def _written_keys(results: TablePlace, rows: Sequence[SheetRow], numbers: Sequence[int]) -> list[str | None]:
    """Return the folded keys in these rows of the table of results; ``rows`` are the objectives of today.

    Most keys are there still, and mostly in the same order: none is folded twice.
    """
    written = cells_at(results.grid, results.columns["key"], numbers)
    keys = [row.objective.key for row in rows]
    if written == keys:
        return [row.folded for row in rows]
    folded = {key: row.folded for key, row in zip(keys, rows, strict=True)}
    return [None if cell is None else folded.get(key := str(cell)) or key_fold(key) for cell in written]


def _left_over(place: TablePlace, used: Collection[int]) -> list[int]:
    """Return the rows that are not used and still have a Key."""
    numbers = [number for number in place.rows() if number not in used]
    keys = cells_at(place.grid, place.columns["key"], numbers)
    return [number for number, key in zip(numbers, keys, strict=True) if key is not None]


def _shown(place: TablePlace, numbers: Sequence[int]) -> dict[int, ResultCells]:
    return dict(zip(numbers, _result_lines(place, numbers), strict=True))


def _result_lines(place: TablePlace, numbers: Sequence[int]) -> list[ResultCells]:
    return lines_at(place.grid, [place.columns[key] for key in ("key", *RESULTS)], numbers)


def _beside_rows(
    place: TablePlace,
    rows: Sequence[SheetRow],
    shown: Mapping[int, ResultCells],
    written: Mapping[str, ResultCells],
) -> list[_Beside]:
    """Return the rows of which there is anything to say: not all is blank, or as it was written."""
    special = bool(place.grid.formulas or place.grid.covered)
    plainly = not special and not has_truths(shown.values())
    today: set[str] = set()
    found: list[_Beside] = []
    for row, cells in zip(rows, shown.values(), strict=False):  # after these there are others
        ours = cells[0] == row.objective.key and cells[1:] == written.get(row.folded)
        if plainly and (ours or cells == _ALL_BLANK):  # True equals 1, and is not the same
            continue
        today = today or {key for each in rows for key in (each.folded, each.open_folded)}
        found.append(_beside_row(place, row, cells, written=written, today=today))
    return found


def _beside_row(
    place: TablePlace,
    row: SheetRow,
    shown: ResultCells,
    *,
    written: Mapping[str, ResultCells],
    today: Collection[str],
) -> _Beside:
    cell, *cells = shown
    own = (row.folded, row.open_folded)
    is_ours = cell is not None and not is_special(place, row.number, "key")
    key = key_fold(str(cell)) if is_ours else None
    known = next((written[each] for each in (key, *own) if each is not None and each in written), None)
    borrowed = key in today and key not in own
    return _Beside(number=row.number, key=key, cells=tuple(cells), written=known, borrowed=borrowed)


def _beside_nothing(
    numbers: Sequence[int], shown: Mapping[int, ResultCells], written: Mapping[str, ResultCells]
) -> list[_Beside]:
    found: list[_Beside] = []
    for number in numbers:
        cell, *cells = shown[number]
        key = key_fold(str(cell))
        found.append(_Beside(number=number, key=key, cells=tuple(cells), written=written.get(key)))
    return found


def _typed(place: TablePlace, beside: Sequence[_Beside], ever: _Ever) -> dict[tuple[int, str], Cell]:
    """Return the cells in which a person typed, with what the program last wrote there."""
    typed = _special(place, beside)
    for each in beside:
        differing = each.differing
        if each.key and len(differing) > 1 and tuple(map(plain, each.cells)) in ever.rows:
            continue  # written for another row, and sorted or pasted to this one without its Key
        for index in differing:
            if not (each.borrowed and plain(each.cells[index]) in ever.columns[index]):
                typed[each.number, RESULTS[index]] = _before(each, index)
    return typed


def _before(each: _Beside, index: int) -> Cell:
    return None if each.borrowed or each.written is None else each.written[index]


def _special(place: TablePlace, beside: Sequence[_Beside]) -> dict[tuple[int, str], Cell]:
    """Return the cells that hold a formula or lie under a merge: whoever made them, it was a person."""
    if not (place.grid.formulas or place.grid.covered):
        return {}
    return {
        (each.number, key): _before(each, index)
        for each in beside
        for index, key in enumerate(RESULTS)
        if is_special(place, each.number, key)
    }


def is_special(place: TablePlace, row: int, key: str) -> bool:
    """Whether a cell holds a formula or lies under a merge, so that nothing can be written there."""
    cell = (row, place.columns[key])
    return cell in place.grid.formulas or cell in place.grid.covered
