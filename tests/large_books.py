"""Workbooks so large that a second process helps with them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.stores.excel_books import MAIN, compose, sheet_xml

SECOND = "xl/worksheets/sheet2.xml"
_LINK = (
    '<Relationship Id="r9" Target="worksheets/sheet2.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
)


def long_rows(count: int, last: str) -> str:
    """Return rows that take some 2,000 bytes each."""
    more = ", and some words more" * 45
    cell = f'<c r="{{}}{{}}" t="inlineStr"><is><t>{{}} of row {{}}{more}</t></is></c>'
    return "".join(
        f'<row r="{at}">{cell.format("A", at, "The first", at % 700)}'
        f'{cell.format("B", at, last, at)}<c r="D{at}" s="1"><v>{46000 + at % 90}</v></c></row>'
        for at in range(1, count)
    )


def large_book(path: Path, second: str) -> Path:
    """Write a workbook of two large tabs, ``Tab`` and ``Two``; ``second`` are the rows of the second."""
    made = compose(
        path,
        sheet_xml(long_rows(10_000, "The second")),
        parts={SECOND: sheet_xml(second), "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>'},
        links=_LINK,
    )
    with zipfile.ZipFile(made) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"</sheets>", b'<sheet name="Two" sheetId="2" r:id="r9"/></sheets>'
    )
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return made
