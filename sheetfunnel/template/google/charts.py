"""The charts of the Dashboard as Google draws them.

Google knows no bar without a colour: the spacer that centres the funnel has that of the paper. It takes the
format of numbers from the cells, and leaves the lines of an axis as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from openpyxl.chart import BarChart
from openpyxl.utils.cell import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.template import looks
from sheetfunnel.template.google.dimensions import COLUMN, ROW, column_pixels, row_pixels
from sheetfunnel.template.google.formats import Part, ink
from sheetfunnel.template.google.ranges import Request, Tabs
from sheetfunnel.template.google.target import Target

_PLACEMENTS: Final = {"ctr": "CENTER", "outEnd": "OUTSIDE_END"}


def put_charts(target: Target, tabs: Tabs, descriptions: Mapping[str, str]) -> Iterator[Request]:
    """Yield the requests for the charts of a tab; by title, ``descriptions`` say what each shows."""
    sheet: Part = target.sheet
    for chart in sheet._charts:  # noqa: SLF001 # the only place where openpyxl keeps them
        title = _words(chart.title)
        spec = {**_spec(chart, tabs), "title": title, "altText": descriptions[title]}
        place = {"overlayPosition": _place(chart, target)}
        yield {"addChart": {"chart": {"spec": spec, "position": place}}}


def _spec(chart: Part, tabs: Tabs) -> Request:
    hidden_too = chart.visible_cells_only is False
    lying = isinstance(chart, BarChart)
    return {
        "titleTextFormat": {
            "bold": True,
            "fontSize": 13,
            "foregroundColorStyle": ink(looks.colour("header")),
        },
        "titleTextPosition": {"horizontalAlignment": "CENTER"},
        "fontName": looks.FONT,
        "backgroundColorStyle": ink(looks.PAPER),
        "hiddenDimensionStrategy": "SHOW_ALL" if hidden_too else "SKIP_HIDDEN_ROWS_AND_COLUMNS",
        "basicChart": {
            "chartType": "BAR" if lying else "LINE",
            "legendPosition": "NO_LEGEND" if lying else "BOTTOM_LEGEND",
            "headerCount": 1,
            "axis": _axes(chart, lying=lying),
            "domains": [{"domain": _names(chart.series[0], tabs)}],
            "series": [(_bar if lying else _line)(each, tabs) for each in chart.series],
            **({"stackedType": "STACKED" if chart.grouping == "stacked" else "NOT_STACKED"} if lying else {}),
        },
    }


def _axes(chart: Part, *, lying: bool) -> list[Request]:
    """Return the axis of the numbers, which lies below lying bars and begins at nothing, and the other."""
    window = {"viewWindowMode": "EXPLICIT", "viewWindowMin": 0}
    numbers, names = ("BOTTOM_AXIS", "LEFT_AXIS") if lying else ("LEFT_AXIS", "BOTTOM_AXIS")
    title = _words(chart.y_axis.title)
    return [{"position": numbers, "title": title, "viewWindowOptions": window}, {"position": names}]


def _names(series: Part, tabs: Tabs) -> Request:
    return _drawn(series.cat.strRef.f, tabs)


def _line(series: Part, tabs: Tabs) -> Request:
    look = series.graphicalProperties.ln
    return {
        "series": _drawn(series.val.numRef.f, tabs),
        "targetAxis": "LEFT_AXIS",
        "type": "LINE",
        "colorStyle": ink(str(look.solidFill.srgbClr)),
        "lineStyle": {"type": "MEDIUM_DASHED" if look.prstDash != "solid" else "SOLID", "width": 2},
    }


def _bar(series: Part, tabs: Tabs) -> Request:
    made: Request = {
        "series": _drawn(series.val.numRef.f, tabs),
        "targetAxis": "BOTTOM_AXIS",
        "type": "BAR",
        "colorStyle": ink(_colour(series.graphicalProperties)),
    }
    own = [{"index": point.idx, "colorStyle": ink(_colour(point.spPr))} for point in series.dPt]
    made |= {"styleOverrides": own} if own else {}
    return made | ({"dataLabel": _label(series.dLbls.dLblPos)} if series.dLbls else {})


def _label(position: str) -> Request:
    letters = {"bold": True, "fontSize": 10, "foregroundColorStyle": ink("000000")}
    return {"type": "DATA", "placement": _PLACEMENTS[position], "textFormat": letters}


def _colour(look: Part) -> str:
    return looks.PAPER if look.noFill else str(look.solidFill.srgbClr)


def _drawn(reference: str, tabs: Tabs) -> Request:
    """Return the cells that are drawn, with the header above them, which names the series."""
    area = tabs.range(reference)
    return {"sourceRange": {"sources": [{**area, "startRowIndex": area["startRowIndex"] - 1}]}}


def _words(title: Part) -> str:
    return "".join(run.t for line in title.tx.rich.p for run in line.r)


def _place(chart: Part, target: Target) -> Request:
    """Return where a chart lies and how large it is: from the one cell of its anchor to the other."""
    start, end = chart.anchor._from, chart.anchor.to  # noqa: SLF001 # the name that openpyxl gives it
    columns, rows = range(start.col + 1, end.col + 1), range(start.row + 1, end.row + 1)
    return {
        "anchorCell": {"sheetId": target.sheet_id, "rowIndex": start.row, "columnIndex": start.col},
        "widthPixels": sum(_width(target.sheet, at) for at in columns),
        "heightPixels": sum(_height(target.sheet, at) for at in rows),
    }


def _width(sheet: Worksheet, column: int) -> int:
    sizes = {column_index_from_string(key): each for key, each in sheet.column_dimensions.items()}
    size = sizes.get(column)
    if size is None:
        return COLUMN
    return 0 if size.hidden else column_pixels(size.width)


def _height(sheet: Worksheet, row: int) -> int:
    own = sheet.row_dimensions[row].height if row in sheet.row_dimensions else None
    usual = sheet.sheet_format.defaultRowHeight if sheet.sheet_format.customHeight else None
    height = own or usual
    return ROW if height is None else row_pixels(height)
