"""The cells of one row in the usual dialect: each begins with ``<c `` and its address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from sheetfunnel.stores.excel.parts.boxes import Box
from sheetfunnel.stores.excel.sheet.pieces import Unusual, array_box, what_it_holds
from sheetfunnel.stores.excel.sheet.rows import CellSpan, Holds, RowEditor, letters_of
from sheetfunnel.stores.excel.sheet.targets import FORMAT, Mark, Wish, Wishes
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Untouched
from sheetfunnel.workbook.layout import address

_HIDDEN: Final = (b"<c>", b"<c/", b"<c\n", b"<c\t", b"<c\r")
_LETTERS: Final = re.compile(rb'r="([A-Z]{1,3})\d')
_ANY_CELL: Final = re.compile(rb"<c[\s/>]")
_PLAIN: Final = re.compile(
    rb'r="([A-Z]{1,3}\d{1,7})"( s="[^"<&]*")?(?: t="[a-zA-Z]+")?'
    rb'(?:/>|>(?:<v>[^<]*</v>|<is><t(?: xml:space="preserve")?>[^<]*</t></is>)?</c>)'
)
_CELL: Final = re.compile(rb'r="([A-Z]{1,3}\d{1,7})"((?: [\w:]+="[^"<&]*")*) ?(?:/>|>(.*)</c>)', re.DOTALL)
_FORMULA_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"((?: [\w:]+="[^"<&]*")*) ?>')
_FORMULA: Final = re.compile(rb'<f((?: [\w:]+="[^"<]*")*) ?(?:/>|>([^<]*)</f>)')
_ANY_FORMULA: Final = re.compile(rb"<f[\s/>]")
_ATTRIBUTE: Final = re.compile(r' ([\w:]+)="([^"]*)"')


@value
class Layout:
    """Where the wanted columns stand among the cells of a row, for all rows that have the same cells.

    ``steps`` go from right to left: (index of the wish, place among the cells, whether the cell is there).
    ``anchors`` are the cells by which another row is known to be alike, (place, letters): those that are
    there, and those between which new ones are put.
    """

    columns: tuple[int, ...]
    count: int
    steps: tuple[tuple[int, int, bool], ...]
    anchors: tuple[tuple[int, bytes], ...]

    def fits(self, parts: Sequence[bytes], digits: bytes, columns: tuple[int, ...]) -> bool:
        """Whether this is also the layout of another row."""
        if self.columns != columns or self.count != len(parts):
            return False
        return all(
            parts[place].startswith(b'r="%b%b"' % (letters, digits)) for place, letters in self.anchors
        )


NO_LAYOUT: Final = Layout(columns=(), count=0, steps=(), anchors=())


def layout_of(parts: Sequence[bytes], columns: tuple[int, ...]) -> Layout:
    """Return the layout of a row; ``parts`` are its start tag and its cells without ``<c ``."""
    found = [_letters(part) for part in parts[1:]]
    places = {address(f"{letters.decode()}1")[1]: place for place, letters in enumerate(found, start=1)}
    if len(places) != len(found) or any(left > right for left, right in pairwise(places)):
        raise Unusual
    steps, anchors = [], set()
    for index in reversed(range(len(columns))):
        column = columns[index]
        place = places.get(column) or 1 + sum(other < column for other in places)
        steps.append((index, place, column in places))
        anchors |= {place} if column in places else {place - 1, place} & set(places.values())
    return Layout(
        columns=columns,
        count=len(parts),
        steps=tuple(steps),
        anchors=tuple((place, found[place - 1]) for place in sorted(anchors)),
    )


def _letters(part: bytes) -> bytes:
    match = _LETTERS.match(part)
    if match is None:
        raise Unusual
    return match[1]


def with_wishes(
    parts: list[bytes], layout: Layout, wishes: Wishes, *, editor: RowEditor, number: int
) -> list[int]:
    """Carry out the wishes in the cells of a row, and return the columns of new cells.

    ``parts`` are the start tag and then the cells, each without its first three bytes ``<c ``.
    """
    added: list[int] = []
    style: bytes | None = None
    for index, place, present in layout.steps:
        column, value, own = wishes.columns[index], wishes.values[index], wishes.styles[index]
        if present:
            parts[place] = _replaced(parts[place], column, value, editor=editor, number=number)
            continue
        if own is None:
            own = style = row_style(parts[0]) if style is None else style
        if new := editor.put_in(number, column, value, own):
            if not parts[place - 1].endswith(b">"):
                raise Unusual
            parts.insert(place, new[3:])
            added.append(column)
    return added


def refuse_hidden(raw: bytes, count: int) -> None:
    """Give up a row that has more in it than its ``count`` usual cells: new ones need to know their place."""
    if b"<extLst" in raw or (raw.count(b"<c") != count and any(sign in raw for sign in _HIDDEN)):
        raise Unusual


def _replaced(part: bytes, column: int, value: Wish, *, editor: RowEditor, number: int) -> bytes:
    if isinstance(value, Untouched) or value is FORMAT:
        return part
    ref = b"%b%d" % (letters_of(column), number)
    match = _PLAIN.fullmatch(part)
    if match is None:
        style, holds = _looked_at(part, ref)
        if not editor.may_replace(holds):
            return part
    elif match[1] != ref:
        raise Unusual
    else:
        style = match[2] or b""
    if editor.covered and editor.is_covered(number, column):
        return part
    return b'r="%b"%b%b' % (ref, style, editor.pen.content(None if isinstance(value, Mark) else value))


def _looked_at(part: bytes, ref: bytes) -> tuple[bytes, Holds]:
    """Return the style of a cell that is more than a plain value, and what it holds."""
    match = _CELL.fullmatch(part)
    if match is None or match[1] != ref or _ANY_CELL.search(match[3] or b"") or b"</c>" in (match[3] or b""):
        raise Unusual
    attributes = _attributes(match[2])
    style = b' s="%b"' % attributes["s"].encode() if "s" in attributes else b""
    return style, _holds(match[3] or b"", attributes.get("t", ""))


def _holds(inner: bytes, kind: str) -> Holds:
    if not _ANY_FORMULA.search(inner):
        return Holds.VALUE
    match = _FORMULA.search(inner)
    return _formula_kind(match, kind) if match else Holds.FORMULA


def _formula_kind(match: re.Match[bytes], kind: str) -> Holds:
    formula = (match[2] or b"").decode()
    return what_it_holds(formula, kind=kind, plain=b" t=" not in match[1])


def _attributes(raw: bytes) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(raw.decode()))


def row_style(tag: bytes) -> bytes:
    """Return the style of a row's blank cells, from its start tag."""
    attributes = _attributes(tag)
    has_own = attributes.get("customFormat") in {"1", "true"} and "s" in attributes
    return b' s="%b"' % attributes["s"].encode() if has_own else b""


