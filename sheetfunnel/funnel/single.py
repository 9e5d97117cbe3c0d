"""The single-objective checks: who, what, how much, by when."""

from __future__ import annotations

from enum import Enum

from sheetfunnel.funnel.objective import SalesObjective


class Question(Enum):
    """A question that a single sales objective answers."""

    WHO = "who"
    WHAT = "what"
    HOW_MUCH = "how_much"
    BY_WHEN = "by_when"


def unanswered(objective: SalesObjective) -> tuple[Question, ...]:
    """Return the questions to which the row has no answer yet."""
    answered = (
        (Question.WHO, bool(objective.client.strip())),
        (Question.WHAT, bool(objective.objective.strip() or objective.service.strip())),
        (Question.HOW_MUCH, objective.amount is not None),
        (Question.BY_WHEN, objective.expected_close is not None),
    )
    return tuple(question for question, known in answered if not known)
