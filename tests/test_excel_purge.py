"""Purge in Excel files: a client is gone from cells, texts and backups; everything else stays."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import unicodedata
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from openpyxl.comments import Comment

from sheetfunnel.cli import main
from sheetfunnel.stores.excel.parts.package import open_package
from sheetfunnel.stores.excel.publishing.backups import backups
from sheetfunnel.stores.excel.publishing.locks import lease_file
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.stores.state import VARIABLE
from sheetfunnel.workbook.contract import Cell
from tests.excel_grafts import grafted
from tests.excel_people import (
    TODAY,
    column,
    has_libreoffice,
    libreoffice,
    person,
    practice,
    shown,
    sort,
    synced,
)
from tests.shared import needs_shared
from tests.stores.excel_books import parts

CLIENT = "Harbour Clinic"
RESULTS = ("key", "stage", "rank", "do_next", "why", "fit")

needs_libreoffice = pytest.mark.skipif(not has_libreoffice, reason="LibreOffice is not on this machine")


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "state"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return practice(tmp_path / "sales.xlsx")


def _purge(*words: object, yes: bool = True) -> int:
    return main(["purge", *map(str, words), *(["--yes"] if yes else [])])


def _purge_client(path: Path, name: str = CLIENT, *, yes: bool = True) -> int:
    return _purge(path, "--client", name, "--today", TODAY.isoformat(), yes=yes)


def _holding(path: Path, name: str = CLIENT) -> list[str]:
    """Return the parts of a file in whose bytes a name stands."""
    found = []
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            text = unicodedata.normalize("NFKD", archive.read(part).decode("utf-8", "replace"))
            found += [part] if name.casefold() in text.casefold() else []
    return found


def _typed(path: Path) -> dict[str, list[Cell]]:
    """Return what people typed in the rows of other clients."""
    grid = ExcelWorkbook(path).read().tabs["Objectives"]
    rows = [list(row) for row in grid.rows if row and row[0] and row[0] != CLIENT]
    return {f"{row[0]} {row[1]}": [*row[:2], *row[8:]] for row in rows}


# ----------------------------------------------------------------------------------------------- a client


def test_a_purged_client_stands_nowhere_any_more_and_all_else_stays(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, typed = parts(book), _typed(book)
    assert _holding(book)
    capsys.readouterr()
    assert _purge_client(book, " harbour CLINIC") == 0
    told = capsys.readouterr().out
    assert "Objectives!2: Harbour Clinic · " in told
    assert "Removed: 2 rows are blank" in told
    assert "The name stands nowhere else in the file." in told
    assert not _holding(book)
    assert _typed(book) == typed
    assert list(parts(book)) == list(before)
    grid = ExcelWorkbook(book).read().tabs["Objectives"]
    assert not any(cell is not None for cell in grid.rows[1])
    assert synced(book) == 0
    assert "Nothing changed" in capsys.readouterr().out


def test_no_backup_that_holds_the_name_is_left_and_others_are(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state"
    assert len(backups(book, state)) == 2
    capsys.readouterr()
    assert _purge_client(book) == 0
    assert "1 backup was removed; none holds the name any more." in capsys.readouterr().out
    (left,) = backups(book, state)  # the empty workbook with which it began
    assert not _holding(left)
    assert main(["undo", str(book)]) == 2


@needs_libreoffice
def test_shared_texts_of_the_client_are_emptied_and_those_that_others_use_stay(book: Path) -> None:
    with person(book) as opened:
        tab = opened["Objectives"]
        tab.cell(2, column(book, "need")).value = "only they say this"
        for row in (2, 3):
            tab.cell(row, column(book, "source")).value = "both say this"
    libreoffice(book)  # it shares every text
    old = parts(book)["xl/sharedStrings.xml"]
    assert b"only they say this" in old
    typed = _typed(book)
    assert _purge_client(book) == 0
    new = parts(book)["xl/sharedStrings.xml"]
    assert not _holding(book)
    assert b"only they say this" not in new
    assert b"both say this" in new
    assert old.count(b"<si>") == new.count(b"<si>")
    assert _typed(book) == typed


@needs_libreoffice
def test_in_a_file_of_libreoffice_a_purged_client_stands_nowhere(book: Path) -> None:
    libreoffice(book)
    typed = _typed(book)
    assert _purge_client(book) == 0
    assert not _holding(book)
    assert _typed(book) == typed
    libreoffice(book)
    assert _typed(book) == typed


def test_added_columns_are_blanked_too_and_formulas_and_notes_beside_are_told(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with person(book) as opened:
        tab = opened["Objectives"]
        last = tab.max_column
        tab.cell(1, last + 1).value, tab.cell(2, last + 1).value = "My notes", "their new director"
        tab.cell(1, last + 2).value, tab.cell(2, last + 2).value = "Doubled", '="to "&A2'
        tab.cell(2, last + 4).value = "beside the table"
        tab["A2"].comment = Comment("call the assistant", "Anna")
        tab["D3"].comment = Comment("as at Harbour Clinic", "Anna")
        opened.create_sheet("Mine")["B2"] = "Harbour Clinic, again"
        formula, beside = (tab.cell(2, last + at).coordinate for at in (2, 4))
    capsys.readouterr()
    assert _purge_client(book) == 0
    told = capsys.readouterr().out
    for place in (
        *(f"Objectives!{formula} (cell)", f"Objectives!{beside} (cell)", "Objectives!A2 (comment)"),
        *("Objectives!D3 (comment)", "Mine!B2 (cell)"),
    ):
        assert place in told
    grid = ExcelWorkbook(book).read().tabs["Objectives"]
    assert "their new director" not in [cell for row in grid.rows for cell in row]
    assert "beside the table" in grid.rows[1]


def test_results_in_which_a_person_typed_are_blanked_too(book: Path) -> None:
    with person(book) as opened:
        opened["Objectives"].cell(2, column(book, "why")).value = "mine about them"
    assert _purge_client(book) == 0
    assert not _holding(book, "mine about them")


def test_a_sorted_workbook_loses_the_right_rows(book: Path) -> None:
    with person(book) as opened:
        sort(opened["Objectives"], by=1, first=2, reverse=True)
    before = shown(book, *RESULTS, "amount")
    assert _purge_client(book) == 0
    after = shown(book, *RESULTS, "amount")
    assert after.keys() == {key for key in before if not key.startswith(CLIENT)}
    assert all(after[key][-1] == before[key][-1] for key in after)


@needs_shared
def test_in_a_workbook_full_of_other_things_every_other_part_stays(tmp_path: Path) -> None:
    plain = practice(tmp_path / "plain.xlsx", sync=False)
    book = grafted(plain, tmp_path / "sales.xlsm", open_package(plain).sheet("Objectives").part)
    assert synced(book) == 0
    before = parts(book)
    assert _purge_client(book) == 0
    after = parts(book)
    assert list(after) == list(before)
    changed = {name for name in after if after[name] != before[name]}
    assert all(name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml" for name in changed)


# ------------------------------------------------------------------------------------------ asked, or refused


def test_a_name_that_nobody_has_is_told_with_the_nearest(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = book.read_bytes()
    for name in ("Harbour", "Habour Clinik"):
        capsys.readouterr()
        assert _purge_client(book, name) == 2
        assert "The nearest are: Harbour Clinic" in capsys.readouterr().err.replace("\n", " ")
    assert book.read_bytes() == before
    assert len(backups(book, book.parent / "state")) == 2


def test_without_agreement_and_in_a_dry_run_nothing_is_removed(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, kept = book.read_bytes(), backups(book, book.parent / "state")
    assert _purge_client(book, yes=False) == 2
    assert "Add --yes to agree." in capsys.readouterr().err
    assert _purge(book, "--client", CLIENT, "--dry-run") == 0
    told = capsys.readouterr().out
    assert "Objectives!A2: Harbour Clinic -> (blank)" in told
    assert "nothing was removed" in told
    assert book.read_bytes() == before
    assert backups(book, book.parent / "state") == kept


def test_an_open_workbook_is_left_and_so_are_its_backups(book: Path) -> None:
    before, kept = book.read_bytes(), backups(book, book.parent / "state")
    book.with_name(f"~${book.name}").write_bytes(b"\x04Anna")
    assert _purge_client(book) == 75
    assert book.read_bytes() == before
    assert backups(book, book.parent / "state") == kept


def test_a_purge_that_ended_before_the_backups_were_removed_can_be_done_again(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {path: path.read_bytes() for path in backups(book, tmp_path / "state")}
    assert _purge_client(book) == 0
    for path, content in kept.items():
        path.write_bytes(content)
    capsys.readouterr()
    assert _purge_client(book) == 0
    told = capsys.readouterr().out
    assert "No row has the client “Harbour Clinic”." in told
    assert "1 backup was removed" in told
    assert not any(_holding(path) for path in backups(book, tmp_path / "state"))


def test_a_backup_that_cannot_be_looked_through_is_removed_as_well(book: Path, tmp_path: Path) -> None:
    oldest = backups(book, tmp_path / "state")[-1]
    oldest.write_bytes(oldest.read_bytes()[:3000])
    assert _purge_client(book) == 0
    assert not backups(book, tmp_path / "state")


def test_what_a_killed_purge_left_beside_the_workbook_is_removed_by_the_next_run(book: Path) -> None:
    left = book.with_name(f".{book.name}.sheetfunnel-1-abc-edited.tmp")
    left.write_bytes(b"PK")
    os.utime(left, (1, 1))
    assert _purge_client(book) == 0
    assert not left.exists()


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.1, 0.3])
def test_a_purge_killed_while_it_writes_leaves_the_old_workbook_or_the_new_and_can_be_done_again(
    book: Path, tmp_path: Path, delay: float
) -> None:
    before, typed = book.read_bytes(), _typed(book)
    command = [sys.executable, "-m", "sheetfunnel", "purge", str(book), "--client", CLIENT, "--yes"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while run.poll() is None and not list(tmp_path.glob(".*.tmp")):
            time.sleep(0.001)
        time.sleep(delay)
        run.kill()
    assert book.read_bytes() == before or not _holding(book)
    assert _typed(book) == typed
    assert _purge_client(book) in {0, 2}  # 2: it had been done wholly
    assert not _holding(book)
    assert _typed(book) == typed
    assert not any(_holding(path) for path in backups(book, tmp_path / "state"))
    assert {each.name for each in tmp_path.iterdir()} == {"sales.xlsx", "state"}


# --------------------------------------------------------------------------------------------- backups, all


def test_all_backups_and_the_lease_of_a_workbook_can_be_removed_though_it_is_gone(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state"
    other = practice(tmp_path / "other.xlsx")
    book.unlink()
    capsys.readouterr()
    assert _purge(book, "--backups") == 0
    assert "Removed: 2 backups of " in capsys.readouterr().out
    assert not backups(book, state)
    assert not lease_file(book, state).exists()
    assert len(backups(other, state)) == 2


def test_everything_that_is_kept_can_be_removed_and_nothing_else_is(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state, file = tmp_path / "state", book.read_bytes()
    mine = [state / "mine.txt", state / "backups" / "photo.jpg", state / "backups" / "mine" / "my.xlsx"]
    mine += [backups(book, state)[0].with_name("notes.txt"), state / "leases" / "door.lock"]
    for each in mine:
        each.parent.mkdir(exist_ok=True)
        each.write_text("not the program's", encoding="utf-8")
    assert _purge("--all", yes=False) == 2
    assert "there is nobody to ask" in capsys.readouterr().err
    assert backups(book, state)
    capsys.readouterr()
    assert _purge("--all") == 0
    told = capsys.readouterr().out.replace("\n", " ")
    assert "Removed: 2 backups, of all workbooks" in told
    assert all(each.name in told for each in mine)
    assert sorted(each for each in state.rglob("*") if each.is_file()) == sorted(mine)
    for each in mine:
        each.unlink()
    (state / "backups" / "mine").rmdir()
    assert _purge("--all") == 0
    assert not state.exists()
    assert book.read_bytes() == file


@pytest.mark.parametrize("words", [("--all",), ("FILE", "--backups"), ("FILE", "--client", CLIENT)])
def test_while_a_run_is_at_work_nothing_is_removed(
    book: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    state = tmp_path / "state"
    with FileLock(lease_file(book, state)):
        assert _purge(*(book if word == "FILE" else word for word in words)) == 75
    assert len(backups(book, state)) == 2


@pytest.mark.parametrize(
    "words", [(), ("FILE",), ("FILE", "--all"), ("FILE", "--backups", "--client", "x"), ("--backups",)]
)
def test_an_unclear_wish_is_refused_with_what_can_be_asked(
    book: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    capsys.readouterr()
    assert _purge(*(book if word == "FILE" else word for word in words)) == 2
    assert "FILE --client NAME, or FILE --backups, or --all" in capsys.readouterr().err


def test_no_line_of_history_names_a_client_who_is_removed(book: Path) -> None:
    with person(book) as opened:
        tab = opened["Objectives"]
        headers = [cell.value for cell in tab[1]]
        client, my_stage = (headers.index(text) + 1 for text in ("Client", "My stage"))
        for row in range(2, tab.max_row + 1):
            if tab.cell(row, client).value in {CLIENT, "Quillon Software"}:
                tab.cell(row, my_stage).value = "Universe"
    day = TODAY + timedelta(days=1)
    assert main(["sync", str(book), "--today", day.isoformat()]) in {0, 4}
    assert _holding(book, "Quillon Software · ")
    assert [part for part in _holding(book) if "sharedStrings" not in part]
    assert main(["purge", str(book), "--client", CLIENT, "--today", day.isoformat(), "--yes"]) == 0
    assert _holding(book) == []
    assert "Quillon" in str(ExcelWorkbook(book).read().tabs["History"].rows)
