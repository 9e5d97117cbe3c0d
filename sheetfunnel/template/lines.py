"""Lines over time with their names below: the other charts of the Dashboard are made of these parts."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart import LineChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from sheetfunnel.template import looks
from sheetfunnel.template.bars import plain_axes
from sheetfunnel.template.lettering import lettering

#: The width of a line, in the units of drawings (two and a quarter points).
_WIDTH = 28_575


def line(drawn: Series, ink: str, *, dashed: bool = False) -> Series:
    """Draw a series as a plain line of this colour."""
    look = LineProperties(solidFill=ink, w=_WIDTH, prstDash="sysDash" if dashed else "solid")
    drawn.graphicalProperties = GraphicalProperties(ln=look)
    drawn.marker = Marker(symbol="none")
    drawn.smooth = False
    drawn.invertIfNegative = None
    return drawn


def lines(parts: Sequence[Series], *, number_format: str) -> LineChart:
    """Return a chart of lines; where a cell is blank a line has a gap, for nothing is known there."""
    chart = LineChart()
    chart.series = list(parts)
    chart.legend = Legend(legendPos="b", txPr=lettering(9))
    chart.roundedCorners, chart.display_blanks = False, "gap"
    chart.graphical_properties = GraphicalProperties(
        solidFill=looks.PAPER, ln=LineProperties(solidFill=looks.LINE)
    )
    chart.y_axis.scaling.min = 0
    chart.y_axis.number_format = number_format
    chart.y_axis.majorGridlines = ChartLines(
        spPr=GraphicalProperties(ln=LineProperties(solidFill=looks.LINE))
    )
    plain_axes(chart)
    return chart
