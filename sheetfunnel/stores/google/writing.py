"""From a plan to the requests of one ``batchUpdate``, which the service carries out wholly or not at all.

Texts go as texts (``stringValue``), whatever they begin with; only values are sent (and the format of dates,
and links), so that formats, notes and validation stay. Rows to append are put into rows that the same batch
inserts, so that nobody's typing of the same moment is overwritten; but not where that would push down what
stands beside (the tables of Settings), nor right below a header, for every range that begins there (colours,
lists to choose from, charts) would slip below the new rows.
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
    SetCells,
    Untouched,
    WritePlan,
    rows_of,
)
from sheetfunnel.workbook.held import fitted
from sheetfunnel.workbook.layout import letters

Request = dict[str, Any]
_Row = tuple[int, Sequence[Cell | Untouched]]

_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zone
_VALUE: Final = "userEnteredValue"
_FORMAT: Final = "userEnteredFormat.numberFormat"
_LINKS: Final = "textFormatRuns"


def requests_of(plan: WritePlan, read: Read) -> list[Request]:
    """Return the requests that carry out a plan on a sheet as it was read.

    Raises:
        ContractBroken: the plan names a tab that is not there.

    """
    made: list[Request] = []
    ids = {title: tab.sheet_id for title, tab in read.tabs.items()}
    for change in _placed(plan.changes, read):
        if change.tab not in read.tabs:
            raise ContractBroken(
                f"The sheet has no tab “{change.tab}”.", hint="Undo the renaming or the deletion of the tab."
            )
        made += _of_change(change, read.tabs[change.tab], read.snapshot.tabs[change.tab], ids)
    return made


def _placed(changes: Sequence[Change], read: Read) -> Iterator[Change]:
    """Yield the changes, each appending one in two: what is put into blank rows, what into inserted ones."""
    appending = [change.tab for change in changes if isinstance(change, AppendRows)]
    for change in changes:
        if not isinstance(change, AppendRows) or change.tab not in read.tabs:
            yield change
            continue
        alone = appending.count(change.tab) == 1 and not _stands_beside(
            change, read.snapshot.tabs[change.tab]
        )
        below_header = change.header and change.first_row == change.header + 1
        in_place = (1 if below_header else 0) if alone else len(change.rows)
        if in_place:
            filled = ([KEEP if cell is None else cell for cell in row] for row in change.rows[:in_place])
            rows = dict(enumerate(filled, start=change.first_row))
            yield SetCells(tab=change.tab, columns=change.columns, rows=rows)
        if change.rows[in_place:]:
            yield replace(change, first_row=change.first_row + in_place, rows=change.rows[in_place:])


def _stands_beside(change: AppendRows, grid: Grid) -> bool:
    """Whether inserted rows would push something down that stands beside the table."""
    return any(cell is not None for row in grid.rows[change.first_row - 1 :] for cell in row)


def _of_change(change: Change, tab: Tab, grid: Grid, ids: Mapping[str, int]) -> Iterator[Request]:
    rows = _needed(change, tab)
    if not rows:
        return
    if isinstance(change, AppendRows):
        yield from _inserted(change, tab)
    else:
        yield from _grown(tab, rows=rows[-1][0], columns=max(change.columns, default=0))
    left_alone = grid.formulas | grid.covered
    links = dict(_links(change, ids))
    for fields, chosen in _sent_together(change.columns, rows, links).items():
        for run, at in _runs(rows, chosen, change.columns, left_alone):
            cells = [[_sent(row[index], links.get((number, index))) for index in at] for number, row in run]
            yield _cells((tab.sheet_id, run[0][0], change.columns[at[0]]), cells, fields)
    if isinstance(change, ReplaceTable) and change.lines and not tab.hidden:
        yield _fitted(tab, rows)


def _links(change: Change, ids: Mapping[str, int]) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield where cells lead to, as the address within the sheet, by row and index of the column."""
    if isinstance(change, ReplaceTable):
        for (at, index), place in change.links.items():
            if place.tab in ids:
                cell = f"{letters(place.column)}{place.row}"
                yield (change.first_row + at, index), f"#gid={ids[place.tab]}&range={cell}"


def _fitted(tab: Tab, rows: Sequence[_Row]) -> Request:
    """Return what makes rows as high as their texts."""
    span = {"startIndex": rows[0][0] - 1, "endIndex": rows[-1][0]}
    return {"autoResizeDimensions": {"dimensions": {"sheetId": tab.sheet_id, "dimension": "ROWS", **span}}}


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


def _sent_together(
    columns: Sequence[int], rows: Iterable[_Row], links: Mapping[tuple[int, int], str]
) -> dict[str, list[int]]:
    """Return the indexes of the columns by what is sent of their cells: dates have a format, too."""
    dated = {index for _, cells in rows for index, cell in enumerate(cells) if isinstance(cell, date)}
    linked = {index for _, index in links}
    together: dict[str, list[int]] = {}
    for index in range(len(columns)):
        parts = (_VALUE, *[_FORMAT] * (index in dated), *[_LINKS] * (index in linked))
        together.setdefault(",".join(parts), []).append(index)
    return together


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


def _cells(corner: tuple[int, int, int], cells: Sequence[Sequence[Request]], fields: str) -> Request:
    """Return what writes a block of cells, whose corner is (number of the tab, row, column)."""
    sheet_id, row, column = corner
    return {
        "updateCells": {
            "range": {
                "sheetId": sheet_id,
                "startRowIndex": row - 1,
                "endRowIndex": row - 1 + len(cells),
                "startColumnIndex": column - 1,
                "endColumnIndex": column - 1 + len(cells[0]),
            },
            "rows": [{"values": values} for values in cells],
            "fields": fields,
        }
    }


def _sent(cell: Cell | Untouched, link: str | None) -> Request:
    """Return a cell as it is sent; a blank one is empty."""
    if cell is None or cell == "" or isinstance(cell, Untouched):
        return {}
    if isinstance(cell, bool):
        return {_VALUE: {"boolValue": cell}}
    if isinstance(cell, str):
        runs = {_LINKS: [{"startIndex": 0, "format": {"link": {"uri": link}}}]} if link else {}
        return {_VALUE: {"stringValue": fitted(cell)}, **runs}
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
