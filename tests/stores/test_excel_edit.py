from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from sheetfunnel.errors import ContractBroken, UnreadableWorkbook
from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.workbook.contract import KEEP, SetCells, WritePlan
from tests.stores.excel_books import (
    SHEET,
    cells,
    compose,
    opens,
    part,
    parts,
    set_cells,
    sheet_xml,
    values,
    written,
)


def _edited(source: Path, plan: WritePlan) -> Path:
    target = source.with_name("edited.xlsx")
    edit(source, target, plan)
    assert opens(target)
    return target


def _rows(raw: bytes) -> str:
    return raw[raw.index(b"<sheetData>") + 11 : raw.index(b"</sheetData>")].decode()


def _rows_after(tmp_path: Path, rows: str, plan: WritePlan, *, before: str = "", after: str = "") -> str:
    source = compose(tmp_path / "a.xlsx", sheet_xml(rows, before=before, after=after))
    return _rows(part(_edited(source, plan)))


def test_an_empty_plan_copies_the_file_byte_for_byte(tmp_path: Path) -> None:
    source = written(tmp_path / "a.xlsx", [[1, 2]])
    edit(source, tmp_path / "b.xlsx", WritePlan())
    assert (tmp_path / "b.xlsx").read_bytes() == source.read_bytes()


def test_only_the_wanted_cells_change(tmp_path: Path) -> None:
    source = written(tmp_path / "a.xlsx", [["a", "b", "c"], [1, 2, 3], [4, 5, 6]])
    target = _edited(source, set_cells({2: ["new"], 3: [7.5]}))
    assert values(target) == {**values(source), (2, 2): "new", (3, 2): 7.5}
    before, after = cells(part(source)), cells(part(target))
    assert {key for key in after if after[key] != before[key]} == {"B2", "B3"}
    assert part(source).replace(before["B2"], after["B2"]).replace(before["B3"], after["B3"]) == part(target)


def test_a_passed_over_cell_stays(tmp_path: Path) -> None:
    source = written(tmp_path / "a.xlsx", [["a", "b"], [1, 2]])
    target = _edited(source, set_cells({2: [KEEP, "x"]}, columns=(1, 2)))
    assert values(target) == {**values(source), (2, 2): "x"}


