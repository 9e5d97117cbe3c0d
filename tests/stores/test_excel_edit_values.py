from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.sheet.cells_xml import Pen, number_text, serial
from sheetfunnel.workbook.contract import KEEP, Cell
from sheetfunnel.workbook.held import fitted
from tests.campaign import examples
from tests.stores.excel_books import cells, compose, part, set_cells, sheet_xml, values, written


def _written_as(value: Cell) -> str:
    return Pen().cell(b"A1", b"", value).decode()


@pytest.mark.parametrize(
    ("value", "inner"),
    [
        (1, "<v>1</v>"),
        (3.0, "<v>3</v>"),
        (-0.0, "<v>0</v>"),
        (0.1, "<v>0.1</v>"),
        (1e22, "<v>1e+22</v>"),
        (2**70, "<v>1180591620717411303424</v>"),
        (Decimal("12.50"), "<v>12.5</v>"),
        (Decimal("1E+3"), "<v>1000</v>"),
        (Decimal("-0.00"), "<v>0</v>"),
        (Decimal("1E-30"), "<v>1e-30</v>"),
    ],
)
def test_numbers_are_written_in_their_shortest_plain_form(value: Cell, inner: str) -> None:
    assert _written_as(value) == f'<c r="A1">{inner}</c>'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("1E+400"), 10**400])
def test_what_is_no_number_for_a_spreadsheet_is_an_error_cell(value: float | Decimal) -> None:
    assert _written_as(value) == '<c r="A1" t="e"><v>#NUM!</v></c>'


def test_truth_is_a_boolean_and_nothing_is_an_empty_cell() -> None:
    assert _written_as(value=True) == '<c r="A1" t="b"><v>1</v></c>'
    assert _written_as(value=False) == '<c r="A1" t="b"><v>0</v></c>'
    assert _written_as(None) == _written_as("") == '<c r="A1"/>'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@here", "\tx", "TRUE", "12", "#REF!", "'quoted"])
def test_a_text_is_text_whatever_it_begins_with(tmp_path: Path, text: str) -> None:
    source = written(tmp_path / "a.xlsx", [["a"]])
    edit(source, tmp_path / "b.xlsx", set_cells({2: [text]}, columns=(1,)))
    assert values(tmp_path / "b.xlsx")[2, 1] == text
    cell = load_workbook(tmp_path / "b.xlsx")["Tab"]["A2"]
    assert (cell.value, cell.data_type) in {(text, "s"), (text, "inlineStr")}


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("a & b < c > d", "<t>a &amp; b &lt; c &gt; d</t>"),
        (" x", '<t xml:space="preserve"> x</t>'),
        ("a\nb", '<t xml:space="preserve">a\nb</t>'),
        ("a\r\nb", '<t xml:space="preserve">a_x000D_\nb</t>'),
        ("bell\x07", "<t>bell_x0007_</t>"),
        ("\ufffe\ud800", "<t>_xFFFE__xD800_</t>"),
        ("_x0041_", "<t>_x005F_x0041_</t>"),
        ("_x0041_x0042_", "<t>_x005F_x0041_x005F_x0042_</t>"),
        ("_x0041\x02", "<t>_x005F_x0041_x0002_</t>"),
        ("_x00_", "<t>_x00_</t>"),
        ("😀 ñ 中", "<t>😀 ñ 中</t>"),
    ],
)
def test_texts_are_escaped_as_excel_escapes_them(text: str, inner: str) -> None:
    assert _written_as(text) == f'<c r="A1" t="inlineStr"><is>{inner}</is></c>'


def _unescaped(raw: str) -> str:
    """Read a text as the standard says, without any code of the program."""
    decoded = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), raw)
    return decoded.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(text=st.text(st.sampled_from("_x0041 D\x00\r\n&<é\ufffe"), min_size=1, max_size=14))
def test_every_text_can_be_read_back_by_the_standards_rule(text: str) -> None:
    raw = _written_as(text)
    found = re.search(r"<t(?: xml:space=\"preserve\")?>(.*)</t>", raw, re.DOTALL)
    assert found
    assert _unescaped(found[1]) == text


@pytest.mark.parametrize("text", ["_x0041_", "bell\x07", "a\rb", "_x0041_x0042_", "a\r\nb", " x ", "a\nb"])
def test_an_unusual_text_reads_back_as_it_was(tmp_path: Path, text: str) -> None:
    source = written(tmp_path / "a.xlsx", [["a"]])
    edit(source, tmp_path / "b.xlsx", set_cells({1: [text]}, columns=(1,)))
    assert values(tmp_path / "b.xlsx") == {(1, 1): text}


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(tmp_path: Path) -> None:
    assert fitted("x" * 32_767) == "x" * 32_767
    assert fitted("x" * 32_768) == "x" * 32_763 + " […]"
    assert len(fitted("😀" * 20_000).encode("utf-16-le")) // 2 in {32_766, 32_767}
    assert fitted("a" + "😀" * 20_000).endswith("😀 […]")
    source = written(tmp_path / "a.xlsx", [["a"]])
    edit(source, tmp_path / "b.xlsx", set_cells({1: ["é" * 40_000]}, columns=(1,)))
    assert values(tmp_path / "b.xlsx")[1, 1] == "é" * 32_763 + " […]"


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (date(1900, 1, 1), 1),
        (date(1900, 2, 28), 59),
        (date(1900, 3, 1), 61),
        (date(2026, 3, 2), 46083),
        (datetime(2026, 3, 2, 12), 46083.5),  # noqa: DTZ001 (a cell has no time zone)
        (date(1899, 12, 31), None),
    ],
)
def test_dates_are_days_since_1900_with_the_leap_day_that_never_was(
    moment: date, number: float | None
) -> None:
    assert serial(moment, date1904=False) == number


