"""Rounding half up, exactly."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.numbers import half_up, tenths


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(1, 2), 1),
        (Fraction(3, 2), 2),
        (Fraction(5, 2), 3),
        (Fraction(149, 100), 1),
        (Fraction(-1, 2), 0),
        (7, 7),
    ],
)
def test_a_half_goes_up(value: Fraction | int, rounded: int) -> None:
    assert half_up(value) == rounded


@given(st.fractions())
def test_the_nearest_whole_number_is_half_a_unit_away_at_most(value: Fraction) -> None:
    assert -Fraction(1, 2) < half_up(value) - value <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("days", "cycle", "shown"),
    [(96, 60, "1.6"), (0, 60, "0.0"), (21, 20, "1.1"), (62, 60, "1.0"), (1, 60, "0.0")],
)
def test_a_ratio_is_shown_with_one_decimal(days: int, cycle: int, shown: str) -> None:
    assert str(tenths(days, cycle)) == shown


@given(st.integers(0, 10_000), st.sampled_from([1, 2, 4, 5, 8, 10, 16, 20, 25]))
def test_tenths_are_rounded_as_decimals_are(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / denominator
    assert tenths(numerator, denominator) == exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
