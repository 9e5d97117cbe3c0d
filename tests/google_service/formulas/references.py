"""References in formulas: read, written again, and kept right when rows and columns move."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from tests.google_service.formulas.tokens import BadFormula, Kind, Token, tokens
from tests.google_service.ranges import Box, column_letters, column_number, quoted, split_sheet

_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)([1-9][0-9]*)?")


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner of a reference; None where it says only a column or only a row."""

    row: int | None
    column: int | None
    row_fixed: bool
    column_fixed: bool

    def text(self) -> str:
        column = "" if self.column is None else "$" * self.column_fixed + column_letters(self.column)
        row = "" if self.row is None else "$" * self.row_fixed + str(self.row + 1)
        return column + row


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell or an area, on the formula's own tab or on a named one."""

    sheet: str | None
    start: Corner
    end: Corner | None

    @property
    def box(self) -> Box:
        """The rectangle, open at the end where the reference is (`A2:A`)."""
        end = self.end or self.start
        return Box(*_ends(self.start.row, end.row), *_ends(self.start.column, end.column))

    def text(self) -> str:
        sheet = "" if self.sheet is None else f"{quoted(self.sheet)}!"
        return sheet + self.start.text() + (f":{self.end.text()}" if self.end else "")


def _ends(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    if start is None or end is None:
        return (start if start is not None else end), None
    return min(start, end), max(start, end) + 1


@cache
def reference(text: str) -> Reference:
    sheet, area = split_sheet(text)
    first, colon, second = area.partition(":")
    return Reference(sheet, _corner(first), _corner(second) if colon else None)


def _corner(text: str) -> Corner:
    match = _CORNER.fullmatch(text)
    if match is None:
        raise BadFormula(text)
    mark, letters, row_mark, digits = match.groups()
    return Corner(
        row=int(digits) - 1 if digits else None,
        column=column_number(letters) if letters else None,
        row_fixed=bool(row_mark if letters else mark),
        column_fixed=bool(mark and letters),
    )


#: What becomes of a reference: another one, or None if what it named is gone.
Change = Callable[[Reference], Reference | None]


def changed(formula: str, change: Change, decimal: str) -> str:
    """Return a formula with its references replaced by what becomes of them; a bad formula stays."""
    try:
        parts = tokens(formula, decimal=decimal)
    except BadFormula:
        return formula
    return "".join(_changed_token(token, change) for token in parts)


def _changed_token(token: Token, change: Change) -> str:
    if token.kind is not Kind.REFERENCE:
        return token.text
    before = reference(token.text)
    after = change(before)
    if after is None:
        return "#REF!"
    return token.text if after == before else after.text()


def copied(formula: str, down: int, right: int, *, decimal: str) -> str:
    """Return a formula as a copy that many cells further reads it: what is not fixed goes along."""

    def moved(corner: Corner) -> Corner | None:
        row = corner.row if corner.row is None or corner.row_fixed else corner.row + down
        column = corner.column if corner.column is None or corner.column_fixed else corner.column + right
        if (row or 0) < 0 or (column or 0) < 0:
            return None
        return replace(corner, row=row, column=column)

    def change(before: Reference) -> Reference | None:
        start, end = moved(before.start), before.end and moved(before.end)
        if start is None or (before.end and end is None):
            return None
        return Reference(before.sheet, start, end)

    return changed(formula, change, decimal)
