"""The preview: what a column becomes, how it is read, and what is refused before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from sheetfunnel.adopt.adoption import adoption
from sheetfunnel.adopt.survey import Proposal, survey
from sheetfunnel.errors import UnreadableSource
from sheetfunnel.findings import Code
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.workbook.cells import DateOrder, DecimalMark
from sheetfunnel.workbook.labels import labels, languages
from sheetfunnel.workbook.layout import layout

Write = Callable[[str], Path]


@pytest.fixture
def csv_of(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "pipeline.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def targets(proposal: Proposal) -> dict[str, str]:
    return {column.heading: column.target for column in proposal.taken}


def test_columns_are_matched_by_their_headings_in_any_language(csv_of: Write) -> None:
    proposal = survey(
        csv_of("Empresa;Oportunitat;金额;CloseDate;Etapa;Shoe size\nAna;Talk;5;2024-03-05;Lead;42\n")
    )
    assert targets(proposal) == {
        "Empresa": "client",
        "Oportunitat": "objective",
        "金额": "amount",
        "CloseDate": "source_close",
        "Etapa": "source_stage",
    }
    assert [column.heading for column in proposal.not_taken] == ["Shoe size"]
    assert proposal.source.delimiter == ";"


def test_the_preview_shows_examples_and_how_each_column_is_read(csv_of: Write) -> None:
    proposal = survey(csv_of('Client,Created,Amount\nAna,31/01/2024,"1.234,50"\nLuis,,\nEva,3/4/24,1.200\n'))
    created, amount = proposal.taken[1:]
    assert (created.order, created.filled, created.unread) == (DateOrder.DAY_FIRST, 2, 0)
    assert created.examples == ("31/01/2024", "3/4/24")
    assert (amount.mark, amount.filled, amount.unread) == (DecimalMark.COMMA, 2, 0)


def test_each_column_has_an_order_of_its_own(csv_of: Write) -> None:
    proposal = survey(
        csv_of("Client,Created,Last contact\nAna,31/01/2024,01/31/2024\nLuis,3/4/2024,3/4/2024\n")
    )
    rows = adoption(proposal, []).rows
    assert rows[1]["first_contact"] == date(2024, 4, 3)
    assert rows[1]["last_contact"] == date(2024, 3, 4)


def test_two_columns_for_one_place_leave_the_surer_one(csv_of: Write) -> None:
    proposal = survey(csv_of("Name,Company,Status,Stage\nAna,Acme,Active,Won\n"))
    assert targets(proposal) == {"Company": "client", "Stage": "source_stage"}
    said = [column.remark for column in proposal.not_taken]
    assert [one and (one.code, one.params) for one in said] == [
        (Code.SAME_TARGET, {"heading": "Company"}),
        (Code.SAME_TARGET, {"heading": "Stage"}),
    ]


RESULTS = "Client,Key,Stage,Rank,Do next,Why,Fit"
HECHOS = "Cliente,Clave,Etapa,Orden,Qué hacer,Por qué,Encaje"


@pytest.mark.parametrize("headings", [RESULTS, HECHOS, f"{RESULTS},My stage", f"Mi etapa,{HECHOS}"])
def test_what_the_program_wrote_is_a_result_and_never_an_opinion(headings: str, csv_of: Write) -> None:
    cells = ",".join(["Best Few (yours; evidence: Universe)"] * (headings.count(",") + 1))
    proposal = survey(csv_of(f"{headings}\n{cells}\n"))
    assert set(targets(proposal).values()) <= {"client", "my_stage"}
    assert {column.remark.code for column in proposal.not_taken} == {Code.RESULT_COLUMN}
    assert len(proposal.not_taken) == 6
    assert (proposal.stages, proposal.remarks) == ((), ())


def test_an_opinion_of_ones_own_counts_more_than_a_stage(csv_of: Write) -> None:
    proposal = survey(csv_of("Client,Stage,My stage\nAna,Won,Best Few\n"))
    assert targets(proposal) == {"Client": "client", "My stage": "my_stage"}
    (stage,) = proposal.not_taken
    assert (stage.remark.code, stage.remark.params) == (Code.SAME_TARGET, {"heading": "My stage"})


@pytest.mark.parametrize("language", languages())
def test_every_header_of_the_workbook_is_taken_for_its_own_column(language: str, csv_of: Write) -> None:
    table = layout().table("objectives")
    own = [f"column.objectives.{column.key}" for column in table.columns if column.owner != "program"]
    own += [f"column.profile.{column.key}" for column in table.profile]
    texts = {labels(language).text(label): label.rpartition(".")[2] for label in own}
    assert targets(survey(csv_of(",".join(texts) + "\n"))) == texts


def test_a_heading_that_stands_in_the_workbook_goes_into_that_column(csv_of: Write) -> None:
    path = csv_of("client,SHOE-size,Region,Industry,Stage,Dirección\nAna,42,Alt Empordà,Law,Won,Olot\n")
    fields = {"client": "Client", "added:Shoe size": "Shoe size", "added:Region": "Region", "place": "Place"}
    proposal = survey(path, fields={**fields, "added:Stage": "Stage"})
    assert targets(proposal) == {
        "client": "client",
        "SHOE-size": "added:Shoe size",
        "Region": "added:Region",
        "Stage": "source_stage",
    }
    assert [(left.heading, left.remark.code) for left in proposal.not_taken] == [
        ("Industry", Code.NO_SUCH_COLUMN),
        ("Dirección", Code.NO_SUCH_COLUMN),
    ]
    assert adoption(proposal, []).rows[0]["added:Shoe size"] == Decimal(42)


def test_a_column_of_days_stays_one_in_a_column_that_people_added(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Client", "Born"])
    book.worksheets[0].append(["Ana", date(1980, 3, 4)])
    book.save(tmp_path / "born.xlsx")
    proposal = survey(tmp_path / "born.xlsx", fields={"client": "Client", "added:Born": "Born"})
    assert adoption(proposal, []).rows[0]["added:Born"] == date(1980, 3, 4)


def test_an_empty_column_without_a_heading_is_not_listed_and_one_with_a_heading_is_no_number(
    csv_of: Write,
) -> None:
    proposal = survey(csv_of("Client,,Sector,,Mood\nAna,,,5,\n"))
    assert [left.heading for left in proposal.not_taken] == ["(D)", "Mood"]
    assert [(column.heading, column.kind) for column in proposal.taken] == [
        ("Client", "text"),
        ("Sector", "text"),
    ]


def test_a_currency_without_an_amount_has_no_place(csv_of: Write) -> None:
    proposal = survey(csv_of("Client,Currency\nAna,USD\n"))
    assert [(left.heading, left.remark.code) for left in proposal.not_taken] == [
        ("Currency", Code.NO_SUCH_COLUMN)
    ]


def test_the_words_for_stages_are_shown_with_what_they_become(csv_of: Write) -> None:
    stages = [
        "1 - Lead Qualification",
        "Proposal (40%)",
        "Closed-Won",
        "Best Few",
        "Cualificación",
        "Sonstiges",
        "Sonstiges",
    ]
    proposal = survey(csv_of("Client,Stage\n" + "".join(f"c{i},{word}\n" for i, word in enumerate(stages))))
    assert {word.word: word.becomes for word in proposal.stages} == {
        "Sonstiges": None,
        "1 - Lead Qualification": Stage.ABOVE,
        "Proposal (40%)": Stage.IN,
        "Closed-Won": Outcome.WON,
        "Best Few": Stage.BEST_FEW,
        "Cualificación": Stage.ABOVE,
    }
    assert [(said.code, said.params) for said in proposal.remarks] == [
        (Code.LEFT_BLANK, {"shown": "Sonstiges", "count": 2})
    ]


def test_an_ambiguous_column_of_dates_is_refused_with_both_readings_and_the_way_out(csv_of: Write) -> None:
    path = csv_of("Client,Created,Close Date\nAna,3/4/2024,2024-05-01\nLuis,5/6/2024,\n")
    with pytest.raises(UnreadableSource) as refused:
        survey(path)
    assert refused.value.message == (
        "“pipeline.csv” was not adopted. Column “Created” can be read in two ways: "
        "“3/4/2024” is 2024-04-03 day first, and 2024-03-04 month first; "
        "“5/6/2024” is 2024-06-05 day first, and 2024-05-06 month first."
    )
    assert "--date-order day-first" in refused.value.hint
    assert survey(path, date_order=DateOrder.DAY_FIRST).taken[1].order is DateOrder.DAY_FIRST
    assert adoption(survey(path, date_order=DateOrder.MONTH_FIRST), []).rows[0]["first_contact"] == date(
        2024, 3, 4
    )


def test_an_ambiguous_column_of_numbers_is_refused_and_settled_by_a_word(csv_of: Write) -> None:
    path = csv_of("Client,Amount\nAna,1.234\nLuis,500\n")
    with pytest.raises(
        UnreadableSource, match=r"“1\.234” is 1\.234 with a decimal point, and 1234 with a decimal comma"
    ) as refused:
        survey(path)
    assert "--decimal comma" in refused.value.hint
    assert adoption(survey(path, decimal=DecimalMark.COMMA), []).rows[0]["amount"] == Decimal(1234)


def test_what_a_column_decides_itself_stands_against_the_word_of_a_person(csv_of: Write) -> None:
    path = csv_of("Client,Created\nAna,3/4/2024\nLuis,13/4/2024\n")
    assert survey(path, date_order=DateOrder.MONTH_FIRST).taken[1].order is DateOrder.DAY_FIRST


def test_a_column_that_mixes_both_orders_is_refused_and_settled_by_a_word(csv_of: Write) -> None:
    path = csv_of("Client,Created\nAna,3/4/2024\nLuis,13/4/2024\nEva,4/13/2024\n")
    with pytest.raises(UnreadableSource, match="mixes two ways of writing"):
        survey(path)
    assert survey(path, date_order=DateOrder.DAY_FIRST).taken[1].unread == 0


def test_all_reasons_to_refuse_are_told_at_once(csv_of: Write) -> None:
    with pytest.raises(UnreadableSource) as refused:
        survey(csv_of('Created,Amount,Last contact\n3/4/2024,"1,234",4/3/24\n'))
    for part in ("no column for the client", "“Created”", "“Amount”", "“Last contact”"):
        assert part in refused.value.message
    for part in ("--date-order", "--decimal", "“Client”"):
        assert part in refused.value.hint


def test_a_table_in_one_column_is_refused_with_the_way_to_part_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in ("Client,Amount,Stage", "Ana,5,Won", "Luis,6,Lost"):
        book.worksheets[0].append([line])
    book.save(tmp_path / "one.xlsx")
    with pytest.raises(UnreadableSource) as refused:
        survey(tmp_path / "one.xlsx")
    assert "Text to Columns" in refused.value.hint


def test_a_workbook_keeps_the_types_of_its_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Read me"
    book.worksheets[0]["B3"] = "Our sales"
    sheet = book.create_sheet("Pipeline")
    sheet.append(
        ["Deal ID", "Account", "Deal Name", "Amount", "Created", "Close Date", "Stage", "City", "Employees"]
    )
    sheet.append([42, "Acme", "Talk", 1234.5, datetime(2024, 3, 4), "05/04/2024", "Won", "Olot", 12])  # noqa: DTZ001 (Excel has no zones)
    sheet.append([None] * 9)
    sheet.append(["0043", "Beta", "=1+1", "1.250,75", date(2024, 5, 6), "31/12/2024", "Lead", "08001", "n/a"])
    book.save(tmp_path / "sales.xlsx")
    proposal = survey(tmp_path / "sales.xlsx")
    won, lead = adoption(proposal, []).rows
    assert proposal.source.sheet == "Pipeline"
    assert proposal.source.lines == [2, 4]
    assert won == {
        "id": "42",
        "client": "Acme",
        "objective": "Talk",
        "amount": Decimal("1234.5"),
        "first_contact": date(2024, 3, 4),
        "closed_on": date(2024, 4, 5),
        "outcome": Outcome.WON,
        "place": "Olot",
        "headcount": "12",
    }
    assert (lead["id"], lead["amount"], lead["place"]) == ("0043", Decimal("1250.75"), "08001")
    assert lead["expected_close"] == date(2024, 12, 31)


def test_a_workbook_without_headings_in_its_first_row_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["D7"] = "Client"
    book.save(tmp_path / "low.xlsx")
    with pytest.raises(UnreadableSource, match="no visible sheet with headings in its first row"):
        survey(tmp_path / "low.xlsx")


def test_a_hidden_sheet_is_not_adopted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Client", "Amount"])
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("Seen").append(["Customer", "Deal", "Amount"])
    book.save(tmp_path / "hidden.xlsx")
    assert survey(tmp_path / "hidden.xlsx").source.sheet == "Seen"


def test_of_several_sheets_the_one_with_most_known_headings_is_adopted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Setting", "Value"])
    book.create_sheet("Deals").append(["Customer", "Deal", "Amount"])
    book.create_sheet("Contacts").append(["Customer", "Phone"])
    book.save(tmp_path / "several.xlsx")
    assert survey(tmp_path / "several.xlsx").source.sheet == "Deals"
