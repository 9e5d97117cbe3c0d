"""Ranges of cells as Excel writes them: ``B2:D9``."""

from __future__ import annotations

import re
from typing import Final

from sheetfunnel.values import value
from sheetfunnel.workbook.layout import address, letters

_RANGE: Final = re.compile(r"(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})(?::(\$?[A-Za-z]{1,3}\$?[0-9]{1,7}))?")


@value
class Box:
    """A range of cells, all four bounds included."""

    top: int
    left: int
    bottom: int
    right: int

    def covers(self, row: int, column: int) -> bool:
        """Whether a cell lies under this range and is not its first."""
        inside = self.top <= row <= self.bottom and self.left <= column <= self.right
        return inside and (row, column) != (self.top, self.left)

    def meets(self, other: Box) -> bool:
        """Whether the two have a cell in common."""
        rows = self.top <= other.bottom and other.top <= self.bottom
        return rows and self.left <= other.right and other.left <= self.right

    def around(self, other: Box) -> Box:
        """Return the smallest range that holds both."""
        return Box(
            top=min(self.top, other.top),
            left=min(self.left, other.left),
            bottom=max(self.bottom, other.bottom),
            right=max(self.right, other.right),
        )

    def down_to(self, bottom: int) -> Box:
        """Return the same range with another last row."""
        return Box(top=self.top, left=self.left, bottom=bottom, right=self.right)

    def __str__(self) -> str:
        first, last = f"{letters(self.left)}{self.top}", f"{letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"


def box(text: str) -> Box | None:
    """Return the range that a reference names; ``None`` for anything but ``B2`` or ``B2:D9``."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        return None
    top, left = address(match[1].upper())
    bottom, right = address(match[2].upper()) if match[2] else (top, left)
    return Box(top=min(top, bottom), left=min(left, right), bottom=max(top, bottom), right=max(left, right))
