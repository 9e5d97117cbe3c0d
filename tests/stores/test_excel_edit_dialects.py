from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.parts.boxes import Box
from sheetfunnel.stores.excel.sheet.careful import CarefulSheet
from sheetfunnel.stores.excel.sheet.cells_xml import Pen
from sheetfunnel.stores.excel.sheet.fast import FastSheet
from sheetfunnel.stores.excel.sheet.pieces import Unusual
from sheetfunnel.stores.excel.sheet.rows import RowEditor
from sheetfunnel.stores.excel.sheet.targets import BLANK, FORMAT, Lane, SheetTargets, Wish
from sheetfunnel.stores.excel.sheet.ways import Way
from sheetfunnel.workbook.contract import KEEP
from tests.campaign import examples
from tests.stores.excel_books import cells, compose, opens, part, set_cells, sheet_xml, values

ROWS = (
    '<row r="1"><c r="A1"><v>1</v></c><c r="C1" s="2"><v>3</v></c></row>'
    '<row r="3"><c r="B3"><v>5</v></c></row>'
)
PLAN = set_cells({1: ["x", "y"], 2: [1, KEEP], 3: [None, 2.5]}, columns=(2, 3))


def _all(way: Way, raw: bytes, editor: RowEditor, piece: int = 1 << 20) -> bytes:
    sheet = way(iter([raw[at : at + piece] for at in range(0, len(raw), piece)]))
    return sheet.head.raw + b"".join(sheet.edited(editor)) + sheet.tail()


def _editor(
    rows: dict[int, Sequence[Wish]], columns: tuple[int, ...], covered: Sequence[Box] = ()
) -> RowEditor:
    lane = Lane(columns=columns, rows=rows, looks={})
    styles = tuple((b' s="7"', None, b"")[column % 3] for column in columns)
    return RowEditor(targets=SheetTargets([lane], [styles]), pen=Pen(), covered=[*covered])


KINDS = {
    "number": "{s}><v>12.5</v></c>",
    "shared text": '{s} t="s"><v>3</v></c>',
    "inline text": '{s} t="inlineStr"><is><t xml:space="preserve"> a b </t></is></c>',
    "rich text": '{s} t="inlineStr"><is><r><rPr><b/><family val="2"/>'
    '<color rgb="FF"/></rPr><t>a</t></r></is></c>',
    "empty": "{s}/>",
    "open and empty": "{s}></c>",
    "formula": "{s}><f>A1+1</f><v>3</v></c>",
    "shared formula": '{s}><f t="shared" si="0"/><v>3</v></c>',
    "array": '{s} cm="1"><f t="array" ref="{at}:F{below}">A1:B2</f><v>3</v></c>',
    "boolean": '{s} t="b"><f aca="false">TRUE()</f><v>1</v></c>',
    "marked": '{s} t="e" cm="1" vm="2"><v>#VALUE!</v></c>',
    "extended": "{s}><v>1</v><extLst><ext/></extLst></c>",
}
STYLES = ("", ' s="4"', ' s=""')
TAGS = (
    "",
    ' spans="1:4"',
    ' spans="2:3" s="5" customFormat="1" x14ac:dyDescent="0.25"',
    ' ht="15" customHeight="1"',
)
WISHES: tuple[Wish, ...] = (KEEP, None, BLANK, FORMAT, "text", " pad ", 7, 2.5, True, "")


@st.composite
def _sheets(draw: st.DrawFn) -> bytes:
    """Draw a sheet in the usual dialect."""
    rows = []
    for number in sorted(draw(st.sets(st.integers(1, 8)))):
        columns = sorted(draw(st.sets(st.integers(1, 6))))
        kinds = [draw(st.sampled_from(sorted(KINDS))) for _ in columns]
        styles = [draw(st.sampled_from(STYLES)) for _ in columns]
        inner = "".join(
            f'<c r="{at}"{KINDS[kind].format(s=style, at=at, below=number + 1)}'
            for at, kind, style in zip(
                (f"{'ABCDEF'[c - 1]}{number}" for c in columns), kinds, styles, strict=True
            )
        )
        tag = f'<row r="{number}"{draw(st.sampled_from(TAGS))}'
        rows.append(f"{tag}>{inner}</row>" if inner or draw(st.booleans()) else f"{tag}/>")
    raw = sheet_xml("".join(rows), after='<pageMargins left="0.7"/>').replace(
        "xmlns:r=", 'xmlns:x14ac="y" xmlns:r='
    )
    return raw.replace("<sheetData></sheetData>", "<sheetData/>").encode()


@examples(short=300, full=8000)
@given(
    raw=_sheets(),
    columns=st.sets(st.integers(1, 7), min_size=1).map(lambda found: tuple(sorted(found))),
    data=st.data(),
    piece=st.sampled_from([37, 211, 1 << 20]),
)
def test_the_fast_and_the_careful_way_give_the_same_bytes(
    raw: bytes, columns: tuple[int, ...], data: st.DataObject, piece: int
) -> None:
    line = st.tuples(*(st.sampled_from(WISHES) for _ in columns))
    rows = data.draw(st.dictionaries(st.integers(1, 10), line, max_size=8))
    covered = data.draw(st.sampled_from([[], [Box(top=1, left=2, bottom=4, right=3)]]))
    careful = _all(CarefulSheet, raw, _editor({**rows}, columns, covered), piece)
    try:
        assert _all(FastSheet, raw, _editor({**rows}, columns, covered), piece) == careful
    except Unusual:
        assert b"<extLst" in raw


