"""Where the program's tables end, remembered so that it can be told after people deleted or sorted rows.

The memory keeps for each table its number of rows and a short fingerprint of each. What stands where the
last row was and has none of these is a person's, that came up when rows above it were deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from zlib import crc32

from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.held import SURELY_FITS, plain
from sheetfunnel.workbook.layout import layout
from sheetfunnel.workbook.places import Places, TablePlace

_DIGITS: Final = 6
#: The fingerprints of a longer table find no room in one cell: of such a one the number of rows has to do.
_MOST_ROWS: Final = 5_000


def table_facts(tables: Mapping[str, Sequence[Sequence[Cell]]]) -> dict[str, Cell]:
    """Return what is to be remembered of these tables; of the status box, only the items are given."""
    facts: dict[str, Cell] = {f"rows.{key}": len(rows) for key, rows in tables.items()}
    hidden = {tab.key for tab in layout().tabs if tab.hidden}
    for key, rows in tables.items():
        if layout().table(key).tab not in hidden and 0 < len(rows) <= _MOST_ROWS:
            facts[f"marks.{key}"] = "".join(map(_mark, rows))
    return facts


def length_of(places: Places, place: TablePlace) -> int:
    """Return how many rows a table still has of those that the last run left.

    Without memory, these are all that are filled.
    """
    key = place.table.key
    count, marks = places.memory.get(f"rows.{key}"), places.memory.get(f"marks.{key}")
    if not isinstance(count, (int, float)):
        return _filled_rows(place)
    if not isinstance(marks, str):
        return int(count)
    known = {marks[at : at + _DIGITS] for at in range(0, len(marks), _DIGITS)}
    ours = (length for length in range(int(count), 0, -1) if _mark(_row(place, length)) in known)
    return next(ours, int(count))


def _row(place: TablePlace, index: int) -> list[Cell]:
    columns = place.width[:1] if place.table.key == "status" else place.width
    return [place.grid.at(place.header + index, column) for column in columns]


def _mark(row: Sequence[Cell]) -> str:
    text = "\0".join([_text(cell) for cell in row])
    return f"{crc32(text.encode('utf-8', 'surrogatepass')):08x}"[:_DIGITS]


def _text(cell: Cell) -> str:
    """Return a cell as text; the last digits of a number are not the same in every spreadsheet."""
    if isinstance(cell, str) and len(cell) <= SURELY_FITS and "\r" not in cell:
        return cell
    held = plain(cell)
    return f"{held:.10g}" if isinstance(held, float) else "" if held is None else str(held)


def _filled_rows(place: TablePlace) -> int:
    length = 0
    while is_filled(place, place.header + length + 1):
        length += 1
    return length


def is_filled(place: TablePlace, row: int) -> bool:
    """Whether anything stands in a table's columns."""
    return any(place.at(row, key) is not None for key in place.columns)
