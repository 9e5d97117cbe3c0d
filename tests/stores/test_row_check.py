from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

from sheetfunnel.stores.excel.publishing.differing import Differing
from sheetfunnel.stores.excel.publishing.plain_sheet import OtherDialect, PlainSheet
from sheetfunnel.stores.excel.publishing.row_check import SheetCheck
from sheetfunnel.workbook.contract import KEEP, Cell, Change, Grid, Place, ReplaceTable, SetCells, Untouched

_HEAD = b'<worksheet><dimension ref="A1:D9"/><cols><col min="1" max="4"/></cols><sheetData>'
_TAIL = b'</sheetData><mergeCells count="1"><mergeCell ref="F1:G1"/></mergeCells></worksheet>'


def _text(text: str) -> str:
    return f' t="inlineStr"><is><t>{text}</t></is></c>'


def _sheet(*rows: str, tail: bytes = _TAIL) -> bytes:
    return _HEAD + "".join(rows).encode() + tail


def _row(number: int, b: str = "/>", c: str = "/>", *, typed: str = "typed", tag: str = "") -> str:
    """Return a row with a typed cell on either side of two that are the program's."""
    return (
        f'<row r="{number}"{tag}><c r="A{number}" s="1"{_text(typed)}'
        f'<c r="B{number}" s="2"{b}<c r="C{number}" s="3"{c}<c r="D{number}"><v>7</v></c></row>'
    )


def _check(
    old: bytes, new: bytes, *changes: Change, formulas: frozenset[tuple[int, int]] = frozenset()
) -> None:
    grid = Grid(title="Tab", rows=[], formulas=formulas)
    for size in (1 << 20, 11):  # however the pieces fall
        pieces = [iter([data[at : at + size] for at in range(0, len(data), size)]) for data in (old, new)]
        SheetCheck(grid=grid, changes=changes, date1904=False).run(*pieces)


def _set(rows: Mapping[int, Sequence[Cell | Untouched]]) -> SetCells:
    return SetCells(tab="Tab", columns=(2, 3), rows=rows)


_OLD = _sheet(_row(2), _row(3), _row(5))
_PLAN = _set({2: ("one", 1), 5: ("a & b", None)})
_NEW = _sheet(_row(2, _text("one"), "><v>1</v></c>"), _row(3), _row(5, _text("a &amp; b")))


def test_a_sheet_in_which_the_planned_cells_hold_what_was_planned_is_right() -> None:
    _check(_OLD, _NEW, _PLAN)


@pytest.mark.parametrize(
    ("new", "named"),
    [
        (_NEW.replace(b"typed", b"Typed", 1), "cell A2"),
        (_NEW.replace(b'<c r="A3" s="1"', b'<c r="A3" s="4"'), "cell A3"),
        (_NEW.replace(b'<c r="D5"><v>7</v></c>', b""), "cell D5"),
        (_NEW.replace(b'<c r="D5"><v>7</v>', b'<c r="D5"><f>6+1</f><v>7</v>'), "cell D5"),
        (_NEW.replace(b">one<", b">two<"), "cell B2"),
        (_NEW.replace(b"<v>1</v>", b"<v>2</v>"), "cell C2"),
        (_NEW.replace(b' t="inlineStr"><is><t>one</t></is>', b' t="s"><v>1</v>'), "cell B2"),
        (_NEW.replace(b'<c r="C2" s="3">', b'<c r="C2" s="9">'), "cell C2"),
        (_NEW.replace(b'<c r="C2" s="3"><v>1', b'<c r="C2" s="3" t="s"><v>1'), "cell C2"),
        (_NEW.replace(b'<c r="B3" s="2"/>', b'<c r="B3" s="2"><v>1</v></c>'), "cell B3"),
        (_NEW.replace(b"a &amp; b", b"a & b"), "cell B5"),
        (_NEW.replace(b'<row r="3">', b'<row r="4">'), "row 3"),
        (_NEW.replace(b'<row r="3">', b'<row r="3" hidden="1">'), "row 3"),
        (_NEW.replace(b'<row r="2">', b'<row r="2" hidden="1">'), "row 2"),
        (_NEW.replace(b"F1:G1", b"F1:H1"), "what follows the rows"),
        (_NEW.replace(b'max="4"', b'max="5"'), "the head"),
    ],
)
def test_whatever_else_has_changed_is_refused_by_name(new: bytes, named: str) -> None:
    assert new != _NEW
    with pytest.raises(Differing, match=named) as refusal:
        _check(_OLD, new, _PLAN)
    assert "Nothing was written" in refusal.value.message


