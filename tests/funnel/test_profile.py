"""The ideal client: the fit, its class, what it is made of, and what is worth asking about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.findings import Code, remark
from sheetfunnel.funnel.objective import Trait
from sheetfunnel.funnel.practice import Lines
from sheetfunnel.funnel.profile import Criterion, Fit, TraitKind, criterion, fit, fits_of
from tests.funnel.rows import PROFILE, TRAITS, line, universe

RATING = "200 of 200"


def _fit(*criteria: Criterion, **traits: Trait) -> Fit:
    return fit(criteria, universe(traits=traits))


def _made(**cells: Any) -> Criterion | Code:  # noqa: ANN401 - any cell of a criterion's row
    row: dict[str, Any] = {
        "name": "Sector",
        "kind": None,
        "column": "sector",
        "ideal": "Health",
        "weight": 3,
        "must": False,
    }
    return criterion(**{**row, **cells})


def test_a_row_of_ideal_client_becomes_a_criterion() -> None:
    made = _made(name=" Size ", kind=TraitKind.DEMOGRAPHIC, column=" head ", weight=Decimal(5), must=True)
    assert isinstance(made, Criterion)
    assert (made.name, made.column, made.weight, made.must) == ("Size", "head", 5, True)
    assert made.kind is TraitKind.DEMOGRAPHIC


def test_a_criterion_without_a_name_is_called_as_its_column() -> None:
    made = _made(name=" ")
    assert isinstance(made, Criterion)
    assert made.name == "sector"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"column": " "}, Code.CRITERION_NO_COLUMN),
        ({"weight": None}, Code.CRITERION_WEIGHT),
        ({"weight": 0}, Code.CRITERION_WEIGHT),
        ({"weight": 6}, Code.CRITERION_WEIGHT),
        ({"weight": Decimal("2.5")}, Code.CRITERION_WEIGHT),
        ({"ideal": ""}, Code.CRITERION_IDEAL_EMPTY),
        ({"ideal": date(2026, 5, 4)}, Code.CRITERION_IDEAL_DATE),
        ({"ideal": ">= ten"}, Code.CRITERION_IDEAL_UNREADABLE),
    ],
)
def test_what_is_wrong_with_a_criterion_is_said(cells: dict[str, Any], code: Code) -> None:
    assert _made(**cells) is code


def test_the_fit_is_the_weighed_mean_of_the_grades_that_are_known() -> None:
    criteria = (
        line("yes", weight=5, column="public"),
        line("10..50", weight=2, column="size"),
        line("Health", weight=3, column="sector"),
    )
    found = _fit(*criteria, public=True, size=Decimal("7.5"))
    assert found.score == 86  # 100 x (5 x 1 + 2 x 1/2) / 7 = 85.7
    assert (found.known_weight, found.all_weight, found.known) == (7, 10, Fraction(7, 10))
    assert found.letter == found.ranks_as == "A"
    assert found.before_must == Fraction(600, 7)
    assert [(one.criterion, one.grade, one.points) for one in found.contributions] == [
        (criteria[0], 1, Fraction(500, 7)),
        (criteria[1], Fraction(1, 2), Fraction(100, 7)),
    ]


@pytest.mark.parametrize(
    ("points", "score", "letter"),
    [
        ("159", 80, "A"),  # 79.5
        ("158.9", 79, "B"),
        ("119", 60, "B"),  # 59.5
        ("118.9", 59, "C"),
        ("79", 40, "C"),  # 39.5
        ("78.9", 39, "D"),
        ("200", 100, "A"),
        ("1", 1, "D"),  # 0.5
        ("0", 0, "D"),
    ],
)
def test_the_class_is_told_after_rounding_half_up(points: str, score: int, letter: str) -> None:
    found = _fit(line(RATING), trait=Decimal(points))
    assert (found.score, found.letter) == (score, letter)


def test_the_lines_between_classes_are_those_of_settings() -> None:
    lines = Lines(class_a=90, class_b=70, class_c=20)
    rows = [universe(traits={"trait": Decimal(2 * score)}) for score in (90, 89, 69, 19)]
    letters = [fit([line(RATING)], row, lines=lines).letter for row in rows]
    assert letters == ["A", "B", "C", "D"]


@pytest.mark.parametrize("traits", [{}, {"trait": ""}, {"trait": " \n"}, {"trait": "many"}, {"other": "7"}])
def test_nothing_known_is_a_blank_fit_that_ranks_as_c(traits: dict[str, Trait]) -> None:
    found = _fit(line("10..50", weight=4, must=True), **traits)
    assert (found.score, found.letter, found.ranks_as) == (None, "", "C")
    assert (found.before_must, found.contributions) == (None, ())
    assert not found.known


def test_without_any_criteria_nothing_is_known() -> None:
    found = _fit(sector="Health")
    assert (found.score, found.explanation) == (None, ())
    assert not found.known


def test_unknown_is_never_a_no() -> None:
    criteria = (line("yes", column="public"), line("10..50", weight=5, column="size", must=True))
    assert _fit(*criteria, public=True).score == 100
    unreadable = _fit(*criteria, public=True, size="many")
    assert unreadable.score == 100
    assert [answer.readable for answer in unreadable.answers] == [True, False]
    assert unreadable.unreadable == ("size",)


def test_a_must_that_is_known_and_grades_0_makes_the_fit_0() -> None:
    criteria = (line("yes", weight=5, column="public"), line("10..50", column="size", must=True))
    found = _fit(*criteria, public=True, size=Decimal(5))
    assert (found.score, found.letter, found.must_failed) == (0, "D", criteria[1])
    assert found.before_must == Fraction(500, 6)


def test_a_must_that_grades_little_is_met() -> None:
    found = _fit(line("10..50", must=True), trait=Decimal("5.1"))
    assert (found.score, found.must_failed) == (2, None)


def test_true_and_1_are_not_the_same_answer() -> None:
    rows = [universe(traits={"trait": trait}) for trait in (True, Decimal(1), True)]
    assert [found.score for found in fits_of(rows, [line("10..50")], Lines())] == [None, 0, None]


def test_the_explanation_names_strongest_weakest_and_what_to_ask_about() -> None:
    criteria = (
        line("yes", weight=1, column="public"),
        line("yes", weight=4, column="local"),
        line(RATING, weight=3, column="open"),
        line("10..50", weight=2, column="size"),
        line("Health", weight=1, column="sector"),
        line("Madrid", weight=3, column="place"),
    )
    found = _fit(*criteria, public=True, local=True, open=Decimal(100), size=Decimal(6))
    assert found.explanation == (
        remark(Code.FIT_STRONGEST, criterion="local", count=40),
        remark(Code.FIT_WEAKEST, criterion="size", count=4),
        remark(Code.WHY_ASK_ABOUT, criterion="place"),
    )


def test_of_equally_weak_ones_the_heavier_is_named_and_of_equally_strong_ones_the_first() -> None:
    criteria = (
        line("yes", weight=2, column="a"),
        line("yes", weight=2, column="b"),
        line("yes", weight=1, column="c"),
        line("yes", weight=5, column="d"),
        line("yes", weight=5, column="e"),
        line("x1", weight=2, column="f"),
        line("x2", weight=2, column="g"),
    )
    found = _fit(*criteria, a=True, b=True, c=False, d=False, e=False)
    assert found.strongest is not None
    assert found.weakest is not None
    assert found.most_worth_asking is not None
    assert (found.strongest.criterion.name, found.weakest.criterion.name) == ("a", "d")
    assert found.most_worth_asking.name == "f"


def test_full_marks_are_never_weak_and_nothing_at_all_is_never_strong() -> None:
    assert _fit(line("yes"), trait=True).explanation == (
        remark(Code.FIT_STRONGEST, criterion="trait", count=100),
    )
    assert _fit(line("yes"), trait=False).explanation == (
        remark(Code.FIT_WEAKEST, criterion="trait", count=0),
    )


def test_of_nothing_but_full_marks_none_is_weak() -> None:
    criteria = (line("yes", weight=2, column="public"), line("yes", column="local"))
    found = _fit(*criteria, public=True, local=True)
    assert found.weakest is None
    assert found.explanation == (remark(Code.FIT_STRONGEST, criterion="public", count=67),)


def test_one_contribution_is_not_named_as_strongest_and_weakest_at_once() -> None:
    assert _fit(line(RATING), trait=Decimal(100)).explanation == (
        remark(Code.FIT_STRONGEST, criterion="trait", count=50),
    )


def test_a_failed_must_is_explained_first() -> None:
    found = _fit(
        line("yes", column="public"), line("yes", column="local", must=True), public=True, local=False
    )
    assert found.explanation == (
        remark(Code.WHY_MUST_FAILED, criterion="local"),
        remark(Code.FIT_STRONGEST, criterion="public", count=50),
        remark(Code.FIT_WEAKEST, criterion="local", count=0),
    )


@given(TRAITS)
def test_contributions_add_up_to_the_fit_before_must(traits: dict[str, Trait]) -> None:
    found = _fit(*PROFILE, **traits)
    total = sum((one.points for one in found.contributions), Fraction(0))
    assert total == (found.before_must or 0)
    if found.score is not None and found.must_failed is None:
        assert abs(found.score - total) <= Fraction(1, 2)


@given(TRAITS)
def test_a_fit_is_from_0_to_100_and_blank_only_when_nothing_is_known(traits: dict[str, Trait]) -> None:
    found = _fit(*PROFILE, **traits)
    assert (found.score is None) == (found.known_weight == 0) == (found.letter == "")
    assert found.score is None or 0 <= found.score <= 100
    assert 0 <= found.known <= 1


#: For each column of the profile, answers from worst to best.
_BETTER: dict[str, list[Trait]] = {
    "headcount": [*map(Decimal, range(3, 11)), Decimal(30)],
    "openness": [*map(Decimal, range(6))],
    "public": [False, True],
}


@given(TRAITS, st.sampled_from(list(_BETTER)), st.data())
def test_a_better_answer_never_lowers_a_fit(
    traits: dict[str, Trait], column: str, data: st.DataObject
) -> None:
    scale = _BETTER[column]
    worse, better = sorted(data.draw(st.tuples(*[st.integers(0, len(scale) - 1)] * 2)))
    before = _fit(*PROFILE, **{**traits, column: scale[worse]}).score
    after = _fit(*PROFILE, **{**traits, column: scale[better]}).score
    assert before is not None
    assert after is not None
    assert before <= after


@given(TRAITS, st.permutations(PROFILE))
def test_the_order_of_criteria_changes_no_fit(traits: dict[str, Trait], shuffled: list[Criterion]) -> None:
    one, other = _fit(*PROFILE, **traits), _fit(*shuffled, **traits)
    assert (one.score, one.known, one.letter) == (other.score, other.known, other.letter)
