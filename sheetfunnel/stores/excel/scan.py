"""A look through a sheet for what the reader of values does not tell: formulas, merges, errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import field, replace
from itertools import product
from pathlib import Path
from typing import Final, TypeAlias

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.parts.boxes import Box
from sheetfunnel.stores.excel.parts.package import Package, Sheet
from sheetfunnel.stores.excel.sheet.error_cells import error_cells, may_show_errors
from sheetfunnel.stores.excel.sheet.pieces import Unusual
from sheetfunnel.stores.excel.sheet.tail_xml import merges
from sheetfunnel.stores.excel.sheet.ways import WAYS, Way
from sheetfunnel.stores.excel.xml_spans import broken_xml
from sheetfunnel.values import value

Cells: TypeAlias = frozenset[tuple[int, int]]

_OVERLAP: Final = 256
_FORMULA: Final = re.compile(rb"<f[>\s/]")
_PREFIXED: Final = re.compile(rb":f[>\s/]")
#: More covered cells than this are not listed one by one: no table that people fill in has as many.
_MOST_COVERED: Final = 2_000_000


@value
class Special:
    """The cells of a tab, as (row, column), of which the reader of values does not tell all.

    ``formulas`` hold a formula, ``covered`` are under a merge or part of an array and not its first cell;
    ``errors`` are those that show an error, with what they show.
    """

    formulas: Cells = frozenset()
    covered: Cells = frozenset()
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)


def special_cells(path: Path, package: Package, title: str) -> Special:
    """Return the special cells of a tab; the booleans that LibreOffice writes as formulas are none.

    A sheet without any of them costs little more than unpacking it.

    Raises:
        UnreadableWorkbook: the sheet at ``path`` is damaged.

    """
    package = replace(package, entries=replace(package.entries, path=path))
    sheet = package.sheet(title)
    signs = _signs(package, sheet) if sheet.cells else set()
    errors = error_cells(_pieces(package, sheet)) if may_show_errors in signs else {}
    if _may_be_covered not in signs:
        return Special(errors=errors)
    for way in WAYS:
        try:
            formulas, covered = _found(package, sheet, way)
        except Unusual:
            continue
        return Special(formulas=formulas, covered=covered, errors=errors)
    raise broken_xml(sheet.part)


def _pieces(package: Package, sheet: Sheet) -> Generator[bytes, None, None]:
    return package.entries.pieces(package.entries.at(sheet.part))


def _signs(package: Package, sheet: Sheet) -> set[Callable[[bytes], bool]]:
    """Return which of the questions about the bytes of a sheet are to be answered with yes."""
    signs: set[Callable[[bytes], bool]] = set()
    before = b""
    for piece in _pieces(package, sheet):
        seam = before + piece[:_OVERLAP]
        for may in {_may_be_covered, may_show_errors} - signs:
            if may(piece) or may(seam):
                signs.add(may)
        before = piece[-_OVERLAP:]
    return signs


def _may_be_covered(data: bytes) -> bool:
    has_formula = _FORMULA.search(data) or (b":" in data and _PREFIXED.search(data))
    return bool(has_formula) or b"mergeCell" in data


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
