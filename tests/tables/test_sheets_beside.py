from __future__ import annotations

import os
import pickle
import signal
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.tables.grid import Value, read_grids
from sheetfunnel.tables.packed_rows import PackedRows, packed_rows
from sheetfunnel.tables.part_guard import Extent
from sheetfunnel.tables.plain_cells import Cells
from sheetfunnel.tables.plain_lines import RestOfSheet, rest_of_sheet, taken_with_help
from sheetfunnel.tables.plain_values import take_plain_values
from sheetfunnel.tables.second_process import NotFound, SecondProcess, may_begin
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


def _stumbles() -> Iterator[object]:
    yield 1
    raise RuntimeError


def _dies() -> Iterator[object]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_second_process_finds_is_told_in_order() -> None:
    second = SecondProcess(lambda: iter([1, "two", [3.0]]))
    assert list(second.found()) == [1, "two", [3.0]]
    second.end()


@pytest.mark.parametrize("find", [_stumbles, _dies])
def test_a_second_process_that_ends_early_has_found_nothing(find: object) -> None:
    assert callable(find)
    second = SecondProcess(find)
    with pytest.raises(NotFound):
        list(second.found())
    second.end()


def test_a_second_process_ends_with_the_first() -> None:
    reading, writing = os.pipe()
    first = os.fork()
    if first == 0:
        parent = os.getpid()
        SecondProcess(_endless)
        os.kill(parent, signal.SIGKILL)
    os.close(writing)
    os.waitpid(first, 0)
    with os.fdopen(reading, "rb") as held:  # it ends when the last process that holds it has ended
        assert held.read() == b""


def _endless() -> Iterator[bytes]:
    while True:
        time.sleep(0.01)
        yield b""


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.dates(),
    st.text(st.characters(exclude_characters="\0"), min_size=1),
)


@given(
    rows=st.lists(st.one_of(st.just(()), st.lists(_VALUES, min_size=3, max_size=3).map(tuple)), max_size=30)
)
def test_packed_rows_come_out_as_they_went_in(rows: list[tuple[Value, ...]]) -> None:
    out = [row for piece in _told(rows) for row in piece.rows({})]
    assert list(map(repr, out)) == list(map(repr, rows))  # True is not 1 there, and 0 not -0


def test_a_text_that_is_known_is_held_once() -> None:
    name = b"Clara Vidal".decode()
    (told,) = _told([("Clara Vidal", None)] * 3)
    assert all(row[0] is name for row in told.rows({name: name}))


def _told(rows: Sequence[tuple[Value, ...]]) -> list[PackedRows]:
    """Return rows packed, as another process gets them."""
    told: list[PackedRows] = pickle.loads(pickle.dumps(list(packed_rows(rows))))  # noqa: S301 (it is ours)
    return told
