"""Workbooks for the tests of the Excel editor, and ways to look into them that do not use the editor."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.parts.package import Package, open_package
from sheetfunnel.workbook.contract import Cell, SetCells, Untouched, WritePlan
from tests.shared import SHARED

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="0"/><fonts count="1"><font><sz val="11"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="14" '
    'applyNumberFormat="1"/><xf numFmtId="9" applyNumberFormat="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_CELL = re.compile(
    rb"""<(?:\w+:)?c(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*?)(?:/>|>(.*?)</(?:\w+:)?c>)""", re.DOTALL
)


def sheet_xml(rows: str, *, before: str = "", after: str = "") -> str:
    """Return a worksheet as Excel writes it."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        f'<worksheet xmlns="{MAIN}" xmlns:r="{_OFFICE}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def compose(
    path: Path,
    sheet: str | bytes,
    *,
    workbook: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    links: str = "",
) -> Path:
    """Write a workbook of one tab ``Tab`` from raw XML; ``workbook`` goes behind its ``sheets``."""
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>',
        "_rels/.rels": _rels(
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="Tab" sheetId="1" r:id="r1"/></sheets>{workbook}</workbook>',
        "xl/_rels/workbook.xml.rels": _rels(
            f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/>{links}'
        ),
        "xl/styles.xml": _STYLES,
        SHEET: sheet,
        **(parts or {}),
    }
    return zipped(path, entries)


def zipped(path: Path, entries: Mapping[str, str | bytes]) -> Path:
    """Write a zip file with these entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def replaced(path: Path, name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook with something replaced in one of them."""
    entries = parts(path)
    assert old in entries[name]
    return {**entries, name: entries[name].replace(old, new)}


def _rels(links: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{links}</Relationships>'


def written(path: Path, rows: Sequence[Sequence[Cell]], *, title: str = "Tab") -> Path:
    """Write a plain workbook of one tab."""
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(path, plain) as book:
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def set_cells(
    rows: Mapping[int, Sequence[Cell | Untouched]], *, columns: Iterable[int] = (2,), tab: str = "Tab"
) -> WritePlan:
    """Return a plan that sets cells of one tab."""
    return WritePlan(changes=(SetCells(tab=tab, columns=tuple(columns), rows=rows),))


def part(path: Path, name: str = SHEET) -> bytes:
    """Return a part of a workbook as it stands."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def parts(path: Path) -> dict[str, bytes]:
    """Return all parts of a workbook, in their order, their checksums verified."""
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def cells(raw: bytes) -> dict[str, bytes]:
    """Return the cells of a sheet as they are written, by address."""
    found: dict[str, bytes] = {}
    for match in _CELL.finditer(raw):
        address = re.search(rb"""\sr=["'](\w+)["']""", match[1])
        found[address[1].decode() if address else str(len(found))] = match[0]
    return found


def values(path: Path, title: str = "Tab") -> dict[tuple[int, int], object]:
    """Return the filled cells of a tab as calamine reads them."""
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(title)
    top, left = sheet.start or (0, 0)
    return {
        (top + row + 1, left + column + 1): value
        for row, line in enumerate(sheet.to_python(skip_empty_area=True))
        for column, value in enumerate(line)
        if value != ""
    }


def opens(path: Path) -> bool:
    """Whether openpyxl opens a workbook."""
    with warnings.catch_warnings(), path.open("rb") as file:  # where it fails it does not close a file
        warnings.simplefilter("ignore")
        try:
            load_workbook(file)
        except (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError):
            return False
    return True


def editable(folder: str) -> list[tuple[Path, Package]]:
    """Return the collected workbooks that may be edited."""
    found = []
    for path in sorted((SHARED / "data" / folder).rglob("*.xl*")):
        try:
            found.append((path, open_package(path)))
        except UnreadableWorkbook:
            continue
    return found
