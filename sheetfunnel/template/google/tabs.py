"""Tabs: made with a number of their own, or out of the blank one that a new sheet has."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.template.google.formats import ink
from sheetfunnel.template.google.ranges import Request
from sheetfunnel.template.google.target import Target
from sheetfunnel.workbook.layout import address


def put_tab(target: Target) -> Request:
    """Return the request that makes a tab."""
    looks = _properties(target)
    if not target.blank:
        return {"addSheet": {"properties": looks}}
    fields = "title,index,hidden,tabColorStyle,gridProperties"
    return {"updateSheetProperties": {"properties": looks, "fields": fields}}


def _properties(target: Target) -> Request:
    sheet = target.sheet
    made: Request = {"sheetId": target.sheet_id, "title": sheet.title, "index": target.index}
    if target.tab.hidden:
        made["hidden"] = True
    return made | {
        "tabColorStyle": ink(sheet.sheet_properties.tabColor),
        "gridProperties": {
            "rowCount": target.rows,
            "columnCount": target.columns,
            **_frozen(sheet),
            **({} if sheet.sheet_view.showGridLines else {"hideGridlines": True}),
        },
    }


def _frozen(sheet: Worksheet) -> Request:
    if not sheet.freeze_panes:
        return {}
    row, column = address(str(sheet.freeze_panes))
    counts = {"frozenRowCount": row - 1, "frozenColumnCount": column - 1}
    return {key: count for key, count in counts.items() if count}
