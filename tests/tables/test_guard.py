from __future__ import annotations

import os
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pytest

from sheetfunnel.errors import NoAccess, UnreadableWorkbook, WrongUsage
from sheetfunnel.tables import guard, part_guard, zip_guard
from sheetfunnel.tables.guard import Parts, check_workbook_file
from sheetfunnel.tables.part_guard import exact_extent
from sheetfunnel.tables.plain_rows import quick_extent
from tests.stores.excel_books import SHEET, compose, parts, sheet_xml, zipped

CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


def _refusal(path: Path) -> str:
    """Return why a file is refused; it stays as it is, and the person is told what to do."""
    before = path.read_bytes()
    with pytest.raises(UnreadableWorkbook) as refused:
        check_workbook_file(path)
    assert refused.value.message.startswith(f"“{path.name}” cannot be read: ")
    assert len(refused.value.hint) > 20
    assert path.read_bytes() == before
    return refused.value.message


def _sheet(tmp_path: Path, rows: str = CELL, *, after: str = "") -> Path:
    return compose(tmp_path / "a.xlsx", sheet_xml(rows, after=after))


def _with_parts(tmp_path: Path, more: dict[str, str | bytes]) -> Path:
    return compose(tmp_path / "a.xlsx", sheet_xml(CELL), parts=more)


def _patched(path: Path, name: str, offset: int, value: bytes) -> Path:
    """Change what the zip's directory says of an entry."""
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02", 0, raw.rindex(name.encode()))
    raw[at + offset : at + offset + len(value)] = value
    path.write_bytes(raw)
    return path


def _size(path: Path, name: str, size: int) -> Path:
    return _patched(path, name, 24, struct.pack("<I", size))


def test_an_honest_workbook_passes(tmp_path: Path) -> None:
    check_workbook_file(_sheet(tmp_path))


def test_what_is_not_there_or_not_ours_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage):
        check_workbook_file(tmp_path / "none.xlsx")
    with pytest.raises(WrongUsage):
        check_workbook_file(tmp_path)
    path = _sheet(tmp_path)
    path.chmod(0)
    if not os.access(path, os.R_OK):  # the superuser may read everything
        with pytest.raises(NoAccess):
            check_workbook_file(path)