def test_a_row_that_came_or_went_is_refused() -> None:
    with pytest.raises(Differing, match="row 3"):
        _check(_OLD, _NEW.replace(_row(3).encode(), b""), _PLAN)
    with pytest.raises(Differing, match="cell A4"):
        _check(_OLD, _NEW.replace(b'<row r="5"', _row(4).encode() + b'<row r="5"'), _PLAN)
    with pytest.raises(Differing, match="row 5"):
        _check(_OLD, _sheet(_row(2, _text("one"), "><v>1</v></c>"), _row(3)), _PLAN)


def test_a_planned_row_that_is_not_there_is_refused_unless_nothing_is_wanted_of_it() -> None:
    _check(_OLD, _OLD, _set({9: (None, KEEP)}))
    with pytest.raises(Differing, match="cell B9"):
        _check(_OLD, _OLD, _set({9: ("one", KEEP)}))


def test_a_new_cell_out_of_the_order_of_columns_is_refused() -> None:
    old = _sheet('<row r="2"><c r="A2"><v>1</v></c><c r="D2"><v>2</v></c></row>')
    right = _sheet('<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>5</v></c><c r="D2"><v>2</v></c></row>')
    wrong = _sheet('<row r="2"><c r="A2"><v>1</v></c><c r="D2"><v>2</v></c><c r="B2"><v>5</v></c></row>')
    _check(old, right, _set({2: (5, None)}))
    with pytest.raises(Differing, match="order of the cells in row 2"):
        _check(old, wrong, _set({2: (5, None)}))


def test_a_cell_that_is_to_be_kept_is_kept_in_every_byte() -> None:
    old = _sheet(_row(2, _text("mine"), "><v>1</v></c>"))
    _check(old, _sheet(_row(2, _text("mine"), "><v>2</v></c>")), _set({2: (KEEP, 2)}))
    with pytest.raises(Differing, match="cell B2"):
        _check(old, _sheet(_row(2, _text("yours"), "><v>2</v></c>")), _set({2: (KEEP, 2)}))


def test_a_formula_that_nobody_may_write_over_may_stand_where_a_value_was_planned() -> None:
    sheet = _sheet(_row(2, "><f>1+1</f><v>2</v></c>"))
    _check(sheet, sheet, _set({2: ("one", KEEP)}), formulas=frozenset({(2, 2)}))
    with pytest.raises(Differing, match="cell B2"):
        _check(sheet, sheet, _set({2: ("one", KEEP)}))


def test_height_and_spans_of_a_planned_row_are_the_programs_and_of_others_are_not() -> None:
    old = _sheet(_row(2, tag=' spans="1:3"'), _row(3))
    new = _sheet(_row(2, _text("one"), tag=' spans="1:4" ht="35"'), _row(3))
    _check(old, new, _set({2: ("one", None)}))
    with pytest.raises(Differing, match="row 3"):
        _check(old, new.replace(b'<row r="3"', b'<row r="3" ht="35"'), _set({2: ("one", None)}))


def test_values_of_every_kind_are_read_back() -> None:
    planned: dict[int, Sequence[Cell | Untouched]] = {
        2: (date(2026, 3, 2), Decimal("12.50")),
        3: (True, 0.1),
        5: ("two\nlines <b> _x0041_", "x" * 40_000),
    }
    long = "x" * 32_763 + " […]"
    new = _sheet(
        _row(2, "><v>46083</v></c>", "><v>12.5</v></c>"),
        _row(3, ' t="b"><v>1</v></c>', "><v>0.1</v></c>"),
        _row(
            5,
            ' t="inlineStr"><is><t xml:space="preserve">two\nlines &lt;b&gt; _x005F_x0041_</t></is></c>',
            _text(long),
        ),
    )
    _check(_OLD, new, _set(planned))
    with pytest.raises(Differing, match="cell B2"):
        _check(_OLD, new.replace(b"46083", b"46084"), _set(planned))


