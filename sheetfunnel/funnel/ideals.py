"""What an ideal of the ideal client can say: one frozen class for each kind, one table of parsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from sheetfunnel.findings import Code
from sheetfunnel.funnel.objective import Trait
from sheetfunnel.funnel.text import fold, pieces
from sheetfunnel.values import value

_YES = frozenset(
    {"yes", "y", "si", "s", "true", "verdadero", "vertader", "cert", "x", "✓", "✔", "1", "是", "真"}
)
_NO = frozenset({"no", "n", "false", "falso", "fals", "0", "否", "假"})
#: An ideal says yes or no in full: ``x`` or ``1`` there is text or a number.
_SHORT = frozenset({"y", "n", "s", "x", "✓", "✔", "1", "0"})

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
_RATING = re.compile(r"(\d+(?:[.,]\d+)?) ?(?:of|de) ?(\d+)")
_BETWEEN = re.compile(r"(.+?) ?\.\.\.? ?(.+)")
_BOUND = re.compile(r"(>=|≥|<=|≤|>|<|=) ?(.+)")
_LIKE_A_NUMBER = re.compile(r"[-+]?\d[\d., ]*")
_LIKE_A_DATE = re.compile(r"\d+[-/.]\d{1,2}[-/.]\d+|\d+[-/]\d+")


_NO_PART, _WHOLE = Fraction(0), Fraction(1)


class Ideal(Protocol):
    """What a person would like a trait to be."""

    def grade(self, trait: Trait) -> Fraction | None:
        """Return how near the trait comes, 0 to 1; ``None`` when this kind cannot read it."""
        ...


@value
class NumberRange:
    """A number between two bounds, either of which may be missing or strict."""

    low: Decimal | None = None
    high: Decimal | None = None
    strict: bool = False

    def grade(self, trait: Trait) -> Fraction | None:
        """Return 1 inside, then a straight line down to 0 at half the bound's size beyond it."""
        value = _number_of(trait)
        if value is None:
            return None
        if self.low is not None and (value < self.low or (self.strict and value == self.low)):
            return _beyond(self.low - value, self.low)
        if self.high is not None and (value > self.high or (self.strict and value == self.high)):
            return _beyond(value - self.high, self.high)
        return _WHOLE


@value
class OneOf:
    """One of several words; ``options`` are squeezed for comparison."""

    options: frozenset[str]

    def grade(self, trait: Trait) -> Fraction | None:
        """Return 1 for one of the words, 0 for any other."""
        text = _text_of(trait)
        return None if text is None else Fraction(text in self.options)


@value
class Wildcard:
    """Text in which ``*`` stands for anything; several patterns may be given."""

    patterns: tuple[str, ...]

    def grade(self, trait: Trait) -> Fraction | None:
        """Return 1 when a pattern fits, 0 when none does."""
        text = _text_of(trait)
        if text is None:
            return None
        return Fraction(any(_fits(pattern, text) for pattern in self.patterns))


@value
class YesNo:
    """A checkbox, or yes or no in words."""

    ideal: bool

    def grade(self, trait: Trait) -> Fraction | None:
        """Return 1 for the ideal answer, 0 for the other."""
        answer = _answer_of(trait)
        return None if answer is None else Fraction(answer is self.ideal)


@value
class Rating:
    """At least so many points on a scale from 0."""

    ideal: Decimal
    scale: int

    def grade(self, trait: Trait) -> Fraction | None:
        """Return the rating as a part of the ideal, at most 1."""
        value = _rating_of(trait, self.scale)
        if value is None or not 0 <= value <= self.scale:
            return None
        return min(Fraction(value) / Fraction(self.ideal), Fraction(1))


def parse_ideal(written: Trait | None) -> Ideal | Code:
    """Return what the cell of an ideal says, or the code of what is wrong with it."""
    if isinstance(written, bool):
        return YesNo(ideal=written)
    if isinstance(written, date):
        return Code.CRITERION_IDEAL_DATE
    if isinstance(written, Decimal):
        return NumberRange(low=written, high=written)
    text = fold(written or "")
    if not text:
        return Code.CRITERION_IDEAL_EMPTY
    readings = (parse(text) for parse in PARSERS)
    return next((reading for reading in readings if reading is not None), Code.CRITERION_IDEAL_UNREADABLE)


