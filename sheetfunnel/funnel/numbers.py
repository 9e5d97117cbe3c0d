"""Rounding as people do it on paper, half up, without leaving exact numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | int) -> int:
    """Return ``value`` rounded to a whole number, a half going up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def tenths(numerator: int, denominator: int) -> Decimal:
    """Return ``numerator / denominator`` with one decimal, rounded half up (both positive)."""
    return Decimal((20 * numerator + denominator) // (2 * denominator)).scaleb(-1)
