from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.errors import SheetfunnelError, UnreadableWorkbook
from sheetfunnel.stores.excel.parts.package import open_package
from sheetfunnel.tables.grid import Value, read_grids
from sheetfunnel.tables.plain_values import take_plain_values
from tests.campaign import examples
from tests.shared import SHARED, needs_shared
from tests.stores.excel_books import MAIN, SHEET, compose, sheet_xml

_TEXTS = (
    f'<sst xmlns="{MAIN}"><si><t>Rosa &amp; Pau</t></si><si><t xml:space="preserve"> kept </t></si>'
    "<si><r><rPr><b/></rPr><t>ri</t></r><r><t>ch</t></r></si><si><t></t></si><si><t>a ]] b</t></si></sst>"
)
#: Ways to write a cell, without its address; the first ones are those that programs write.
_PLAIN = (
    "/>",
    ' s="1"/>',
    ' s="1" />',
    "><v>12</v></c>",
    ' s="0"><v>-0.5</v></c>',
    ' s="2"><v>1E-05</v></c>',
    ' t="n"><v>0</v></c>',
    ' s="1"><v>46034</v></c>',
    ' s="1"><v>61</v></c>',
    ' t="s"><v>0</v></c>',
    ' s="1" t="s"><v>1</v></c>',
    ' t="s"><v>2</v></c>',
    ' t="s"><v>3</v></c>',
    ' t="s"><v>4</v></c>',
    ' t="b"><v>1</v></c>',
    ' t="b"><v>0</v></c>',
    ' t="inlineStr"><is><t>Client 7" &amp; &lt;partners&gt; · 9"</t></is></c>',
    ' s="7" t="inlineStr"><is><t xml:space="preserve"> two\nlines </t></is></c>',
    ' t="inlineStr"><is><t></t></is></c>',
)
#: Others, which only the reader knows how to take, or refuses.
_ODD = (
    ' s="1"><v>46034.5</v></c>',
    ' s="1"><v>60</v></c>',
    "><v>1e999</v></c>",
    ' t="inlineStr"><is><t> bare </t></is></c>',
    ' t="inlineStr"><is><t>a_x000D_b&#10;</t></is></c>',
    ' t="str"><v>text</v></c>',
    ' t="e"><v>#N/A</v></c>',
    "><f>1+1</f><v>2</v></c>",
    "><v></v></c>",
    "><v> 5 </v></c>",
    ' t="s"><v>99</v></c>',
    ' cm="1"><v>2</v></c>',
)


def _book(path: Path, rows: str) -> Path:
    parts = {"xl/sharedStrings.xml": _TEXTS}
    return compose(path, sheet_xml(rows), parts=parts)


def _row(number: int, cells: Sequence[tuple[str, str]], more: str = "") -> str:
    written = "".join(f'<c r="{letters}{number}"{rest}' for letters, rest in cells)
    return f'<row r="{number}"{more}>{written}</row>'


def _taken(path: Path) -> list[list[Value]] | None:
    rows = take_plain_values(path).rows.get(SHEET)
    return None if rows is None else [list(row) for row in rows]


def _typed(rows: Sequence[Sequence[Value]]) -> dict[tuple[int, int], tuple[type, str]]:
    """Return the cells that hold something; to the reader a cell with an empty text is no unused one."""
    return {
        (row, column): (type(value), repr(value))
        for row, line in enumerate(rows, start=1)
        for column, value in enumerate(line, start=1)
        if value is not None
    }


_LETTERS = ("A", "B", "C", "Z", "AA", "AB")
_SOME_CELLS = st.lists(
    st.tuples(st.sampled_from(_LETTERS), st.sampled_from(_PLAIN)), unique_by=lambda cell: cell[0]
).map(lambda cells: sorted(cells, key=lambda cell: _LETTERS.index(cell[0])))
_ROWS = st.dictionaries(
    st.one_of(st.integers(1, 20), st.integers(1, 200)),
    st.tuples(_SOME_CELLS, st.sampled_from(["", ' spans="1:9"', ' ht="15" customHeight="1"'])),
)


@examples(short=150, full=5000)
@given(rows=_ROWS, repeated=_SOME_CELLS, times=st.sampled_from([0, 3, 40]))
def test_what_is_taken_is_what_the_reader_gives(
    rows: dict[int, tuple[list[tuple[str, str]], str]], repeated: list[tuple[str, str]], times: int
) -> None:
    written = [_row(number, *rows[number]) for number in sorted(rows)]
    written += [_row(300 + index, repeated) for index in range(times)]
    with TemporaryDirectory() as folder:
        book = _book(Path(folder) / "a.xlsx", "".join(written))
        taken = _taken(book)
        assert taken is not None
        assert _typed(taken) == _typed(read_grids(book)["Tab"])


