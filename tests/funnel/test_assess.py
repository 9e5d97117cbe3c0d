"""The one way in: what is said of each objective, of everybody's week, and the laws of the whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.assess import assess
from sheetfunnel.funnel.evidence import Condition
from sheetfunnel.funnel.objective import BuyingInfluence, Outcome, Role, SalesObjective, Stage
from sheetfunnel.funnel.practice import Lines, Person, Practice, PreparedAnswer, Service, Work
from sheetfunnel.funnel.priority import Block
from sheetfunnel.funnel.single import Question
from sheetfunnel.funnel.stages import further
from tests.funnel.rows import (
    PRACTICES,
    PROFILE,
    TODAY,
    above,
    best_few,
    covered,
    in_days,
    inside,
    judged,
    keys,
    line,
    objectives,
    row_with,
    universe,
    verdict_on,
    workbooks,
)

RATING = (line("100 of 100", column="rating"),)
LOW = {"rating": Decimal(20)}


def test_nothing_at_all_is_a_funnel_too() -> None:
    found = assess([], criteria=[], practice=Practice(people=(Person(name="Pep"),)), today=TODAY)
    assert (found.verdicts, found.ranked, found.obstacles, found.today) == ((), (), (), TODAY)
    assert found.allocations[0].shares == {Work.CLOSE: 0, Work.EXPLORE: 100, Work.COVER: 0}


def test_my_stage_counts_and_the_evidence_stands_beside_it() -> None:
    verdict = verdict_on(above(my_stage=Stage.IN))
    assert (verdict.stage, verdict.evidence, verdict.block) == (Stage.IN, Stage.ABOVE, Block.COVER)
    assert verdict.do_next == remark(Code.DO_REACH_INFLUENCE)
    assert not verdict.clear_my_stage


@pytest.mark.parametrize(
    ("mine", "clear"),
    [(None, False), (Stage.UNIVERSE, True), (Stage.ABOVE, True), (Stage.IN, False), (Stage.BEST_FEW, False)],
)
def test_where_the_evidence_has_gone_further_my_stage_is_to_be_cleared(
    mine: Stage | None, *, clear: bool
) -> None:
    assert verdict_on(inside(my_stage=mine)).clear_my_stage is clear


def test_placed_among_the_best_few_against_the_evidence_it_is_shown_as_such() -> None:
    verdict = verdict_on(inside(my_stage=Stage.BEST_FEW))
    assert (verdict.stage, verdict.evidence) == (Stage.BEST_FEW, Stage.IN)
    assert verdict.why[0].code is Code.WHY_YOURS


@pytest.mark.parametrize(
    ("cells", "do_next", "overdue"),
    [
        ({}, remark(Code.DO_REACH_INFLUENCE), False),
        ({"next_step": " \n"}, remark(Code.DO_REACH_INFLUENCE), False),
        ({"next_step": " Call Ana "}, remark(Code.DO_OWN, step="Call Ana"), False),
        ({"next_step": "Call", "next_step_on": in_days(1)}, remark(Code.DO_OWN, step="Call"), False),
        ({"next_step": "Call", "next_step_on": in_days(0)}, remark(Code.DO_OWN, step="Call"), False),
        ({"next_step": "Call", "next_step_on": in_days(-1)}, remark(Code.DO_OWN_OVERDUE, step="Call"), True),
        ({"next_step_on": in_days(-1)}, remark(Code.DO_REACH_INFLUENCE), False),
        ({"traits": LOW}, remark(Code.DO_LET_GO), False),
        ({"traits": LOW, "next_step": "Call"}, remark(Code.DO_OWN, step="Call"), False),
        ({"traits": LOW, "paused_until": in_days(1)}, remark(Code.DO_REACH_INFLUENCE), False),
    ],
)
def test_do_next_is_the_persons_own_step_or_else_what_the_evidence_asks_for(
    cells: dict[str, Any], do_next: Remark, *, overdue: bool
) -> None:
    verdict = verdict_on(above(**cells), criteria=RATING)
    assert (verdict.do_next, verdict.overdue) == (do_next, overdue)


@pytest.mark.parametrize(
    ("row", "due"),
    [
        (best_few(), in_days(5)),
        (best_few(next_step_on=in_days(2)), in_days(2)),
        (best_few(my_stage=Stage.IN), None),
        (best_few(expected_close=in_days(40)), None),
        (best_few(expected_close=in_days(-1)), None),
        (above(expected_close=in_days(5)), None),
        (above(expected_close=in_days(5), my_stage=Stage.BEST_FEW), in_days(5)),
        (above(next_step="Call", next_step_on=in_days(-2)), in_days(-2)),
    ],
)
def test_due_is_the_day_of_the_next_step_or_the_expected_close_in_best_few(
    row: SalesObjective, due: date | None
) -> None:
    assert verdict_on(row).due == due


@pytest.mark.parametrize(
    ("begun", "age", "times", "slow"),
    [
        (None, None, None, False),
        (1, None, None, False),
        (0, 0, "0.0", False),
        (-60, 60, "1.0", False),
        (-61, 61, "1.0", True),
        (-96, 96, "1.6", True),
    ],
)
def test_older_than_its_cycle_is_slow(
    begun: int | None, age: int | None, times: str | None, *, slow: bool
) -> None:
    verdict = verdict_on(inside(first_contact=None if begun is None else in_days(begun)))
    shown = None if verdict.times_cycle is None else str(verdict.times_cycle)
    assert (verdict.age, shown, verdict.slow) == (age, times, slow)


def test_the_cycle_of_its_own_service_decides_what_is_near_and_what_is_slow() -> None:
    services = (Service(name="Talks", cycle=10), Service(name="Coaching", cycle=11))
    practice = Practice(services=services)
    rows = [
        best_few(name, service=name, expected_close=in_days(5), first_contact=in_days(-11))
        for name in ("talks", "coaching")
    ]
    found = judged(*rows, practice=practice)
    assert [verdict.stage for verdict in found.verdicts] == [Stage.IN, Stage.BEST_FEW]
    assert [verdict.slow for verdict in found.verdicts] == [True, False]
    assert {key: cycle.days for key, cycle in found.cycles.items()} == {"talks": 10, "coaching": 11}


def test_a_service_says_whether_its_buyer_decides_alone() -> None:
    practice = Practice(services=(Service(name="Coaching", buyer_decides_alone=True), Service(name="Talks")))
    rows = [best_few(name, service=name, influences=covered(Role.ECONOMIC)) for name in ("COACHING", "Talks")]
    assert [each.stage for each in judged(*rows, practice=practice).verdicts] == [Stage.BEST_FEW, Stage.IN]


def test_what_has_ended_has_no_stage_no_rank_and_nothing_to_do() -> None:
    verdict = verdict_on(best_few(outcome=Outcome.LOST, reason="price", my_stage=Stage.IN, next_step="x"))
    assert (verdict.stage, verdict.block, verdict.rank, verdict.do_next, verdict.due) == (None,) * 5
    assert (verdict.age, verdict.times_cycle, verdict.slow, verdict.overdue) == (None, None, False, False)
    assert verdict.evidence is Stage.BEST_FEW
    assert verdict.holds == set(Condition)
    assert verdict.unanswered == ()
    assert verdict.why == (
        remark(Code.WHY_ENDED, outcome=Outcome.LOST),
        remark(Code.WHY_REASON, reason="price"),
    )


def test_the_questions_that_an_open_row_leaves_open_are_told() -> None:
    assert verdict_on(above()).unanswered == (Question.WHAT, Question.HOW_MUCH, Question.BY_WHEN)


def test_verdicts_come_in_the_order_of_the_rows() -> None:
    rows = [inside("1"), above("2", outcome=Outcome.WON), best_few("3"), universe("4")]
    found = judged(*rows)
    assert keys(found.verdicts) == ["1", "2", "3", "4"]
    assert keys(found.ranked) == ["3", "4", "1"]


def test_the_week_counts_what_is_open_unpaused_and_not_let_go_by_the_stage_that_counts() -> None:
    counted = [
        above("1"),
        above("2"),
        inside("3"),
        best_few("4"),
        best_few("5", my_stage=Stage.IN),
        universe("6", my_stage=Stage.ABOVE),
        inside("7", my_stage=Stage.ABOVE),
    ]
    not_counted = [
        universe("8"),
        universe("9"),
        above("10", paused_until=in_days(5)),
        best_few("11", paused_until=in_days(5)),
        above("12", traits=LOW),
        inside("13", outcome=Outcome.WON),
        inside("14", my_stage=Stage.UNIVERSE),
    ]
    week = judged(*counted, *not_counted, criteria=RATING).allocations[0]
    assert week.counts == {Work.CLOSE: 1, Work.EXPLORE: 4, Work.COVER: 2}


def test_there_is_a_week_for_everybody_in_settings_and_for_whoever_else_owns_something() -> None:
    people = (Person(name="Toni", weekly_hours=Decimal(10)), Person(name="Anna"), Person(name="TONI"))
    rows = [
        above("1", owner="toni"),
        above("2", owner="zoe"),
        inside("3", owner="Zoe "),
        above("4", owner=""),
    ]
    rows.append(above("5", owner="Gone", outcome=Outcome.WON))
    found = judged(*rows, practice=Practice(people=people, lines=Lines(exploring_floor=30)))
    assert [(week.owner, sum(week.counts.values())) for week in found.allocations] == [
        ("Toni", 1),
        ("Anna", 0),
        ("", 1),
        ("Zoe", 2),
    ]
    assert found.allocations[0].hours is not None
    assert found.allocations[3].shares == {Work.CLOSE: 0, Work.EXPLORE: 50, Work.COVER: 50}


def test_the_exploring_floor_is_that_of_settings() -> None:
    practice = Practice(lines=Lines(exploring_floor=30))
    week = judged(best_few("1"), inside("2"), practice=practice).allocations[0]
    assert week.shares == {Work.CLOSE: 40, Work.EXPLORE: 30, Work.COVER: 30}


def test_obstacles_come_with_their_prepared_answers() -> None:
    answers = (PreparedAnswer(obstacle="PRICE", answer="It pays for itself"),)
    (only,) = judged(inside(open_points="price"), practice=Practice(answers=answers)).obstacles
    assert (only.text, only.answer) == ("price", "It pays for itself")


@given(workbooks(), PRACTICES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    rows: list[SalesObjective], practice: Practice, chance: Random
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    one = judged(*rows, practice=practice, criteria=PROFILE)
    other = judged(*shuffled, practice=practice, criteria=PROFILE)
    by_key = {verdict.objective.key: verdict for verdict in other.verdicts}
    assert all(by_key[verdict.objective.key] == verdict for verdict in one.verdicts)
    assert one.ranked == other.ranked
    assert (one.allocations, one.cycles, one.obstacles) == (other.allocations, other.cycles, other.obstacles)


@given(workbooks(), PRACTICES)
def test_every_open_objective_has_exactly_one_stage_one_block_and_a_reason(
    rows: list[SalesObjective], practice: Practice
) -> None:
    found = judged(*rows, practice=practice, criteria=PROFILE)
    assert keys(found.verdicts) == [row.key for row in rows]
    for verdict in found.verdicts:
        has = [each is not None for each in (verdict.stage, verdict.block, verdict.do_next)]
        assert has == [verdict.objective.outcome is None] * 3
        assert verdict.why


@given(workbooks(), PRACTICES)
def test_the_counts_of_all_weeks_are_the_open_objectives_that_are_worked_on(
    rows: list[SalesObjective], practice: Practice
) -> None:
    found = judged(*rows, practice=practice, criteria=PROFILE)
    working = [
        verdict
        for verdict in found.verdicts
        if verdict.block in {Block.CLOSE, Block.EXPLORE, Block.COVER} and verdict.stage is not Stage.UNIVERSE
    ]
    assert sum(sum(week.counts.values()) for week in found.allocations) == len(working)
    assert all(sum(week.shares.values()) == 100 for week in found.allocations)


@given(objectives(), PRACTICES, st.sampled_from(["need", "fit", "contact", "covered", "points", "close"]))
def test_more_evidence_never_moves_an_objective_away_from_closing(
    row: SalesObjective, practice: Practice, typed: str
) -> None:
    def with_mark(held: BuyingInfluence) -> BuyingInfluence:
        return BuyingInfluence(role=held.role, names=held.names, nobody=held.nobody, covered=True)

    cells: dict[str, dict[str, Any]] = {
        "need": {"need": "They asked"},
        "fit": {"fit_confirmed": True},
        "contact": {"first_contact": TODAY},
        "covered": {"influences": tuple(map(with_mark, row.influences))},
        "points": {"open_points": ""},
        "close": {"expected_close": TODAY},
    }
    before = verdict_on(row, practice=practice)
    after = verdict_on(row_with(row, **cells[typed]), practice=practice)
    assert before.holds <= after.holds
    assert not further(before.evidence, than=after.evidence)


@given(objectives(), PRACTICES)
def test_an_objective_that_rests_keeps_its_stage_and_loses_its_rank(
    row: SalesObjective, practice: Practice
) -> None:
    awake = verdict_on(row_with(row, paused_until=None), practice=practice, criteria=PROFILE)
    resting = verdict_on(row_with(row, paused_until=in_days(1)), practice=practice, criteria=PROFILE)
    assert (resting.stage, resting.evidence, resting.fit) == (awake.stage, awake.evidence, awake.fit)
    assert (resting.block, resting.rank) == (Block.PAUSED, None)
