"""The cells of a sheet that show an error, such as ``#N/A``: the reader gives them as blank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from sheetfunnel.stores.excel.parts.boxes import box
from sheetfunnel.tables.grid import Value

Errors: TypeAlias = Mapping[tuple[int, int], str]
"""What the cells with an error show, by (row, column)."""

_SIGNS: Final = (b't="e"', b"t='e'")
_TAG: Final = re.compile(rb"<(?:\w+:)?c\s[^<>]*>")
_ADDRESS: Final = re.compile(rb"""\sr=["']([A-Za-z]{1,3}\d{1,7})["']""")
_SHOWN: Final = re.compile(rb"<(?:\w+:)?v>\s*(#[^<\s]{1,40})\s*</")
_ROW_ENDS: Final = b"row>"


def may_show_errors(data: bytes) -> bool:
    """Whether a piece of a sheet may have such a cell; quick."""
    return b"#" in data and any(sign in data for sign in _SIGNS)  # all that they show begins with it


def error_cells(pieces: Iterable[bytes]) -> Errors:
    """Return what the cells with an error show; one without an address is left out."""
    found: dict[tuple[int, int], str] = {}
    rest = b""
    for piece in pieces:
        block = rest + piece
        cut = block.rfind(_ROW_ENDS) + len(_ROW_ENDS)
        if cut >= len(_ROW_ENDS):
            found.update(_in_rows(block[:cut]))
            block = block[cut:]
        rest = block
    return found


def with_errors(rows: Iterable[list[Value]], errors: Errors) -> Iterator[list[Value]]:
    """Yield the rows of a tab, from the first on, with what its errors show put in."""
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), shown in errors.items():
        by_row.setdefault(row, {})[column] = shown
    for number, line in enumerate(rows, start=1):
        for column, shown in by_row.pop(number, {}).items():
            line.extend([None] * (column - len(line)))
            line[column - 1] = shown
        yield line


def _in_rows(rows: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for sign in _SIGNS:
        at = rows.find(sign)
        while at >= 0:
            tag = _TAG.match(rows, rows.rfind(b"<", 0, at))
            if tag and tag.end() > at:
                yield from _cell(tag[0], rows[tag.end() : rows.find(b"c>", tag.end())])
            at = rows.find(sign, at + 1)


def _cell(tag: bytes, inner: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    address, shown = _ADDRESS.search(tag), _SHOWN.search(inner)
    cell = box(address[1].decode()) if address else None
    if cell and shown:
        yield (cell.top, cell.left), shown[1].decode("utf-8", "replace")
