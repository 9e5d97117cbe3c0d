"""The quickest way to rewrite rows: many at once, if all wanted cells are there, each with a plain value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain, repeat
from operator import contains
from typing import Final

from sheetfunnel.stores.excel.sheet.cells_xml import Pen
from sheetfunnel.stores.excel.sheet.rows import letters_of
from sheetfunnel.stores.excel.sheet.targets import FORMAT, Mark, Wish
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Untouched

_CLOSE: Final = b"</row>"
#: What the content of a cell is called here that is to stay as it is.
_KEPT: Final = b""
_NOTHING: Final = b"/>"
_REST: Final = (
    rb'((?: t="[a-zA-Z]+")?'
    rb'(?:/>|>(?:<v>[^<]*</v>|<is><t(?: xml:space="preserve")?>[^<]*</t></is>)?</c>))'
)


@value
class Run:
    """Wanted columns side by side: ``start:stop`` are their places among the wishes.

    ``cells`` matches their cells in a row: each in two groups, up to its style and the rest; the row's number
    is a group of its own, behind the first.
    """

    start: int
    stop: int
    cells: re.Pattern[bytes]


@cache
def runs_of(columns: tuple[int, ...]) -> tuple[Run, ...]:
    """Return the runs of neighbours among columns."""
    breaks = [i for i in range(1, len(columns)) if columns[i] != columns[i - 1] + 1]
    bounds = zip([0, *breaks], [*breaks, len(columns)], strict=True)
    return tuple(Run(start=start, stop=stop, cells=_cells_of(columns[start:stop])) for start, stop in bounds)


def _cells_of(columns: Sequence[int]) -> re.Pattern[bytes]:
    numbers = [rb"(\d+)", *[rb"\2"] * (len(columns) - 1)]
    cells = zip(map(letters_of, columns), numbers, strict=True)
    return re.compile(b"".join(rb'(<c r="%b%b"(?: s="[^"<&]*")?)' % cell + _REST for cell in cells))


def rewritten_rows(
    rows: Sequence[bytes], numbers: Sequence[int], columns: tuple[int, ...], values: Sequence[bytes]
) -> bytes | None:
    """Return rows with their cells filled; ``None`` if some of these are not there or not plain.

    Rows have no end tag, but for those that are returned; ``values`` are the :func:`contents` of all cells.
    """
    digits, text = [b"%d" % number for number in numbers], _CLOSE.join(rows)
    for run in runs_of(columns):
        pieces, each = run.cells.split(text), 2 + 2 * (run.stop - run.start)
        # each row has these cells once
        if pieces[2::each] != digits or not all(map(contains, pieces[each:-1:each], repeat(_CLOSE))):
            return None
        pieces[2::each] = [b""] * len(digits)  # they stand in the cells, too
        for index in range(run.start, run.stop):
            place = slice(3 + 2 * (index - run.start), None, each)
            new = values[index :: len(columns)]
            pieces[place] = [one or other for one, other in zip(new, pieces[place], strict=True)]
        text = b"".join(pieces)
    return text + _CLOSE


def created_rows(
    numbers: Sequence[int], values: Sequence[bytes], tag: bytes, cells: Sequence[tuple[bytes, bytes]]
) -> bytes:
    """Return rows that are not there yet, all of them with the same cells: the letters and style of each.

    ``tag`` holds the attributes of each row but its number; ``values`` are the contents of all cells.
    """
    row = [b'<row r="', b"", b'"%b>' % tag]
    for letters, style in cells:
        row += [b'<c r="%b' % letters, b"", b'"%b' % style, b""]
    row.append(_CLOSE)
    pieces, each = row * len(numbers), len(row)
    digits = [b"%d" % number for number in numbers]
    for at in (1, *range(4, each - 1, 4)):
        pieces[at::each] = digits
    for index in range(len(cells)):
        pieces[6 + 4 * index :: each] = values[index :: len(cells)]
    return b"".join(pieces)


def contents(wishes: Sequence[Sequence[Wish]], pen: Pen) -> list[bytes]:
    """Return what follows the style in each wanted cell, row by row; nothing in those that are kept."""
    wanted = list(chain.from_iterable(wishes))
    texts = {value for value in wanted if type(value) is str and value}
    known = dict[Wish, bytes](pen.plain_texts(texts).items()) | {None: _NOTHING}
    return [known.get(value) or _content(value, pen) for value in wanted]


def _content(value: Wish, pen: Pen) -> bytes:
    if isinstance(value, Untouched) or value is FORMAT:
        return _KEPT
    return _NOTHING if isinstance(value, Mark) else pen.content(value)


def are_all_put_in(wishes: Sequence[Sequence[Wish]], styles: Sequence[bytes | None]) -> bool:
    """Whether each wish makes a cell where there is none; a blank one needs a style to be worth it."""
    wanted = list(chain.from_iterable(wishes))
    left_out = {Untouched, Mark} if all(styles) else {Untouched, Mark, type(None)}
    return bool(wanted) and left_out.isdisjoint(map(type, wanted)) and "" not in wanted
