"""The demo is the same practice in every language, and worth looking at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest

from sheetfunnel.demo_data import SECTIONS, demo_languages, demo_tables
from sheetfunnel.errors import WrongUsage
from sheetfunnel.findings import Code
from sheetfunnel.funnel.assess import Assessment, Verdict, assess
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.priority import Block
from sheetfunnel.template.starter import starter_profile
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout
from tests.sheets import filled, read

TODAY = date(2026, 3, 17)
LANGUAGES = ("en", "es")
#: Columns whose words are translated; every other value is the same in each language or is free text.
PLAIN_KINDS = {"date", "amount", "number", "integer", "rating"}


def _rows(language: str, table: str = "objectives") -> list[Mapping[str, Cell]]:
    return demo_tables(language, TODAY)[table]


def test_there_is_a_demo_in_english_and_in_spanish() -> None:
    assert set(LANGUAGES) <= set(demo_languages())


def test_a_language_without_a_demo_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(WrongUsage) as refusal:
        demo_tables("xx", TODAY)
    assert "xx" in refusal.value.message
    assert "en, es" in refusal.value.hint


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_a_column_that_people_own(language: str) -> None:
    for key, rows in demo_tables(language, TODAY).items():
        table = layout().table(key)
        known = {column.key for column in (*table.columns, *table.profile) if column.owner == "people"}
        assert set().union(*rows) <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_practice_has_three_people_four_services_five_answers_and_about_forty_objectives(
    language: str,
) -> None:
    tables = demo_tables(language, TODAY)
    assert set(tables) == set(SECTIONS)
    assert [len(tables[key]) for key in ("people", "services", "answers")] == [3, 4, 5]
    assert 38 <= len(tables["objectives"]) <= 46


@pytest.mark.parametrize("table", SECTIONS)
def test_the_languages_tell_of_the_same_practice(table: str) -> None:
    kinds = {column.key: column.kind for column in layout().table(table).columns}
    for english, spanish in zip(_rows("en", table), _rows("es", table), strict=True):
        assert english.keys() == spanish.keys()
        for key, value in english.items():
            if kinds.get(key) in PLAIN_KINDS and not isinstance(value, str):
                assert spanish[key] == value
            assert type(spanish[key]) is type(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_move_with_today(language: str) -> None:
    dates = {column.key for column in layout().table("objectives").columns if column.kind == "date"}
    later = demo_tables(language, TODAY + timedelta(days=9))["objectives"]
    for before, after in zip(_rows(language), later, strict=True):
        for key in dates & before.keys():
            value = before[key]
            moved = value + timedelta(days=9) if isinstance(value, date) else value
            assert after[key] == moved


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_left_where_a_date_belongs(language: str) -> None:
    dates = {column.key for column in layout().table("objectives").columns if column.kind == "date"}
    values = [row[key] for row in _rows(language) for key in dates & row.keys()]
    assert {type(value) for value in values} == {date, str}
    assert sum(isinstance(value, str) for value in values) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_objective_is_of_a_person_and_a_service_that_settings_list(language: str) -> None:
    people = {row["name"] for row in _rows(language, "people")}
    services = {row["name"] for row in _rows(language, "services")}
    assert {row["owner"] for row in _rows(language)} == people
    assert {row["service"] for row in _rows(language)} == services


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_rows_have_the_same_key(language: str) -> None:
    keys = Counter((row["client"], row["objective"], row.get("closed_on")) for row in _rows(language))
    assert max(keys.values()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_drop_downs_are_those_of_the_language(language: str) -> None:
    words = labels(language)
    odd = []
    for column in layout().table("objectives").columns:
        offered = {words.text(label) for label in layout().lists.get(column.list, ())}
        typed = {row[column.key] for row in _rows(language) if column.key in row} if offered else set()
        odd += sorted(str(word) for word in typed - offered)
    assert odd == [{"en": "perhaps", "es": "quizá"}[language]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prepared_answer_meets_an_obstacle_that_occurs(language: str) -> None:
    written = [str(row[key]) for row in _rows(language) for key in ("reason", "open_points") if key in row]
    met = {text for cell in written for text in cell.split("; ")}
    assert {row["obstacle"] for row in _rows(language, "answers")} <= met


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_closed_row_has_its_dates_in_order_and_a_won_one_its_satisfaction(language: str) -> None:
    closed = [row for row in _rows(language) if "outcome" in row]
    assert 8 <= len(closed) <= 10
    for row in closed:
        first, last = row["first_contact"], row["closed_on"]
        assert isinstance(first, date)
        assert isinstance(last, date)
        assert first < last < TODAY
        assert ("satisfaction" in row) != ("reason" in row)


# What the method makes of it


@cache
def _decoded(language: str, today: date = TODAY) -> Decoded:
    profile = starter_profile(labels(language))
    return read(filled(language=language, criteria=profile, **demo_tables(language, today)))


@cache
def _assessed(language: str, today: date = TODAY) -> Assessment:
    decoded = _decoded(language, today)
    objectives = [row.objective for row in decoded.known]
    return assess(objectives, criteria=decoded.criteria, practice=decoded.practice, today=today)


def _opened(language: str) -> list[Verdict]:
    return [verdict for verdict in _assessed(language).verdicts if verdict.objective.outcome is None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_cells_cannot_be_read_each_for_another_reason(language: str) -> None:
    found = [finding.remark.code for finding in _decoded(language).findings]
    assert len(found) == 5
    assert set(found) == {
        Code.IMPOSSIBLE_DATE,
        Code.NOT_A_DATE,
        Code.OTHER_CURRENCY,
        Code.NOT_YES_OR_NO,
        Code.NOT_A_NUMBER,
    }


def test_every_objective_stands_alike_in_both_languages() -> None:
    english, spanish = _assessed("en").verdicts, _assessed("es").verdicts
    for one, other in zip(english, spanish, strict=True):
        assert (one.stage, one.evidence, one.block, one.fit.score) == (
            other.stage,
            other.evidence,
            other.block,
            other.fit.score,
        )
        assert one.do_next is None or other.do_next is None or one.do_next.code == other.do_next.code


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 12, 31), date(2031, 7, 6)])
def test_the_demo_is_as_alive_on_any_other_day(today: date) -> None:
    then, now = _assessed("en", today).verdicts, _assessed("en").verdicts
    assert [(v.stage, v.block, v.rank, v.age) for v in then] == [
        (v.stage, v.block, v.rank, v.age) for v in now
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_four_stages_are_populated(language: str) -> None:
    stages = Counter(verdict.stage for verdict in _opened(language))
    assert stages == {Stage.UNIVERSE: 7, Stage.ABOVE: 10, Stage.IN: 10, Stage.BEST_FEW: 6}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_person_has_objectives_in_every_stage(language: str) -> None:
    owned = {(verdict.objective.owner, verdict.stage) for verdict in _opened(language)}
    people = [person.name for person in _decoded(language).practice.people]
    assert owned == {(name, stage) for name in people for stage in Stage}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_person_spends_the_week_otherwise(language: str) -> None:
    in_order = (Work.EXPLORE, Work.COVER, Work.CLOSE)
    seen = {
        one.owner: (
            tuple(one.counts[work] for work in in_order),
            tuple(one.proposed[work] for work in in_order),
        )
        for one in _assessed(language).allocations
    }
    assert seen == {
        "Clara Vidal": ((2, 3, 3), (20, 40, 40)),
        "Daniel Roca": ((1, 5, 1), (10, 70, 20)),
        "Nora Salas": ((5, 1, 2), (60, 10, 30)),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_person_has_set_the_least_hours_of_exploring(language: str) -> None:
    hours = [one.hours for one in _assessed(language).allocations]
    assert [week[Work.EXPLORE] for week in hours if week] == [3, Decimal("0.8"), Decimal("3.6")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_two_slow_ones_are_in_the_middle_and_of_one_person(language: str) -> None:
    slow = [verdict for verdict in _opened(language) if verdict.slow]
    assert [(v.stage, v.objective.owner) for v in slow] == [(Stage.IN, "Daniel Roca")] * 2
    assert all(verdict.times_cycle and verdict.times_cycle > 1.5 for verdict in slow)


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_are_best_few_by_evidence_and_one_by_hope(language: str) -> None:
    best = [verdict for verdict in _opened(language) if verdict.stage is Stage.BEST_FEW]
    hoped = [verdict for verdict in best if verdict.evidence is not Stage.BEST_FEW]
    assert (len(best), len(hoped)) == (6, 1)
    assert hoped[0].objective.my_stage is Stage.BEST_FEW
    assert hoped[0].evidence is Stage.ABOVE


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_misses_best_few_only_by_its_date(language: str) -> None:
    asked = [v for v in _opened(language) if v.block is Block.CLOSE and v.stage is Stage.IN]
    assert len(asked) == 1
    assert asked[0].objective.expected_close is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_are_let_go_one_is_paused_one_has_outgrown_my_stage_one_step_is_overdue(language: str) -> None:
    opened = _opened(language)
    blocks = Counter(verdict.block for verdict in opened)
    assert (blocks[Block.LET_GO], blocks[Block.PAUSED]) == (2, 1)
    assert sum(verdict.clear_my_stage for verdict in opened) == 1
    assert sum(verdict.overdue for verdict in opened) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_fits_are_of_all_classes_and_one_is_unknown(language: str) -> None:
    fits = [verdict.fit for verdict in _opened(language)]
    assert {fit.letter for fit in fits if fit.score is not None} == {"A", "B", "C", "D"}
    assert sum(fit.score is None for fit in fits) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_has_a_cycle_from_agreements_and_the_typed_value(language: str) -> None:
    cycles = _assessed(language).cycles.values()
    assert [cycle.agreements for cycle in cycles] == [3, 1, 1, 1]
    assert [cycle.typed for cycle in cycles] == [60, 90, 120, 30]


@pytest.mark.parametrize("language", LANGUAGES)
def test_six_were_won_three_lost_and_one_dropped(language: str) -> None:
    ends = Counter(row.objective.outcome for row in _decoded(language).rows if row.objective.outcome)
    assert ends == {Outcome.WON: 6, Outcome.LOST: 3, Outcome.DROPPED: 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dearest_obstacle_was_met_three_times_and_has_an_answer(language: str) -> None:
    dearest = _assessed(language).obstacles[0]
    assert dearest.count == 3
    assert dearest.answer
