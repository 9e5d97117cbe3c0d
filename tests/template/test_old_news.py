"""The day of the latest sync turns amber by itself when it is old: in Excel as drawn, in Google by rule."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.template.conditions import OLD_AFTER
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout
from tests.google_service.formulas.sheets import shown
from tests.google_service.shapes import Cell
from tests.google_service.state import blank
from tests.template.books import LANGUAGES, demo, needs_libreoffice, printed
from tests.template.google.told import BLANK, Json, set_up

_AMBER = bytes.fromhex(layout().looks["warning"])


def _amber(book: Path, pages: str) -> int:
    """Return how many dots of the first page are amber, as LibreOffice draws it today."""
    pdf, _ = printed(book)
    command = ["pdftoppm", "-r", "50", "-f", "1", "-l", "1", str(pdf), str(pdf.with_name(pages))]
    subprocess.run(command, check=True, capture_output=True)
    (page,) = pdf.parent.glob(f"{pages}-*.ppm")
    dots = page.read_bytes().split(b"\n", 3)[3]
    return sum(dots[at : at + 3] == _AMBER for at in range(0, len(dots), 3))


@needs_libreoffice
def test_excel_draws_an_old_day_in_amber_and_a_weekend_is_not_old(tmp_path: Path) -> None:
    book = demo(tmp_path, "en")
    amber = {}
    for days in (OLD_AFTER + 1, OLD_AFTER):
        sync_workbook(ExcelWorkbook(book), today=date.today() - timedelta(days=days))  # noqa: DTZ011 - as a file
        amber[days] = _amber(book, f"after{days}")
    legend = amber[OLD_AFTER]
    assert legend > 0, "the colour and its word stand in the legend"
    assert amber[OLD_AFTER + 1] > 3 * legend


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("days", [0, OLD_AFTER, OLD_AFTER + 1, 400, -2])
def test_google_sheets_has_the_rule_and_works_it_out_each_day(language: str, days: int) -> None:
    rule = _rule_on_the_day(language)
    (condition,) = rule["booleanRule"]["condition"]["values"]
    day = date(2026, 3, 2)
    book = blank("1", "Sales", locale="en_US")
    table = layout().table("status")
    stamp = (day - date(1899, 12, 30)).days
    book.sheets[0].put(table.row, {table.column: Cell(stamp)})
    book.sheets[0].put(0, {9: Cell(formula=condition["userEnteredValue"])})
    assert shown(book, day + timedelta(days=days)).overlay[0][9][0] is (days > OLD_AFTER)


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_the_first_sync_nothing_is_old(language: str) -> None:
    (condition,) = _rule_on_the_day(language)["booleanRule"]["condition"]["values"]
    book = blank("1", "Sales", locale="en_US")
    table = layout().table("status")
    book.sheets[0].put(table.row, {table.column: Cell(labels(language).text("start.not_yet"))})
    book.sheets[0].put(0, {9: Cell(formula=condition["userEnteredValue"])})
    assert shown(book, date(2026, 3, 2)).overlay[0][9][0] is False


def _rule_on_the_day(language: str) -> Json:
    """Return the rule on the cell of the day, below the header of the status box."""
    table = layout().table("status")
    made: list[Json] = [each["addConditionalFormatRule"]["rule"] for each in _with_rules(language)]
    (rule,) = [rule for rule in made if rule["ranges"][0]["sheetId"] == 0]
    (area,) = rule["ranges"]
    assert (area["startRowIndex"], area["endRowIndex"]) == (table.row, table.row + 1)
    assert (area["startColumnIndex"], area["endColumnIndex"]) == (table.column, table.column + 1)
    ink = rule["booleanRule"]["format"]["backgroundColorStyle"]["rgbColor"]
    assert bytes(round(255 * ink[part]) for part in ("red", "green", "blue")) == _AMBER
    return rule


def _with_rules(language: str) -> list[Json]:
    return [each for each in set_up(BLANK, language) if "addConditionalFormatRule" in each]
