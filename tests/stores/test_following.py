"""A new file is checked by a second process while it is written: nothing wrong passes, whatever happens."""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.second_process import may_begin
from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.publishing import building, following
from sheetfunnel.stores.excel.publishing.building import Building
from sheetfunnel.stores.excel.publishing.row_check import SheetCheck
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.contract import ReplaceTable, WritePlan
from tests.large_books import SECOND, large_book, long_rows
from tests.stores.excel_books import SHEET, compose, set_cells, sheet_xml, values, written

pytestmark = pytest.mark.skipif(not may_begin(), reason="a second process takes Linux and two processors")

ROWS = 1_500
#: Where the name of an entry and the way it is packed stand in its part of a zip file's directory.
_NAME_IN_DIRECTORY, _METHOD_IN_DIRECTORY = 46, 10
WISHES = {row: (f"new {row}",) for row in range(1, ROWS, 3)}
PLAN = set_cells(WISHES)


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_WORTH", 0)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gather the tabs that are compared by the first process."""
    tabs: list[str] = []
    run = SheetCheck.run

    def noted(check: SheetCheck, *sheets: Iterator[bytes]) -> None:
        tabs.append(check.grid.title)
        run(check, *sheets)

    monkeypatch.setattr(SheetCheck, "run", noted)
    return tabs


def _book(path: Path) -> Path:
    return compose(path, sheet_xml(long_rows(ROWS, "The second")))


def _building(path: Path, plan: WritePlan = PLAN) -> Building:
    return Building(path, ExcelWorkbook(path).read(), plan)


def test_what_was_seen_while_it_was_written_is_not_compared_again(
    tmp_path: Path, looked_at: list[str]
) -> None:
    made, new = _building(_book(tmp_path / "a.xlsx")), tmp_path / "b.xlsx"
    made.build(new)
    made.check(new)
    assert looked_at == []
    assert values(new)[4, 2] == "new 4"
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_all_sheets_that_change_are_followed(tmp_path: Path, looked_at: list[str]) -> None:
    book, new = large_book(tmp_path / "a.xlsx", long_rows(40, "B")), tmp_path / "b.xlsx"
    plan = WritePlan(changes=(*PLAN.changes, *set_cells({2: ("x",)}, tab="Two").changes))
    made = _building(book, plan)
    made.build(new)
    assert made.seen.keys() == {SHEET, SECOND}
    made.check(new)
    assert looked_at == []


def _changed_byte(new: Path) -> None:
    with zipfile.ZipFile(new) as archive:
        info = archive.getinfo(SHEET)
    with new.open("r+b") as file:
        file.seek(info.header_offset + 200 + info.compress_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def test_bytes_that_change_after_they_were_seen_are_noticed(tmp_path: Path, looked_at: list[str]) -> None:
    made, new = _building(_book(tmp_path / "a.xlsx")), tmp_path / "b.xlsx"
    made.build(new)
    _changed_byte(new)
    with pytest.raises(UnreadableWorkbook):
        made.check(new)
    assert looked_at == ["Tab"]


def test_a_directory_that_calls_packed_bytes_unpacked_is_noticed(tmp_path: Path) -> None:
    made, new = _building(_book(tmp_path / "a.xlsx")), tmp_path / "b.xlsx"
    made.build(new)
    raw = new.read_bytes()
    at = raw.rindex(SHEET.encode()) - _NAME_IN_DIRECTORY + _METHOD_IN_DIRECTORY
    new.write_bytes(raw[:at] + b"\0\0" + raw[at + 2 :])
    with pytest.raises(UnreadableWorkbook):
        made.check(new)


def test_a_cell_that_was_not_planned_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_at: list[str]
) -> None:
    more = set_cells({**WISHES, 2: ("not planned",)})
    monkeypatch.setattr(building, "edit", lambda old, new, _, **heed: edit(old, new, more, **heed))
    made, new = _building(_book(tmp_path / "a.xlsx")), tmp_path / "b.xlsx"
    made.build(new)
    assert made.seen == {}
    with pytest.raises(UnreadableWorkbook, match="cell B2"):
        made.check(new)
    assert looked_at == ["Tab"]


def test_a_sheet_that_is_begun_anew_is_followed_anew(tmp_path: Path, looked_at: list[str]) -> None:
    """Merged cells stand at the end of a sheet: where one is hit, the sheet is written once more."""
    merged = '<mergeCells><mergeCell ref="A4:B4"/></mergeCells>'
    book = compose(tmp_path / "a.xlsx", sheet_xml(long_rows(ROWS, "The second"), after=merged))
    made, new = _building(book), tmp_path / "b.xlsx"
    made.build(new)
    made.check(new)
    assert made.seen.keys() == {SHEET}
    assert looked_at == []
    assert (4, 2) not in values(new) or values(new)[4, 2] != "new 4"


def test_rows_in_another_dialect_are_left_to_the_first_process(tmp_path: Path, looked_at: list[str]) -> None:
    book = written(tmp_path / "a.xlsx", [["a", "b"]] * 20)
    odd = sheet_xml('<row  r="1"><c r="A1"><v>1</v></c></row>')
    made, new = _building(compose(book, odd), set_cells({1: ("x",)})), tmp_path / "b.xlsx"
    made.build(new)
    assert made.seen == {}
    made.check(new)
    assert looked_at == ["Tab"]


def _dies(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_where_the_second_process_dies_the_first_one_checks_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_at: list[str]
) -> None:
    monkeypatch.setattr(following, "inflated", _dies)
    made, new = _building(_book(tmp_path / "a.xlsx")), tmp_path / "b.xlsx"
    made.build(new)
    made.check(new)
    assert looked_at == ["Tab"]


def test_where_writing_fails_no_process_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(building, "edit", full)
    with pytest.raises(OSError, match="No space"):
        _building(_book(tmp_path / "a.xlsx")).build(tmp_path / "b.xlsx")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_table_that_grows_is_followed(tmp_path: Path, looked_at: list[str]) -> None:
    rows = [("The first", f"more {row}") for row in range(ROWS + 200)]
    table = ReplaceTable(tab="Tab", first_row=2, columns=(1, 2), rows=rows, old_rows=ROWS - 2)
    made, new = _building(_book(tmp_path / "a.xlsx"), WritePlan(changes=(table,))), tmp_path / "b.xlsx"
    made.build(new)
    made.check(new)
    assert looked_at == []
    assert values(new)[ROWS + 201, 2] == f"more {ROWS + 199}"
