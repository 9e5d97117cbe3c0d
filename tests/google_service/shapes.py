"""The shapes that everything here passes along: JSON objects, and what a cell may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

Object: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value; `code` is what the cell shows, `kind` the service's word for it."""

    code: str
    message: str = ""

    @property
    def kind(self) -> str:
        return _KINDS.get(self.code, "ERROR")


_KINDS = {
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}

Scalar: TypeAlias = "str | float | bool | CellError | None"


class DateNumber(float):
    """A number that came from a cell which shows a date: joined to a text it reads as a date."""

    __slots__ = ()


class Cell(NamedTuple):
    """What is in one cell: a typed value or a formula, and how it looks. Never changed, only replaced."""

    value: Scalar = None
    formula: str | None = None
    format: Object | None = None
    note: str | None = None
    validation: Object | None = None
    links: tuple[Object, ...] | None = None

    @property
    def is_typed(self) -> bool:
        return self.value is not None or self.formula is not None


EMPTY = Cell()
Row: TypeAlias = dict[int, Cell]
