"""The charts of the Dashboard, each above the table that it draws and as wide as it.

They point at cells that a sync fills. The funnel is a stacked bar whose first series is invisible, for
Excel's own funnel chart is not shown by other programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from openpyxl.chart import BarChart, LineChart
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.funnel.objective import Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.template import looks
from sheetfunnel.template.bars import Source, bars, hide, label, paint, series
from sheetfunnel.template.lettering import heading
from sheetfunnel.template.lines import line, lines
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import Layout, Table

#: The charts, from left to right and downwards: each has the key of its table.
CHARTS = ("funnel", "shares", "obstacles", "stages", "income")

#: How many rows of the obstacles, weeks and months are drawn.
OBSTACLES = 8
WEEKS = 26
MONTHS = 6

#: So many rows above its table a chart begins.
_HEIGHT = 20
_STAGE_OF = {Work.CLOSE: Stage.BEST_FEW, Work.EXPLORE: Stage.ABOVE, Work.COVER: Stage.IN}
#: Columns of long texts at the end of a table.
_LONG = {"answer", "evidence"}
_NO_NUMBERS = ";;;"
_UP_TO_ALL = "[<=1]0%;"  # an axis without data yet goes beyond


def put_charts(sheet: Worksheet, layout: Layout, words: Labels) -> None:
    """Write the charts above their tables."""
    spacers = layout.table("spacers")
    charts: Mapping[str, Callable[[Source], BarChart | LineChart]] = {
        "funnel": lambda source: _funnel(source, replace(source, table=spacers, names="spacer")),
        "shares": _shares,
        "obstacles": _obstacles,
        "stages": _stages,
        "income": _income,
    }
    for key in CHARTS:
        table = layout.table(key)
        names = table.columns[0].key
        chart = charts[key](Source(sheet=sheet, table=table, names=names, rows=_ROWS[key]))
        chart.title = heading(words.text(f"chart.{key}"), size=13, bold=True)
        chart.y_axis.title = heading(words.text(f"chart.{key}.axis"), size=9)
        chart.anchor = _above(table, layout)  # type: ignore[assignment] # the stubs know addresses only
        sheet.add_chart(chart)
    lower = min(layout.table(key).row for key in CHARTS if layout.table(key).dressed)
    sheet.row_breaks.append(Break(id=lower - _HEIGHT - 1))  # no page ends within a chart


_ROWS = {"funnel": len(Stage), "shares": len(Work), "obstacles": OBSTACLES, "stages": WEEKS, "income": MONTHS}


def chart_descriptions(words: Labels) -> tuple[tuple[str, str], ...]:
    """Return the name of each chart and the text for those who do not see it."""
    return tuple((words.text(f"chart.{key}"), words.text(f"chart.{key}.alt")) for key in CHARTS)


def _funnel(source: Source, spacers: Source) -> BarChart:
    spacer, count = series(spacers, "spacer"), series(source, "count")
    spacer.cat = count.cat
    hide(spacer)
    paint(count, [looks.colour(stage.value) for stage in Stage])
    label(count, position="ctr", number_format="0")
    chart = bars([spacer, count], number_format=_NO_NUMBERS)  # where a centred bar begins says nothing
    chart.grouping, chart.overlap, chart.gapWidth = "stacked", 100, 12
    chart.visible_cells_only = False  # the spacer's column is hidden
    return chart


def _shares(source: Source) -> BarChart:
    share = series(source, "share")
    paint(share, [looks.colour(_STAGE_OF[work].value) for work in Work])
    label(share, position="outEnd", number_format="0%")
    return bars([share], number_format=_UP_TO_ALL)


def _obstacles(source: Source) -> BarChart:
    amount = series(source, "amount")
    paint(amount, [looks.colour("header")] * OBSTACLES)
    label(amount, position="outEnd", number_format="#,##0")
    return bars([amount], number_format="#,##0")


def _stages(source: Source) -> LineChart:
    counted = [stage for stage in Stage if stage is not Stage.UNIVERSE]
    drawn = [line(series(source, stage.value), looks.colour(stage.value)) for stage in counted]
    return lines([*drawn, line(series(source, "open"), looks.MUTED, dashed=True)], number_format="0")


def _income(source: Source) -> LineChart:
    drawn = [
        line(series(source, "median"), looks.colour("header")),
        line(series(source, "low"), looks.GREYED, dashed=True),
        line(series(source, "high"), looks.GREYED, dashed=True),
        line(series(source, "target"), looks.ALARM),
    ]
    return lines(drawn, number_format="#,##0")


def _above(table: Table, layout: Layout) -> TwoCellAnchor:
    """Return the place above a table: as wide as the widest of those that stand there, long texts apart."""
    beside = [each for each in layout.tables if (each.tab, each.column) == (table.tab, table.column)]
    wide = max(sum(column.key not in _LONG for column in each.columns) for each in beside)
    start = AnchorMarker(col=table.column - 1, row=table.row - _HEIGHT - 1)
    end = AnchorMarker(col=table.column - 1 + wide, row=table.row - 2)
    return TwoCellAnchor(editAs="oneCell", _from=start, to=end)
