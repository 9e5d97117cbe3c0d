from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from sheetfunnel.workbook.labels import labels, languages
from tests.cli.runner import Run
from tests.cli.test_main import on_a_terminal

DEALS = """Company,Deal,Value,Phase,Created,Close Date,Owner,Product,Shoe size
Harbour Clinic,Coaching,1200,Negotiation,2026-01-13,2026-04-01,Anna,Talk,42
Wexley Museum,Team day,900,Won,2025-11-04,2025-12-04,Pep,Talk,
Wexley Museum,Team day,900,Won,2025-11-04,2025-12-04,Pep,Talk,
,,700,Demo,2026-01-01,,Anna,Course,
Solway,Course,soon,Limbo,2026-01-20,,anna,Course,
"""


@pytest.fixture
def source(tmp_path: Path, run: Run) -> Path:
    """A table of other people, and an empty workbook beside it."""
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    assert run("new", "sales.xlsx").code == 0
    return tmp_path / "deals.csv"


def rows_of(path: Path) -> list[dict[str, object]]:
    """Return the typed cells of Objectives, by header."""
    tab = openpyxl.load_workbook(path)["Objectives"]
    header, *rows = tab.iter_rows(values_only=True)
    named: list[dict[str, object]] = [
        {str(key): cell for key, cell in zip(header, row, strict=True) if cell} for row in rows
    ]
    return [row for row in named if row]


def test_without_a_yes_the_mapping_is_shown_and_nothing_written(source: Path, run: Run) -> None:
    before = Path("sales.xlsx").read_bytes()
    ran = run("adopt", source.name, "--into", "sales.xlsx")
    assert ran.code == 0
    assert ran.err == "Nothing was written. Add --yes to agree.\n"
    assert Path("sales.xlsx").read_bytes() == before
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0] == "deals.csv (UTF-8; , between cells): 5 rows"
    for line in (
        "Company Client text 4 Harbour Clinic, Wexley Museum, Solway",
        "Value Amount amount (1 taken as text) 5 1200, 900, 700",
        "Phase My stage, or Outcome your stages, below 5 Negotiation, Won, Demo",
        "Created First contact date 5 2026-01-13, 2025-11-04, 2026-01-01",
        "Close Date Closed on if it ended, else Expected close date 3 2026-04-01, 2025-12-04",
        "Shoe size not taken This workbook has no such column 1 42",
        "“Won” (2 rows) becomes Outcome = Won",
        "“Negotiation” (1 row) becomes My stage = Best Few",
        "To add: 3 rows (won 1, Best Few 1).",
        "1 repeats another row; skipped.",
        "1 has neither client nor objective nor ID; skipped.",
        "1 cell cannot be read and is taken as the text that it is; Check will list it.",
        "2 owners are new; added to Settings.",
        "2 services are new; added to Settings.",
    ):
        assert line in lines
    assert sum("Limbo" in line and "not known" in line for line in lines) == 1


def test_with_a_yes_the_rows_are_typed_and_the_source_is_not_touched(source: Path, run: Run) -> None:
    untouched = source.read_bytes(), source.stat().st_mtime_ns
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "Added 3 rows to sales.xlsx. Next: sheetfunnel sync sales.xlsx"
    assert (source.read_bytes(), source.stat().st_mtime_ns) == untouched
    clinic, museum, solway = rows_of(Path("sales.xlsx"))
    assert (clinic["Client"], clinic["Amount"], clinic["My stage"]) == ("Harbour Clinic", 1200, "Best Few")
    assert "Need" not in clinic
    assert museum["Outcome"] == "Won"
    assert solway["Amount"] == "soon"


def test_a_second_adoption_adds_nothing_and_leaves_the_bytes(source: Path, run: Run) -> None:
    run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    before = Path("sales.xlsx").read_bytes()
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    assert ran.code == 0
    assert "3 are in the workbook already; skipped." in ran.out
    assert ran.out.endswith("Nothing to add. Nothing was written.\n")
    assert Path("sales.xlsx").read_bytes() == before


def test_a_client_who_comes_back_is_adopted_and_a_sale_that_has_ended_here_is_not(
    source: Path, run: Run
) -> None:
    source.write_text("Client,Deal,Created\nAna,Talk,2026-01-10\nEva,Talk,2026-01-10\n")
    run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    book = openpyxl.load_workbook("sales.xlsx")
    tab = book["Objectives"]
    at = {str(cell.value): number for number, cell in enumerate(tab[1], start=1)}
    for row in (2, 3):
        tab.cell(row, at["Outcome"]).value = "Won"
        tab.cell(row, at["Closed on"]).value = "2026-02-20"
    book.save("sales.xlsx")
    source.write_text("Client,Deal,Created\nAna,Talk,2026-01-10\nEva,Talk,2026-03-01\n")
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    assert "1 is in the workbook already; skipped." in ran.out
    assert [(row["Client"], row.get("Outcome")) for row in rows_of(Path("sales.xlsx"))] == [
        ("Ana", "Won"),
        ("Eva", "Won"),
        ("Eva", None),
    ]


