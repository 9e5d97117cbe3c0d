"""What the service makes of a typed text (USER_ENTERED): a formula, a number, a date, a truth, a text."""

from __future__ import annotations

import re
from datetime import date, time

from tests.google_service.errors import invalid
from tests.google_service.locales import Locale
from tests.google_service.shapes import Cell, Object

#: Characters in one cell.
LONGEST = 50_000
EPOCH = date(1899, 12, 30).toordinal()
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")


def typed(value: object, locale: Locale, old: Cell) -> Cell:
    """Return the cell after a person typed `value` into it; the look stays."""
    if not isinstance(value, str):
        return raw(value, old)
    if value.startswith("="):
        if len(value) > 1:
            return old._replace(value=None, formula=value)
        return raw(value, old)
    if value.startswith("'"):
        return raw(value[1:], old)
    return _parsed(value, locale, old)


def raw(value: object, old: Cell) -> Cell:
    """Return the cell with a value just as it is: RAW, or anything but a text."""
    if value == "":
        value = None
    if isinstance(value, str) and len(value) > LONGEST:
        raise invalid(f"Your input contains more than the maximum of {LONGEST} characters in a single cell.")
    if not isinstance(value, str | int | float | bool | None):
        value = str(value)
    return old._replace(value=value, formula=None)


def _parsed(text: str, locale: Locale, old: Cell) -> Cell:
    bare = text.strip()
    if bare.upper() in (locale.true, "TRUE"):
        return old._replace(value=True, formula=None)
    if bare.upper() in (locale.false, "FALSE"):
        return old._replace(value=False, formula=None)
    found = _number(bare, locale) or _percent(bare, locale) or _day(bare, locale) or _time(bare)
    if found is None:
        return raw(text, old)
    number, number_format = found
    look = old.format
    if number_format is not None and "numberFormat" not in (look or {}):
        look = {**(look or {}), "numberFormat": number_format}
    return old._replace(value=number, formula=None, format=look)


def _number(text: str, locale: Locale) -> tuple[float, Object | None] | None:
    if _SCIENTIFIC.fullmatch(text.replace(locale.decimal, ".")):
        return float(text.replace(locale.decimal, ".")), {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    bare, currency = _without_currency(text, locale)
    decimal, group = re.escape(locale.decimal), re.escape(locale.group)
    plain = re.fullmatch(rf"[+-]?(?:\d+(?:{decimal}\d*)?|{decimal}\d+)", bare)
    grouped = re.fullmatch(rf"[+-]?\d{{1,3}}(?:{group}\d{{3}})+(?:{decimal}\d*)?", bare)
    if not plain and not grouped:
        return None
    digits = bare.replace(locale.group, "").replace(locale.decimal, ".")
    number = float(digits)
    whole = int(number) if number.is_integer() and abs(number) < 2**53 else number
    places = "" if "." not in digits or number.is_integer() else ".00"
    if currency:
        return whole, {"type": "CURRENCY", "pattern": f'"{locale.currency}"#,##0{places}'}
    return whole, {"type": "NUMBER", "pattern": f"#,##0{places}"} if grouped else None


def _without_currency(text: str, locale: Locale) -> tuple[str, bool]:
    bare = text.removeprefix(locale.currency).removesuffix(locale.currency).strip()
    return bare, bare != text


def _percent(text: str, locale: Locale) -> tuple[float, Object | None] | None:
    if not text.endswith("%"):
        return None
    found = _number(text[:-1].strip(), locale)
    if found is None:
        return None
    places = "" if float(found[0]).is_integer() else ".00"
    return found[0] / 100, {"type": "PERCENT", "pattern": f"0{places}%"}


def _day(text: str, locale: Locale) -> tuple[float, Object | None] | None:
    iso = _ISO.fullmatch(text)
    if iso:
        year, month, day = map(int, iso.groups())
        return _serial(year, month, day, pattern="yyyy-mm-dd")
    match = _SLASHED.fullmatch(text)
    if match is None or len(match.group(1)) == 3:
        return None
    first, _, second, third = match.groups()
    parts = dict(
        zip("ymd" if len(first) == 4 else locale.order, map(int, (first, second, third)), strict=True)
    )
    year = parts["y"] + (2000 if parts["y"] < 50 else 1900 if parts["y"] < 100 else 0)
    return _serial(year, parts["m"], parts["d"], pattern=locale.date_pattern)


def _serial(year: int, month: int, day: int, *, pattern: str) -> tuple[float, Object | None] | None:
    try:
        number = date(year, month, day).toordinal() - EPOCH
    except ValueError:
        return None
    return number, {"type": "DATE", "pattern": pattern}


def _time(text: str) -> tuple[float, Object | None] | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    if hour > 23 or minute > 59 or second > 59:
        return None
    moment = time(hour, minute, second)
    share = (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86400
    return share, {"type": "TIME", "pattern": "h:mm"}
