"""Stages: each asks for what stands in its row of the table, and for all before it."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.evidence import Condition
from sheetfunnel.funnel.objective import BuyingInfluence, Role, SalesObjective, Stage
from sheetfunnel.funnel.stages import REQUIRED, further, only_missing, stage_of
from tests.funnel.examined import examine
from tests.funnel.rows import TODAY, above, best_few, covered, in_days, inside, objectives, row_with, universe

EVERY_SUBSET = [
    frozenset(some) for size in range(len(Condition) + 1) for some in combinations(Condition, size)
]


def _stage(row: SalesObjective, cycle: int = 60, *, alone: bool = False) -> Stage:
    return stage_of(examine(row, cycle, alone=alone).holds)


@pytest.mark.parametrize(
    ("row", "stage"),
    [
        (universe(), Stage.UNIVERSE),
        (universe(first_contact=in_days(-3), influences=covered(Role.USER)), Stage.UNIVERSE),
        (above(), Stage.ABOVE),
        (universe(fit_confirmed=True), Stage.ABOVE),
        (inside(first_contact=None), Stage.ABOVE),
        (inside(influences=()), Stage.ABOVE),
        (inside(fit_confirmed=None), Stage.ABOVE),
        (inside(), Stage.IN),
        (inside(need=""), Stage.IN),
        (best_few(), Stage.BEST_FEW),
        (best_few(open_points="price"), Stage.IN),
        (best_few(expected_close=None), Stage.IN),
        (best_few(expected_close=in_days(-1)), Stage.IN),
        (best_few(expected_close=in_days(30)), Stage.IN),
        (best_few(first_contact=None), Stage.ABOVE),
        (best_few(fit_confirmed=False, need=""), Stage.UNIVERSE),
    ],
)
def test_the_stage_follows_from_what_the_row_proves(row: SalesObjective, stage: Stage) -> None:
    assert _stage(row) is stage


def test_every_set_of_conditions_has_the_furthest_stage_of_which_all_hold() -> None:
    reached = {Stage.UNIVERSE: frozenset[Condition]()}
    for stage, required in REQUIRED:
        reached[stage] = reached[list(reached)[-1]] | required
    assert reached[Stage.BEST_FEW] == set(Condition)
    for holds in EVERY_SUBSET:
        assert stage_of(holds) is [stage for stage, needed in reached.items() if needed <= holds][-1]


def test_a_condition_that_turns_true_never_moves_a_stage_away_from_closing() -> None:
    for holds in EVERY_SUBSET:
        for condition in Condition:
            assert not further(stage_of(holds), than=stage_of(holds | {condition}))


@given(row=objectives(), cycle=st.integers(1, 200), alone=st.booleans(), data=st.data())
def test_more_evidence_in_a_row_never_moves_it_away_from_closing(
    row: SalesObjective, cycle: int, *, alone: bool, data: st.DataObject
) -> None:
    def all_covered(held: BuyingInfluence) -> BuyingInfluence:
        return BuyingInfluence(role=held.role, names=held.names, nobody=held.nobody, covered=True)

    more: list[dict[str, Any]] = [
        {"need": "They asked"},
        {"fit_confirmed": True},
        {"first_contact": TODAY},
        {"open_points": ""},
        {"expected_close": TODAY},
        {"influences": tuple(all_covered(held) for held in row.influences)},
    ]
    typed = data.draw(st.sampled_from(more))
    before, after = _stage(row, cycle, alone=alone), _stage(row_with(row, **typed), cycle, alone=alone)
    assert not further(before, than=after)


@pytest.mark.parametrize(
    ("stage", "than", "is_further"),
    [
        (Stage.BEST_FEW, Stage.IN, True),
        (Stage.IN, Stage.ABOVE, True),
        (Stage.ABOVE, Stage.UNIVERSE, True),
        (Stage.ABOVE, Stage.ABOVE, False),
        (Stage.ABOVE, Stage.IN, False),
    ],
)
def test_further_is_nearer_to_agreement(stage: Stage, than: Stage, *, is_further: bool) -> None:
    assert further(stage, than=than) is is_further


def test_a_condition_is_the_only_one_missing_when_all_others_hold() -> None:
    others = frozenset(Condition) - {Condition.CLOSING_SOON}
    assert only_missing(others, Condition.CLOSING_SOON)
    assert not only_missing(others, Condition.FIT_EVIDENCE)
    assert not only_missing(frozenset(Condition), Condition.CLOSING_SOON)
    assert not only_missing(others - {Condition.FIT_EVIDENCE}, Condition.CLOSING_SOON)
