"""Workbooks with charts: every kind, every ornament, combined, on sheets of their own."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from tests.corpus.recipe import Recipe, table

_KINDS: Final = {
    "area": ("", "stacked", "percent_stacked"),
    "bar": ("", "stacked", "percent_stacked"),
    "column": ("", "stacked", "percent_stacked"),
    "line": ("", "stacked", "percent_stacked"),
    "pie": ("",),
    "doughnut": ("",),
    "scatter": ("", "straight", "straight_with_markers", "smooth", "smooth_with_markers"),
    "radar": ("", "with_markers", "filled"),
}
_LABELS: Final = {"value": True, "custom": [{"value": "=Data!$A$2"}, {"delete": True}, None]}
_BARS: Final = {"y_error_bars": {"type": "percentage", "value": 5}, "x_error_bars": {"type": "fixed"}}
_FIT: Final = {"type": "polynomial", "order": 3, "name": "Fit & <more>", "display_equation": True}

_OF_SERIES: Final[dict[str, dict[str, Any]]] = {
    "labels": {"data_labels": _LABELS},
    "labels with lines": {"data_labels": {"value": True, "leader_lines": True, "position": "outside_end"}},
    "trend line": {"trendline": _FIT},
    "moving average": {"trendline": {"type": "moving_average", "period": 2}},
    "error bars": _BARS,
    "markers": {"marker": {"type": "diamond", "size": 9, "border": {"color": "red"}}},
    "points": {"points": [{"fill": {"color": "red"}}, None, {"border": {"none": True}}]},
    "gradient": {"gradient": {"colors": ["#DDEBCF", "#9CB86E", "#156B13"], "type": "radial"}},
    "pattern": {"pattern": {"pattern": "large_confetti", "fg_color": "blue"}},
    "gaps": {"gap": 30, "overlap": 80, "invert_if_negative": True},
    "secondary axis": {"y2_axis": True},
}
_OF_CHART: Final[dict[str, tuple[str, tuple[Any, ...]]]] = {
    "title": ("set_title", ({"name": "What “&” <costs>", "overlay": True},)),
    "title of a cell": ("set_title", ({"name": "=Data!$A$1"},)),
    "no title": ("set_title", ({"none": True},)),
    "legend": ("set_legend", ({"position": "overlay_right", "delete_series": [0]},)),
    "log axis": ("set_y_axis", ({"log_base": 10, "reverse": True, "num_format": "0.00 €"},)),
    "date axis": ("set_x_axis", ({"date_axis": True, "major_unit_type": "months", "crossing": "max"},)),
    "axis fonts": ("set_x_axis", ({"num_font": {"rotation": -45, "name": "Arial"}, "name": "Who"},)),
    "axis units": ("set_y_axis", ({"display_units": "thousands", "min": 0, "max": 60},)),
    "table": ("set_table", ({"show_keys": True},)),
    "style": ("set_style", (37,)),
    "area": ("set_chartarea", ({"border": {"none": True}, "fill": {"color": "#FFFFCC"}},)),
    "plot area": ("set_plotarea", ({"layout": {"x": 0.1, "y": 0.2, "width": 0.6, "height": 0.5}},)),
    "drop lines": ("set_drop_lines", ()),
    "high low lines": ("set_high_low_lines", ()),
    "up down bars": ("set_up_down_bars", ()),
    "blanks": ("show_blanks_as", ("span",)),
    "hidden data": ("show_hidden_data", ()),
    "missing as blank": ("show_na_as_empty_cell", ()),
}


def _chart(book: Workbook, kind: str, column: str = "C", sub: str = "", **more: Any) -> Chart:  # noqa: ANN401
    chart = book.add_chart({"type": kind, **({"subtype": sub} if sub else {})})
    values = f"=Data!${column}$2:${column}$7"
    chart.add_series({"categories": "=Data!$A$2:$A$7", "values": values, **more})
    return chart


def _kind(name: str, sub: str) -> Recipe:
    def fill(book: Workbook) -> None:
        table(book).insert_chart("G2", _chart(book, name, sub=sub))

    return Recipe(name=f"chart {name} {sub}".strip(), fill=fill)


def _series(name: str, more: dict[str, Any]) -> Recipe:
    def fill(book: Workbook) -> None:
        chart = _chart(book, "column", **more)
        chart.add_series({"values": "=Data!$D$2:$D$7"})
        table(book).insert_chart("G2", chart)

    return Recipe(name=f"chart series {name}", fill=fill)


def _ornament(name: str, method: str, given: tuple[Any, ...]) -> Recipe:
    def fill(book: Workbook) -> None:
        chart = _chart(book, "line")
        chart.add_series({"values": "=Data!$D$2:$D$7"})
        getattr(chart, method)(*given)
        table(book).insert_chart("G2", chart, {"object_position": 3, "x_scale": 1.5, "decorative": True})

    return Recipe(name=f"chart {method.removeprefix('set_')} {name}", fill=fill)


def _stock(book: Workbook) -> None:
    chart = book.add_chart({"type": "stock"})
    for column in "CDE":
        chart.add_series({"categories": "=Data!$A$2:$A$7", "values": f"=Data!${column}$2:${column}$7"})
    table(book).insert_chart("G2", chart)


def _combined(book: Workbook) -> None:
    chart = _chart(book, "column")
    chart.combine(_chart(book, "line", "D", y2_axis=True))
    chart.set_y2_axis({"name": "Second"})
    table(book).insert_chart("G2", chart, {"description": "Two kinds in one"})


def _own_sheet(book: Workbook) -> None:
    sheet = book.add_chartsheet("Chart only")
    sheet.set_chart(_chart(book, "bar"))
    sheet.set_header("&C&A")
    sheet.protect("secret", {"objects": True})
    sheet.set_zoom(75)
    sheet.set_tab_color("red")
    table(book)
    hidden = book.add_chartsheet("Hidden chart")
    hidden.set_chart(_chart(book, "pie"))
    hidden.hide()


def _several(book: Workbook) -> None:
    sheet, other = table(book), book.add_worksheet("Other")
    for number in range(6):
        (sheet if number % 2 else other).insert_chart(number * 15, 6, _chart(book, "column"))


def _shapes_on_it(book: Workbook) -> None:
    chart = _chart(book, "doughnut")
    chart.set_rotation(90)
    chart.set_hole_size(33)
    table(book).insert_chart("G2", chart, {"url": "https://example.org/", "tip": "more"})


CHARTS: Final[list[Recipe]] = [
    *(_kind(name, sub) for name, subs in _KINDS.items() for sub in subs),
    *(_series(name, more) for name, more in _OF_SERIES.items()),
    *(_ornament(name, method, given) for name, (method, given) in _OF_CHART.items()),
    Recipe(name="chart stock", fill=_stock),
    Recipe(name="chart combined", fill=_combined),
    Recipe(name="chart on its own sheet", fill=_own_sheet),
    Recipe(name="charts on two sheets", fill=_several),
    Recipe(name="chart turned", fill=_shapes_on_it),
]
