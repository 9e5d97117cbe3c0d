"""What the operators and functions make of single values."""

from __future__ import annotations

from datetime import date

from tests.google_service.formulas.grids import NOT_AVAILABLE, VALUE
from tests.google_service.locales import Locale
from tests.google_service.rendering import formatted, general
from tests.google_service.shapes import EMPTY, CellError, DateNumber, Scalar
from tests.google_service.typing_in import EPOCH, typed


def number(value: Scalar, locale: Locale) -> float | CellError:
    """Return a value as a number, as arithmetic takes it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, CellError | int | float):
        return value
    if value is None or value == "":
        return 0 if value is None else VALUE
    parsed = typed(value, locale, EMPTY).value
    return parsed if isinstance(parsed, int | float) else VALUE


def text(value: Scalar, locale: Locale) -> str:
    """Return a value as a text, as `&` takes it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return locale.true if value else locale.false
    if isinstance(value, DateNumber):
        return formatted(value, locale.date_pattern, locale)
    return value.code if isinstance(value, CellError) else general(value, locale)


def truth(value: Scalar) -> bool | CellError:
    if isinstance(value, CellError):
        return value
    if isinstance(value, str):
        return {"TRUE": True, "FALSE": False}.get(value.upper(), VALUE)
    return bool(value)


def sort_key(value: Scalar) -> tuple[int, float | str]:
    """Numbers come before texts, texts before truths."""
    if isinstance(value, bool):
        return 2, int(value)
    if isinstance(value, int | float):
        return 0, value
    return 1, value.lower() if isinstance(value, str) else str(value)


def compare(mark: str, left: Scalar, right: Scalar) -> Scalar:
    for value in (left, right):
        if isinstance(value, CellError):
            return value
    first, second = sort_key(_like(left, right)), sort_key(_like(right, left))
    outcomes = {
        "=": first == second,
        "<>": first != second,
        "<": first < second,
        "<=": first <= second,
        ">": first > second,
        ">=": first >= second,
    }
    return outcomes[mark]


def _like(value: Scalar, other: Scalar) -> Scalar:
    """A blank cell equals "", 0 and FALSE, whichever stands on the other side."""
    if value is not None:
        return value
    if isinstance(other, bool):
        return False
    return 0 if isinstance(other, int | float) else ""


def arithmetic(mark: str, left: Scalar, right: Scalar, locale: Locale) -> Scalar:
    first, second = number(left, locale), number(right, locale)
    if isinstance(first, CellError):
        return first
    if isinstance(second, CellError):
        return second
    if mark == "/" and second == 0:
        return CellError("#DIV/0!")
    try:
        result = _ARITHMETIC[mark](first, second)
    except (OverflowError, ZeroDivisionError):
        return CellError("#NUM!")
    if isinstance(result, complex):
        return CellError("#NUM!")
    is_date = mark in "+-" and isinstance(left, DateNumber) != isinstance(right, DateNumber)
    return DateNumber(result) if is_date else _whole(result)


_ARITHMETIC = {
    "+": lambda first, second: first + second,
    "-": lambda first, second: first - second,
    "*": lambda first, second: first * second,
    "/": lambda first, second: first / second,
    "^": lambda first, second: first**second,
}


def _whole(result: float) -> float:
    return (
        int(result) if isinstance(result, float) and result.is_integer() and abs(result) < 2**53 else result
    )


def joined(left: Scalar, right: Scalar, locale: Locale) -> Scalar:
    if isinstance(left, CellError):
        return left
    if isinstance(right, CellError):
        return right
    return text(left, locale) + text(right, locale)


def in_pattern(value: Scalar, pattern: Scalar, locale: Locale) -> Scalar:
    """TEXT(): a text stays as it is, everything else is taken for a number."""
    if isinstance(value, str | CellError):
        return value
    if isinstance(value, bool):
        return text(value, locale)
    return formatted(value or 0, text(pattern, locale), locale)


def key(value: Scalar) -> tuple[str, object] | None:
    """Return what two values share if a look-up takes them for the same; None for what is never found."""
    if isinstance(value, bool):
        return "truth", value
    if isinstance(value, int | float):
        return "number", float(value)
    if isinstance(value, str):
        return "text", value.lower()
    return None


def or_error(value: Scalar, fallback: Scalar, *, only_missing: bool) -> Scalar:
    if not isinstance(value, CellError):
        return value
    if only_missing and value.code != NOT_AVAILABLE.code:
        return value
    return fallback


def serial(day: date) -> DateNumber:
    return DateNumber(day.toordinal() - EPOCH)
