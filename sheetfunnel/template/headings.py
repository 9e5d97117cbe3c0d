"""What stands above the tables: the heading of a tab, one sentence on its use, a caption for each table."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.template import looks
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import Tab


def put_heading(sheet: Worksheet, tab: Tab, words: Labels) -> None:
    """Write the heading lines of a tab; one whose table begins in the first row has none."""
    first = min(table.row for table in tab.tables if not table.dressed)
    if first == 1:
        return
    looks.blank_rows(sheet, first - 1)
    look = looks.font(18, ink=looks.colour("header"), bold=True)
    looks.put(sheet, (1, 1), words.text(f"title.{tab.key}"), look)
    looks.put(sheet, (2, 1), words.text(f"lead.{tab.key}"), looks.font(ink=looks.MUTED))
    sheet.row_dimensions[1].height = 32
    sheet.row_dimensions[2].height = 18
    sheet.row_dimensions[3].height = 24
    _put_captions(sheet, tab, words)


def _put_captions(sheet: Worksheet, tab: Tab, words: Labels) -> None:
    for table in tab.tables:
        label = f"title.table.{table.key}"
        if label in words.texts:
            look = looks.font(12, ink=looks.colour("header"), bold=True)
            looks.put(sheet, (table.row - 1, table.column), words.text(label), look)
