"""With hardly anything closed, every number is typed by the person, marked as weak, or absent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.small import small_data
from sheetfunnel.funnel.ahead import Aim
from sheetfunnel.funnel.back_test import back_test
from sheetfunnel.funnel.cycle import normal_cycles
from sheetfunnel.funnel.diagnosis import needed_above
from sheetfunnel.funnel.figures import ENOUGH, Figure, Origin, counted
from sheetfunnel.funnel.forecast import forecast, sight
from sheetfunnel.funnel.learning import learn
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.practice import Practice, Service
from sheetfunnel.funnel.score import scored
from tests.campaign import examples
from tests.funnel.closed_sales import CRITERIA
from tests.funnel.pipelines import begun, ledger
from tests.funnel.rows import TODAY, in_days

TYPED = Practice(services=(Service(name="", cycle=60, amount=Decimal(900)),))


def figures(found: object) -> Iterator[Figure[object]]:
    """Yield every figure in a result, however deep."""
    if isinstance(found, Figure):
        yield found
    elif isinstance(found, dict):
        yield from figures(tuple(found.values()))
    elif isinstance(found, tuple | list):
        for each in found:
            yield from figures(each)
    elif is_dataclass(found):
        yield from figures([getattr(found, one.name) for one in fields(found)])


def results(rows: list[SalesObjective], practice: Practice) -> list[object]:
    """Return all that is told of a list."""
    book, chance = ledger(rows, practice), np.random.default_rng(1)
    seen = sight(book, practice)
    cycles = normal_cycles(rows, practice, TODAY)
    return [
        [cycle.figure for cycle in cycles.values()],
        learn(CRITERIA, rows),
        forecast(seen, Aim(target=Decimal(9000), exploring=20), chance),
        scored([(one.income, one.income_came) for one in back_test(book, practice, chance)]),
        needed_above(rows, cycles, practice, Decimal(9000)),
    ]


def some(count: int, won: int) -> list[SalesObjective]:
    """Return so many closed sales, the first of them won, and three open ones."""
    closed = [
        begun(
            f"closed {number}",
            200 - 7 * number,
            outcome=Outcome.WON if number < won else Outcome.LOST,
            closed_on=in_days(7 * number - 150),
            traits={"public": number % 2 == 0, "sector": "Health"},
        )
        for number in range(count)
    ]
    return closed + [begun(f"open {number}", 5 * number, traits={"public": True}) for number in range(3)]


@pytest.mark.parametrize("count", [0, 1, 3, 10])
@pytest.mark.parametrize("practice", [Practice(), TYPED])
@given(st.data())
@examples(short=4, full=40)
def test_every_number_is_typed_weak_or_absent(practice: Practice, count: int, data: st.DataObject) -> None:
    rows = some(count, data.draw(st.integers(0, count)))
    found = list(figures(results(rows, practice)))
    assert {one.origin for one in found} <= {Origin.TYPED, Origin.WEAK}
    assert all(one.cases <= count for one in found)


def test_nothing_is_typed_that_nobody_typed() -> None:
    found = list(figures(results(some(0, 0), Practice())))
    assert {one.origin for one in found} == {Origin.WEAK}


def test_what_was_counted_from_enough_cases_is_not_weak() -> None:
    assert counted(1, ENOUGH - 1).weak
    assert not counted(1, ENOUGH).weak


def test_the_page_of_evidence_shows_the_same() -> None:
    lines = [line for line in small_data().splitlines() if line.startswith(("| 0 ", "| 1 ", "| 3 ", "| 10 "))]
    assert len(lines) == 4
    assert not any("measured" in line for line in lines)
