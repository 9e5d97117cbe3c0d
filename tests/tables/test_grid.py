from __future__ import annotations

import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from sheetfunnel.errors import UnreadableWorkbook, WrongUsage
from sheetfunnel.tables.grid import Value, each_tab, read_grids
from sheetfunnel.tables.visible import visible_titles
from tests.campaign import examples
from tests.shared import SHARED, needs_shared
from tests.stores.excel_books import compose, opens, sheet_xml


def _saved(path: Path, cells: dict[str, tuple[Any, str]], **options: object) -> Path:
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, **options}
    ) as book:
        sheet = book.add_worksheet("Tab")
        for ref, (value, look) in cells.items():
            sheet.write(ref, value, book.add_format({"num_format": look}) if look else None)
    return path


def _at(path: Path, ref: str) -> Value:
    (rows,) = read_grids(path).values()
    column, row = ord(ref[0]) - ord("A"), int(ref[1:]) - 1
    return rows[row][column]


@pytest.mark.parametrize(
    ("value", "look", "read"),
    [
        ("text", "", "text"),
        ("  kept  ", "", "  kept  "),
        ("007", "", "007"),
        ("=1+1", "", "=1+1"),
        (12.5, "", 12.5),
        (3, "", 3.0),
        (True, "", True),
        (date(2026, 3, 2), "yyyy-mm-dd", date(2026, 3, 2)),
        (date(2026, 3, 2), "dd/mm/yy", date(2026, 3, 2)),
        (datetime(2026, 3, 2, 14, 30), "yyyy-mm-dd hh:mm", datetime(2026, 3, 2, 14, 30)),  # noqa: DTZ001
        (time(14, 30), "hh:mm", "14:30:00"),
        (timedelta(hours=49, minutes=5, seconds=3), "[h]:mm:ss", "49:05:03"),
        (0.25, "0 %", 0.25),
    ],
)
def test_a_value_is_read_with_its_type(tmp_path: Path, value: object, look: str, read: Value) -> None:
    found = _at(_saved(tmp_path / "a.xlsx", {"A1": (value, look)}), "A1")
    assert found == read
    assert type(found) is type(read)


def test_the_date_system_of_a_mac_is_read_as_well(tmp_path: Path) -> None:
    path = _saved(tmp_path / "a.xlsx", {"A1": (date(2026, 3, 2), "yyyy-mm-dd")}, date_1904=True)
    assert _at(path, "A1") == date(2026, 3, 2)


