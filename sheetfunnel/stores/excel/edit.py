"""The surgical edit of a workbook file: only the planned cells change, every other byte stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from sheetfunnel.stores.excel.archive.rebuild import rebuild
from sheetfunnel.stores.excel.archive.sink import Heed, Rewrite, Sink, heedless
from sheetfunnel.stores.excel.parts.extend import Growth, growths
from sheetfunnel.stores.excel.parts.package import Package, Sheet, open_package
from sheetfunnel.stores.excel.parts.relationships import relationships
from sheetfunnel.stores.excel.parts.tables_xml import grown_table
from sheetfunnel.stores.excel.parts.workbook_xml import edited_workbook
from sheetfunnel.stores.excel.sheet.targets import lane
from sheetfunnel.stores.excel.sheet.ways import WAYS, SheetJob, Way, edit_sheet
from sheetfunnel.workbook.contract import Change, WritePlan

_Changes: TypeAlias = Mapping[str, Sequence[Change]]


def edit(
    source: Path, target: Path, plan: WritePlan, *, ways: Sequence[Way] = WAYS, heed: Heed = heedless
) -> None:
    """Write to ``target`` a complete new workbook: ``source`` with ``plan`` carried out.

    Everything else is the same byte for byte, but for the mark by which Excel calculates formulas anew.
    Cells with a person's formula, under a merge or part of an array are left alone. ``ways`` are tried in
    their order; each that can read a sheet gives the same bytes. ``heed`` is told how far changed parts are.

    Raises:
        UnreadableWorkbook: the workbook cannot be edited safely; ``target`` may be left incomplete.
        ContractBroken: the plan names a tab that is not there.

    """
    if not plan:
        shutil.copyfile(source, target)
        return
    package = open_package(source)
    by_tab: dict[str, list[Change]] = {}
    for change in plan.changes:
        by_tab.setdefault(change.tab, []).append(change)
    rewrites = dict(_rewrites(package, by_tab, ways))
    rebuild(package.entries, target, rewrites, heed=heed)


def _rewrites(package: Package, by_tab: _Changes, ways: Sequence[Way]) -> Iterator[tuple[str, Rewrite]]:
    appended = {title: growths(changes) for title, changes in by_tab.items()}
    for title, changes in by_tab.items():
        sheet = package.sheet(title)
        yield (
            package.entries.at(sheet.part).filename,
            partial(edit_sheet, _job(package, sheet, changes), ways=ways),
        )
        yield from _tables(package, sheet, appended[title])
    yield from _workbook(package, appended)


def _job(package: Package, sheet: Sheet, changes: Sequence[Change]) -> SheetJob:
    entry = package.entries.at(sheet.part)
    named = {(place.row, place.column) for place in package.names.values() if place.tab == sheet.title}
    return SheetJob(
        chunks=partial(package.entries.pieces, entry),
        lanes=[lane(change, named) for change in changes],
        changes=changes,
        date1904=package.date1904,
        booleans=not package.calc_chain,
    )


def _replace(data: bytes, sink: Sink) -> None:
    sink.write(data)


def _tables(package: Package, sheet: Sheet, appended: Sequence[Growth]) -> Iterator[tuple[str, Rewrite]]:
    if not appended:
        return
    for link in relationships(package.entries, sheet.part):
        raw = package.entries.whole(link.part) if link.kind == "table" else None
        new = grown_table(raw, link.part, appended) if raw else raw
        if new and new != raw:
            yield package.entries.at(link.part).filename, partial(_replace, new)


def _workbook(package: Package, appended: Mapping[str, Sequence[Growth]]) -> Iterator[tuple[str, Rewrite]]:
    raw = package.entries.whole(package.workbook_part) or b""
    by_index = {
        index: appended[sheet.title] for index, sheet in enumerate(package.sheets) if sheet.title in appended
    }
    new = edited_workbook(raw, package.workbook_part, by_index)
    if new != raw:
        yield package.entries.at(package.workbook_part).filename, partial(_replace, new)