def _parse_rating(text: str) -> Rating | Code | None:
    match = _RATING.fullmatch(text)
    if match is None:
        return None
    ideal, scale = _number(match[1]), int(match[2])
    if ideal is None or not 0 < ideal <= scale:
        return Code.CRITERION_IDEAL_UNREADABLE
    return Rating(ideal=ideal, scale=scale)


def _parse_yes_no(text: str) -> YesNo | None:
    if text in _SHORT or text not in _YES | _NO:
        return None
    return YesNo(ideal=text in _YES)


def _parse_between(text: str) -> NumberRange | Code | None:
    match = _BETWEEN.fullmatch(text)
    if match is None or not any(sign.isdigit() for sign in text):
        return None
    low, high = _number(match[1]), _number(match[2])
    if low is None or high is None or low > high:
        return Code.CRITERION_IDEAL_UNREADABLE
    return NumberRange(low=low, high=high)


def _parse_bound(text: str) -> NumberRange | Code | None:
    if text[0] not in "<>≤≥=":
        return None
    match = _BOUND.fullmatch(text)
    bound = None if match is None else _number(match[2])
    if match is None or bound is None:
        return Code.CRITERION_IDEAL_UNREADABLE
    sign = match[1]
    return NumberRange(
        low=None if sign[0] in "<≤" else bound,
        high=None if sign[0] in ">≥" else bound,
        strict=sign in "<>",
    )


def _parse_number(text: str) -> NumberRange | Code | None:
    if _LIKE_A_DATE.fullmatch(text):
        return Code.CRITERION_IDEAL_DATE
    if not _LIKE_A_NUMBER.fullmatch(text):
        return None
    number = _number(text)
    return Code.CRITERION_IDEAL_UNREADABLE if number is None else NumberRange(low=number, high=number)


def _parse_wildcard(text: str) -> Wildcard | None:
    return Wildcard(patterns=tuple(map(_squeeze, pieces(text)))) if "*" in text else None


def _parse_one_of(text: str) -> OneOf | None:
    options = frozenset(map(_squeeze, pieces(text)))
    return OneOf(options=options) if options else None


#: Each parser returns ``None`` for what is not its kind, and a code for what is but cannot be read.
PARSERS: tuple[Callable[[str], Ideal | Code | None], ...] = (
    _parse_rating,
    _parse_yes_no,
    _parse_bound,
    _parse_between,
    _parse_number,
    _parse_wildcard,
    _parse_one_of,
)


def _beyond(distance: Decimal, bound: Decimal) -> Fraction:
    if not bound:
        return _NO_PART  # half of nothing: a step
    # 1 - distance / (bound / 2) in whole numbers: step by step, fractions take most of the time of a fit
    far, per = distance.as_integer_ratio()
    size, of = abs(bound).as_integer_ratio()
    left, whole = per * size - 2 * far * of, per * size
    return Fraction(left, whole) if left > 0 else _NO_PART


def _number(text: str) -> Decimal | None:
    """Read a plain number; ``30.000`` is a thousand times more in one country than in another."""
    text = text.strip(" €$£")
    if not _NUMBER.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return None
    return Decimal(text.replace(",", "."))


def _number_of(trait: Trait) -> Decimal | None:
    if isinstance(trait, Decimal):
        return trait if trait.is_finite() else None
    return _number(fold(trait)) if isinstance(trait, str) else None


def _rating_of(trait: Trait, scale: int) -> Decimal | None:
    match = _RATING.fullmatch(fold(trait)) if isinstance(trait, str) else None
    if match is None:
        return _number_of(trait)
    return _number(match[1]) if int(match[2]) == scale else None


def _text_of(trait: Trait) -> str | None:
    if isinstance(trait, Decimal):
        return f"{trait.normalize():f}"
    return _squeeze(trait) if isinstance(trait, str) else None


def _answer_of(trait: Trait) -> bool | None:
    if isinstance(trait, bool):
        return trait
    text = _text_of(trait)
    return text in _YES if text in _YES | _NO else None


def _squeeze(text: str) -> str:
    return fold(text).replace(" ", "")


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None
