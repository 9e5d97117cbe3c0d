"""Widths and heights, hidden columns, the folded group, and merged cells.

Excel measures a width in digits of its font and a height in points; Google measures both in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from openpyxl.utils.cell import column_index_from_string
from openpyxl.worksheet.dimensions import ColumnDimension

from sheetfunnel.template.google.formats import Part
from sheetfunnel.template.google.ranges import Request, bounds, dimension, runs
from sheetfunnel.template.google.target import Target

#: The pixels of a digit in the house's font, and those beside the text of a cell.
_DIGIT: Final = 7
_BESIDE: Final = 5
_PIXELS_OF_A_POINT: Final = 4 / 3

#: How high and wide Google makes what nobody sized, in pixels.
ROW: Final = 21
COLUMN: Final = 100


def put_sizes(target: Target) -> Iterator[Request]:
    """Yield the requests for the widths of columns and the heights of rows."""
    widths = [(at, column_pixels(each.width)) for at, each in _columns(target) if each.customWidth]
    for first, last, pixels in runs(widths):
        yield _sized(target, ("COLUMNS", first, last), pixels)
    usual = target.sheet.sheet_format
    if usual.customHeight:
        yield _sized(target, ("ROWS", 1, _last_fixed(target)), row_pixels(usual.defaultRowHeight))
    heights = sorted(
        (row, row_pixels(r.height)) for row, r in target.sheet.row_dimensions.items() if r.height
    )
    for first, last, pixels in runs(heights):
        yield _sized(target, ("ROWS", first, last), pixels)


def _last_fixed(target: Target) -> int:
    """Return the last row of a fixed height: below its headers a table of the program grows with its words.

    A row that nobody sized Google makes as high as the text that wraps in it.
    """
    if any(table.owner == "people" for table in target.tab.tables):
        return target.rows
    return max(table.row for table in target.tab.tables)


def put_groups(target: Target) -> Iterator[Request]:
    """Yield the requests that fold what can wait, and then hide what is hidden."""
    columns = _columns(target)
    for first, last, _ in runs((at, each.outlineLevel) for at, each in columns if each.outlineLevel):
        area = dimension(target.sheet_id, "COLUMNS", first, last)
        folded = {"range": area, "depth": 1, "collapsed": True}
        yield {"addDimensionGroup": {"range": area}}
        yield {"updateDimensionGroup": {"dimensionGroup": folded, "fields": "collapsed"}}
        yield _with_handle(target)
    for first, last, _ in runs((at, True) for at, each in columns if each.hidden):
        yield _updated(target, ("COLUMNS", first, last), {"hiddenByUser": True})


def _with_handle(target: Target) -> Request:
    """Return the request that puts the + of a group where the workbook has it: behind it or before it."""
    outline: Part = target.sheet.sheet_properties.outlinePr
    behind = outline.summaryRight is not False
    looks = {"sheetId": target.sheet_id, "gridProperties": {"columnGroupControlAfter": behind}}
    return {
        "updateSheetProperties": {"properties": looks, "fields": "gridProperties.columnGroupControlAfter"}
    }


def put_merges(target: Target) -> Iterator[Request]:
    """Yield the requests that merge cells."""
    for merged in target.sheet.merged_cells.ranges:
        yield {"mergeCells": {"range": bounds(target.sheet_id, merged.bounds), "mergeType": "MERGE_ALL"}}


def column_pixels(width: float) -> int:
    """Return the pixels of a column that is so many digits wide."""
    return round(width * _DIGIT + _BESIDE)


def row_pixels(height: float) -> int:
    """Return the pixels of a row that is so many points high."""
    return round(height * _PIXELS_OF_A_POINT)


def _columns(target: Target) -> list[tuple[int, ColumnDimension]]:
    dimensions = target.sheet.column_dimensions.items()
    return sorted(
        ((column_index_from_string(key), each) for key, each in dimensions), key=lambda each: each[0]
    )


def _sized(target: Target, which: tuple[str, int, int], pixels: int) -> Request:
    return _updated(target, which, {"pixelSize": pixels})


def _updated(target: Target, which: tuple[str, int, int], properties: Request) -> Request:
    kind, first, last = which
    (field,) = properties
    area = dimension(target.sheet_id, kind, first, last)
    return {"updateDimensionProperties": {"range": area, "properties": properties, "fields": field}}
