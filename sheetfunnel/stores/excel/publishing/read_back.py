"""Reads a new file back before it takes the place of the old one: only what was planned may differ."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias
from zipfile import ZipInfo

from sheetfunnel.errors import NoAccess, UnreadableWorkbook
from sheetfunnel.stores.excel.parts.package import Package, open_package
from sheetfunnel.stores.excel.publishing.differing import Differing, differs
from sheetfunnel.stores.excel.publishing.following import Seen, SheetToCheck
from sheetfunnel.stores.excel.publishing.plain_sheet import OtherDialect
from sheetfunnel.stores.excel.publishing.reads_as import reads_as
from sheetfunnel.stores.excel.publishing.row_check import SheetCheck
from sheetfunnel.stores.excel.scan import special_cells
from sheetfunnel.stores.excel.sheet.error_cells import with_errors
from sheetfunnel.tables.grid import each_tab
from sheetfunnel.tables.zip_entries import packed
from sheetfunnel.workbook.contract import (
    KEEP,
    AppendRows,
    Cell,
    Change,
    Grid,
    Snapshot,
    Untouched,
    WritePlan,
    rows_of,
)
from sheetfunnel.workbook.layout import letters

_Wishes: TypeAlias = Sequence[tuple[tuple[int, ...], Sequence[Cell | Untouched]]]
_Line: TypeAlias = Sequence[Cell]

_TABLE: Final = "spreadsheetml.table+xml"


def check_read_back(
    new: Path,
    before: Snapshot,
    plan: WritePlan,
    *,
    source: Path,
    seen: Mapping[str, Seen] = MappingProxyType({}),
) -> None:
    """Compare the new file with the snapshot that the old one at ``source`` was read as.

    Tabs that the plan does not name must be the same bytes, and so must all of the others but the planned
    cells, which are read. A tab in an unusual dialect is compared cell by cell: the planned ones read as
    planned, all others unchanged in value and type, formulas where they were. Sheets that were ``seen`` to be
    as planned while they were written need only be the same still.

    Raises:
        UnreadableWorkbook: anything else differs, or the new file cannot be read at all.

    """
    try:
        _check(new, before, plan, source, seen)
    except Differing:
        raise
    except (UnreadableWorkbook, NoAccess, zipfile.BadZipFile) as error:
        # its words are about a file that nobody knows
        raise Differing(
            f"The new file that was to replace “{source.name}” could not be read back. Nothing was written; "
            f"“{source.name}” is as it was.",
            hint="Check the disk that it stands on, then run this again.",
        ) from error


def sheet_checks(source: Path, before: Snapshot, plan: WritePlan) -> list[SheetToCheck]:
    """Return the sheets that a plan changes, each with what compares a new one with it."""
    old = open_package(source)
    entries = {title: _entry(old, title) for title in _by_tab(plan)}
    return [
        SheetToCheck(entry=entries[title], check=partial(_compare, old, before, changes))
        for title, changes in _by_tab(plan).items()
    ]


def _check(new: Path, before: Snapshot, plan: WritePlan, source: Path, seen: Mapping[str, Seen]) -> None:
    package, old = open_package(new), open_package(source)
    copied = _copied_parts(source, new, package, {change.tab for change in plan.changes})
    if dict(package.names) != dict(before.names) or package.date1904 != old.date1904:
        raise differs("its defined names, or the day from which it counts")
    by_tab = _by_tab(plan)
    known = _known(new, package, seen)
    unusual = [
        title
        for title, changes in by_tab.items()
        if _entry(package, title).filename not in known and not _is_as_planned(old, package, before, changes)
    ]
    if unusual:
        _check_values(new, package, before, {title: by_tab[title] for title in unusual})
    _check_copied(source, new, copied)


def _by_tab(plan: WritePlan) -> dict[str, list[Change]]:
    by_tab: dict[str, list[Change]] = {}
    for change in plan.changes:
        by_tab.setdefault(change.tab, []).append(change)
    return by_tab


def _known(new: Path, package: Package, seen: Mapping[str, Seen]) -> frozenset[str]:
    """Return the names of the entries that were seen to be as planned, and are what was seen."""
    with new.open("rb") as file:
        entries = {entry.filename: entry for entry in package.entries.all if entry.filename in seen}
        return frozenset(name for name, entry in entries.items() if seen[name].is_entry(file, entry))


def _is_as_planned(old: Package, new: Package, before: Snapshot, changes: Sequence[Change]) -> bool:
    """Compare a tab byte by byte; return false if it is not written in the dialect for that."""
    try:
        with closing(_pieces(new, changes[0].tab)) as now:
            _compare(old, before, changes, now)
    except OtherDialect:
        return False
    return True


def _compare(old: Package, before: Snapshot, changes: Sequence[Change], now: Iterator[bytes]) -> None:
    """Compare a tab with the old one byte by byte.

    Raises:
        Differing: anything differs that was not planned.
        OtherDialect: it is not written so. Appended rows make ranges grow: there the values are compared.

    """
    title = changes[0].tab
    if any(isinstance(change, AppendRows) for change in changes):
        raise OtherDialect
    check = SheetCheck(grid=before.tabs[title], changes=changes, date1904=old.date1904)
    with closing(_pieces(old, title)) as was:
        check.run(was, now)


def _entry(package: Package, title: str) -> ZipInfo:
    return package.entries.at(package.sheet(title).part)


def _pieces(package: Package, title: str) -> Generator[bytes, None, None]:
    return package.entries.pieces(_entry(package, title))


def _check_values(
    new: Path, package: Package, before: Snapshot, by_tab: Mapping[str, Sequence[Change]]
) -> None:
    for title, rows in each_tab(new, by_tab):
        grid = before.tabs[title]
        special = special_cells(new, package, title)
        shown = with_errors(rows, special.errors) if special.errors else rows
        _Comparison(grid=grid, changes=by_tab[title], date1904=package.date1904).run(shown)
        if (special.formulas, special.covered) != (grid.formulas, grid.covered):
            raise differs(f"the formulas or merged cells of the tab “{title}”")


def _copied_parts(old: Path, new: Path, package: Package, tabs: Iterable[str]) -> set[str]:
    """Return the parts that were to be copied; refuse one that came, went, or changed against the plan."""
    before, after = _checksums(old), _checksums(new)
    allowed = {_entry(package, title).filename for title in tabs}
    allowed.add(package.entries.at(package.workbook_part).filename)
    allowed |= {name for name, kind in package.content_types.items() if kind.endswith(_TABLE)}
    changed = {name for name, _ in before.items() ^ after.items()}
    if before.keys() != after.keys() or not changed <= allowed:
        raise differs(f"its parts ({', '.join(sorted(changed - allowed))})")
    return before.keys() - allowed


def _checksums(path: Path) -> dict[str, tuple[int, int]]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: (info.CRC, info.file_size) for info in archive.infolist()}


def _check_copied(old: Path, new: Path, names: Collection[str]) -> None:
    """Refuse a part that was to be copied as it lies, and of which something else lies in the new file."""
    with zipfile.ZipFile(old) as was, zipfile.ZipFile(new) as now:
        pairs = [(was.getinfo(name), now.getinfo(name)) for name in sorted(names)]
    with old.open("rb") as before, new.open("rb") as after:
        for one, other in pairs:
            if any(left != right for left, right in zip_longest(packed(before, one), packed(after, other))):
                raise differs(f"its part {one.filename}")


@dataclass(slots=True, kw_only=True)
class _Comparison:
    """One tab as it was, what was planned for it, and the rows as they now read."""

    grid: Grid
    changes: Sequence[Change]
    date1904: bool
    _wishes: dict[int, list[tuple[tuple[int, ...], Sequence[Cell | Untouched]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for change in self.changes:
            for number, values in rows_of(change):
                self._wishes.setdefault(number, []).append((change.columns, values))

    def run(self, rows: Iterable[_Line]) -> None:
        """Compare row by row, so that the new rows are never held together."""
        last = max(len(self.grid.rows), max(self._wishes, default=0))
        number = 0
        for number, new in enumerate(rows, start=1):
            self._row(number, new)
        for missing in range(number + 1, last + 1):
            self._row(missing, ())

    def _row(self, number: int, new: _Line) -> None:
        old = self.grid.rows[number - 1] if number <= len(self.grid.rows) else ()
        wishes = self._wishes.get(number)
        if wishes:
            planned = _planned(wishes)
            for column, value in planned.items():
                read = _at(new, column)
                if type(read) is not type(value) or read != value:  # most cells are plainly as planned
                    self._cell(number, column, read, value)
            old, new = _without(old, planned), _without(new, planned)
        if not _equal(old, new):
            raise self._changed(number, old, new)

    def _cell(self, row: int, column: int, read: Cell, planned: Cell) -> None:
        if reads_as(read, planned, date1904=self.date1904):
            return
        left = (row, column) in self.grid.formulas or (row, column) in self.grid.covered
        if not (left and _equal((read,), (self.grid.at(row, column),))):
            raise differs(f"cell {letters(column)}{row} of the tab “{self.grid.title}”")

    def _changed(self, number: int, old: _Line, new: _Line) -> UnreadableWorkbook:
        for column in range(1, max(len(old), len(new)) + 1):
            if not _equal((_at(old, column),), (_at(new, column),)):
                return differs(f"cell {letters(column)}{number} of the tab “{self.grid.title}”")
        return differs(f"row {number} of the tab “{self.grid.title}”")


def _planned(wishes: _Wishes) -> Mapping[int, Cell]:
    """Return the planned value of each column; where two changes name a cell, the later one counts."""
    return {
        column: value
        for columns, values in wishes
        for column, value in zip(columns, values, strict=True)
        if not isinstance(value, Untouched) or value is not KEEP
    }


def _at(line: _Line, column: int) -> Cell:
    return line[column - 1] if column <= len(line) else None


def _without(line: _Line, columns: Iterable[int]) -> _Line:
    rest = list(line)
    for column in columns:
        if column <= len(rest):
            rest[column - 1] = None
    return rest


def _equal(old: _Line, new: _Line) -> bool:
    """Whether two rows hold the same values of the same types; blank cells at their ends do not count."""
    if len(old) != len(new):
        old, new = _trimmed(old), _trimmed(new)
    return list(old) == list(new) and list(map(type, old)) == list(map(type, new))


def _trimmed(line: _Line) -> _Line:
    length = len(line)
    while length and line[length - 1] is None:
        length -= 1
    return line[:length]
