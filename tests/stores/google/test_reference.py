from __future__ import annotations

from pathlib import Path

import pytest

from sheetfunnel.errors import WrongUsage
from sheetfunnel.stores import open_workbook
from sheetfunnel.stores.google.reference import names_sheet, sheet_key
from sheetfunnel.stores.google.store import GoogleWorkbook

KEY = "1Sle_EDNRq8PsQGzmskqQWIGnUT4epR-d9A-9gaJsrrQ"


@pytest.mark.parametrize(
    "reference",
    [
        KEY,
        f"https://docs.google.com/spreadsheets/d/{KEY}",
        f"https://docs.google.com/spreadsheets/d/{KEY}/edit?gid=0#gid=0",
        f"https://docs.google.com/spreadsheets/u/1/d/{KEY}/edit",
        f"docs.google.com/spreadsheets/d/{KEY}/edit",
    ],
)
def test_a_sheet_is_named_by_its_url_or_its_key(reference: str) -> None:
    assert names_sheet(reference)
    assert sheet_key(reference) == KEY


@pytest.mark.parametrize(
    ("reference", "remedy"),
    [
        (f"https://drive.google.com/drive/folders/{KEY}", "folder"),
        (f"https://drive.google.com/file/d/{KEY}/view", "Save as Google Sheets"),
        (f"https://docs.google.com/document/d/{KEY}/edit", "address line"),
    ],
)
def test_the_url_of_something_else_is_refused_with_the_remedy(reference: str, remedy: str) -> None:
    assert names_sheet(reference)
    with pytest.raises(WrongUsage) as refused:
        sheet_key(reference)
    assert remedy in refused.value.hint


@pytest.mark.parametrize("reference", ["sales.xlsx", "notes.txt", "https://example.com/sales", "short"])
def test_other_things_are_no_sheet(reference: str) -> None:
    assert not names_sheet(reference)


def test_a_file_that_is_named_like_a_key_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(KEY).touch()
    assert not names_sheet(KEY)


def test_a_sheet_is_opened_without_a_call() -> None:
    workbook = open_workbook(KEY)
    assert isinstance(workbook, GoogleWorkbook)
    assert workbook.key == KEY