_VARIED = st.one_of(
    st.sampled_from(_PLAIN),
    st.integers(0, 10**9).map(lambda number: f"><v>{number}</v></c>"),
    st.integers(40_000, 50_000).map(lambda number: f' s="1"><v>{number}</v></c>'),
    st.integers(0, 6).map(lambda number: f' t="s"><v>{number}</v></c>'),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6).map(
        lambda text: f' t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    ),
    st.from_regex("[a-z&<>\\]]( ?[a-z&;<>\\]])*", fullmatch=True).map(
        lambda text: f' t="inlineStr"><is><t>{escape(text)}</t></is></c>'
    ),
)


@examples(short=300, full=10_000)
@given(
    columns=st.lists(st.lists(_VARIED, min_size=4, max_size=4), min_size=2, max_size=3),
    odd=st.one_of(st.none(), st.none(), st.sampled_from(_ODD)),
    data=st.data(),
)
def test_cells_that_are_looked_at_together_are_what_the_reader_gives(
    columns: list[list[str]], odd: str | None, data: st.DataObject
) -> None:
    """Each column is written in a few ways, in many rows; what the guard refuses has no values."""
    columns[0] += [odd] if odd else []
    lines = [
        _row(number, [(_LETTERS[at], data.draw(st.sampled_from(ways))) for at, ways in enumerate(columns)])
        for number in range(1, 30)
    ]
    with TemporaryDirectory() as folder:
        book = _book(Path(folder) / "a.xlsx", "".join(lines))
        try:
            taken = _taken(book)
        except UnreadableWorkbook:
            return
        assert taken is None or _typed(taken) == _typed(read_grids(book)["Tab"])


@pytest.mark.parametrize("odd", _ODD)
@pytest.mark.parametrize("rows", [1, 30])
def test_a_sheet_with_one_cell_written_otherwise_is_left_to_the_reader(
    tmp_path: Path, odd: str, rows: int
) -> None:
    lines = [_row(number, [("A", _PLAIN[3]), ("B", _PLAIN[9])]) for number in range(1, rows)]
    book = _book(tmp_path / "a.xlsx", "".join([*lines, _row(rows, [("A", _PLAIN[3]), ("B", odd)])]))
    assert _taken(book) is None


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A3"><v>1</v></c></row>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c></row>",
        '<row r="1"><!-- a --><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><!-- a -->',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1" s="1"/><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><row r="1"></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row></row>',
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_rows_that_are_not_whole_and_in_order_are_not_taken(tmp_path: Path, rows: str) -> None:
    try:
        taken = _taken(_book(tmp_path / "a.xlsx", rows))
    except UnreadableWorkbook:
        return
    assert taken is None


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a < b</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>R&D</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a]]>b</t></is></c></row>',
    ],
)
def test_what_is_broken_is_refused_as_ever(tmp_path: Path, rows: str) -> None:
    with pytest.raises(UnreadableWorkbook):
        take_plain_values(_book(tmp_path / "a.xlsx", rows))


def test_a_text_without_end_is_refused_as_ever(tmp_path: Path) -> None:
    endless = b"".join(sha256(b"%d" % at).digest() for at in range(1 << 15)).hex()
    rows = _row(1, [("A", f' t="inlineStr"><is><t>{endless}</t></is></c>')])
    with pytest.raises(UnreadableWorkbook, match="over a million characters"):
        take_plain_values(_book(tmp_path / "a.xlsx", rows))


def test_two_far_corners_are_refused_as_ever(tmp_path: Path) -> None:
    rows = _row(1, [("A", "><v>1</v></c>")]) + _row(1_048_576, [("XFD", "><v>1</v></c>")])
    with pytest.raises(UnreadableWorkbook, match="next to nothing in between"):
        take_plain_values(_book(tmp_path / "a.xlsx", rows))


def test_a_merge_is_seen_beside_plain_values(tmp_path: Path) -> None:
    merged = sheet_xml(
        _row(1, [("A", "><v>1</v></c>")]), after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    )
    taken = take_plain_values(compose(tmp_path / "a.xlsx", merged))
    assert taken.rows[SHEET] == [(1.0,)]
    assert not taken.only_values


@needs_shared
def test_every_workbook_that_people_keep_is_taken_as_the_reader_gives_it() -> None:
    compared = 0
    for path in sorted(SHARED.glob("data/**/*.xls[xm]")):
        try:
            read, package = read_grids(path), open_package(path)
        except SheetfunnelError:
            continue
        taken = take_plain_values(path).rows
        for sheet in package.sheets:
            rows = taken.get(package.entries.at(sheet.part).filename)
            if rows is not None:
                compared += 1
                assert _typed(rows) == _typed(read[sheet.title]), (path, sheet.title)
    assert compared
