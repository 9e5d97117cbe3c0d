"""Drop-downs and hints. Nothing that a person types is refused: at most Google marks the cell.

A hint needs a rule to stand on: where a cell may hold anything, one that is always true (written without a
word, so that it reads alike in every language). The words of a warning have no place in Google, which has its
own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from sheetfunnel.template.google.ranges import Request, Tabs, bounds
from sheetfunnel.template.google.target import Target

_ALWAYS: Final = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=1=1"}]}


def put_validations(target: Target, book: Workbook, tabs: Tabs) -> Iterator[Request]:
    """Yield the requests for the drop-downs and hints of a tab."""
    for rule in target.sheet.data_validations.dataValidation:
        made = _rule(rule, book, tabs)
        for area in rule.sqref.ranges:
            yield {"setDataValidation": {"range": bounds(target.sheet_id, area.bounds), "rule": made}}


def _rule(rule: DataValidation, book: Workbook, tabs: Tabs) -> Request:
    made: Request = {"condition": _condition(rule, book, tabs), "strict": False}
    if rule.type == "list":
        made["showCustomUi"] = True
    return made | ({"inputMessage": rule.prompt} if rule.prompt else {})


def _condition(rule: DataValidation, book: Workbook, tabs: Tabs) -> Request:
    match rule.type:
        case "list":
            return _listed(str(rule.formula1), book, tabs)
        case "whole" | "decimal":
            ends = [{"userEnteredValue": str(end)} for end in (rule.formula1, rule.formula2)]
            return {"type": "NUMBER_BETWEEN", "values": ends}
        case "date":
            return {"type": "DATE_IS_VALID"}
        case None:
            return dict(_ALWAYS)
    raise ValueError(f"a rule of the kind {rule.type} has no like in Google Sheets")


def _listed(source: str, book: Workbook, tabs: Tabs) -> Request:
    """Return the condition of a drop-down: the cells of a name, by their address, or given words."""
    if source.startswith('"'):
        words = source.strip('"').split(",")
        return {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": word} for word in words]}
    written = tabs.written(str(book.defined_names[source].attr_text))
    return {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": f"={written}"}]}
