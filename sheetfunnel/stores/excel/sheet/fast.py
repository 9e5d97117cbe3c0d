"""The fast way through a sheet: the dialect that Excel, LibreOffice, XlsxWriter and openpyxl write.

Rows are cut at ``</row>``, cells at ``<c ``, and only what is wanted is looked at closely. Whatever is not
written in just this dialect raises ``Unusual``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from sheetfunnel.stores.excel.parts.boxes import Box
from sheetfunnel.stores.excel.sheet.fast_cells import (
    NO_LAYOUT,
    arrays_in,
    cells_of,
    formulas_in,
    layout_of,
    refuse_hidden,
    row_style,
    with_wishes,
)
from sheetfunnel.stores.excel.sheet.fast_runs import are_all_put_in, contents, created_rows, rewritten_rows
from sheetfunnel.stores.excel.sheet.pieces import Findings, Head, Unusual
from sheetfunnel.stores.excel.sheet.rows import Row, RowEditor, letters_of, opened, out_of_order
from sheetfunnel.stores.excel.xml_spans import tag_end

_LONGEST_HEAD: Final = 8 << 20
#: So many new rows are made at once.
_MANY: Final = 1000
_CLOSE: Final = b"</row>"
_END: Final = b"</sheetData>"
_PROLOG: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml\s[^>]*\?>)?\s*(?=<worksheet[\s>])")
_ENCODING: Final = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_ROW: Final = re.compile(rb'<row r="(\d{1,7})"(?: [\w:.]+="[^"<>]*")* ?(/?)>')


_Piece: TypeAlias = tuple[int, bytes, bytes]
"""One row: its number, its bytes without end tag, and the end tag (nothing in a self-closed row)."""


class FastSheet:
    """One reading of a sheet in the usual dialect."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._number = 0
        self._layout = NO_LAYOUT
        self._tail = b""
        self.head, self._rest = _head(chunks)

    def rows(self, first: int, last: int) -> Iterator[Row]:
        """Yield the rows from ``first`` to ``last``."""
        for _, pieces in self._blocks():
            yield from (_row(piece) for piece in pieces if first <= piece[0] <= last)
            if pieces and pieces[-1][0] >= last:
                return

    def edited(self, editor: RowEditor) -> Iterator[bytes]:
        """Yield the rows, block by block, with the wishes carried out."""
        wanted, at = editor.targets.rows, 0
        for raw, pieces in self._blocks():
            editor.covered.extend(arrays_in(raw))
            upto = bisect_right(wanted, pieces[-1][0], at) if pieces else at
            yield self._block(pieces, wanted[at:upto], editor) if upto > at else raw
            at = upto
        for start in range(at, len(wanted), _MANY):
            yield _created(wanted[start : start + _MANY], editor)

    def findings(self, *, booleans: bool) -> Findings:
        """Return the cells with formulas and the ranges of arrays."""
        formulas: set[tuple[int, int]] = set()
        arrays: list[Box] = []
        for raw, _ in self._blocks():
            arrays += arrays_in(raw)
            formulas.update(formulas_in(raw, booleans=booleans))
        return Findings(formulas=frozenset(formulas), arrays=tuple(arrays))

    def tail(self) -> bytes:
        """Return what follows the rows."""
        return self._tail + b"".join(self._chunks)

    def _blocks(self) -> Iterator[tuple[bytes, list[_Piece]]]:
        waiting = self._rest
        while (
            end := waiting.find(_END, max(waiting.rfind(_CLOSE), 0))
        ) < 0:  # behind the last row that closes
            cut = waiting.rfind(_CLOSE) + len(_CLOSE)
            if cut >= len(_CLOSE):
                yield waiting[:cut], self._pieces(waiting[:cut])
                waiting = waiting[cut:]
            more = next(self._chunks, b"")
            if not more:
                raise Unusual
            waiting += more
        self._tail = waiting[end:]
        yield waiting[:end], self._pieces(waiting[:end])

    def _pieces(self, block: bytes) -> list[_Piece]:
        if any(
            sign[1:] in block and sign in block for sign in (b"<!", b"<?")
        ):  # single bytes are found quickly
            raise Unusual
        *parts, rest = block.split(_CLOSE)
        pieces: list[_Piece] = []
        for part in parts:
            match = _ROW.match(part)
            if match is None or match[2]:
                part, match = _past_closed(part, pieces)  # noqa: PLW2901 (the row proper stands behind them)
            if match is None:
                raise Unusual
            pieces.append((int(match[1]), part, _CLOSE))
        if rest and _past_closed(rest, pieces)[0]:
            raise Unusual
        self._keep_order(pieces)
        return pieces

    def _keep_order(self, pieces: list[_Piece]) -> None:
        for number, _, _ in pieces:
            if number <= self._number:
                raise out_of_order(number)
            self._number = number

    def _block(self, pieces: Sequence[_Piece], wanted: Sequence[int], editor: RowEditor) -> bytes:
        """Return rows with what is wanted among them."""
        there = {piece[0]: piece for piece in pieces}
        touched = [there[number] for number in wanted if number in there]
        text = _rewritten(touched, editor)
        if text and len(touched) == len(pieces) == len(wanted) and not editor.lines:
            return text
        new = _closed(text) or [self._touched(piece, editor) for piece in touched]
        rows = {piece[0]: row for piece, row in zip(touched, new, strict=True)}
        if editor.lines:
            rows = {number: editor.sized(number, row) for number, row in rows.items()}
        rows |= {number: editor.created(number) for number in wanted if number not in there}
        rows |= {number: raw + closing for number, raw, closing in pieces if number not in rows}
        return b"".join([rows[number] for number in sorted(rows)])

    def _touched(self, piece: _Piece, editor: RowEditor) -> bytes:
        number, raw, closing = piece
        if not closing:
            return editor.rewritten(_row(piece))
        wishes = editor.targets.at(number)
        parts = raw.split(b"<c ")
        if not self._layout.fits(parts, b"%d" % number, wishes.columns):
            self._layout = layout_of(parts, wishes.columns)
        added = with_wishes(parts, self._layout, wishes, editor=editor, number=number)
        if added:
            refuse_hidden(raw, len(parts) - 1 - len(added))
            parts[0] = opened(parts[0], added)
        return b"<c ".join(parts) + _CLOSE


