"""Where things are, as Google says it: counted from 0, without the end, open where it is the last row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, TypeAlias, TypeVar, cast

from openpyxl.utils.cell import quote_sheetname, range_to_tuple

from sheetfunnel.template import looks
from sheetfunnel.values import value
from sheetfunnel.workbook.layout import letters

Request: TypeAlias = dict[str, Any]
"""A request of ``spreadsheets.batchUpdate``, or a part of one, as JSON."""

_T = TypeVar("_T")


def cells(sheet_id: int, area: str) -> Request:
    """Return the GridRange of an area such as ``A5:L1048576``."""
    return bounds(sheet_id, parted(f"x!{area}")[1])


def bounds(sheet_id: int, corners: tuple[int, int, int, int]) -> Request:
    """Return the GridRange of (first column, first row, last column, last row), which count from 1."""
    left, top, right, bottom = corners
    area = {"sheetId": sheet_id, "startRowIndex": top - 1, "endRowIndex": bottom}
    if bottom >= looks.LAST_ROW:
        del area["endRowIndex"]
    return {**area, "startColumnIndex": left - 1, "endColumnIndex": right}


def whole_columns(sheet_id: int, first: int, last: int) -> Request:
    """Return the GridRange of columns, which count from 1, from the first row on."""
    return {"sheetId": sheet_id, "startColumnIndex": first - 1, "endColumnIndex": last}


def dimension(sheet_id: int, kind: str, first: int, last: int) -> Request:
    """Return the DimensionRange of ``ROWS`` or ``COLUMNS``, which count from 1."""
    return {"sheetId": sheet_id, "dimension": kind, "startIndex": first - 1, "endIndex": last}


def runs(marked: Iterable[tuple[int, _T]]) -> Iterator[tuple[int, int, _T]]:
    """Yield (first, last, mark) of the numbers that follow each other and are marked alike.

    ``marked`` is in ascending order.
    """
    numbered = enumerate(marked)
    for (_, mark), members in groupby(numbered, key=lambda each: (each[1][0] - each[0], each[1][1])):
        numbers = [number for _, (number, _) in members]
        yield numbers[0], numbers[-1], mark


@value
class Tabs:
    """Where the tabs of the workbook are in the sheet: by their titles in the workbook.

    ``ids`` are Google's numbers of the tabs, ``titles`` what they are called in the sheet.
    """

    ids: Mapping[str, int]
    titles: Mapping[str, str]

    def range(self, reference: str) -> Request:
        """Return the GridRange of a reference such as ``'Settings'!$D$5:$D$204``."""
        title, corners = parted(reference)
        return bounds(self.ids[title], corners)

    def written(self, reference: str) -> str:
        """Return a reference as it is written in the sheet, where the tab may be called otherwise."""
        title, (left, top, right, bottom) = parted(reference)
        area = f"${letters(left)}${top}:${letters(right)}${bottom}"
        return f"{quote_sheetname(self.titles[title])}!{area}"


def parted(reference: str) -> tuple[str, tuple[int, int, int, int]]:
    """Return the tab that a reference speaks of, and its corners: first column and row, last ones."""
    title, corners = range_to_tuple(reference)
    return title.replace("''", "'"), cast("tuple[int, int, int, int]", corners)
