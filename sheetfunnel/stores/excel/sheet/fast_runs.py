"""The quickest way to rewrite a row: neighbouring cells that are all there, each with a plain value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from sheetfunnel.stores.excel.sheet.cells_xml import Pen
from sheetfunnel.stores.excel.sheet.rows import letters_of
from sheetfunnel.stores.excel.sheet.targets import BLANK, FORMAT, Wish, Wishes
from sheetfunnel.workbook.contract import KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Wanted columns side by side: ``start:stop`` are their places among the wishes.

    ``pattern`` matches their cells in a row: it holds the row's number, then each cell and its style;
    ``template`` is filled with number, style and content of each.
    """

    start: int
    stop: int
    first: bytes
    pattern: re.Pattern[bytes]
    letters: tuple[bytes, ...]
    template: bytes


@cache
def runs_of(columns: tuple[int, ...]) -> tuple[Run, ...]:
    """Return the runs of neighbours among columns."""
    breaks = [i for i in range(1, len(columns)) if columns[i] != columns[i - 1] + 1]
    bounds = zip([0, *breaks], [*breaks, len(columns)], strict=True)
    return tuple(_run(columns, start, stop) for start, stop in bounds)


def _run(columns: tuple[int, ...], start: int, stop: int) -> Run:
    letters = tuple(letters_of(column) for column in columns[start:stop])
    cells = [_cell(each, rb"(\d+)" if index == 0 else rb"\2") for index, each in enumerate(letters)]
    return Run(
        start=start,
        stop=stop,
        first=b'<c r="%b' % letters[0],
        pattern=re.compile(b"".join(cells)),
        letters=letters,
        template=b"".join(b'<c r="%b%%b"%%b%%b' % each for each in letters),
    )


def _cell(letters: bytes, number: bytes) -> bytes:
    value = rb'(?:<v>[^<]*</v>|<is><t(?: xml:space="preserve")?>[^<]*</t></is>)?'
    tag = rb'<c r="%b%b"( s="[^"<&]*")?(?: t="[a-zA-Z]+")?' % (letters, number)
    return rb"(" + tag + rb"(?:/>|>" + value + rb"</c>))"


def rewritten_runs(raw: bytes, number: int, wishes: Wishes, pen: Pen) -> bytes | None:
    """Return a row with the wishes carried out; ``None`` if its cells are not all there and plain."""
    out: list[bytes] = []
    at, digits = 0, b"%d" % number
    for run in runs_of(wishes.columns):
        start = raw.find(run.first, at)
        match = run.pattern.match(raw, start) if start >= 0 else None
        if match is None or match[2] != digits:
            return None
        out.append(raw[at:start])
        out.append(_cells(run, match.groups(), wishes.values[run.start : run.stop], pen))
        at = match.end()
    out.append(raw[at:])
    return b"".join(out)


def _cells(run: Run, groups: Sequence[bytes], values: Sequence[Wish], pen: Pen) -> bytes:
    """Return a run anew; ``groups`` are each old cell and its style, the number after the first."""
    number, content = groups[1], pen.content
    if KEEP in values or FORMAT in values or BLANK in values:
        return b"".join(_chosen(run, groups, values, pen))
    filled: list[bytes] = []
    for style, value in zip(groups[2::2], values, strict=True):
        filled += (number, style or b"", content(value))  # type: ignore[arg-type] # no mark is among them
    return run.template % tuple(filled)


def _chosen(run: Run, groups: Sequence[bytes], values: Sequence[Wish], pen: Pen) -> Iterator[bytes]:
    for index, (letters, value) in enumerate(zip(run.letters, values, strict=True)):
        if value is KEEP or value is FORMAT:
            yield groups[2 * index + 1] if index else groups[0]
            continue
        new = pen.content(None if value is BLANK else value)
        yield b'<c r="%b%b"%b%b' % (letters, groups[1], groups[2 * index + 2] or b"", new)