def _rewritten(touched: Sequence[_Piece], editor: RowEditor) -> bytes:
    """Return rows with the wishes carried out in all of them at once; nothing if they are not so plain."""
    lanes = editor.targets.lanes
    if not touched or editor.covered or len(lanes) > 1 or not all(closing for _, _, closing in touched):
        return b""
    numbers = [number for number, _, _ in touched]
    values = contents([lanes[0].rows[number] for number in numbers], editor.pen)
    return rewritten_rows([raw for _, raw, _ in touched], numbers, lanes[0].columns, values) or b""


def _closed(rows: bytes) -> list[bytes]:
    return [row + _CLOSE for row in rows.split(_CLOSE)[:-1]]


def _created(numbers: Sequence[int], editor: RowEditor) -> bytes:
    """Return rows that are not in the sheet yet."""
    lanes, model = editor.targets.lanes, editor.models.get(numbers[0], b"")
    styles = editor.targets.styles[0]
    wishes = [] if len(lanes) > 1 else [lanes[0].rows[number] for number in numbers]
    if len(lanes) > 1 or editor.covered or not are_all_put_in(wishes, styles):
        return b"".join(map(editor.created, numbers))
    cells = [(letters_of(each), style or b"") for each, style in zip(lanes[0].columns, styles, strict=True)]
    made = created_rows(numbers, contents(wishes, editor.pen), model, cells)
    if not editor.lines:
        return made
    return b"".join(map(editor.sized, numbers, _closed(made)))


def _head(chunks: Iterator[bytes]) -> tuple[Head, bytes]:
    """Return the head, and the bytes read beyond it."""
    waiting = b""
    while (at := waiting.find(b"<sheetData")) < 0 or b">" not in waiting[at : at + 12]:
        more = next(chunks, b"")
        if not more or len(waiting) > _LONGEST_HEAD:
            raise Unusual
        waiting += more
    head = waiting[:at]
    match = _PROLOG.match(head)
    if match is None or b"<!" in head or b"<?" in head[match.end() :] or _ENCODING.search(match[0]):
        raise Unusual
    root = head[: tag_end(head, match.end())]
    for tag, rest in ((b"<sheetData>", b""), (b"<sheetData/>", _END)):
        if waiting.startswith(tag, at):
            raw = head + b"<sheetData>"
            return Head(raw=raw, root=root), rest + waiting[at + len(tag) :]
    raise Unusual


def _past_closed(part: bytes, pieces: list[_Piece]) -> tuple[bytes, re.Match[bytes] | None]:
    """Move the self-closed rows at the start of ``part`` to ``pieces``; return the rest and its start tag."""
    at = 0
    while (match := _ROW.match(part, at)) and match[2]:
        pieces.append((int(match[1]), match[0], b""))
        at = match.end()
    return part[at:], _ROW.match(part[at:])


def _row(piece: _Piece) -> Row:
    number, raw, closing = piece
    match = _ROW.match(raw)
    if match is None:
        raise Unusual
    return Row(
        number=number,
        raw=raw + closing,
        inner=match.end(),
        cells=cells_of(raw, number) if closing else (),
        style=row_style(match[0]),
    )
