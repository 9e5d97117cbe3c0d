"""How a value is shown: by its number format and the spreadsheet's locale."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from tests.google_service.locales import Locale
from tests.google_service.shapes import CellError, DateNumber, Object, Scalar
from tests.google_service.typing_in import EPOCH

_DAY_PARTS = re.compile(r'"[^"]*"|y+|m+|M+|d+|h+|s+|AM/PM|am/pm|\\.|.', re.DOTALL)
_DIGITS = re.compile(r"[#0?][#0?,.]*|\.[0#]+")
_DATES = frozenset({"DATE", "TIME", "DATE_TIME"})


def shown(value: Scalar, look: Object | None, locale: Locale) -> str:
    """Return the text that a cell with this value and format shows."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return locale.true if value else locale.false
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, str):
        return value
    number_format = (look or {}).get("numberFormat")
    if not number_format and isinstance(value, DateNumber):
        number_format = {"type": "DATE"}
    if not number_format or number_format.get("type") in ("TEXT", "NUMBER_FORMAT_TYPE_UNSPECIFIED"):
        return general(value, locale)
    return formatted(value, pattern_of(number_format, locale), locale)


def is_dated(look: Object | None) -> bool:
    return bool(look) and (look or {}).get("numberFormat", {}).get("type") in _DATES


def pattern_of(number_format: Object, locale: Locale) -> str:
    defaults = {
        "DATE": locale.date_pattern,
        "TIME": "h:mm:ss",
        "DATE_TIME": f"{locale.date_pattern} h:mm:ss",
        "PERCENT": "0.00%",
        "CURRENCY": f'"{locale.currency}"#,##0.00',
        "SCIENTIFIC": "0.00E+00",
    }
    return str(number_format.get("pattern") or defaults.get(number_format.get("type", ""), "#,##0.00"))


def general(value: float, locale: Locale) -> str:
    """Return a number without a format: at most 15 digits, no exponent where it can be helped."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    if "e" in text and abs(value) < 1e15:
        text = f"{Decimal(text):f}"
    return text.upper().replace(".", locale.decimal)


@cache
def _is_day_pattern(pattern: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", pattern)
    return bool(re.search(r"[ymdhs]", bare, re.IGNORECASE)) and not re.search(r"[#0]", bare)


def formatted(value: float, pattern: str, locale: Locale) -> str:
    """Return a number in a pattern such as `#,##0.00`, `0 %` or `yyyy-mm-dd`."""
    if _is_day_pattern(pattern):
        return _day_text(value, pattern)
    section = _section(value, pattern)
    body = _DIGITS.search(section)
    if body is None:
        return general(value, locale) if section.strip() in ("@", "General", "") else _literal(section)
    scaled = Decimal(repr(float(value))) * (100 if "%" in section else 1)
    if ";" in pattern and value < 0:
        scaled = abs(scaled)
    digits = _digits(scaled, body.group(), locale)
    return _literal(section[: body.start()]) + digits + _literal(section[body.end() :])


def _section(value: float, pattern: str) -> str:
    parts = pattern.split(";")
    if value < 0 and len(parts) > 1:
        return parts[1]
    if value == 0 and len(parts) > 2:
        return parts[2]
    return parts[0]


def _literal(text: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)|\[[^\]]*\]', lambda match: match.group(1) or match.group(2) or "", text)


def _digits(number: Decimal, pattern: str, locale: Locale) -> str:
    whole, _, places = pattern.partition(".")
    rounded = number.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    for mark in reversed(places):
        if mark == "0" or not text.endswith("0"):
            break
        text = text[:-1]
    head, _, tail = text.rstrip(".").partition(".")
    head = head.rjust(whole.count("0"), "0").replace(",", locale.group)
    return head + (locale.decimal + tail if tail else "")


def _day_text(value: float, pattern: str) -> str:
    moment = datetime.fromordinal(EPOCH) + timedelta(days=float(value))
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    parts = _DAY_PARTS.findall(pattern)
    afternoon = any(part.upper() == "AM/PM" for part in parts)
    pieces: list[str] = []
    after_hours = False
    for part in parts:
        piece = _day_piece(moment, part, minutes=after_hours, halved=afternoon)
        after_hours = part[0] in "hs" or (after_hours and not part[0].isalpha())
        pieces.append(piece)
    return "".join(pieces)


def _day_piece(moment: datetime, part: str, *, minutes: bool, halved: bool) -> str:
    mark = part[0].lower()
    if part.upper() == "AM/PM":
        return f"{moment:%p}"
    if mark == "y":
        return f"{moment.year:04}" if len(part) > 2 else f"{moment.year % 100:02}"
    hour = (moment.hour - 1) % 12 + 1 if halved else moment.hour
    numbers = {
        "d": moment.day,
        "h": hour,
        "s": moment.second,
        "m": moment.minute if minutes else moment.month,
    }
    if mark not in numbers or not part.isalpha():
        return _literal(part)
    if len(part) > 2 and mark in "md":
        names = {3: "%b", 4: "%B"} if mark == "m" else {3: "%a", 4: "%A"}
        return moment.strftime(names[min(len(part), 4)])
    return f"{numbers[mark]:0{min(len(part), 2)}}"


def day_of(number: float) -> date:
    return date.fromordinal(EPOCH + int(number))