# ---------------------------------------------------------------------------------------- the container


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"<html>", "not an Excel workbook"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "password"),
        (b"PK\x03\x04" + bytes(600), "end of the file is missing"),
    ],
)
def test_what_is_no_zip_is_told_apart(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert reason in _refusal(path)


@pytest.mark.parametrize(
    ("part", "reason"),
    [("mimetype", ".ods"), ("xl/workbook.bin", ".xlsb"), ("xl/media/../../../x.png", "leads out")],
)
def test_other_formats_and_names_that_lead_out_are_refused(tmp_path: Path, part: str, reason: str) -> None:
    assert reason in _refusal(_with_parts(tmp_path, {part: "x"}))


def test_two_thousand_parts_are_allowed_and_one_more_is_not(tmp_path: Path) -> None:
    count = zip_guard.MAX_ENTRIES - len(parts(_sheet(tmp_path)))
    more: dict[str, str | bytes] = {f"xl/media/{number}.png": "" for number in range(count)}
    check_workbook_file(_with_parts(tmp_path, more))
    assert "over 2,000 parts" in _refusal(_with_parts(tmp_path, {**more, "xl/media/x.png": ""}))


def test_a_directory_of_more_than_four_megabytes_is_refused(tmp_path: Path) -> None:
    path = _sheet(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(70):
            info = zipfile.ZipInfo(f"xl/media/{number}.png")
            info.comment = b"x" * 65_000
            archive.writestr(info, b"")
    assert "parts" in _refusal(path)


@pytest.mark.parametrize("twin", [SHEET, SHEET.upper(), SHEET.replace("/", "\\")])
def test_a_part_that_is_there_twice_is_refused(tmp_path: Path, twin: str) -> None:
    path = _sheet(tmp_path)
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(twin, "<x/>")
    assert "twice" in _refusal(path)


def test_a_part_of_150_megabytes_is_allowed_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = _with_parts(tmp_path, {"xl/media/a.png": b"x"})
    assert "over 150 MB" in _refusal(_size(path, "xl/media/a.png", zip_guard.MAX_PART + 1))
    assert "150 MB" not in _refusal(_size(path, "xl/media/a.png", zip_guard.MAX_PART))  # but a lie


def test_parts_of_more_than_300_megabytes_together_are_refused(tmp_path: Path) -> None:
    path = _with_parts(tmp_path, {f"xl/media/{number}.png": b"x" for number in range(3)})
    for number in range(3):
        _size(path, f"xl/media/{number}.png", 100_000_001)
    assert "more than a workbook can need" in _refusal(path)


def test_shared_texts_of_more_than_a_gigabyte_are_refused(tmp_path: Path) -> None:
    path = _with_parts(tmp_path, {"xl/sharedStrings.xml": os.urandom(6_000_000).hex()})
    assert "more than a workbook can need" in _refusal(_size(path, "sharedStrings.xml", (1 << 30) + 1))


def test_what_grows_with_the_data_may_be_large_up_to_four_gigabytes(tmp_path: Path) -> None:
    names = [f"xl/pivotCache/pivotCacheRecords{number}.xml" for number in range(2)]
    path = _with_parts(tmp_path, dict.fromkeys(names, b"x"))
    for name in names:
        _size(path, name, zip_guard.MAX_BULK // 2)
    assert "more than a workbook can need" in _refusal(path)
    assert "more than a workbook" not in _refusal(_size(path, names[1], 1 << 30))  # but a lie


def test_a_megabyte_may_be_packed_at_any_ratio_and_more_at_two_hundred_to_one(tmp_path: Path) -> None:
    check_workbook_file(_sheet(tmp_path, CELL + " " * 900_000))
    assert "like a bomb" in _refusal(_sheet(tmp_path, CELL + " " * 3_000_000))


def test_a_picture_may_be_packed_at_any_ratio(tmp_path: Path) -> None:
    check_workbook_file(_with_parts(tmp_path, {"xl/media/blank.bmp": bytes(20_000_000)}))


def test_encrypted_entries_and_odd_ways_of_packing_are_refused(tmp_path: Path) -> None:
    assert "encrypted" in _refusal(_patched(_sheet(tmp_path), SHEET, 8, b"\x01\x00"))
    assert "packed in a way" in _refusal(_patched(_sheet(tmp_path), SHEET, 10, b"\x63\x00"))


def test_parts_that_lie_over_one_another_are_refused(tmp_path: Path) -> None:
    path = _sheet(tmp_path)
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("xl/styles.xml").header_offset
    assert "over one another" in _refusal(_patched(path, SHEET, 42, struct.pack("<I", offset)))


@pytest.mark.parametrize("size", [10, 0xFFFFFFF0])
def test_a_size_that_is_a_lie_is_refused(tmp_path: Path, size: int) -> None:
    _refusal(_size(_sheet(tmp_path), SHEET, size))


def test_damage_is_noticed_in_any_part(tmp_path: Path) -> None:
    path = _with_parts(tmp_path, {"xl/media/a.png": os.urandom(900)})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"xl/media/a.png") + 400] ^= 0xFF
    path.write_bytes(raw)
    assert "broken" in _refusal(path)


def test_a_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    whole = _sheet(tmp_path).read_bytes()
    for length in range(4, len(whole), 97):
        (tmp_path / "a.xlsx").write_bytes(whole[:length])
        _refusal(tmp_path / "a.xlsx")


def test_a_second_directory_that_other_readers_would_find_is_refused(tmp_path: Path) -> None:
    path = _sheet(tmp_path)
    raw = path.read_bytes()
    end = raw.rindex(b"PK\x05\x06")
    directory = raw[struct.unpack_from("<I", raw, end + 16)[0] : end]
    hidden = raw[:end] + directory + raw[end:]
    path.write_bytes(hidden)
    with zipfile.ZipFile(path) as archive:
        assert SHEET in archive.namelist()
    assert "more than one way" in _refusal(path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda raw: b"#!/bin/sh\n" + raw, "begin|not an Excel|one way"),
        (lambda raw: b"PK\x00\x00" + raw, "more than one way"),
        (lambda raw: raw + b"PK\x05\x06" + bytes(18), "more than one way|broken"),
        (lambda raw: raw + b"trailing", "behind its end"),
        (lambda raw: raw[:-12] + b"\x02" + raw[-11:], "more than one way"),
    ],
)
def test_anything_before_or_behind_the_archive_is_refused(
    tmp_path: Path, change: Callable[[bytes], bytes], reason: str
) -> None:
    path = _sheet(tmp_path)
    path.write_bytes(change(path.read_bytes()))
    said = _refusal(path)
    assert any(each in said for each in reason.split("|")), said


