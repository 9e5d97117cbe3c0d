"""The rows that an adoption adds, on made-up tables and on real pipelines."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.adopt.adoption import Adoption, adoption
from sheetfunnel.adopt.rows import row_key
from sheetfunnel.adopt.survey import survey
from sheetfunnel.findings import Code
from sheetfunnel.funnel.objective import Outcome, Stage
from tests.shared import DATA, needs_shared

SOURCES = DATA / "adopt"

Adopt = Callable[[str], Adoption]
MAVEN = ["maven_crm_iso", "maven_crm_us_dates", "maven_crm_dmy2_dates"]
LABELLED = [
    *(f"{name}/sales_pipeline.csv" for name in MAVEN),
    "zoho_potentials/Potentials.csv",
    "sample_sales_crm/Opportunity.csv",
    "salesforce_portfolio/Opportunities.csv",
]
#: What the labels call a column, and what it may be with us.
OURS = {
    "stage": {"source_stage"},
    "closed_on": {"closed_on", "source_close"},
    "expected_close": {"expected_close", "source_close"},
    "product": {"service"},
}
STAGES: dict[str, Stage | Outcome] = {
    "above": Stage.ABOVE,
    "in": Stage.IN,
    "best": Stage.BEST_FEW,
    "won": Outcome.WON,
    "lost": Outcome.LOST,
}


@pytest.fixture
def adopted(tmp_path: Path) -> Adopt:
    def adopt(text: str) -> Adoption:
        path = tmp_path / "pipeline.csv"
        path.write_text(text, encoding="utf-8")
        return adoption(survey(path, currency="EUR"), [])

    return adopt


def there(taken: Adoption) -> list[tuple[str, str]]:
    """Return what a workbook has after an adoption: the keys and the clients of its rows."""
    return [(row_key(row), str(row.get("client", ""))) for row in taken.rows]


def test_a_stage_of_the_source_is_an_opinion_or_an_outcome_and_never_evidence(adopted: Adopt) -> None:
    rows = adopted(
        "Client,Stage,Probability\nAna,Negotiation,0\nLuis,Closed Lost,100\nEva,Whatever,50\n"
    ).rows
    assert rows == (
        {"client": "Ana", "my_stage": Stage.BEST_FEW},
        {"client": "Luis", "outcome": Outcome.LOST},
        {"client": "Eva"},
    )


def test_a_close_date_is_past_for_what_ended_and_expected_for_what_is_open(adopted: Adopt) -> None:
    won, still_open = adopted("Client,Stage,Close Date\nAna,Won,2024-03-05\nLuis,Demo,2024-04-05\n").rows
    assert (won["closed_on"], "expected_close" in won) == (date(2024, 3, 5), False)
    assert (still_open["expected_close"], "closed_on" in still_open) == (date(2024, 4, 5), False)


def test_dates_that_say_what_they_are_go_where_they_say(adopted: Adopt) -> None:
    table = "Client,Stage,Close Date,Closed At,Expected close\nAna,Won,2024-03-05,2024-03-09,2024-03-01\n"
    assert adopted(table).rows[0] == {
        "client": "Ana",
        "outcome": Outcome.WON,
        "closed_on": date(2024, 3, 9),
        "expected_close": date(2024, 3, 1),
    }


def test_a_cell_that_cannot_be_read_is_taken_as_the_text_that_it_is(adopted: Adopt) -> None:
    taken = adopted("Client,Amount,Created\nAna,$5,soon\nLuis,7,2024-03-05\n")
    assert taken.rows[0] == {"client": "Ana", "amount": "$5", "first_contact": "soon"}
    assert taken.rows[1]["amount"] == Decimal(7)
    assert [(found.row, found.column, found.shown, found.remark.code) for found in taken.unread] == [
        (2, 2, "$5", Code.OTHER_CURRENCY),
        (2, 3, "soon", Code.NOT_A_DATE),
    ]


def test_rows_that_the_workbook_has_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.csv"
    path.write_text("Client,Opportunity\nANA,Tálk\nLuis,Talk\n", encoding="utf-8")
    taken = adoption(survey(path), [("Ana · Talk", "Ana"), ("Eva · Talk", "Eva")])
    assert [row["client"] for row in taken.rows] == ["Luis"]
    assert taken.present == 1


def test_a_row_that_repeats_another_in_every_taken_value_is_taken_once(adopted: Adopt) -> None:
    taken = adopted("ID,Client,Mood\n1,Ana,good\n1,Ana,bad\n2,Luis,good\n")
    assert [row["id"] for row in taken.rows] == ["1", "2"]
    assert (taken.duplicates, taken.clashing) == (1, ())


def test_rows_that_share_an_id_and_differ_are_all_taken_and_said_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.csv"
    path.write_text("ID,Client\n1,Ana\n2,Luis\n1,Eva\n1,Ana\n", encoding="utf-8")
    taken = adoption(survey(path), [])
    assert [(row["id"], row["client"]) for row in taken.rows] == [("1", "Ana"), ("2", "Luis"), ("1", "Eva")]
    assert (taken.duplicates, taken.clashing) == (1, (2, 4))
    again = adoption(survey(path), there(taken))
    assert (again.rows, again.present, again.clashing) == ((), 3, ())


@given(
    rows=st.lists(st.tuples(st.sampled_from(["", "1", "2"]), st.sampled_from("ab"), st.sampled_from("xy")))
)
def test_every_row_is_taken_once_and_a_second_adoption_adds_nothing(
    rows: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("adopt") / "pipeline.csv"
    lines = ["ID,Client,Need", *map(",".join, rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    proposal = survey(path)
    first = adoption(proposal, [])
    assert {(row["client"], row["need"]) for row in first.rows} == {row[1:] for row in rows}
    assert len(first.rows) + first.duplicates == len(rows)
    assert {(row["id"], row["client"], row["need"]) for row in first.rows if "id" in row} >= {
        row for row in rows if row[0]
    }
    again = adoption(proposal, there(first))
    assert (again.rows, again.present, again.strangers) == ((), len(first.rows), ())


def test_an_amount_in_another_currency_is_taken_as_text_with_it(adopted: Adopt) -> None:
    taken = adopted("Client,Price,Price Currency\nAna,1200,USD\nLuis,7.50,EUR\nEva,8,\nPep,,USD\nIu,9,€\n")
    assert [row.get("amount") for row in taken.rows] == [
        "1200 USD",
        Decimal("7.5"),
        Decimal(8),
        None,
        Decimal(9),
    ]
    assert taken.currencies == {"USD": 1}
    (found,) = taken.unread
    assert (found.row, found.column, found.remark.code) == (2, 2, Code.OTHER_CURRENCY)
    assert found.remark.params == {"shown": "1200 USD", "currency": "EUR"}


def test_two_sales_of_one_name_get_an_id_each_and_the_same_one_next_time(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.csv"
    path.write_text(
        "Client,Opportunity,Amount,Created\n"
        "Ana,Talk,5,2024-03-05\nAna,Talk,6,2024-04-05\nAna,talk,7,2024-04-05\nLuis,Talk,8,2024-03-05\n",
        encoding="utf-8",
    )
    proposal = survey(path)
    taken = adoption(proposal, [])
    assert [row.get("id") for row in taken.rows] == [
        "Ana · Talk (2024-03-05)",
        "Ana · Talk (2024-04-05)",
        "Ana · talk (2024-04-05) 2",
        None,
    ]
    assert taken.made_ids == 3
    again = adoption(proposal, there(taken))
    assert (again.rows, again.present) == ((), 4)


def test_a_row_without_any_name_is_left_out_and_counted(adopted: Adopt) -> None:
    taken = adopted("Client,Amount\nAna,5\n,6\n,7\n")
    assert (len(taken.rows), taken.nameless) == (1, 2)


def test_owners_and_services_that_are_new_are_listed_once(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.csv"
    path.write_text(
        "Client,Owner,Product\na,Pep,Talk\nb,PEP,Course\nc,Toni,talk\nd,Anna,\n", encoding="utf-8"
    )
    taken = adoption(survey(path), [], known_owners=["anna"], known_services=["TALK"])
    assert (taken.owners, taken.services) == (("Pep", "Toni"), ("Course",))


@needs_shared
def test_three_notations_of_dates_give_the_same_adoption() -> None:
    iso, us, short = (adoption(survey(SOURCES / name / "sales_pipeline.csv"), []) for name in MAVEN)
    assert iso == us == short
    assert len(iso.rows) == 8800
    assert iso.outcomes == {Outcome.WON: 4238, Outcome.LOST: 2473}
    assert iso.stages == {Stage.ABOVE: 500, Stage.IN: 1589}
    assert iso.without_client == 1425
    assert (iso.unread, iso.duplicates, iso.nameless, iso.made_ids) == ((), 0, 0, 0)
    assert (len(iso.owners), len(iso.services)) == (30, 7)


@needs_shared
@pytest.mark.parametrize("name", LABELLED)
def test_real_pipelines_are_read_as_people_labelled_them(name: str) -> None:
    proposal = survey(SOURCES / name)
    label = _label(name)
    taken = {column.heading: column.target for column in proposal.taken}
    wanted = {h: OURS.get(t, {t}) for h, t in label["columns"].items() if not _not_ours(t)}
    assert {heading for heading, target in wanted.items() if taken.get(heading) not in target} == set()
    assert {word.word: word.becomes for word in proposal.stages} == {
        word: STAGES[stage] for word, stage in label["stages"].items()
    }
    assert len(proposal.source.rows) == label["expected_rows"]
    assert proposal.source.delimiter == label["delimiter"]


@needs_shared
@pytest.mark.parametrize("name", LABELLED)
def test_a_second_adoption_adds_nothing(name: str) -> None:
    proposal = survey(SOURCES / name)
    first = adoption(proposal, [])
    keys = [row_key(row) for row in first.rows]
    again = adoption(proposal, there(first))
    assert len(set(keys)) == len(keys) == len(proposal.source.rows)
    assert (again.rows, again.present) == ((), len(keys))
    assert first.unread == ()


def _label(name: str) -> dict[str, Any]:
    gold = json.loads((SOURCES / "gold.json").read_text(encoding="utf-8"))
    return cast("dict[str, Any]", next(sheet for sheet in gold["sheets"] if sheet["file"] == name))


def _not_ours(target: str) -> bool:
    return target in {"probability", "expected_revenue"}
