from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from sheetfunnel.errors import ContractBroken, UnreadableWorkbook
from sheetfunnel.stores.excel import xml_spans
from sheetfunnel.stores.excel.parts.package import open_package
from sheetfunnel.workbook.contract import Place
from tests.shared import SHARED, needs_shared
from tests.stores.excel_books import (
    SHEET,
    compose,
    parts,
    replaced,
    sheet_xml,
    written,
    zipped,
)

RELS = "xl/_rels/workbook.xml.rels"
PLAIN = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')


def _refused(path: Path) -> str:
    with pytest.raises(UnreadableWorkbook) as error:
        open_package(path)
    assert error.value.hint
    return error.value.message


def test_tabs_stand_in_the_order_that_people_see_with_their_state(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Start")
        book.add_chartsheet("Chart")
        book.add_worksheet("_results").hide()
        book.add_worksheet("_deep").very_hidden()
    package = open_package(tmp_path / "a.xlsx")
    assert [(s.title, s.hidden, s.cells) for s in package.sheets] == [
        ("Start", False, True),
        ("Chart", False, False),
        ("_results", True, True),
        ("_deep", True, True),
    ]
    assert package.workbook_part == "xl/workbook.xml"
    assert package.content_types["xl/workbook.xml"].endswith("sheet.main+xml")
    assert not package.calc_chain


def test_a_tab_is_found_by_its_relationship_and_not_by_its_file_name(tmp_path: Path) -> None:
    path = compose(tmp_path / "a.xlsx", "<nothing/>", parts={"xl/tabs/Main.XML": PLAIN})
    zipped(path, replaced(path, RELS, b"worksheets/sheet1.xml", b"/xl/tabs/main.xml"))
    assert open_package(path).sheet("Tab").part == "xl/tabs/main.xml"


def test_a_tab_that_is_not_there_is_named(tmp_path: Path) -> None:
    package = open_package(written(tmp_path / "a.xlsx", [[1]]))
    with pytest.raises(ContractBroken, match="Objectives"):
        package.sheet("Objectives")


def test_only_names_of_single_cells_of_this_workbook_count(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Anna's tab")
        book.add_worksheet("Plain").print_area(0, 0, 0, 0)
        book.define_name("sf_quoted", "='Anna''s tab'!$C$14")
        book.define_name("sf_plain", "=Plain!B2")
        book.define_name("sf_same", "=Plain!$D$4:$D$4")
        book.define_name("sf_range", "=Plain!$A$1:$B$2")
        book.define_name("sf_external", "='[1]Plain'!$A$1")
        book.define_name("sf_gone", "=#REF!")
        book.define_name("sf_formula", "=SUM(Plain!$A$1)")
        book.define_name("Plain!sf_plain", "=Plain!$Z$9")
        book.define_name("Plain!sf_local", "=Plain!$Y$9")
    assert open_package(tmp_path / "a.xlsx").names == {
        "sf_quoted": Place(tab="Anna's tab", row=14, column=3),
        "sf_plain": Place(tab="Plain", row=2, column=2),
        "sf_same": Place(tab="Plain", row=4, column=4),
        "sf_local": Place(tab="Plain", row=9, column=25),
    }


def test_the_date_system_is_the_workbooks_own(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "mac.xlsx", {"date_1904": True}) as book:
        book.add_worksheet()
    assert open_package(tmp_path / "mac.xlsx").date1904
    assert not open_package(written(tmp_path / "pc.xlsx", [[1]])).date1904


def test_a_protected_or_old_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "old.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "password" in _refused(path)


@pytest.mark.parametrize("content", [b"", b"<html>", b"a;b;c\n"])
def test_what_is_no_zip_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert "not an Excel workbook" in _refused(path)


def test_a_zip_of_something_else_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "not an Excel workbook" in _refused(path)


@pytest.mark.parametrize("twin", [SHEET, SHEET.upper(), SHEET.replace("/", "\\")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(tmp_path: Path, twin: str) -> None:
    path = compose(tmp_path / "a.xlsx", PLAIN)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(twin, PLAIN)
    assert "twice" in _refused(path)


def test_signed_shared_and_binary_workbooks_are_refused_by_name(tmp_path: Path) -> None:
    signed = compose(tmp_path / "a.xlsx", PLAIN, parts={"_xmlsignatures/origin.sigs": ""})
    assert "signature" in _refused(signed)
    shared = compose(tmp_path / "b.xlsx", PLAIN, parts={"xl/revisions/revisionHeaders.xml": "<headers/>"})
    assert "shared" in _refused(shared)
    binary = written(tmp_path / "c.xlsx", [[1]])
    kind = b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    zipped(binary, replaced(binary, "[Content_Types].xml", plain, kind))
    assert ".xlsb" in _refused(binary)


def test_wide_text_and_document_types_are_refused(tmp_path: Path) -> None:
    wide = compose(tmp_path / "a.xlsx", PLAIN.replace("UTF-8", "UTF-16").encode("utf-16"))
    assert "UTF-16" in _refused(wide)
    typed = compose(tmp_path / "b.xlsx", PLAIN.replace("<worksheet", "<!DOCTYPE x><worksheet", 1))
    assert "document type" in _refused(typed)


@pytest.mark.parametrize("other", ["<Relationships/>", "<!-- <worksheet> --><xdr:wsDr xmlns:xdr='x'/>"])
def test_a_part_that_is_no_sheet_is_no_blank_tab(tmp_path: Path, other: str) -> None:
    assert "Tab” is no sheet" in _refused(compose(tmp_path / "a.xlsx", f'<?xml version="1.0"?>\n{other}'))
    before = f"<!-- {'x' * 3000} --><?note?>\n"
    assert open_package(
        compose(tmp_path / "b.xlsx", PLAIN.replace("<worksheet", f"{before}<worksheet", 1))
    ).sheets


def test_a_broken_workbook_part_is_refused(tmp_path: Path) -> None:
    assert "damaged" in _refused(compose(tmp_path / "a.xlsx", PLAIN, workbook="<open>"))
    nested = "<a>" * 500 + "</a>" * 500
    assert "damaged" in _refused(compose(tmp_path / "b.xlsx", PLAIN, workbook=nested))
    missing = compose(tmp_path / "c.xlsx", PLAIN)
    zipped(missing, {name: raw for name, raw in parts(missing).items() if name != SHEET})
    assert "Tab" in _refused(missing)


def test_a_part_with_elements_without_number_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = compose(tmp_path / "a.xlsx", PLAIN, workbook="<x/>" * 1000)
    assert open_package(path).sheets
    monkeypatch.setattr(xml_spans, "MOST_ELEMENTS", 1000)
    assert "over 1,000 elements" in _refused(path)


@needs_shared
def test_every_collected_workbook_opens_or_is_refused_in_words() -> None:
    refused = []
    for path in sorted((SHARED / "data" / "xlsx").glob("*.xl*")):
        try:
            assert open_package(path).sheets
        except UnreadableWorkbook:
            refused.append(path.name)
    assert refused == [
        "apache__ms-office-2010-signed.xlsx",
        "apache__workbookProtection_workbook_revision_protected.xlsx",
    ]


@needs_shared
def test_hostile_workbooks_end_in_words_or_open() -> None:
    paths = sorted((SHARED / "data" / "hostile").glob("*.xlsx"))
    outcomes = [_outcome(path) for path in paths]
    assert len(outcomes) >= 50
    assert outcomes.count("refused") >= 15


def _outcome(path: Path) -> str:
    try:
        open_package(path)
    except UnreadableWorkbook:
        return "refused"
    return "opened"
