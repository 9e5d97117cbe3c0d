"""What closed sales say of the ideal client: softly while few, and nothing where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.findings import Code, remark
from sheetfunnel.funnel.figures import Origin
from sheetfunnel.funnel.learning import Learning, Profile, chances_of, learn
from sheetfunnel.funnel.objective import Outcome
from tests.campaign import examples
from tests.funnel.closed_sales import CRITERIA, sale, sales
from tests.funnel.rows import line, row_with

WON, LOST, DROPPED = Outcome


def _all(profiles: Sequence[Profile]) -> list[Learning]:
    return [one for profile in profiles for one in profile.learnings]


def _proposed(profile: Profile) -> list[int | None]:
    return [None if one.proposed is None else one.proposed.value for one in profile.learnings]


@pytest.mark.parametrize("count", [0, 1, 3, 9])
def test_nothing_is_proposed_from_a_handful(count: int) -> None:
    profile = learn(CRITERIA, sales(count, told_by="sector"))
    assert _proposed(profile) == [None] * 3
    assert profile.verdict == remark(Code.LEARN_TOO_FEW, count=count, needed=10, each=3)
    assert profile.log_loss is None
    assert chances_of(CRITERIA, sales(count, told_by="sector")) == {}


def test_a_profile_that_nobody_filled_in_teaches_nothing() -> None:
    rows = [row_with(one, traits={}) for one in sales(40, told_by="sector")]
    profile = learn(CRITERIA, rows)
    assert profile.verdict == remark(Code.LEARN_NOTHING_WRITTEN)
    assert _proposed(profile) == [None] * 3
    assert chances_of(CRITERIA, rows) == {}
    alike = [row_with(one, traits={"sector": "Health"}) for one in rows]
    assert learn(CRITERIA, alike).verdict == remark(Code.LEARN_NO_PATTERN, count=40)


def test_nothing_is_proposed_for_what_no_closed_sale_says_anything_of() -> None:
    rows = [row_with(one, traits={"public": one.traits["public"]}) for one in sales(120, told_by="public")]
    first, *others = _proposed(learn(CRITERIA, rows))
    assert first is not None
    assert others == [None, None]


def test_ten_wins_and_no_loss_are_no_pattern_either() -> None:
    rows = [row_with(one, outcome=WON) for one in sales(30, told_by=None)]
    verdict = learn(CRITERIA, rows).verdict
    assert verdict == remark(Code.LEARN_TOO_FEW, count=30, needed=10, each=3)


def test_what_ten_closed_sales_say_is_marked_as_weak() -> None:
    rows = [row_with(one, outcome=WON if one.traits["public"] else LOST) for one in sales(14, told_by=None)]
    rows = [row_with(one, outcome=LOST) if one.key == "0" else one for one in rows]
    rows.append(sale("open", dict(rows[0].traits)))
    profile = learn(CRITERIA, rows)
    figures = (profile.log_loss, profile.base_loss, *chances_of(CRITERIA, rows).values())
    weights = tuple(one.proposed for one in profile.learnings)
    assert profile.usable
    assert {figure.origin for figure in (*figures, *weights) if figure is not None} == {Origin.WEAK}


@pytest.mark.parametrize("seed", range(5))
def test_where_there_is_no_pattern_it_says_so(seed: int) -> None:
    profile = learn(CRITERIA, sales(200, told_by=None, seed=seed))
    assert profile.verdict == remark(Code.LEARN_NO_PATTERN, count=200)
    assert _proposed(profile) == [None] * 3
    assert profile.log_loss is not None
    assert profile.base_loss is not None
    assert profile.log_loss.value > profile.base_loss.value - 0.02


def test_many_sales_raise_what_tells_and_lower_what_does_not() -> None:
    profile = learn(CRITERIA, sales(300, told_by="sector"))
    public, openness, sector = (one.proposed.value for one in profile.learnings if one.proposed)
    assert profile.usable
    assert sector == 5
    assert public < 3
    assert openness < 3
    assert {one.proposed.origin for one in profile.learnings if one.proposed} == {Origin.MEASURED}


def test_few_sales_move_the_typed_weights_less_than_many() -> None:
    moved = []
    for count in (25, 70, 300):
        profiles = [learn(CRITERIA, sales(count, told_by="public", seed=seed)) for seed in range(6)]
        moves = [abs(one.proposed.value - one.criterion.weight) for one in _all(profiles) if one.proposed]
        moved.append(sum(moves) / len(moves))
    assert moved[0] < moved[1] < moved[2]


def test_the_counts_are_those_of_the_best_clients_and_of_all_others() -> None:
    rows = [
        *(sale(f"w{n}", {"public": n < 8}, outcome=WON) for n in range(10)),
        *(sale(f"l{n}", {"public": n < 3}, outcome=LOST) for n in range(11)),
        sale("poor", {"public": False}, outcome=WON, satisfaction=1),
        sale("dropped", {"public": True}, outcome=DROPPED),
        sale("unknown", {}, outcome=LOST),
        sale("open", {"public": True}),
    ]
    (one,) = learn([line("yes", column="public")], rows).learnings
    assert one.evidence == remark(Code.CRITERION_EVIDENCE, have=8, count=10, others_have=3, others=12)


def test_a_criterion_of_which_one_side_says_nothing_has_no_evidence() -> None:
    rows = [sale("w", {"public": True}, outcome=WON), sale("l", {}, outcome=LOST)]
    (one,) = learn([line("yes", column="public")], rows).learnings
    assert one.evidence is None


def test_an_open_objective_that_meets_what_tells_has_the_better_chance() -> None:
    rows = sales(120, told_by="public")
    good = sale("good", {"public": True})
    bad = sale("bad", {"public": False})
    unknown = sale("unknown", {})
    chances = chances_of(CRITERIA, [*rows, good, bad, unknown])
    assert set(chances) == {"good", "bad", "unknown"}
    assert chances["bad"].value < chances["unknown"].value < chances["good"].value
    assert chances["good"].value > 0.7


@given(st.randoms(use_true_random=False))
@examples(short=3, full=30)
def test_the_order_of_rows_changes_nothing(chance: Random) -> None:
    rows = sales(60, told_by="public")
    shuffled = [*rows]
    chance.shuffle(shuffled)
    first, second = learn(CRITERIA, rows), learn(CRITERIA, shuffled)
    assert _proposed(first) == _proposed(second)
    assert first.verdict == second.verdict
    assert first.log_loss is not None
    assert second.log_loss is not None
    assert first.log_loss.value == pytest.approx(second.log_loss.value)


def test_a_column_that_is_filled_once_a_sale_has_ended_is_told_and_not_learnt_from() -> None:
    rows = [row_with(one, traits={"paid": one.outcome is WON}) for one in sales(40, told_by="public")]
    rows += [sale(f"open {number}", {}) for number in range(10)]
    profile = learn([line("yes", column="paid"), *CRITERIA], rows)
    assert profile.learnings[0].evidence == remark(Code.COLUMN_FILLED_AFTER, column="paid")
    assert profile.learnings[0].proposed is None
    assert not profile.usable


def test_a_column_that_belongs_to_one_outcome_without_exception_is_not_learnt_from() -> None:
    rows = sales(40, told_by="public")
    told = {WON: "signed", LOST: "declined"}
    tells = [row_with(one, traits={**one.traits, "mail": told[one.outcome]}) for one in rows if one.outcome]
    filled = [row_with(one, traits={**one.traits, **_bill(one.outcome)}) for one in rows]
    for column, wanted, code in (
        ("mail", tells, Code.COLUMN_TELLS_OUTCOME),
        ("bill", filled, Code.COLUMN_FILLED_BY_OUTCOME),
    ):
        with_it = learn([line("signed; 1", column=column), *CRITERIA], wanted)
        assert with_it.learnings[0].evidence == remark(code, column=column)
        assert _proposed(with_it)[1:] == _proposed(learn(CRITERIA, rows))


def _bill(outcome: Outcome | None) -> dict[str, str]:
    return {"bill": "1"} if outcome is WON else {}


def test_names_that_are_all_different_are_not_taken_for_the_outcome() -> None:
    rows = [row_with(one, traits={**one.traits, "name": one.key}) for one in sales(40, told_by="public")]
    assert learn([line("1", column="name"), *CRITERIA], rows).learnings[0].hindsight is None


def test_where_columns_say_more_than_the_ideals_written_for_them_they_are_used_for_the_chances() -> None:
    # The ideal asks for Trade; Building is what wins.
    rows = [
        row_with(one, outcome=WON if one.traits["sector"] == "Building" else LOST)
        if int(one.key) % 10
        else one
        for one in sales(300, told_by=None)
    ]
    criteria = [line("Trade", weight=3, column="sector"), line("yes", weight=3, column="public")]
    still = [sale(name, {"sector": name, "public": True}) for name in ("Building", "Health", "Trade")]
    chances = chances_of(criteria, [*rows, *still])
    assert chances["Building"].value > 0.7
    assert chances["Health"].value < 0.3
