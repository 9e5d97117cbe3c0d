"""The simulated practice on the command line."""

from __future__ import annotations

import pytest

from tests.cli.runner import Run


def test_two_ways_of_spending_the_week_are_compared(run: Run) -> None:
    ran = run("simulate", "--lives", "3")
    assert ran.code == 0
    head, idle, allocation, last = (each.strip() for each in ran.out.splitlines())
    assert "Income of four weeks" in head
    assert idle.startswith("Explore when idle")
    assert allocation.startswith("Explore by allocation")
    assert last.startswith("3 seeded lives")
    assert run("simulate", "--lives", "3").out == ran.out


def test_more_to_deliver_makes_the_income_of_whoever_explores_when_idle_vary_more(run: Run) -> None:
    light, heavy = (
        {one["policy"]: one for one in run("simulate", "--lives", "8", "--delivery", hours, "--json").json}
        for hours in ("0.5", "3")
    )
    assert heavy["idle"]["varies"] > light["idle"]["varies"]
    assert heavy["idle"]["varies"] > heavy["allocation"]["varies"]


def test_with_a_target_the_warnings_are_counted(run: Run) -> None:
    ran = run("simulate", "--lives", "1", "--target", "6000")
    assert ran.code == 0
    assert "dips under the target" in ran.out
    assert ran.out.count("warnings") == 2


@pytest.mark.parametrize("words", [("--lives", "0"), ("--hours", "many"), ("--target", "-1")])
def test_wrong_numbers_are_told(run: Run, words: tuple[str, ...]) -> None:
    assert run("simulate", *words).code == 2