def test_rows_of_a_table_are_new_blanked_or_stand_as_they_are() -> None:
    place = Place(tab="Tab", row=2, column=1)
    table = ReplaceTable(
        tab="Tab",
        first_row=2,
        columns=(1, 2),
        rows=[("a", 1), ("b", 2)],
        old_rows=3,
        links={(0, 0): place},
        standing=frozenset({2}),
    )
    old = _sheet(
        f'<row r="2"><c r="A2"{_text("a")}<c r="B2"><v>1</v></c></row>',
        f'<row r="4"><c r="A4"{_text("old")}<c r="B4"><v>3</v></c><c r="C4"><v>4</v></c></row>',
    )
    new = _sheet(
        f'<row r="2"><c r="A2"{_text("a")}<c r="B2"><v>1</v></c></row>',
        f'<row r="3" s="1" customFormat="1" ht="35"><c r="A3"{_text("b")}<c r="B3"><v>2</v></c></row>',
        '<row r="4"><c r="A4"/><c r="B4"/><c r="C4"><v>4</v></c></row>',
        tail=_TAIL.replace(
            b"</worksheet>",
            b'<hyperlinks><hyperlink ref="A2" location="\'Tab\'!A2"/></hyperlinks></worksheet>',
        ),
    )
    _check(old, new, table)
    with pytest.raises(Differing, match="cell C4"):
        _check(old, new.replace(b"<v>4</v>", b"<v>5</v>"), table)
    with pytest.raises(Differing, match="cell A2"):
        _check(old, new.replace(b"<t>a</t>", b"<t>z</t>"), table)
    with pytest.raises(Differing, match="row 3"):
        _check(old, new.replace(b'<row r="3" s="1"', b'<row r="3" hidden="1" s="1"'), table)


@pytest.mark.parametrize(
    "rows",
    [
        '<x:row r="2"></x:row>',
        '<row><c r="A2"/></row>',
        '<row r="2"></row><row r="2"></row>',
        '<row r="2"><!-- --></row>',
        '<row r="2"><c r="A2"/>',
    ],
)
def test_an_unusual_dialect_is_left_to_the_comparison_of_values(rows: str) -> None:
    with pytest.raises(OtherDialect):
        list(PlainSheet(iter([_sheet(rows)])).stretches())


def test_a_sheet_without_rows_and_rows_without_cells_are_read() -> None:
    empty = PlainSheet(iter([b"<worksheet><sheetData/></worksheet>"]))
    assert (list(empty.stretches()), empty.tail()) == ([], b"</sheetData></worksheet>")
    closed = PlainSheet(iter([_sheet('<row r="2"/>', _row(3), '<row r="7" ht="3"/>')]))
    assert [number for numbers, _ in closed.stretches() for number in numbers] == [2, 3, 7]
    assert closed.tail() == _TAIL


def _many(start: int, stop: int, b: str = "/>", c: str = "/>") -> list[str]:
    return [
        _row(number, b.replace("#", str(number)), c.replace("#", str(number)))
        for number in range(start, stop)
    ]


def _byte_by_byte(rows: str) -> Iterator[str]:
    """Yield rows with each of their bytes changed in turn."""
    for at, sign in enumerate(rows):
        yield f"{rows[:at]}{'#' if sign != '#' else '%'}{rows[at + 1 :]}"


def test_no_byte_of_many_rows_changes_unnoticed() -> None:
    values = [(f"a & <{number}>", number) for number in range(2, 7)]
    old = _sheet(*_many(2, 7), *_many(8, 10))
    rows = "".join(_many(2, 7, _text("a &amp; &lt;#&gt;"), "><v>#</v></c>"))
    planned = _set(dict(enumerate(values, start=2)))
    _check(old, _sheet(rows, *_many(8, 10)), planned)
    for changed in _byte_by_byte(rows):
        with pytest.raises((Differing, OtherDialect)):
            _check(old, _sheet(changed, *_many(8, 10)), planned)


def test_no_byte_of_many_new_rows_changes_unnoticed_but_for_their_style() -> None:
    rows = "".join(
        f'<row r="{number}"><c r="B{number}"{_text(f"a{number}")}<c r="C{number}"><v>{number}</v></c></row>'
        for number in range(2, 7)
    )
    table = ReplaceTable(
        tab="Tab", first_row=2, columns=(2, 3), rows=[(f"a{number}", number) for number in range(2, 7)]
    )
    old = _sheet(*_many(8, 10))
    _check(old, _sheet(rows, *_many(8, 10)), table)
    _check(old, _sheet(rows.replace('<c r="B4"', '<c r="B4" s="5"'), *_many(8, 10)), table)
    for changed in _byte_by_byte(rows):
        with pytest.raises((Differing, OtherDialect)):
            _check(old, _sheet(changed, *_many(8, 10)), table)


def test_planned_columns_may_stand_apart_and_in_any_order() -> None:
    old = _sheet(*_many(2, 5))
    new = _sheet(
        *(_row(number, _text("b"), "><v>5</v></c>").replace("<v>7</v>", "<v>9</v>") for number in range(2, 5))
    )
    apart = SetCells(tab="Tab", columns=(4, 2, 3), rows=dict.fromkeys(range(2, 5), (9, "b", 5)))
    _check(old, new, apart)
    with pytest.raises(Differing, match="cell D3"):
        _check(old, new.replace(b'<c r="D3"><v>9', b'<c r="D3"><v>8'), apart)
