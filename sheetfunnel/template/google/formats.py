"""The styles of a workbook as Google's formats.

Google has no indent: the room beside the text is its padding. Its own formats of dates follow the locale of
the sheet, so that a date has a type and no pattern.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from openpyxl.cell.cell import Cell
from openpyxl.styles.numbers import FORMAT_DATE_XLSX14, FORMAT_GENERAL, FORMAT_TEXT
from openpyxl.worksheet.dimensions import ColumnDimension, RowDimension

from sheetfunnel.template.google.ranges import Request

Styled: TypeAlias = Cell | ColumnDimension | RowDimension

Part: TypeAlias = Any
"""A part of what openpyxl holds: its types say of everything in it that it may be missing."""

#: The room in pixels between a text and the edges of its cell, and what one step of indent adds.
_BESIDE: Final = 3
_ABOVE: Final = 2
_INDENT: Final = 7

_VERTICAL: Final = {"center": "MIDDLE", "top": "TOP", "bottom": "BOTTOM"}
_SIDES: Final = ("left", "right", "top", "bottom")


def cell_format(place: Styled) -> Request:
    """Return the CellFormat of a cell, a column or a row."""
    return {
        **aligned(place.alignment),
        **filled(place.fill),
        **numbered(place.number_format),
        **bordered(place.border),
        "textFormat": lettered(place.font),
    }


def lettered(font: Part) -> Request:
    """Return the TextFormat of a font."""
    made: Request = {}
    if font.name:
        made["fontFamily"] = font.name
    if font.sz:
        made["fontSize"] = round(font.sz)
    made |= {"bold": True} if font.b else {}
    made |= {"underline": True} if font.u else {}
    return made | ({"foregroundColorStyle": ink(font.color)} if is_plain(font.color) else {})


def filled(fill: Part) -> Request:
    """Return the background that a fill gives to a cell."""
    return {"backgroundColorStyle": ink(fill.fgColor)} if fill.fill_type == "solid" else {}


def numbered(code: str) -> Request:
    """Return the NumberFormat of an Excel format code."""
    match code:
        case _ if code == FORMAT_GENERAL:
            return {}
        case _ if code == FORMAT_DATE_XLSX14:
            return {"numberFormat": {"type": "DATE"}}
        case _ if code == FORMAT_TEXT:
            return {"numberFormat": {"type": "TEXT"}}
    kind = "PERCENT" if code.endswith("%") else "NUMBER"
    return {"numberFormat": {"type": kind, "pattern": code}}


def aligned(alignment: Part) -> Request:
    """Return the alignment, the wrapping and the room beside the text."""
    made: Request = {"verticalAlignment": _VERTICAL.get(alignment.vertical, "BOTTOM")}
    if alignment.horizontal in {"left", "center", "right"}:
        made["horizontalAlignment"] = alignment.horizontal.upper()
    made["wrapStrategy"] = "WRAP" if alignment.wrap_text else "OVERFLOW_CELL"
    if alignment.indent:
        room = {"top": _ABOVE, "bottom": _ABOVE, "left": _BESIDE, "right": _BESIDE}
        room[alignment.horizontal] += round(alignment.indent) * _INDENT
        made["padding"] = room
    return made


def bordered(border: Part) -> Request:
    """Return the thin lines around a cell."""
    drawn = {side: getattr(border, side) for side in _SIDES}
    lines = {
        side: {"style": "SOLID", "colorStyle": ink(line.color)}
        for side, line in drawn.items()
        if line is not None and line.style
    }
    return {"borders": lines} if lines else {}


def is_plain(colour: Part) -> bool:
    """Whether a colour is given by its own value, not by that of a theme."""
    return colour is not None and colour.type == "rgb"


def ink(colour: Part) -> Request:
    """Return the ColorStyle of a colour, or of its six digits."""
    digits = (colour if isinstance(colour, str) else colour.rgb)[-6:]
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))  # Google rounds down
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}
