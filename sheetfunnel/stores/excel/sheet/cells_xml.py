"""How a value is written into a cell: text, number, truth, date, or nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.held import fitted

#: What a cell shows that should hold a number beyond the numbers of a spreadsheet.
NOT_A_NUMBER: Final = "#NUM!"

_CONTROL: Final = "\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff"
_SPECIAL: Final = re.compile(f"[&<>{_CONTROL}]|_(?=x[0-9A-Fa-f]{{4}}(?:_|[{_CONTROL}]))")
_MARKUP: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_": "_x005F_"}
_REMEMBERED: Final = 4096
_SHORT: Final = 64
_SURELY_FITS: Final = 16_000
_MICROSECONDS: Final = 86_400_000_000
_DAY_ZERO: Final = date(1899, 12, 30)
_DAY_ZERO_1904: Final = date(1904, 1, 1)
_LEAP_QUIRK: Final = 60  # the 29th of February 1900, which Excel counts and which never was
_LONGEST_PLAIN: Final = 20
_EXACT: Final = 10**15


def serial(moment: date | datetime, *, date1904: bool) -> float | None:
    """Return the number that stands for a moment; ``None`` if it is before the first day that has one."""
    day = moment.date() if isinstance(moment, datetime) else moment
    days = (day - (_DAY_ZERO_1904 if date1904 else _DAY_ZERO)).days
    if not date1904 and days <= _LEAP_QUIRK:
        days -= 1
    if days < (0 if date1904 else 1):
        return None
    if not isinstance(moment, datetime):
        return days
    clock = timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )
    return days + (clock / timedelta(microseconds=1)) / _MICROSECONDS


def number_text(value: Decimal | float) -> str | None:
    """Return the shortest plain form of a number; ``None`` if a cell cannot hold it."""
    try:
        nearest = float(value)
    except OverflowError:
        return None
    if not math.isfinite(nearest):
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    return _decimal_text(value, nearest) if isinstance(value, Decimal) else str(value)


def _decimal_text(value: Decimal, nearest: float) -> str:
    if not value:
        return "0"
    plain = value.normalize()
    short = abs(plain.adjusted()) < _LONGEST_PLAIN and len(plain.as_tuple().digits) <= _LONGEST_PLAIN
    return format(plain, "f") if short else repr(nearest)


@dataclass(slots=True, kw_only=True)
class Pen:
    """Writes cells in the dialect of one sheet: its namespace prefix, encoding and date system."""

    date1904: bool = False
    prefix: bytes = b""
    utf8: bool = True
    _texts: dict[str, bytes] = field(default_factory=dict)
    _whole: bytes = b""
    _plain: bytes = b""

    def __post_init__(self) -> None:
        x = self.prefix
        self._whole = self._value(b"", b"%d")
        self._plain = b' t="inlineStr"><%bis><%bt>%%b</%bt></%bis></%bc>' % (x, x, x, x, x)

    def cell(self, ref: bytes, style: bytes, value: Cell) -> bytes:
        """Return a whole cell; ``style`` is its attribute (`` s="3"``) or nothing."""
        return b'<%bc r="%b"%b%b' % (self.prefix, ref, style, self.content(value))

    def content(self, value: Cell) -> bytes:
        """Return what follows the address and the style in a cell: its type and value, and its end."""
        if value is None:
            return b"/>"
        if isinstance(value, str):
            return self._texts.get(value) or self._text(value)
        if isinstance(value, bool):
            return self._value(b' t="b"', b"1" if value else b"0")
        if isinstance(value, int) and -_EXACT < value < _EXACT:
            return self._whole % value
        if isinstance(value, date):
            moment = serial(value, date1904=self.date1904)
            return self._text(value.isoformat()) if moment is None else self._number(moment)
        return self._number(value)

    def plain_texts(self, texts: Collection[str]) -> dict[str, bytes]:
        """Return the contents of cells with these texts, made all at once; of none if some need care."""
        joined = "\n".join(["", *texts, ""])
        if not self.utf8 or not _are_plain(texts, joined):
            return {}
        for sign in "&<>":  # in this order
            joined = joined.replace(sign, _MARKUP[sign])
        before, after = (self._plain % b"\n").split(b"\n")
        made = joined.encode().replace(b"\n", after + b"\n" + before).split(b"\n")
        return dict(zip(texts, made[1:-1], strict=True))

    def _number(self, value: Decimal | float) -> bytes:
        text = number_text(value)
        return (
            self._value(b' t="e"', NOT_A_NUMBER.encode()) if text is None else self._value(b"", text.encode())
        )

    def _value(self, kind: bytes, value: bytes) -> bytes:
        x = self.prefix
        return b"%b><%bv>%b</%bv></%bc>" % (kind, x, value, x, x)

    def _text(self, text: str) -> bytes:
        if not text:
            return b"/>"
        made = self._plain % text.encode() if self.utf8 and _is_plain(text) else self._careful_text(text)
        if len(text) <= _SHORT and len(self._texts) < _REMEMBERED:
            self._texts[text] = made
        return made

    def _careful_text(self, text: str) -> bytes:
        fits = fitted(text)
        space = b' xml:space="preserve"' if fits.strip() != fits or "\n" in fits else b""
        escaped = _SPECIAL.sub(_escape, fits) if _SPECIAL.search(fits) else fits
        raw = escaped.encode() if self.utf8 else escaped.encode("ascii", "xmlcharrefreplace")
        x = self.prefix
        return b' t="inlineStr"><%bis><%bt%b>%b</%bt></%bis></%bc>' % (x, x, space, raw, x, x, x)


def _is_plain(text: str) -> bool:
    """Whether a text can be written as it is: nothing in it is markup, a control sign or an outer space."""
    return (
        text.isprintable()  # so is no line end, and no space but the usual one
        and len(text) <= _SURELY_FITS
        and not ("&" in text or "<" in text or ">" in text or "_x" in text)
        and text[0] != " " != text[-1]
    )


def _are_plain(texts: Collection[str], joined: str) -> bool:
    """Whether all texts can be written as they are, but for markup; ``joined`` has a line end around each."""
    return (
        bool(texts)
        and "" not in texts
        and joined.replace("\n", "").isprintable()
        and joined.count("\n") == len(texts) + 1
        and max(map(len, texts)) <= _SURELY_FITS
        and not ("_x" in joined or "\n " in joined or " \n" in joined)
    )


def _escape(match: re.Match[str]) -> str:
    return _MARKUP.get(match[0]) or f"_x{ord(match[0]):04X}_"
