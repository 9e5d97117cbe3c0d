"""The single sales objective as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sheetfunnel.funnel.objective import BuyingInfluence, Role, Stage
from tests.funnel.rows import held, universe


def test_the_holder_of_a_role_is_found_and_one_of_whom_nothing_is_written_is_unknown() -> None:
    row = universe(influences=(held(Role.USER, "Ana"), held(Role.ECONOMIC, "Bea", covered=True)))
    assert row.influence(Role.ECONOMIC) == held(Role.ECONOMIC, "Bea", covered=True)
    assert row.influence(Role.TECHNICAL) == BuyingInfluence(role=Role.TECHNICAL)
    assert not row.influence(Role.TECHNICAL).nobody


def test_stages_stand_from_far_to_near() -> None:
    assert [stage.value for stage in Stage] == ["universe", "above", "in", "best_few"]


def test_nobody_changes_an_objective_once_it_is_read() -> None:
    row = universe()
    with pytest.raises(AttributeError):
        row.surname = "Another"  # type: ignore[attr-defined] # what is tested is that this is refused
    if TYPE_CHECKING:  # and this by the type checker: were it not, it would complain of a needless ignore
        row.client = "Another"  # type: ignore[misc]
