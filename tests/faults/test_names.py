"""Names that sync folders, browsers and office programs give to files beside a workbook."""

from __future__ import annotations

import json
import os
import platform
import shutil
import unicodedata
from pathlib import Path

import pytest

from sheetfunnel.stores.excel.publishing.names import conflict_copies
from tests.faults.desk import laid_out, sync, typed_in
from tests.faults.table import record

#: Copies of ``sales.xlsx``, and who makes them so.
_COPIES = {
    "sales (Ann's conflicted copy 2026-01-02).xlsx": "Dropbox",
    "sales (Ann's conflicted copy 2026-01-02 (1)).xlsx": "Dropbox, the second on a day",
    "sales (Ann-Mac (2)'s conflicted copy 2026-01-02).xlsx": "Dropbox, a computer's name in brackets",
    "sales (Copia en conflicto de Ann 2026-01-02).xlsx": "Dropbox in Spanish",
    "sales (Còpia en conflicte d'Ann 2026-01-02).xlsx": "Dropbox in Catalan",
    "sales (Copie en conflit de Ann 2026-01-02).xlsx": "Dropbox in French",
    "sales (In Konflikt stehende Kopie von Ann 2026-01-02).xlsx": "Dropbox in German",
    "sales (Ann 的冲突副本 2026-01-02).xlsx": "Dropbox in Chinese",
    "sales (Case Conflict).xlsx": "Dropbox, names that differ in case",
    "sales (conflicted copy 2026-01-02 101112).xlsx": "Nextcloud",
    "sales_conflict-20260102-101112.xlsx": "ownCloud",
    "sales.sync-conflict-20260102-101112-ABCDEFG.xlsx": "Syncthing",
    "sales (SFConflict ann@example.org 2026-01-02-10-11-12).xlsx": "Seafile",
    "sales (DESKTOP-QRI conflict 2026-04-02).xlsx": "a drive that names the machine",
    "sales_DiskStation_Jan-02-1011-2026_Conflict.xlsx": "Synology Drive",
    "sales [conflicted].xlsx": "pCloud",
    "sales-DESKTOP-4T1KQ9B.xlsx": "OneDrive, by the name that Windows gives",
    "sales-LAPTOP-0AB12CD3.xlsx": "OneDrive, a portable machine",
    "sales (1).xlsx": "Google Drive and browsers",
    "sales (12).XLSX": "browsers, the twelfth",
    "sales (CONFLICTED COPY).xlsx": "shouted",
}

#: Not workbooks at all.
_OTHERS = ("~$sales.xlsx", ".~lock.sales.xlsx#", "sales.xlsx.tmp", ".sales.xlsx.sheetfunnel-1-x.tmp")