def test_an_ambiguous_column_is_refused_with_the_words_and_nothing_is_written(source: Path, run: Run) -> None:
    source.write_text("Client,Created\nAna,3/4/2026\nEva,5/6/2026\n")
    before = Path("sales.xlsx").read_bytes()
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    assert (ran.code, ran.out) == (65, "")
    assert "“3/4/2026” is 2026-04-03 day first, and 2026-03-04 month first" in ran.err
    assert "--date-order day-first" in ran.err
    assert Path("sales.xlsx").read_bytes() == before
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes", "--date-order", "month-first")
    assert ran.code == 0
    assert str(rows_of(Path("sales.xlsx"))[0]["First contact"]).startswith("2026-03-04")


def test_amounts_in_another_currency_are_told_once_with_the_way_to_read_them(source: Path, run: Run) -> None:
    source.write_text('Client,Amount\nAna,"$1,200.50"\nEva,$900.00\n')
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    assert ran.code == 0
    assert ran.out.count("another currency") == 1
    assert "under Currency in Settings" in ran.out
    book = openpyxl.load_workbook("sales.xlsx")
    cell = next(cell for row in book["Settings"].iter_rows() for cell in row if cell.value == "EUR")
    cell.value = "USD"
    book.save("sales.xlsx")
    assert run("check", "sales.xlsx").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["gone.csv", "--into", "sales.xlsx"], 2, "There is no file “gone.csv”"),
        ([".", "--into", "sales.xlsx"], 2, "is a folder"),
        (["deals.csv", "--into", "gone.xlsx"], 2, "There is no file “gone.xlsx”"),
        (["deals.csv", "--into", "deals.csv"], 2, "into itself"),
        (["sales.xlsx", "--into", "sales.xlsx"], 2, "into itself"),
        (["deals.csv", "--into", "notes.txt"], 2, "not a workbook"),
    ],
)
def test_what_cannot_be_carried_out_is_wrong_usage(
    words: list[str], code: int, said: str, source: Path, run: Run
) -> None:
    assert source.exists()
    ran = run("adopt", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_source_without_names_or_of_another_kind_is_unreadable(source: Path, run: Run) -> None:
    source.write_text("Amount,Colour\n1,red\n")
    ran = run("adopt", source.name, "--into", "sales.xlsx")
    assert (ran.code, ran.out) == (65, "")
    assert "no column for the client" in ran.err
    source.write_bytes(b"PK\x03\x04 and no more")
    assert run("adopt", source.name, "--into", "sales.xlsx").code == 65


def test_a_read_only_workbook_is_no_access(source: Path, run: Run) -> None:
    Path("sales.xlsx").chmod(0o444)
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    assert ran.code == 77
    assert "read-only" in ran.err


@pytest.mark.parametrize(("typed", "rows"), [(b"y\n", 3), (b"n\n", 0), (b"\n", 0)])
def test_on_a_terminal_a_person_is_asked(typed: bytes, rows: int, source: Path) -> None:
    code, screen = on_a_terminal("adopt", source.name, "--into", "sales.xlsx", typed=typed, expect="[y/N]")
    assert code == 0
    assert "Add 3 rows to sales.xlsx?" in screen
    assert len(rows_of(Path("sales.xlsx"))) == rows


@pytest.mark.parametrize(
    ("typed", "rows"), [("s", 3), ("Sí", 3), ("y", 3), ("no", 0), ("quizá\n", 0), ("quizá\nsí", 3)]
)
def test_a_person_answers_in_the_language_of_the_workbook(
    typed: str, rows: int, source: Path, run: Run
) -> None:
    run("new", "ventas.xlsx", "--language", "es")
    words = ("adopt", source.name, "--into", "ventas.xlsx")
    code, screen = on_a_terminal(*words, typed=f"{typed}\n".encode(), expect="[s/N]")
    assert code == 0
    assert screen.count("Añadidas 3 filas") == bool(rows)
    assert screen.count("Responde s o n.") == typed.count("quizá")


def test_a_spanish_workbook_is_told_of_in_spanish_and_takes_spanish_words(source: Path, run: Run) -> None:
    run("new", "ventas.xlsx", "--language", "es")
    ran = run("adopt", source.name, "--into", "ventas.xlsx", "--yes")
    assert ran.code == 0
    assert "Añadidas 3 filas a ventas.xlsx. Ahora: sheetfunnel sync ventas.xlsx" in ran.out
    assert "rows" not in ran.out
    tab = openpyxl.load_workbook("ventas.xlsx")["Objetivos"]
    assert any(cell.value == "Ganado" for row in tab.iter_rows() for cell in row)
    assert "Mi etapa, o Resultado" in ran.out


def test_the_rows_of_another_workbook_of_ours_are_taken_and_its_results_are_not(
    practice: Path, run: Run
) -> None:
    book = openpyxl.load_workbook(practice)
    tab = book["Objectives"]
    tab.cell(1, tab.max_column + 1).value = "Shoe size"
    tab.cell(2, tab.max_column).value = 42
    book.save(practice)
    run("new", "mine.xlsx")
    book = openpyxl.load_workbook("mine.xlsx")
    tab = book["Objectives"]
    tab.cell(1, tab.max_column + 1).value = "Shoe Size"
    book.save("mine.xlsx")
    ran = run("adopt", practice.name, "--into", "mine.xlsx", "--yes")
    assert ran.code == 0
    assert "evidence:" not in "".join(line for line in ran.out.splitlines() if "not known" in line)
    told = [line for line in ran.out.splitlines() if "A result of the program" in line]
    assert [line.split("  ")[0].strip() for line in told] == [
        *("Key", "Stage", "Rank", "Do next", "Why", "Fit")
    ]
    theirs, ours = (rows_of(path) for path in (practice, Path("mine.xlsx")))
    results = {"Key", "Stage", "Rank", "Do next", "Why", "Fit"}
    assert len(ours) == len(theirs) > 0
    for one, other in zip(theirs, ours, strict=True):
        typed = {key.replace("Shoe s", "Shoe S"): cell for key, cell in one.items() if key not in results}
        assert {key: str(cell) for key, cell in other.items()} == {k: str(cell) for k, cell in typed.items()}


def test_currencies_of_rows_are_told_once_and_check_lists_their_amounts(source: Path, run: Run) -> None:
    source.write_text(
        "Client,Price,Price Currency\nAna,1200,USD\nEva,900,EUR\nPep,5,USD\nIu,6,GBP\n", encoding="utf-8"
    )
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    assert ran.out.count("another currency") == 1
    assert (
        "“Price Currency” names another currency than this workbook's (EUR): USD 2, GBP 1. These amounts are "
        "taken as text, such as “1200 USD”" in ran.out
    )
    assert "Price Currency the currency of Amount currency 4 USD, EUR, GBP" in " ".join(ran.out.split())
    assert [row["Amount"] for row in rows_of(Path("sales.xlsx"))] == ["1200 USD", 900, "5 USD", "6 GBP"]
    checked = run("check", "sales.xlsx").out
    assert all(amount in checked for amount in ("“1200 USD”", "“5 USD”", "“6 GBP”"))


def test_rows_that_share_an_id_are_named_before_they_are_taken(source: Path, run: Run) -> None:
    source.write_text("ID,Client\n" + "".join(f"1,client {number}\n" for number in range(8)))
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    assert "8 share their ID with another row that is not the same (rows 2, 3, 4, 5, 6...)." in ran.out
    assert len(rows_of(Path("sales.xlsx"))) == 8


def test_a_row_that_is_skipped_for_an_id_of_another_client_is_named(source: Path, run: Run) -> None:
    source.write_text("ID,Client\n1,Ana\n1,Eva\n2,Luis\n")
    run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    again = run("adopt", source.name, "--into", "sales.xlsx", "--yes").out
    assert "3 are in the workbook already; skipped." in again
    assert "another client" not in again
    source.write_text("ID,Client\n1,ANA\n1,Eva\n2,Someone\n")
    ran = run("adopt", source.name, "--into", "sales.xlsx", "--yes")
    assert "1 of those skipped has an ID that stands in the workbook for another client (row 4)." in ran.out


@pytest.mark.parametrize(
    ("codec", "name"), [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")]
)
def test_an_encoding_is_named_as_people_say_it(codec: str, name: str, source: Path, run: Run) -> None:
    source.write_text("Client,Deal\nAnaïs,Café\n", encoding=codec)
    assert f"deals.csv ({name}; , between cells)" in run("adopt", source.name, "--into", "sales.xlsx").out


def test_an_empty_column_is_not_said_to_be_read_as_anything(source: Path, run: Run) -> None:
    source.write_text("Client,Amount,Created,Industry\nAna,,,\n")
    ran = run("adopt", source.name, "--into", "sales.xlsx")
    rows = [line.split() for line in ran.out.splitlines()[3:6]]
    assert rows == [
        ["Amount", "Amount", "0"],
        ["Created", "First", "contact", "0"],
        ["Industry", "Sector", "0"],
    ]


@pytest.mark.parametrize("language", languages())
def test_how_a_sale_ended_is_called_by_the_word_of_its_column(language: str) -> None:
    words = labels(language)
    column = words.text("column.objectives.outcome").lower()
    assert column in words.text("say.not_an_outcome", shown="x")
    if column != "desenlace":
        assert not [text for texts in words.texts.values() for text in texts if "desenlace" in text.lower()]
