from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from sheetfunnel.findings import Code
from sheetfunnel.stores.excel.package import open_package
from sheetfunnel.stores.excel.state import VARIABLE
from sheetfunnel.stores.excel.store import ExcelWorkbook
from tests.excel_grafts import grafted
from tests.excel_people import (
    cells_of_rows,
    column,
    has_libreoffice,
    libreoffice,
    person,
    practice,
    reorder,
    shown,
    sort,
    synced,
)
from tests.stores.excel_books import cells, needs_shared, opens, part, parts

RESULTS = ("stage", "rank", "do_next", "why", "fit")
TYPED = ("client", "objective", "amount", "need", "first_contact", "economic", "next_step", "id")

needs_libreoffice = pytest.mark.skipif(not has_libreoffice, reason="LibreOffice is not on this machine")


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "state"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return practice(tmp_path / "sales.xlsx")


def _told(path: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> dict[str, Any]:
    capsys.readouterr()
    assert synced(path, "--json", *flags) == 0
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return told[0]


def _codes(told: Mapping[str, Any]) -> list[str]:
    return [found["code"] for found in told["findings"]]


def _assert_nothing_to_do(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, moment = path.read_bytes(), path.stat().st_mtime_ns
    capsys.readouterr()
    assert synced(path) == 0
    assert "Nothing changed; the file was left as it is." in capsys.readouterr().out
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == moment


# ------------------------------------------------------------------------------------------- a second sync


def test_a_second_sync_leaves_every_byte(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _assert_nothing_to_do(book, capsys)


@needs_libreoffice
def test_what_libreoffice_saved_unchanged_needs_no_sync(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shown(book, *RESULTS, *TYPED)
    libreoffice(book)
    assert shown(book, *RESULTS, *TYPED) == before
    _assert_nothing_to_do(book, capsys)


# ---------------------------------------------------------------------------------- what a person rearranges


def _rearrange(path: Path) -> None:
    """Sort, move, insert and rename columns, add tabs and formulas, colour cells: a busy afternoon."""
    with person(path) as book:
        tab = book["Objectives"]
        sort(tab, by=1, first=2, reverse=True)
        order: list[int | None] = [*range(1, tab.max_column + 1)]
        order.remove(11)
        order.insert(1, 11)
        order[10:10] = [None, None]
        reorder(book, "Objectives", order)
        tab["A1"] = "Whom I serve"
        tab["K1"], tab["L1"] = "My notes", "Doubled"
        for number in range(2, tab.max_row + 1):
            tab.cell(number, 12).value = f"=N{number}*2"
        tab["K5"] = "ask about the budget"
        tab["B4"].fill = PatternFill("solid", fgColor="FFCC99")
        tab["E3"].fill = PatternFill("solid", fgColor="FF0000")
        tab["A6"].comment = Comment("met at the fair", "Anna")
        book.create_sheet("Mine", 1)["A1"] = '=COUNTIF(Objectives!$E$2:$E$60,"Best Few")'
        book.create_sheet("Old list")["C3"] = "=1+1"


@pytest.mark.parametrize(
    "save", [Path, pytest.param(libreoffice, marks=needs_libreoffice)], ids=["openpyxl", "libreoffice"]
)
def test_after_a_busy_afternoon_every_result_is_still_beside_its_row(
    book: Path, capsys: pytest.CaptureFixture[str], save: Callable[[Path], Path]
) -> None:
    before = shown(book, *RESULTS, *TYPED)
    _rearrange(book)
    save(book)
    typed, file = shown(book, *TYPED), parts(book)
    told = _told(book, capsys)
    assert Code.TYPED_OVER_RESULT not in _codes(told)
    assert told["rows"] == len(before)
    assert shown(book, *RESULTS, *TYPED) == before
    assert shown(book, *TYPED) == typed
    assert column(book, "first_contact") == 2
    assert parts(book).keys() == file.keys()
    _assert_nothing_to_do(book, capsys)


@needs_libreoffice
def test_in_a_file_of_libreoffice_a_sync_writes_the_results_and_nothing_else(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _rearrange(book)
    with person(book) as opened:
        tab = opened["Objectives"]
        tab.cell(tab.max_row + 1, 1).value = "Nora & Co"
        tab.cell(4, column(book, "need")).value = "they lost their coach"
    libreoffice(book)
    own = {column(book, key) for key in ("key", *RESULTS)}
    before, typed = parts(book), _typed_cells(_sheet(book, "Objectives"), own)
    assert _told(book, capsys)["written"]
    assert parts(book).keys() == before.keys()
    assert _typed_cells(_sheet(book, "Objectives"), own) == typed
    assert shown(book, "stage")["Nora & Co | "] == ("Universe",)
    _assert_nothing_to_do(book, capsys)


def _typed_cells(raw: bytes, own: set[int]) -> dict[str, bytes]:
    """Return the cells of a sheet as they are written, but for those in the program's columns."""
    return {ref: cell for ref, cell in cells(raw).items() if _column_of(ref) not in own}


def _column_of(ref: str) -> int:
    number = 0
    for letter in ref.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number


def test_a_row_inserted_between_others_moves_no_result(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shown(book, *RESULTS)
    with person(book) as opened:
        opened["Objectives"].insert_rows(5)
        opened["Objectives"]["A5"] = "Ivy Interiors"
    told = _told(book, capsys)
    after = shown(book, *RESULTS)
    assert after.pop("Ivy Interiors | ")[0] == "Universe"
    assert {key: cells[0] for key, cells in after.items()} == {key: cells[0] for key, cells in before.items()}
    assert Code.TYPED_OVER_RESULT not in _codes(told)


# ----------------------------------------------------------------------------------- what a person types


def test_a_result_cell_in_which_a_person_typed_is_left_and_reported(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do_next, why = column(book, "do_next"), column(book, "why")
    with person(book) as opened:
        cells_of_rows({3: {do_next: "call her on Friday!"}, 4: {why: 42}}, opened["Objectives"])
    before = cells(_sheet(book, "Objectives"))
    told = _told(book, capsys)
    typed = [found["cell"] for found in told["findings"] if found["code"] == Code.TYPED_OVER_RESULT]
    assert typed == ["F3", "G4"]
    after = cells(_sheet(book, "Objectives"))
    assert {ref: after[ref] for ref in ("F3", "G4")} == {ref: before[ref] for ref in ("F3", "G4")}
    check = ExcelWorkbook(book).read().tabs["Check"]
    said = [" ".join(str(cell) for cell in row if cell) for row in check.rows]
    assert sum("left as it is" in line for line in said) == 2
    _assert_nothing_to_do(book, capsys)


def test_a_formula_in_a_result_column_stays(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rank = column(book, "rank")
    with person(book) as opened:
        opened["Objectives"].cell(2, rank).value = "=1+1"
        opened["Objectives"].cell(2, column(book, "need")).value = None
    before = cells(_sheet(book, "Objectives"))["E2"]
    assert b"<f>1+1</f>" in before
    told = _told(book, capsys)
    assert [found["cell"] for found in told["findings"] if found["code"] == Code.TYPED_OVER_RESULT] == ["E2"]
    assert cells(_sheet(book, "Objectives"))["E2"] == before


def test_words_beside_and_below_the_programs_tables_stay(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = {"Priorities": "R7", "Allocation": "T5", "Dashboard": "V30", "Check": "H6", "Start": "G3"}
    with person(book) as opened:
        for title, ref in notes.items():
            opened[title][ref] = f"my note on {title}"
        opened["Priorities"]["E300"] = "far below"
        opened["Objectives"].append(["Nora & Co"])
    before = {title: _sheet(book, title) for title in notes}
    assert _told(book, capsys)["written"]
    for title, ref in notes.items():
        assert cells(_sheet(book, title))[ref] == cells(before[title])[ref]
    assert cells(_sheet(book, "Priorities"))["E300"] == cells(before["Priorities"])["E300"]
    _assert_nothing_to_do(book, capsys)


def _sheet(path: Path, title: str) -> bytes:
    return part(path, open_package(path).sheet(title).part)


# ------------------------------------------------------------------------- everything else in the file


@needs_shared
def test_a_sync_changes_the_programs_cells_and_not_one_byte_of_anything_else(tmp_path: Path) -> None:
    plain = practice(tmp_path / "plain.xlsx", sync=False)
    sheet = open_package(plain).sheet("Objectives").part
    book = grafted(plain, tmp_path / "sales.xlsm", sheet)
    before, was = parts(book), _entries(book)
    assert synced(book) == 0
    after, now = parts(book), _entries(book)
    own = {open_package(book).sheet(title).part for title in OWN_TABS}
    changed = {name for name in before if before[name] != after.get(name)}
    assert list(after) == list(before)
    assert {sheet, "xl/workbook.xml"} < changed <= {sheet, "xl/workbook.xml", *own}
    assert {name: was[name] for name in was.keys() - changed} == {
        name: now[name] for name in now.keys() - changed
    }
    flag = b' fullCalcOnLoad="1"'
    assert flag not in before["xl/workbook.xml"]
    assert after["xl/workbook.xml"].replace(flag, b"") == before["xl/workbook.xml"]
    _assert_only_results_changed(book, before[sheet], after[sheet])
    assert opens(book)


OWN_TABS = ("Start", "Priorities", "Allocation", "Dashboard", "Check", "_results", "_sheetfunnel")


def _entries(path: Path) -> dict[str, tuple[object, ...]]:
    """Return what the zip says of each entry, and the bytes as they are packed."""
    found: dict[str, tuple[object, ...]] = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        for info in archive.infolist():
            file.seek(info.header_offset + 26)
            lengths = int.from_bytes(file.read(2), "little"), int.from_bytes(file.read(2), "little")
            file.seek(sum(lengths), 1)
            packed = file.read(info.compress_size)
            found[info.filename] = (info.date_time, info.CRC, info.external_attr, info.compress_type, packed)
    return found


def _assert_only_results_changed(book: Path, before: bytes, after: bytes) -> None:
    """What stands before and behind the rows is the same, and so is every cell that people type in."""
    own = {column(book, key) for key in ("key", *RESULTS)}
    typed = _typed_cells(before, own)
    assert len(typed) > 400
    assert _typed_cells(after, own) == typed
    assert before.partition(b"<sheetData>")[0] == after.partition(b"<sheetData>")[0]
    assert before.partition(b"</sheetData>")[2] == after.partition(b"</sheetData>")[2]
    assert re.findall(rb"<row [^>]*>", before) == re.findall(rb"<row [^>]*>", after)


@needs_shared
@needs_libreoffice
def test_a_workbook_full_of_other_things_opens_after_a_sync(tmp_path: Path) -> None:
    plain = practice(tmp_path / "plain.xlsx", sync=False)
    book = grafted(plain, tmp_path / "sales.xlsm", open_package(plain).sheet("Objectives").part)
    assert synced(book) == 0
    before = shown(book, *RESULTS, *TYPED)
    saved = libreoffice(book.rename(book.with_suffix(".xlsx")))
    assert shown(saved, *RESULTS, *TYPED) == before