def test_a_cell_keeps_its_style_and_loses_what_belonged_to_its_old_value(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="1" t="e" cm="1" vm="2"><v>#VALUE!</v></c><c r="B1" s="2"/></row>'
    plan = set_cells({1: ["x", None]}, columns=(1, 2))
    assert _rows_after(tmp_path, rows, plan) == (
        '<row r="1"><c r="A1" s="1" t="inlineStr"><is><t>x</t></is></c><c r="B1" s="2"/></row>'
    )


def test_a_blanked_cell_stays_as_an_empty_one(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1"><v>1</v></c></row>'
    plan = set_cells({1: [None, "", None]}, columns=(1, 2, 3))
    assert _rows_after(tmp_path, rows, plan) == '<row r="1"><c r="A1" s="1"/><c r="B1"/></row>'


def test_missing_cells_are_put_in_order_and_the_spans_widened(tmp_path: Path) -> None:
    rows = '<row r="1" spans="2:4" ht="20"><c r="B1"><v>1</v></c><c r="D1"><v>2</v></c></row>'
    plan = set_cells({1: [1, 2, 3]}, columns=(1, 3, 27))
    assert _rows_after(tmp_path, rows, plan) == (
        '<row r="1" spans="1:27" ht="20"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="C1"><v>2</v></c>'
        '<c r="D1"><v>2</v></c><c r="AA1"><v>3</v></c></row>'
    )


def test_spans_that_already_hold_the_new_cell_stay(tmp_path: Path) -> None:
    rows = '<row r="1" spans="1:2 5:9"><c r="A1"><v>1</v></c></row>'
    assert 'spans="1:2 5:9"' in _rows_after(tmp_path, rows, set_cells({1: [1]}, columns=(7,)))


def test_missing_rows_are_created_and_empty_ones_opened(tmp_path: Path) -> None:
    rows = '<row r="2" ht="9" customHeight="1"/><row r="4"><c r="A4"><v>4</v></c></row><row r="5"/>'
    plan = set_cells({1: [1], 2: [2], 3: [3], 6: [6], 7: [KEEP], 8: [None]}, columns=(1,))
    assert _rows_after(tmp_path, rows, plan) == (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="2" ht="9" customHeight="1"><c r="A2"><v>2</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c></row>'
        '<row r="4"><c r="A4"><v>4</v></c></row><row r="5"/>'
        '<row r="6"><c r="A6"><v>6</v></c></row>'
    )


def test_a_sheet_without_rows_can_be_written(tmp_path: Path) -> None:
    raw = sheet_xml("").replace("<sheetData></sheetData>", "<sheetData/>")
    source = compose(tmp_path / "a.xlsx", raw)
    target = _edited(source, set_cells({3: ["x"]}))
    assert values(target) == {(3, 2): "x"}


def test_the_dimension_grows_with_what_is_written(tmp_path: Path) -> None:
    source = compose(
        tmp_path / "a.xlsx",
        sheet_xml('<row r="2"><c r="B2"><v>1</v></c></row>', before='<dimension ref="B2"/>'),
    )
    assert b'<dimension ref="B2:D5"/>' in part(_edited(source, set_cells({5: [1]}, columns=(4,))))
    assert b'<dimension ref="B2"/>' in part(_edited(source, set_cells({5: [None]}, columns=(4,))))


def test_a_new_cell_takes_the_style_of_its_columns_first_data_cell(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" s="2"><v>0</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="A3" s="1"><v>1</v></c></row><row r="4"><c r="A4" s="2"><v>1</v></c></row>'
        '<row r="9"><c r="B9"><v>1</v></c></row>'
    )
    names = "<definedNames><definedName name='sf_head'>Tab!$A$1</definedName></definedNames>"
    source = compose(tmp_path / "a.xlsx", sheet_xml(rows), workbook=names)
    after = cells(part(_edited(source, set_cells({2: [7], 9: [8]}, columns=(1,)))))
    assert after["A2"] == b'<c r="A2" s="1"><v>7</v></c>'
    assert after["A9"] == b'<c r="A9" s="1"><v>8</v></c>'


def test_without_data_cells_the_style_is_that_of_the_column_and_then_of_the_row(tmp_path: Path) -> None:
    rows = '<row r="2" s="1" customFormat="1"><c r="D2"><v>1</v></c></row><row r="3" s="1"/>'
    cols = '<cols><col min="2" max="2" width="9" style="2"/></cols>'
    plan = set_cells({2: [1, 2], 3: [1, 2]}, columns=(2, 3))
    after = cells(_rows_after(tmp_path, rows, plan, before=cols).encode())
    assert after["B2"] == b'<c r="B2" s="2"><v>1</v></c>'
    assert after["C2"] == b'<c r="C2" s="1"><v>2</v></c>'
    assert after["C3"] == b'<c r="C3"><v>2</v></c>'


def test_a_persons_formula_is_never_replaced_and_a_boolean_of_libreoffice_is(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c>'
        '<c r="B1" t="b" s="1"><f aca="false">TRUE()</f><v>1</v></c>'
        '<c r="C1"><f t="shared" si="0"/><v>3</v></c><c r="D1" t="b"><f>NOT(B1)</f><v>0</v></c></row>'
    )
    after = cells(
        _rows_after(tmp_path, rows, set_cells({1: [9, False, 9, 9]}, columns=(1, 2, 3, 4))).encode()
    )
    before = cells(rows.encode())
    assert after == {**before, "B1": b'<c r="B1" s="1" t="b"><v>0</v></c>'}


def test_cells_under_a_merge_an_array_or_a_data_table_are_left_alone(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A3">B1:B3</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="C2"><f t="dataTable" ref="C2:C3" r1="E1"/></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3" s="1"/><c r="C3"><v>1</v></c></row>'
    )
    merge = '<mergeCells count="1"><mergeCell ref="B2:B4"/></mergeCells>'
    plan = set_cells(dict.fromkeys(range(1, 6), (9, 9, 9)), columns=(1, 2, 3))
    after = cells(_rows_after(tmp_path, rows, plan, after=merge).encode())
    assert {key for key, raw in after.items() if b"<v>9</v>" in raw} == {
        "A4", "A5", "B1", "B2", "B5", "C1", "C4", "C5",
    }  # fmt: skip


def test_two_changes_of_one_tab_are_carried_out_together(tmp_path: Path) -> None:
    source = written(tmp_path / "a.xlsx", [["a", "b", "c"], [1, 2, 3]])
    one = SetCells(tab="Tab", columns=(3,), rows={2: ["three"], 3: ["more"]})
    two = SetCells(tab="Tab", columns=(1, 3), rows={2: ["one", KEEP], 5: [5, 6]})
    target = _edited(source, WritePlan(changes=(one, two)))
    assert values(target) == {
        **values(source), (2, 1): "one", (2, 3): "three", (3, 3): "more", (5, 1): 5, (5, 3): 6,
    }  # fmt: skip


def test_columns_may_be_named_in_any_order(tmp_path: Path) -> None:
    source = written(tmp_path / "a.xlsx", [["a", "b", "c"], [1, 2, 3]])
    target = _edited(source, set_cells({2: ["c", "a"]}, columns=(3, 1)))
    assert values(target) == {**values(source), (2, 1): "a", (2, 3): "c"}


def test_a_tab_that_is_gone_is_named(tmp_path: Path) -> None:
    source = written(tmp_path / "a.xlsx", [[1]])
    with pytest.raises(ContractBroken, match="Gone"):
        edit(source, tmp_path / "b.xlsx", set_cells({1: [1]}, tab="Gone"))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="2"><c r="A2"/></row><row r="2"><c r="A2"/></row>',
        '<row r="1"><c r="B1"/><c r="A1"/></row>',
        '<row r="1"><c r="A1"/><c r="B2"/></row>',
        '<row r="1"><c r="?"/></row>',
        '<row r="x"/>',
    ],
)
def test_cells_out_of_order_are_refused(tmp_path: Path, rows: str) -> None:
    source = compose(tmp_path / "a.xlsx", sheet_xml(rows))
    with pytest.raises(UnreadableWorkbook, match="damaged"):
        edit(source, tmp_path / "b.xlsx", set_cells({1: [1, 2, 3]}, columns=(1, 2, 3)))


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ('<calcPr calcId="191029"/>', '<calcPr calcId="191029" fullCalcOnLoad="1"/>'),
        ("<calcPr fullCalcOnLoad='0' calcId='1'/>", "<calcPr fullCalcOnLoad=\"1\" calcId='1'/>"),
        ('<calcPr fullCalcOnLoad="1"/>', '<calcPr fullCalcOnLoad="1"/>'),
        ("<oleSize ref='A1'/>", "<calcPr fullCalcOnLoad=\"1\"/><oleSize ref='A1'/>"),
        ("<definedNames/>", '<definedNames/><calcPr fullCalcOnLoad="1"/>'),
        ("", '<calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_excel_is_told_to_calculate_anew(tmp_path: Path, held: str, wanted: str) -> None:
    source = compose(tmp_path / "a.xlsx", sheet_xml(""), workbook=held)
    edit(source, tmp_path / "b.xlsx", set_cells({1: [1]}))
    raw = part(source, "xl/workbook.xml").decode()
    assert part(tmp_path / "b.xlsx", "xl/workbook.xml").decode() == raw.replace(
        f"</sheets>{held}", f"</sheets>{wanted}"
    )


def test_charts_pictures_comments_formats_and_macros_stay_byte_for_byte(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsm"
    (tmp_path / "vba.bin").write_bytes(bytes(range(256)) * 9)
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    (tmp_path / "p.png").write_bytes(picture)
    with xlsxwriter.Workbook(source) as book:
        book.add_vba_project(str(tmp_path / "vba.bin"))
        sheet = book.add_worksheet("Tab")
        sheet.write_column("A1", [1, 2, 3])
        sheet.write_comment("A1", "a remark")
        sheet.insert_image("F9", str(tmp_path / "p.png"))
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Tab!$A$1:$A$3"})
        sheet.insert_chart("H1", chart)
        sheet.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_sparkline("C1", {"range": "Tab!A1:A3"})
        sheet.data_validation("B1:B9", {"validate": "list", "source": ["x", "y"]})
        sheet.write_url("A9", "https://example.org/")
    target = source.with_name("b.xlsm")
    edit(source, target, set_cells({2: ["new"]}))
    before, after = parts(source), parts(target)
    assert {"xl/vbaProject.bin", "xl/charts/chart1.xml", "xl/media/image1.png", "xl/comments1.xml"} <= set(
        before
    )
    changed = {name for name in before if before[name] != after[name]}
    assert list(before) == list(after)
    assert changed <= {SHEET, "xl/workbook.xml"}
    rest_before, rest_after = (raw[SHEET].partition(b"</sheetData>")[2] for raw in (before, after))
    assert rest_before == rest_after
    old, new = cells(before[SHEET]), cells(after[SHEET])
    assert new == {**old, "B2": new["B2"]}
