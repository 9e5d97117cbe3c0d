"""A look through a sheet for the cells that must not be written."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Final, TypeAlias

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.boxes import Box
from sheetfunnel.stores.excel.package import Package, Sheet
from sheetfunnel.stores.excel.sheet_edit import WAYS, Way
from sheetfunnel.stores.excel.sheet_parts import Unusual
from sheetfunnel.stores.excel.tail_xml import merges
from sheetfunnel.stores.excel.xml_spans import broken_xml

Cells: TypeAlias = frozenset[tuple[int, int]]

_OVERLAP: Final = 16
#: More covered cells than this are not listed one by one: no table that people fill in has as many.
_MOST_COVERED: Final = 2_000_000


def formulas_and_covered(path: Path, package: Package, title: str) -> tuple[Cells, Cells]:
    """Return the cells (row, column) with a formula, and those under a merge or part of an array.

    The booleans that LibreOffice writes as formulas are none. Of a merge or an array the first cell is not
    covered. A sheet without any of this costs little more than unpacking the sheet.

    Raises:
        UnreadableWorkbook: the sheet at ``path`` is damaged.

    """
    package = replace(package, entries=replace(package.entries, path=path))
    sheet = package.sheet(title)
    if not sheet.cells or not _has_signs(package, sheet):
        return frozenset(), frozenset()
    for way in WAYS:
        try:
            return _found(package, sheet, way)
        except Unusual:
            continue
    raise broken_xml(sheet.part)


def _pieces(package: Package, sheet: Sheet) -> Generator[bytes, None, None]:
    return package.entries.pieces(package.entries.at(sheet.part))


def _has_signs(package: Package, sheet: Sheet) -> bool:
    before = b""
    for piece in _pieces(package, sheet):
        if _has_sign(piece) or _has_sign(before + piece[:_OVERLAP]):
            return True
        before = piece[-_OVERLAP:]
    return False


def _has_sign(data: bytes) -> bool:
    has_f = b"f" in data and (b"<f" in data or b":f" in data)  # a single byte is found quickly
    return has_f or b"mergeCell" in data


def _found(package: Package, sheet: Sheet, way: Way) -> tuple[Cells, Cells]:
    with closing(_pieces(package, sheet)) as chunks:
        reader = way(chunks)
        findings = reader.findings(booleans=not package.calc_chain)
        covered = [*findings.arrays, *merges(reader.head, reader.tail())]
    return findings.formulas, frozenset(_cells(covered))


def _cells(boxes: Iterable[Box]) -> Iterator[tuple[int, int]]:
    left = _MOST_COVERED
    for box in boxes:
        left -= (box.bottom - box.top + 1) * (box.right - box.left + 1)
        if left < 0:
            raise UnreadableWorkbook(
                "A tab of this workbook has merged cells or an array formula over millions of cells.",
                hint="Take the merge off (Home, Merge & Center), save the workbook, and try again.",
            )
        rows, columns = range(box.top, box.bottom + 1), range(box.left, box.right + 1)
        yield from (cell for cell in product(rows, columns) if cell != (box.top, box.left))
