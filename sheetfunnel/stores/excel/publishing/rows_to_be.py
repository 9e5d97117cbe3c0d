"""Rows as they have to be, made from the old ones and the plan: where the new ones are just so, all is right.

What a cell has to look like is said here once more, in the plainest way; the writer has no part in it. Rows
that look otherwise may be right all the same: they are read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import field
from functools import cache
from itertools import chain, repeat
from operator import contains
from typing import Final, TypeAlias

from sheetfunnel.values import value
from sheetfunnel.workbook.contract import KEEP, Cell, Untouched
from sheetfunnel.workbook.layout import address

Values: TypeAlias = "Sequence[Cell | Untouched]"

_END: Final = b"</row>"
_TAG: Final = re.compile(rb'(<row r=")\d+("[^<>]*>)')
#: Nothing here is read in two ways: where the last of many cells is not as expected, it would be in 2^n.
_REST: Final = rb"((?>/>|><v>[^<]*+</v></c>|[^<>/]*(?:/>|>[^<]*(?:<(?!/c>)[^<]*)*</c>)))"
_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})(\d+)("(?: s="[^"]*")?)' + _REST)
_ESCAPES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
_BETWEEN: Final = "\0"  # no cell can hold it
_TEXT_START, _TEXT_END = b' t="inlineStr"><is><t>', b"</t></is></c>"
#: Stands for what follows the style of a cell that is to be kept.
_KEPT: Final = b""


@value
class Batch:
    """Rows of the new sheet, those of the old beside them, and the values planned for each.

    ``names`` are the letters of the planned columns. Either all rows were there before or none: then ``olds``
    is empty. No row has its end tag.
    """

    names: tuple[bytes, ...]
    numbers: list[int] = field(default_factory=list)
    olds: list[bytes] = field(default_factory=list)
    news: list[bytes] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)

    def add(self, number: int, old: bytes, new: bytes, values: Values) -> None:
        """Put in a row; ``old`` is nothing where it was not there."""
        self.numbers.append(number)
        self.news.append(new)
        self.values.append(values)
        if old:
            self.olds.append(old)

    @property
    def digits(self) -> list[bytes]:
        """The numbers as they are written."""
        return [b"%d" % number for number in self.numbers]


def are_to_be(batch: Batch) -> bool:
    """Whether rows that were there are to the letter as they have to be; if not, they may still be right."""
    filled = contents(batch.values)
    if None in filled:
        return False
    rows, digits, count = _END.join(batch.olds), batch.digits, len(batch.names)
    for start, stop, cells in _runs(batch.names):
        pieces = cells.split(rows)
        each = 2 + 2 * (stop - start)
        # each row has these cells once
        if pieces[2::each] != digits or not all(map(contains, pieces[each:-1:each], repeat(_END))):
            return False
        pieces[2::each] = [b""] * len(digits)  # they stand in the cells, too
        for place in range(start, stop):
            rest = slice(3 + 2 * (place - start), None, each)
            pieces[rest] = [new or was for new, was in zip(filled[place::count], pieces[rest], strict=True)]
        rows = b"".join(pieces)
    return rows == _END.join(batch.news)


def are_like_the_first(batch: Batch) -> bool:
    """Whether rows that are new are to the letter as they have to be, if the first of them is right."""
    filled, tag = contents(batch.values), _TAG.match(batch.news[0])
    if None in filled or tag is None:
        return False
    first = _CELL.split(batch.news[0][tag.end() :])
    if any(first[::5]) or tuple(first[1::5]) != batch.names:
        return False
    start, rest = tag.groups()
    row = [start, b"", rest]
    for name, after in zip(batch.names, first[3::5], strict=True):
        row += [b'<c r="%b' % name, b"", after, b""]
    pieces, each = [*row, _END] * len(batch.numbers), len(row) + 1
    for at in (1, *range(4, each - 1, 4)):
        pieces[at::each] = batch.digits
    for index in range(len(batch.names)):
        pieces[6 + 4 * index :: each] = filled[index :: len(batch.names)]
    return b"".join(pieces) == _END.join([*batch.news, b""])


@cache
def _runs(names: tuple[bytes, ...]) -> tuple[tuple[int, int, re.Pattern[bytes]], ...]:
    """Return where columns that stand side by side begin and end among the names, and what matches them."""
    columns = [address(f"{name.decode()}1")[1] for name in names]
    breaks = [at for at in range(1, len(columns)) if columns[at] != columns[at - 1] + 1]
    bounds = zip([0, *breaks], [*breaks, len(columns)], strict=True)
    return tuple((start, stop, _cells(names[start:stop])) for start, stop in bounds)


def _cells(names: Sequence[bytes]) -> re.Pattern[bytes]:
    """Return what matches cells side by side: the row's number, then what is before and after the style."""
    first, *others = names
    head = rb'(<c r="%b(\d+)"(?: s="[^"]*")?+)'
    cells = [head % first, *((rb'(<c r="%b\2"(?: s="[^"]*")?+)') % name for name in others)]
    return re.compile(b"".join(cell + _REST for cell in cells))


def contents(values: Sequence[Values]) -> list[bytes | None]:
    """Return what has to follow the style in each cell, row by row; ``None`` where that is not known here."""
    wanted = list(chain.from_iterable(values))
    plain = _texts({value for value in wanted if type(value) is str})
    return [plain.get(value) or _plain(value) for value in wanted]


def _texts(texts: Collection[str]) -> dict[Cell | Untouched, bytes]:
    """Return what follows the style in a cell that holds a text, or nothing, written in the plainest way.

    A text that a reader could take for another one is left out.
    """
    plain: dict[Cell | Untouched, bytes] = {None: b"/>"}
    chosen = [text for text in texts if text and "_x" not in text]
    joined = _BETWEEN.join(chosen)
    for sign, entity in _ESCAPES:
        joined = joined.replace(sign, entity)
    made = joined.encode("utf-8", "surrogatepass").replace(_BETWEEN.encode(), _TEXT_END + b"\0" + _TEXT_START)
    each = (_TEXT_START + made + _TEXT_END).split(b"\0")
    return plain | dict(zip(chosen, each, strict=True)) if len(each) == len(chosen) else plain


def _plain(value: Cell | Untouched) -> bytes | None:
    if type(value) is int:
        return b"><v>%d</v></c>" % value
    return _KEPT if value is KEEP else None
