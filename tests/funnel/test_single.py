"""One single objective says who, what, how much and by when."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.funnel.single import Question, unanswered
from tests.funnel.rows import TODAY

WHO, WHAT, HOW_MUCH, BY_WHEN = Question
WHOLE: dict[str, Any] = {
    "client": "Rosa Vidal",
    "objective": "Coaching",
    "amount": Decimal(900),
    "expected_close": TODAY,
}


@pytest.mark.parametrize(
    ("cells", "questions"),
    [
        ({}, ()),
        ({"client": " "}, (WHO,)),
        ({"objective": " "}, (WHAT,)),
        ({"objective": "", "service": "Coaching"}, ()),
        ({"amount": None}, (HOW_MUCH,)),
        ({"amount": Decimal(0)}, ()),
        ({"expected_close": None}, (BY_WHEN,)),
        (dict.fromkeys(["amount", "expected_close"]), (HOW_MUCH, BY_WHEN)),
    ],
)
def test_the_questions_that_a_row_leaves_open(cells: dict[str, Any], questions: tuple[Question, ...]) -> None:
    assert unanswered(SalesObjective(key="1", **{**WHOLE, **cells})) == questions


def test_an_empty_row_leaves_all_four_open() -> None:
    assert unanswered(SalesObjective(key="1")) == tuple(Question)
