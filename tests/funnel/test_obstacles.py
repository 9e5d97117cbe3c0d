"""Obstacles: lost reasons and open points, counted, with what they cost and the answer kept ready."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.obstacles import Obstacle, ObstacleKind, obstacles
from sheetfunnel.funnel.practice import PreparedAnswer
from tests.funnel.rows import universe, workbooks

WON, LOST, DROPPED = Outcome


def _found(*rows: SalesObjective) -> list[tuple[str, ObstacleKind, int, Decimal]]:
    return [(one.text, one.kind, one.count, one.amount) for one in obstacles(rows)]


def test_open_points_are_counted_each_in_the_open_objectives_that_have_it() -> None:
    rows = [
        universe(open_points="Price; dates", amount=Decimal(100)),
        universe(open_points="price\nPRICE", amount=Decimal(50)),
        universe(open_points="dates"),
        universe(open_points="price", amount=Decimal(999), outcome=LOST),
    ]
    assert _found(*rows) == [
        ("Price", ObstacleKind.OPEN_POINT, 2, Decimal(150)),
        ("dates", ObstacleKind.OPEN_POINT, 2, Decimal(100)),
    ]


def test_lost_reasons_are_counted_and_reasons_to_have_won_are_none() -> None:
    rows = [
        universe(outcome=LOST, reason=" Too dear ", amount=Decimal(100)),
        universe(outcome=DROPPED, reason="too dear", amount=Decimal(10)),
        universe(outcome=WON, reason="too dear", amount=Decimal(999)),
        universe(outcome=LOST, reason=" "),
        universe(reason="too dear", amount=Decimal(999)),
    ]
    assert _found(*rows) == [("Too dear", ObstacleKind.LOST_REASON, 2, Decimal(110))]


def test_the_dearest_comes_first_then_the_most_frequent_then_the_alphabet() -> None:
    rows = [
        universe(open_points="b; a; c"),
        universe(open_points="c"),
        universe(open_points="dear", amount=Decimal(1)),
        universe(outcome=LOST, reason="a"),
    ]
    assert [(text, kind.value) for text, kind, _, _ in _found(*rows)] == [
        ("dear", "open_point"),
        ("c", "open_point"),
        ("a", "lost_reason"),
        ("a", "open_point"),
        ("b", "open_point"),
    ]


def test_the_prepared_answer_stands_beside_its_obstacle() -> None:
    answers = [
        PreparedAnswer(obstacle=" PRICE ", answer="It pays for itself"),
        PreparedAnswer(obstacle="price", answer="A second one"),
        PreparedAnswer(obstacle="time", answer="Never met"),
    ]
    assert obstacles([universe(open_points="price; dates")], answers) == (
        Obstacle(kind=ObstacleKind.OPEN_POINT, text="dates", count=1, amount=Decimal(0)),
        Obstacle(
            kind=ObstacleKind.OPEN_POINT,
            text="price",
            count=1,
            amount=Decimal(0),
            answer="It pays for itself",
        ),
    )


@given(workbooks(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[SalesObjective], chance: Random) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert obstacles(shuffled) == obstacles(rows)