def _prefixed(raw: str) -> str:
    return re.sub(r"<(/?)(?=\w)", r"<\1x:", raw).replace("xmlns=", "xmlns:x=")


UNUSUAL: dict[str, Callable[[str], str]] = {
    "prefixes": _prefixed,
    "single quotes": lambda raw: re.sub(r'(?<=[rs]=)"(\d+|\w\d)"', r"'\1'", raw),
    "white space": lambda raw: (
        raw.replace("<row", "\n  <row").replace("<c ", "\n    <c ").replace("</row>", "\n </row>")
    ),
    "a comment": lambda raw: raw.replace("</row>", "<!-- </row><row r='9'> --></row>", 1),
    "a remark to programs": lambda raw: raw.replace("<row", "<?note?><row", 1),
    "character data": lambda raw: raw.replace("<v>1</v>", "<v><![CDATA[1]]></v>"),
    "no addresses": lambda raw: raw.replace(' r="1"', "").replace(' r="A1"', ""),
    "other order": lambda raw: raw.replace('<row r="1"', '<row ht="15" r="1"').replace(
        '<c r="C1" s="2"', '<c s="2" r="C1"'
    ),
    "line breaks in tags": lambda raw: raw.replace("<c r", "<c\n r"),
    "a byte order mark": lambda raw: "\ufeff" + raw,
    "no declaration": lambda raw: raw[raw.index("<worksheet") :],
    "strict": lambda raw: raw.replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    "latin": lambda raw: raw.replace("UTF-8", "windows-1252"),
}


@pytest.mark.parametrize("kind", sorted(UNUSUAL))
def test_an_unusual_sheet_is_edited_and_all_else_stays(tmp_path: Path, kind: str) -> None:
    raw = UNUSUAL[kind](sheet_xml(ROWS))
    source = compose(tmp_path / "a.xlsx", raw)
    target = tmp_path / "b.xlsx"
    edit(source, target, PLAN)
    if kind not in {"strict", "character data"}:  # calamine does not read these
        assert values(target) == {(1, 1): 1, (1, 2): "x", (1, 3): "y", (2, 2): 1, (3, 3): 2.5}
    assert opens(target)
    before, after = part(source), part(target)
    kept = [cell for ref, cell in cells(before).items() if ref not in {"C1", "B3"}]
    assert all(cell in after for cell in kept)


@pytest.mark.parametrize("kind", sorted(set(UNUSUAL) - {"a byte order mark", "no declaration", "strict"}))
def test_what_the_fast_way_does_not_know_it_leaves_to_the_careful_way(kind: str) -> None:
    raw = UNUSUAL[kind](sheet_xml(ROWS)).encode()
    with pytest.raises(Unusual):
        _all(FastSheet, raw, _editor({1: ["x", "y"], 3: [1, 2]}, (2, 3)))
    assert _all(CarefulSheet, raw, _editor({}, (1,))) == raw


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c> <c r="F1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><extLst><ext/></extLst></row>',
        '<row r="1"> </row>',
        '<row r="1"><c/></row>',
    ],
)
def test_where_a_new_cell_would_stand_in_doubt_the_careful_way_decides(rows: str) -> None:
    raw = sheet_xml(rows).encode()
    with pytest.raises(Unusual):
        _all(FastSheet, raw, _editor({1: [3]}, (5,)))
    after = _all(CarefulSheet, raw, _editor({1: [3]}, (5,)))
    assert cells(after)["E1"].endswith(b"><v>3</v></c>")


def test_a_sheet_may_come_in_pieces_of_any_size() -> None:
    raw = sheet_xml(ROWS).encode()
    for way in (FastSheet, CarefulSheet):
        whole = _all(way, raw, _editor({2: [1], 3: [2]}, (2,)))
        assert all(_all(way, raw, _editor({2: [1], 3: [2]}, (2,)), size) == whole for size in range(1, 80))


def test_a_document_type_anywhere_is_refused(tmp_path: Path) -> None:
    padding = f"<!--{'x' * 200_000}-->"
    raw = sheet_xml(ROWS).replace("<worksheet", f"{padding}<!DOCTYPE x><worksheet", 1)
    source = compose(tmp_path / "a.xlsx", raw)
    with pytest.raises(UnreadableWorkbook, match="document type"):
        edit(source, tmp_path / "b.xlsx", PLAN)


def test_a_large_sheet_is_the_same_by_both_ways(tmp_path: Path) -> None:
    line = '<row r="{0}" spans="1:3"><c r="A{0}" s="1"><v>{0}</v></c><c r="C{0}" t="s"><v>1</v></c></row>'
    raw = sheet_xml("".join(line.format(number) for number in range(2, 30_000))).encode()
    rows: dict[int, Sequence[Wish]] = {number: ["x", number] for number in range(1, 30_100, 7)}
    fast = _all(FastSheet, raw, _editor({**rows}, (1, 2)), 1 << 16)
    assert fast == _all(CarefulSheet, raw, _editor({**rows}, (1, 2)), 1 << 16)
    assert tmp_path
