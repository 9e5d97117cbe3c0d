"""The order of work: blocks, the order within each, ranks per owner."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.assess import Assessment
from sheetfunnel.funnel.objective import Outcome, Role, SalesObjective, Stage
from sheetfunnel.funnel.practice import Lines, Person, Practice, Service, Work
from sheetfunnel.funnel.priority import Block, lets_go
from sheetfunnel.funnel.profile import Fit
from tests.funnel.rows import (
    DECIDERS,
    PRACTICES,
    PROFILE,
    above,
    best_few,
    covered,
    held,
    in_days,
    inside,
    judged,
    keys,
    line,
    nobody,
    row_with,
    universe,
    workbooks,
)

ECONOMIC, USER, TECHNICAL, COACH = Role
RATING = (line("100 of 100", column="rating"),)
#: Ratings of class A, B, C and D.
A, B, C, D = ({"rating": Decimal(score)} for score in (90, 70, 50, 20))


def _ranked(*rows: SalesObjective, practice: Practice | None = None) -> list[str]:
    """Return the keys in the order of Priorities; the rows come in the order opposite to the one expected."""
    return keys(judged(*reversed(rows), practice=practice, criteria=RATING).ranked)


def _block(row: SalesObjective) -> Block | None:
    return judged(row, criteria=RATING).verdicts[0].block


@pytest.mark.parametrize(
    ("row", "block"),
    [
        (best_few(), Block.CLOSE),
        (best_few(expected_close=None), Block.CLOSE),
        (best_few(expected_close=in_days(-1)), Block.CLOSE),
        (best_few(expected_close=in_days(40)), Block.COVER),
        (best_few(expected_close=None, open_points="price"), Block.COVER),
        (best_few(expected_close=None, influences=covered(ECONOMIC)), Block.COVER),
        (inside(), Block.COVER),
        (inside(traits=D), Block.COVER),
        (above(), Block.EXPLORE),
        (above(traits=C), Block.EXPLORE),
        (above(traits={"rating": Decimal(40)}), Block.EXPLORE),
        (above(traits={"rating": Decimal(39)}), Block.LET_GO),
        (universe(traits=D), Block.LET_GO),
        (universe(), Block.EXPLORE),
        (above(paused_until=in_days(1)), Block.PAUSED),
        (above(paused_until=in_days(0)), Block.EXPLORE),
        (above(paused_until=in_days(1), traits=D), Block.PAUSED),
        (best_few(paused_until=in_days(1)), Block.PAUSED),
        (universe(my_stage=Stage.BEST_FEW), Block.CLOSE),
        (universe(my_stage=Stage.IN, traits=D), Block.COVER),
        (best_few(my_stage=Stage.ABOVE), Block.EXPLORE),
        (best_few(my_stage=Stage.ABOVE, traits=D), Block.LET_GO),
        (best_few(my_stage=Stage.IN), Block.COVER),
        (best_few(my_stage=Stage.IN, expected_close=None), Block.CLOSE),
        (best_few(my_stage=Stage.ABOVE, expected_close=None), Block.EXPLORE),
        (best_few(outcome=Outcome.WON), None),
    ],
)
def test_the_block_follows_from_the_stage_that_counts(row: SalesObjective, block: Block | None) -> None:
    assert _block(row) is block


@pytest.mark.parametrize(
    ("score", "known", "goes"),
    [(39, 5, True), (39, 10, True), (39, 4, False), (40, 10, False), (0, 5, True), (None, 0, False)],
)
def test_let_go_takes_a_fit_under_the_line_of_which_half_is_known(
    score: int | None, known: int, *, goes: bool
) -> None:
    assert lets_go(Fit(score=score, known_weight=known, all_weight=10), Lines()) is goes


def test_the_line_of_let_go_is_that_of_settings() -> None:
    fit = Fit(score=39, known_weight=1, all_weight=1)
    assert not lets_go(fit, Lines(let_go_below=39))
    assert not lets_go(Fit(score=0, known_weight=1, all_weight=1), Lines(let_go_below=0))


def test_blocks_stand_in_the_order_of_work_and_those_that_rest_at_the_end() -> None:
    order = _ranked(
        best_few(),
        above(),
        universe(),
        inside(),
        above("let go", traits=D),
        inside("paused", paused_until=in_days(9)),
    )
    assert order == ["best", "above", "universe", "in", "let go", "paused"]
    assert [block.work for block in Block] == [Work.CLOSE, Work.EXPLORE, Work.COVER, None, None]


def test_to_close_the_earliest_comes_first_then_the_larger_and_those_without_a_date_at_the_end() -> None:
    order = _ranked(
        best_few("today", expected_close=in_days(0)),
        best_few("large", expected_close=in_days(5), amount=Decimal(900)),
        best_few("small", expected_close=in_days(5), amount=Decimal("899.99")),
        best_few("unknown amount", expected_close=in_days(5)),
        best_few("by hand, no date", expected_close=None, my_stage=Stage.BEST_FEW, amount=Decimal(1)),
        best_few("long past", expected_close=in_days(-20), amount=Decimal(9000)),
        best_few("past", expected_close=in_days(-1), amount=Decimal(9000)),
        best_few("no date, large", expected_close=None, amount=Decimal(9000)),
        best_few("no date, small", expected_close=None),
    )
    assert order == [
        "today",
        "large",
        "small",
        "unknown amount",
        "by hand, no date",
        "long past",
        "past",
        "no date, large",
        "no date, small",
    ]


def test_what_lacks_only_the_date_stays_in_the_funnel_in_stage_and_count() -> None:
    found = judged(best_few(expected_close=None), best_few("near"))
    asked = found.verdicts[0]
    assert (asked.stage, asked.block, asked.rank) == (Stage.IN, Block.CLOSE, 2)
    assert found.allocations[0].counts == {Work.CLOSE: 1, Work.EXPLORE: 0, Work.COVER: 1}


def test_to_explore_the_class_comes_first_then_the_larger_then_the_longest_without_contact() -> None:
    big, small = Decimal(900), Decimal(100)
    order = _ranked(
        above("A", traits=A),
        above("B large", traits=B, amount=big),
        # 70 and 75 are one class: the amount decides
        above("B small", traits={"rating": Decimal(75)}, amount=small),
        above("never met", traits=C),
        above("met long ago", traits=C, first_contact=in_days(-50)),
        above("met again", traits=C, first_contact=in_days(-90), last_contact=in_days(-20)),
        above("unknown fit", first_contact=in_days(-10)),
        universe("universe A", traits=A, amount=small),
        universe("universe B large", traits=B, amount=big),
        universe("universe B small", traits=B, amount=small),
    )
    assert order == [
        "A",
        "B large",
        "B small",
        "never met",
        "met long ago",
        "met again",
        "unknown fit",
        "universe A",
        "universe B large",
        "universe B small",
    ]


def test_how_long_ago_is_no_matter_in_universe() -> None:
    row: dict[str, Any] = {"traits": B, "influences": (), "need": "", "client": "same"}
    recent = universe("b", last_contact=in_days(-1), **{**row, "client": "a"})
    silent = universe("a", **{**row, "client": "b"})
    assert _ranked(recent, silent) == ["b", "a"]


def test_to_cover_fewest_missing_comes_first_then_older_for_its_cycle_then_fit_then_amount() -> None:
    one_missing = (*covered(ECONOMIC, USER), held(TECHNICAL, "Ana"))
    two_missing = (*covered(ECONOMIC), held(TECHNICAL, "Ana"))
    practice = Practice(services=(Service(name="Quick", cycle=20), Service(name="Slow", cycle=200)))
    order = _ranked(
        inside("none missing", influences=covered(*DECIDERS), open_points="price", first_contact=in_days(-1)),
        inside("30 days of 20", influences=one_missing, service="Quick", first_contact=in_days(-30)),
        inside("90 days of 200", influences=one_missing, service="Slow", first_contact=in_days(-90)),
        inside("nobody decides", influences=(*map(nobody, DECIDERS), held(COACH, "Ana"))),
        inside("A", influences=two_missing, traits=A),
        inside("B 75", influences=two_missing, traits={"rating": Decimal(75)}),
        inside("B 70, large", influences=two_missing, traits=B, amount=Decimal(900)),
        inside("B 70, small", influences=two_missing, traits=B, amount=Decimal(100)),
        inside("C", influences=two_missing, traits=C),
        inside("unknown fit", influences=two_missing),
        inside("D", influences=two_missing, traits=D),
        universe("by hand, today", client="a", my_stage=Stage.IN, first_contact=in_days(0)),
        universe("by hand, not begun", client="b", my_stage=Stage.IN),
        practice=practice,
    )
    assert order == [
        "none missing",
        "30 days of 20",
        "90 days of 200",
        "nobody decides",
        "A",
        "B 75",
        "B 70, large",
        "B 70, small",
        "C",
        "unknown fit",
        "D",
        "by hand, today",
        "by hand, not begun",
    ]


def test_the_least_fitting_is_let_go_first_and_the_first_to_wake_stands_first() -> None:
    order = _ranked(
        above("10", client="z", traits={"rating": Decimal(10)}),
        above("20", client="a", traits=D),
        inside("soon", paused_until=in_days(1)),
        above("later", paused_until=in_days(9)),
    )
    assert order == ["10", "20", "soon", "later"]


@pytest.mark.parametrize(
    "row",
    [best_few(), best_few(expected_close=None), above(), universe(), inside(), above(traits=D)],
    ids=["close", "ask", "above", "universe", "in", "let go"],
)
def test_ties_go_by_client_then_objective_then_key_whatever_their_case(row: SalesObjective) -> None:
    def named(key: str, client: str, objective: str = "") -> SalesObjective:
        return row_with(row, key=key, client=client, objective=objective)

    rows = [
        named("5", "álvaro"),
        named("4", "ana", "b"),
        named("3", "ANA", "C"),
        named("1", "Bea"),
        named("2", "Bea"),
    ]
    assert _ranked(*rows) == ["5", "4", "3", "1", "2"]


def _ranks(found: Assessment) -> dict[str, int | None]:
    return {verdict.objective.key: verdict.rank for verdict in found.verdicts}


def test_each_owner_has_ranks_of_their_own_within_each_kind_of_work() -> None:
    found = judged(
        best_few("1", owner="Pep"),
        best_few("2", owner="pep ", expected_close=None),
        best_few("3", owner="Anna"),
        above("4", owner="Pep"),
        universe("5", owner="Pep"),
        inside("6", owner="Pep"),
        above("7", owner="Pep", paused_until=in_days(3)),
        above("8", owner="Pep", outcome=Outcome.LOST),
    )
    assert _ranks(found) == {"1": 1, "2": 2, "3": 1, "4": 1, "5": 2, "6": 1, "7": None, "8": None}


def test_owners_stand_in_the_order_of_settings_then_in_the_alphabet() -> None:
    people = (Person(name="Toni"), Person(name="Anna"))
    rows = [above(name, owner=name) for name in ("toni", "Anna", "Bea", "Carl")]
    assert _ranked(*rows, practice=Practice(people=people)) == ["toni", "Anna", "Bea", "Carl"]


def test_a_blank_owner_is_the_only_person_in_settings() -> None:
    rows = [above("1", owner=""), above("2", owner="Pep"), above("3", owner=" ")]
    alone = judged(*rows, practice=Practice(people=(Person(name="Pep"),)))
    assert _ranks(alone) == {"1": 1, "2": 2, "3": 3}
    assert [each.owner for each in alone.allocations] == ["Pep"]
    among_two = judged(*rows, practice=Practice(people=(Person(name="Pep"), Person(name="Anna"))))
    assert _ranks(among_two) == {"1": 1, "2": 1, "3": 2}


@given(workbooks(), PRACTICES)
def test_ranks_run_from_1_to_n_for_each_owner_and_kind_of_work(
    rows: list[SalesObjective], practice: Practice
) -> None:
    found = judged(*rows, practice=practice, criteria=PROFILE)
    groups: dict[tuple[Block | None, str], list[int]] = {}
    sole = practice.people[0].name if len(practice.people) == 1 else ""
    for verdict in found.ranked:
        if verdict.rank is None:
            assert verdict.block in {Block.LET_GO, Block.PAUSED}
            continue
        owner = verdict.objective.owner.strip() or sole
        groups.setdefault((verdict.block, owner.casefold()), []).append(verdict.rank)
    assert all(each == list(range(1, len(each) + 1)) for each in groups.values())


@given(workbooks(), PRACTICES, st.randoms(use_true_random=False))
def test_the_ranking_is_the_same_however_the_rows_are_sorted(
    rows: list[SalesObjective], practice: Practice, chance: Random
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    one = judged(*rows, practice=practice, criteria=PROFILE)
    other = judged(*shuffled, practice=practice, criteria=PROFILE)
    assert keys(one.ranked) == keys(other.ranked)
    assert _ranks(one) == _ranks(other)


@given(workbooks(), PRACTICES)
def test_every_open_objective_stands_in_the_order_once_block_after_block(
    rows: list[SalesObjective], practice: Practice
) -> None:
    found = judged(*rows, practice=practice, criteria=PROFILE)
    assert sorted(keys(found.ranked)) == sorted(row.key for row in rows if row.outcome is None)
    blocks = [list(Block).index(verdict.block) for verdict in found.ranked if verdict.block]
    assert all(before <= after for before, after in pairwise(blocks))
