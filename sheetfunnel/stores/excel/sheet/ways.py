"""One sheet edited: the fast way where its dialect allows, else the careful way, with the same result."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import reduce
from typing import Final, Protocol, TypeAlias

from sheetfunnel.stores.excel.parts.boxes import Box
from sheetfunnel.stores.excel.sheet.careful import CarefulSheet
from sheetfunnel.stores.excel.sheet.cells_xml import Pen
from sheetfunnel.stores.excel.sheet.fast import FastSheet
from sheetfunnel.stores.excel.sheet.head_xml import column_styles, fitted_head
from sheetfunnel.stores.excel.sheet.pieces import Head, SheetReader, Unusual
from sheetfunnel.stores.excel.sheet.rows import Row, RowEditor
from sheetfunnel.stores.excel.sheet.tail_xml import edited_tail, merges
from sheetfunnel.stores.excel.sheet.targets import Lane, SheetTargets, Style
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Change

Way: TypeAlias = Callable[[Iterator[bytes]], SheetReader]
WAYS: Final[tuple[Way, ...]] = (FastSheet, CarefulSheet)


class Output(Protocol):
    """Where the new sheet goes."""

    def write(self, data: bytes) -> None:
        """Take some bytes."""
        ...

    def restart(self) -> None:
        """Forget all bytes taken so far."""
        ...


@value
class SheetJob:
    """What is to be done with one sheet; ``booleans`` tells whether a cell with TRUE() may be replaced."""

    chunks: Callable[[], Generator[bytes, None, None]]
    lanes: Sequence[Lane]
    changes: Sequence[Change]
    date1904: bool
    booleans: bool


class _Covered(Exception):
    """Wanted cells turned out to lie under merged ones, which stand at the end of a sheet."""

    def __init__(self, boxes: list[Box]) -> None:
        super().__init__()
        self.boxes = boxes


def edit_sheet(job: SheetJob, output: Output, ways: Sequence[Way] = WAYS) -> None:
    """Write the whole sheet with the job done.

    Raises:
        UnreadableWorkbook: the sheet cannot be read, or not be edited safely.

    """
    way, *others = ways
    covered: list[Box] = []
    while True:
        try:
            for piece in _edited(job, way, covered):
                output.write(piece)
        except Unusual:
            way = others.pop(0)
            output.restart()
        except _Covered as found:
            covered = found.boxes
            output.restart()
        else:
            return


def _edited(job: SheetJob, way: Way, covered: list[Box]) -> Iterator[bytes]:
    looks = [_looks(job, way, lane) for lane in job.lanes]
    with closing(job.chunks()) as chunks:
        sheet = way(chunks)
        head = sheet.head
        targets = SheetTargets(job.lanes, [_styles(head, look, lane) for look, lane in _paired(looks, job)])
        editor = RowEditor(
            targets=targets,
            pen=Pen(date1904=job.date1904, prefix=head.prefix, utf8=head.utf8),
            booleans=job.booleans,
            covered=[*covered],
            models={row: look.model for look, lane in _paired(looks, job) for row in lane.rows if look.model},
            lines={row: lines for lane in job.lanes for row, lines in lane.lines.items()},
        )
        yield fitted_head(head, _written_box(job))
        yield from sheet.edited(editor)
        tail = sheet.tail()
        if not covered:
            _notice_merges(head, tail, targets)
        yield edited_tail(head, tail, job.changes)


def _written_box(job: SheetJob) -> Box | None:
    boxes = [lane.box for lane in job.lanes if lane.box]
    return reduce(Box.around, boxes) if boxes else None


def _notice_merges(head: Head, tail: bytes, targets: SheetTargets) -> None:
    columns = sorted({column for lane in targets.lanes for column in lane.columns})
    hit = [each for each in merges(head, tail) if _is_hit(each, targets.rows, columns)]
    if hit:
        raise _Covered(hit)


def _is_hit(merge: Box, rows: Sequence[int], columns: Sequence[int]) -> bool:
    if not any(merge.left <= column <= merge.right for column in columns):
        return False
    first = bisect_left(rows, merge.top)
    return first < len(rows) and rows[first] <= merge.bottom


@dataclass(slots=True)
class _Look:
    """How new cells of a lane look, as the sheet shows it: styles by column, and the format of new rows."""

    styles: dict[int, bytes]
    model: bytes = b""


def _paired(looks: Sequence[_Look], job: SheetJob) -> Iterator[tuple[_Look, Lane]]:
    return zip(looks, job.lanes, strict=True)


def _styles(head: Head, look: _Look, lane: Lane) -> tuple[Style, ...]:
    of_columns = column_styles(head, lane.columns)
    return tuple(look.styles.get(column, of_columns.get(column)) for column in lane.columns)


def _looks(job: SheetJob, way: Way, lane: Lane) -> _Look:
    """Look through the rows whose looks new cells take; only as many as are needed."""
    look = _Look({})
    first = min((window.first for window in lane.looks.values()), default=1)
    last = max((window.last for window in lane.looks.values()), default=0)
    ends_early = not any(window.from_below for window in lane.looks.values())
    if first > last:
        return look
    with closing(job.chunks()) as chunks:
        for row in way(chunks).rows(first, last):
            _look_at(row, lane, look)
            if ends_early and len(look.styles) == len(lane.columns):
                break
    return look


def _look_at(row: Row, lane: Lane, look: _Look) -> None:
    if row.number == lane.model:
        look.model = _model(row)
    for cell in row.cells:
        window = lane.looks.get(cell.column)
        if window is None or not window.first <= row.number <= window.last:
            continue
        if window.from_below or cell.column not in look.styles:
            look.styles[cell.column] = cell.style


def _model(row: Row) -> bytes:
    """Return the attributes that new rows take from a row: its format; a height fits its own text only."""
    return row.style + b' customFormat="1"' if row.style else b""