def test_dates_of_the_1904_system_count_from_its_first_day() -> None:
    assert serial(date(1904, 1, 1), date1904=True) == 0
    assert serial(date(2026, 3, 2), date1904=True) == 46083 - 1462
    assert serial(date(1903, 12, 31), date1904=True) is None


def test_a_date_before_the_calendar_of_spreadsheets_is_written_as_text() -> None:
    assert "<t>1850-06-01</t>" in _written_as(date(1850, 6, 1))


@pytest.mark.parametrize("system", [1900, 1904])
def test_a_date_reads_back_as_the_same_day_in_both_date_systems(tmp_path: Path, system: int) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(source, {"date_1904": system == 1904}) as book:
        sheet = book.add_worksheet("Tab")
        style = book.add_format({"num_format": 14})
        sheet.write_datetime("A1", date(2024, 2, 29), style)
        sheet.write_datetime("A2", date(2024, 3, 1), style)
    edit(source, tmp_path / "b.xlsx", set_cells({1: [date(2026, 12, 31)]}, columns=(1,)))
    assert values(tmp_path / "b.xlsx") == {(1, 1): date(2026, 12, 31), (2, 1): date(2024, 3, 1)}
    assert load_workbook(tmp_path / "b.xlsx")["Tab"]["A1"].value == datetime(2026, 12, 31)  # noqa: DTZ001


@given(
    moment=st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 30)),  # noqa: DTZ001
)
def test_a_moment_is_kept_to_a_millisecond(moment: datetime) -> None:
    number = serial(moment, date1904=False)
    assert number is not None
    back = datetime.combine(date(1899, 12, 30), time()) + timedelta(days=number)
    assert abs(back - moment) < timedelta(milliseconds=1)


@given(value=st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**60), 2**60))
def test_a_number_reads_back_as_the_same_number(value: float) -> None:
    text = number_text(value)
    assert text is not None
    assert float(text) == float(value)


@given(
    value=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=2)
)
def test_an_amount_keeps_every_digit(value: Decimal) -> None:
    assert Decimal(number_text(value) or "x") == value


def test_a_sheet_of_another_encoding_gets_its_texts_as_references(tmp_path: Path) -> None:
    raw = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>señal</t></is></c></row>')
    latin = raw.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    source = compose(tmp_path / "a.xlsx", latin)
    edit(source, tmp_path / "b.xlsx", set_cells({1: ["ñ 中"]}))
    after = part(tmp_path / "b.xlsx")
    assert "señal".encode("latin-1") in after
    assert cells(after)["B1"] == b'<c r="B1" t="inlineStr"><is><t>&#241; &#20013;</t></is></c>'
    assert load_workbook(tmp_path / "b.xlsx")["Tab"]["B1"].value == "ñ 中"


CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_\ufffe\uffff"),
        min_size=1,
        max_size=6,
    )
)
ADDRESSES = st.tuples(st.integers(1, 9), st.integers(1, 6))


@examples(short=100, full=2000)
@given(grid=st.dictionaries(ADDRESSES, CELLS), wanted=st.dictionaries(ADDRESSES, CELLS))
def test_a_random_grid_with_random_edits_reads_back_as_the_model_says(
    grid: dict[tuple[int, int], Cell], wanted: dict[tuple[int, int], Cell]
) -> None:
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "a.xlsx"), Path(folder, "b.xlsx")
        with xlsxwriter.Workbook(source) as book:
            sheet = book.add_worksheet("Tab")
            for (row, column), value in grid.items():
                _put(sheet, row - 1, column - 1, value)
        rows = {row: [wanted.get((row, column), KEEP) for column in range(1, 7)] for row, _ in wanted}
        edit(source, target, set_cells(rows, columns=range(1, 7)))
        assert zipfile.ZipFile(target).testzip() is None
        model = {**grid, **wanted}
        assert values(target) == {at: value for at, value in model.items() if value is not None}
        assert CalamineWorkbook.from_path(target).sheet_names == ["Tab"]


def _put(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Cell) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write(row, column, value)


@given(st.sets(st.text(st.sampled_from("a &<>_x0041\n\u00a0é€"), max_size=6)))
def test_texts_that_are_written_together_are_written_as_each_alone(texts: set[str]) -> None:
    together = Pen().plain_texts(texts)
    assert together in ({}, {text: Pen().content(text) for text in texts})


def test_plain_texts_with_markup_are_written_together() -> None:
    assert Pen().plain_texts({"R&D", "a < b"}).keys() == {"R&D", "a < b"}
