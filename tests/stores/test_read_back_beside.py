from __future__ import annotations

from pathlib import Path

import pytest

from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.publishing.differing import Differing
from sheetfunnel.stores.excel.publishing.read_back import check_read_back
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.tables.second_process import may_begin
from sheetfunnel.workbook.contract import SetCells, WritePlan
from tests.large_books import SECOND, large_book, long_rows
from tests.stores.excel_books import replaced, zipped

pytestmark = pytest.mark.skipif(not may_begin(), reason="a second process takes Linux and two processors")


def test_what_differs_in_a_tab_that_a_second_process_compares_is_found(tmp_path: Path) -> None:
    book = large_book(tmp_path / "a.xlsx", long_rows(9_000, "The second"))
    before, new = ExcelWorkbook(book).read(), tmp_path / "new.xlsx"
    rows = dict.fromkeys(range(2, 8000, 100), ("Call",))
    plan = WritePlan(changes=tuple(SetCells(tab=tab, columns=(1,), rows=rows) for tab in ("Tab", "Two")))
    edit(book, new, plan)
    check_read_back(new, before, plan, source=book)
    changed = zipped(
        tmp_path / "b.xlsx", replaced(new, SECOND, b"The second of row 5003,", b"The sceond of row 5003,")
    )
    with pytest.raises(Differing, match="cell B5003 of the tab “Two”"):
        check_read_back(changed, before, plan, source=book)
