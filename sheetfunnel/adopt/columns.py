"""Which column of a source becomes which of ours, and how its cells are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Final, TypeAlias

from sheetfunnel.adopt.meaning import targets
from sheetfunnel.adopt.source import Source
from sheetfunnel.adopt.stages import source_stage
from sheetfunnel.findings import Remark
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.values import value
from sheetfunnel.workbook.cells import (
    DateOrder,
    DecimalMark,
    Unread,
    date_order,
    decimal_mark,
    read_date,
    read_number,
    read_outcome,
    read_rating,
    read_stage,
    read_text,
    read_yes,
)
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.headings import SOURCE_CLOSE, SOURCE_CURRENCY, SOURCE_STAGE
from sheetfunnel.workbook.layout import layout

#: What a cell of the source becomes.
Value: TypeAlias = str | bool | int | Decimal | date | Outcome | Stage

_EXAMPLES: Final = 3
_NUMBERS: Final = frozenset({"amount", "number", "integer"})


@value
class Ways:
    """How to read what the columns themselves leave open, as a person said; ``currency`` "" takes any.

    ``fields`` are the columns that the workbook has, with their headers by key; ``None``: all that we know.
    """

    order: DateOrder | None = None
    mark: DecimalMark | None = None
    currency: str = ""
    fields: Mapping[str, str] | None = None


@value
class Taken:
    """A column of the source that is adopted.

    It goes into ``target`` and is read as ``kind``, in this order (dates) or with this mark (numbers).
    ``filled`` cells hold something; ``unread`` of them cannot be read and are taken as text.
    """

    heading: str
    index: int
    target: str
    kind: str
    order: DateOrder | None
    mark: DecimalMark | None
    currency: str
    filled: int
    unread: int
    examples: tuple[str, ...]

    def read(self, cell: Cell) -> Value | Unread | None:
        """Return what a cell of this column becomes."""
        return _reader(self.kind, self.order, self.mark, self.currency)(cell)


@value
class NotTaken:
    """A column of the source that is left where it is; ``remark`` says why."""

    heading: str
    filled: int
    examples: tuple[str, ...]
    remark: Remark


def match_columns(source: Source, ways: Ways) -> tuple[tuple[Taken, ...], tuple[NotTaken, ...]]:
    """Return the columns of a source that have a place with us, and those that have none.

    Empty columns without a heading are neither.
    """
    places, reasons = targets(source.headings, ways.fields)
    taken = tuple(_taken(source, index, places[index], ways) for index in sorted(places))
    left = (_not_taken(source, index, reasons[index]) for index in sorted(reasons))
    return taken, tuple(each for each in left if each.filled or each.heading not in source.unnamed)


def _taken(source: Source, index: int, target: str, ways: Ways) -> Taken:
    cells = source.column(index)
    kind = _settled(_kinds().get(target, "any"), cells)
    order, mark = _notation(kind, cells, ways)
    read = _reader(kind, order, mark, ways.currency)
    return Taken(
        heading=source.headings[index],
        index=index,
        target=target,
        kind=kind,
        order=order,
        mark=mark,
        currency=ways.currency,
        filled=sum(bool(read_text(cell)) for cell in cells),
        unread=sum(isinstance(read(cell), Unread) for cell in cells),
        examples=_examples(cells),
    )


def _not_taken(source: Source, index: int, why: Remark) -> NotTaken:
    cells = source.column(index)
    return NotTaken(
        heading=source.headings[index],
        filled=sum(bool(read_text(cell)) for cell in cells),
        examples=_examples(cells),
        remark=why,
    )


def _examples(cells: Sequence[Cell]) -> tuple[str, ...]:
    texts = dict.fromkeys(text for cell in islice(cells, 1000) if (text := read_text(cell)))
    return tuple(islice(texts, _EXAMPLES))


@cache
def _kinds() -> Mapping[str, str]:
    table = layout().table("objectives")
    kinds = {column.key: column.kind for column in (*table.columns, *table.profile)}
    return {**kinds, SOURCE_STAGE: SOURCE_STAGE, SOURCE_CLOSE: "date", SOURCE_CURRENCY: SOURCE_CURRENCY}


def _settled(kind: str, cells: Sequence[Cell]) -> str:
    """Return how a column of any kind is read: as numbers if it holds nothing else, codes like 0042 apart.

    Days that a spreadsheet knows as such stay days.
    """
    if kind != "any":
        return kind
    filled = [cell for cell in cells if read_text(cell)]
    if filled and all(isinstance(cell, date) for cell in filled):
        return "date"
    mark = decimal_mark(filled)
    numeric = all(not isinstance(read_number(cell, mark), Unread) and not _is_code(cell) for cell in filled)
    return "number" if filled and numeric else "text"


def _is_code(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip()[:2].isdigit() and cell.strip().startswith("0")


def _notation(kind: str, cells: Sequence[Cell], ways: Ways) -> tuple[DateOrder | None, DecimalMark | None]:
    """Return the order or the mark of a column: its own, else what a person said."""
    if kind == "date":
        order = date_order(cells)
        return (ways.order or order if order in {None, DateOrder.MIXED} else order), None
    if kind in _NUMBERS:
        mark = decimal_mark(cells)
        return None, (ways.mark or mark if mark in {None, DecimalMark.MIXED} else mark)
    return None, None


def _reader(
    kind: str, order: DateOrder | None, mark: DecimalMark | None, currency: str
) -> Callable[[Cell], Value | Unread | None]:
    if kind == "date":
        return lambda cell: read_date(cell, order)
    if kind in _NUMBERS:
        return lambda cell: read_number(cell, mark, currency)
    return _SIMPLE.get(kind, lambda cell: read_text(cell) or None)


_SIMPLE: Final[Mapping[str, Callable[[Cell], Value | Unread | None]]] = {
    "yes": read_yes,
    "outcome": read_outcome,
    "stage": read_stage,
    "rating": read_rating,
    SOURCE_STAGE: source_stage,
}
