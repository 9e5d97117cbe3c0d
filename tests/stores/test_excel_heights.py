from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.workbook.contract import AppendRows, Cell, Change, ReplaceTable, SetCells, WritePlan
from tests.stores.excel_books import cells, compose, opens, part, sheet_xml

_HEADER = '<row r="1" ht="33" customHeight="1"><c r="A1" s="2" t="str"><v>Head</v></c></row>'
_CDATA = "<!-- only the careful way reads this -->"


def _after(tmp_path: Path, rows: str, change: Change, *, before: str = "") -> bytes:
    source = compose(tmp_path / "a.xlsx", sheet_xml(rows, before=before))
    target = tmp_path / "b.xlsx"
    edit(source, target, WritePlan(changes=(change,)))
    assert opens(target)
    return part(target)


def _tags(raw: bytes) -> list[str]:
    return re.findall(r"<row [^>]*>", raw.decode())


def _table(rows: Sequence[Sequence[Cell]], lines: Sequence[int], *, old_rows: int = 0) -> ReplaceTable:
    return ReplaceTable(tab="Tab", first_row=2, columns=(1,), rows=rows, old_rows=old_rows, lines=lines)


@pytest.mark.parametrize("comment", ["", _CDATA])
@pytest.mark.parametrize(
    ("row", "lines", "expected"),
    [
        ("", 1, '<row r="2">'),
        ("", 2, '<row r="2" ht="35">'),
        ("", 99, '<row r="2" ht="409">'),
        ('<row r="2" ht="50"/>', 1, '<row r="2">'),
        (
            '<row r="2" spans="1:1" ht="50" customHeight="0"/>',
            2,
            '<row r="2" spans="1:1" customHeight="0" ht="35">',
        ),
        ('<row r="2" ht="50" customHeight="1"/>', 2, '<row r="2" ht="50" customHeight="1">'),
        ('<row r="2" ht="50" customHeight="true"/>', 1, '<row r="2" ht="50" customHeight="true">'),
    ],
)
def test_a_row_is_as_high_as_its_lines_unless_a_person_said_otherwise(
    tmp_path: Path, row: str, lines: int, expected: str, comment: str
) -> None:
    raw = _after(tmp_path, _HEADER + row + comment, _table([["text"]], [lines]))
    assert _tags(raw)[1:] == [expected]


def test_rows_that_are_blanked_are_low_again(tmp_path: Path) -> None:
    old = '<row r="2" ht="35"><c r="A2"><v>1</v></c></row><row r="3" ht="65"><c r="A3"><v>2</v></c></row>'
    raw = _after(tmp_path, _HEADER + old, _table([["text"]], [2, 1], old_rows=2))
    assert _tags(raw)[1:] == ['<row r="2" ht="35">', '<row r="3">']


def test_without_lines_no_height_changes(tmp_path: Path) -> None:
    old = '<row r="2" ht="35"><c r="A2"><v>1</v></c></row>'
    raw = _after(tmp_path, _HEADER + old, _table([["text"]], [], old_rows=1))
    assert _tags(raw)[1:] == ['<row r="2" ht="35">']


def test_the_rows_of_people_keep_their_heights(tmp_path: Path) -> None:
    old = '<row r="2" ht="35"><c r="A2"><v>1</v></c></row>'
    raw = _after(tmp_path, _HEADER + old, SetCells(tab="Tab", columns=(1,), rows={2: ["long " * 99]}))
    assert _tags(raw)[1:] == ['<row r="2" ht="35">']


def test_the_first_appended_row_takes_nothing_from_the_header(tmp_path: Path) -> None:
    columns = '<cols><col min="1" max="2" width="9" style="1"/></cols>'
    change = AppendRows(tab="Tab", first_row=2, columns=(1, 2), rows=[["a", "b"]], header=1)
    raw = _after(tmp_path, _HEADER, change, before=columns)
    assert _tags(raw)[1:] == ['<row r="2">']
    assert [b's="1"' in cells(raw)[cell] for cell in ("A2", "B2")] == [True, True]


def test_an_appended_row_takes_the_format_of_the_row_above_and_not_its_height(tmp_path: Path) -> None:
    old = '<row r="2" s="1" customFormat="1" ht="80" customHeight="1"><c r="A2" s="2"><v>1</v></c></row>'
    change = AppendRows(tab="Tab", first_row=3, columns=(1,), rows=[["a"]], header=1)
    raw = _after(tmp_path, _HEADER + old, change)
    assert _tags(raw)[2:] == ['<row r="3" s="1" customFormat="1">']
    assert b's="2"' in cells(raw)["A3"]
