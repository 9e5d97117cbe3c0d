"""Build the workbook of a language from ``templates/workbook.toml`` and its catalogue."""

from __future__ import annotations

import io
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.properties import Outline
from openpyxl.worksheet.views import Selection
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.template import looks
from sheetfunnel.template.archive import BUILT, seal
from sheetfunnel.template.charts import chart_descriptions, put_charts
from sheetfunnel.template.conditions import put_conditions
from sheetfunnel.template.headings import put_heading
from sheetfunnel.template.prints import set_up_print
from sheetfunnel.template.start import put_start
from sheetfunnel.template.starter import put_profile, put_settings
from sheetfunnel.template.validation import name_cells, put_lists, put_setting_hints, put_validations
from sheetfunnel.workbook.labels import Labels, labels, languages
from sheetfunnel.workbook.layout import Column, Layout, Tab, Table, address, layout, letters

#: The tables that a person filters.
_FILTERED = {"objectives", "priorities"}


def build(language: str, target: Path) -> None:
    """Write the empty workbook of a language to ``target``: the same bytes at every building."""
    words = labels(language)
    raw = io.BytesIO()
    assemble(layout(), words).save(raw)
    seal(raw.getvalue(), chart_descriptions(words), target)


def build_all(folder: Path) -> tuple[Path, ...]:
    """Write the workbook of every language to ``folder``, and return their paths."""
    built = tuple(folder / f"sheetfunnel.{language}.xlsx" for language in languages())
    for language, target in zip(languages(), built, strict=True):
        build(language, target)
    return built


def assemble(declared: Layout, words: Labels) -> Workbook:
    """Return the workbook, put together but not yet written."""
    book = Workbook()
    sheets = {tab.key: book.create_sheet(words.text(f"tab.{tab.key}")) for tab in declared.tabs}
    book.remove(book.worksheets[0])
    for tab in declared.tabs:
        _put_tab(sheets[tab.key], tab, words)
        _name_headers(book, sheets[tab.key], tab)
    put_lists(book, declared, words)
    put_start(sheets["start"], declared.table("status"), words)
    put_charts(sheets["dashboard"], declared, words)
    put_profile(sheets["ideal_client"], declared.table("criteria"), words)
    put_settings(sheets["settings"], declared.table("settings"), words)
    put_setting_hints(sheets["settings"], declared.table("settings"), words)
    book.properties.creator = "sheetfunnel"
    book.properties.title = words.text("title.start")
    book.properties.language = words.language
    book.properties.created = BUILT
    return book


def _put_tab(sheet: Worksheet, tab: Tab, words: Labels) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = looks.colour(tab.colour)
    sheet.sheet_state = "hidden" if tab.hidden else "visible"
    if tab.key != "start":
        put_heading(sheet, tab, words)
    for table in tab.tables:
        _put_table(sheet, table, words)
    if tab.row_height:
        sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = tab.row_height, True
    _freeze(sheet, tab)
    set_up_print(sheet, tab)


def _name_headers(book: Workbook, sheet: Worksheet, tab: Tab) -> None:
    """Name every header cell, by which its column is found wherever it is moved."""
    for table in tab.tables:
        for at, column in enumerate(table.columns, start=table.column):
            name_cells(book, column.name, sheet, f"${letters(at)}${table.row}")


def _put_table(sheet: Worksheet, table: Table, words: Labels) -> None:
    columns = (*table.columns, *table.profile)
    looks.put_header(sheet, table, [words.text(f"column.{column.table}.{column.key}") for column in columns])
    _set_apart(sheet, table)
    _collapse(sheet, table)
    put_validations(sheet, table, words)
    put_conditions(sheet, table, words)
    if table.key in _FILTERED:
        last = letters(table.column + len(columns) - 1)
        sheet.auto_filter.ref = f"{letters(table.column)}{table.row}:{last}{looks.LAST_ROW}"


def _set_apart(sheet: Worksheet, table: Table) -> None:
    """Narrow the empty column before a table that does not stand at the edge."""
    if table.column > 1 and not table.dressed:
        sheet.column_dimensions[letters(table.column - 1)].width = looks.GAP


def _collapse(sheet: Worksheet, table: Table) -> None:
    """Fold the columns that can wait; the + stands above the column before them, also when they are open."""
    waiting = [at for at, column in enumerate(table.columns) if _waits(column)]
    if not waiting:
        return
    sheet.sheet_properties.outlinePr = Outline(summaryRight=False)
    for at in waiting:
        dimension = sheet.column_dimensions[letters(table.column + at)]
        dimension.outlineLevel, dimension.hidden = 1, True
    sheet.column_dimensions[letters(table.column + waiting[0] - 1)].collapsed = True


def _waits(column: Column) -> bool:
    return column.group == "help"


def _freeze(sheet: Worksheet, tab: Tab) -> None:
    """Freeze the header, and put the cursor on the first cell below it, so that no prompt stands open."""
    if not tab.freeze:
        return
    sheet.freeze_panes = tab.freeze
    row, column = address(tab.freeze)
    view = sheet.sheet_view
    view.selection = [
        Selection(pane=pane.pane, activeCell=f"{letters(column)}{row}", sqref=f"{letters(column)}{row}")
        for pane in view.selection
    ]
