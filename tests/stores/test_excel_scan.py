from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.parts.package import open_package
from sheetfunnel.stores.excel.scan import Cells, special_cells
from sheetfunnel.stores.excel.sheet.careful import CarefulSheet
from sheetfunnel.stores.excel.sheet.error_cells import error_cells
from sheetfunnel.stores.excel.sheet.fast import FastSheet
from sheetfunnel.stores.excel.sheet.pieces import Unusual
from sheetfunnel.stores.excel.store import ExcelWorkbook
from tests.campaign import FULL, spread
from tests.shared import needs_shared
from tests.stores.excel_books import SHEET, compose, editable, sheet_xml, written


def _scanned(path: Path, title: str = "Tab") -> tuple[Cells, Cells]:
    special = special_cells(path, open_package(path), title)
    return special.formulas, special.covered


def test_a_sheet_of_values_has_nothing_to_leave_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", [["fun", 1], [True, "=)"]])
    assert _scanned(path) == (frozenset(), frozenset())


def test_formulas_and_the_cells_under_a_merge_are_found(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Tab")
        sheet.write_formula("B2", "=A1+1")
        sheet.merge_range("D4:E5", "wide")
        sheet.write_array_formula("G1:G3", "{=A1:A3}")
    formulas, covered = _scanned(tmp_path / "a.xlsx")
    assert formulas == {(2, 2), (1, 7)}
    assert covered == {(4, 5), (5, 4), (5, 5), (2, 7), (3, 7)}


ROWS = (
    '<row r="1"><c r="A1" t="b"><f aca="false">TRUE()</f><v>1</v></c>'
    '<c r="B1" t="b"><f>FALSE()</f><v>0</v></c><c r="C1" t="b"><f>NOT(A1)</f><v>0</v></c></row>'
    '<row r="2"><c r="A2"><f t="shared" ref="A2:A3" si="0">B2</f><v>0</v></c></row>'
    '<row r="3"><c r="A3" s="1"><f t="shared" si="0"/></c>'
    '<c r="B3"><f t="dataTable" ref="B3:C4" dt2D="0" dtr="0" r1="A1"/><v>1</v></c></row>'
)


def test_a_boolean_of_libreoffice_is_no_formula(tmp_path: Path) -> None:
    formulas, covered = _scanned(compose(tmp_path / "a.xlsx", sheet_xml(ROWS)))
    assert formulas == {(1, 3), (2, 1), (3, 1), (3, 2)}
    assert covered == {(3, 3), (4, 2), (4, 3)}


def test_where_excel_keeps_a_calculation_chain_every_formula_is_one(tmp_path: Path) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    link = f'<Relationship Id="r9" Type="{kind}" Target="calcChain.xml"/>'
    path = compose(
        tmp_path / "a.xlsx", sheet_xml(ROWS), links=link, parts={"xl/calcChain.xml": "<calcChain/>"}
    )
    assert _scanned(path)[0] >= {(1, 1), (1, 2)}


def test_a_chart_sheet_has_no_cells(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Tab").write_formula("A1", "=1")
        book.add_chartsheet("Chart")
    assert _scanned(tmp_path / "a.xlsx", "Chart") == (frozenset(), frozenset())


def test_an_unreasonably_large_merge_is_refused(tmp_path: Path) -> None:
    merge = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    path = compose(tmp_path / "a.xlsx", sheet_xml("", after=merge))
    with pytest.raises(UnreadableWorkbook, match="merged"):
        _scanned(path)


def test_a_sheet_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = compose(
        tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1"><f>1</f></c>').replace("</sheetData>", "")
    )
    with pytest.raises(UnreadableWorkbook, match="damaged"):
        _scanned(path)


def test_damage_within_a_part_is_noticed_by_its_checksum(tmp_path: Path) -> None:
    path = compose(tmp_path / "a.xlsx", sheet_xml(ROWS))
    package = open_package(path)
    entry = package.entries.at(SHEET)
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02", 0, raw.rindex(SHEET.encode()))
    raw[at + 16] ^= 0xFF
    path.write_bytes(raw)
    assert entry.CRC
    with pytest.raises(UnreadableWorkbook, match="does not read back"):
        _scanned(path)


@given(
    grid=st.lists(
        st.lists(st.sampled_from(["value", "formula", "shared", "boolean", ""]), max_size=5), max_size=8
    )
)
def test_both_ways_find_the_same_formulas(grid: list[list[str]]) -> None:
    inner = {
        "value": "<v>1</v>",
        "formula": '<f ca="1">1+1</f><v>2</v>',
        "shared": '<f t="shared" si="0"/>',
        "boolean": '<f aca="false">TRUE()</f><v>1</v>',
    }
    rows = ""
    for number, row in enumerate(grid, start=1):
        cells = [f'<c r="{"ABCDE"[i]}{number}" t="b">{inner[kind]}</c>' for i, kind in enumerate(row) if kind]
        rows += f'<row r="{number}">{"".join(cells)}</row>' if cells else ""
    raw = sheet_xml(rows).encode()
    for booleans in (True, False):
        fast = FastSheet(iter([raw])).findings(booleans=booleans)
        assert fast == CarefulSheet(iter([raw])).findings(booleans=booleans)


@needs_shared
def test_both_ways_agree_on_every_collected_workbook() -> None:
    compared = 0
    for path, package in spread(editable("xlsx") + editable("adopt"), every=4):
        for sheet in (each for each in package.sheets if each.cells):
            raw = package.entries.whole(sheet.part) or b""
            careful = CarefulSheet(iter([raw])).findings(booleans=True)
            try:
                fast = FastSheet(iter([raw])).findings(booleans=True)
            except Unusual:
                continue
            assert fast == careful, (path.name, sheet.title)
            compared += 1
    assert compared > (100 if FULL else 20)


def test_a_sheet_with_prefixes_is_read_too(tmp_path: Path) -> None:
    raw = re.sub(r"<(/?)(?=\w)", r"<\1x:", sheet_xml(ROWS)).replace("xmlns=", "xmlns:x=")
    assert _scanned(compose(tmp_path / "a.xlsx", raw))[0] == {(1, 3), (2, 1), (3, 1), (3, 2)}


ERRORS = (
    '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    '<c r="C2" t="str"><v>t="e"</v></c><c r="D2" t="inlineStr"><is><t>#REF! t="e"</t></is></c></row>'
    '<row r="4"><c r="AB4" t="e" cm="1" vm="1"><v>#VALUE!</v></c></row>'
)


@pytest.mark.parametrize(
    "written",
    [
        lambda raw: raw,
        lambda raw: re.sub(r"<(/?)(?=\w)", r"<\1x:", raw).replace("xmlns=", "xmlns:x="),
        lambda raw: raw.replace('t="e"', "t='e'"),
        lambda raw: raw.replace("<c ", "<c\n "),
    ],
    ids=["plain", "prefixes", "single quotes", "line breaks"],
)
def test_cells_that_show_an_error_are_found(tmp_path: Path, written: Callable[[str], str]) -> None:
    path = compose(tmp_path / "a.xlsx", written(sheet_xml(ERRORS)))
    errors = special_cells(path, open_package(path), "Tab").errors
    assert errors == {(2, 1): "#N/A", (2, 2): "#DIV/0!", (4, 28): "#VALUE!"}
    grid = ExcelWorkbook(path).read().tabs["Tab"]
    assert [grid.at(row, column) for row, column in errors] == [*errors.values()]


def test_errors_are_found_wherever_a_piece_of_the_sheet_ends() -> None:
    raw = sheet_xml(ERRORS).encode()
    whole = error_cells([raw])
    assert len(whole) == 3
    for size in range(1, 60):
        assert error_cells([raw[at : at + size] for at in range(0, len(raw), size)]) == whole
