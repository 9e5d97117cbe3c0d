"""Workbooks as openpyxl writes them: another dialect of the same format, with features of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final, TypeAlias

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import ColorScaleRule, FormulaRule, IconSetRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.recipe import ROWS, picture

_Act: TypeAlias = Callable[[Workbook, Worksheet], None]


def openpyxl_made(name: str, folder: Path) -> Path:
    """Write one of the workbooks into a folder, and return its path."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Data"
    for row in ROWS:
        sheet.append(row)
    OPENPYXL_MADE[name](book, sheet)
    path = folder / f"openpyxl {name}.xlsx"
    book.save(path)
    return path


def _chart(_: Workbook, sheet: Worksheet) -> None:
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, max_col=4, min_row=1, max_row=7), titles_from_data=True)
    sheet.add_chart(chart, "G2")
    sheet.add_image(Image(picture()), "G20")


def _rules(_: Workbook, sheet: Worksheet) -> None:
    red = PatternFill(bgColor="FFC7CE")
    sheet.conditional_formatting.add("A2:A7", FormulaRule(formula=["$C2>20"], fill=red))  # type: ignore[no-untyped-call]
    scale = ColorScaleRule(start_type="min", start_color="FF0000", end_type="max", end_color="00FF00")  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("C2:C7", scale)
    icons = IconSetRule("3Arrows", "percent", [0, 33, 67])  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("D2:D7", icons)
    validation = DataValidation(type="list", formula1='"yes,no"', allow_blank=True)
    validation.add("F2:F40")
    sheet.add_data_validation(validation)


def _table(_: Workbook, sheet: Worksheet) -> None:
    sheet.add_table(Table(displayName="Clients", ref="A1:E7"))
    sheet["A2"].comment = Comment("met at the fair", "Ana")


def _formulas(_: Workbook, sheet: Worksheet) -> None:
    sheet["G2"] = "=SUM(C2:C7)"
    sheet["G3"] = ArrayFormula("G3:G5", "=C2:C4*D2:D4")
    sheet["H2"] = DataTableFormula(ref="H2:H4", dt2D=False, r1="A1")
    sheet["H3"] = 5


def _looks(book: Workbook, sheet: Worksheet) -> None:
    sheet["A1"].font = Font(bold=True, name="Arial")
    sheet["A9"].alignment = Alignment(wrap_text=True)
    sheet["B9"] = date(2024, 2, 29)
    sheet["B9"].number_format = "yyyy-mm-dd"
    sheet.row_dimensions[4].height = 40
    sheet.column_dimensions["B"].width = 30
    sheet.merge_cells("G2:H3")
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    book.defined_names["Clients"] = DefinedName("Clients", attr_text="Data!$A$2:$A$7")


def _tabs(book: Workbook, sheet: Worksheet) -> None:
    book.create_sheet("Ana's <tab>").append([1, None, "x"])
    book.copy_worksheet(sheet).sheet_state = "veryHidden"
    sheet.protection.enable()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 (a cell has no time zone)


OPENPYXL_MADE: Final[dict[str, _Act]] = {
    "chart": _chart,
    "rules": _rules,
    "table": _table,
    "formulas": _formulas,
    "looks": _looks,
    "tabs": _tabs,
}
