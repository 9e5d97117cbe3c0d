"""Headings and keys: what names a column, and what names a row."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.workbook.cells import read_outcome, read_stage, read_yes
from sheetfunnel.workbook.headings import compact, heading, source_heading
from sheetfunnel.workbook.keys import key_fold, objective_key
from sheetfunnel.workbook.labels import labels, languages
from sheetfunnel.workbook.layout import layout


@pytest.mark.parametrize(
    "text", ["Expected close", "expected_close", "ExpectedClose", " EXPECTED-CLOSE ", "expected.close"]
)
def test_separators_capitals_and_spaces_do_not_count_in_a_heading(text: str) -> None:
    assert heading(text) == "expected_close"


def test_a_unit_in_brackets_does_not_count() -> None:
    assert heading("Amount (EUR)") == heading("Importe [€]") == heading("金额（元）") == "amount"  # noqa: RUF001 (Chinese brackets)


@pytest.mark.parametrize("text", ["", "  ", "***", "Shoe size"])
def test_what_is_no_heading_of_ours_means_nothing(text: str) -> None:
    assert heading(text) is None
    assert source_heading(text) is None


@pytest.mark.parametrize("text", ["Client", "Cliente", "Client name", "客户"])
def test_a_column_is_known_in_four_languages(text: str) -> None:
    assert heading(text) == "client"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("deal_stage", "source_stage"),
        ("Etapa", "source_stage"),
        ("阶段", "source_stage"),
        ("Close Date", "source_close"),
        ("Fecha de cierre", "source_close"),
        ("Closed On", "closed_on"),
        ("Opportunity Name", "objective"),
        ("sales_agent", "owner"),
        ("Industry", "sector"),
    ],
)
def test_other_peoples_headings_have_their_own_meaning(text: str, target: str) -> None:
    found = source_heading(text)
    assert found is not None
    assert found.key == target


def test_every_column_that_people_own_has_headings_and_no_heading_has_two_meanings() -> None:
    from sheetfunnel.workbook.headings import _file  # the file itself is what is looked at

    table = layout().table("objectives")
    assert set(_file()["objectives"]) == {column.key for column in table.columns if column.owner == "people"}
    assert set(_file()["profile"]) == {column.key for column in table.profile}
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    for section in ("objectives", "profile"):
        for key, by_language in _file()[section].items():
            for texts in by_language.values():
                for text in texts:
                    meanings[compact(text)].add(key)
    assert {text: keys for text, keys in meanings.items() if len(keys) > 1} == {}


def test_an_id_is_the_key_and_without_one_client_and_objective_are() -> None:
    assert _key(row_id="A-1", client="Ana", objective="Talk") == "A-1"
    assert _key(client="Ana", objective="Talk", service="Coaching") == "Ana · Talk"
    assert _key(client="Ana", service="Coaching") == "Ana · Coaching"
    assert _key(client="Ana", objective="Talk", closed_on=date(2024, 3, 5)) == "Ana · Talk · 2024-03-05"


def test_case_accents_and_outer_spaces_do_not_count_when_keys_are_compared() -> None:
    assert key_fold(_key(client=" José ", objective="CHARLA")) == key_fold(
        _key(client="jose", objective="charla")
    )


def test_a_client_without_objective_is_not_an_objective_without_client() -> None:
    assert key_fold(_key(client="Ana")) != key_fold(_key(objective="Ana"))


def _key(
    row_id: str = "", client: str = "", objective: str = "", service: str = "", closed_on: date | None = None
) -> str:
    return objective_key(
        row_id=row_id, client=client, objective=objective, service=service, closed_on=closed_on
    )


def test_the_words_of_our_own_headers_and_drop_downs_are_read_in_every_language() -> None:
    columns = [column for column in layout().table("objectives").columns if column.owner == "people"]
    for words in map(labels, languages()):
        for column in columns:
            assert heading(words.text(f"column.objectives.{column.key}")) == column.key
        assert [read_outcome(words.name(outcome)) for outcome in Outcome] == list(Outcome)
        assert [read_stage(words.name(stage)) for stage in Stage] == list(Stage)
        assert [read_yes(words.text(f"yes.{word}")) for word in ("yes", "no")] == [True, False]
