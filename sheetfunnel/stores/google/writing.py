"""From a plan to the requests of one ``batchUpdate``, which the service carries out wholly or not at all.

Texts go as texts (``stringValue``), whatever they begin with; only values are sent, so that formats, notes
and validation stay. Rows to append are put into rows that the same batch inserts, so that nobody's typing
of the same moment is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from sheetfunnel.errors import ContractBroken
from sheetfunnel.stores.google.reading import Read, Tab
from sheetfunnel.workbook.contract import (
    KEEP,
    AppendRows,
    Cell,
    Change,
    Grid,
    ReplaceTable,
    Untouched,
    WritePlan,
    rows_of,
)
from sheetfunnel.workbook.held import fitted

Request = dict[str, Any]
_Row = tuple[int, Sequence[Cell | Untouched]]

_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zone
_VALUE: Final = "userEnteredValue"
_DATED: Final = "userEnteredValue,userEnteredFormat.numberFormat"


def requests_of(plan: WritePlan, read: Read) -> list[Request]:
    """Return the requests that carry out a plan on a sheet as it was read.

    Raises:
        ContractBroken: the plan names a tab that is not there.

    """
    made: list[Request] = []
    for change in _shifted(plan.changes):
        if change.tab not in read.tabs:
            raise ContractBroken(
                f"The sheet has no tab “{change.tab}”.", hint="Undo the renaming or the deletion of the tab."
            )
        made += _of_change(change, read.tabs[change.tab], read.snapshot.tabs[change.tab])
    return made


def _shifted(changes: Iterable[Change]) -> Iterator[Change]:
    """Yield the changes with their rows where they are once the rows of those before were inserted."""
    inserted: list[AppendRows] = []
    for change in changes:
        if isinstance(change, AppendRows):
            first = change.first_row
            for before in inserted:
                if before.tab == change.tab and before.first_row <= first:
                    first += len(before.rows)
            inserted.append(replace(change, first_row=first))
            yield inserted[-1]
        else:
            yield change


def _of_change(change: Change, tab: Tab, grid: Grid) -> Iterator[Request]:
    rows = _needed(change, tab)
    if not rows:
        return
    if isinstance(change, AppendRows):
        yield from _inserted(change, tab)
    else:
        yield from _grown(tab, rows=rows[-1][0], columns=max(change.columns, default=0))
    left_alone = grid.formulas | grid.covered
    for columns in _dated_apart(change.columns, rows):
        for run, at in _runs(rows, columns, change.columns, left_alone):
            yield _cells(run, [change.columns[index] for index in at], at, tab.sheet_id)


def _needed(change: Change, tab: Tab) -> list[_Row]:
    """Return the rows to write: of a table on a hidden tab, which nobody sorts, only those that differ."""
    rows = sorted(rows_of(change))
    if isinstance(change, ReplaceTable) and tab.hidden:
        return [row for row in rows if row[0] not in change.standing]
    return rows


def _grown(tab: Tab, *, rows: int, columns: int) -> Iterator[Request]:
    """Yield what makes a tab large enough."""
    for dimension, missing in (("ROWS", rows - tab.rows), ("COLUMNS", columns - tab.columns)):
        if missing > 0:
            yield {"appendDimension": {"sheetId": tab.sheet_id, "dimension": dimension, "length": missing}}


def _inserted(change: AppendRows, tab: Tab) -> Iterator[Request]:
    """Yield what inserts the rows to append, with the looks of the row above unless that is the header."""
    start = change.first_row - 1
    yield from _grown(tab, rows=change.first_row, columns=max(change.columns))
    where = {"sheetId": tab.sheet_id, "dimension": "ROWS", "startIndex": start}
    yield {
        "insertDimension": {
            "range": {**where, "endIndex": start + len(change.rows)},
            "inheritFromBefore": start > max(change.header, 0),
        }
    }


def _dated_apart(columns: Sequence[int], rows: Iterable[_Row]) -> Iterator[list[int]]:
    """Yield the indexes of the columns without dates, and of those with: these are sent with a format."""
    dated = {index for _, cells in rows for index, cell in enumerate(cells) if isinstance(cell, date)}
    for chosen in ([i for i in range(len(columns)) if i not in dated], sorted(dated)):
        if chosen:
            yield chosen


def _runs(
    rows: Sequence[_Row],
    chosen: Sequence[int],
    columns: Sequence[int],
    left_alone: frozenset[tuple[int, int]],
) -> Iterator[tuple[list[_Row], tuple[int, ...]]]:
    """Yield blocks of rows in a row, with the indexes of columns side by side that are written in them."""
    for span in _side_by_side(chosen, columns):
        written = [
            (number, cells, tuple(_free(number, cells, span, columns, left_alone))) for number, cells in rows
        ]
        for (_, parts), block in groupby(enumerate(written), lambda each: (each[1][0] - each[0], each[1][2])):
            together = [(number, cells) for _, (number, cells, _) in block]
            for part in parts:
                yield together, part


def _side_by_side(chosen: Sequence[int], columns: Sequence[int]) -> Iterator[list[int]]:
    """Yield the indexes of columns that stand side by side in the sheet."""
    in_order = sorted(chosen, key=lambda index: columns[index])
    for _, group in groupby(enumerate(in_order), lambda each: columns[each[1]] - each[0]):
        yield [index for _, index in group]


def _free(
    number: int,
    cells: Sequence[Cell | Untouched],
    span: Sequence[int],
    columns: Sequence[int],
    left_alone: frozenset[tuple[int, int]],
) -> Iterator[tuple[int, ...]]:
    """Yield the parts of a span of columns that are to be written in a row."""
    writable = [
        index for index in span if cells[index] is not KEEP and (number, columns[index]) not in left_alone
    ]
    for part in _side_by_side(writable, columns):
        yield tuple(part)


def _cells(rows: Sequence[_Row], columns: Sequence[int], at: Sequence[int], sheet_id: int) -> Request:
    dated = any(isinstance(cells[index], date) for _, cells in rows for index in at)
    first = rows[0][0] - 1
    return {
        "updateCells": {
            "range": {
                "sheetId": sheet_id,
                "startRowIndex": first,
                "endRowIndex": first + len(rows),
                "startColumnIndex": columns[0] - 1,
                "endColumnIndex": columns[0] - 1 + len(columns),
            },
            "rows": [{"values": [_sent(cells[index]) for index in at]} for _, cells in rows],
            "fields": _DATED if dated else _VALUE,
        }
    }


def _sent(cell: Cell | Untouched) -> Mapping[str, Any]:
    """Return a cell as it is sent; a blank one is empty."""
    if cell is None or cell == "" or isinstance(cell, Untouched):
        return {}
    if isinstance(cell, bool):
        return {_VALUE: {"boolValue": cell}}
    if isinstance(cell, str):
        return {_VALUE: {"stringValue": fitted(cell)}}
    if isinstance(cell, date):
        kind = "DATE_TIME" if isinstance(cell, datetime) else "DATE"
        return {
            _VALUE: {"numberValue": _serial(cell)},
            "userEnteredFormat": {"numberFormat": {"type": kind}},
        }
    return {_VALUE: {"numberValue": float(cell) if isinstance(cell, Decimal) else cell}}


def _serial(day: date) -> float:
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001
    return (moment - _EPOCH) / timedelta(days=1)
