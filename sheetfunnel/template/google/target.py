"""The tabs that are to be made: the worksheets that show how, and where they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Final, cast

from openpyxl.utils.cell import column_index_from_string
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.template.google.ranges import parted
from sheetfunnel.template.google.standing import Standing
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell, Grid, Place, Snapshot
from sheetfunnel.workbook.layout import Tab, layout

#: The numbers of our tabs begin here, far from those that Google gives.
FIRST_ID: Final = 530_000_001

#: The tabs that grow with the pipeline, the rows they have at first, and the blank ones that the others have.
#: Rows that are added later do not look like those above them, so there are enough.
_GROWING: Final = {"objectives", "priorities", "check", "_results"}
_ROWS: Final = 1000
_SPARE_ROWS: Final = 200


@value
class Target:
    """One tab of ours that the sheet lacks.

    ``rows`` and ``columns`` are the size of its grid. ``blank`` says that a blank tab, which every new sheet
    has, becomes this one: it keeps its number, and so the address that the person has of it.
    """

    tab: Tab
    sheet: Worksheet
    sheet_id: int
    index: int
    rows: int
    columns: int
    blank: bool = False


def targets_of(book: Workbook, standing: Standing, titles: Mapping[str, str]) -> list[Target]:
    """Return the tabs to make, behind those that stand: by key, with the titles of their worksheets."""
    blank = standing.blank if len(titles) == len(layout().tabs) else None  # else it is one of ours, emptied
    taken = {tab.sheet_id for tab in standing.tabs}
    free = (number for number in count(FIRST_ID) if number not in taken)
    wanted = [tab for tab in layout().tabs if tab.key in titles]
    first = 0 if blank else len(standing.tabs)
    made = [
        _target(book, tab, titles[tab.key], sheet_id=next(free), index=index)
        for index, tab in enumerate(wanted, start=first)
    ]
    return [replace(made[0], sheet_id=blank.sheet_id, blank=True), *made[1:]] if blank else made


def _target(book: Workbook, tab: Tab, title: str, *, sheet_id: int, index: int) -> Target:
    sheet = book[title]
    rows, columns = _reach(book, sheet)
    rows = _ROWS if tab.key in _GROWING else rows + _SPARE_ROWS
    return Target(tab=tab, sheet=sheet, sheet_id=sheet_id, index=index, rows=rows, columns=columns)


def _reach(book: Workbook, sheet: Worksheet) -> tuple[int, int]:
    """Return the last row and the last column that hold or look like anything, or to which a name leads."""
    references = [parted(str(each.attr_text)) for each in book.defined_names.values()]
    ends = [corners[2:] for title, corners in references if title == sheet.title]
    dressed = map(column_index_from_string, sheet.column_dimensions)
    columns = max(sheet.max_column, *dressed, *(column for column, _ in ends))
    return max(sheet.max_row, *(row for _, row in ends)), columns


def with_new_tabs(standing: Snapshot, book: Workbook, targets: Sequence[Target]) -> Snapshot:
    """Return the sheet as its reader will find it once the new tabs stand in it."""
    sheets = {target.sheet.title: target.sheet for target in targets}
    grids = {title: Grid(title=title, rows=_rows(sheet)) for title, sheet in sheets.items()}
    names = {name: _place(str(each.attr_text)) for name, each in book.defined_names.items()}
    new = {name: place for name, place in names.items() if place is not None and place.tab in sheets}
    return replace(standing, tabs={**standing.tabs, **grids}, names={**new, **standing.names})


def _rows(sheet: Worksheet) -> list[tuple[Cell, ...]]:
    return cast("list[tuple[Cell, ...]]", list(sheet.iter_rows(values_only=True)))


def _place(reference: str) -> Place | None:
    title, (left, top, right, bottom) = parted(reference)
    return Place(tab=title, row=top, column=left) if (left, top) == (right, bottom) else None
