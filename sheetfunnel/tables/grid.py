"""The values of a workbook's tabs as plain rows, read with python-calamine behind the guard."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sheetfunnel.errors import SheetfunnelError, UnreadableWorkbook
from sheetfunnel.tables.guard import check_workbook_file
from sheetfunnel.tables.reader import opened

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Value: TypeAlias = str | bool | int | float | date | datetime | None
"""What a cell reads as: a blank cell is ``None``; a formula reads as its stored value."""

Rows: TypeAlias = list[list[Value]]
"""The rows of a tab: ``rows[0]`` is sheet row 1 and ``rows[0][0]`` is A1; blank rows may be empty lists."""

_PLAIN: Final = frozenset({str, bool, int, float, date, datetime})
#: What the reader gives for a blank cell: nearly always this very object.
_BLANK: Final = ""
#: So many different values of a kind are shared; beyond them hardly one comes twice.
_MOST_SHARED: Final = 500_000
_HINT: Final = (
    "Open it in Excel or LibreOffice; if it opens, save it as .xlsx under another name and use that file."
)


def read_grids(path: Path, titles: Collection[str] | None = None) -> dict[str, Rows]:
    """Return the rows of the tabs with cells, by title in the order of the workbook.

    Only the tabs in ``titles``, if any are given. Times of day and durations, which stand for no day, read
    as text; numbers that are none (infinity) as well.

    Raises:
        UnreadableWorkbook: the file is damaged, hostile or no Excel workbook.
        NoAccess: this user may not read it.
        WrongUsage: there is no such file.

    """
    return {title: list(rows) for title, rows in each_tab(path, titles)}


def each_tab(
    path: Path, titles: Collection[str] | None = None
) -> Iterator[tuple[str, Iterator[list[Value]]]]:
    """Yield the tabs one after the other, each with its rows one after the other; as :func:`read_grids`."""
    check_workbook_file(path)
    yield from each_checked_tab(path, titles)


def each_checked_tab(
    path: Path, titles: Collection[str] | None = None
) -> Iterator[tuple[str, Iterator[list[Value]]]]:
    """Yield what :func:`each_tab` does, of a file that the guard has just looked through.

    The next tab is parsed while the rows of one are taken.
    """
    with _refusing(path), opened(path) as workbook, ThreadPoolExecutor(1) as ahead:
        shared = defaultdict[type, _Shared](_Shared, {str: _Shared({_BLANK: None})})
        wanted = [title for title in _tabs(workbook) if titles is None or title in titles]
        coming = deque(ahead.submit(workbook.get_sheet_by_name, title) for title in wanted[:1])
        for title, following in zip_longest(wanted, wanted[1:]):
            sheet = coming.popleft().result()
            coming += [ahead.submit(workbook.get_sheet_by_name, following)] if following else []
            yield title, _rows(sheet, shared)


def first_tab(file: BytesIO) -> Rows:
    """Return the rows of the first tab with cells of a workbook in memory; none if it cannot be read."""
    from python_calamine import CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(file) as workbook:
            sheet = workbook.get_sheet_by_name(_tabs(workbook)[0])
            return list(_rows(sheet, defaultdict[type, _Shared](_Shared)))
    except BaseException as error:
        if not _is_from_reader(error):
            raise
        return []


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn whatever the reader stumbles over into the one error of unreadable workbooks."""
    try:
        yield
    except SheetfunnelError:
        raise
    except BaseException as error:
        if not _is_from_reader(error):
            raise
        raise UnreadableWorkbook(f"“{path.name}” cannot be read: {_reason(error)}.", hint=_HINT) from error


def _tabs(workbook: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum

    tabs = [tab.name for tab in workbook.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
    if not tabs:
        raise UnreadableWorkbook("The workbook has no tab that holds cells.", hint=_HINT)
    if len({tab.casefold() for tab in tabs}) < len(tabs):
        raise UnreadableWorkbook(
            "The workbook has two tabs of the same name.", hint="Rename one of them, and save it."
        )
    return tabs


def _rows(sheet: CalamineSheet, shared: Mapping[type, _Shared]) -> Iterator[list[Value]]:
    # the reader yields the blank rows above the used range, but not the blank columns before it
    before: list[Any] = [""] * (sheet.start[1] if sheet.start else 0)
    for raw in sheet.iter_rows():
        row = before + raw if before else raw
        values = [None if value is _BLANK else shared[type(value)][value] for value in row]
        yield values if any(row) or values.count(None) < len(values) else []


class _Shared(dict[Any, Value]):
    """One value for all cells of a kind that hold the same, as the reader makes a new one for each."""

    def __missing__(self, raw: Any) -> Value:  # noqa: ANN401 # the library's untyped values stop here
        value = _value(raw)
        if raw and len(self) < _MOST_SHARED:  # zero and minus zero are equal
            self[raw] = value
        return value


def _value(raw: Any) -> Value:  # noqa: ANN401
    if isinstance(raw, time):
        return raw.isoformat()
    if isinstance(raw, timedelta):
        return _duration(raw)
    if isinstance(raw, float) and not math.isfinite(raw):
        return str(raw)
    return raw if type(raw) in _PLAIN else str(raw)


def _duration(length: timedelta) -> str:
    seconds = round(abs(length).total_seconds())
    sign = "-" if length < timedelta() else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _is_from_reader(error: BaseException) -> bool:
    # a panic of the reader is no Exception, so that nobody catches it by accident
    return isinstance(error, (Exception, MemoryError)) or type(error).__name__ == "PanicException"


def _reason(error: BaseException) -> str:
    from python_calamine import WorksheetNotFound

    if isinstance(error, WorksheetNotFound):
        return f"its tab “{error}” is missing in the file"
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return f"something in it is not understood ({first.rstrip('.')[:200]})"
