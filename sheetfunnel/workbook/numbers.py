"""Amounts and other numbers as people write them; the whole column decides what its decimal mark is.

A text has one reading for each mark with which it is a number. ``12,50`` has one, ``42`` two that agree,
``1.234`` two that differ: only the last needs a mark, and without one it is a finding.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final

from sheetfunnel.findings import Code
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.unread import Unread, unread
from sheetfunnel.workbook.words import currencies, plain


class DecimalMark(Enum):
    """What stands before the decimals in a column; ``MIXED``: some texts need one mark, some the other."""

    POINT = "point"
    COMMA = "comma"
    MIXED = "mixed"


@value
class NumberReadings:
    """The numbers that a text may mean (``None``: none with that mark) and the currencies beside it.

    ``currency`` is ``None`` where no sign stands beside the number.
    """

    point: Decimal | None
    comma: Decimal | None
    currency: frozenset[str] | None

    @property
    def only_mark(self) -> DecimalMark | None:
        """The mark with which alone the text is a number, if there is one such mark."""
        if (self.point is None) == (self.comma is None):
            return None
        return DecimalMark.COMMA if self.point is None else DecimalMark.POINT


_LONGEST: Final = 40
#: Below it every whole number is one in floating point too.
_EXACTLY_WHOLE: Final = 2**53
_SIGN = r"[^\d\s.,'()%+-]+\.?"
_SIGNS = rf"{_SIGN}(?:\s{_SIGN})?"
_WRITTEN = re.compile(
    rf"(?P<open>\()?\s*(?P<outer>[-+])?\s*(?P<before>{_SIGNS})?\s*(?P<inner>[-+])?\s*"
    rf"(?P<body>\d[\d.,' ]*(?<! )|[.,]\d+)\s*(?P<percent>%)?\s*(?P<after>{_SIGNS})?\s*"
    r"(?P<trailing>-)?\s*(?P<close>\))?"
)
_GROUPED = {
    mark: re.compile(
        rf"(?P<whole>\d*|[1-9]\d{{0,2}}(?:(?P<sep>[{other}' ])\d{{3}})(?:(?P=sep)\d{{3}})*)"
        rf"(?:{re.escape(own)}(?P<part>\d+))?"
    )
    for mark, own, other in ((DecimalMark.POINT, ".", ","), (DecimalMark.COMMA, ",", "."))
}

#: Digits, spaces, apostrophes and minus signs of other keyboards, as the plain ones.
_PLAIN = str.maketrans(
    "０１２３４５６７８９．，％（）￥\u00a0\u202f\u2009\u2007\u3000’ʼ´`−–",  # noqa: RUF001 (the point of it)
    "0123456789.,%()¥     ''''--",
)


def decimal_mark(cells: Iterable[Cell]) -> DecimalMark | None:
    """Return the mark that the texts of a column decide together; ``None`` if none of them decides."""
    readings = (number_readings(cell) for cell in cells if isinstance(cell, str))
    found = {seen.only_mark for seen in readings if seen} - {None}
    if len(found) > 1:
        return DecimalMark.MIXED
    return next(iter(found), None)


def read_number(cell: Cell, mark: DecimalMark | None, currency: str = "") -> Decimal | Unread | None:
    """Return the number in a cell; ``mark`` is that of its column, ``currency`` the workbook's (or "": any).

    A number keeps its shortest decimal form. ``20%`` is 0.2, as in a cell that a spreadsheet reads;
    ``(5)`` and ``5-`` are -5. "5k" and "5 mil" are not numbers.
    """
    if isinstance(cell, str):
        return _of_text(cell, mark, currency) if cell.strip() else None
    if cell is None:
        return None
    if isinstance(cell, (bool, date)) or not math.isfinite(cell):
        return unread(Code.NOT_A_NUMBER, cell)
    return exact(cell)


def exact(number: float | Decimal) -> Decimal:
    """Return a number in its shortest decimal form: 0.1 is 0.1, and 42.0 is 42."""
    if isinstance(number, float) and 0 < abs(number) < _EXACTLY_WHOLE and number.is_integer():
        return Decimal(int(number))  # nearly all amounts, in a sixth of the time
    text = f"{number if isinstance(number, Decimal) else Decimal(repr(number)):f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _of_text(text: str, mark: DecimalMark | None, currency: str) -> Decimal | Unread:
    seen = number_readings(text)
    if seen is None:
        return unread(Code.NOT_A_NUMBER, text)
    if currency and seen.currency is not None and currency.strip().upper() not in seen.currency:
        return unread(Code.OTHER_CURRENCY, text, currency=currency)
    point, comma = seen.point, seen.comma
    if point is None or comma is None:
        only = comma if point is None else point
        return unread(Code.NOT_A_NUMBER, text) if only is None else only
    if mark is DecimalMark.POINT or point == comma:
        return point
    if mark is DecimalMark.COMMA:
        return comma
    return unread(Code.AMBIGUOUS_NUMBER, text, point=point, comma=comma)


@lru_cache(maxsize=16_384)
def number_readings(text: str) -> NumberReadings | None:
    """Return the numbers that a text may mean; ``None`` if it is not written like a number."""
    match = _WRITTEN.fullmatch(text.translate(_PLAIN).strip()) if len(text) <= _LONGEST else None
    if match is None:
        return None
    parts = match.groupdict(default="")
    negative = _negative(parts)
    signs = f"{parts['before']} {parts['after']}".split()
    known = [currencies().get(plain(sign)) for sign in signs]
    if negative is None or None in known or (signs and parts["percent"]):
        return None
    point, comma = (
        _value(parts["body"], mark, negative=negative, power="e-2" if parts["percent"] else "")
        for mark in (DecimalMark.POINT, DecimalMark.COMMA)
    )
    codes = [codes for codes in known if codes is not None]
    return NumberReadings(
        point=point, comma=comma, currency=frozenset.intersection(*codes) if codes else None
    )


def _negative(parts: dict[str, str]) -> bool | None:
    """Return whether the signs around a number make it negative; ``None`` if they contradict each other."""
    if bool(parts["open"]) != bool(parts["close"]):
        return None
    signs = "".join(parts[place] for place in ("open", "outer", "inner", "trailing"))
    return signs != "+" if len(signs) == 1 else (None if signs else False)


def _value(body: str, mark: DecimalMark, *, negative: bool, power: str) -> Decimal | None:
    match = _GROUPED[mark].fullmatch(body)
    if match is None:
        return None
    whole = re.sub(r"\D", "", match["whole"]) or "0"
    return exact(Decimal(f"{'-' if negative else ''}{whole}.{match['part'] or '0'}{power}"))
