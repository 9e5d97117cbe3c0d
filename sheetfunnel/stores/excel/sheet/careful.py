"""The careful way through a sheet: expat says where every row and cell begins and ends.

It reads whatever is well-formed: prefixes, comments, CDATA, any quotes, cells and rows without an address,
white space, encodings other than UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheetfunnel.stores.excel.parts.boxes import Box
from sheetfunnel.stores.excel.sheet.careful_watch import RowWatch
from sheetfunnel.stores.excel.sheet.pieces import Findings, Head
from sheetfunnel.stores.excel.sheet.rows import Holds, Row, RowEditor
from sheetfunnel.stores.excel.xml_spans import broken_xml, prefix_of

_NEVER: Final = 1 << 62


class CarefulSheet:
    """One reading of a sheet that is well-formed XML."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._watch = RowWatch()
        while self._watch.opening is None:
            if not self._feed():
                raise broken_xml("a tab")
        tag = self._watch.opening
        self._opened = tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
        self.head = Head(
            raw=self._watch.kept(0, self._watch.rows_start - len(tag)) + self._opened,
            root=self._watch.root,
            prefix=prefix_of(tag),
            utf8=self._watch.utf8,
        )

    def rows(self, first: int, last: int) -> Iterator[Row]:
        """Yield the rows from ``first`` to ``last``."""
        for _, row in self._gaps_and_rows():
            if row and row.number > last:
                return
            if row and row.number >= first:
                yield row

    def edited(self, editor: RowEditor) -> Iterator[bytes]:
        """Yield the rows and what stands between them, with the wishes carried out."""
        wanted = iter(editor.targets.rows)
        coming = next(wanted, _NEVER)
        for gap, row in self._gaps_and_rows():
            yield gap
            while coming < (row.number if row else _NEVER):
                yield editor.created(coming)
                coming = next(wanted, _NEVER)
            if row:
                editor.covered.extend(row.arrays)
                is_wanted = row.number == coming
                yield editor.sized(coming, editor.rewritten(row)) if is_wanted else row.raw
                coming = next(wanted, _NEVER) if is_wanted else coming

    def findings(self, *, booleans: bool) -> Findings:
        """Return the cells with formulas and the ranges of arrays."""
        left_out = {Holds.VALUE, Holds.BOOLEAN} if booleans else {Holds.VALUE}
        formulas: set[tuple[int, int]] = set()
        arrays: list[Box] = []
        for row in self.rows(1, _NEVER):
            arrays += row.arrays
            formulas.update((row.number, cell.column) for cell in row.cells if cell.holds not in left_out)
        return Findings(formulas=frozenset(formulas), arrays=tuple(arrays))

    def tail(self) -> bytes:
        """Return what follows the rows."""
        while self._feed():
            pass
        watch = self._watch
        was_closed = watch.opening != self._opened
        closing = b"</%bsheetData>" % self.head.prefix if was_closed else b""
        return closing + watch.kept(watch.rows_end or 0, None)

    def _feed(self) -> bool:
        chunk = next(self._chunks, b"")
        self._watch.feed(chunk)
        return bool(chunk)

    def _gaps_and_rows(self) -> Iterator[tuple[bytes, Row | None]]:
        """Yield each row with what stands before it, and at last what stands behind them all."""
        watch = self._watch
        at = watch.rows_start
        while True:
            while watch.rows:
                start, row = watch.rows.popleft()
                yield watch.kept(at, start), row
                at = start + len(row.raw)
            watch.forget(at)
            if watch.rows_end is not None:
                break
            if not self._feed():
                raise broken_xml("a tab")
        yield watch.kept(at, watch.rows_end), None
