from __future__ import annotations

import json
import os
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from sheetfunnel.findings import Code
from sheetfunnel.stores.excel.parts.package import open_package
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.stores.state import VARIABLE
from sheetfunnel.workbook.contract import Cell
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
from tests.shared import needs_shared
from tests.stores.excel_books import cells, opens, part, parts, zipped

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


def test_cells_that_nobody_can_write_keep_no_sync_busy(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = column(book, "key")
    with person(book) as opened:
        opened["Objectives"].cell(12, key).value = "=A12"
        opened["Start"].merge_cells("B23:C23")
        opened["Priorities"]["F8"] = "=1+1"
        opened["_results"]["D5"] = "=1+1"
        cells_of_rows({60: {1: "L" * 32_767, 2: "M"}}, opened["Objectives"])
    _told(book, capsys)
    _assert_nothing_to_do(book, capsys)


def test_a_row_that_was_emptied_keeps_no_result(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = {column(book, key) for key in ("key", *RESULTS)}
    with person(book) as opened:
        tab = opened["Objectives"]
        cells_of_rows({5: {at: None for at in range(1, tab.max_column + 1) if at not in own}}, tab)
    assert Code.TYPED_OVER_RESULT not in _codes(_told(book, capsys))
    assert not any(ExcelWorkbook(book).read().tabs["Objectives"].rows[4])
    _assert_nothing_to_do(book, capsys)


@pytest.mark.parametrize(
    "save", [Path, pytest.param(libreoffice, marks=needs_libreoffice)], ids=["openpyxl", "libreoffice"]
)
def test_a_note_right_below_a_table_stays_when_a_row_of_it_was_deleted(
    book: Path, capsys: pytest.CaptureFixture[str], save: Callable[[Path], Path]
) -> None:
    with person(book) as opened:
        tab = opened["Priorities"]
        below = tab.max_row + 1
        tab.cell(below, 1).value = "my note"
        tab.delete_rows(10)
    save(book)
    _told(book, capsys)
    assert ExcelWorkbook(book).read().tabs["Priorities"].at(below - 1, 1) == "my note"
    _assert_nothing_to_do(book, capsys)


def test_words_beside_and_below_the_programs_tables_stay(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = {"Priorities": "R7", "Allocation": "T5", "Dashboard": "V30", "Check": "H6", "Start": "G3"}
    with person(book) as opened:
        for title, ref in notes.items():
            opened[title][ref] = f"my note on {title}"
        below = f"E{opened['Priorities'].max_row + 1}"
        opened["Priorities"][below] = "just below"
        opened["Objectives"].append(["Nora & Co"])
    before = {title: _sheet(book, title) for title in notes}
    assert _told(book, capsys)["written"]
    for title, ref in notes.items():
        assert cells(_sheet(book, title))[ref] == cells(before[title])[ref]
    assert cells(_sheet(book, "Priorities"))[below] == cells(before["Priorities"])[below]
    check = ExcelWorkbook(book).read().tabs["Check"]
    assert any("Move that to the side" in str(cell) for row in check.rows for cell in row)
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


OWN_TABS = (
    "Start",
    "Priorities",
    "Allocation",
    "Dashboard",
    "Check",
    "History",
    "_results",
    "_sheetfunnel",
)


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


# ------------------------------------------------------------------------------------------- bad cells

BAD_CELLS: dict[str, tuple[Code, Callable[[int], Cell]]] = {
    "first_contact": (Code.NOT_A_DATE, lambda row: f"week {row}"),
    "amount": (Code.NOT_A_NUMBER, lambda row: f"about {row}k"),
    "fit_confirmed": (Code.NOT_YES_OR_NO, lambda row: f"perhaps {row}"),
    "outcome": (Code.NOT_AN_OUTCOME, lambda row: f"in {row} days"),
    "my_stage": (Code.NOT_A_STAGE, lambda row: row),
    "expected_close": (Code.IMPOSSIBLE_DATE, lambda row: f"31/02/20{row + 10}"),
    "next_step_on": (Code.AMBIGUOUS_DATE, lambda row: f"{row % 12 + 1}/{(row + 1) % 12 + 1}/2026"),
    "satisfaction": (Code.NOT_A_RATING, lambda row: row + 6),
    "paused_until": (Code.CELL_ERROR, lambda row: "#N/A" if row % 4 else "#DIV/0!"),
    "last_contact": (Code.FORMULA_WITHOUT_VALUE, lambda row: f"=TODAY()-{row}"),
}


def test_two_hundred_bad_cells_are_two_hundred_findings_and_the_good_rows_are_worked_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good: list[dict[str, Cell]] = [
        {"client": f"Good {number}", "need": "a new team", "first_contact": date(2026, 1, 5)}
        for number in range(60)
    ]
    bad: list[dict[str, Cell]] = [{"client": f"Bad {number}", "need": "help"} for number in range(40)]
    book = practice(tmp_path / "sales.xlsx", additions={"objectives": [*bad, *good]}, sync=False)
    wanted = _spoil(book)
    told = _told(book, capsys)
    assert len(wanted) == 200
    assert {found["cell"]: found["code"] for found in told["findings"]} == wanted
    assert all(found["tab"] == "Objectives" and found["message"] for found in told["findings"])
    results = shown(book, "stage", "why")
    assert {stage for stage, _ in results.values()} == {"Above the funnel"}
    assert sum("5 cells not read" in str(why) for _, why in results.values()) == 40
    rows = [row for row in ExcelWorkbook(book).read().tabs["Check"].rows if row and row[0]]
    assert {str(row[0]).replace("Objectives!", "") for row in rows} >= wanted.keys()
    _assert_nothing_to_do(book, capsys)


def _spoil(book: Path) -> dict[str, str]:
    """Type five bad cells into each of forty rows; return what is to be said of each."""
    wanted: dict[str, str] = {}
    places = {key: column(book, key) for key in BAD_CELLS}
    keys = list(BAD_CELLS)
    with person(book) as opened:
        tab = opened["Objectives"]
        for row in range(40):
            for key in keys[:5] if row % 2 else keys[5:]:
                code, value = BAD_CELLS[key]
                cell = tab.cell(row + 2, places[key])
                cell.value = value(row)
                wanted[cell.coordinate] = code.value
    return wanted


# -------------------------------------------------------------------------------- what is refused, and how


def _refused(path: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str]:
    before = path.read_bytes()
    capsys.readouterr()
    code = synced(path, *flags)
    assert path.read_bytes() == before
    return code, capsys.readouterr().err


def test_a_workbook_whose_header_row_is_gone_is_refused_by_name(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with person(book) as opened:
        opened["Objectives"].delete_rows(1)
        for name in [name for name in opened.defined_names if name.startswith("sf_objectives_")]:
            opened.defined_names[name].attr_text = "Objectives!#REF!"
    code, said = _refused(book, capsys)
    assert code == 65
    assert "Client" in said
    assert "Objectives" in said
    assert "Undo" in said


def test_a_header_row_deleted_without_excel_noticing_is_refused_with_the_flag_that_overrides(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with person(book) as opened:
        opened["Objectives"].delete_rows(1)
    code, said = _refused(book, capsys)
    assert code == 65
    assert "--accept-missing" in said
    assert synced(book, "--accept-missing") == 0


def test_a_workbook_that_lost_most_of_its_rows_is_refused_with_the_flag_that_overrides(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with person(book) as opened:
        opened["Objectives"].delete_rows(10, 25)
    code, said = _refused(book, capsys)
    assert code == 65
    assert "25 of the 43" in said
    assert "--accept-missing" in said
    assert synced(book, "--accept-missing") == 0
    assert len(shown(book, "stage")) == 18


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"])
def test_a_workbook_open_elsewhere_is_left_for_later(
    book: Path, capsys: pytest.CaptureFixture[str], lock: str
) -> None:
    with person(book) as opened:
        opened["Objectives"].append(["Nora & Co"])
    beside = book.with_name(lock.format(book.name))
    beside.write_bytes(b"\x04Anna" if lock.startswith("~") else b",anna,laptop,02.03.2026 10:11,;")
    code, said = _refused(book, capsys)
    assert code == 75
    assert "is open in" in said.replace("\n", " ")
    assert beside.exists()
    beside.unlink()
    assert synced(book) == 0
    assert "Nora & Co | " in shown(book, "stage")


def test_a_lock_that_a_crash_left_is_no_reason_to_stop(book: Path) -> None:
    with person(book) as opened:
        opened["Objectives"].append(["Nora & Co"])
    lock = book.with_name(f"~${book.name}")
    lock.write_bytes(b"\x04Anna")
    os.utime(lock, (time.time() - timedelta(hours=30).total_seconds(),) * 2)
    assert synced(book) == 0
    assert "Nora & Co | " in shown(book, "stage")


# --------------------------------------------------------------------- the ways in which Excel keeps texts

_SHARED = (
    "<si><t>Müller &amp; Söhne</t></si>"
    '<si><r><rPr><b/></rPr><t>Rich</t></r><r><t xml:space="preserve"> &amp; bold</t></r></si>'
    "<si><t>山田商事</t><rPh sb='0' eb='2'><t>ヤマダショウジ</t></rPh><phoneticPr fontId='1'/></si>"
    "<si><t>line_x000D_\nbreak _x0041_</t></si><si><t/></si>"
)


def test_shared_rich_and_phonetic_texts_are_read_and_stay_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = practice(tmp_path / "sales.xlsx", additions={})
    entries = parts(book)
    sheet = open_package(book).sheet("Objectives").part
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 2}</v></c></row>' for n in range(2, 7))
    rows += '<row r="7"><c r="A7" t="str"><f>"Fa"&amp;"bio"</f><v>Fabio</v></c></row>'
    entries[sheet] = entries[sheet].replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    entries["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{main}" count="5" uniqueCount="5">{_SHARED}</sst>'.encode()
    )
    for name, sign, new in (
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", _SHARED_LINK),
        ("[Content_Types].xml", b"</Types>", _SHARED_TYPE),
    ):
        entries[name] = entries[name].replace(sign, new.encode() + sign)
    zipped(book, entries)
    before = _typed_cells(_sheet(book, "Objectives"), {3, 4, 5, 6, 7, 8})
    assert _told(book, capsys)["rows"] == 5
    assert [key.removesuffix(" | ") for key in shown(book, "stage")] == [
        "Müller & Söhne",
        "Rich & bold",
        "山田商事",
        "line\r\nbreak A",
        "Fabio",
    ]
    after = _typed_cells(_sheet(book, "Objectives"), {3, 4, 5, 6, 7, 8})
    assert {ref: cell for ref, cell in after.items() if ref in before} == before
    assert parts(book)["xl/sharedStrings.xml"] == entries["xl/sharedStrings.xml"]
    _assert_nothing_to_do(book, capsys)


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHARED_LINK = f'<Relationship Id="rId77" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
_SHARED_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.spreadsheetml.sharedStrings+xml"/>'
)
