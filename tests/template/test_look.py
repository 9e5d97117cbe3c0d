from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from openpyxl.utils import column_index_from_string as index_of
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.funnel.objective import Stage
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import Column, Table, layout
from tests.template.books import (
    LANGUAGES,
    TABLES,
    TABS,
    built,
    data_column,
    dress_of,
    file_of,
    raw_parts,
    sheet,
)

COLUMNS = [(table, column) for table in TABLES for column in (*table.columns, *table.profile)]
COLOURS = {"header": "1F3A5F", "program": "EEF2F6", "above": "56B4E9", "in": "E69F00", "best_few": "009E73"}

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def _ink(colour: str) -> str:
    return f"00{colour}"


def test_the_tabs_stand_in_their_order_and_wear_the_colour_of_their_role(language: str) -> None:
    book = built(language)
    titles = [labels(language).text(f"tab.{tab.key}") for tab in layout().tabs]
    assert book.sheetnames == titles
    for tab in TABS:
        assert sheet(book, tab.key, language).sheet_properties.tabColor.rgb == _ink(
            layout().looks[tab.colour]
        )
    assert {each.title for each in book.worksheets if each.sheet_state == "hidden"} == {
        "_results",
        "_sheetfunnel",
    }


def test_the_declared_colours_are_safe_for_colour_blind_eyes(language: str) -> None:
    assert language in LANGUAGES
    assert {key: layout().looks[key] for key in COLOURS} == COLOURS


def test_no_tab_has_gridlines_or_protection(language: str) -> None:
    for each in built(language).worksheets:
        assert each.sheet_view.showGridLines is False
        assert each.protection.sheet is False


def test_headers_stay_in_sight_and_so_does_the_client(language: str) -> None:
    frozen = {tab.key: sheet(built(language), tab.key, language).freeze_panes for tab in TABS}
    below = {tab.key: f"A{tab.tables[0].row + 1}" for tab in TABS if tab.key not in {"start", "dashboard"}}
    assert frozen == {**below, "objectives": "C2", "start": None, "dashboard": None}


def test_every_tab_prints_across_one_page_with_its_header_on_each(language: str) -> None:
    for tab in TABS:
        each = sheet(built(language), tab.key, language)
        assert each.page_setup.orientation == "landscape"
        assert each.sheet_properties.pageSetUpPr.fitToPage is True
        assert (each.page_setup.fitToWidth, each.page_setup.fitToHeight) == (
            1,
            1 if tab.key == "start" else 0,
        )
        headers = {table.row for table in tab.tables}
        repeated = f"${min(headers)}:${min(headers)}" if len(headers) == 1 else None
        assert each.print_title_rows == repeated, "of tables below each other none heads them all"


def test_the_objectives_print_as_far_as_they_can_be_read(language: str) -> None:
    each = sheet(built(language), "objectives", language)
    shown = [d.width for key, d in each.column_dimensions.items() if index_of(key) <= 9 and not d.hidden]
    assert each.print_area == "'" + each.title + "'!$A$1:$I$1048576"
    assert sum(shown) < 250, "the letters become too small"


def test_headers_are_white_on_dark_blue(language: str) -> None:
    for table, column in COLUMNS:
        cell = sheet(built(language), table.tab, language)[f"{data_column(table, column)}{table.row}"]
        assert (cell.fill.fgColor.rgb, cell.font.color.rgb) == (_ink("1F3A5F"), _ink("FFFFFF"))
        assert cell.alignment.wrap_text


def test_peoples_cells_are_white_and_the_programs_tinted(language: str) -> None:
    for table, column in COLUMNS:
        worn = dress_of(built(language), table, column, language)
        tint = worn.fill.fgColor.rgb if worn.fill.fill_type else None
        tinted = column.owner == "program" and table.key != "warnings"  # sentences run on over white cells
        assert tint == (_ink("EEF2F6") if tinted else None), column.name


def test_amounts_have_separators_and_dates_follow_each_reader(language: str) -> None:
    formats = {"amount": "#,##0", "date": "mm-dd-yy", "percent": "0%", "hours": "0.0"}
    for table, column in COLUMNS:
        worn = dress_of(built(language), table, column, language)
        if column.kind in formats:
            assert worn.number_format == formats[column.kind], column.name
    assert 'numFmtId="14"' in raw_parts(file_of(language), "xl/styles.xml")["xl/styles.xml"]


