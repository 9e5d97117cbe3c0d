"""A real pipeline of 8,800 rows, from its CSV file to the hours of each sales agent, and on."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from sheetfunnel.cli import main
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded, decode
from tests.campaign import FULL
from tests.excel_people import has_libreoffice, libreoffice, person, sort
from tests.shared import DATA, needs_shared

SOURCES = DATA / "adopt"
ISO, US, SHORT = (
    SOURCES / name / "sales_pipeline.csv"
    for name in ("maven_crm_iso", "maven_crm_us_dates", "maven_crm_dmy2_dates")
)
LAST_DAY = "2017-12-31"

pytestmark = [needs_shared, pytest.mark.unmeasured]
needs_libreoffice = pytest.mark.skipif(not has_libreoffice, reason="LibreOffice is not here")


def typed(*words: object) -> str:
    """Type a command that has to succeed; return what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in words])
    assert code == 0, err.getvalue()
    return out.getvalue()


def taken_in(source: Path, path: Path) -> tuple[str, str]:
    """Make a workbook, take a source into it and sync it; return what the last two commands printed."""
    typed("new", path)
    return typed("adopt", source, "--into", path, "--yes"), typed("sync", path, "--today", LAST_DAY)


def read(path: Path) -> Decoded:
    """Return what a workbook says."""
    return decode(ExcelWorkbook(path).read())


def table(decoded: Decoded, key: str) -> list[dict[str, Cell]]:
    """Return the rows of one of the program's tables."""
    place = decoded.places[key]
    first = place.header + 1
    return [
        {column: place.at(number, column) for column in place.columns}
        for number in range(first, first + decoded.own.lengths[key])
    ]


def results(decoded: Decoded) -> dict[str, Sequence[Cell]]:
    """Return the result cells, the hidden Key among them, by the key of the row beside which they stand."""
    return {row.objective.key: decoded.own.results.shown[row.number] for row in decoded.rows}


