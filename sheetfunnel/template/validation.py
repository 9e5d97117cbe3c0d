"""Drop-downs and hints: what a cell may hold, and what its header says when it is clicked.

A bad cell is only a finding, so nothing here forbids: at most it warns. Help is a prompt, not a comment.
"""

from __future__ import annotations

from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.template import looks
from sheetfunnel.workbook.labels import Labels, labels, languages
from sheetfunnel.workbook.layout import Column, Layout, Table, letters

#: Where the fixed words stand on the hidden tab: to the right of the program's memory.
_FIRST_LIST = 8

#: How many people and services a drop-down offers at most, and how far it looks for added columns.
_OFFERED = 200
_HEADERS = 60

#: Lists that grow as people write, and so warn in words of their own; a yes is understood in many spellings.
_OPEN_LISTS = {"people", "services", "columns"}
_SILENT_LISTS = {"yes"}


def name_cells(book: Workbook, name: str, sheet: Worksheet, cells: str) -> None:
    """Give ``cells`` (absolute, such as ``$A$1``) of a sheet a name that the whole workbook knows."""
    title = sheet.title.replace("'", "''")
    book.defined_names[name] = DefinedName(name, attr_text=f"'{title}'!{cells}")


def put_lists(book: Workbook, layout: Layout, words: Labels) -> None:
    """Write the fixed words on the hidden tab, and name every list that a drop-down shows."""
    hidden = book[words.text("tab._sheetfunnel")]
    fixed = {key: [words.text(label) for label in of_list] for key, of_list in layout.lists.items()}
    fixed["language"] = [labels(code).text(f"language.{code}") for code in languages()]
    for at, (key, texts) in enumerate(fixed.items(), start=_FIRST_LIST):
        hidden.cell(1, at, key)
        for row, text in enumerate(texts, start=2):
            hidden.cell(row, at, text)
        letter = letters(at)
        name_cells(book, f"sf_list_{key}", hidden, f"${letter}$2:${letter}${len(texts) + 1}")
    settings = book[words.text("tab.settings")]
    for key in ("people", "services"):
        table = layout.table(key)
        letter, first = letters(table.column + table.position("name")), table.row + 1
        name_cells(book, f"sf_list_{key}", settings, f"${letter}${first}:${letter}${first + _OFFERED - 1}")
    objectives = layout.table("objectives")
    headers = f"$A${objectives.row}:${letters(_HEADERS)}${objectives.row}"
    name_cells(book, "sf_list_columns", book[words.text("tab.objectives")], headers)


def put_validations(sheet: Worksheet, table: Table, words: Labels) -> None:
    """Write the prompts on a table's headers, and the drop-downs and hints below them."""
    for offset, column in enumerate((*table.columns, *table.profile)):
        letter = letters(table.column + offset)
        if column.prompt:
            label = f"{column.table}.{column.key}"
            hint = _prompt(words.text(f"column.{label}"), words.text(f"prompt.{label}"))
            _place(sheet, hint, f"{letter}{table.row}")
        rule = _rule(column, words)
        if rule is not None:
            _place(sheet, rule, f"{letter}{table.row + 1}:{letter}{looks.LAST_ROW}")


def put_setting_hints(sheet: Worksheet, table: Table, words: Labels) -> None:
    """Let every setting explain itself when its value is clicked; the language is chosen from a list."""
    letter = letters(table.column + table.position("value"))
    for row, (key, _) in enumerate(table.rows, start=table.row + 1):
        rule = _list("language", words) if key == "language" else DataValidation(allow_blank=True)
        rule.showInputMessage = True
        rule.promptTitle = words.text(f"setting.{key}")
        rule.prompt = words.text(f"prompt.setting.{key}")
        _place(sheet, rule, f"{letter}{row}")


def _place(sheet: Worksheet, rule: DataValidation, cells: str) -> None:
    rule.add(cells)
    sheet.add_data_validation(rule)


def _prompt(title: str, text: str) -> DataValidation:
    return DataValidation(promptTitle=title, prompt=text, showInputMessage=True, allow_blank=True)


def _rule(column: Column, words: Labels) -> DataValidation | None:
    if column.list:
        return _list(column.list, words)
    if column.kind == "rating" or (column.table, column.key) == ("criteria", "weight"):
        rule = DataValidation(type="whole", operator="between", formula1="1", formula2="5", allow_blank=True)
        return _warning(rule, words.text("warning.rating"))
    return None


def _list(key: str, words: Labels) -> DataValidation:
    rule = DataValidation(type="list", formula1=f"sf_list_{key}", allow_blank=True)
    text = words.text(f"warning.{key}" if key in _OPEN_LISTS else "warning.list")
    rule = _warning(rule, text)
    rule.showErrorMessage = key not in _SILENT_LISTS
    return rule


def _warning(rule: DataValidation, text: str) -> DataValidation:
    rule.errorStyle = "warning"
    rule.error = text
    rule.showErrorMessage = True
    return rule
