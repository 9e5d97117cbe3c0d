"""What all formulas of a spreadsheet show: each is worked out once, and arrays are spilled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from tests.google_service.formulas.evaluate import Evaluator, Here
from tests.google_service.formulas.grids import REFERENCE, Grid, Value
from tests.google_service.formulas.references import Reference
from tests.google_service.formulas.tokens import BadFormula
from tests.google_service.formulas.tree import Area, read
from tests.google_service.locales import locale_of
from tests.google_service.ranges import Box, grid_box
from tests.google_service.rendering import is_dated
from tests.google_service.shapes import Cell, CellError, DateNumber, Scalar
from tests.google_service.state import Sheet, Spreadsheet

#: By tab, column and row: what formulas show, in their own cells and in those that they spill into.
Overlay: TypeAlias = dict[int, dict[int, dict[int, Scalar]]]


#: The id of a tab, a row and a column.
_Place: TypeAlias = tuple[int, int, int]
#: How often the formulas are worked out at most, until it is known which columns each spills into.
_PASSES = 3


@dataclass(slots=True, kw_only=True)
class Shown:
    """What the formulas show, and for which day."""

    today: date
    overlay: Overlay = field(default_factory=dict)


def shown(spreadsheet: Spreadsheet, today: date) -> Shown:
    """Return what the formulas of a spreadsheet show on a day; worked out once per state and day."""
    kept = spreadsheet.shown
    if isinstance(kept, Shown) and kept.today == today:
        return kept
    widths: dict[_Place, int] = {}
    for _ in range(_PASSES):
        sheets = _Sheets(spreadsheet, today, widths)
        result = sheets.all()
        if sheets.widths == widths:
            break
        widths = sheets.widths
    spreadsheet.shown = result
    return result


class _Sheets:
    """One pass over all formulas.

    A formula that may spill is taken to fill its own column downwards, and as many columns as it filled in
    the pass before: what reads there waits for it.
    """

    def __init__(self, spreadsheet: Spreadsheet, today: date, expected: dict[_Place, int]) -> None:
        #: Formulas that spill into more than one column, and into how many.
        self.widths: dict[_Place, int] = {}
        self._expected = expected
        self._spreadsheet = spreadsheet
        self._locale = locale_of(spreadsheet.locale)
        self._shown = Shown(today=today)
        self._pending = {sheet.sheet_id: _formulas(sheet) for sheet in spreadsheet.sheets}
        self._running: set[_Place] = set()
        self._areas: dict[tuple[int, Box], Grid] = {}
        self._run = Evaluator(read=self._area, named=self._named, locale=self._locale, today=today)

    def all(self) -> Shown:
        for sheet in self._spreadsheet.sheets:
            while self._pending[sheet.sheet_id]:
                place = next(iter(self._pending[sheet.sheet_id]))
                self._work_out(sheet, place)
        return self._shown

    def _work_out(self, sheet: Sheet, place: tuple[int, int]) -> None:
        formula = self._pending[sheet.sheet_id].pop(place)
        row, column = place
        self._running.add((sheet.sheet_id, row, column))
        value = self._value(formula, Here(sheet=sheet.sheet_id, row=row, column=column))
        self._running.discard((sheet.sheet_id, row, column))
        self._spill(sheet, place, value)

    def _value(self, formula: str, here: Here) -> Value:
        try:
            tree = read(formula, decimal=self._locale.decimal)
        except BadFormula:
            return CellError("#ERROR!", "Formula parse error.")
        return self._run.operand(tree, here) if isinstance(tree, Area) else self._run.value(tree, here)

    def _spill(self, sheet: Sheet, place: tuple[int, int], value: Value) -> None:
        row, column = place
        if not isinstance(value, Grid):
            self._show(sheet, row, column, value=value)
        elif not self._has_room(sheet, place, value):
            self._show(sheet, row, column, value=CellError("#REF!", "Array result was not expanded."))
        else:
            for right in range(value.width):
                cells = value.cells[right :: value.width]
                target = self._columns(sheet).setdefault(column + right, {})
                target.update(zip(range(row, row + value.height), cells, strict=True))
            if value.width > 1:
                self.widths[sheet.sheet_id, row, column] = value.width

    def _has_room(self, sheet: Sheet, place: tuple[int, int], value: Grid) -> bool:
        row, column = place
        if row + value.height > len(sheet.rows) or column + value.width > sheet.columns:
            return False
        for right in range(column, column + value.width):
            taken = self._columns(sheet).get(right, {})
            for down in range(row, row + value.height):
                cell = sheet.rows[down].get(right)
                blocked = (cell is not None and cell.is_typed) or down in taken
                if blocked and (down, right) != place:
                    return False
        return True

    def _columns(self, sheet: Sheet) -> dict[int, dict[int, Scalar]]:
        return self._shown.overlay.setdefault(sheet.sheet_id, {})

    def _show(self, sheet: Sheet, row: int, column: int, *, value: Scalar) -> None:
        self._columns(sheet).setdefault(column, {})[row] = value

    def _named(self, name: str) -> tuple[int, Box] | None:
        entry = self._spreadsheet.named(name)
        return None if entry is None else (entry["range"].get("sheetId", 0), grid_box(entry["range"]))

    def _area(self, reference: Reference, here: Here) -> Grid | CellError:
        sheet = (
            self._spreadsheet.sheet(here.sheet)
            if reference.sheet is None
            else self._spreadsheet.titled(reference.sheet)
        )
        if sheet is None:
            return CellError("#REF!", f"Unresolved sheet name '{reference.sheet}'.")
        box = sheet.clipped(reference.box)
        top, bottom, left, right = box.bounds
        if top >= bottom or left >= right:
            return REFERENCE
        if self._goes_round(sheet, box):
            return CellError("#REF!", "Circular dependency detected.")
        self._work_out_within(sheet, box)
        known = (sheet.sheet_id, box)
        if known not in self._areas:
            self._areas[known] = self._cells(sheet, box)
        return self._areas[known]

    def _goes_round(self, sheet: Sheet, box: Box) -> bool:
        top, bottom, left, right = box.bounds
        return any(
            sheet_id == sheet.sheet_id and top <= row < bottom and left <= column < right
            for sheet_id, row, column in self._running
        )

    def _work_out_within(self, sheet: Sheet, box: Box) -> None:
        """Work out first whatever stands in an area, or could spill into it."""
        top, bottom, left, right = box.bounds
        pending = self._pending[sheet.sheet_id]
        needed = []
        for (row, column), formula in pending.items():
            if row >= bottom:
                break
            width = self._expected.get((sheet.sheet_id, row, column), 1)
            if column < right and left < column + width and (row >= top or _may_spill(formula)):
                needed.append((row, column))
        for place in needed:
            if place in pending:
                self._work_out(sheet, place)

    def _cells(self, sheet: Sheet, box: Box) -> Grid:
        top, bottom, left, right = box.bounds
        width = right - left
        cells: list[Scalar] = []
        columns = range(left, right)
        for row in sheet.rows[top:bottom]:
            cells += (
                [_dated(row[column]) if column in row else None for column in columns]
                if row
                else [None] * width
            )
        for column, values in self._columns(sheet).items():
            if left <= column < right:
                for row_at, shown_value in values.items():
                    if top <= row_at < bottom:
                        cells[(row_at - top) * width + column - left] = shown_value
        return Grid(bottom - top, width, cells, row=top, column=left)


def _dated(cell: Cell) -> Scalar:
    value = cell.value
    return DateNumber(value) if isinstance(value, int | float) and is_dated(cell.format) else value


def _formulas(sheet: Sheet) -> dict[tuple[int, int], str]:
    return {
        (at, column): row[column].formula or ""
        for at, row in enumerate(sheet.rows)
        if row
        for column in sorted(row)
        if row[column].formula is not None
    }


def _may_spill(formula: str) -> bool:
    upper = formula.upper()
    return "{" in upper or "ARRAYFORMULA" in upper or "LOOKUP" in upper or "INDEX" in upper
