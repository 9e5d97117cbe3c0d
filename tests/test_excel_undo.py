"""Undo in Excel files: the program's cells go back, whatever a person did meanwhile stays."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sheetfunnel.cli import main
from sheetfunnel.stores.excel.parts.package import open_package
from sheetfunnel.stores.excel.publishing.backups import backups, keep_backup
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.stores.state import VARIABLE
from sheetfunnel.workbook.contract import Cell
from tests.excel_people import column, has_libreoffice, libreoffice, person, practice, reorder, shown, sort
from tests.stores.excel_books import part, parts

RESULTS = ("stage", "rank", "do_next", "why", "fit")
TYPED = ("client", "objective", "amount", "need", "first_contact", "economic", "next_step", "id")
LATER = "2026-03-30"
LAST = "2026-04-20"

needs_libreoffice = pytest.mark.skipif(not has_libreoffice, reason="LibreOffice is not on this machine")

Tabs = dict[str, list[list[Cell]]]


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "state"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return practice(tmp_path / "sales.xlsx")


def _sync(path: Path, today: str) -> None:
    assert main(["sync", str(path), "--today", today]) == 0


def _undo(path: Path, *flags: str) -> int:
    return main(["undo", str(path), *flags])


def _told(path: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> dict[str, Any]:
    capsys.readouterr()
    assert _undo(path, "--json", *flags) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def _tabs(path: Path) -> Tabs:
    """Return every filled cell of every tab."""
    grids = ExcelWorkbook(path).read().tabs
    return {title: _trimmed([_trimmed(list(row)) for row in grid.rows]) for title, grid in grids.items()}


def _trimmed(items: list[Any]) -> list[Any]:
    while items and items[-1] in (None, []):
        items.pop()
    return items


# ------------------------------------------------------------------------------ nothing was typed meanwhile


def test_an_undo_leaves_every_cell_as_it_was_before_the_sync(book: Path) -> None:
    before = _tabs(book)
    _sync(book, LATER)
    after = _tabs(book)
    assert after != before
    assert _undo(book) == 0
    assert _tabs(book) == before
    _sync(book, LATER)
    assert _tabs(book) == after


@needs_libreoffice
def test_in_a_file_of_libreoffice_an_undo_leaves_every_cell_as_it_was(book: Path) -> None:
    libreoffice(book)
    before = _tabs(book)
    _sync(book, LATER)
    assert _undo(book) == 0
    assert _tabs(book) == before


def test_undoing_the_first_sync_blanks_every_result(tmp_path: Path) -> None:
    book = practice(tmp_path / "new.xlsx", sync=False)
    before = _tabs(book)
    _sync(book, LATER)
    assert _undo(book) == 0
    assert _tabs(book) == before
    assert set(shown(book, *RESULTS).values()) == {(None,) * len(RESULTS)}


def test_each_undo_goes_one_sync_further_back_until_there_is_none(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generations = [_tabs(book)]
    for today in (LATER, LAST):
        _sync(book, today)
        generations.append(_tabs(book))
    generations.pop()
    while generations:
        assert _undo(book) == 0
        assert _tabs(book) == generations.pop()
    assert _undo(book) == 0  # the sync with which the workbook began
    capsys.readouterr()
    file = book.read_bytes()
    assert _undo(book) == 2
    assert book.read_bytes() == file
    said = capsys.readouterr().err
    assert "There is no sync to undo" in said
    assert str(backups(book, book.parent / "state")[0].parent) in said.replace("\n", "")


def test_a_sync_after_an_undo_is_the_one_to_undo_next(book: Path) -> None:
    first = _tabs(book)
    _sync(book, LATER)
    assert _undo(book) == 0
    _sync(book, LAST)
    assert _undo(book) == 0
    assert _tabs(book) == first


def test_the_links_of_check_lead_where_they_led(book: Path) -> None:
    with person(book) as opened:
        opened["Objectives"].cell(2, column(book, "amount")).value = "plenty"
    sheet = _sheet(book, "Check")
    _sync(book, LATER)
    assert len(_links(_sheet(book, "Check"))) == len(_links(sheet)) + 1
    assert _undo(book) == 0
    undone = _sheet(book, "Check")
    assert _links(undone) == _links(sheet)


def _links(sheet: bytes) -> list[bytes]:
    return [link.rstrip(b" /") for link in re.findall(rb"<hyperlink ([^>]*)>", sheet)]


def _sheet(path: Path, title: str) -> bytes:
    return part(path, open_package(path).sheet(title).part)


# ------------------------------------------------------------------------------- what a person did meanwhile


def _sorted(path: Path) -> None:
    with person(path) as opened:
        sort(opened["Objectives"], by=1, first=2, reverse=True)


def _moved(path: Path) -> None:
    with person(path) as opened:
        tab = opened["Objectives"]
        order: list[int | None] = [*range(1, tab.max_column + 1)]
        order.remove(11)
        order.insert(1, 11)
        order[4:4] = [None]
        reorder(opened, "Objectives", order)
        opened["Objectives"]["A1"] = "Whom I serve"
        opened["Priorities"].title = "What first"


@pytest.mark.parametrize("change", [_sorted, _moved])
def test_whatever_was_sorted_or_moved_since_each_row_gets_its_own_results_back(
    book: Path, change: Callable[[Path], None]
) -> None:
    before = shown(book, "key", *RESULTS)
    _sync(book, LATER)
    change(book)
    typed = shown(book, *TYPED)
    assert _undo(book) == 0
    assert shown(book, "key", *RESULTS) == before
    assert shown(book, *TYPED) == typed


def test_rows_that_came_since_get_no_result_and_those_that_went_leave_none(book: Path) -> None:
    before = shown(book, *RESULTS)
    _sync(book, LATER)
    with person(book) as opened:
        tab = opened["Objectives"]
        gone = f"{tab['A5'].value} | {tab['B5'].value}"
        tab.delete_rows(5)
        tab.append(["Nora & Co", "A first talk"])
    assert _undo(book) == 0
    after = shown(book, *RESULTS)
    assert after.pop("Nora & Co | A first talk") == (None,) * len(RESULTS)
    before.pop(gone)
    assert after == before
    _sync(book, LATER)
    assert shown(book, "stage")["Nora & Co | A first talk"] == ("Universe",)


def test_a_row_that_was_renamed_since_keeps_its_results(book: Path) -> None:
    before = shown(book, *RESULTS)
    _sync(book, LATER)
    with person(book) as opened:
        old = opened["Objectives"]["A4"].value
        opened["Objectives"]["A4"] = "Under another name"
    assert _undo(book) == 0
    renamed = {
        key.replace("Under another name", str(old)): cells for key, cells in shown(book, *RESULTS).items()
    }
    assert renamed == before


def test_a_result_in_which_a_person_typed_stays_and_stays_theirs(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = column(book, "stage")
    before = ExcelWorkbook(book).read().tabs["Objectives"].at(3, stage)
    _sync(book, LATER)
    with person(book) as opened:
        opened["Objectives"].cell(2, stage).value = "mine"
        opened["Objectives"].cell(3, stage).value = before  # just what the undo would have written
        opened["Objectives"].cell(4, stage).value = None
    theirs = ExcelWorkbook(book).read().tabs["Objectives"]
    told = _told(book, capsys)
    assert "Objectives!D2" in told["left_typed"]
    after = ExcelWorkbook(book).read().tabs["Objectives"]
    assert [after.at(row, stage) for row in (2, 3)] == [theirs.at(row, stage) for row in (2, 3)]
    assert after.at(4, stage) is not None
    _sync(book, LAST)
    assert ExcelWorkbook(book).read().tabs["Objectives"].at(2, stage) == "mine"


def test_what_is_written_below_and_beside_the_tables_stays(book: Path) -> None:
    _sync(book, LATER)
    with person(book) as opened:
        for title in ("Priorities", "Dashboard", "Check", "Start"):
            tab = opened[title]
            tab.cell(tab.max_row + 2, 1).value = "a note of mine"
            tab.cell(30, 30).value = "another"
    assert _undo(book) == 0
    for title in ("Priorities", "Dashboard", "Check", "Start"):
        cells = [cell for row in _tabs(book)[title] for cell in row]
        assert cells.count("a note of mine") == 1
        assert cells.count("another") == 1


def test_a_note_where_a_table_was_longer_cuts_it_there(book: Path) -> None:
    with person(book) as opened:
        tab = opened["Objectives"]
        for row in range(4, 44):
            tab.cell(row, column(book, "outcome")).value = "Dropped"
    _sync(book, LATER)
    note = len(_tabs(book)["Priorities"]) + 2
    with person(book) as opened:
        opened["Priorities"].cell(note, 1).value = "a note of mine"
    assert _undo(book) == 0
    undone = _tabs(book)["Priorities"]
    assert undone[note - 1] == ["a note of mine"]
    assert undone[note - 2][0] in {"Close", "Explore", "Cover"}
    _sync(book, LATER)
    assert _tabs(book)["Priorities"][note - 1 :] == [["a note of mine"]]


def test_a_row_emptied_before_the_sync_gets_back_what_stood_beside_it(book: Path) -> None:
    with person(book) as opened:
        for at in (1, 2, column(book, "id")):
            opened["Objectives"].cell(6, at).value = None
    before = _tabs(book)
    _sync(book, LATER)
    assert _undo(book) == 0
    assert _tabs(book) == before


def test_a_row_emptied_after_the_sync_keeps_no_result(book: Path) -> None:
    _sync(book, LATER)
    with person(book) as opened:
        for at in (1, 2, column(book, "id")):
            opened["Objectives"].cell(6, at).value = None
    assert _undo(book) == 0
    row = ExcelWorkbook(book).read().tabs["Objectives"]
    assert [row.at(6, column(book, key)) for key in ("key", *RESULTS)] == [None] * 6


# ----------------------------------------------------------------------------------------- around the writing


def test_a_dry_run_prints_each_cell_and_writes_nothing(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _sync(book, LATER)
    file, kept = book.read_bytes(), backups(book, book.parent / "state")
    capsys.readouterr()
    assert _undo(book, "--dry-run") == 0
    told = capsys.readouterr().out
    assert "Start!C23: 2026-03-30 -> 2026-03-02" in told
    assert "nothing was written" in told
    assert book.read_bytes() == file
    assert backups(book, book.parent / "state") == kept


def test_a_generation_that_a_dead_run_kept_is_passed_over(book: Path) -> None:
    before = _tabs(book)
    _sync(book, LATER)
    keep_backup(book, book.parent / "state")  # and there it died
    with person(book) as opened:
        opened["Objectives"]["B4"] = "typed after that"
    assert _undo(book) == 0
    undone = _tabs(book)
    assert undone["Objectives"][3][1] == "typed after that"
    assert undone["Priorities"] == before["Priorities"]


def test_a_backup_that_a_person_put_back_is_where_the_next_undo_begins(book: Path) -> None:
    _sync(book, LATER)
    _sync(book, LAST)
    latest, *_ = backups(book, book.parent / "state")
    book.write_bytes(latest.read_bytes())
    assert _undo(book) == 0
    assert _tabs(book)["Start"][22][2].isoformat().startswith("2026-03-02")  # type: ignore[union-attr]


def test_without_any_backup_the_reason_and_the_folder_are_told(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = book.rename(book.with_name("moved.xlsx"))
    capsys.readouterr()
    assert _undo(moved) == 2
    said = capsys.readouterr().err.replace("\n", "")
    assert "no backup of this workbook is kept" in said
    assert "moved or renamed" in said
    assert str(book.parent / "state" / "backups" / "moved-") in said


def test_a_damaged_backup_is_named(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _sync(book, LATER)
    latest, *_ = backups(book, book.parent / "state")
    latest.write_bytes(latest.read_bytes()[:2000])
    file = book.read_bytes()
    capsys.readouterr()
    assert _undo(book) == 65
    assert latest.name in capsys.readouterr().err
    assert book.read_bytes() == file


def test_an_undo_touches_no_part_but_the_sheets(book: Path) -> None:
    _sync(book, LATER)
    before = parts(book)
    assert _undo(book) == 0
    after = parts(book)
    assert list(after) == list(before)
    assert all(name.startswith("xl/worksheets/sheet") for name in after if after[name] != before[name])
