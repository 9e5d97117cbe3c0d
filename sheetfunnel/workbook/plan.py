"""The difference between the tables as they should be and as they are: what to write, as data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import chain, repeat

from sheetfunnel.findings import Finding
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import (
    KEEP,
    Cell,
    Change,
    Grid,
    Place,
    ReplaceTable,
    SetCells,
    Snapshot,
    Untouched,
    WritePlan,
    rows_of,
)
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.held import has_truths, same
from sheetfunnel.workbook.own_results import RESULTS, OwnResults
from sheetfunnel.workbook.places import TablePlace
from sheetfunnel.workbook.row_lines import lines_of_tabs


@value
class TableContent:
    """A table of the program as it should be; ``links`` lead from (row index, column index) to a place."""

    rows: Sequence[Sequence[Cell]]
    links: Mapping[tuple[int, int], Place] = field(default_factory=dict)


@value
class Content:
    """What the program's cells should be: the result cells by row, and tables by key.

    A row's result cells begin with the hidden Key. ``blocked`` tells of tables that had to be cut.
    """

    results: Mapping[int, Sequence[Cell]]
    tables: dict[str, TableContent]
    blocked: Sequence[Finding] = ()


def diff(decoded: Decoded, content: Content) -> WritePlan:
    """Return what must be written so that the workbook holds ``content``; empty when it does already."""
    changes: list[Change] = []
    results = _results(decoded, content)
    if results.rows:
        changes.append(results)
    lines = lines_of_tabs([(decoded.places[key], table.rows) for key, table in content.tables.items()])
    for key, table in content.tables.items():
        place = decoded.places[key]
        change = _table(decoded, place, table, lines=lines.get(place.grid.title))
        if change is not None:
            changes.append(change)
    return WritePlan(changes=tuple(changes))


def _results(decoded: Decoded, content: Content) -> SetCells:
    place, own = decoded.places["objectives"], decoded.own.results
    columns = tuple(place.columns[key] for key in ("key", *RESULTS))
    if decoded.looked_up:  # the sheet shows the table of results there by itself
        return SetCells(tab=place.grid.title, columns=columns, rows={})
    kept = _kept(place, own, columns)
    plainly, nothing = not has_truths(own.shown.values()), (None,) * len(columns)
    rows: dict[int, Sequence[Cell | Untouched]] = {}
    for number, wanted in content.results.items():
        shown = own.shown[number]
        if plainly and wanted == shown:
            continue
        ours = kept.get(number, ())
        cells: list[Cell | Untouched]
        if shown == nothing and not ours:  # as at a first sync
            cells = [KEEP if new is None or new == "" else new for new in wanted]
        else:
            cells = [
                KEEP if same(old, new) or column in ours else new
                for column, old, new in zip(columns, shown, wanted, strict=True)
            ]
        if any(cell is not KEEP for cell in cells):
            rows[number] = cells
    return SetCells(tab=place.grid.title, columns=columns, rows=rows)


def _kept(place: TablePlace, own: OwnResults, columns: Sequence[int]) -> Mapping[int, set[int]]:
    """Return the cells beside the objectives that are left alone: the columns by row."""
    kept: defaultdict[int, set[int]] = defaultdict(set)
    for number, key in own.typed:
        kept[number].add(place.columns[key])
    for number, column in place.grid.formulas | place.grid.covered:
        if column in columns:
            kept[number].add(column)
    return kept


def _table(
    decoded: Decoded, place: TablePlace, wanted: TableContent, *, lines: Mapping[int, int] | None
) -> ReplaceTable | None:
    old_rows = decoded.own.lengths[place.table.key]
    first = place.header + 1
    longest = max(len(wanted.rows), old_rows)
    change = ReplaceTable(
        tab=place.grid.title,
        first_row=first,
        columns=place.width,
        rows=wanted.rows,
        old_rows=old_rows,
        links=wanted.links,
        lines=[lines.get(first + index, 1) for index in range(longest)] if lines is not None else (),
    )
    standing = frozenset(_standing(place.grid, change))
    return None if len(standing) == longest else replace(change, standing=standing)


def _standing(grid: Grid, change: ReplaceTable) -> Iterator[int]:
    """Yield the rows of a table that already hold what is wanted, wherever they can be written."""
    columns = change.columns
    left, right = min(columns, default=1) - 1, max(columns, default=0)
    lines = [tuple(line[left:right]) for line in grid.rows[change.first_row - 1 :]]
    in_one = columns == tuple(range(left + 1, right + 1))
    plainly = in_one and not (grid.formulas or grid.covered or has_truths(lines) or has_truths(change.rows))
    nothing = (None,) * len(columns)
    for (number, cells), line in zip(rows_of(change), chain(lines, repeat(nothing)), strict=False):
        if plainly and len(line) == len(columns):
            if line == tuple(cells) or all(map(_stands, line, cells)):
                yield number
        elif all(
            same(grid.at(number, column), cell)
            or (number, column) in grid.formulas
            or (number, column) in grid.covered
            for column, cell in zip(columns, cells, strict=True)
            if cell is not KEEP
        ):
            yield number


def _stands(old: Cell, new: Cell | Untouched) -> bool:
    return new is KEEP or same(old, new)


@value
class ChangedCell:
    """One cell that a plan changes."""

    tab: str
    row: int
    column: int
    old: Cell
    new: Cell


def changed_cells(snapshot: Snapshot, plan: WritePlan) -> Iterator[ChangedCell]:
    """Yield each cell that carrying out a plan would change, with what it holds and what it would hold."""
    for change in plan.changes:
        grid = snapshot.tabs[change.tab]
        for row, cells in rows_of(change):
            for column, new in zip(change.columns, cells, strict=True):
                old = grid.at(row, column)
                left_alone = (row, column) in grid.formulas or (row, column) in grid.covered
                if new is not KEEP and not left_alone and not same(old, new):
                    yield ChangedCell(tab=change.tab, row=row, column=column, old=old, new=new)
