"""What people are told, in the terminal and in the workbook, as they would read it."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import labels, languages
from tests.cli.runner import TODAY, Run
from tests.sheets import filled, read, results, synced, table_rows

_READ = re.compile(
    r"(?P<all>\d+) rows? read: (?P<open>\d+) open \(.*?\)(?:; (?P<ended>\d+) ended \((?P<ends>.*?)\))?"
    r"(?:; (?P<without>\d+) without a result)?\."
)


@pytest.fixture
def twins(run: Run, tmp_path: Path) -> Path:
    """Return a workbook of six rows, of which two share an ID and one has no client."""
    rows = ("ID,Client,Deal,Phase", "1,Ana,Talk,", "2,Eva,Talk,Won", "3,,Course,", "4,Pau,Talk,Lost")
    (tmp_path / "deals.csv").write_text("\n".join((*rows, "7,Iu,Talk,", "7,Mar,Talk,")), encoding="utf-8")
    assert run("new", "sales.xlsx").code == 0
    assert run("adopt", "deals.csv", "--into", "sales.xlsx", "--yes").code == 0
    return tmp_path / "sales.xlsx"


def test_the_counts_of_one_run_add_up_and_agree_with_those_on_start(run: Run, twins: Path) -> None:
    told = run("sync", twins.name, "--today", TODAY).out
    found = _READ.search(told)
    assert found is not None
    assert found["ends"] == "won 1, lost 1, dropped 0"
    assert [int(found[key]) for key in ("all", "open", "ended", "without")] == [6, 2, 2, 2]
    assert "2 rows have the ID, or the client and objective, of another one and got no result." in told
    assert "Written: 4 rows have a new result." in told
    start = {row[1].value: row[2].value for row in openpyxl.load_workbook(twins)["Start"]["A23:C29"]}
    assert start["Rows read"] == found[0].removesuffix(".").replace(" rows read", "")
    assert start["What changed"] == "4 rows got new results at the last change"


def test_rows_that_share_an_id_are_told_so(run: Run, twins: Path) -> None:
    told = run("check", twins.name).out
    assert told.count("Rows 6, 7 have the same ID, “7”.") == 2
    assert "same client and objective" not in told
    assert "have the same ID, “7”" in run("explain", twins.name, "Mar").out


def test_nobody_is_sent_to_a_tab_that_was_deleted(run: Run, twins: Path) -> None:
    book = openpyxl.load_workbook(twins)
    del book["Check"]
    book.save(twins)
    told = run("sync", twins.name, "--today", TODAY).out
    assert "tab “Check”" not in told
    assert "things to look at; sheetfunnel check sales.xlsx lists them." in told
    shown = [cell.value for row in openpyxl.load_workbook(twins)["Start"]["C23:C29"] for cell in row]
    assert any(str(text).endswith("`sheetfunnel check` lists them") for text in shown)


def test_an_empty_workbook_is_told_how_to_begin(run: Run) -> None:
    run("new", "our sales.xlsx")
    for command in ("sync", "week"):
        ran = run(command, "our sales.xlsx", "--today", TODAY)
        assert ran.code == 0
        assert "There are no objectives yet. Write a client on the tab “Objectives”" in ran.out
        assert 'sheetfunnel adopt LIST.csv --into "our sales.xlsx"' in ran.out
        assert "0 rows" not in ran.out


def test_an_objective_without_a_client_is_named_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Client,Deal\n,only the objective\n", encoding="utf-8")
    run("new", "sales.xlsx")
    run("adopt", "deals.csv", "--into", "sales.xlsx", "--yes")
    assert "  1  only the objective → " in run("week", "sales.xlsx", "--today", TODAY).out


def test_rows_without_an_owner_are_a_block_of_their_own_and_one_finding(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(
        "Client,Deal,Owner,Phase\nAna,Talk,Anna,\nEva,Talk,Pep,\nIu,Talk,,\nMar,Talk,,\nPau,Talk,,Won\n",
        encoding="utf-8",
    )
    run("new", "sales.xlsx")
    run("adopt", "deals.csv", "--into", "sales.xlsx", "--yes")
    checked = run("check", "sales.xlsx")
    assert "Objectives!AA4: 2 open rows have no owner (this is the first)" in checked.out
    assert checked.out.count("no owner") == 1
    assert "(no owner) · Explore: " in run("week", "sales.xlsx", "--today", TODAY).out
    run("sync", "sales.xlsx", "--today", TODAY)
    book = openpyxl.load_workbook("sales.xlsx")
    named = {row[2] for row in book["Priorities"].iter_rows(min_row=5, values_only=True) if row[0]}
    assert named >= {"Anna", "Pep", "(no owner)"}
    notes = {(row[0], row[8]) for row in book["Allocation"].iter_rows(min_row=5, values_only=True) if row[0]}
    assert notes == {
        ("Anna", "Write your weekly selling hours in Settings"),
        ("Pep", "Write your weekly selling hours in Settings"),
        ("(no owner)", "Name an owner in these rows"),
    }


def test_who_sells_alone_is_not_asked_for_an_owner() -> None:
    workbook = filled([{"client": "Ana"}, {"client": "Eva"}])
    assert not synced(workbook).reading.findings
    assert {row["note"] for row in table_rows(workbook, "allocation")} == {
        "Write your weekly selling hours in Settings"
    }
    assert not any(row["owner"] for row in table_rows(workbook, "priorities"))


def test_one_is_singular() -> None:
    english, spanish = labels("en"), labels("es")
    people: list[dict[str, Cell]] = [{"name": "Anna", "weekly_hours": 5, "exploring_hours": 1}]
    rows: list[dict[str, Cell]] = [
        {"client": f"client {at}", "my_stage": "Best Few" if at else "Above the funnel"} for at in range(10)
    ]
    workbook = filled(rows, people=people)
    synced(workbook)
    notes = [row["note"] for row in table_rows(workbook, "allocation")]
    assert notes == [None, "Exploring gets your minimum: 1 hour", None]
    assert english.text("cli.sync.read", count=1, parts="-").startswith("1 row read")
    assert spanish.text("rows.open", count=1, stages="-").startswith("1 abierta ")
    assert spanish.text("say.fit_weakest", count=1, criterion="x").endswith("(1 punto)")


def test_the_origin_of_a_cycle_goes_on_in_its_sentence() -> None:
    services: list[dict[str, Cell]] = [{"name": "Talk", "cycle": 60}, {"name": "Course"}]
    workbook = filled([{"client": "Ana"}], services=services)
    synced(workbook)
    origins = [row["origin"] for row in table_rows(workbook, "cycles")]
    assert origins[:2] == [
        "60 days: your own value; no agreement yet",
        "60 days: assumed: no agreement yet and no value in Settings",
    ]


def test_where_there_is_nothing_to_do_start_says_none() -> None:
    workbook = filled([{"client": "Ana"}])
    synced(workbook)
    box = {row["item"]: row["value"] for row in table_rows(workbook, "status")}
    assert (box["To look at"], box["Evidence beyond My stage"]) == ("None", "None")


def test_check_shows_a_number_as_it_stands_in_the_cell() -> None:
    workbook = filled([{"client": "Ana", "satisfaction": 7.0}])
    synced(workbook)
    (row,) = table_rows(workbook, "check")
    assert row["shown"] == "7"
    assert str(row["what"]).startswith("“7” is not a rating.")


def test_a_trait_that_cannot_be_read_is_shown_with_what_to_do() -> None:
    criteria: list[dict[str, Cell]] = [
        {"name": "Size", "column": "Headcount", "ideal": "10..50", "weight": 3},
        {"name": "Fame", "column": "Reputation and ethics", "ideal": "10..50", "weight": 9},
    ]
    workbook = filled([{"client": "Ana", "headcount": "a few"}], criteria=criteria)
    synced(workbook)
    said = [str(row["what"]) for row in table_rows(workbook, "check")]
    assert said[-1] == (
        "“a few” cannot be compared with the ideal of the criterion “Size”, so it counts as unknown. Write a "
        "value like that ideal on Ideal client, or clear the cell."
    )
    assert all(text.endswith(".") for text in said)


def test_an_obstacle_that_was_met_in_two_ways_is_told_apart_on_the_chart() -> None:
    rows: list[dict[str, Cell]] = [
        {"client": "Ana", "open_points": "Price; dates", "amount": 100},
        {"client": "Eva", "outcome": "Lost", "reason": "price", "amount": 50},
    ]
    workbook = filled(rows)
    synced(workbook)
    assert [row["obstacle"] for row in table_rows(workbook, "obstacles")] == [
        *("dates", "Price (open point)", "price (lost reason)")
    ]


@pytest.mark.parametrize("language", languages())
def test_several_missing_roles_are_asked_for_in_one_sentence(language: str) -> None:
    row: dict[str, Cell] = {
        "client": "Ana",
        "need": "x",
        "first_contact": "2026-02-01",
        "fit_confirmed": "yes",
        "economic": "Eva",
    }
    workbook = filled([row], language=language)
    synced(workbook)
    shown = results(workbook)["Ana"]
    assert (shown["do_next"], str(shown["why"]).count(str(shown["do_next"]).partition(" ")[2])) == {
        "en": ("Find out who the User and Technical buyers are", 0),
        "es": ("Averigua quiénes son los compradores Usuario y Técnico", 1),
    }[language]


@pytest.mark.parametrize("language", languages())
def test_a_text_calls_tabs_and_columns_as_they_are_called(language: str) -> None:
    words = labels(language)
    my_stage = words.text("column.objectives.my_stage")
    assert my_stage in words.text("status.frozen")
    assert my_stage in words.text("status.frozen_rows", count=2)
    assert not [
        text for texts in words.texts.values() for text in texts if "{tab." in text or "{column." in text
    ]


@pytest.mark.parametrize("language", languages())
def test_start_says_where_typed_words_stay_and_where_to_write(language: str) -> None:
    words = labels(language)
    said = words.text("legend.program.text")
    for key in ("tab.objectives", "tab.check"):
        assert words.text(key) in said
    assert re.search("beside or below|al lado o debajo", said)
    assert words.text("column.status.item") != words.text("status.last_sync")


def test_spanish_has_one_word_for_evidence_and_one_for_a_stage() -> None:
    texts = " ".join(text for texts in labels("es").texts.values() for text in texts).lower()
    assert "indicio" not in texts
    assert not re.search(r"\bfases?\b", texts)
    assert "los los" not in texts


def test_a_row_in_spanish_is_told_in_the_singular(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Client,Deal\nAna,Talk\n", encoding="utf-8")
    run("new", "ventas.xlsx", "--language", "es")
    run("adopt", "deals.csv", "--into", "ventas.xlsx", "--yes")
    told = run("sync", "ventas.xlsx", "--today", TODAY).out
    assert "1 fila leída: 1 abierta (" in told
    assert "Escrito: 1 fila tiene un resultado nuevo." in told
    assert read(filled([], language="es")).language == "es"
