"""Reads a new file back before it takes the place of the old one: only what was planned may differ."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from sheetfunnel.errors import NoAccess, UnreadableWorkbook
from sheetfunnel.stores.excel.parts.package import Package, open_package
from sheetfunnel.stores.excel.scan import special_cells
from sheetfunnel.stores.excel.sheet.cells_xml import NOT_A_NUMBER, number_text, serial
from sheetfunnel.stores.excel.sheet.error_cells import with_errors
from sheetfunnel.tables.grid import each_tab
from sheetfunnel.workbook.contract import (
    KEEP,
    Cell,
    Change,
    Grid,
    Snapshot,
    Untouched,
    WritePlan,
    rows_of,
)
from sheetfunnel.workbook.held import fitted
from sheetfunnel.workbook.layout import letters

_Wishes: TypeAlias = Sequence[tuple[tuple[int, ...], Sequence[Cell | Untouched]]]
_Line: TypeAlias = Sequence[Cell]

_CLOCK: Final = re.compile(r"-?\d+:\d\d:\d\d(\.\d+)?")
_ALMOST: Final = timedelta(milliseconds=2)  # the reader rounds moments to a thousandth of a second
_ALMOST_DAYS: Final = _ALMOST / timedelta(days=1)
_TABLE: Final = "spreadsheetml.table+xml"


def check_read_back(new: Path, before: Snapshot, plan: WritePlan, *, source: Path) -> None:
    """Compare the new file with the snapshot that the old one at ``source`` was read as.

    Tabs that the plan does not name must be the same bytes. In the others every cell is read: the planned
    ones as planned, all others unchanged in value and type, formulas where they were.

    Raises:
        UnreadableWorkbook: anything else differs, or the new file cannot be read at all.

    """
    try:
        _check(new, before, plan, source)
    except Differing:
        raise
    except (
        UnreadableWorkbook,
        NoAccess,
        zipfile.BadZipFile,
    ) as error:  # it speaks of a file that nobody knows
        raise Differing(
            f"The new file that was to replace “{source.name}” could not be read back. Nothing was written; "
            f"“{source.name}” is as it was.",
            hint="Check the disk that it stands on, then run this again.",
        ) from error


class Differing(UnreadableWorkbook):
    """The new file is not what was planned; the old one is as it was."""


def _check(new: Path, before: Snapshot, plan: WritePlan, source: Path) -> None:
    package = open_package(new)
    _check_parts(source, new, package, {change.tab for change in plan.changes})
    if dict(package.names) != dict(before.names):
        raise _differs("its defined names")
    by_tab: dict[str, list[Change]] = {}
    for change in plan.changes:
        by_tab.setdefault(change.tab, []).append(change)
    for title, rows in each_tab(new, by_tab):
        grid = before.tabs[title]
        special = special_cells(new, package, title)
        shown = with_errors(rows, special.errors) if special.errors else rows
        _Comparison(grid=grid, changes=by_tab[title], date1904=package.date1904).run(shown)
        if (special.formulas, special.covered) != (grid.formulas, grid.covered):
            raise _differs(f"the formulas or merged cells of the tab “{title}”")


def _check_parts(old: Path, new: Path, package: Package, tabs: Iterable[str]) -> None:
    """Refuse a part that came, went or changed without being one that the plan touches."""
    before, after = _checksums(old), _checksums(new)
    allowed = {package.entries.at(package.sheet(title).part).filename for title in tabs}
    allowed.add(package.entries.at(package.workbook_part).filename)
    allowed |= {name for name, kind in package.content_types.items() if kind.endswith(_TABLE)}
    changed = {name for name, _ in before.items() ^ after.items()}
    if before.keys() != after.keys() or not changed <= allowed:
        raise _differs(f"its parts ({', '.join(sorted(changed - allowed))})")


def _checksums(path: Path) -> dict[str, tuple[int, int]]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: (info.CRC, info.file_size) for info in archive.infolist()}


def _differs(what: str) -> Differing:
    return Differing(
        f"The new file did not read back as planned: {what} would have changed. Nothing was written.",
        hint="Open the workbook in Excel or LibreOffice, save it as .xlsx under another name, use that file.",
    )


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
        if _reads_as(read, planned, date1904=self.date1904):
            return
        left = (row, column) in self.grid.formulas or (row, column) in self.grid.covered
        if not (left and _equal((read,), (self.grid.at(row, column),))):
            raise _differs(f"cell {letters(column)}{row} of the tab “{self.grid.title}”")

    def _changed(self, number: int, old: _Line, new: _Line) -> UnreadableWorkbook:
        for column in range(1, max(len(old), len(new)) + 1):
            if not _equal((_at(old, column),), (_at(new, column),)):
                return _differs(f"cell {letters(column)}{number} of the tab “{self.grid.title}”")
        return _differs(f"row {number} of the tab “{self.grid.title}”")


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


def _reads_as(read: Cell, planned: Cell, *, date1904: bool) -> bool:
    """Whether a cell reads as planned, through whatever number format a person gave it."""
    if planned is None or planned == "":
        return read is None
    if isinstance(planned, str):
        return isinstance(read, str) and read == fitted(planned)
    if isinstance(planned, bool) or isinstance(read, bool):
        return read is planned
    if isinstance(planned, date):
        number = serial(planned, date1904=date1904)
        return read == planned.isoformat() if number is None else _is_number(read, number, date1904=date1904)
    text = number_text(planned)
    return read == NOT_A_NUMBER if text is None else _is_number(read, float(text), date1904=date1904)


def _is_number(read: Cell, planned: float, *, date1904: bool) -> bool:
    if isinstance(read, (int, float)):
        return read == planned
    if isinstance(read, (date, datetime)):
        number = serial(read, date1904=date1904)
        return number is not None and abs(number - planned) <= _ALMOST_DAYS
    return isinstance(read, str) and _CLOCK.fullmatch(read) is not None
