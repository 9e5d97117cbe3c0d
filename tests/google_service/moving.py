"""Rows and columns that are inserted, deleted or moved take everything along that names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from tests.google_service.formulas.references import Change, Corner, Reference, changed
from tests.google_service.locales import locale_of
from tests.google_service.ranges import Box
from tests.google_service.shapes import Cell, Object, Row
from tests.google_service.state import LISTS, Sheet, Spreadsheet

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """`count` new rows or columns before `at`."""

    at: int
    count: int

    def span(self, start: int, end: int | None) -> tuple[int, int | None] | None:
        shifted_end = end if end is None or end <= self.at else end + self.count
        return (start + self.count if start >= self.at else start), shifted_end

    def lines(self, lines: list[Item], blank: Item) -> list[Item]:
        return lines[: self.at] + [blank] * self.count + lines[self.at :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """`count` rows or columns from `at` on are gone."""

    at: int
    count: int

    def span(self, start: int, end: int | None) -> tuple[int, int | None] | None:
        new_start = self._place(start)
        if end is None:
            return new_start, None
        new_end = self._place(end)
        return (new_start, new_end) if new_start < new_end else None

    def _place(self, edge: int) -> int:
        return edge if edge <= self.at else max(self.at, edge - self.count)

    def lines(self, lines: list[Item], blank: Item) -> list[Item]:
        del blank
        return lines[: self.at] + lines[self.at + self.count :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """`count` rows or columns from `at` on now stand before what was `to`."""

    at: int
    count: int
    to: int

    def span(self, start: int, end: int | None) -> tuple[int, int | None] | None:
        if end is None:
            return self._place(start) if start < self.at + self.count and start >= self.at else start, None
        first, last = self._place(start), self._place(end - 1)
        return min(first, last), max(first, last) + 1

    def _place(self, line: int) -> int:
        if self.at <= line < self.at + self.count:
            landing = self.to if self.to <= self.at else self.to - self.count
            return landing + line - self.at
        if self.to <= line < self.at:
            return line + self.count
        if self.at + self.count <= line < self.to:
            return line - self.count
        return line

    def lines(self, lines: list[Item], blank: Item) -> list[Item]:
        del blank
        moved = lines[self.at : self.at + self.count]
        rest = lines[: self.at] + lines[self.at + self.count :]
        landing = self.to if self.to <= self.at else self.to - self.count
        return rest[:landing] + moved + rest[landing:]


Move = Insert | Delete | Shift


def move_lines(spreadsheet: Spreadsheet, sheet: Sheet, axis: str, *, move: Move) -> None:
    """Move rows (`axis` "ROWS") or columns of a tab, and whatever in the file names them."""
    if axis == "ROWS":
        sheet.rows = move.lines(sheet.rows, {})
        sheet.row_look = _moved_look(sheet.row_look, move)
    else:
        _move_columns(sheet, move)
        sheet.column_look = _moved_look(sheet.column_look, move)
    _move_things(spreadsheet, sheet, axis, move=move)
    _move_references(spreadsheet, sheet, axis, move=move)


def _move_columns(sheet: Sheet, move: Move) -> None:
    lines = move.lines(list(range(sheet.columns)), -1)
    new_place = {old: new for new, old in enumerate(lines) if old >= 0}
    sheet.columns = len(lines)
    sheet.rows = [
        {new_place[at]: cell for at, cell in row.items() if at in new_place} if row else row
        for row in sheet.rows
    ]


def _moved_look(look: dict[int, Object], move: Move) -> dict[int, Object]:
    moved: dict[int, Object] = {}
    for line, entry in look.items():
        span = move.span(line, line + 1)
        if span is not None:
            moved[span[0]] = entry
    return moved


def _move_things(spreadsheet: Spreadsheet, sheet: Sheet, axis: str, *, move: Move) -> None:
    sheet.merges = [box for old in sheet.merges if (box := moved_box(old, axis, move)) is not None]
    groups = "row_groups" if axis == "ROWS" else "column_groups"
    setattr(sheet, groups, _kept(getattr(sheet, groups), sheet.sheet_id, axis, move=move))
    if sheet.basic_filter is not None:
        kept = _kept([sheet.basic_filter], sheet.sheet_id, axis, move=move)
        sheet.basic_filter = kept[0] if kept else None
    spreadsheet.named_ranges = _kept(spreadsheet.named_ranges, sheet.sheet_id, axis, move=move)
    spreadsheet.metadata = {
        entry["metadataId"]: entry
        for entry in _kept(list(spreadsheet.metadata.values()), sheet.sheet_id, axis, move=move)
    }
    for other in spreadsheet.sheets:
        for name in LISTS:
            other.lists[name] = _kept(other.lists[name], sheet.sheet_id, axis, move=move)


def _kept(entries: list[Object], sheet_id: int, axis: str, *, move: Move) -> list[Object]:
    moved = [_moved(entry, sheet_id, axis, move=move) for entry in entries]
    return [entry for entry in moved if isinstance(entry, dict)]


class _Gone(Exception):
    """What named only deleted lines is gone with them."""


def _moved(entry: Object, sheet_id: int, axis: str, *, move: Move) -> Object | None:
    """Return a thing with its ranges moved; None if one that it cannot do without is gone."""
    try:
        result = _walk(entry, sheet_id, axis, move=move)
    except _Gone:
        return None
    return result if isinstance(result, dict) else None


def _walk(value: object, sheet_id: int, axis: str, *, move: Move) -> object:
    if isinstance(value, list):
        return _walk_list(value, sheet_id, axis, move=move)
    if not isinstance(value, dict):
        return value
    prefix = {"ROWS": "Row", "COLUMNS": "Column"}[axis]
    if value.get("sheetId", 0) == sheet_id:
        names = (f"start{prefix}Index", f"end{prefix}Index")
        if value.keys() & set(names):
            return _moved_span(value, names, move)
        if value.get("dimension") == axis:
            return _moved_span(value, ("startIndex", "endIndex"), move)
        anchor = f"{prefix.lower()}Index"
        if anchor in value and "sheetId" in value:
            return _moved_span({**value, "_end": value[anchor] + 1}, (anchor, "_end"), move, keep=True)
    return {name: _walk(item, sheet_id, axis, move=move) for name, item in value.items()}


def _walk_list(values: list[object], sheet_id: int, axis: str, *, move: Move) -> list[object]:
    kept: list[object] = []
    for item in values:
        try:
            kept.append(_walk(item, sheet_id, axis, move=move))
        except _Gone:
            continue
    if values and not kept:
        raise _Gone
    return kept


def _moved_span(value: Object, names: tuple[str, str], move: Move, *, keep: bool = False) -> Object:
    first, last = names
    span = move.span(value.get(first, 0), value.get(last))
    result = {name: item for name, item in value.items() if name != "_end"}
    if span is None:
        if keep:
            return result
        raise _Gone
    if first in value or span[0]:
        result[first] = span[0]
    if last in result and span[1] is not None:
        result[last] = span[1]
    return result


def moved_box(box: Box, axis: str, move: Move) -> Box | None:
    """Return where a rectangle is after the move; None if it is gone."""
    start, end = (box.top, box.bottom) if axis == "ROWS" else (box.left, box.right)
    if start is None and end is None:
        return box
    span = move.span(start or 0, end)
    if span is None:
        return None
    if axis == "ROWS":
        return replace(box, top=span[0], bottom=span[1])
    return replace(box, left=span[0], right=span[1])


def _move_references(spreadsheet: Spreadsheet, moved: Sheet, axis: str, *, move: Move) -> None:
    for sheet in spreadsheet.sheets:

        def change(before: Reference, home: Sheet = sheet) -> Reference | None:
            named = before.sheet.casefold() if before.sheet is not None else home.title.casefold()
            return _moved_reference(before, axis, move) if named == moved.title.casefold() else before

        change_formulas(spreadsheet, sheet, change)


def change_formulas(spreadsheet: Spreadsheet, sheet: Sheet, change: Change) -> None:
    """Replace the references in all formulas of a tab, those of its rules included."""
    decimal = locale_of(spreadsheet.locale).decimal
    known: dict[int, Object] = {}

    def rewrite(formula: str) -> str:
        return changed(formula, change, decimal)

    def rewrite_rule(rule: Object) -> Object:
        # Many cells share one rule: it is looked at once.
        if id(rule) not in known:
            known[id(rule)] = _rewritten(rule, rewrite)
        return known[id(rule)]

    for at, row in enumerate(sheet.rows):
        cells = _changed_row(row, rewrite, rewrite_rule)
        if cells:
            sheet.put(at, cells)
    rules = sheet.lists["conditionalFormats"]
    sheet.lists["conditionalFormats"] = [_rewritten(rule, rewrite) for rule in rules]


def _changed_row(
    row: Row, rewrite: Callable[[str], str], rewrite_rule: Callable[[Object], Object]
) -> dict[int, Cell]:
    """Return the cells of a row whose formula, or the rule of what may be typed, reads otherwise now."""
    result: dict[int, Cell] = {}
    for column, cell in row.items():
        new = cell
        if cell.formula is not None:
            new = new._replace(formula=rewrite(cell.formula))
        if cell.validation is not None:
            new = new._replace(validation=rewrite_rule(cell.validation))
        if new != cell:
            result[column] = new
    return result


def _rewritten(rule: Object, rewrite: Callable[[str], str]) -> Object:
    """Return a rule with the formulas among its values rewritten."""
    if "booleanRule" in rule:
        return {**rule, "booleanRule": _rewritten(rule["booleanRule"], rewrite)}
    condition = rule.get("condition")
    if not condition or not condition.get("values"):
        return rule
    values = [
        {**one, "userEnteredValue": rewrite(one["userEnteredValue"])}
        if str(one.get("userEnteredValue", "")).startswith("=")
        else one
        for one in condition["values"]
    ]
    return {**rule, "condition": {**condition, "values": values}} if values != condition["values"] else rule


def _moved_reference(before: Reference, axis: str, move: Move) -> Reference | None:
    start, end = before.start, before.end or before.start
    low, high = (start.row, end.row) if axis == "ROWS" else (start.column, end.column)
    if low is None and high is None:
        return before
    if low is None or high is None:
        span = move.span(low if low is not None else high or 0, None)
    else:
        span = move.span(min(low, high), max(low, high) + 1)
    if span is None:
        return None
    first = _at(start, axis, span[0] if low is not None else None)
    if before.end is None:
        return replace(before, start=first)
    last = None if high is None else (span[1] - 1 if span[1] is not None else span[0])
    return replace(before, start=first, end=_at(end, axis, last))


def _at(corner: Corner, axis: str, line: int | None) -> Corner:
    return replace(corner, row=line) if axis == "ROWS" else replace(corner, column=line)


def rename_in_formulas(spreadsheet: Spreadsheet, old: str, new: str | None) -> None:
    """Let all formulas name a tab by its new title; `#REF!` where the tab is gone."""

    def change(before: Reference) -> Reference | None:
        if before.sheet is None or before.sheet.casefold() != old.casefold():
            return before
        return None if new is None else replace(before, sheet=new)

    for sheet in spreadsheet.sheets:
        change_formulas(spreadsheet, sheet, change)
