"""Workbooks with rules on cells: conditional formats, validation, filters, tables."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.corpus.recipe import ROWS, Recipe, calls, on_table

_CRITERIA: Final = ("==", "!=", ">", ">=", "<", "<=")
_DAYS: Final = (
    "yesterday",
    "today",
    "last 7 days",
    "last week",
    "this week",
    "next week",
    "last month",
    "this month",
    "next month",
)
_TEXTS: Final = ("containing", "not containing", "begins with", "ends with")
_AVERAGES: Final = ("above", "below", "equal or above", "2 std dev below")
_ICONS: Final = (
    "3_arrows",
    "3_arrows_gray",
    "3_flags",
    "3_traffic_lights",
    "3_traffic_lights_rimmed",
    "3_signs",
    "3_symbols",
    "3_symbols_circled",
    "4_arrows",
    "4_arrows_gray",
    "4_red_to_black",
    "4_ratings",
    "4_traffic_lights",
    "5_arrows",
    "5_arrows_gray",
    "5_ratings",
    "5_quarters",
)
_PLAIN: Final = ("duplicate", "unique", "blanks", "no_blanks", "errors", "no_errors", "2_color_scale")
_OF_THEIR_OWN_LOOKS: Final = {"icon_set", "data_bar", "2_color_scale", "3_color_scale"}
_SCALE: Final = {
    "min_type": "percentile",
    "mid_type": "formula",
    "mid_value": "=$C$2",
    "max_color": "#FF0000",
}
_BAR: Final = {
    "data_bar_2010": True,
    "bar_solid": True,
    "bar_negative_color": "#FF0000",
    "bar_axis_position": "middle",
    "bar_direction": "right",
    "min_type": "num",
    "min_value": -5,
}
_FORMATS: Final[dict[str, dict[str, Any]]] = {
    **{f"cell {number}": {"type": "cell", "criteria": c, "value": 20} for number, c in enumerate(_CRITERIA)},
    "between": {"type": "cell", "criteria": "between", "minimum": 5, "maximum": "=$D$2"},
    "not between": {"type": "cell", "criteria": "not between", "minimum": 5, "maximum": 20},
    **{f"days {when}": {"type": "time_period", "criteria": when} for when in _DAYS},
    "before a day": {"type": "date", "criteria": "<", "value": date(2026, 3, 2)},
    **{f"text {how}": {"type": "text", "criteria": how, "value": 'a "&" <b>'} for how in _TEXTS},
    **{f"average {how}": {"type": "average", "criteria": how} for how in _AVERAGES},
    **{kind: {"type": kind} for kind in _PLAIN},
    "top": {"type": "top", "value": 3},
    "bottom percent": {"type": "bottom", "value": 10, "criteria": "%"},
    "formula": {"type": "formula", "criteria": '=AND($C2>20,$A2<>"x")', "stop_if_true": True},
    "three colours": {"type": "3_color_scale", **_SCALE},
    "bar": {"type": "data_bar", "bar_only": True},
    "bar of 2010": {"type": "data_bar", **_BAR},
    "bar without borders": {"type": "data_bar", "data_bar_2010": True, "bar_no_border": True},
    **{f"icons {style}": {"type": "icon_set", "icon_style": style} for style in _ICONS},
    "icons with limits": {
        "type": "icon_set",
        "icon_style": "3_flags",
        "reverse_icons": True,
        "icons": [{"criteria": ">", "type": "number", "value": 40}, {"type": "formula", "value": "=$C$2"}],
    },
    "many ranges": {"type": "no_blanks", "multi_range": "C2:C3 C5:D6 E7"},
}
_ERROR: Final = {"error_type": "warning", "error_title": "No <such>", "error_message": "Choose & go"}
_VALIDATIONS: Final[dict[str, dict[str, Any]]] = {
    "any": {"validate": "any", "input_title": "Client", "input_message": "Who\nbuys?"},
    "whole": {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 100},
    "decimal": {"validate": "decimal", "criteria": ">", "value": "=$C$2"},
    "list": {"validate": "list", "source": ["yes", "no", "a & b"], "dropdown": False},
    "list of cells": {"validate": "list", "source": "=$A$2:$A$7"},
    "list of another sheet": {"validate": "list", "source": "=Lists!$A$1:$A$9"},
    "list of a name": {"validate": "list", "source": "=Clients", "ignore_blank": False},
    "date": {"validate": "date", "criteria": ">=", "value": date(2024, 1, 1)},
    "time": {"validate": "time", "criteria": "<", "value": 0.5},
    "length": {"validate": "length", "criteria": "<=", "value": 30, **_ERROR},
    "formula": {"validate": "custom", "value": '=COUNTIF($A:$A,$A2)=1&""', "error_type": "information"},
    "many ranges": {"validate": "integer", "criteria": "<", "value": 9, "other_cells": [[9, 1, 9, 3]]},
}
_TABLES: Final[dict[str, dict[str, Any]]] = {
    "plain": {"data": [row[:5] for row in ROWS[1:]]},
    "named": {"name": "Clients_1", "style": "Table Style Light 11", "banded_columns": True},
    "without header": {"header_row": False, "autofilter": False},
    "without style": {"style": None, "first_column": True, "last_column": True},
    "with totals": {
        "total_row": True,
        "columns": [{"total_string": "Sum"}, {}, {"total_function": "sum"}, {"total_value": 5}],
    },
    "with a formula": {"columns": [{"header": "a"}, {"header": "b"}, {"formula": "=[@a]&[@b]"}]},
    "with odd headings": {"columns": [{"header": "two\nlines"}, {"header": "#[it]'s"}, {"header": "<&>"}]},
}


def _formatted(name: str, rule: dict[str, Any]) -> Recipe:
    def act(book: Workbook, sheet: Worksheet) -> None:
        bold = book.add_format({"bold": True, "bg_color": "#FFC7CE", "num_format": "0.0"})
        looks = {} if rule["type"] in _OF_THEIR_OWN_LOOKS else {"format": bold}
        sheet.conditional_format("C2:E7", {**rule, **looks})

    return on_table(f"format {name}", act)


def _validated(name: str, rule: dict[str, Any]) -> Recipe:
    def act(book: Workbook, sheet: Worksheet) -> None:
        book.add_worksheet("Lists").write_column("A1", ["yes", "no"])
        book.define_name("Clients", "=Data!$A$2:$A$7")
        sheet.data_validation("F2:F40", rule)

    return on_table(f"validation {name}", act)


def _all_rules(_: Workbook, sheet: Worksheet) -> None:
    for rule in _FORMATS.values():
        sheet.conditional_format("A2:E7", rule)
    for number, rule in enumerate(_VALIDATIONS.values()):
        sheet.data_validation(number, 6, 60, 6, rule)


def _filtered(_: Workbook, sheet: Worksheet) -> None:
    sheet.autofilter("A1:E7")
    sheet.filter_column("C", "x > 10 and x < 60")
    sheet.filter_column_list("B", ["ovens", "Blanks"])
    for row in (2, 4, 5):
        sheet.set_row(row, None, None, {"hidden": True})


def _two_tables(book: Workbook, sheet: Worksheet) -> None:
    sheet.add_table("A1:E7", {"columns": [{"header": str(text)} for text in ROWS[0]]})
    sheet.add_table("H3:I5", {"name": "Second"})
    book.add_worksheet("Other").add_table("B2:C4", {"name": "Third"})


RULES: Final[list[Recipe]] = [
    *(_formatted(name, rule) for name, rule in _FORMATS.items()),
    *(_validated(name, rule) for name, rule in _VALIDATIONS.items()),
    *calls("table", "add_table", {name: ("A1:E7", more) for name, more in _TABLES.items()}),
    on_table("table several", _two_tables),
    on_table("filter with hidden rows", _filtered),
    on_table("filter plain", lambda _, sheet: sheet.autofilter("A1:E7")),
    on_table("rules all together", _all_rules),
]
