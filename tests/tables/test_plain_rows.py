from __future__ import annotations

from pathlib import Path

import pytest

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.tables.guard import check_workbook_file
from sheetfunnel.tables.part_guard import exact_extent
from sheetfunnel.tables.plain_rows import LONGEST_CELL, quick_extent
from tests.stores.excel_books import compose, sheet_xml


def _sheet(tmp_path: Path, rows: str) -> Path:
    return compose(tmp_path / "a.xlsx", sheet_xml(rows))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a < b</t></is></c><c r="B1"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Rosa<//t></is></c><c r="B1"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Rosa></is></c><c r="B1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>4<row>2</v></c><c r="B1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>< cr="B1"><v>2</v></c></row>',
        '<row r="1"><XFDc r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>R&D</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&x;</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>a]]>b</v></c></row>',
        '<row r="1"><c r="A1"><f>1</f><v>1</v></row>',
        '<row r="1"><c r="A1"><f ca=1>1</f><v>1</v></c></row>',
        '<row r="1" ht=15><c r="A1"><v>1</v></c></row>',
    ],
)
def test_a_broken_tag_among_plain_rows_is_no_part_of_a_text(tmp_path: Path, rows: str) -> None:
    with pytest.raises(UnreadableWorkbook, match="XML is broken") as refusal:
        check_workbook_file(_sheet(tmp_path, rows))
    assert refusal.value.hint


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1" />',
        '<c r="B1" s="1" cm="1" vm="1" ph="1"><v>1</v></c>',
        '<c r="B1" t="str"><f>A1&amp;" "</f><v xml:space="preserve"> </v></c>',
        '<c r="B1"><f t="shared" si="0" ca="1"/><v /></c>',
        '<c r="B1" t="inlineStr"><is><t xml:space="preserve"> &#10;&lt;</t></is></c>',
        "<c r='B1'/>",
        '<c r="B1"><is><r><t>rich</t></r></is></c>',
    ],
)
def test_cells_of_every_dialect_pass(tmp_path: Path, cell: str) -> None:
    check_workbook_file(_sheet(tmp_path, f'<row r="1">{cell}</row>'))


@pytest.mark.parametrize("rows", ["", "<sheetViews/>", "<sheetdata/>"])
def test_a_sheet_without_rows_is_damage_and_one_with_none_in_them_is_blank(tmp_path: Path, rows: str) -> None:
    raw = sheet_xml("")
    check_workbook_file(compose(tmp_path / "a.xlsx", raw.replace("<sheetData></sheetData>", "<sheetData/>")))
    with pytest.raises(UnreadableWorkbook, match="holds no sheet"):
        check_workbook_file(compose(tmp_path / "a.xlsx", raw.replace("<sheetData></sheetData>", rows)))


def test_the_longest_cell_is_plain_wherever_a_piece_of_the_sheet_ends() -> None:
    text = "&#x1F600;" * 32_767
    raw = sheet_xml(f'<row r="1"><c r="B1" t="inlineStr"><is><t>{text}</t></is></c></row>').encode()
    assert len(text) < LONGEST_CELL
    pieces = [raw[at : at + 1000] for at in range(0, len(raw), 1000)]
    assert quick_extent(iter(pieces), size=len(raw)) is not None
    assert exact_extent(iter(pieces)).columns == 2


def test_what_is_not_plain_is_not_waited_for_without_end() -> None:
    raw = sheet_xml("<row r='1'/>" + '<row r="2"><c r="A2"/></row>' * 60_000).encode()
    pieces = iter([raw[at : at + 1000] for at in range(0, len(raw), 1000)])
    assert quick_extent(pieces, size=len(raw)) is None
    assert sum(map(len, pieces)) > len(raw) / 2


@pytest.mark.parametrize(
    "cell", ["<c r='B1'/>", '<c r="B1"><f>1+1</f></c>', '<c r="B1" t="e"><v>#N/A</v></c>']
)
def test_a_sheet_is_known_to_hold_only_values_unless_a_cell_is_or_may_be_more(
    tmp_path: Path, cell: str
) -> None:
    plain = '<row r="1"><c r="A1" s="1" t="inlineStr"><is><t>#1 of "f"</t></is></c>%s</row>'
    sheets = {"xl/worksheets/sheet1.xml"}
    for size in (7, 1 << 20):
        for inner, known in (('<c r="B1"><v>1</v></c>', True), (cell, False)):
            raw = sheet_xml(plain % inner).encode()
            found = quick_extent(
                iter([raw[at : at + size] for at in range(0, len(raw), size)]), size=len(raw)
            )
            assert (found is not None and found.only_values) is known
    assert check_workbook_file(_sheet(tmp_path, plain % "")) == sheets
    assert check_workbook_file(_sheet(tmp_path, plain % cell)) == set()
    merged = sheet_xml(plain % "").replace(
        "</sheetData>", '</sheetData><mergeCells><mergeCell ref="C1:D1"/></mergeCells>'
    )
    assert check_workbook_file(compose(tmp_path / "b.xlsx", merged)) == set()