def test_a_comment_of_the_archive_does_no_harm(tmp_path: Path) -> None:
    path = _sheet(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"made by hand"
    check_workbook_file(path)


def _long_form(raw: bytes, *, entries: int | None = None, saturated: bool = True) -> bytes:
    """Return an archive whose directory is described by the long record, and also by the short one."""
    end = raw.rindex(b"PK\x05\x06")
    count, length, offset = struct.unpack_from("<HII", raw, end + 10)
    shown = count if entries is None else entries
    long = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, shown, shown, length, offset)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    short = raw[end:]
    if saturated:
        short = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return raw[:end] + long + locator + short


def test_the_long_form_of_a_directory_is_read(tmp_path: Path) -> None:
    path = _sheet(tmp_path)
    raw = path.read_bytes()
    for saturated in (True, False):
        path.write_bytes(_long_form(raw, saturated=saturated))
        check_workbook_file(path)


def test_a_long_form_that_contradicts_the_short_one_is_refused(tmp_path: Path) -> None:
    path = _sheet(tmp_path)
    raw = path.read_bytes()
    path.write_bytes(_long_form(raw, entries=2, saturated=False))
    assert "more than one way" in _refusal(path)
    path.write_bytes(_long_form(raw, entries=60_000))
    assert "over 2,000 parts" in _refusal(path)


# -------------------------------------------------------------------------------------------- the XML


def test_a_document_type_is_refused_in_any_part(tmp_path: Path) -> None:
    typed = '<!DOCTYPE x [<!ENTITY a "b">]><x/>'
    for name in ("xl/styles.xml", "docProps/core.xml", "xl/sharedStrings.xml", "xl/_rels/odd.rels", SHEET):
        assert "document type" in _refusal(_with_parts(tmp_path, {name: typed}))


@pytest.mark.parametrize("name", ["xl/styles.xml", "xl/sharedStrings.xml", SHEET])
def test_broken_xml_is_refused_in_any_part(tmp_path: Path, name: str) -> None:
    assert "XML is broken" in _refusal(_with_parts(tmp_path, {name: "<x>"}))
    assert "XML is broken" in _refusal(_with_parts(tmp_path, {name: b"<x>\xff\xfe</x>"}))


def _noise(length: int) -> str:
    return os.urandom(length // 2).hex()


@pytest.mark.parametrize(
    ("name", "part"),
    [
        (SHEET, sheet_xml(f'<row r="1" spans="{"1" * 1_500_000}">{CELL[13:]}')),
        (SHEET, sheet_xml(f"{CELL}<!--{'x' * 1_500_000}-->")),
        (SHEET, sheet_xml(CELL.replace("<v>1</v>", f"<is><t>{'x' * 1_500_000}</t></is>"))),
        ("xl/sharedStrings.xml", f"<sst><si><t>{'x' * 1_500_000}</t></si></sst>"),
        ("xl/styles.xml", f"<x a='{'x' * 1_500_000}'/>"),
    ],
    ids=["attribute", "comment", "inline text", "shared text", "attribute elsewhere"],
)
def test_a_token_of_over_a_megabyte_is_refused(tmp_path: Path, name: str, part: str) -> None:
    path = compose(tmp_path / "a.xlsx", sheet_xml(CELL), parts={name: part + f"<!--{_noise(20_000)}-->"})
    assert "over a million characters" in _refusal(path)


def test_elements_nested_over_256_deep_are_refused(tmp_path: Path) -> None:
    def deep(levels: int) -> str:
        return "<a>" * levels + "</a>" * levels

    check_workbook_file(_with_parts(tmp_path, {"xl/odd.xml": deep(part_guard.MAX_DEPTH)}))
    for name in ("xl/odd.xml", SHEET):
        assert "nested" in _refusal(_with_parts(tmp_path, {name: deep(part_guard.MAX_DEPTH + 1)}))


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFE1"><v>1</v></c>',
        '<c r="A1048577"><v>1</v></c>',
        '<c r="A0"><v>1</v></c>',
        '<c r="ZZZZ1"><v>1</v></c>',
        '<c r="nonsense"><v>1</v></c>',
        '<c r=""><v>1</v></c>',
        '<c r="A99999999999"/>',
    ],
)
def test_cells_outside_the_grid_are_refused(tmp_path: Path, cell: str) -> None:
    assert "no sheet has such a cell" in _refusal(_sheet(tmp_path, f'<row r="1">{cell}</row>'))


