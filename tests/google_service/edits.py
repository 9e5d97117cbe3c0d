"""What people do to a sheet while a program works on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.google_service.locales import locale_of
from tests.google_service.ranges import box_of, column_letters, column_number
from tests.google_service.requests_ import batch
from tests.google_service.shapes import Object
from tests.google_service.state import Sheet, Spreadsheet
from tests.google_service.typing_in import typed


class Edit(Protocol):
    """One thing that a person does."""

    def apply(self, spreadsheet: Spreadsheet) -> None:
        """Do it to a clone; raise a Refusal where the service would not let the person."""


def _tab(spreadsheet: Spreadsheet, title: str) -> Sheet:
    sheet = spreadsheet.titled(title)
    if sheet is None:
        raise LookupError(f"There is no tab {title!r}.")
    return sheet


def _lines(sheet: Sheet, axis: str, start: int, count: int) -> Object:
    return {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": start, "endIndex": start + count}


def _column(column: str | int) -> int:
    return column_number(column) if isinstance(column, str) else column - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """Type a value into a cell, as the locale reads it; None empties the cell."""

    tab: str
    cell: str
    value: str | float | bool | None

    def apply(self, spreadsheet: Spreadsheet) -> None:
        sheet = _tab(spreadsheet, self.tab)
        box = box_of(self.cell)
        if box is None or not box.is_one_cell:
            raise LookupError(f"{self.cell!r} is no cell.")
        row, _, column, _ = box.bounds
        value = "" if self.value is None else self.value
        cell = typed(value, locale_of(spreadsheet.locale), sheet.cell(row, column))
        sheet.put(row, {column: cell})


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertRows:
    """Insert blank rows before row `at`, counted from 1."""

    tab: str
    at: int
    count: int = 1

    def apply(self, spreadsheet: Spreadsheet) -> None:
        where = _lines(_tab(spreadsheet, self.tab), "ROWS", self.at - 1, self.count)
        batch.apply(spreadsheet, [{"insertDimension": {"range": where, "inheritFromBefore": self.at > 1}}])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRows:
    """Delete rows from row `at` on."""

    tab: str
    at: int
    count: int = 1

    def apply(self, spreadsheet: Spreadsheet) -> None:
        where = _lines(_tab(spreadsheet, self.tab), "ROWS", self.at - 1, self.count)
        batch.apply(spreadsheet, [{"deleteDimension": {"range": where}}])


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertColumns:
    """Insert blank columns before column `at`: a letter, or a number counted from 1."""

    tab: str
    at: str | int
    count: int = 1

    def apply(self, spreadsheet: Spreadsheet) -> None:
        start = _column(self.at)
        where = _lines(_tab(spreadsheet, self.tab), "COLUMNS", start, self.count)
        batch.apply(spreadsheet, [{"insertDimension": {"range": where, "inheritFromBefore": start > 0}}])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteColumns:
    """Delete columns from column `at` on."""

    tab: str
    at: str | int
    count: int = 1

    def apply(self, spreadsheet: Spreadsheet) -> None:
        where = _lines(_tab(spreadsheet, self.tab), "COLUMNS", _column(self.at), self.count)
        batch.apply(spreadsheet, [{"deleteDimension": {"range": where}}])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """Sort the rows below the header by a column, as "Sort sheet" does; what formulas spill stays."""

    tab: str
    by: str | int
    descending: bool = False
    header_rows: int = 1

    def apply(self, spreadsheet: Spreadsheet) -> None:
        sheet = _tab(spreadsheet, self.tab)
        where = {"sheetId": sheet.sheet_id, "startRowIndex": self.header_rows}
        order = "DESCENDING" if self.descending else "ASCENDING"
        spec = {"dimensionIndex": _column(self.by), "sortOrder": order}
        batch.apply(spreadsheet, [{"sortRange": {"range": where, "sortSpecs": [spec]}}])


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveColumn:
    """Drag a column so that it stands before another one; places are those before the move."""

    tab: str
    column: str | int
    before: str | int

    def apply(self, spreadsheet: Spreadsheet) -> None:
        source = _lines(_tab(spreadsheet, self.tab), "COLUMNS", _column(self.column), 1)
        request = {"source": source, "destinationIndex": _column(self.before)}
        batch.apply(spreadsheet, [{"moveDimension": request}])


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """Drag a row so that it stands before another one."""

    tab: str
    row: int
    before: int

    def apply(self, spreadsheet: Spreadsheet) -> None:
        source = _lines(_tab(spreadsheet, self.tab), "ROWS", self.row - 1, 1)
        batch.apply(spreadsheet, [{"moveDimension": {"source": source, "destinationIndex": self.before - 1}}])


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Put a filter over the whole tab that hides the rows with some values in a column."""

    tab: str
    column: str | int
    hide: tuple[str, ...]

    def apply(self, spreadsheet: Spreadsheet) -> None:
        sheet = _tab(spreadsheet, self.tab)
        spec = {"columnIndex": _column(self.column), "filterCriteria": {"hiddenValues": list(self.hide)}}
        wanted = {"range": {"sheetId": sheet.sheet_id}, "filterSpecs": [spec]}
        batch.apply(spreadsheet, [{"setBasicFilter": {"filter": wanted}}])


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTab:
    """Give a tab another title."""

    tab: str
    to: str

    def apply(self, spreadsheet: Spreadsheet) -> None:
        properties = {"sheetId": _tab(spreadsheet, self.tab).sheet_id, "title": self.to}
        batch.apply(spreadsheet, [{"updateSheetProperties": {"properties": properties, "fields": "title"}}])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTab:
    """Delete a tab."""

    tab: str

    def apply(self, spreadsheet: Spreadsheet) -> None:
        batch.apply(spreadsheet, [{"deleteSheet": {"sheetId": _tab(spreadsheet, self.tab).sheet_id}}])


