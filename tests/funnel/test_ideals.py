"""What an ideal can say: how each kind is written, read and graded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.findings import Code
from sheetfunnel.funnel.ideals import Ideal, NumberRange, OneOf, Rating, Wildcard, YesNo, parse_ideal
from sheetfunnel.funnel.objective import Trait

HALF = Fraction(1, 2)
NUMBERS = st.decimals(-1000, 1000, places=2)


def _ideal(written: Trait) -> Ideal:
    ideal = parse_ideal(written)
    assert not isinstance(ideal, Code), ideal
    return ideal


def _grade(ideal: Trait, trait: Trait) -> Fraction | None:
    return _ideal(ideal).grade(trait)


def _range(low: str = "", high: str = "", *, strict: bool = False) -> NumberRange:
    return NumberRange(low=Decimal(low) if low else None, high=Decimal(high) if high else None, strict=strict)


@pytest.mark.parametrize(
    ("written", "ideal"),
    [
        ("10..50", _range("10", "50")),
        ("10...50", _range("10", "50")),
        (" 10 .. 50 ", _range("10", "50")),
        ("-5..-2", _range("-5", "-2")),
        ("0,5..1,5", _range("0.5", "1.5")),
        ("1000 €..2000 €", _range("1000", "2000")),
        (">=10", _range("10")),
        ("≥ 10", _range("10")),
        (">10", _range("10", strict=True)),
        ("<=50", _range("", "50")),
        ("≤50", _range("", "50")),
        ("<50", _range("", "50", strict=True)),
        ("< 0,5", _range("", "0.5", strict=True)),
        ("=10", _range("10", "10")),
        ("10", _range("10", "10")),
        (Decimal("10.5"), _range("10.5", "10.5")),
        (Decimal(1), _range("1", "1")),
        ("Health; Education", OneOf(options=frozenset({"health", "education"}))),
        ("Salud Pública;\n Educación ;", OneOf(options=frozenset({"saludpublica", "educacion"}))),
        ("wait..and see", OneOf(options=frozenset({"wait..andsee"}))),
        ("2024; 2025", OneOf(options=frozenset({"2024", "2025"}))),
        ("x", OneOf(options=frozenset({"x"}))),
        ("*innov*", Wildcard(patterns=("*innov*",))),
        ("Health; *Tech *", Wildcard(patterns=("health", "*tech*"))),
        ("yes", YesNo(ideal=True)),
        ("Sí", YesNo(ideal=True)),
        ("NO", YesNo(ideal=False)),
        (True, YesNo(ideal=True)),
        (False, YesNo(ideal=False)),
        ("4 of 5", Rating(ideal=Decimal(4), scale=5)),
        ("4 de 5", Rating(ideal=Decimal(4), scale=5)),
        ("3,5 of 5", Rating(ideal=Decimal("3.5"), scale=5)),
    ],
)
def test_each_kind_is_known_by_how_it_is_written(written: Trait, ideal: Ideal) -> None:
    assert parse_ideal(written) == ideal


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (None, Code.CRITERION_IDEAL_EMPTY),
        (" \n", Code.CRITERION_IDEAL_EMPTY),
        (date(2026, 5, 4), Code.CRITERION_IDEAL_DATE),
        ("4/5", Code.CRITERION_IDEAL_DATE),
        ("10-50", Code.CRITERION_IDEAL_DATE),
        ("2026-03-02", Code.CRITERION_IDEAL_DATE),
        ("2.3.26", Code.CRITERION_IDEAL_DATE),
        ("50..10", Code.CRITERION_IDEAL_UNREADABLE),
        ("a10..50", Code.CRITERION_IDEAL_UNREADABLE),
        ("10..many", Code.CRITERION_IDEAL_UNREADABLE),
        (">=", Code.CRITERION_IDEAL_UNREADABLE),
        (">= ten", Code.CRITERION_IDEAL_UNREADABLE),
        ("<50 employees", Code.CRITERION_IDEAL_UNREADABLE),
        ("1.000", Code.CRITERION_IDEAL_UNREADABLE),
        (">=30,000", Code.CRITERION_IDEAL_UNREADABLE),
        ("1.000.000", Code.CRITERION_IDEAL_UNREADABLE),
        ("6 of 5", Code.CRITERION_IDEAL_UNREADABLE),
        ("0 of 5", Code.CRITERION_IDEAL_UNREADABLE),
        ("1.000 of 2000", Code.CRITERION_IDEAL_UNREADABLE),
        (";", Code.CRITERION_IDEAL_UNREADABLE),
    ],
)
def test_what_cannot_be_read_is_told_apart(written: Trait | None, code: Code) -> None:
    assert parse_ideal(written) is code


@pytest.mark.parametrize(
    ("ideal", "value", "grade"),
    [
        ("10..50", 10, 1),
        ("10..50", 50, 1),
        ("10..50", 30, 1),
        ("10..50", "7.5", HALF),  # half the bound beyond it is 5: half way at 7.5
        ("10..50", 5, 0),
        ("10..50", 4, 0),
        ("10..50", -90, 0),
        ("10..50", 60, Fraction(3, 5)),
        ("10..50", 75, 0),
        (">=10", 1000, 1),
        (">=10", 9, Fraction(4, 5)),
        ("<50", 49, 1),
        ("<50", "62.5", HALF),
        ("<=50", 50, 1),
        ("10", 10, 1),
        ("10", 8, Fraction(3, 5)),
        ("10", 12, Fraction(3, 5)),
        ("-10..-4", -12, Fraction(3, 5)),
        ("-10..-4", -3, HALF),
    ],
)
def test_a_number_outside_falls_in_a_straight_line(ideal: str, value: int | str, grade: Fraction) -> None:
    assert _grade(ideal, Decimal(value)) == grade


@pytest.mark.parametrize(
    ("ideal", "value", "grade"),
    [
        (">=0", "0", 1),
        (">=0", "-0.01", 0),
        ("<=0", "0.01", 0),
        ("<=0", "0", 1),
        (">0", "0", 0),
        (">0", "0.01", 1),
        ("<0", "0", 0),
        ("<0", "-0.01", 1),
        ("0", "0", 1),
        ("0", "0.01", 0),
        ("0..50", "-1", 0),
    ],
)
def test_a_bound_of_0_is_a_step_and_strict_bounds_are_strict(ideal: str, value: str, grade: int) -> None:
    assert _grade(ideal, Decimal(value)) == grade


def test_at_a_strict_bound_begins_the_line_outside() -> None:
    assert _grade("<50", Decimal(50)) == 1  # any less, and 51 would do better than 50
    assert _grade(">50", Decimal(50)) == 1


@given(low=NUMBERS, high=NUMBERS, one=NUMBERS, other=NUMBERS, strict=st.booleans())
def test_nearer_to_the_range_is_never_worse(
    low: Decimal, high: Decimal, one: Decimal, other: Decimal, *, strict: bool
) -> None:
    low, high = sorted([low, high])
    one, other = sorted([one, other])
    below = NumberRange(low=low, strict=strict)
    above = NumberRange(high=high, strict=strict)
    between = NumberRange(low=low, high=high)
    graded = [(below.grade(one), below.grade(other)), (above.grade(other), above.grade(one))]
    graded.append((between.grade(min(one, low)), between.grade(min(other, low))))
    graded.append((between.grade(max(other, high)), between.grade(max(one, high))))
    for worse, better in graded:
        assert worse is not None
        assert better is not None
        assert 0 <= worse <= better <= 1


@pytest.mark.parametrize(
    ("trait", "grade"),
    [
        ("health", 1),
        (" SALUD  Pública", 1),
        ("saludpublica", 1),
        ("Salud", 0),
        ("Retail", 0),
        (Decimal("10.0"), 1),
        (Decimal(11), 0),
        (True, None),
        (date(2026, 1, 1), None),
    ],
)
def test_one_of_several_words_whatever_case_accents_and_spaces(trait: Trait, grade: int | None) -> None:
    assert _grade("Health; Salud pública; 10", trait) == grade


@pytest.mark.parametrize(
    ("pattern", "trait", "grade"),
    [
        ("*innov*", "Very INNOVATIVE", 1),
        ("*innov*", "innov", 1),
        ("*innov*", "classic", 0),
        ("innov*", "very innovative", 0),
        ("innov*", "Innovation", 1),
        ("*tech; health", "Biotech", 1),
        ("*tech; health", "Health", 1),
        ("*tech; health", "Technology", 0),
        ("a.c*", "abcd", 0),
        ("a.c*", "a.cd", 1),
        ("a*c", "a\nc", 1),
        ("2*", Decimal("20.0"), 1),
        ("*", True, None),
    ],
)
def test_a_star_stands_for_anything_and_nothing_else_does(
    pattern: str, trait: Trait, grade: int | None
) -> None:
    assert _grade(pattern, trait) == grade


@pytest.mark.parametrize(
    ("trait", "is_yes"),
    [
        (True, True),
        (False, False),
        ("yes", True),
        ("Sí", True),
        ("x", True),
        ("✓", True),
        (Decimal(1), True),
        (Decimal(0), False),
        ("No", False),
        ("falso", False),
        ("perhaps", None),
        (Decimal(2), None),
        (date(2026, 1, 1), None),
    ],
)
def test_yes_and_no_are_read_as_people_mark_them(trait: Trait, *, is_yes: bool | None) -> None:
    assert _grade("yes", trait) == (None if is_yes is None else is_yes)
    assert _grade("no", trait) == (None if is_yes is None else not is_yes)


@pytest.mark.parametrize(
    ("trait", "grade"),
    [
        (Decimal(5), 1),
        (Decimal(4), 1),
        (Decimal(2), HALF),
        (Decimal(0), 0),
        ("3", Fraction(3, 4)),
        ("3 of 5", Fraction(3, 4)),
        ("3 of 4", None),
        (Decimal(6), None),
        (Decimal(-1), None),
        ("3/5", None),
        ("high", None),
        (True, None),
    ],
)
def test_a_rating_is_a_part_of_the_ideal_and_at_most_all_of_it(trait: Trait, grade: Fraction | None) -> None:
    assert _grade("4 of 5", trait) == grade


@pytest.mark.parametrize(
    "trait", ["many", "10 or 20", "1.000", "", True, date(2026, 1, 1), Decimal("NaN"), Decimal("Infinity")]
)
def test_what_is_no_plain_number_is_unknown_and_not_a_no(trait: Trait) -> None:
    assert _grade("10..50", trait) is None


@pytest.mark.parametrize("trait", ["20", " 20 € ", "$20", "20,0", "+20"])
def test_a_number_written_as_text_is_a_number(trait: str) -> None:
    assert _grade("20", trait) == 1


ANY_IDEAL = st.sampled_from(
    [
        *(_ideal(written) for written in ("10..50", ">0", "<=0", "7", "Health; 10", "*e*", "yes", "4 of 5")),
        NumberRange(),
    ]
)
ANY_TRAIT = (
    st.text() | st.booleans() | st.dates() | st.decimals(allow_nan=True).filter(lambda d: not d.is_snan())
)


@given(ANY_IDEAL, ANY_TRAIT)
def test_a_grade_is_unknown_or_from_0_to_1(ideal: Ideal, trait: Trait) -> None:
    grade = ideal.grade(trait)
    assert grade is None or 0 <= grade <= 1


@given(ANY_TRAIT)
def test_anything_can_stand_where_an_ideal_should(written: Trait) -> None:
    ideal = parse_ideal(written)
    assert isinstance(ideal, Code | NumberRange | OneOf | Wildcard | YesNo | Rating)
