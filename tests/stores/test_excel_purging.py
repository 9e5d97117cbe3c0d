"""Shared texts that no cell uses, emptied in their places; names found wherever they stand in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.publishing.purging import _check_texts_only, empty_unused_texts
from sheetfunnel.stores.excel.traces import holds, traces
from sheetfunnel.tables.grid import read_grids
from sheetfunnel.workbook.forgetting import Stand, Trace
from tests.campaign import spread
from tests.shared import needs_shared
from tests.stores.excel_books import compose, editable, part, parts, sheet_xml, zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEXTS = "xl/sharedStrings.xml"
LINK = f'<Relationship Id="r9" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'


def _book(path: Path, texts: str | bytes, *used: int, more: str = "") -> Path:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{i}</v></c></row>' for n, i in enumerate(used, 1))
    return compose(path, sheet_xml(cells + more), parts={TEXTS: texts}, links=LINK)


def _emptied(path: Path) -> bytes:
    out = path.with_name("out.xlsx")
    assert empty_unused_texts(path, out) == TEXTS
    before, after = parts(path), parts(out)
    assert {**after, TEXTS: b""} == {**before, TEXTS: b""}
    assert read_grids(out) == read_grids(path)
    return after[TEXTS]


def test_a_text_that_no_cell_uses_is_emptied_in_its_place(tmp_path: Path) -> None:
    gone = "<si><t>gone</t></si>"
    texts = f'<sst xmlns="{MAIN}">{gone}<si><t>here</t></si><si><r><t>go</t></r></si></sst>'
    assert _emptied(_book(tmp_path / "a.xlsx", texts, 1, 1)) == (
        f'<sst xmlns="{MAIN}"><si><t/></si><si><t>here</t></si><si><t/></si></sst>'.encode()
    )


def test_texts_in_any_dialect_are_emptied(tmp_path: Path) -> None:
    texts = (
        f"<?xml version='1.0'?>\n<x:sst xmlns:x='{MAIN}'>\n <x:si>"
        "\n  <x:t xml:space='preserve'> a &gt; b</x:t></x:si>"
        "<!-- <x:si> --><x:si/><x:si a='>'><x:t>here</x:t></x:si ></x:sst>"
    )
    new = _emptied(_book(tmp_path / "a.xlsx", texts, 2))
    assert new.decode() == texts.replace("\n  <x:t xml:space='preserve'> a &gt; b</x:t>", "<x:t/>")


def test_where_every_text_is_used_not_one_byte_changes(tmp_path: Path) -> None:
    texts = f'<sst xmlns="{MAIN}"><si><t>one</t></si><si><t/></si></sst>'
    assert _emptied(_book(tmp_path / "a.xlsx", texts, 0)) == texts.encode()


def test_texts_in_two_bytes_a_letter_are_refused(tmp_path: Path) -> None:
    texts = f'<?xml version="1.0" encoding="UTF-16"?><sst xmlns="{MAIN}"><si><t>one</t></si></sst>'.encode(
        "utf-16"
    )
    book = _book(tmp_path / "a.xlsx", texts)
    with pytest.raises(UnreadableWorkbook, match="UTF-8"):
        empty_unused_texts(book, tmp_path / "out.xlsx")


def test_a_workbook_without_shared_texts_is_copied(tmp_path: Path) -> None:
    book = compose(tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    assert empty_unused_texts(book, tmp_path / "out.xlsx") == ""
    assert parts(tmp_path / "out.xlsx") == parts(book)


def test_a_new_file_in_which_a_cell_shows_another_text_is_refused(tmp_path: Path) -> None:
    texts = f'<sst xmlns="{MAIN}"><si><t>one</t></si></sst>'
    book = _book(tmp_path / "a.xlsx", texts, 0)
    other = zipped(tmp_path / "b.xlsx", {**parts(book), TEXTS: texts.replace("one", "").encode()})
    with pytest.raises(UnreadableWorkbook, match="tab “Tab”"):
        _check_texts_only(book, other, TEXTS)
    third = zipped(tmp_path / "c.xlsx", {**parts(book), "xl/styles.xml": part(book, "xl/styles.xml") + b" "})
    with pytest.raises(UnreadableWorkbook, match="styles"):
        _check_texts_only(book, third, TEXTS)


@needs_shared
@pytest.mark.parametrize("folder", ["xlsx", "adopt"])
def test_in_workbooks_of_other_people_emptying_texts_changes_no_cell(folder: str, tmp_path: Path) -> None:
    books = spread([path for path, _ in editable(folder)], every=4)
    assert len(books) >= 3
    for book in books:
        out = tmp_path / "out.xlsx"
        _check_texts_only(book, out, empty_unused_texts(book, out))
        assert not traces(book, "nobody of this name at all")


# -------------------------------------------------------------------------------------- where a name stands


def _everywhere(path: Path) -> Path:
    book = Workbook()
    tab = book.active
    assert tab is not None
    tab.title = "Deals"
    tab["A1"], tab["A2"], tab["A3"] = "Client", "  ROSA   Vidal ", "Rosa Vidalba"
    tab["B2"] = '="Dear "&"Rosa Vidal"'
    tab["A5"].comment = Comment("Rósa Vidal called", "Anna")
    tab["A6"].hyperlink = "mailto:rosa vidal@mail.example"
    header = tab.oddHeader
    assert header is not None
    header.center.text = "For Rosa Vidal"
    book.create_sheet("Rosa Vidal")["C3"] = "met Rosa\nVidal & Co"
    book.defined_names["hers"] = DefinedName("hers", attr_text='"Rosa Vidal"')
    book.properties.creator = "Rosa Vidal"
    book.save(path)
    return path


def test_a_name_is_found_wherever_it_stands(tmp_path: Path) -> None:
    found = traces(_everywhere(tmp_path / "a.xlsx"), "rosa vidal")
    assert set(found) == {
        Trace(stand=Stand.CELL, tab="Deals", cell="A2"),
        Trace(stand=Stand.CELL, tab="Deals", cell="B2"),
        Trace(stand=Stand.COMMENT, tab="Deals", cell="A5"),
        Trace(stand=Stand.CELL, tab="Deals", cell="A6"),
        Trace(stand=Stand.LINK, tab="Deals"),
        Trace(stand=Stand.TAB, tab="Deals"),
        Trace(stand=Stand.TAB, tab="Rosa Vidal"),
        Trace(stand=Stand.CELL, tab="Rosa Vidal", cell="C3"),
        Trace(stand=Stand.NAME, cell="hers"),
        Trace(stand=Stand.PROPERTIES),
    }


def test_comments_and_links_on_some_rows_are_found_whatever_they_say(tmp_path: Path) -> None:
    book = _everywhere(tmp_path / "a.xlsx")
    assert set(traces(book, "nobody", tab="Deals", rows=[5, 6])) == {
        Trace(stand=Stand.LINK, tab="Deals", cell="A6"),
        Trace(stand=Stand.COMMENT, tab="Deals", cell="A5"),
    }
    assert not traces(book, "nobody", tab="Rosa Vidal", rows=[5, 6])


def test_a_name_alone_is_told_from_one_within_a_text(tmp_path: Path) -> None:
    book = _everywhere(tmp_path / "a.xlsx")
    assert holds(book, "vidal")
    assert not holds(book, "vidal", alone=True)
    assert holds(book, "Rosa Vidal", alone=True)
    assert not holds(book, "Rosa Vid")


def test_a_text_that_no_cell_shows_and_a_store_of_a_pivot_table_are_found(tmp_path: Path) -> None:
    texts = f'<sst xmlns="{MAIN}"><si><t>Rosa</t></si></sst>'
    book = _book(tmp_path / "a.xlsx", texts)
    entries = parts(book)
    entries["xl/pivotCache/pivotCacheDefinition1.xml"] = b'<d><sharedItems><s v="Rosa"/></sharedItems></d>'
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    entries["[Content_Types].xml"] = entries["[Content_Types].xml"].replace(
        b"</Types>",
        f'<Override PartName="/{TEXTS}" ContentType="{types}.sharedStrings+xml"/><Override '
        'PartName="/xl/pivotCache/pivotCacheDefinition1.xml" '
        f'ContentType="{types}.pivotCacheDefinition+xml"/></Types>'.encode(),
    )
    entries["xl/drawings/old.vml"] = b"<xml><br>said Rosa<br></xml>"
    found = traces(zipped(tmp_path / "b.xlsx", entries), "Rosa")
    assert {trace.stand for trace in found} == {Stand.PIVOT, Stand.OTHER}
    assert {trace.part for trace in found} == {"", TEXTS, "xl/drawings/old.vml"}
