"""Lying bars with few lines and numbers on them: most of the charts of the Dashboard are made of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.template import looks
from sheetfunnel.template.lettering import lettering
from sheetfunnel.values import value
from sheetfunnel.workbook.layout import Table, letters


@value
class Source:
    """The cells that a chart draws: the first ``rows`` of a table, named by one of its columns."""

    sheet: Worksheet
    table: Table
    names: str
    rows: int

    def cells(self, key: str) -> str:
        """Return the address of a column's drawn cells."""
        first = self.table.row + 1
        return self._address(key, first, first + self.rows - 1)

    def header(self, key: str) -> str:
        """Return the address of a column's header."""
        return self._address(key, self.table.row, self.table.row)

    def _address(self, key: str, first: int, last: int) -> str:
        letter = letters(self.table.column + self.table.position(key))
        title = self.sheet.title.replace("'", "''")
        end = f":${letter}${last}" if last > first else ""
        return f"'{title}'!${letter}${first}{end}"


def series(source: Source, key: str) -> Series:
    """Return one column as a series of bars."""
    made = Series(
        tx=SeriesLabel(strRef=StrRef(f=source.header(key))),
        cat=AxDataSource(strRef=StrRef(f=source.cells(source.names))),
        val=NumDataSource(numRef=NumRef(f=source.cells(key))),
    )
    made.invertIfNegative = False
    return made


def bars(parts: Sequence[Series], *, number_format: str) -> BarChart:
    """Return a chart of lying bars, the first one at the top, its axis numbered in this format."""
    chart = BarChart(barDir="bar", gapWidth=45)
    chart.series = list(parts)
    chart.legend, chart.roundedCorners = None, False
    chart.graphical_properties = GraphicalProperties(
        solidFill=looks.PAPER, ln=LineProperties(solidFill=looks.LINE)
    )
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"  # below, although the categories run downwards
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines = None
    chart.y_axis.number_format = number_format
    plain_axes(chart)
    return chart


def plain_axes(chart: BarChart | LineChart) -> None:
    """Leave the axes of a chart their words and numbers, without lines and ticks."""
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.majorTickMark = axis.minorTickMark = None
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        axis.txPr = lettering(9)


def paint(bar: Series, inks: Sequence[str]) -> None:
    """Colour the bars of a series one by one."""
    bar.graphicalProperties = GraphicalProperties(solidFill=inks[0])
    bar.dPt = [
        DataPoint(idx=at, invertIfNegative=False, spPr=GraphicalProperties(solidFill=ink))
        for at, ink in enumerate(inks)
    ]


def hide(bar: Series) -> None:
    """Leave a series its length, and nothing to be seen."""
    bar.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))


def label(bar: Series, *, position: Literal["ctr", "outEnd"], number_format: str) -> None:
    """Write the number on, or behind, each bar."""
    bar.dLbls = DataLabelList(
        numFmt=number_format,
        dLblPos=position,
        showVal=True,
        showLegendKey=False,
        showCatName=False,
        showSerName=False,
        showPercent=False,
        showBubbleSize=False,
        txPr=lettering(10, bold=True, ink="000000"),
    )
