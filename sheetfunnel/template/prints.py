"""How a tab prints: landscape, one page wide, the header repeated, the tab's name and the page below."""

from __future__ import annotations

from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.template import looks
from sheetfunnel.workbook.layout import Tab, letters

_A4 = 9

#: Tabs whose length does not grow with the pipeline.
_ONE_PAGE = {"start"}


def set_up_print(sheet: Worksheet, tab: Tab) -> None:
    """Set up the printing of a tab."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if tab.key in _ONE_PAGE else 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.55, bottom=0.65, header=0.3, footer=0.3)
    headers = {table.row for table in tab.tables}
    if len(headers) == 1:  # of tables below each other none heads them all
        sheet.print_title_rows = f"{min(headers)}:{min(headers)}"
    if tab.print_to:
        table = tab.tables[0]
        last = letters(table.column + table.position(tab.print_to))
        sheet.print_area = f"{letters(table.column)}1:{last}{looks.LAST_ROW}"
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(left=_small("&A"), right=_small("&P / &N"))


def _small(text: str) -> _HeaderFooterPart:
    return _HeaderFooterPart(text=text, size=9, color=looks.MUTED)
