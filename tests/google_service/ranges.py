"""Ranges in A1 notation and as GridRanges, and the way from one to the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tests.google_service.errors import invalid
from tests.google_service.shapes import Object

_CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?")
_PLAIN_TITLE = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells, half open, counted from 0; None is an open end."""

    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    def within(self, rows: int, columns: int) -> Box:
        """Return the rectangle with its open ends closed and cut to the grid."""
        return Box(
            self.top or 0,
            rows if self.bottom is None else min(rows, self.bottom),
            self.left or 0,
            columns if self.right is None else min(columns, self.right),
        )

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Top, bottom, left, right of a rectangle whose ends are closed."""
        return self.top or 0, self.bottom or 0, self.left or 0, self.right or 0

    @property
    def is_one_cell(self) -> bool:
        top, bottom, left, right = self.bounds
        return bottom - top == 1 and right - left == 1


@cache
def column_number(letters: str) -> int:
    """A -> 0, Z -> 25, AA -> 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


@cache
def column_letters(number: int) -> str:
    letters, rest = "", number + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


@cache
def box_of(text: str) -> Box | None:
    """Read `A1`, `A1:B2`, `A:A`, `A2:A`, `1:3`; None if it is none of these. Corners may be in any order."""
    first, colon, second = text.partition(":")
    start = _corner(first)
    end = _corner(second) if colon else start
    if start is None or end is None or (not colon and None in start):
        return None
    top, bottom = _ends(start[0], end[0])
    left, right = _ends(start[1], end[1])
    return Box(top, bottom, left, right)


def _corner(text: str) -> tuple[int | None, int | None] | None:
    match = _CORNER.fullmatch(text)
    if not text or match is None:
        return None
    letters, digits = match.groups()
    return (int(digits) - 1 if digits else None, column_number(letters) if letters else None)


def _ends(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    if start is None and end is None:
        return None, None
    if start is None or end is None:
        known = start if start is not None else end
        return known, None
    return min(start, end), max(start, end) + 1


def split_sheet(text: str) -> tuple[str | None, str]:
    """Split `'My tab'!A1` into the tab's title and the rest; the title is None where there is none."""
    if text.startswith("'"):
        match = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
        if match is None:
            raise invalid(f"Unable to parse range: {text}")
        return match.group(1).replace("''", "'"), match.group(2) or ""
    title, mark, rest = text.rpartition("!")
    return (title, rest) if mark else (None, text)


def quoted(title: str) -> str:
    """Return a tab's title as it stands before the `!`."""
    plain = _PLAIN_TITLE.fullmatch(title) and title.isascii() and box_of(title) is None
    return title if plain else "'" + title.replace("'", "''") + "'"


def a1(title: str, box: Box) -> str:
    """Write a closed rectangle with its tab."""
    return f"{quoted(title)}!{a1_box(box)}"


def a1_box(box: Box) -> str:
    top, bottom, left, right = box.bounds
    start = f"{column_letters(left)}{top + 1}"
    if box.is_one_cell:
        return start
    return f"{start}:{column_letters(right - 1)}{bottom}"


def grid_box(grid_range: Object) -> Box:
    """Return the rectangle of a GridRange."""
    return Box(
        grid_range.get("startRowIndex"),
        grid_range.get("endRowIndex"),
        grid_range.get("startColumnIndex"),
        grid_range.get("endColumnIndex"),
    )


def grid_range(sheet_id: int, box: Box) -> Object:
    """Return the GridRange of a rectangle, open ends left out."""
    ends = {
        "startRowIndex": box.top,
        "endRowIndex": box.bottom,
        "startColumnIndex": box.left,
        "endColumnIndex": box.right,
    }
    return {"sheetId": sheet_id, **{name: end for name, end in ends.items() if end is not None}}