def test_an_iso_date_is_a_date(tmp_path: Path) -> None:
    path = compose(tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1" t="d"><v>2026-03-02</v></c></row>'))
    assert str(_at(path, "A1")).startswith("2026-03-02")


def test_rows_and_columns_count_from_the_first_cell_whatever_is_blank(tmp_path: Path) -> None:
    path = _saved(tmp_path / "a.xlsx", {"C4": ("far", ""), "D6": (1, "")})
    (rows,) = read_grids(path).values()
    assert [[*row] for row in rows if any(cell is not None for cell in row)] == [
        [None, None, "far", None],
        [None, None, None, 1],
    ]
    assert rows[3][2] == "far"
    assert not any(rows[4])


def test_a_formula_reads_as_its_stored_value(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Tab").write_formula("A1", "=6*7", None, 42)
    assert _at(tmp_path / "a.xlsx", "A1") == 42


def test_numbers_that_are_none_read_as_text(tmp_path: Path) -> None:
    cells = "".join(
        f'<c r="{ref}1"><v>{text}</v></c>' for ref, text in zip("ABC", ("1e999", "NaN", "7"), strict=True)
    )
    (row,) = next(
        iter(read_grids(compose(tmp_path / "a.xlsx", sheet_xml(f'<row r="1">{cells}</row>'))).values())
    )
    assert row == ["inf", "nan", 7.0]


def test_only_tabs_with_cells_are_read_and_only_those_asked_for(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for title in ("One", "Two", "Empty"):
            book.add_worksheet(title).write_row("A1", [title] if title != "Empty" else [])
        book.add_chartsheet("Chart")
    assert list(read_grids(tmp_path / "a.xlsx")) == ["One", "Two", "Empty"]
    assert read_grids(tmp_path / "a.xlsx", ["Two"]) == {"Two": [["Two"]]}
    assert [title for title, _ in each_tab(tmp_path / "a.xlsx", {"Two", "One"})] == ["One", "Two"]


def test_hidden_tabs_are_read_and_told_apart(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for title in ("Shown", "Hidden", "Deep"):
            book.add_worksheet(title)
        book.get_worksheet_by_name("Hidden").hide()
        book.get_worksheet_by_name("Deep").very_hidden()
    assert set(read_grids(tmp_path / "a.xlsx")) == {"Shown", "Hidden", "Deep"}
    assert visible_titles(tmp_path / "a.xlsx") == ("Shown",)


def _sheets(path: Path, sheets: str) -> Path:
    return compose(path, sheet_xml(""), parts={"xl/workbook.xml": _WORKBOOK.format(sheets)})


_WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets></workbook>'
)


def test_two_tabs_of_one_name_and_no_tab_at_all_are_refused(tmp_path: Path) -> None:
    twice = '<sheet name="Tab" sheetId="1" r:id="r1"/><sheet name="TAB" sheetId="2" r:id="r1"/>'
    for sheets, said in ((twice, "same name"), ("", "no tab")):
        with pytest.raises(UnreadableWorkbook, match=said) as refused:
            read_grids(_sheets(tmp_path / "a.xlsx", sheets))
        assert refused.value.hint


def test_whatever_the_reader_stumbles_over_is_told_in_words(tmp_path: Path) -> None:
    gone = compose(
        tmp_path / "a.xlsx", sheet_xml(""), parts={"xl/_rels/workbook.xml.rels": "<Relationships/>"}
    )
    with pytest.raises(UnreadableWorkbook, match="cannot be read") as refused:
        read_grids(gone)
    assert "save it as .xlsx" in refused.value.hint
    assert "panicked" not in refused.value.message


def test_the_guard_stands_before_the_reader(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    with pytest.raises(UnreadableWorkbook, match="used as far as"):
        read_grids(compose(tmp_path / "a.xlsx", sheet_xml(rows)))
    with pytest.raises(WrongUsage):
        read_grids(tmp_path / "none.xlsx")


_CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9).map(lambda number: number / 4),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=9).filter(
        lambda text: "_x" not in text
    ),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
)


@examples(short=40, full=1000)
@given(rows=st.lists(st.lists(_CELLS, max_size=5), max_size=6))
def test_what_was_written_is_read_at_its_place(
    rows: list[list[Value]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    cells = {
        f"{'ABCDE'[at]}{number}": (value, "yyyy-mm-dd" if isinstance(value, date) else "")
        for number, row in enumerate(rows, start=1)
        for at, value in enumerate(row)
        if value is not None
    }
    (read,) = read_grids(_saved(path, cells)).values()
    found = {
        f"{'ABCDE'[at]}{number}": value
        for number, row in enumerate(read, start=1)
        for at, value in enumerate(row)
        if value is not None
    }
    assert found == {ref: value for ref, (value, _) in cells.items()}


@needs_shared
def test_the_reader_and_another_library_agree_on_where_real_workbooks_are_filled() -> None:
    compared = 0
    for path in sorted((SHARED / "data" / "xlsx").glob("*.xlsx")):
        try:
            grids = read_grids(path)
        except UnreadableWorkbook:
            continue
        compared += sum(_agree(path, grids)) if opens(path) else 0
    assert compared > 60


def _agree(path: Path, grids: dict[str, list[list[Value]]]) -> list[bool]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path, data_only=True)
    found = []
    for title, rows in grids.items():
        if title not in book.sheetnames:  # it does not read strict files
            continue
        ours = {
            (number, at)
            for number, row in enumerate(rows, start=1)
            for at, value in enumerate(row, start=1)
            if value is not None
        }
        theirs = {
            (cell.row, cell.column)
            for row in book[title].iter_rows()
            for cell in row
            if cell.value not in (None, "") and cell.data_type != "e"
        }
        assert ours == theirs, (path.name, title)
        found.append(bool(theirs))
    return found


def test_values_that_are_equal_and_not_of_one_kind_stay_what_they_are(tmp_path: Path) -> None:
    row = (
        '<c r="A{0}" t="b"><v>1</v></c><c r="B{0}"><v>1</v></c>'
        '<c r="C{0}"><v>-0</v></c><c r="D{0}"><v>0</v></c>'
    )
    rows = "".join(f'<row r="{number}">{row.format(number)}</row>' for number in (1, 2))
    (read,) = read_grids(compose(tmp_path / "a.xlsx", sheet_xml(rows))).values()
    assert [list(map(repr, line)) for line in read] == [["True", "1.0", "-0.0", "0.0"]] * 2


def test_a_row_of_zeros_is_not_a_blank_one(tmp_path: Path) -> None:
    zeros = '<row r="1"><c r="A1"><v>0</v></c><c r="B1" t="b"><v>0</v></c></row>'
    rows = zeros + '<row r="3"><c r="A3"><v>1</v></c></row>'
    (read,) = read_grids(compose(tmp_path / "a.xlsx", sheet_xml(rows))).values()
    assert [list(line) for line in read] == [[0.0, False], [], [1.0, None]]