#: A person's own names, however near they come.
_OWN = (
    "sales.xlsx",
    "Client list (2026).xlsx",
    "sales (old).xlsx",
    "sales - Copy.xlsx",
    "sales(1).xlsx",
    "sales (0).xlsx",
    "Clientes en conflicto.xlsx",
    "conflict-2026.xlsx",
    "Sync conflict course.xlsx",
    "(1).xlsx",
    "1.xlsx",
    ".sales.xlsx",
    "sales (Ann).xlsx",
    "sales_conflict.xlsx",
    "sales-LAPTOP.xlsx",
    "sales-DESKTOP-VERSION.xlsx",
    "sales-win-customers2.xlsx",
    f"sales-{platform.node()}.xlsx",
)


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(tmp_path / "state"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return typed_in(laid_out(tmp_path / "desk"))


def _taken(book: Path, name: str) -> int:
    """Sync a copy of the workbook that has this name; return the exit code."""
    copy = Path(shutil.copy(book, book.with_name(name)))
    before = copy.read_bytes()
    code = sync(copy)
    touched = copy.read_bytes() != before
    copy.unlink()
    assert not (code and touched)
    return code


def test_no_lock_no_unfinished_file_and_no_conflict_copy_is_taken_for_a_workbook(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = {*_COPIES, *(unicodedata.normalize("NFD", name) for name in _COPIES)}
    names = (*copies, *_OTHERS)
    wrong = [name for name in names if _taken(book, name) != 2]
    record(7, "conflict copies and locks as workbooks", len(names), wrong)
    assert wrong == []
    told = capsys.readouterr().err
    assert "“sales (1).xlsx” has the name of a second copy" in told
    assert told.count("What to do:") == len(names)
    assert told.count("Sync the workbook itself, “sales.") == len(copies)


def test_a_name_of_a_person_s_own_is_taken_however_near_it_comes(book: Path) -> None:
    wrong = [name for name in _OWN if name != book.name and _taken(book, name) != 0]
    record(7, "people's own names", len(_OWN) - 1, wrong)
    assert wrong == []


def test_a_conflict_copy_that_appears_is_told_and_left_until_it_is_gone(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silent: list[str] = []
    for name in _COPIES:
        copy = Path(shutil.copy(book, book.with_name(name)))
        before = copy.read_bytes()
        capsys.readouterr()
        assert sync(book) == 0
        if name not in capsys.readouterr().err or copy.read_bytes() != before:
            silent.append(name)
        copy.unlink()
    record(7, "a conflict copy beside the workbook", len(_COPIES), silent)
    assert silent == []
    assert sync(book) == 0
    assert capsys.readouterr().err == ""


def test_what_stands_beside_is_no_copy_unless_it_is_one_of_this_workbook(book: Path) -> None:
    for name in (
        *_OWN[:-1],
        "sales 2 (1).xlsx",
        "other (conflicted copy).xlsx",
        "sales (1).csv",
        "~$sales.xlsx",
    ):
        if name != book.name:
            shutil.copy(book, book.with_name(name))
    assert conflict_copies(book) == []
    shutil.copy(book, book.with_name("sales (1).xlsx"))
    assert [each.name for each in conflict_copies(book)] == ["sales (1).xlsx"]


def test_a_copy_that_onedrive_names_after_this_machine_is_told_beside_the_workbook_only(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copy(book, book.with_name(f"sales-{platform.node().upper()}.xlsx")))
    assert sync(book) == 0
    assert copy.name in capsys.readouterr().err
    copy.rename(book.with_name(f"{copy.stem}s.xlsx"))
    assert sync(typed_in(book, "another need")) == 0
    assert capsys.readouterr().err == ""


def test_a_workbook_with_a_second_name_on_the_disk_is_synced_under_one_and_it_is_told(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = book.with_name("the same.xlsx")
    other.hardlink_to(book)
    before = other.read_bytes()
    assert sync(book) == 0
    assert "sales.xlsx has another name on this disk (a hard link)." in capsys.readouterr().err
    assert (other.read_bytes(), book.read_bytes() != before) == (before, True)
    assert sync(typed_in(book, "another need")) == 0
    assert capsys.readouterr().err == ""


def test_a_name_that_is_not_utf_8_is_as_good_as_any(book: Path) -> None:
    named = book.rename(os.fsdecode(os.fsencode(book.parent) + b"/s\xe1les.xlsx"))
    before = named.read_bytes()
    assert sync(named) == 0
    assert named.read_bytes() != before
    assert sync(named, "--dry-run") == 0


def test_many_conflict_copies_are_one_remark_that_names_the_first_of_them(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(1, 6):
        shutil.copy(book, book.with_name(f"sales ({number}).xlsx"))
    capsys.readouterr()
    assert sync(book, "--json") == 0
    printed = capsys.readouterr()
    (report,) = json.loads(printed.out)
    (told,) = report["remarks"]
    assert told.startswith("5 copies of sales.xlsx stand beside it")
    assert "sales (1).xlsx, sales (2).xlsx, sales (3).xlsx, …." in told
    assert told in printed.err


def test_a_copy_that_somebody_renames_is_their_workbook(book: Path) -> None:
    copy = Path(shutil.copy(book, book.with_name("sales (1).xlsx")))
    assert sync(copy) == 2
    assert sync(copy.rename(book.with_name("sales of Ann.xlsx"))) == 0


def test_a_link_to_the_workbook_is_told_of_the_copies_beside_the_file_itself(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(book, book.with_name("sales (1).xlsx"))
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    assert sync(link) == 0
    assert "sales (1).xlsx" in capsys.readouterr().err
