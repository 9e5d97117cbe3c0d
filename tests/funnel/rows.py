"""Objectives for tests: one for each stage, as short as its evidence allows, and any at all."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from sheetfunnel.funnel.assess import Assessment, Verdict, assess
from sheetfunnel.funnel.objective import (
    BuyingInfluence,
    Outcome,
    Role,
    SalesObjective,
    Stage,
    Trait,
)
from sheetfunnel.funnel.practice import Person, Practice, PreparedAnswer, Service
from sheetfunnel.funnel.profile import Criterion, criterion

TODAY = date(2026, 3, 2)
DECIDERS = (Role.ECONOMIC, Role.USER, Role.TECHNICAL)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def held(role: Role, *names: str, covered: bool = False, nobody: bool = False) -> BuyingInfluence:
    return BuyingInfluence(role=role, names=names, covered=covered, nobody=nobody)


def nobody(role: Role) -> BuyingInfluence:
    return held(role, nobody=True)


def covered(*roles: Role) -> tuple[BuyingInfluence, ...]:
    return tuple(held(role, f"{role.value} person", covered=True) for role in roles)


def universe(key: str = "universe", **cells: Any) -> SalesObjective:  # noqa: ANN401 - any cell of a row
    return SalesObjective(**{"key": key, "client": key, **cells})


def above(key: str = "above", **cells: Any) -> SalesObjective:  # noqa: ANN401 - any cell of a row
    return universe(key, **{"need": "They asked", **cells})


def inside(key: str = "in", **cells: Any) -> SalesObjective:  # noqa: ANN401 - any cell of a row
    begun = {"first_contact": in_days(-10), "fit_confirmed": True, "influences": (held(Role.USER, "Ana"),)}
    return above(key, **{**begun, **cells})


def best_few(key: str = "best", **cells: Any) -> SalesObjective:  # noqa: ANN401 - any cell of a row
    near = {"influences": covered(*DECIDERS), "expected_close": in_days(5)}
    return inside(key, **{**near, **cells})


def line(
    ideal: Trait | None, *, weight: int = 1, column: str = "trait", must: bool = False, name: str = ""
) -> Criterion:
    """Return a criterion that can be read."""
    made = criterion(name=name, kind=None, column=column, ideal=ideal, weight=weight, must=must)
    assert isinstance(made, Criterion), made
    return made


def judged(
    *objectives: SalesObjective, practice: Practice | None = None, criteria: Sequence[Criterion] = ()
) -> Assessment:
    return assess(objectives, criteria=criteria, practice=practice or Practice(), today=TODAY)


def verdict_on(
    objective: SalesObjective, *, practice: Practice | None = None, criteria: Sequence[Criterion] = ()
) -> Verdict:
    return judged(objective, practice=practice, criteria=criteria).verdicts[0]


def keys(verdicts: Sequence[Verdict]) -> list[str]:
    return [verdict.objective.key for verdict in verdicts]


#: Few words, so that rows share owners, services, clients and open points.
WORDS = st.sampled_from(["", " ", "Ana", "ANA", "Bea", "José"])
DAYS = st.integers(-120, 120).map(in_days)
PEOPLE = st.sampled_from([(), ("Ana",), ("Bea",), ("Ana", "Bea")])
AMOUNTS = st.sampled_from([None, Decimal(0), Decimal(100), Decimal("99.5")])
#: The second looks at a rating, the third at a yes or no.
PROFILE = (
    line("10..50", weight=3, column="headcount"),
    line("4 of 5", weight=2, column="openness", must=True),
    line("yes", weight=5, column="public", must=True),
)


@st.composite
def influences(draw: st.DrawFn) -> tuple[BuyingInfluence, ...]:
    roles = draw(st.lists(st.sampled_from(list(Role)), unique=True))
    return tuple(
        held(role, *names, covered=draw(st.booleans()), nobody=not names and draw(st.booleans()))
        for role in roles
        for names in [draw(PEOPLE)]
    )


TRAITS = st.fixed_dictionaries(
    {},
    optional={
        "headcount": st.integers(0, 99).map(Decimal) | st.just("many"),
        "openness": st.integers(0, 6).map(Decimal),
        "public": st.booleans(),
    },
)


def objectives(
    *, outcomes: st.SearchStrategy[Outcome | None] | None = None
) -> st.SearchStrategy[SalesObjective]:
    """Return any objectives, their keys all the same."""
    maybe = st.none() | DAYS
    return st.builds(
        SalesObjective,
        key=st.just("key"),
        client=WORDS,
        objective=WORDS,
        amount=AMOUNTS,
        need=WORDS,
        first_contact=maybe,
        fit_confirmed=st.sampled_from([None, False, True]),
        influences=influences(),
        open_points=st.sampled_from(["", "price", "price; dates"]),
        expected_close=maybe,
        next_step=st.sampled_from(["", "Call"]),
        next_step_on=maybe,
        outcome=st.none() if outcomes is None else outcomes,
        service=WORDS,
        owner=WORDS,
        last_contact=maybe,
        paused_until=st.none() | DAYS,
        closed_on=maybe,
        reason=WORDS,
        my_stage=st.none() | st.sampled_from(list(Stage)),
        traits=TRAITS,
    )


@st.composite
def workbooks(draw: st.DrawFn) -> list[SalesObjective]:
    """Return the rows of a whole workbook, each with a key of its own."""
    ends = st.none() | st.sampled_from(list(Outcome))
    rows = draw(st.lists(objectives(outcomes=ends), max_size=12))
    return [row_with(row, key=f"{number}") for number, row in enumerate(rows)]


_FIELDS = inspect.signature(SalesObjective).parameters


def row_with(row: SalesObjective, **cells: Any) -> SalesObjective:  # noqa: ANN401 - any cell of a row
    """Return a row after somebody typed into some of its cells."""
    return SalesObjective(**{**{name: getattr(row, name) for name in _FIELDS}, **cells})


PRACTICES = st.builds(
    Practice,
    people=st.lists(
        st.sampled_from(["Ana", "Bea", "Carl"]).map(lambda name: Person(name=name)), max_size=3
    ).map(tuple),
    services=st.lists(
        st.builds(
            Service,
            name=st.sampled_from(["Ana", "Bea", "Team day"]),
            cycle=st.none() | st.integers(1, 120),
            buyer_decides_alone=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    answers=st.just((PreparedAnswer(obstacle="Price", answer="It pays for itself"),)),
)
