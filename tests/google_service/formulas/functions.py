"""The functions that the stand-in knows; any other is #NAME?."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from tests.google_service.formulas import scalars
from tests.google_service.formulas.evaluate import Evaluator, Function, Here
from tests.google_service.formulas.grids import VALUE, Grid, Value, cells_of, each, grid_of
from tests.google_service.formulas.lookups import LOOKUPS
from tests.google_service.formulas.totals import TOTALS
from tests.google_service.formulas.tree import Area, Tree, constant
from tests.google_service.locales import Locale
from tests.google_service.rendering import day_of
from tests.google_service.shapes import CellError, Scalar

Arguments = tuple[Tree, ...]


def _array(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    return run.value(arguments[0], replace(here, array=True))


def _if(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    condition = run.operand(arguments[0], here)
    otherwise = arguments[2] if len(arguments) > 2 else constant(value=False)
    if isinstance(condition, Grid):
        branches = [run.operand(arguments[1], here), run.operand(otherwise, here)]
        return each(_chosen, [condition, *branches])
    is_true = scalars.truth(condition)
    if isinstance(is_true, CellError):
        return is_true
    return run.value(arguments[1] if is_true else otherwise, here)


def _chosen(condition: Scalar, yes: Scalar, no: Scalar) -> Scalar:
    is_true = scalars.truth(condition)
    if isinstance(is_true, CellError):
        return is_true
    return yes if is_true else no


def _or_fallback(*, only_missing: bool) -> Function:
    def function(run: Evaluator, arguments: Arguments, here: Here) -> Value:
        value = run.value(arguments[0], here)
        fallback = run.value(arguments[1], here) if len(arguments) > 1 else None
        if not isinstance(value, Grid):
            is_bad = scalars.or_error(value, None, only_missing=only_missing) is not value
            return fallback if is_bad else value
        return each(
            lambda one, other: scalars.or_error(one, other, only_missing=only_missing), [value, fallback]
        )

    return function


def _singles(function: Callable[..., Scalar]) -> Function:
    """A function of single values; an error goes through it."""

    def through(*values: Scalar) -> Scalar:
        for value in values:
            if isinstance(value, CellError):
                return value
        return function(*values)

    return lambda run, arguments, here: run.each(through, arguments, here)


def _with_locale(function: Callable[..., Scalar]) -> Function:
    def through(run: Evaluator, arguments: Arguments, here: Here) -> Value:
        def single(*values: Scalar) -> Scalar:
            broken = [value for value in values if isinstance(value, CellError)]
            return broken[0] if broken else function(run.locale, *values)

        return run.each(single, arguments, here)

    return through


def _looking(function: Callable[[Scalar], bool]) -> Function:
    """A function that looks at errors too, such as ISERROR."""
    return lambda run, arguments, here: run.each(function, arguments[:1], here)


def _place(axis: str) -> Function:
    """ROW and COLUMN."""

    def function(run: Evaluator, arguments: Arguments, here: Here) -> Value:
        if not arguments:
            return (here.row if axis == "row" else here.column) + 1
        grid = grid_of(run.value(arguments[0], here))
        if not isinstance(arguments[0], Area) or grid.row is None or grid.column is None:
            return VALUE
        start, count = (grid.row, grid.height) if axis == "row" else (grid.column, grid.width)
        numbers: list[Scalar] = [start + at + 1 for at in range(count if here.array else 1)]
        return Grid(len(numbers), 1, numbers) if axis == "row" else Grid(1, len(numbers), numbers)

    return function


def _number_of(locale: Locale, value: Scalar) -> Scalar:
    return scalars.number(value, locale)


def _round(locale: Locale, value: Scalar, places: Scalar = 0) -> Scalar:
    number, digits = scalars.number(value, locale), scalars.number(places, locale)
    if isinstance(number, CellError) or isinstance(digits, CellError):
        return VALUE
    scale = 10 ** int(digits)
    whole = int(abs(number) * scale + 0.5) / scale
    return (int(whole) if whole == int(whole) else whole) * (-1 if number < 0 else 1)


def _part_of_day(part: str) -> Function:
    def function(locale: Locale, value: Scalar) -> Scalar:
        number = scalars.number(value, locale)
        return number if isinstance(number, CellError) else int(getattr(day_of(number), part))

    return _with_locale(function)


def _date(locale: Locale, year: Scalar, month: Scalar, day: Scalar) -> Scalar:
    from datetime import date, timedelta

    numbers = [scalars.number(value, locale) for value in (year, month, day)]
    if any(isinstance(number, CellError) for number in numbers):
        return VALUE
    years, months, days = (int(number) for number in numbers if not isinstance(number, CellError))
    first = date(years + (months - 1) // 12, (months - 1) % 12 + 1, 1)
    return scalars.serial(first + timedelta(days=days - 1))


def _concatenate(run: Evaluator, arguments: Arguments, here: Here) -> Value:
    texts = [scalars.text(cell, run.locale) for one in arguments for cell in cells_of(run.value(one, here))]
    return "".join(texts)


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _not(value: Scalar) -> Scalar:
    is_true = scalars.truth(value)
    return is_true if isinstance(is_true, CellError) else not is_true


FUNCTIONS: dict[str, Function] = {
    **LOOKUPS,
    **TOTALS,
    "ARRAYFORMULA": _array,
    "IF": _if,
    "IFNA": _or_fallback(only_missing=True),
    "IFERROR": _or_fallback(only_missing=False),
    "LEN": _with_locale(lambda locale, value: len(scalars.text(value, locale))),
    "LOWER": _with_locale(lambda locale, value: scalars.text(value, locale).lower()),
    "UPPER": _with_locale(lambda locale, value: scalars.text(value, locale).upper()),
    "TRIM": _with_locale(lambda locale, value: re.sub(" +", " ", scalars.text(value, locale)).strip(" ")),
    "TEXT": _with_locale(lambda locale, value, pattern: scalars.in_pattern(value, pattern, locale)),
    "VALUE": _with_locale(_number_of),
    "ROUND": _with_locale(_round),
    "DATE": _with_locale(_date),
    "YEAR": _part_of_day("year"),
    "MONTH": _part_of_day("month"),
    "DAY": _part_of_day("day"),
    "EXACT": _with_locale(
        lambda locale, one, other: scalars.text(one, locale) == scalars.text(other, locale)
    ),
    "NOT": _singles(_not),
    "HYPERLINK": _singles(lambda link, label=None: link if label is None else label),
    "ISBLANK": _looking(lambda value: value is None),
    "ISERROR": _looking(lambda value: isinstance(value, CellError)),
    "ISNA": _looking(lambda value: isinstance(value, CellError) and value.code == "#N/A"),
    "ISNUMBER": _looking(_is_number),
    "ISTEXT": _looking(lambda value: isinstance(value, str)),
    "ROW": _place("row"),
    "COLUMN": _place("column"),
    "TODAY": lambda run, _arguments, _here: scalars.serial(run.today),
    "NA": lambda _run, _arguments, _here: CellError("#N/A"),
    "CONCATENATE": _concatenate,
}
