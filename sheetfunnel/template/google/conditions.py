"""Colours that follow what a cell says.

Google's conditional formats have a background, a colour of text, bold and italics, and no lines: a rule that
draws nothing but a line is left out (the one between two people on Allocation).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from openpyxl.formatting.rule import Rule

from sheetfunnel.template.google.formats import Part, ink, is_plain
from sheetfunnel.template.google.ranges import Request, bounds
from sheetfunnel.template.google.target import Target

#: A text in a formula, or a comma outside of one.
_TEXT_OR_COMMA: Final = re.compile(r'"(?:[^"]|"")*"|,')


def put_conditions(target: Target) -> Iterator[Request]:
    """Yield the requests for the conditional formats of a tab, in their order."""
    index = 0
    for formatting in target.sheet.conditional_formatting:
        areas = [bounds(target.sheet_id, area.bounds) for area in formatting.sqref.ranges]
        for rule in formatting.rules:
            condition, look = _condition(rule), _look(rule.dxf)
            if look:
                boolean = {"condition": condition, "format": look}
                made = {"ranges": areas, "booleanRule": boolean}
                yield {"addConditionalFormatRule": {"rule": made, "index": index}}
                index += 1


def with_semicolons(formula: str) -> str:
    """Return a formula whose arguments stand apart by semicolons, as every locale understands."""
    return _TEXT_OR_COMMA.sub(lambda found: ";" if found[0] == "," else found[0], formula)


def _condition(rule: Rule) -> Request:
    if rule.type == "beginsWith":
        return {"type": "TEXT_STARTS_WITH", "values": [{"userEnteredValue": rule.text}]}
    if rule.type == "expression":
        formula = f"={with_semicolons(rule.formula[0])}"
        return {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    raise ValueError(f"a rule of the kind {rule.type} has no like in Google Sheets")


def _look(style: Part) -> Request:
    look: Request = {}
    if style.fill is not None:
        look["backgroundColorStyle"] = ink(style.fill.bgColor)
    letters: Request = {"bold": True} if style.font and style.font.b else {}
    if style.font and is_plain(style.font.color):
        letters["foregroundColorStyle"] = ink(style.font.color)
    return look | ({"textFormat": letters} if letters else {})
