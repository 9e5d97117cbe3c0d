"""One edit of one sheet of any workbook, and everything that must be so afterwards."""

from __future__ import annotations

import re
import shutil
import struct
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final, TypeAlias

from python_calamine import CalamineWorkbook, SheetTypeEnum

from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.parts.package import Package, open_package
from sheetfunnel.stores.excel.sheet.careful import CarefulSheet
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.contract import KEEP, Cell, ReplaceTable, SetCells, Untouched, WritePlan, rows_of
from tests.sheet_text import LAST_COLUMN, LAST_ROW, At, Piece, SheetText, pieces, rest, sheet_text

Grids: TypeAlias = dict[str, dict[At, object]]

_VALUES: Final[tuple[Cell, ...]] = ("ours <&> ñ", 4711, True, " pad\n_x0041_", -0.125, None, False, "=1+1")
_MOST: Final = 8
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_FLAG: Final = re.compile(rb"""\sfullCalcOnLoad\s*=\s*("[^"]*"|'[^']*')""")
_ZIP64: Final = 1
_DESCRIPTOR: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A workbook, the plan for one of its tabs, and the new file."""

    source: Path
    target: Path
    title: str
    part: str
    planned: Mapping[At, Cell]


def round_trip(source: Path, title: str, target: Path) -> Trip:
    """Edit one tab of a workbook, by the fast way where it goes and by the careful one; judge the result."""
    package = open_package(source)
    part = package.entries.at(package.sheet(title).part).filename
    before = sheet_text(_part(source, part))
    plan = plan_for(before, title)
    edit(source, target, plan)
    careful = target.with_name(f"careful {target.name}")
    edit(source, careful, plan, ways=(CarefulSheet,))
    assert _part(careful, part) == _part(target, part), "the two ways differ"
    trip = Trip(source=source, target=target, title=title, part=part, planned=planned_cells(plan))
    judge(trip, package, before)
    return trip


def rewritten(path: Path) -> int:
    """Write the first tab of a workbook through the store, and judge the file; return the exit code."""
    before = path.with_suffix(".before")
    shutil.copyfile(path, before)
    book = ExcelWorkbook(path, state=path.parent / "state")
    try:
        snapshot = book.read()
        title = next(iter(snapshot.tabs))
        package = open_package(path)
        part = package.entries.at(package.sheet(title).part).filename
        plan = plan_for(sheet_text(_part(path, part)), title)
        book.write(plan, revision=snapshot.revision)
    except SheetfunnelError as error:
        sys.stderr.write(f"Error: {error.message}\nWhat to do: {error.hint}\n")
        return error.exit_code
    judge_again(Trip(source=before, target=path, title=title, part=part, planned=planned_cells(plan)))
    return 0


def plan_for(sheet: SheetText, title: str) -> WritePlan:
    """Plan cells that are there, cells that are missing, new rows, and a table below everything."""
    wanted = dict(zip(dict.fromkeys(_wanted(sheet)), cycle(_VALUES), strict=False))
    columns = tuple(sorted({column for _, column in wanted}))
    rows: dict[int, list[Cell | Untouched]] = {}
    for (row, column), value in wanted.items():
        rows.setdefault(row, [KEEP] * len(columns))[columns.index(column)] = value
    below = sheet.bottom + 3
    cells = SetCells(tab=title, columns=columns, rows=dict(sorted(rows.items())))
    table = ReplaceTable(
        tab=title, first_row=below, columns=(2, 3, 5), rows=[("a", 1, None), ("b", 2.5, True)], old_rows=4
    )
    return WritePlan(changes=(cells, table) if below + 4 <= LAST_ROW else (cells,))


def _wanted(sheet: SheetText) -> Iterator[At]:
    cells = sorted(sheet.cells)
    yield from cells[:: max(1, len(cells) // _MOST)]
    rows = sorted(sheet.rows)
    for row in rows[:: max(1, len(rows) // _MOST)]:
        there = sheet.columns[row]
        yield row, min(max(there, default=0) + 2, LAST_COLUMN)
        yield row, next(column for column in range(1, LAST_COLUMN) if column not in there)
    yield from ((row, 2) for row in range(1, sheet.bottom + 2) if row not in sheet.rows and row % 3)
    yield from [(1, 1), (sheet.bottom + 1, 27)][: 2 if sheet.bottom < LAST_ROW else 1]


def planned_cells(plan: WritePlan) -> dict[At, Cell]:
    """Return every cell that a plan names, and what it is to hold."""
    return {
        (row, column): value
        for change in plan.changes
        for row, values in rows_of(change)
        for column, value in zip(change.columns, values, strict=True)
        if not isinstance(value, Untouched)
    }


def judge_again(trip: Trip) -> None:
    """Judge a new file that somebody may have changed meanwhile."""
    judge(trip, open_package(trip.source), sheet_text(_part(trip.source, trip.part)))


def judge(trip: Trip, package: Package, before: SheetText) -> None:
    """Assert that the new file is the old one but for the planned cells."""
    after = sheet_text(_part(trip.target, trip.part))
    assert rest(after, trip.planned, before.rows) == rest(before, trip.planned, before.rows)
    for at, value in trip.planned.items():
        _judge_cell(at, value, before, after, chain=package.calc_chain)
    _judge_entries(trip, package)
    _judge_workbook(trip, package)
    _judge_values(trip)


def _judge_cell(at: At, value: Cell, before: SheetText, after: SheetText, *, chain: bool) -> None:
    old, new = before.cells.get(at), after.cells.get(at)
    if before.is_covered(at) or (old and _is_formula(old, chain=chain)):
        assert after.written(at) == before.written(at), f"{at} is not ours to write"
        return
    assert _held(new) == value, f"{at}: {after.written(at)!r} should hold {value!r}"
    if old and new:
        assert old.attributes.get("s") == new.attributes.get("s"), f"{at} lost its looks"


def left_alone(trip: Trip) -> set[At]:
    """Return the planned cells that were not to be written."""
    before, chain = sheet_text(_part(trip.source, trip.part)), open_package(trip.source).calc_chain
    return {
        at
        for at in trip.planned
        if before.is_covered(at) or (at in before.cells and _is_formula(before.cells[at], chain=chain))
    }


def _is_formula(cell: Piece, *, chain: bool) -> bool:
    formula = cell.child("f")
    if formula is None:
        return False
    is_truth = cell.attributes.get("t") == "b" and formula.text in {"TRUE()", "FALSE()"}
    return chain or "t" in formula.attributes or not is_truth


def _held(cell: Piece | None) -> Cell:
    """Return what a cell of ours holds, by the standard's rules alone."""
    if cell is None:
        return None
    text = cell.texts("v")
    match cell.attributes.get("t"):
        case "inlineStr":
            return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), cell.texts("t"))
        case "b":
            return text == "1"
    return float(text) if text else None


