"""Which cells are the program's own, and in which of them a person typed.

A result cell in which a person typed is left as it is and reported. What the program last wrote, by key,
stands in the hidden table ``results``; the hidden Key beside the results says for which row they were
written, and moves with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sheetfunnel.findings import Code, Finding, remark
from sheetfunnel.workbook.column import cells_at
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.keys import key_fold
from sheetfunnel.workbook.places import Places, TablePlace
from sheetfunnel.workbook.read_objectives import SheetRow

#: The result columns beside the hidden Key, as in the table ``results``.
RESULTS = ("stage", "rank", "do_next", "why", "fit")

#: The day 0 of spreadsheets.
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zone

ResultCells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCells:
    """What stands in the program's cells.

    ``last`` is what was last written, by key; ``shown`` what the result columns hold now, by row (the
    hidden Key first); ``typed`` the (row, column key) in which a person typed; ``lengths`` how many rows
    each table of the program had after the last run; ``room`` how many it can have without reaching
    something that a person wrote below it (absent: as many as it likes).
    """

    last: Mapping[str, ResultCells]
    shown: Mapping[int, ResultCells]
    typed: frozenset[tuple[int, str]]
    lengths: Mapping[str, int]
    room: Mapping[str, int]
    findings: tuple[Finding, ...]


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells hold the same, however a file's reader gives it back."""
    if one is other or one == other:
        return isinstance(one, bool) == isinstance(other, bool)
    return _plain(one) == _plain(other)


def _plain(cell: Cell) -> object:
    if cell is None or cell == "":
        return None
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, date):  # without a date format, a spreadsheet gives a day back as its number
        return _serial(cell)
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n")
    return cell


def _serial(day: date) -> float:
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001
    return (moment - _EPOCH) / timedelta(days=1)


def read_own_cells(places: Places, rows: Sequence[SheetRow]) -> OwnCells:
    """Return what stands in the program's cells, and a finding for each that a person typed in."""
    last = _last(places["results"])
    shown = _shown(places["objectives"], rows)
    typed = _typed(places["objectives"], rows, shown, last)
    lengths = {key: _length(places, place) for key, place in places.tables.items() if _is_own(place)}
    return OwnCells(
        last=last,
        shown=shown,
        typed=frozenset(typed),
        lengths=lengths,
        room=_rooms(places, lengths),
        findings=tuple(_typed_over(places["objectives"], row, key) for row, key in typed),
    )


def _is_own(place: TablePlace) -> bool:
    return place.table.owner == "program"


def _last(place: TablePlace) -> dict[str, ResultCells]:
    columns = [cells_at(place.grid, place.columns[key], list(place.rows())) for key in ("key", *RESULTS)]
    return {str(key): tuple(cells) for key, *cells in zip(*columns, strict=True) if key is not None}


def _shown(place: TablePlace, rows: Sequence[SheetRow]) -> dict[int, ResultCells]:
    numbers = [row.number for row in rows]
    columns = [cells_at(place.grid, place.columns[key], numbers) for key in ("key", *RESULTS)]
    return dict(zip(numbers, zip(*columns, strict=True), strict=True)) if numbers else {}


def _typed(
    place: TablePlace,
    rows: Sequence[SheetRow],
    shown: Mapping[int, ResultCells],
    last: Mapping[str, ResultCells],
) -> list[tuple[int, str]]:
    ever = [{_plain(cells[index]) for cells in last.values()} for index in range(len(RESULTS))]
    written = {key_fold(key): cells for key, cells in last.items()}
    special = place.grid.formulas or place.grid.covered
    typed: list[tuple[int, str]] = []
    for row in rows:
        key, *cells = shown[row.number]
        own = written.get(key_fold(str(key))) if _is_key_of(key, row) else None
        for index, cell in enumerate(cells):
            if cell is None and not special:
                continue
            if _is_typed(cell, index, own, ever) or (
                special and _is_special(place, row.number, RESULTS[index])
            ):
                typed.append((row.number, RESULTS[index]))
    return typed


def _is_key_of(key: Cell, row: SheetRow) -> bool:
    return key is not None and key_fold(str(key)) in {key_fold(row.objective.key), key_fold(row.open_key)}


def _is_typed(cell: Cell, index: int, own: ResultCells | None, ever: Sequence[set[object]]) -> bool:
    """Whether a person typed this: it is not what was written for this key.

    In a new row, or when only some columns were sorted, it is not what was written for any key.
    """
    if cell is None or cell == "":
        return False
    if own is not None:
        return not same(cell, own[index])
    return _plain(cell) not in ever[index]


def _is_special(place: TablePlace, row: int, key: str) -> bool:
    cell = (row, place.columns[key])
    return cell in place.grid.formulas or cell in place.grid.covered


def _typed_over(place: TablePlace, row: int, key: str) -> Finding:
    column = place.columns[key]
    shown = place.grid.at(row, column)
    said = remark(Code.TYPED_OVER_RESULT, column=place.text(key))
    return Finding(
        remark=said, tab=place.grid.title, row=row, column=column, shown="" if shown is None else str(shown)
    )


def _length(places: Places, place: TablePlace) -> int:
    """Return how long a table was left by the last run; without memory, as far as it is filled."""
    remembered = places.memory.get(f"rows.{place.table.key}")
    if isinstance(remembered, (int, float)):
        return int(remembered)
    length = 0
    while _is_filled(place, place.header + length + 1):
        length += 1
    return length


def _is_filled(place: TablePlace, row: int) -> bool:
    return any(place.at(row, key) is not None for key in place.columns)


def _rooms(places: Places, lengths: Mapping[str, int]) -> dict[str, int]:
    rooms: dict[str, int] = {}
    for key, length in lengths.items():
        place = places[key]
        below = range(place.header + length + 1, len(place.grid.rows) + 1)
        found = next((row for row in below if _is_filled(place, row)), None)
        if found is not None:
            rooms[key] = found - place.header - 1
    return rooms
