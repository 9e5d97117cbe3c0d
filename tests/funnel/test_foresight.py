"""What is ahead of a whole workbook: by owner, by gravity, and only as far as anything is known."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from sheetfunnel.findings import Code
from sheetfunnel.funnel.foresight import Foresight, foresee, supposed
from sheetfunnel.funnel.history import Past
from sheetfunnel.funnel.objective import SalesObjective, Stage
from sheetfunnel.funnel.practice import Person, Practice, Service
from sheetfunnel.funnel.score import DAYS
from tests.funnel.closed_sales import CRITERIA, sales
from tests.funnel.pipelines import begun, pipeline
from tests.funnel.rows import TODAY, above, best_few, in_days, inside, judged

ANA = Person(name="Ana", target_income=Decimal(9000), weekly_hours=Decimal(10))
BEA = Person(name="Bea", target_income=Decimal(1), weekly_hours=Decimal(10))
TYPED = (Service(name="", amount=Decimal(1000)),)


def foreseen(*rows: SalesObjective, people: tuple[Person, ...] = (ANA,)) -> Foresight:
    practice = Practice(people=people, services=TYPED)
    assessment = judged(*rows, practice=practice)
    return foresee(assessment, criteria=CRITERIA, practice=practice, past=Past(), known=None)


def codes(found: Foresight) -> list[Code]:
    return [warned.what.code for warned in found.warnings]


def test_without_history_there_is_a_verdict_and_what_a_typed_target_asks_of_the_top() -> None:
    found = foreseen(above("a"))
    assert found.forecast.verdict is not None
    assert (found.forecast.months, found.forecast.next_30_days, found.profile) == ((), None, None)
    assert found.unlearnt is not None
    assert codes(found) == [Code.DRY_TOP]
    assert found.raised == {}, "all of the week is given to exploring already"
    busy = foreseen(above("a"), *(inside(f"{n}") for n in range(9)))
    assert busy.raised == {"ana": 70}


def test_nobody_and_nothing_is_foreseen_without_a_word_too_many() -> None:
    practice = Practice()
    found = foresee(judged(practice=practice), criteria=(), practice=practice, past=Past(), known=None)
    assert (found.warnings, found.raised, found.target) == ((), {}, None)
    assert found.forecast.verdict is not None


def test_a_dip_comes_first_and_says_by_how_much_to_explore_more() -> None:
    late = [inside(f"late {n}", first_contact=in_days(-400)) for n in range(9)]
    found = foreseen(*pipeline(until=90), *late)
    assert codes(found)[0] is Code.DIP_SEEN
    assert codes(found)[-1] is Code.JAMMED_MIDDLE
    assert found.raised["ana"] in range(10, 90, 10)
    assert all(warned.owner == "" and warned.remedy for warned in found.warnings)


def test_each_owner_is_warned_by_name_and_by_their_own_target() -> None:
    premature = best_few("hope", my_stage=Stage.BEST_FEW, fit_confirmed=False, owner="Bea")
    found = foreseen(above("a", owner="Ana"), premature, people=(ANA, BEA))
    assert {(warned.owner, warned.what.code) for warned in found.warnings} >= {
        ("Ana", Code.DRY_TOP),
        ("Bea", Code.PREMATURE_BY_HAND),
    }
    assert found.target == Decimal(9001)


def test_the_weeks_before_hold_what_would_have_been_told_and_the_score_of_it() -> None:
    found = foreseen(*pipeline())
    told = [row for row in found.past.weeks if row.reconstructed and row.forecast]
    assert len(told) == 12
    assert all((row.on + timedelta(days=1)).day == 1 for row in told)
    due = [row for row in told if row.on + timedelta(days=DAYS) <= TODAY]
    assert found.score.trials == len(due)
    assert found.score.told is not None
    assert found.past.weeks[-1].forecast == (
        found.forecast.next_30_days and found.forecast.next_30_days.value
    )


def test_what_the_closed_sales_say_is_proposed_or_it_is_said_why_not() -> None:
    found = foreseen(*sales(120, told_by="public"))
    assert found.unlearnt is None
    assert found.profile is not None
    assert max(one.proposed.value for one in found.profile.learnings if one.proposed) == 5
    noise = foreseen(*sales(120, told_by=None))
    assert noise.unlearnt is not None
    assert noise.unlearnt.code is Code.LEARN_NO_PATTERN


def test_what_is_supposed_moves_the_income_and_nothing_else() -> None:
    rows = [*pipeline(), begun("big", 20, amount=Decimal(50_000), expected_close=in_days(10))]
    practice = Practice(people=(ANA,), services=TYPED)
    assessment = judged(*rows, practice=practice)
    won, lost = (
        supposed(assessment, practice, Past(), owner=None, won=frozenset(one), lost=frozenset(other))
        for one, other in ((["big"], []), ([], ["big"]))
    )
    assert won.now == lost.now
    soon = [found.then.next_30_days for found in (won, lost)]
    assert all(soon)
    of_won, of_lost = (figure.value.median for figure in soon if figure)
    assert of_won - of_lost >= 45_000
    assert won.target == Decimal(9000)


@pytest.mark.parametrize(("command", "loaded"), [("new", False), ("demo", True)])
def test_numpy_waits_until_there_is_enough_to_estimate_from(
    command: str, tmp_path: Path, *, loaded: bool
) -> None:
    """It takes a third of the time of a small sync to load."""
    program = (
        "import sys; from sheetfunnel.cli import main; "
        f"main([{command!r}, 'book.xlsx']); main(['sync', 'book.xlsx']); print('numpy' in sys.modules)"
    )
    environment = {**os.environ, "SHEETFUNNEL_STATE": str(tmp_path / "state")}
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert ran.stdout.decode().splitlines()[-1] == str(loaded)
