"""A formula cut into tokens; joined again they are the formula, letter by letter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]*"
_COLUMN = r"\$?[A-Za-z]{1,3}"
_ROW = r"\$?[1-9][0-9]*"
_FROM_CELL = rf"{_CELL}:(?:{_CELL}|{_COLUMN}|{_ROW})"
_LINES = rf"{_COLUMN}:(?:{_CELL}|{_COLUMN})|{_ROW}:(?:{_CELL}|{_ROW})"
_AREA = rf"(?:{_FROM_CELL}|{_LINES}|{_CELL})"
_SHEET = r"(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!"


class Kind(StrEnum):
    """What a token is."""

    SPACE = "space"
    TEXT = "text"
    ERROR = "error"
    REFERENCE = "reference"
    NUMBER = "number"
    NAME = "name"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula as it was typed."""

    kind: Kind
    text: str


class BadFormula(ValueError):
    """The formula cannot be read; the cell shows #ERROR!."""


def _patterns(decimal: str) -> re.Pattern[str]:
    point = re.escape(decimal)
    return re.compile(
        rf"""(?P<space>\s+)
        |(?P<text>"(?:[^"]|"")*")
        |(?P<error>\#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|ERROR!))
        |(?P<reference>(?:{_SHEET})?{_AREA}(?![\w.(!]))
        |(?P<number>(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?)
        |(?P<name>[^\W\d][\w.]*)
        |(?P<mark><>|<=|>=|[-+*/^&=<>%(){{}},;\\:!])""",
        re.VERBOSE,
    )


_BY_DECIMAL = {mark: _patterns(mark) for mark in ".,"}


@cache
def tokens(formula: str, *, decimal: str = ".") -> tuple[Token, ...]:
    """Cut a formula, with its `=`, into tokens; a decimal comma belongs to numbers."""
    found, at = [], 0
    while at < len(formula):
        match = _BY_DECIMAL[decimal].match(formula, at)
        if match is None or match.lastgroup is None:
            raise BadFormula(formula)
        found.append(Token(Kind(match.lastgroup), match.group()))
        at = match.end()
    return tuple(found)