def _judge_entries(trip: Trip, package: Package) -> None:
    """Assert that all but two entries are the same, packed and all, and that every entry kept its looks."""
    may_change = {trip.part, package.entries.at(package.workbook_part).filename}
    with zipfile.ZipFile(trip.source) as old, zipfile.ZipFile(trip.target) as new:
        assert old.comment == new.comment
        for mine, theirs in zip(old.infolist(), new.infolist(), strict=True):
            assert _looks(mine) == _looks(theirs)
            new.read(theirs)  # its checksum is right
            if mine.filename not in may_change:
                assert _packed(trip.source, mine) == _packed(trip.target, theirs), mine.filename
                assert mine.compress_type == theirs.compress_type


def _looks(info: zipfile.ZipInfo) -> tuple[object, ...]:
    flags = info.flag_bits & 0x800
    extra = b"".join(field for kind, field in _fields(info.extra) if kind != _ZIP64)
    attributes = (info.create_system, info.external_attr, info.internal_attr)
    return (info.orig_filename, info.date_time, info.comment, *attributes, flags, extra)


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        yield kind, extra[at : at + 4 + length]
        at += 4 + length


def _packed(path: Path, info: zipfile.ZipInfo) -> bytes:
    raw = path.read_bytes()
    name, extra = struct.unpack_from("<2H", raw, info.header_offset + 26)
    start = info.header_offset + 30 + name + extra
    assert path.name or not info.flag_bits & _DESCRIPTOR
    return raw[start : start + info.compress_size]


def _judge_workbook(trip: Trip, package: Package) -> None:
    """Assert that in the workbook part only the flag for recalculation came."""
    name = package.entries.at(package.workbook_part).filename
    old, new = _part(trip.source, name), _part(trip.target, name)
    before, after = pieces(old).child("calcPr"), pieces(new).child("calcPr")
    assert after
    assert after.attributes["fullCalcOnLoad"] in {"1", "true"}
    tag = new[after.start : after.end]
    kept = old[before.start : before.end] if before else b""
    assert not before or _FLAG.sub(b"", tag) == _FLAG.sub(b"", kept)
    at = before.start if before else after.start
    assert old[:at] + old[at + len(kept) :] == new[: after.start] + new[after.end :]


def _judge_values(trip: Trip) -> None:
    """Assert that the reader finds every value where it was, of the same type, but for the planned ones."""
    before, after = grids(trip.source), grids(trip.target)
    for book in (before, after):
        book[trip.title] = {at: value for at, value in book[trip.title].items() if at not in trip.planned}
    assert {title: _typed(cells) for title, cells in before.items()} == {
        title: _typed(cells) for title, cells in after.items()
    }


def _typed(cells: Mapping[At, object]) -> dict[At, tuple[str, str]]:
    return {at: (type(value).__name__, str(value)) for at, value in cells.items()}


def grids(path: Path) -> Grids:
    """Return the filled cells of all tabs as calamine reads them."""
    with CalamineWorkbook.from_path(path) as book:
        tabs = [tab.name for tab in book.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
        return {title: dict(_filled(book, title)) for title in tabs}


def _filled(book: CalamineWorkbook, title: str) -> Iterator[tuple[At, object]]:
    sheet = book.get_sheet_by_name(title)
    top, left = sheet.start or (0, 0)
    for row, line in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
        for column, value in enumerate(line, start=left + 1):
            if value != "":
                yield (row, column), value


def _part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)
