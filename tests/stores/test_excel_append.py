from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.workbook.contract import AppendRows, Place, ReplaceTable, WritePlan
from tests.stores.excel_books import SHEET, compose, opens, part, sheet_xml, values

ROWS = (
    '<row r="1"><c r="A1"><v>0</v></c><c r="B1"><v>0</v></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>1</v></c></row>'
)


def _appended(source: Path, first_row: int, count: int, *, header: int = 1) -> Path:
    rows = [(f"new {number}", number) for number in range(count)]
    change = AppendRows(tab="Tab", first_row=first_row, columns=(1, 2), rows=rows, header=header)
    target = source.with_name("b.xlsx")
    edit(source, target, WritePlan(changes=(change,)))
    assert opens(target)
    return target


def _validation(cells: str) -> str:
    return (
        f'<dataValidations count="1"><dataValidation type="whole" sqref="{cells}"><formula1>1</formula1>'
        "</dataValidation></dataValidations>"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A2", "A2:A5"),
        ("A1:A2", "A1:A5"),
        ("A2:B2 D9", "A2:B5 D9"),
        ("A1", "A1"),
        ("A2:A1048576", "A2:A1048576"),
        ("C2", "C2"),
    ],
)
def test_rules_for_the_last_row_hold_for_appended_ones_too(tmp_path: Path, before: str, after: str) -> None:
    formats = (
        f'<conditionalFormatting sqref="{before}"><cfRule type="duplicateValues" priority="1"/>'
        "</conditionalFormatting>"
    )
    source = compose(tmp_path / "a.xlsx", sheet_xml(ROWS, after=formats + _validation(before)))
    raw = part(_appended(source, 3, 3)).decode()
    assert raw.count(f'sqref="{after}"') == 2


def test_help_on_a_header_stays_with_the_header_when_the_first_rows_come(tmp_path: Path) -> None:
    header = ROWS.partition('<row r="2"')[0]
    tail = '<autoFilter ref="A1:B1"/>' + _validation("A1 B1:B2")
    source = compose(tmp_path / "a.xlsx", sheet_xml(header, after=tail))
    raw = part(_appended(source, 2, 3))
    assert b'sqref="A1 B1:B4"' in raw
    assert b'<autoFilter ref="A1:B4"/>' in raw


def test_a_rule_does_not_grow_into_cells_that_have_one_already(tmp_path: Path) -> None:
    source = compose(
        tmp_path / "a.xlsx",
        sheet_xml(ROWS, after=_validation("A2").replace("</dataValidations>", "") + _TWO_MORE),
    )
    assert b'sqref="A2"' in part(_appended(source, 3, 2))


_TWO_MORE = (
    '<dataValidation type="whole" sqref="A3:A9"><formula1>2</formula1></dataValidation></dataValidations>'
)


def test_a_table_grows_over_the_appended_rows_with_its_filter(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("Tab")
        sheet.add_table("A1:B3", {"data": [["x", 1], ["y", 2]]})
        sheet.add_table("H1:I3", {"name": "Other"})
    target = _appended(source, 4, 5)
    assert part(target, "xl/tables/table1.xml").count(b'ref="A1:B8"') == 2
    assert part(target, "xl/tables/table2.xml") == part(source, "xl/tables/table2.xml")
    assert values(target)[8, 1] == "new 4"


def test_a_table_with_totals_stays_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(source) as book:
        book.add_worksheet("Tab").add_table("A1:B3", {"total_row": True})
    target = _appended(source, 4, 1)
    assert part(target, "xl/tables/table1.xml") == part(source, "xl/tables/table1.xml")


def test_the_range_of_a_filter_grows_in_the_workbook_too(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("Tab")
        sheet.write_column("A1", ["head", "x"])
        sheet.autofilter("A1:B2")
    target = _appended(source, 3, 2)
    assert b"Tab!$A$1:$B$4</definedName>" in part(target, "xl/workbook.xml")
    assert b'<autoFilter ref="A1:B4"/>' in part(target)


def _table(count: int, *, old_rows: int, links: bool = True) -> WritePlan:
    change = ReplaceTable(
        tab="Tab",
        first_row=2,
        columns=(1, 2),
        rows=[(f"{number} & co", number) for number in range(count)],
        old_rows=old_rows,
        links={(row, 0): Place(tab="Anna's", row=row + 7, column=3) for row in range(count)} if links else {},
    )
    return WritePlan(changes=(change,))


LINKS = (
    '<hyperlinks><hyperlink ref="A2" location="old"/><hyperlink ref="E2" location="mine"/></hyperlinks>'
    '<pageMargins left="0.7"/>'
)


def test_links_of_a_table_are_replaced_and_a_persons_link_stays(tmp_path: Path) -> None:
    source = compose(tmp_path / "a.xlsx", sheet_xml(ROWS, after=LINKS))
    edit(source, tmp_path / "b.xlsx", _table(2, old_rows=1))
    assert part(tmp_path / "b.xlsx").decode().partition("</sheetData>")[2] == (
        '<hyperlinks><hyperlink ref="E2" location="mine"/>'
        '<hyperlink ref="A2" location="\'Anna\'\'s\'!C7" display="0 &amp; co"/>'
        '<hyperlink ref="A3" location="\'Anna\'\'s\'!C8" display="1 &amp; co"/></hyperlinks>'
        '<pageMargins left="0.7"/></worksheet>'
    )
    assert opens(tmp_path / "b.xlsx")


def test_the_first_links_stand_where_the_standard_wants_them(tmp_path: Path) -> None:
    source = compose(
        tmp_path / "a.xlsx", sheet_xml(ROWS, after=_validation("D1") + '<pageMargins left="0.7"/>')
    )
    edit(source, tmp_path / "b.xlsx", _table(1, old_rows=1))
    tail = part(tmp_path / "b.xlsx").decode()
    assert tail.index("</dataValidations>") < tail.index("<hyperlinks>") < tail.index("<pageMargins")


def test_the_last_link_takes_its_group_with_it(tmp_path: Path) -> None:
    only = LINKS.replace('<hyperlink ref="E2" location="mine"/>', "")
    source = compose(tmp_path / "a.xlsx", sheet_xml(ROWS, after=only))
    edit(source, tmp_path / "b.xlsx", _table(0, old_rows=1))
    assert b"hyperlink" not in part(tmp_path / "b.xlsx", SHEET)