def cells_of(raw: bytes, number: int) -> tuple[CellSpan, ...]:
    """Return where the cells of a row stand; ``raw`` is the row without its end tag."""
    first, *parts = raw.split(b"<c ")
    at = len(first)
    cells: list[CellSpan] = []
    for part in parts:
        cells.append(_cell(part, at, number))
        at += len(part) + 3
    return tuple(cells)


def _cell(part: bytes, at: int, number: int) -> CellSpan:
    ref = part[3 : part.find(b'"', 3)]
    style, holds = _looked_at(part, ref)
    row, column = address(ref.decode())
    if row != number:
        raise Unusual
    return CellSpan(column, at, at + 3 + len(part), style, holds)


def arrays_in(block: bytes) -> Iterator[Box]:
    """Yield the ranges of array formulas and data tables that begin in a block of rows."""
    if b"f" not in block or b' ref="' not in block:  # the first is quicker to look for
        return
    for match in _FORMULA.finditer(block):
        found = array_box(_attributes(match[1]))
        if found:
            yield found


def formulas_in(block: bytes, *, booleans: bool) -> Iterator[tuple[int, int]]:
    """Yield the cells of a block that hold formulas; ``booleans`` leaves LibreOffice's booleans out."""
    if b"f" not in block or b"<f" not in block:
        return
    known = 0
    for match in _FORMULA.finditer(block):
        known += 1
        cell = _FORMULA_CELL.fullmatch(block, block.rfind(b"<c ", 0, match.start()), match.start())
        if cell is None:
            raise Unusual
        holds = _formula_kind(match, _attributes(cell[2]).get("t", ""))
        if holds is Holds.FORMULA or not booleans:
            yield address(cell[1].decode())
    if known != len(_ANY_FORMULA.findall(block)):
        raise Unusual
