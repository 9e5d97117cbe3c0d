from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl.styles.numbers import FORMAT_DATE_XLSX14

from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import Table, layout
from sheetfunnel.workbook.row_lines import lines
from tests.excel_people import TODAY, person
from tests.template.books import LANGUAGES, TABS, Tab, demo, needs_libreoffice, opened, printed, sheet

_ERRORS = re.compile(r"Err:\d|#(?:REF|NAME|VALUE|DIV/0|NUM|N/A)")
_LINE = 15


@pytest.fixture(scope="module", params=LANGUAGES)
def practice(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    language: str = request.param
    return demo(tmp_path_factory.mktemp("practice"), language), language


def _tab(practice: tuple[Path, str], key: str) -> Tab:
    return sheet(opened(practice[0]), key, practice[1])


def _height(tab: Tab, row: int) -> float:
    height: float = tab.row_dimensions[row].height or tab.sheet_format.defaultRowHeight
    return height


def test_appended_rows_wear_the_dress_of_data_in_every_column(practice: tuple[Path, str]) -> None:
    tab = _tab(practice, "objectives")
    for column in range(1, tab.max_column + 1):
        dressed = tab.column_dimensions[tab.cell(1, column).column_letter]
        for row in (2, 44):
            cell = tab.cell(row, column)
            assert cell.fill.fgColor.rgb == dressed.fill.fgColor.rgb, cell.coordinate
            assert not cell.font.bold, cell.coordinate
            assert cell.number_format == dressed.number_format, cell.coordinate


def test_objectives_are_all_of_one_height_that_nobody_set(practice: tuple[Path, str]) -> None:
    tab = _tab(practice, "objectives")
    assert tab.sheet_format.customHeight
    assert {tab.row_dimensions[row].height for row in range(2, 45)} == {None}
    assert _height(tab, 2) >= 2 * _LINE


@pytest.mark.parametrize("key", ["priorities", "allocation", "dashboard", "check", "start"])
def test_every_row_of_the_program_is_as_high_as_its_text(practice: tuple[Path, str], key: str) -> None:
    tab = _tab(practice, key)
    checked = 0
    for table in (table for each in TABS if each.key == key for table in each.tables):
        below = min((each.row for each in layout().tables if _is_below(each, table)), default=tab.max_row + 2)
        for row in range(table.row + 1, below - 1):
            for at, column in enumerate(table.columns, start=table.column):
                text = tab.cell(row, at).value
                if isinstance(text, str) and column.wraps:
                    checked += 1
                    assert _height(tab, row) >= _LINE * lines(text, column.width), (row, text)
    assert checked


def _is_below(one: Table, other: Table) -> bool:
    return (one.tab, one.column) == (other.tab, other.column) and one.row > other.row


def test_rows_added_to_the_settings_are_as_high_as_the_longest_beside_them(
    practice: tuple[Path, str],
) -> None:
    tab = _tab(practice, "settings")
    assert [tab.row_dimensions[row].height for row in (5, 9)] == [35, 35]
    assert tab.row_dimensions[11].height is None


def test_the_day_of_the_last_sync_is_shown_as_a_day(practice: tuple[Path, str]) -> None:
    stamp = _tab(practice, "start")["C23"]
    assert (stamp.value.date(), stamp.number_format) == (TODAY, FORMAT_DATE_XLSX14)
    assert stamp.alignment.horizontal == "left"


def test_the_hours_of_each_work_add_up_to_the_hours_of_the_team(practice: tuple[Path, str]) -> None:
    tab, table = _tab(practice, "dashboard"), layout().table("shares")
    rows = [[tab.cell(table.row + at, table.column + down).value for down in (2, 4)] for at in (1, 2, 3)]
    shares, hours = zip(*rows, strict=True)
    assert sum(hours) == pytest.approx(24, abs=0.15)
    assert sum(shares) == pytest.approx(1, abs=0.001)
    assert [hour / 24 for hour in hours] == pytest.approx(shares, abs=0.01)


def test_a_height_that_a_person_gave_stays_and_others_follow_the_text(tmp_path: Path) -> None:
    path = demo(tmp_path, "en")
    with person(path) as book:  # saving, it makes every height one that was given by hand
        for row in range(5, 40):
            book["Priorities"].row_dimensions[row].height = 77 if row == 6 else None
    sync_workbook(ExcelWorkbook(path), today=TODAY + timedelta(days=60))
    tab = sheet(opened(path), "priorities", "en")
    assert tab.row_dimensions[6].height == 77
    column = layout().table("priorities").columns[9]
    for row in (7, 8, 9):
        text = tab.cell(row, 10).value
        assert _height(tab, row) >= _LINE * lines(text, column.width) > _LINE


@needs_libreoffice
def test_libreoffice_prints_every_tab_without_an_error(practice: tuple[Path, str]) -> None:
    path, language = practice
    pdf, text = printed(path)
    assert _ERRORS.findall(text) == []
    words = labels(language)
    for tab in TABS:
        if tab.key != "objectives":
            assert words.text(f"title.{tab.key}") in text, tab.key
    pages = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert int(re.findall(r"Pages:\s+(\d+)", pages)[0]) <= len(TABS) + 3, "Objectives, Priorities, Dashboard"
    assert text.count(words.text("column.priorities.times_cycle")) == 2, "the header on each page"
