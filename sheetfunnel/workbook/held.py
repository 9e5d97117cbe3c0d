"""What a cell holds once it was written and is read again, and whether two cells hold the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Final

from sheetfunnel.workbook.contract import Cell

#: How many characters (UTF-16 units) a cell of a spreadsheet holds, and what shows that there were more.
LONGEST_TEXT: Final = 32_767
CUT_MARK: Final = " […]"
#: So many characters never take more than that.
SURELY_FITS: Final = LONGEST_TEXT // 2

#: The day 0 of spreadsheets.
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zone


def fitted(text: str) -> str:
    """Return a text as a cell can hold it: one over 32,767 characters is cut and ends with a mark."""
    if len(text) <= SURELY_FITS:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= LONGEST_TEXT * 2:
        return text
    kept = units[: (LONGEST_TEXT - len(CUT_MARK)) * 2]
    return kept.decode("utf-16-le", "ignore") + CUT_MARK


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells hold the same, however a file's reader gives it back."""
    if one is other or one == other:
        return isinstance(one, bool) == isinstance(other, bool)
    if one is None or other is None:  # as at a first sync nearly always
        return (other if one is None else one) == ""
    return plain(one) == plain(other)


def has_truths(rows: Iterable[Sequence[Cell]]) -> bool:
    """Whether there is a true or false among these cells: True equals 1, and is not the same.

    Without one, whole rows that are equal hold the same; to look at each cell takes most of the time.
    """
    return bool in set(map(type, chain.from_iterable(rows)))


def plain(cell: Cell) -> object:
    """Return what two cells that hold the same have in common."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, date):  # without a date format, a spreadsheet gives a day back as its number
        return _serial(cell)
    if isinstance(cell, str):
        return fitted(cell).replace("\r\n", "\n")
    return cell


def _serial(day: date) -> float:
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001
    return (moment - _EPOCH) / timedelta(days=1)
