"""How a tab prints: landscape, one page wide, the header repeated, the tab's name and the page below."""

from __future__ import annotations

from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.workbook.layout import Tab

_A4 = 9
_GREY = "6B7785"


def set_up_print(sheet: Worksheet, tab: Tab) -> None:
    """Set up the printing of a tab."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.55, bottom=0.65, header=0.3, footer=0.3)
    header = max(table.row for table in tab.tables)
    sheet.print_title_rows = f"{header}:{header}"
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(left=_small("&A"), right=_small("&P / &N"))


def _small(text: str) -> _HeaderFooterPart:
    return _HeaderFooterPart(text=text, size=9, color=_GREY)
