"""Texts stay texts and numbers stay numbers, whatever they begin with and whatever the sheet's locale."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sheetfunnel.stores import open_workbook
from tests.cli.runner import TODAY, Run
from tests.google_service.edits import Type
from tests.google_service.service import Service

ROOT = Path(__file__).parents[2]
NAMES = (
    '=IMPORTXML("http://example.com"; "//a")',
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
    "0042",
    "1,5",
    "1.5",
    "12/11/2026",
    "TRUE",
    "#REF!",
    "{=1}",
)
LOCALES = ("en_US", "de_DE", "es_ES")


def _adopted(run: Run, key: str, path: Path) -> None:
    """Set a sheet up and take in a row for each name, which stands in every text that is typed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Company", "Deal", "Value", "Need", "Owner", "Service", "Next step"))
        writer.writerows(
            (name, f"{name} deal", f"{1000 + at}.25", name, name, name, name) for at, name in enumerate(NAMES)
        )
    assert run("new", "--google", key).code == 0
    taken = run("adopt", path, "--into", key, "--yes", "--decimal", "point")
    assert taken.code == 0, taken.err
    assert run("sync", key, "--today", TODAY).code == 0


def _sent_texts(google: Service) -> Iterator[object]:
    for call in google.log:
        yield from _texts(call.body)
        yield from call.query.items()


def _texts(body: object) -> Iterator[str]:
    if isinstance(body, dict):
        for name, value in body.items():
            yield str(name)
            yield from _texts(value)
    elif isinstance(body, list):
        for value in body:
            yield from _texts(value)
    elif isinstance(body, str):
        yield body


def _formulas(google: Service, key: str) -> set[str]:
    return {
        cell.formula
        for sheet in google.spreadsheet(key).sheets
        for row in sheet.rows
        for cell in row.values()
        if cell.formula is not None
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_names_that_look_like_formulas_or_numbers_stay_texts_everywhere(
    run: Run, google: Service, sheet: str, tmp_path: Path, locale: str
) -> None:
    del sheet
    key = google.make(locale=locale)
    assert run("new", "--google", key).code == 0
    set_up = _formulas(google, key)
    _adopted(run, key, tmp_path / "names.csv")
    assert _formulas(google, key) == set_up
    clients = [row[0] for row in google.typed(key, "Objectives")[1:]]
    assert clients == [name.strip() for name in NAMES]
    shown = json.dumps([google.values(key, tab) for tab in ("_results", "Priorities", "_sheetfunnel")])
    assert shown.count("IMPORTXML") >= 2
    again = run("sync", key, "--today", TODAY)
    assert "Nothing changed" in again.out


@pytest.mark.parametrize("locale", LOCALES)
def test_every_number_stays_the_number_it_was_and_the_results_are_found(
    run: Run, google: Service, sheet: str, tmp_path: Path, locale: str
) -> None:
    del sheet
    key = google.make(locale=locale)
    _adopted(run, key, tmp_path / "names.csv")
    typed = google.typed(key, "Objectives")
    amounts = [cell for row in typed[1:] for cell in row if isinstance(cell, float) and 1000 <= cell < 1100]
    assert amounts == [1000.25 + at for at in range(len(NAMES))]
    results = {row[0]: row[1:] for row in google.values(key, "_results")[1:]}
    rows = google.values(key, "Objectives")[1 : 1 + len(NAMES)]
    assert all(row[3] for row in rows)
    for row in rows:
        assert row[3:8] == (results[row[2]] + [""] * 5)[:5]


def test_in_a_sheet_with_decimal_commas_a_typed_amount_is_read_and_counts(
    run: Run, google: Service, practice: str
) -> None:
    google.spreadsheet(practice).locale = "de_DE"
    google.edit(practice, Type(tab="Objectives", cell="I3", value="1234,5"))
    snapshot = open_workbook(practice).read()
    assert snapshot.tabs["Objectives"].at(3, 9) == 1234.5
    assert run("sync", practice, "--today", TODAY).code == 0
    assert google.typed(practice, "Objectives")[2][8] == 1234.5


def test_nothing_is_ever_sent_as_if_a_person_typed_it(
    run: Run, google: Service, sheet: str, tmp_path: Path
) -> None:
    _adopted(run, sheet, tmp_path / "names.csv")
    for words in (
        ("sync", sheet, "--today", "2026-03-09"),
        ("undo", sheet),
        ("purge", sheet, "--client", "+1", "--today", TODAY, "--yes"),
        ("share", sheet, "anna@example.com"),
    ):
        assert run(*words).code == 0, words
    sent = list(_sent_texts(google))
    assert len(sent) > 5000
    assert not [text for text in sent if "USER_ENTERED" in str(text)]


def test_the_program_does_not_know_the_words_for_it() -> None:
    source = [*(ROOT / "sheetfunnel").rglob("*.py")]
    assert len(source) > 100
    assert not [path for path in source if "USER_ENTERED" in path.read_text(encoding="utf-8")]
