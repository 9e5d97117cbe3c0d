from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook as NewWorkbook

from sheetfunnel.errors import (
    ContractBroken,
    NoAccess,
    StaleRevision,
    UnreadableWorkbook,
    WrongUsage,
)
from sheetfunnel.stores import open_workbook
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.contract import Place, SetCells, WritePlan
from tests.shared import SHARED, needs_shared
from tests.stores.contract import Make, StoreContract
from tests.stores.files import opened, rows_of, save, small, stages

_READ = """
import json, resource, sys, time
from pathlib import Path
from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.stores.excel.store import ExcelWorkbook
start, end = time.monotonic(), ""
try:
    tabs = ExcelWorkbook(Path(sys.argv[1])).read().tabs
    end = "read"
    cells = [[str(cell)[:40] for cell in row] for row in next(iter(tabs.values())).rows[:2]]
except SheetfunnelError as error:
    end, cells = type(error).__name__, [[error.message, error.hint]]
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"end": end, "cells": cells, "seconds": time.monotonic() - start, "megabytes": memory}))
"""

#: Hostile only to other readers, or merely odd: these read, as what stands in their first row.
HARMLESS = {
    "00_ok": ["hello", "42.0"],
    "15_dim_whole_sheet": ["hello", "42.0"],
    "17_cell_row_1e6_col_A": ["1.0"],
    "25_style_index_oob": ["1.0"],
    "32_num_overflow": ["inf", "nan", "-1e+308", "inf", "abc"],
    "33_dates_bad": ["1000000000000000.0", "00:00:00", "1900-02-28", "00:00:00", "9999-99-99"],
    "34_bigint_10k_digits": ["inf"],
    "35_ctrl_chars": ["a\x00b\x1fc\r_x0041_", "42.0"],
    "36_text_1MB_cell": ["x" * 40, "42.0"],
    "37_formula_texts": ["=cmd|'/C calc'!A0", "x", "@SUM(1)", "=1+1"],
    "63_shared_formula_bomb": ["1.0"],
    "65_cols_16384x1000": ["hello", "42.0"],
    "66_numfmt_redos": ["1.0"],
}


class TestExcelWorkbook(StoreContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Make:
        numbers = count()
        return lambda tabs: opened(save(tmp_path / f"book {next(numbers)}.xlsx", tabs))


def _read(path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode:
        return {"end": f"died with {done.returncode}", "cells": [[done.stderr[-300:]]]}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@needs_shared
def test_every_hostile_workbook_ends_in_clear_words_or_a_right_reading() -> None:
    paths = sorted((SHARED / "data" / "hostile").glob("*.xlsx"))
    assert len(paths) == 57
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip((path.stem for path in paths), pool.map(_read, paths), strict=True))
    assert {name: seen["cells"][0] for name, seen in found.items() if seen["end"] == "read"} == HARMLESS
    refused = {name: seen for name, seen in found.items() if name not in HARMLESS}
    assert {seen["end"] for seen in refused.values()} == {"UnreadableWorkbook"}
    assert all(message and hint for seen in refused.values() for message, hint in seen["cells"])
    assert max(seen["seconds"] for seen in found.values()) < 5
    assert max(seen["megabytes"] for seen in found.values()) < 500


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
    "reference", ["sales.ods", "sales.csv", "sales.xls", "sales", "https://docs.google.com/x.xlsx", ""]
)
def test_any_other_reference_is_refused_with_a_hint(reference: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        open_workbook(reference)
    assert ".xlsx" in refusal.value.hint
