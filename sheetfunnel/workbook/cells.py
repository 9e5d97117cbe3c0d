"""Reading one cell: each reader returns the value, ``None`` for a blank, or :class:`Unread` with the reason.

This is the one door to the readers; dates, numbers and words have a module each.
"""

from __future__ import annotations

import re
from datetime import date

from sheetfunnel.findings import Code
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.dates import DateOrder, date_order, read_date
from sheetfunnel.workbook.numbers import DecimalMark, decimal_mark, read_number
from sheetfunnel.workbook.unread import Unread, read_text, unread
from sheetfunnel.workbook.words import read_outcome, read_stage, read_yes

__all__ = [
    "DateOrder",
    "DecimalMark",
    "Unread",
    "date_order",
    "decimal_mark",
    "read_date",
    "read_number",
    "read_outcome",
    "read_people",
    "read_rating",
    "read_stage",
    "read_text",
    "read_yes",
]

#: Alone in a cell: nobody has this role here.
_NOBODY = frozenset("-–—")  # noqa: RUF001 (dashes that people type)
_SEPARATORS = re.compile("[;；]")  # noqa: RUF001 (the Chinese semicolon)
_RATING = re.compile(r"([1-5])(?:\s*(?:/|of|de|out of)\s*5)?", re.IGNORECASE)


def read_rating(cell: Cell) -> int | Unread | None:
    """Return a rating from 1 to 5; ``4/5`` and ``4 of 5`` are 4 (a spreadsheet may have made them a date)."""
    if isinstance(cell, (bool, date)):
        return unread(Code.NOT_A_RATING, cell)
    text = read_text(cell)
    if not text:
        return None
    match = _RATING.fullmatch(text)
    return int(match[1]) if match else unread(Code.NOT_A_RATING, cell)


def read_people(cell: Cell) -> tuple[tuple[str, ...], bool]:
    """Return the people named in a cell (``;`` separates them), and whether it says that there is nobody."""
    text = cell.strip() if isinstance(cell, str) else read_text(cell)
    if ";" not in text and "；" not in text and text not in _NOBODY:  # noqa: RUF001 # nearly always: one person
        return ((text,) if text else ()), False
    entries = [name.strip() for name in _SEPARATORS.split(text)]
    names = tuple(name for name in entries if name and name not in _NOBODY)
    return names, not names and any(name in _NOBODY for name in entries)
