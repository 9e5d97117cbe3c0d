from __future__ import annotations

import os
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.second_process import may_begin
from sheetfunnel.tables.grid import Value, read_grids
from sheetfunnel.tables.part_guard import Extent
from sheetfunnel.tables.plain_cells import Cells
from sheetfunnel.tables.plain_lines import RestOfSheet, rest_of_sheet, taken_with_help
from sheetfunnel.tables.plain_values import take_plain_values
from sheetfunnel.tables.sheets_beside import Share, SheetsBeside, share_of
from tests.large_books import SECOND, large_book, long_rows
from tests.stores.excel_books import SHEET, compose, part, sheet_xml

pytestmark = pytest.mark.skipif(not may_begin(), reason="a second process takes Linux and two processors")


def test_what_a_second_process_takes_is_what_the_reader_gives(tmp_path: Path) -> None:
    book = large_book(tmp_path / "a.xlsx", long_rows(9_000, "The second"))
    with zipfile.ZipFile(book) as archive:
        share = share_of(archive.infolist())
        assert share is not None
        assert [info.filename for info in share.sheets] == [SECOND]
    taken, read = take_plain_values(book).rows, read_grids(book)
    assert [list(row) for row in taken[SECOND]] == read["Two"]
    assert [list(row) for row in taken[SHEET]] == read["Tab"]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_a_second_process_cannot_take_is_left_to_the_guard(tmp_path: Path) -> None:
    odd = long_rows(9_000, "The second") + '<row r="9001"><c r="A9001" t="str"><v>R&amp;D</v></c></row>'
    assert SECOND not in take_plain_values(large_book(tmp_path / "a.xlsx", odd)).rows
    broken = long_rows(9_000, "The second") + '<row r="9001"><c r="A9001" t="str"><v>R&D</v></c></row>'
    with pytest.raises(UnreadableWorkbook, match="XML is broken"):
        take_plain_values(large_book(tmp_path / "b.xlsx", broken))


def test_a_row_that_is_blank_far_to_the_right_makes_no_other_wide(tmp_path: Path) -> None:
    rows = long_rows(4, "B") + '<row r="5"><c r="A5"><v>1</v></c><c r="XFD5" s="1"/></row>'
    book = compose(tmp_path / "a.xlsx", sheet_xml(rows))
    rest = rest_of_sheet(iter([part(book)]), Cells((), [0, 1], {}), room=100_000, place=1)
    assert [len(row) for row in rest.rows] == [4, 4, 0, 4]


def test_where_the_second_process_dies_nothing_of_it_is_taken(tmp_path: Path) -> None:
    book = large_book(tmp_path / "a.xlsx", long_rows(10, "The second"))

    def cells() -> Cells:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    with zipfile.ZipFile(book) as archive:
        largest, second = archive.getinfo(SHEET), archive.getinfo(SECOND)
    share = Share(sheets=[second], largest=largest, place=largest.file_size // 2)
    beside = SheetsBeside(book, time.monotonic() + 60, share, cells, {})
    assert beside.sheet(second) is None
    assert beside.rest(largest) is None
    beside.end()


def _lines(book: Path, place: int, *, helped: bool) -> tuple[list[list[Value]], Extent]:
    """Return the rows of a sheet of which those behind a place are taken apart, or are asked for in vain."""
    room = 1_000_000

    def pieces() -> Iterator[bytes]:
        raw = part(book)
        return iter([raw[at : at + 61] for at in range(0, len(raw), 61)])

    def rest() -> RestOfSheet | None:
        return rest_of_sheet(pieces(), Cells((), [0, 1], {}), room=room, place=place) if helped else None

    rows, extent = taken_with_help(pieces(), Cells((), [0, 1], {}), room=room, place=place, ask=rest)
    return [list(row) for row in rows], extent


@pytest.mark.parametrize("helped", [True, False])
def test_a_sheet_may_be_cut_at_any_place(tmp_path: Path, helped: bool) -> None:  # noqa: FBT001
    rows = long_rows(4, "B") + '<row r="7"/><row r="9" ht="9"></row><row r="12"><c r="B12"><v>1</v></c></row>'
    merged = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    book = compose(tmp_path / "a.xlsx", sheet_xml(rows, after=merged))
    whole = _lines(book, len(part(book)), helped=False)
    assert len(whole[0]) == 12
    for place in range(0, len(part(book)), 37):
        assert _lines(book, place, helped=helped) == whole
