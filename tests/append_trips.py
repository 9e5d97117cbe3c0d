"""Rows appended below all others of a tab: nothing else may change but ranges that reached the last row."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.parts.package import Package, open_package
from sheetfunnel.stores.excel.sheet.careful import CarefulSheet
from sheetfunnel.workbook.contract import AppendRows, WritePlan
from tests.round_trips import grids, planned_cells
from tests.sheet_text import LAST_ROW, bounds, rest, sheet_text

_REFS: Final = re.compile(rb"""(?<=ref=)"[^"]*"|(?<=ref=)'[^']*'|(?<=:sqref>)[^<]*""")
_FILTER: Final = re.compile(rb"(?<=\$)\d+(?=</definedName>)")
_FLAG: Final = re.compile(rb'<calcPr fullCalcOnLoad="1"/>|\sfullCalcOnLoad\s*=\s*"[^"]*"')


def append_trip(source: Path, title: str, target: Path) -> int:
    """Append rows to a tab by both ways, judge the result, and return how many ranges grew."""
    package = open_package(source)
    part = package.entries.at(package.sheet(title).part).filename
    before = sheet_text(package.entries.whole(part) or b"")
    above, last = before.bottom, before.bottom + 2
    if last > LAST_ROW:
        return 0
    rows = [("x", 1, None, True), ("y", 2.5, "<&>", False)]
    change = AppendRows(tab=title, first_row=above + 1, columns=(1, 2, 4, 5), rows=rows)
    plan = WritePlan(changes=(change,))
    edit(source, target, plan)
    careful = target.with_name(f"careful {target.name}")
    edit(source, careful, plan, ways=(CarefulSheet,))
    assert list(_parts(source)) == list(_parts(target))
    planned = {(row, column) for row in (above + 1, last) for column in range(1, 6)}
    after = sheet_text(_parts(target)[part])
    assert _parts(careful)[part] == after.raw, "the two ways differ"
    old, new = (rest(sheet, planned, before.rows) for sheet in (before, after))
    assert _REFS.sub(b"", new) == _REFS.sub(b"", old)
    grown = sum(1 for _ in _grown(old, new, above=above, last=last))
    _judge_values(source, target, set(planned_cells(plan)), title)
    parts = {name: (raw, _parts(target)[name]) for name, raw in _parts(source).items() if name != part}
    return grown + _judge_parts(parts, package, above=above, last=last)


def _grown(old: bytes, new: bytes, *, above: int, last: int) -> Iterator[str]:
    """Yield the ranges that grew; each held the row above, and now ends with the last new row."""
    pairs = zip(_ranges(old), _ranges(new), strict=True)
    for was, now in (pair for pair in pairs if pair[0] != pair[1]):
        (top, left, bottom, right), after = bounds(was), bounds(now)
        assert top <= above <= bottom < last, f"{was} became {now}"
        assert after == (top, left, last, right), f"{was} became {now}"
        yield now


def _ranges(raw: bytes) -> list[str]:
    return list(chain.from_iterable(found.decode().strip("\"'").split() for found in _REFS.findall(raw)))


def _judge_parts(parts: dict[str, tuple[bytes, bytes]], package: Package, *, above: int, last: int) -> int:
    """Assert that all parts are as they were, but for the bounds of tables and of the filter's name."""
    grown = 0
    for name, (old, new) in parts.items():
        if name == package.entries.at(package.workbook_part).filename:
            assert _plain(old) == _plain(new)
        elif package.content_types[name].endswith("table+xml"):
            assert _REFS.sub(b"", old) == _REFS.sub(b"", new)
            grown += sum(1 for _ in _grown(old, new, above=above, last=last))
        else:
            assert old == new, name
    return grown


def _plain(workbook: bytes) -> bytes:
    return _FILTER.sub(b"", _FLAG.sub(b"", workbook))


def _judge_values(source: Path, target: Path, planned: set[tuple[int, int]], title: str) -> None:
    before, after = grids(source), grids(target)
    after[title] = {at: value for at, value in after[title].items() if at not in planned}
    assert {tab: {at: str(v) for at, v in cells.items()} for tab, cells in before.items()} == {
        tab: {at: str(v) for at, v in cells.items()} for tab, cells in after.items()
    }


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}
