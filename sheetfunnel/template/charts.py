"""The three charts of the Dashboard, each above the table that it draws and as wide as it.

They point at cells that a sync fills. The funnel is a stacked bar whose first series is invisible, for
Excel's own funnel chart is not shown by other programs.
"""

from __future__ import annotations

from openpyxl.chart import BarChart
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.template import looks
from sheetfunnel.template.bars import Source, bars, hide, label, paint, series
from sheetfunnel.template.lettering import heading
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import Layout, Table

#: The charts, from left to right: each has the key of its table.
CHARTS = ("funnel", "shares", "obstacles")

#: How many rows of the obstacles are drawn.
OBSTACLES = 8

_TOP_ROW = 4
_STAGE_OF = {Work.CLOSE: Stage.BEST_FEW, Work.EXPLORE: Stage.ABOVE, Work.COVER: Stage.IN}
_NO_NUMBERS = ";;;"
_UP_TO_ALL = "[<=1]0%;"  # an axis without data yet goes beyond


def put_charts(sheet: Worksheet, layout: Layout, words: Labels) -> None:
    """Write the charts above their tables."""
    for key, draw in zip(CHARTS, (_funnel, _shares, _obstacles), strict=True):
        table = layout.table(key)
        chart = draw(sheet, table)
        chart.title = heading(words.text(f"chart.{key}"), size=13, bold=True)
        chart.y_axis.title = heading(words.text(f"chart.{key}.axis"), size=9)
        chart.anchor = _above(table)  # type: ignore[assignment] # the stubs know addresses only
        sheet.add_chart(chart)


def chart_descriptions(words: Labels) -> tuple[tuple[str, str], ...]:
    """Return the name of each chart and the text for those who do not see it."""
    return tuple((words.text(f"chart.{key}"), words.text(f"chart.{key}.alt")) for key in CHARTS)


def _funnel(sheet: Worksheet, table: Table) -> BarChart:
    source = Source(sheet=sheet, table=table, names="stage", rows=len(Stage))
    spacer, count = series(source, "spacer"), series(source, "count")
    hide(spacer)
    paint(count, [looks.colour(stage.value) for stage in Stage])
    label(count, position="ctr", number_format="0")
    chart = bars([spacer, count], number_format=_NO_NUMBERS)  # where a centred bar begins says nothing
    chart.grouping, chart.overlap, chart.gapWidth = "stacked", 100, 12
    chart.visible_cells_only = False  # the spacer's column is hidden
    return chart


def _shares(sheet: Worksheet, table: Table) -> BarChart:
    share = series(Source(sheet=sheet, table=table, names="work", rows=len(Work)), "share")
    paint(share, [looks.colour(_STAGE_OF[work].value) for work in Work])
    label(share, position="outEnd", number_format="0%")
    return bars([share], number_format=_UP_TO_ALL)


def _obstacles(sheet: Worksheet, table: Table) -> BarChart:
    amount = series(Source(sheet=sheet, table=table, names="obstacle", rows=OBSTACLES), "amount")
    paint(amount, [looks.colour("header")] * OBSTACLES)
    label(amount, position="outEnd", number_format="#,##0")
    return bars([amount], number_format="#,##0")


def _above(table: Table) -> TwoCellAnchor:
    """Return the place above a table, as wide as its columns but for one of long texts at the end."""
    columns = [column for column in table.columns if column.key != "answer"]
    start = AnchorMarker(col=table.column - 1, row=_TOP_ROW - 1)
    end = AnchorMarker(col=table.column - 1 + len(columns), row=table.row - 2)
    return TwoCellAnchor(editAs="oneCell", _from=start, to=end)
