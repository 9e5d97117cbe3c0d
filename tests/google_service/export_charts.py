"""Bar charts of the state, as a workbook draws them."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series import Series
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils.units import pixels_to_EMU

from tests.google_service.ranges import grid_box
from tests.google_service.shapes import Object
from tests.google_service.state import Spreadsheet

_PLACES = {"CENTER": "ctr", "OUTSIDE_END": "outEnd"}


def draw(book: Workbook, spreadsheet: Spreadsheet) -> None:
    """Draw every chart of lying bars; other kinds are left out."""
    for sheet in spreadsheet.sheets:
        for entry in sheet.lists["charts"]:
            place = entry.get("position", {}).get("overlayPosition")
            if place and entry["spec"].get("basicChart", {}).get("chartType") == "BAR":
                chart = _bars(book, spreadsheet, entry["spec"])
                chart.anchor = _anchor(place)  # type: ignore[assignment] # the stubs know addresses only
                book[sheet.title].add_chart(chart)


def _bars(book: Workbook, spreadsheet: Spreadsheet, spec: Object) -> BarChart:
    basic = spec["basicChart"]
    chart = BarChart(barDir="bar", gapWidth=45)
    if basic.get("stackedType") == "STACKED":
        chart.grouping, chart.overlap = "stacked", 100
    chart.title, chart.legend = spec.get("title"), None
    chart.visible_cells_only = spec.get("hiddenDimensionStrategy") != "SHOW_ALL"
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.title = next((axis["title"] for axis in basic.get("axis", ()) if "title" in axis), None)
    chart.series = [_series(book, spreadsheet, each) for each in basic["series"]]
    names = _cells(book, spreadsheet, basic["domains"][0]["domain"])
    names.min_row += basic.get("headerCount", 0)
    chart.set_categories(names)
    return chart


def _series(book: Workbook, spreadsheet: Spreadsheet, raw: Object) -> Series:
    made: Series = SeriesFactory(_cells(book, spreadsheet, raw["series"]), title_from_data=True)
    made.graphicalProperties.solidFill = _hex(raw["colorStyle"])
    for style in raw.get("styleOverrides", ()):
        point = DataPoint(idx=style.get("index", 0))
        point.graphicalProperties.solidFill = _hex(style["colorStyle"])
        made.dPt.append(point)
    label = raw.get("dataLabel")
    if label:
        parts = dict.fromkeys(("showSerName", "showCatName", "showLegendKey", "showPercent"), False)
        made.dLbls = DataLabelList(dLblPos=_PLACES.get(label.get("placement", "")), showVal=True, **parts)
    return made


def _cells(book: Workbook, spreadsheet: Spreadsheet, data: Object) -> Reference:
    (where,) = data["sourceRange"]["sources"]
    sheet = spreadsheet.sheet(where.get("sheetId", 0))
    top, bottom, left, right = sheet.clipped(grid_box(where)).bounds
    return Reference(book[sheet.title], min_row=top + 1, max_row=bottom, min_col=left + 1, max_col=right)


def _anchor(place: Object) -> OneCellAnchor:
    cell = place.get("anchorCell", {})
    start = AnchorMarker(col=cell.get("columnIndex", 0), row=cell.get("rowIndex", 0))
    sizes = (place.get("widthPixels", 600), place.get("heightPixels", 371))
    return OneCellAnchor(_from=start, ext=XDRPositiveSize2D(*map(pixels_to_EMU, sizes)))


def _hex(style: Object) -> str:
    color = style.get("rgbColor", {})
    return "".join(f"{round(color.get(name, 0) * 255):02X}" for name in ("red", "green", "blue"))