@dataclass(frozen=True, slots=True)
class Requests:
    """Any requests of batchUpdate."""

    requests: tuple[Object, ...]

    def apply(self, spreadsheet: Spreadsheet) -> None:
        batch.apply(spreadsheet, list(self.requests))


KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        Type,
        InsertRows,
        DeleteRows,
        InsertColumns,
        DeleteColumns,
        Sort,
        MoveColumn,
        MoveRow,
        Filter,
        RenameTab,
        DeleteTab,
    )
}


def edit_from(raw: Object) -> Edit:
    """Read an edit that came as JSON: its kind, and its fields."""
    kind = KINDS[raw["kind"]]
    made: Edit = kind(**{name: value for name, value in raw.items() if name != "kind"})
    return made


@dataclass(slots=True)
class Queue:
    """Edits that wait for a moment of a client's next call."""

    waiting: dict[str, list[tuple[str, tuple[Edit, ...]]]] = field(default_factory=dict)
    #: What the service would not have let a person do, of the edits that waited.
    refused: list[str] = field(default_factory=list)

    def before_next_write(self, spreadsheet_id: str, *edits: Edit) -> None:
        self._wait("before_next_write", spreadsheet_id, edits)

    def before_next_read(self, spreadsheet_id: str, *edits: Edit) -> None:
        self._wait("before_next_read", spreadsheet_id, edits)

    def after_next_write(self, spreadsheet_id: str, *edits: Edit) -> None:
        self._wait("after_next_write", spreadsheet_id, edits)

    def after_next_read(self, spreadsheet_id: str, *edits: Edit) -> None:
        self._wait("after_next_read", spreadsheet_id, edits)

    def _wait(self, moment: str, spreadsheet_id: str, edits: tuple[Edit, ...]) -> None:
        self.waiting.setdefault(moment, []).append((spreadsheet_id, edits))

    def take(self, moment: str, spreadsheet_id: str) -> list[Edit]:
        """Return the edits whose moment has come."""
        entries = self.waiting.get(moment)
        if not entries:
            return []
        self.waiting[moment] = [entry for entry in entries if entry[0] != spreadsheet_id]
        return [edit for name, edits in entries if name == spreadsheet_id for edit in edits]

    def clear(self) -> None:
        self.waiting.clear()
        self.refused.clear()


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, counted from 0."""
    return f"{column_letters(column)}{row + 1}"
