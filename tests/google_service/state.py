"""What the stand-in keeps: spreadsheets, their tabs, and their cells.

A batch works on a clone, which shares all rows with what it was cloned from; so rows, cells and the entries
of lists are never changed, only replaced. If a batch fails, its clone is dropped; otherwise it takes the
original's place.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.google_service.errors import invalid
from tests.google_service.ranges import Box, box_of, grid_box, split_sheet
from tests.google_service.shapes import EMPTY, Cell, Object, Row

ROWS, COLUMNS = 1000, 26
MOST_CELLS = 10_000_000
#: What belongs to a tab besides its cells, by the names of the API.
LISTS = ("conditionalFormats", "protectedRanges", "bandedRanges", "charts", "filterViews")


@dataclass(slots=True, kw_only=True)
class Sheet:
    """One tab."""

    sheet_id: int
    title: str
    columns: int = COLUMNS
    rows: list[Row] = field(default_factory=lambda: [{}] * ROWS)
    #: hidden, tabColorStyle and the like, and the frozen rows under "gridProperties".
    properties: Object = field(default_factory=dict)
    row_look: dict[int, Object] = field(default_factory=dict)
    column_look: dict[int, Object] = field(default_factory=dict)
    merges: list[Box] = field(default_factory=list)
    row_groups: list[Object] = field(default_factory=list)
    column_groups: list[Object] = field(default_factory=list)
    basic_filter: Object | None = None
    lists: dict[str, list[Object]] = field(default_factory=lambda: {name: [] for name in LISTS})

    def clone(self) -> Sheet:
        return replace(
            self,
            rows=list(self.rows),
            properties=dict(self.properties),
            row_look=dict(self.row_look),
            column_look=dict(self.column_look),
            merges=list(self.merges),
            row_groups=list(self.row_groups),
            column_groups=list(self.column_groups),
            lists={name: list(entries) for name, entries in self.lists.items()},
        )

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row].get(column, EMPTY)

    def put(self, row: int, changes: dict[int, Cell]) -> None:
        """Replace cells of one row; an empty cell takes no place."""
        merged = {**self.rows[row], **changes}
        for column, cell in changes.items():
            if cell == EMPTY:
                del merged[column]
        self.rows[row] = merged

    def clipped(self, box: Box) -> Box:
        return box.within(len(self.rows), self.columns)

    def bounded(self, box: Box, text: str) -> Box:
        """Return a range cut to the grid; refuse one that begins outside."""
        outside = (box.top or 0) >= len(self.rows) or (box.left or 0) >= self.columns
        if outside:
            raise invalid(
                f"Range ({text}) exceeds grid limits. Max rows: {len(self.rows)}, max columns: {self.columns}"
            )
        return self.clipped(box)

    def typed_cells(self) -> Iterator[tuple[int, int, Cell]]:
        for at, row in enumerate(self.rows):
            for column, cell in row.items():
                if cell.is_typed:
                    yield at, column, cell

    def resize(self, rows: int, columns: int) -> None:
        if rows < 1 or columns < 1:
            raise invalid("The number of rows and columns must be at least 1.")
        del self.rows[rows:]
        self.rows.extend([{}] * (rows - len(self.rows)))
        if columns < self.columns:
            self.rows = [{at: cell for at, cell in row.items() if at < columns} for row in self.rows]
        self.columns = columns


@dataclass(slots=True, kw_only=True)
class Spreadsheet:
    """One file with its tabs, named ranges and developer metadata."""

    id: str
    title: str
    locale: str = "en_US"
    time_zone: str = "Etc/GMT"
    settings: Object = field(default_factory=lambda: {"autoRecalc": "ON_CHANGE"})
    sheets: list[Sheet] = field(default_factory=list)
    named_ranges: list[Object] = field(default_factory=list)
    metadata: dict[int, Object] = field(default_factory=dict)
    owner: str = ""
    #: Who is at work on this clone; protected ranges are for others.
    editor: str = ""
    #: What the formulas give, with the day for which it was computed; `formulas/` fills it.
    shown: object = None

    def clone(self) -> Spreadsheet:
        return replace(
            self,
            settings=dict(self.settings),
            sheets=[sheet.clone() for sheet in self.sheets],
            named_ranges=list(self.named_ranges),
            metadata=dict(self.metadata),
            shown=None,
        )

    def sheet(self, sheet_id: int) -> Sheet:
        for sheet in self.sheets:
            if sheet.sheet_id == sheet_id:
                return sheet
        raise invalid(f"No grid with id: {sheet_id}")

    def titled(self, title: str) -> Sheet | None:
        for sheet in self.sheets:
            if sheet.title.casefold() == title.casefold():
                return sheet
        return None

    def named(self, name: str) -> Object | None:
        for entry in self.named_ranges:
            if entry["name"].casefold() == name.casefold():
                return entry
        return None

    def new_id(self) -> int:
        """Return an id that nothing in this file has."""
        taken = {sheet.sheet_id for sheet in self.sheets} | set(self.metadata)
        while (found := random.randrange(1, 2**31)) in taken:  # noqa: S311 - an id, not a secret
            pass
        return found

    def find(self, text: str) -> tuple[Sheet, Box]:
        """Return the tab and the rectangle, with open ends, that a text in A1 notation means."""
        title, rest = split_sheet(text)
        if title is None:
            return self._find_bare(text)
        sheet = self.titled(title)
        if sheet is None:
            raise invalid(f"Unable to parse range: {text}")
        if not rest:
            return sheet, Box()
        box = box_of(rest)
        return (sheet, box) if box is not None else self._find_named(rest, text)

    def _find_bare(self, text: str) -> tuple[Sheet, Box]:
        box = box_of(text)
        if box is not None:
            return self.sheets[0], box
        sheet = self.titled(text)
        return (sheet, Box()) if sheet is not None else self._find_named(text, text)

    def _find_named(self, name: str, text: str) -> tuple[Sheet, Box]:
        entry = self.named(name)
        if entry is None:
            raise invalid(f"Unable to parse range: {text}")
        where = entry["range"]
        return self.sheet(where.get("sheetId", 0)), grid_box(where)

    def refuse_too_many_cells(self) -> None:
        if sum(len(sheet.rows) * sheet.columns for sheet in self.sheets) > MOST_CELLS:
            raise invalid(
                "This action would increase the number of cells in the workbook above the limit of "
                f"{MOST_CELLS} cells."
            )


def blank(
    spreadsheet_id: str, title: str, *, locale: str = "en_US", time_zone: str = "Etc/GMT"
) -> Spreadsheet:
    """Return a new spreadsheet with one empty tab, as the service makes it."""
    first = Sheet(sheet_id=0, title="Sheet1")
    return Spreadsheet(id=spreadsheet_id, title=title, locale=locale, time_zone=time_zone, sheets=[first])
