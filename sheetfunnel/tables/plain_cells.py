"""Cells written plainly: what each holds, remembered by how it is written."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from operator import add
from typing import Final, TypeAlias

from sheetfunnel.tables.alike_cells import AlikeCells, Kind, alike_cells
from sheetfunnel.tables.grid import Value
from sheetfunnel.tables.part_guard import column_letters, column_number
from sheetfunnel.tables.plain_rows import LONGEST_CELL
from sheetfunnel.tables.plain_texts import CONTENT, are_plain, plain_text

Held: TypeAlias = tuple[Value, int]
"""What a cell holds, and the number of the column that comes after it in its row (0: none)."""

_PIECE: Final = re.compile(
    rb'(?: s="(?P<style>\d{1,5})")?'
    rb'(?: ?/>|(?: t="n")?><v>(?P<number>-?\d{1,20}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?)</v></c>'
    rb'| t="s"><v>(?P<shared>\d{1,8})</v></c>| t="b"><v>(?P<truth>[01])</v></c>'
    rb'| t="inlineStr"><is><t(?P<kept> xml:space="preserve")?>(?P<text>' + CONTENT + rb")</t></is></c>)"
    rb'(?:<c r="(?P<following>[A-Z]{1,3}))?'
)
_OTHER: Final = ("style", "number", "shared", "truth")
_PIECE_BETWEEN: Final = re.compile(
    rb'(?<=\xff)(?: s="(\d{1,5})")?'
    rb'(?: ?/>|(?: t="n")?><v>(-?\d{1,20}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?)</v></c>'
    rb'| t="s"><v>(\d{1,8})</v></c>| t="b"><v>([01])</v></c>'
    rb'| t="inlineStr"><is><t(?:>(?![ \t\n])(' + CONTENT + rb")(?<![ \t\n])"
    rb'| xml:space="preserve">(' + CONTENT + rb"))</t></is></c>)"
    rb'(?:<c r="([A-Z]{1,3}))?\xff'
)
#: No text in UTF-8 holds the one, no plain text the other.
_BETWEEN: Final = b"\xff"
_END_OF_TEXT: Final = b"\0"
_OPENING: Final = re.compile(rb'(?: [\w:]+="[^"<>&\x00-\x1f\x80-\xff]*")*+ ?>(?:<c r="([A-Z]{1,3}))?')
#: Days before 1 March 1900 count otherwise, and later ones than of 9999 are none.
_FIRST_DAY, _LAST_DAY = 61, 2_900_000
#: As many digits a number may have, or the number of a shared text, to be looked at with others.
_MOST_DIGITS: Final = 8
#: So many ways to write a cell are remembered at once: a row repeats those of the rows just before.
_MOST: Final = 60_000
#: So many different texts are shared; beyond them hardly one comes twice.
_MOST_SHARED: Final = 500_000


class OtherDialect(Exception):
    """The sheet is not written plainly; nothing that was taken of it may be relied on."""


class Cells(dict[bytes, Held]):
    """What the pieces of rows hold: all that follows a cell's address, and the letters of the next cell.

    ``texts`` are those that cells share. ``days`` has for each style the ordinal of the day 0, if a number in
    it stands for a day, 0 if it stands for itself and ``None`` if that is not known here.
    """

    def __init__(
        self, texts: Sequence[str | None], days: Sequence[int | None], known: dict[str, str]
    ) -> None:
        super().__init__()
        self._texts = texts
        self._days = days
        self._known = known

    def __missing__(self, piece: bytes) -> Held:
        match = _PIECE.fullmatch(piece)
        if match is None or len(piece) > LONGEST_CELL:
            raise OtherDialect
        kept, text, following, *other = match.group("kept", "text", "following", *_OTHER)
        value = self._other(*other) if text is None else self._text(text, kept=kept is not None)
        if len(self) >= _MOST:
            self.clear()
        held = self[piece] = (value, _column(following))
        return held

    def _number(self, number: bytes, style: bytes | None) -> float | date:
        at = int(style or 0)
        zero = self._days[at] if at < len(self._days) else None
        if zero is None:
            raise OtherDialect
        if not zero:
            value = float(number)
            if not math.isfinite(value):
                raise OtherDialect
            return value
        if not number.isdigit() or not _FIRST_DAY <= (day := int(number)) <= _LAST_DAY:
            raise OtherDialect
        return date.fromordinal(zero + day)

    def _shared(self, at: int) -> str | None:
        text = self._texts[at] if at < len(self._texts) else None
        if text is None:
            raise OtherDialect
        return text or None

    def _text(self, raw: bytes, *, kept: bool) -> str | None:
        text = plain_text(raw, kept=kept)
        if text is None:
            raise OtherDialect
        if len(self._known) < _MOST_SHARED:
            return self._known.setdefault(text, text) or None
        return self._known.get(text, text) or None

    def of_column(self, pieces: Sequence[bytes], following: int) -> dict[bytes, Value]:
        """Return what each piece holds, many at once; in each row the cell in column ``following`` is next.

        Raises:
            OtherDialect: one of them is not written plainly, or only :meth:`__missing__` can tell.

        """
        alike = alike_cells(pieces, following)
        held = self._alike(alike) if alike else None
        found = dict(zip(alike.pieces, held, strict=True)) if alike and held else {}
        others = list(set(pieces).difference(found))
        if others:
            found |= zip(others, self._one_by_one(others, following), strict=True)
        return found

    def _alike(self, cells: AlikeCells) -> Sequence[Value] | None:
        """Return what cells hold that are written alike; ``None`` where each is to be looked at."""
        held, kind = cells.held, cells.kind
        if kind in {Kind.TEXT, Kind.KEPT_TEXT}:
            is_plain = are_plain(held, kept=kind is Kind.KEPT_TEXT) and max(map(len, held)) < LONGEST_CELL
            return self._texts_at_once(held) if is_plain else None
        if not all(held) or not b"".join(held).isdigit() or max(map(len, held)) > _MOST_DIGITS:
            return None
        if kind is Kind.NUMBER:
            is_number = cells.style < len(self._days) and self._days[cells.style] == 0
            return list(map(float, held)) if is_number else None
        at = list(map(int, held))
        return list(map(self._shared, at))

    def _one_by_one(self, pieces: Sequence[bytes], following: int) -> list[Value]:
        if b"" in pieces:
            raise OtherDialect
        joined = _BETWEEN.join([b"", *pieces, b""])
        found = _PIECE_BETWEEN.findall(joined)
        is_long = len(joined) > LONGEST_CELL and max(map(len, pieces)) > LONGEST_CELL
        if is_long or not len(found) == len(pieces) == joined.count(_BETWEEN) - 1:
            raise OtherDialect
        styles, numbers, shared, truths, bare, kept, letters = zip(*found, strict=True)
        if set(letters) != {column_letters(following).encode()}:
            raise OtherDialect
        texts = self._texts_at_once(list(map(add, bare, kept)))
        if not (any(numbers) or any(shared) or any(truths)):
            return texts
        others = zip(styles, numbers, shared, truths, strict=True)
        return [text or self._other(*each) for text, each in zip(texts, others, strict=True)]

    def _other(
        self, style: bytes | None, number: bytes | None, shared: bytes | None, truth: bytes | None
    ) -> Value:
        """Return what a cell holds of which no text stands in the sheet; what it has not is nothing."""
        if shared:
            return self._shared(int(shared))
        if number:
            return self._number(number, style)
        return truth == b"1" if truth else None

    def _texts_at_once(self, raw: Sequence[bytes]) -> list[Value]:
        text = plain_text(_END_OF_TEXT.join(raw), kept=True)
        if text is None:
            raise OtherDialect
        texts = text.split(_END_OF_TEXT.decode())
        if len(self._known) < _MOST_SHARED:
            texts = list(map(self._known.setdefault, texts, texts))
        return [text or None for text in texts]


@lru_cache(maxsize=4096)
def opened(piece: bytes) -> int:
    """Return the column of the first cell of a row (0: none) by what follows the row's number."""
    match = _OPENING.fullmatch(piece)
    if match is None:
        raise OtherDialect
    return _column(match[1])


@cache
def _column(letters: bytes | None) -> int:
    return column_number(letters.decode()) if letters else 0