def source_rows(source: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by their headings."""
    with source.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """Write rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def parts(path: Path) -> dict[str, bytes]:
    """Return every part of a workbook by its name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module", autouse=True)
def _state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHEETFUNNEL_STATE", str(tmp_path_factory.mktemp("state")))
        patch.delenv("COLUMNS", raising=False)
        yield


@pytest.fixture(scope="module")
def maven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Return the whole pipeline in a synced workbook, and what its adoption and its sync printed."""
    path = tmp_path_factory.mktemp("maven") / "maven.xlsx"
    return (path, *taken_in(ISO, path))


@pytest.fixture(scope="module")
def decoded(maven: tuple[Path, str, str]) -> Decoded:
    """Return what the workbook says."""
    return read(maven[0])


def test_every_row_is_read_and_counted(maven: tuple[Path, str, str]) -> None:
    path, adopted, synced = maven
    assert "Added 8,800 rows" in adopted
    assert "8,800 rows read: 2,089 open (Universe 0, Above the funnel 500, In the funnel 1,589, " in synced
    assert "won 4,238, lost 2,473, dropped 0" in synced
    assert "1,425 rows have no client" in synced
    (report,) = json.loads(typed("sync", path, "--today", LAST_DAY, "--json"))
    assert [report[key] for key in ("rows", "open", "above", "in", "won", "lost", "without_client")] == [
        *(8800, 2089, 500, 1589, 4238, 2473, 1425)
    ]


def test_what_the_source_calls_a_stage_is_shown_as_the_persons_own_and_the_evidence_beside_it(
    decoded: Decoded,
) -> None:
    stages = Counter(shown[1] for shown in results(decoded).values())
    assert stages == {
        "Won": 4238,
        "Lost": 2473,
        "In the funnel (yours; evidence: Universe)": 1589,
        "Above the funnel (yours; evidence: Universe)": 500,
    }


def test_each_row_without_a_client_is_told_so_and_has_its_results_all_the_same(decoded: Decoded) -> None:
    without = [row for row in decoded.rows if not row.objective.client]
    told = [row for row in table(decoded, "check") if "No client is named" in str(row["what"])]
    assert len(without) == len(told) == 1425
    assert {str(row["where"]) for row in told} == {f"Objectives!A{row.number}" for row in without}
    assert all(decoded.own.results.shown[row.number][1] for row in without)


def test_the_hours_of_each_sales_agent_follow_from_their_open_rows(decoded: Decoded) -> None:
    counts = Counter((row["sales_agent"], row["deal_stage"]) for row in source_rows(ISO))
    agents = {agent for agent, _ in counts}
    rows = {(str(row["owner"]), str(row["work"])): row for row in table(decoded, "allocation")}
    assert {owner for owner, _ in rows} == agents
    assert len(agents) == 30
    for agent in agents:
        explore, cover, close = (rows[agent, work] for work in ("Explore", "Cover", "Close"))
        assert explore["count"] == counts[agent, "Prospecting"]
        assert cover["count"] == counts[agent, "Engaging"]
        assert close["count"] == 0
        shares = [round(float(str(row["share"])) * 100) for row in (explore, cover, close)]
        assert sum(shares) == 100
        assert all(share % 10 == 0 for share in shares)
        assert shares[0] >= 10


def test_the_cycle_of_each_product_says_where_it_comes_from(decoded: Decoded) -> None:
    won = Counter(row["product"] for row in source_rows(ISO) if row["deal_stage"] == "Won")
    cycles = {str(row["service"]): row for row in table(decoded, "cycles")}
    assert set(cycles) == set(won)
    for product, row in cycles.items():
        days = int(float(str(row["days"])))
        assert 40 <= days <= 75
        assert row["origin"] == f"{days} days: {won[product]:,} agreements"


def test_a_second_sync_changes_nothing_and_leaves_the_bytes(maven: tuple[Path, str, str]) -> None:
    path = maven[0]
    before = path.read_bytes()
    assert "Nothing changed" in typed("sync", path, "--today", LAST_DAY)
    assert path.read_bytes() == before


def test_a_second_adoption_adds_nothing_and_the_source_is_never_touched(maven: tuple[Path, str, str]) -> None:
    path, source = maven[0], ISO.read_bytes()
    before = path.read_bytes()
    told = typed("adopt", ISO, "--into", path, "--yes")
    assert "8,800 are in the workbook already; skipped." in told
    assert path.read_bytes() == before
    assert ISO.read_bytes() == source


def test_three_notations_of_dates_give_the_same_workbook(tmp_path: Path) -> None:
    """The whole of it in the long form, else every eighth row, which keeps days above 12 in each column."""
    books: list[Path] = []
    for source in (ISO, US, SHORT):
        rows = source_rows(source)[:: 1 if FULL else 8]
        part = written(tmp_path / f"{source.parent.name}.csv", rows)
        books.append(tmp_path / f"{source.parent.name}.xlsx")
        taken_in(part, books[-1])
    iso, *others = (read(book) for book in books)
    for other in others:
        for key, place in iso.places.tables.items():
            assert other.places[key].grid.rows == place.grid.rows, key
    first, *rest = (parts(book) for book in books)
    assert all(each == first for each in rest)


def test_an_ambiguous_column_is_refused_with_the_words_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    early = re.compile(r"\d+/([1-9]|1[0-2])/\d+|")
    rows = [
        row
        for row in source_rows(US)
        if early.fullmatch(row["engage_date"]) and early.fullmatch(row["close_date"])
    ]
    source = written(tmp_path / "ambiguous.csv", rows)
    path = tmp_path / "sales.xlsx"
    typed("new", path)
    before = path.read_bytes()
    assert main(["adopt", str(source), "--into", str(path), "--yes"]) == 65
    told = capsys.readouterr()
    assert "Column “engage_date” can be read in two ways: “" in told.err
    assert "Column “close_date” can be read in two ways: “" in told.err
    assert "--date-order day-first or --date-order month-first" in told.err
    assert (told.out, path.read_bytes()) == ("", before)
    assert main(["adopt", str(source), "--into", str(path), "--yes", "--date-order", "month-first"]) == 0
    capsys.readouterr()


@needs_libreoffice
def test_after_a_persons_changes_and_libreoffice_every_result_is_still_beside_its_row(tmp_path: Path) -> None:
    """Rows sorted, one inserted, two headers renamed: in the long form all rows, else the first 600."""
    source = written(tmp_path / "part.csv", source_rows(ISO)[: None if FULL else 600])
    path = tmp_path / "sales.xlsx"
    taken_in(source, path)
    before = read(path)
    place = before.places["objectives"]
    with person(path) as book:
        tab = book["Objectives"]
        sort(tab, by=place.columns["id"], first=place.header + 1, reverse=True)
        tab.insert_rows(40)
        tab.cell(40, place.columns["client"]).value = "Nova"
        tab.cell(40, place.columns["need"]).value = "They asked for a quote"
        tab.cell(place.header, place.columns["amount"]).value = "How much"
        tab.cell(place.header, place.columns["id"]).value = "Our number"
    libreoffice(path)
    typed("sync", path, "--today", LAST_DAY)
    after = read(path)
    old, new = results(before), results(after)
    nova = new.pop("Nova · ")
    assert list(nova)[:3] == ["Nova · ", "Above the funnel", 1]
    assert new == old
    assert [row.objective.key for row in after.rows][:10] == sorted(old, reverse=True)[:10]
    amounts = {row.objective.key: row.objective.amount for row in before.rows}
    assert {row.objective.key: row.objective.amount for row in after.rows} == {**amounts, "Nova · ": None}
    saved = path.read_bytes()
    assert "Nothing changed" in typed("sync", path, "--today", LAST_DAY)
    assert path.read_bytes() == saved


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("zoho_potentials/Potentials.csv", {"rows": 3632, "won": 1425, "lost": 485, "above": 943, "in": 715}),
        ("sample_sales_crm/Opportunity.csv", {"rows": 500, "won": 99, "lost": 110, "above": 97, "in": 91}),
        ("salesforce_portfolio/Opportunities.csv", {"rows": 12, "won": 2, "lost": 2, "above": 4, "in": 2}),
    ],
)
def test_other_pipelines_are_taken_in_whole(file: str, told: dict[str, int], tmp_path: Path) -> None:
    path = tmp_path / "sales.xlsx"
    typed("new", path)
    typed("adopt", SOURCES / file, "--into", path, "--yes")
    (report,) = json.loads(typed("sync", path, "--today", "2025-12-31", "--json"))
    assert {key: report[key] for key in told} == told
    assert report["best_few"] == report["open"] - report["above"] - report["in"]
    assert report["same_key"] == 0
    again = typed("adopt", SOURCES / file, "--into", path, "--yes")
    assert "Nothing to add" in again