def test_cells_without_address_are_counted_up_to_the_end_of_the_grid(tmp_path: Path) -> None:
    def row(cells: int) -> str:
        return f"<row>{'<c/>' * cells}</row>"

    check_workbook_file(_sheet(tmp_path, row(part_guard.MAX_COLUMN)))
    assert "outside the grid" in _refusal(_sheet(tmp_path, row(part_guard.MAX_COLUMN + 1)))
    below = '<row r="1048577"><c><v>1</v></c></row>'
    assert "outside the grid" in _refusal(_sheet(tmp_path, below))


@pytest.mark.parametrize(
    ("rows", "after"),
    [
        (CELL, '<mergeCells count="1"><mergeCell ref="A1:A1000001"/></mergeCells>'),
        (CELL, "<mergeCells>" + '<mergeCell ref="A1:Z10000"/>' * 4 + "</mergeCells>"),
        ('<row r="1"><c r="A1"><f t="array" ref="A1:Z100000">1</f></c></row>', ""),
        ("<row r='1'><c r='A1'><f t='dataTable' ref='A1:Z100000'/></c></row>", ""),
    ],
    ids=["one merge", "merges together", "array", "data table"],
)
def test_merges_and_arrays_over_a_million_cells_are_refused(tmp_path: Path, rows: str, after: str) -> None:
    assert "over 1,000,000 cells" in _refusal(_sheet(tmp_path, rows, after=after))


def test_merges_and_arrays_of_a_usual_size_pass(tmp_path: Path) -> None:
    merge = '<mergeCells count="1"><mergeCell ref="A1:D200000"/></mergeCells>'
    check_workbook_file(_sheet(tmp_path, after=merge))
    shared = '<row r="1"><c r="A1"><f t="shared" ref="A1:XFD1048576" si="0">1</f></c></row>'
    check_workbook_file(_sheet(tmp_path, shared))


@pytest.mark.parametrize("index", ["-1", " -1", "-0", "x", " 1"])
def test_a_shared_text_without_a_number_is_refused_in_any_dialect(tmp_path: Path, index: str) -> None:
    plain = f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>'
    for written in (plain, plain.replace('"', "'"), plain.replace('t="s"', 't="s" s="0"')):
        assert "which shared text" in _refusal(_sheet(tmp_path, written))


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_stray_cell_in_the_far_corner_is_refused_and_one_far_down_is_not(
    tmp_path: Path, quote: str
) -> None:
    def strays(cell: str, row: int) -> str:
        return f'{CELL}<row r="{row}"><c r="{cell}"><v>1</v></c></row>'.replace('"', quote)

    check_workbook_file(_sheet(tmp_path, strays("A1048576", 1_048_576)))
    check_workbook_file(_sheet(tmp_path, strays("XFD700", 700)))
    assert "Ctrl+End" in _hint(_sheet(tmp_path, strays("XFD1048576", 1_048_576)))
    assert "Ctrl+End" in _hint(_sheet(tmp_path, strays("XFD800", 800)))


def _hint(path: Path) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        check_workbook_file(path)
    return refused.value.hint


def test_a_blank_cell_in_the_far_corner_takes_no_memory_and_passes(tmp_path: Path) -> None:
    check_workbook_file(_sheet(tmp_path, CELL + "<row r='1048576'><c r='XFD1048576' s='1'/></row>"))


