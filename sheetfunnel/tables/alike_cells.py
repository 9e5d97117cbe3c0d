"""Cells of a column that are written alike: they differ in what they hold, and in nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from sheetfunnel.tables.part_guard import column_letters
from sheetfunnel.values import Named, value

_OPENING: Final = re.compile(
    rb'(?: s="(?P<style>\d{1,5})")?(?:(?P<number>(?: t="n")?><v>)|(?P<shared> t="s"><v>)'
    rb'|(?P<text> t="inlineStr"><is><t>)|(?P<kept_text> t="inlineStr"><is><t xml:space="preserve">))'
)
#: No text in UTF-8 holds it.
_BETWEEN: Final = b"\xff"


class Kind(Named):
    """What stands in cells: a number, the number of a text that cells share, or a text."""

    NUMBER = "number"
    SHARED = "shared"
    TEXT = "text"
    KEPT_TEXT = "kept_text"  # the space around it is kept


@value
class AlikeCells:
    """Pieces of rows that are written alike, and what stands in each between the same bytes."""

    kind: Kind
    style: int
    pieces: Sequence[bytes]
    held: Sequence[bytes]


def alike_cells(pieces: Sequence[bytes], following: int) -> AlikeCells | None:
    """Return those of some pieces that are written as the longest one is, if that is a plain way.

    In each row the cell in column ``following`` comes next (0: none). What is held is not looked at here.
    """
    opening = _OPENING.match(max(pieces, key=len))
    if opening is None or opening.lastgroup is None:
        return None
    before, kind = opening[0], Kind(opening.lastgroup)
    after = (b"</v></c>" if kind in {Kind.NUMBER, Kind.SHARED} else b"</t></is></c>") + _opened(following)
    alike = [piece for piece in pieces if piece.startswith(before) and piece.endswith(after)]
    joined = _BETWEEN.join(alike)
    held = joined[len(before) : len(joined) - len(after)].split(after + _BETWEEN + before)
    if not alike or len(held) != len(alike):
        return None
    return AlikeCells(kind=kind, style=int(opening["style"] or 0), pieces=alike, held=held)


@cache
def _opened(column: int) -> bytes:
    """Return how the cell in a column begins; nothing where there is none."""
    return b'<c r="' + column_letters(column).encode() if column else b""