def test_a_number_never_touches_the_text_beside_it(language: str) -> None:
    for table in TABLES:
        each = sheet(built(language), table.tab, language)
        for one, other in pairwise(table.columns):
            left, right = (each.column_dimensions[data_column(table, c)].alignment for c in (one, other))
            if (left.horizontal, right.horizontal) == ("right", "left"):
                assert left.indent or right.indent, (one.name, other.name)


def test_words_in_place_of_a_number_keep_their_beginning_in_sight(language: str) -> None:
    numbers = {"amount", "number", "integer"}
    typed = [(table, column) for table, column in COLUMNS if column.owner == "people"]
    sides = {
        sheet(built(language), table.tab, language)
        .column_dimensions[data_column(table, column)]
        .alignment.horizontal
        for table, column in typed
        if column.kind in numbers
    }
    assert sides == {"general"}, "numbers stand on the right, and words on the left"


def test_every_stage_is_coloured_by_the_words_it_begins_with(language: str) -> None:
    words = labels(language)
    for key in ("objectives", "priorities", "allocation", "funnel"):
        table = layout().table(key)
        rules = _rules(sheet(built(language), table.tab, language), table, "stage")
        inks = {rule.text: rule.dxf.fill.bgColor.rgb for rule in rules if rule.type == "beginsWith"}
        assert inks == {words.name(stage): _ink(layout().looks[stage.value]) for stage in Stage}
        assert {rule.dxf.font.color.rgb for rule in rules if rule.type == "beginsWith"} == {_ink("000000")}


def _rules(each: Worksheet, table: Table, key: str) -> list[Any]:
    first = f"{data_column(table, table.columns[table.position(key)])}{table.row + 1}"
    return [rule for cells in each.conditional_formatting if first in cells.sqref for rule in cells.rules]


def test_what_can_wait_is_folded_away(language: str) -> None:
    table = layout().table("objectives")
    each = sheet(built(language), "objectives", language)
    folded, hidden = _letters(table, "help"), data_column(table, table.columns[table.position("key")])
    dimensions = each.column_dimensions
    assert {key for key, dimension in dimensions.items() if dimension.outlineLevel} == set(folded)
    assert {key for key, dimension in dimensions.items() if dimension.hidden} == {*folded, hidden}
    assert each.sheet_properties.outlinePr.summaryRight is False
    assert dimensions[data_column(table, table.columns[table.position("outcome")])].collapsed
    assert len(table.columns) - len(folded) - 6 == 17, "what a newcomer sees, beside the results"


def _letters(table: Table, group: str) -> list[str]:
    return [data_column(table, column) for column in table.columns if column.group == group]


def test_every_drop_down_shows_a_named_range(language: str) -> None:
    book = built(language)
    for each in book.worksheets:
        for rule in each.data_validations.dataValidation:
            if rule.type == "list":
                assert re.fullmatch(r"sf_list_\w+", rule.formula1), rule.formula1
                assert rule.formula1 in book.defined_names
                assert rule.errorStyle == "warning"


def test_every_column_with_a_list_has_its_drop_down(language: str) -> None:
    for table, column in COLUMNS:
        if column.list:
            each = sheet(built(language), table.tab, language)
            first = f"{data_column(table, column)}{table.row + 1}"
            rules = [r for r in each.data_validations.dataValidation if first in r.sqref]
            assert [rule.formula1 for rule in rules] == [f"sf_list_{column.list}"], column.name


def test_the_fixed_lists_hold_the_words_of_the_language(language: str) -> None:
    book, words = built(language), labels(language)
    for key, texts in layout().lists.items():
        ((title, cells),) = book.defined_names[f"sf_list_{key}"].destinations
        assert [cell.value for (cell,) in book[title][cells]] == [words.text(text) for text in texts]


def test_headers_explain_themselves_without_a_comment(language: str) -> None:
    assert raw_parts(file_of(language), r"xl/comments.*|xl/threadedComments/.*") == {}
    for table, column in COLUMNS:
        if column.prompt:
            _check_prompt(sheet(built(language), table.tab, language), table, column, language)


def _check_prompt(each: Worksheet, table: Table, column: Column, language: str) -> None:
    header = f"{data_column(table, column)}{table.row}"
    (rule,) = [rule for rule in each.data_validations.dataValidation if header in rule.sqref]
    assert rule.showInputMessage
    assert rule.prompt == labels(language).text(f"prompt.{column.table}.{column.key}")


def test_every_header_has_a_name_by_which_it_is_found(language: str) -> None:
    book = built(language)
    for table in layout().tables:
        for column in table.columns:
            place = f"'{labels(language).text(f'tab.{table.tab}')}'!${data_column(table, column)}${table.row}"
            assert book.defined_names[column.name].attr_text == place