# ------------------------------------------------------------------ caps too large to write out in a test


def _endless(head: bytes, unit: bytes, length: int) -> Iterable[bytes]:
    """Yield the pieces of a part that is never held or written as a whole."""
    yield head
    piece = unit * (length // len(unit))
    while True:
        yield piece


@pytest.mark.parametrize("unit", [b"<row><c/><c/></row>", b'<row r="7"><c r="A7"/><c r="B7"/></row>'])
def test_more_than_forty_million_cells_are_refused(unit: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_guard, "MAX_CELLS", 300_000)
    with pytest.raises(UnreadableWorkbook, match="cells"):
        exact_extent(iter(_endless(b"<worksheet><sheetData>", unit, 1 << 17)))


def test_more_than_twenty_million_shared_texts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_guard, "MAX_TEXTS", 300_000)
    for unit in (b"<si/>", b"<si><t>a</t></si>", b"<si ><t/></si >"):
        with pytest.raises(UnreadableWorkbook, match="share over"):
            part_guard.check_texts(iter(_endless(b"<sst>", unit, 1 << 17)))


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _sheet(tmp_path)
    monkeypatch.setattr(guard, "MAX_SECONDS", -1)
    assert "too long" in _refusal(path)


@pytest.mark.parametrize(
    "rows",
    [
        CELL + "<x" + " ref=1" * 170_000 + CELL,
        CELL + '<f ref="' + "A" * 1_000_000 + "<",
        CELL + "<f " + 'ref="A1 ' * 120_000 + "<",
        CELL + "<" + "a:" * 500_000 + "<",
        CELL + "\n" * 900_000 + CELL,
    ],
    ids=["ref without value", "endless reference", "open references", "colons", "line breaks"],
)
def test_no_sheet_makes_a_search_go_back_and_forth(rows: str) -> None:
    raw = sheet_xml(rows).encode()
    start = time.process_time()
    with suppress(UnreadableWorkbook):
        quick_extent(iter([raw]), size=len(raw))
    with suppress(UnreadableWorkbook):
        exact_extent(iter([raw]))
    assert time.process_time() - start < 3


def test_both_ways_through_a_sheet_find_the_same_extent() -> None:
    for cell in ("A1", "Z9", "AA10", "AZ99", "ZZ1234", "AAA9", "WZZ1048576"):
        raw = sheet_xml(f'{CELL}<row r="9"><c r="{cell}"><v>1</v></c></row>').encode()
        for size in (3, 50, 1 << 20):
            pieces = [raw[at : at + size] for at in range(0, len(raw), size)]
            quick, exact = quick_extent(iter(pieces), size=len(raw)), exact_extent(iter(pieces))
            assert quick is not None
            assert quick.joined(exact) == quick  # it is rounded up


def test_a_stored_part_is_looked_at_like_a_packed_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    entries = parts(_sheet(tmp_path))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in entries.items():
            archive.writestr(name, raw)
    check_workbook_file(path)
    assert zlib.crc32(entries[SHEET])
    zipped(path, entries)
    check_workbook_file(path)


def test_a_file_that_is_replaced_meanwhile_is_told_as_that(tmp_path: Path) -> None:
    """The store reads it again then; that there is no such file would end the sync."""
    book = zipped(tmp_path / "a.zip", {"one": "1", "two": "2"})
    with zipfile.ZipFile(book) as archive:
        several = Parts(path=book, archive=archive, until=time.monotonic() + 60)
        book.unlink()
        with pytest.raises(UnreadableWorkbook, match="meanwhile"):
            list(several.pieces(archive.getinfo("one")))


def test_a_part_that_was_left_half_read_does_not_disturb_the_next(tmp_path: Path) -> None:
    contents = {name: f"{name}, ".encode() * 2_000_000 for name in ("one", "two")}
    book = zipped(tmp_path / "a.zip", contents)
    with zipfile.ZipFile(book) as archive:
        several = Parts(path=book, archive=archive, until=time.monotonic() + 60)
        for _ in range(5):
            left = [several.pieces(archive.getinfo("one")) for _ in range(3)]
            assert all(next(pieces) for pieces in left)
            assert b"".join(several.pieces(archive.getinfo("two"))) == contents["two"]
