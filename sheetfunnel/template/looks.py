"""How the workbook looks: its colours and fonts, and the dress of headings, headers and columns.

Formats, tints and wrapping stand on the columns, so that a new row looks right without copying anything.
"""

from __future__ import annotations

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.numbers import FORMAT_DATE_XLSX14, FORMAT_GENERAL
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.workbook.layout import Column, Table, layout, letters
from sheetfunnel.workbook.row_lines import lines

FONT = "Calibri"
INK = "22303F"
MUTED = "6B7785"
GREYED = "9AA3AD"
ALARM = "B3261E"
LINK = "1F5FA8"
LINE = "DCE2EA"
BLOCK = "D5DEE9"
PAPER = "FFFFFF"

#: The width of the columns that stand between two tables, and the last row of a sheet.
GAP = 3
LAST_ROW = 1_048_576

_FORMATS = {
    "amount": "#,##0",
    "date": FORMAT_DATE_XLSX14,
    "percent": "0%",
    "hours": "0.0",
    "integer": "0",
    "rating": "0",
}
_RIGHT = {"amount", "percent", "hours", "integer", "number"}
_MIDDLE = {"yes", "date", "rating"}
_CENTRED = {"rank", "fit", "age", "times_cycle"}
#: The longest texts on Objectives stand in smaller letters, for all its rows are of one height.
_SMALL = {("objectives", "why")}
_LINKS = {("check", "where")}
#: Sentences that run on over the blank cells beside them stand on plain paper.
_RUNNING_ON = {("warnings", "text")}


def colour(key: str) -> str:
    """Return one of the declared colours."""
    return layout().looks[key]


def font(size: float = 11, *, ink: str = INK, bold: bool = False, underline: bool = False) -> Font:
    """Return the house's font."""
    return Font(name=FONT, size=size, color=ink, bold=bold, underline="single" if underline else None)


def filled(ink: str) -> PatternFill:
    """Return a plain fill, for cells."""
    return PatternFill(fill_type="solid", fgColor=ink)


def under(ink: str = LINE) -> Border:
    """Return a thin line below."""
    return Border(bottom=Side(style="thin", color=ink))


def around(ink: str = LINE) -> Border:
    """Return a thin line on all four sides."""
    side = Side(style="thin", color=ink)
    return Border(left=side, right=side, top=side, bottom=side)


def number_format(column: Column) -> str:
    """Return the number format of a column's cells."""
    return column.format or _FORMATS.get(column.kind, FORMAT_GENERAL)


def dress(place: Cell | ColumnDimension, column: Column) -> None:
    """Give a cell, or a whole column, the look of a column's data."""
    link = (column.table, column.key) in _LINKS
    size = 10 if (column.table, column.key) in _SMALL else 11
    place.font = font(size, ink=LINK, underline=True) if link else font(size)
    plain = (column.table, column.key) in _RUNNING_ON
    place.border = Border() if plain else under()
    place.alignment = aligned(_side_of_cells(column), wrap=column.wraps)
    place.number_format = number_format(column)
    if column.owner == "program" and not plain:
        place.fill = filled(colour("program"))


def aligned(side: str, *, wrap: bool) -> Alignment:
    """Return an alignment that keeps text away from the edge on which it stands."""
    indent = 1 if side in {"left", "right"} else 0
    return Alignment(horizontal=side, vertical="center", wrap_text=wrap, indent=indent)


def _side(column: Column) -> str:
    if column.key in _CENTRED or column.kind in _MIDDLE:
        return "center"
    return "right" if column.kind in _RIGHT else "left"


def _side_of_cells(column: Column) -> str:
    """Return the side of a column's cells: in people's, words in place of a number begin on the left.

    On the right a text that is too long for its column would lose its beginning.
    """
    side = _side(column)
    return "general" if side == "right" and column.owner == "people" else side


def dress_header(cell: Cell, column: Column) -> None:
    """Give a header cell its look; it stands on the side on which its data stand."""
    cell.font = font(ink=PAPER, bold=True)
    cell.fill = filled(colour("header"))
    cell.alignment = aligned(_side(column), wrap=True)
    if _side_of_cells(column) == "general":  # numbers stand at the very edge
        cell.alignment = Alignment(horizontal="right", vertical="center", wrap_text=True)
    cell.border = Border(right=Side(style="thin", color=PAPER))


def put_header(sheet: Worksheet, table: Table, texts: list[str]) -> None:
    """Write a table's header row and dress its columns; ``texts`` are in the order of the columns."""
    highest = 1
    for offset, (column, text) in enumerate(zip((*table.columns, *table.profile), texts, strict=True)):
        cell = sheet.cell(table.row, table.column + offset, text)
        dress_header(cell, column)
        _dress_data(sheet, table, offset, column)
        highest = max(highest, lines(text, column.width))
    row = sheet.row_dimensions[table.row]
    row.height = max(highest * 15.0 + 6, 33, row.height or 0)


def _dress_data(sheet: Worksheet, table: Table, offset: int, column: Column) -> None:
    """Dress a whole column, or as many of its cells as the table may have where another stands above it."""
    for row in range(table.row + 1, table.row + 1 + table.dressed):
        cell = sheet.cell(row, table.column + offset)
        if isinstance(cell, Cell):  # nothing is merged here
            dress(cell, column)
    letter = letters(table.column + offset)
    if table.dressed and letter not in sheet.column_dimensions:
        sheet.column_dimensions[letter].width = column.width
    if not table.dressed:
        dimension = sheet.column_dimensions[letter]
        dimension.width = column.width
        dimension.hidden = column.hidden
        dress(dimension, column)


def blank_rows(sheet: Worksheet, last: int) -> None:
    """Keep the rows above the tables white, whatever the columns below them wear."""
    for row in range(1, last + 1):
        sheet.row_dimensions[row].font = font(10, ink=MUTED)


def put(sheet: Worksheet, at: tuple[int, int], text: str, look: Font) -> Cell:
    """Write a text outside the tables, at (row, column), in this font."""
    cell = sheet.cell(*at, text)
    cell.font = look
    cell.alignment = Alignment(vertical="center")
    return cell
