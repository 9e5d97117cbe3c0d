"""How many lines of text a row needs: estimated from the widths of the columns that the template declares.

Not every spreadsheet makes a row high enough for its text when it opens a file, so the program says how
high the rows of its own tables are. A line too many does little harm, one too few hides words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from unicodedata import east_asian_width

from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.layout import Column, layout
from sheetfunnel.workbook.places import TablePlace

#: How many letters stand on one unit of a column's width, and the units that the margins of a cell take.
_LETTERS = 1.1
_MARGINS = 2.2

_FULL = {"W", "F"}


def lines_of_tabs(tables: Iterable[tuple[TablePlace, Sequence[Sequence[Cell]]]]) -> dict[str, dict[int, int]]:
    """Return for each tab (title) that people see how many lines its rows need.

    Tables that stand side by side share their rows.
    """
    hidden = {tab.key for tab in layout().tabs if tab.hidden}
    tabs: dict[str, dict[int, int]] = {}
    for place, rows in tables:
        if place.table.tab in hidden:
            continue
        heights = tabs.setdefault(place.grid.title, {})
        for number, needed in enumerate(_lines_of_rows(place.table.columns, rows), start=place.header + 1):
            heights[number] = max(needed, heights.get(number, 1))
    return tabs


def _lines_of_rows(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Iterable[int]:
    wrapping = [(at, column.width, _room(column.width)) for at, column in enumerate(columns) if column.wraps]
    for row in rows:
        texts = [(cell, width) for at, width, room in wrapping if _may_wrap(cell := row[at], room)]
        yield max([lines(str(text), width) for text, width in texts], default=1)


def _room(width: float) -> int:
    """Return how many letters stand on a line of a column."""
    return max(int((width - _MARGINS) * _LETTERS), 1)


def _may_wrap(cell: Cell, room: int) -> bool:
    return isinstance(cell, str) and (len(cell) * 2 > room or "\n" in cell)


@lru_cache(maxsize=4096)
def lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of this width, in the units of spreadsheets."""
    room = _room(width)
    return sum(_lines_of_paragraph(paragraph, room) for paragraph in text.split("\n"))


def _lines_of_paragraph(text: str, room: int) -> int:
    if len(text) * 2 <= room:
        return 1
    needed, used = 1, 0
    for word in text.split(" "):
        length = _length(word)
        if used and used + 1 + length > room:
            needed, used = needed + 1, 0
        used += length + (1 if used else 0)
        needed, used = needed + (used - 1) // room, (used - 1) % room + 1 if used else 0
    return needed


def _length(word: str) -> int:
    return (
        len(word) if word.isascii() else sum(2 if east_asian_width(letter) in _FULL else 1 for letter in word)
    )
