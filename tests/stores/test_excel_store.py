from __future__ import annotations

import errno
import os
from itertools import count
from pathlib import Path

import pytest
from xlsxwriter import Workbook as NewWorkbook

from sheetfunnel.errors import (
    Busy,
    ContractBroken,
    NoAccess,
    SheetfunnelError,
    StaleRevision,
    UnreadableWorkbook,
    WrongUsage,
)
from sheetfunnel.stores import open_workbook
from sheetfunnel.stores.excel import store
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.contract import Place, SetCells, WritePlan
from tests.shared import SHARED, needs_shared
from tests.stores.contract import Make, StoreContract
from tests.stores.files import opened, rows_of, save, small, stages


class TestExcelWorkbook(StoreContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Make:
        numbers = count()
        return lambda tabs: opened(save(tmp_path / f"book {next(numbers)}.xlsx", tabs))


@needs_shared
def test_workbooks_that_excel_made_are_read() -> None:
    paths = sorted((SHARED / "data" / "xlsx").glob("*.xl*"))
    refused = []
    for path in paths:
        try:
            assert opened(path).read().tabs
        except UnreadableWorkbook:
            refused.append(path.stem)
    # signed, shared in the old way, and one with a sheet of Excel 4 macros
    assert len(paths) > 50
    assert len(refused) <= 4, refused


def test_defined_names_and_formulas_are_part_of_a_reading(tmp_path: Path) -> None:
    with NewWorkbook(tmp_path / "book.xlsx") as book:
        sheet = book.add_worksheet("My sheet")
        sheet.write_formula("B2", "=1+1", None, 2)
        sheet.merge_range("A4:B5", "wide")
        book.define_name("sf_here", "='My sheet'!$C$3")
    snapshot = opened(tmp_path / "book.xlsx").read()
    grid = snapshot.tabs["My sheet"]
    assert snapshot.names == {"sf_here": Place(tab="My sheet", row=3, column=3)}
    assert grid.formulas == {(2, 2)}
    assert grid.covered == {(4, 2), (5, 1), (5, 2)}
    assert grid.at(2, 2) == 2


def test_a_persons_formula_and_cells_under_a_merge_are_left_alone(tmp_path: Path) -> None:
    with NewWorkbook(tmp_path / "book.xlsx") as book:
        sheet = book.add_worksheet("A")
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.merge_range("A2:B2", "wide")
        sheet.write_string("B3", "old")
    workbook = opened(tmp_path / "book.xlsx")
    before = workbook.read()
    rows = {1: ("x", "x"), 2: ("x", "x"), 3: ("x", "x")}
    plan = WritePlan(changes=(SetCells(tab="A", columns=(1, 2), rows=rows),))
    workbook.write(plan, revision=before.revision)
    after = workbook.read()
    assert rows_of(after, "A") == [[2, "x"], ["x", None], ["x", "x"]]
    assert after.tabs["A"].formulas == {(1, 1)}


def test_an_empty_plan_leaves_every_byte_and_makes_no_state(tmp_path: Path) -> None:
    path = small(tmp_path)
    before = path.read_bytes()
    workbook = opened(path)
    workbook.write(WritePlan(), revision=workbook.read().revision)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["sales.xlsx"]


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    real = small(tmp_path, "real.xlsx")
    link = tmp_path / "link.xlsx"
    link.symlink_to(real)
    workbook = opened(link)
    workbook.write(stages("new"), revision=workbook.read().revision)
    assert link.is_symlink()
    assert not real.is_symlink()
    assert opened(real).read().tabs["Objectives"].at(2, 2) == "new"


def test_a_workbook_that_was_not_read_by_this_object_can_be_written_by_its_revision(tmp_path: Path) -> None:
    path = small(tmp_path)
    revision = opened(path).read().revision
    opened(path).write(stages("new"), revision=revision)
    assert opened(path).read().tabs["Objectives"].at(4, 2) == "new"


def test_the_same_content_saved_again_is_another_revision(tmp_path: Path) -> None:
    path = small(tmp_path)
    workbook = opened(path)
    revision = workbook.read().revision
    os.utime(path, ns=(1, 1))
    with pytest.raises(StaleRevision):
        workbook.write(stages("new"), revision=revision)


def test_a_workbook_deleted_meanwhile_is_not_made_anew(tmp_path: Path) -> None:
    path = small(tmp_path)
    workbook = opened(path)
    revision = workbook.read().revision
    path.unlink()
    with pytest.raises(WrongUsage, match="no file"):
        workbook.write(stages("new"), revision=revision)
    assert not path.exists()


def test_a_plan_for_a_tab_that_is_gone_leaves_nothing_behind(tmp_path: Path) -> None:
    path = small(tmp_path)
    workbook = opened(path)
    before = path.read_bytes()
    plan = WritePlan(changes=(SetCells(tab="Gone", columns=(1,), rows={1: ("x",)}),))
    with pytest.raises(ContractBroken):
        workbook.write(plan, revision=workbook.read().revision)
    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"sales.xlsx", "state"}


def test_a_read_only_workbook_is_not_replaced(tmp_path: Path) -> None:
    path = small(tmp_path)
    workbook = opened(path)
    revision = workbook.read().revision
    path.chmod(0o444)
    with pytest.raises(NoAccess, match="read-only"):
        workbook.write(stages("new"), revision=revision)


@pytest.mark.parametrize("name", ["~$sales.xlsx", ".~lock.sales.xlsx#", "sales.xlsx.tmp", "SALES.TMP"])
def test_lock_and_temporary_files_are_no_workbooks(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUsage):
        ExcelWorkbook(tmp_path / name)


@pytest.mark.parametrize("name", ["none.xlsx", "folder.xlsx", "none/sales.xlsx"])
def test_what_is_no_file_is_said_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(WrongUsage):
        opened(tmp_path / name).read()


def test_a_path_is_opened_as_an_excel_file(tmp_path: Path) -> None:
    workbook = open_workbook(str(small(tmp_path)))
    assert isinstance(workbook, ExcelWorkbook)
    assert workbook.read().tabs["Objectives"].at(2, 1) == "Rosa"


@pytest.mark.parametrize(
    "reference", ["sales.ods", "sales.csv", "sales.xls", "sales", "https://example.com/x.xlsx", ""]
)
def test_any_other_reference_is_refused_with_a_hint(reference: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        open_workbook(reference)
    assert ".xlsx" in refusal.value.hint


@pytest.mark.parametrize("fails", ["fingerprint", "_snapshot", "is_same_stamp"])
@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EIO, (SheetfunnelError, "Check the disk")),
        (errno.EACCES, (NoAccess, "Ask its owner")),
        (errno.EBUSY, (Busy, "Close it there")),
    ],
)
def test_a_workbook_that_cannot_be_read_is_told_for_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, number: int, told: tuple[type, str]
) -> None:
    def failing(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    path = small(tmp_path)
    monkeypatch.setattr(store, fails, failing)
    with pytest.raises(SheetfunnelError) as refusal:
        ExcelWorkbook(path).read()
    assert type(refusal.value) is told[0]
    assert told[1] in refusal.value.hint


def test_where_a_disk_that_failed_says_no_the_file_is_asked_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = opened(small(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: False)
    book.write(stages("new"), revision=book.read().revision)
    assert [row[1] for row in rows_of(book.read())[1:]] == ["new"] * 3
