"""The zip file of a workbook, as other programs write it: streamed, very large, in the strict dialect."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.archive import rebuild as rebuilding
from sheetfunnel.stores.excel.archive.entries import open_entries
from sheetfunnel.stores.excel.archive.rebuild import rebuild
from sheetfunnel.stores.excel.archive.sink import Sink
from sheetfunnel.stores.excel.edit import edit
from tests.campaign import FULL
from tests.round_trips import round_trip
from tests.stores.excel_books import (
    SHEET,
    cells,
    compose,
    opens,
    part,
    parts,
    set_cells,
    sheet_xml,
    values,
    written,
    zipped,
)

GIGABYTE = 1 << 30
_DESCRIPTOR = 0x8
_LOCAL = struct.Struct("<4s5H3I2H")
_CHAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"

full = pytest.mark.skipif(not FULL, reason="large files take long to write: part of make faults")


class _Pipe(io.RawIOBase):
    """Takes bytes and cannot go back, as a web server's answer."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.taken += bytes(memoryview(data))  # type: ignore[arg-type]
        return memoryview(data).nbytes  # type: ignore[arg-type]


def _streamed(source: Path, target: Path) -> Path:
    """Write the parts of a workbook so that sizes stand behind each of them."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts(source).items():
            archive.writestr(name, raw)
    target.write_bytes(pipe.taken)
    return target


def _local(path: Path, info: zipfile.ZipInfo) -> tuple[int, ...]:
    """Return flags, packed size and size as the header before an entry has them."""
    with path.open("rb") as file:
        file.seek(info.header_offset)
        _, _, flags, _, _, _, _, packed, size, _, _ = _LOCAL.unpack(file.read(_LOCAL.size))
    return flags, packed, size


def test_a_workbook_that_was_streamed_gets_its_sizes_where_readers_look_first(tmp_path: Path) -> None:
    source = _streamed(written(tmp_path / "plain.xlsx", [["a", 1], ["b", 2]]), tmp_path / "a.xlsx")
    with zipfile.ZipFile(source) as old:
        assert all(info.flag_bits & _DESCRIPTOR for info in old.infolist())
    round_trip(source, "Tab", tmp_path / "b.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx") as new:
        for info in new.infolist():
            flags, packed, size = _local(tmp_path / "b.xlsx", info)
            assert not (flags | info.flag_bits) & _DESCRIPTOR
            assert (packed, size) == (info.compress_size, info.file_size)
    assert opens(tmp_path / "b.xlsx")


def test_a_part_that_may_outgrow_the_old_sizes_has_room_for_large_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_MAY_GROW_LARGE", 0)
    source = written(tmp_path / "a.xlsx", [["a", 1], ["b", 2]])
    round_trip(source, "Tab", tmp_path / "b.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx") as new:
        info = new.getinfo(SHEET)
        assert _local(tmp_path / "b.xlsx", info)[1:] == (0xFFFFFFFF, 0xFFFFFFFF)
        with (tmp_path / "b.xlsx").open("rb") as file:
            file.seek(info.header_offset + _LOCAL.size + len(SHEET))
            assert struct.unpack("<HHQQ", file.read(20)) == (1, 16, info.file_size, info.compress_size)
    assert opens(tmp_path / "b.xlsx")


@full
def test_a_workbook_of_more_parts_than_the_old_directory_can_count_is_written_whole(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {f"{number}": "" for number in range(66_000)})
    rebuild(open_entries(source), tmp_path / "b.zip", {})
    with zipfile.ZipFile(tmp_path / "b.zip") as new:
        assert [info.filename for info in new.infolist()] == [f"{number}" for number in range(66_000)]


def test_an_entry_that_unpacks_to_over_four_gigabytes_is_copied_as_it_is(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {"before": "1", "large": "", "behind": "2"})
    entries = open_entries(source)
    large = entries.at("large")
    large.file_size, large.extra = 5 * GIGABYTE, struct.pack("<HHQ", 1, 8, 5 * GIGABYTE)
    rebuild(entries, tmp_path / "b.zip", {})
    rebuild(open_entries(tmp_path / "b.zip"), tmp_path / "c.zip", {})
    for path in (tmp_path / "b.zip", tmp_path / "c.zip"):
        with zipfile.ZipFile(path) as new:
            assert new.read("before") + new.read("behind") == b"12"
            info = new.getinfo("large")
            assert (info.file_size, info.compress_size) == (5 * GIGABYTE, large.compress_size)
            assert _local(path, info)[1:] == (0xFFFFFFFF, 0xFFFFFFFF)


@full
def test_a_part_behind_the_first_four_gigabytes_is_found_again(tmp_path: Path) -> None:
    source = tmp_path / "a.zip"
    with zipfile.ZipFile(source, "w") as archive:
        with archive.open(zipfile.ZipInfo("large"), "w", force_zip64=True) as file:
            block = bytes(1 << 24)
            for _ in range(260):
                file.write(block)
        archive.writestr("behind", "2")
    rebuild(open_entries(source), tmp_path / "b.zip", {"behind": _three})
    with zipfile.ZipFile(tmp_path / "b.zip") as new:
        assert new.getinfo("behind").header_offset > 4 * GIGABYTE
        assert new.read("behind") == b"3"
    for path in (source, tmp_path / "b.zip"):
        path.unlink()


def _three(sink: Sink) -> None:
    sink.write(b"3")


def test_a_part_that_is_cut_off_stops_the_copy(tmp_path: Path) -> None:
    source = written(tmp_path / "a.xlsx", [["a", 1]])
    entries = open_entries(source)
    last = max(entries.all, key=lambda info: info.header_offset)
    os.truncate(source, last.header_offset + 40)
    with pytest.raises(UnreadableWorkbook, match="does not read back"):
        rebuild(entries, tmp_path / "b.xlsx", {})


def test_checksums_of_the_new_file_are_those_of_its_parts(tmp_path: Path) -> None:
    source = written(tmp_path / "a.xlsx", [["a", number] for number in range(30_000)])
    edit(source, tmp_path / "b.xlsx", set_cells(dict.fromkeys(range(1, 30_000), ("x",))))
    with zipfile.ZipFile(tmp_path / "b.xlsx") as new:
        assert all(zlib.crc32(new.read(info)) == info.CRC for info in new.infolist())


_STRICT = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)  # fmt: skip


def test_a_workbook_in_the_strict_dialect_is_edited(tmp_path: Path) -> None:
    entries = parts(written(tmp_path / "plain.xlsx", [["a", 1], ["b", 2]]))
    for loose, strict in _STRICT:
        entries = {name: raw.replace(loose, strict) for name, raw in entries.items()}
    source = zipped(tmp_path / "a.xlsx", entries)
    trip = round_trip(source, "Tab", tmp_path / "b.xlsx")
    assert CalamineWorkbook.from_path(trip.target).sheet_names == ["Tab"]


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        (".xlsm", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        (".xltx", b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"),
        (".xltm", b"application/vnd.ms-excel.template.macroEnabled.main+xml"),
    ],
)
def test_workbooks_with_macros_and_templates_are_edited(tmp_path: Path, suffix: str, kind: bytes) -> None:
    entries = parts(written(tmp_path / "plain.xlsx", [["a", 1]]))
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = entries["[Content_Types].xml"].replace(plain, kind)
    source = zipped(tmp_path / f"a{suffix}", {**entries, "[Content_Types].xml": types})
    round_trip(source, "Tab", tmp_path / f"b{suffix}")


def test_the_calculation_chain_stays_and_so_does_every_formula_in_it(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="b"><f>TRUE()</f><v>1</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c></row>'
    )
    chain = '<calcChain><c r="A1" i="1"/><c r="B1"/></calcChain>'
    source = compose(
        tmp_path / "a.xlsx",
        sheet_xml(rows),
        links=f'<Relationship Id="r9" Type="{_CHAIN}" Target="calcChain.xml"/>',
        parts={"xl/calcChain.xml": chain},
    )
    edit(source, tmp_path / "b.xlsx", set_cells({1: [5, 6], 2: [7, 8]}, columns=(1, 2)))
    assert part(tmp_path / "b.xlsx", "xl/calcChain.xml").decode() == chain
    before, after = cells(part(source)), cells(part(tmp_path / "b.xlsx"))
    assert {at: after[at] for at in ("A1", "B1")} == {at: before[at] for at in ("A1", "B1")}
    assert values(tmp_path / "b.xlsx")[2, 1] == 7


def test_an_encrypted_part_is_refused_by_name(tmp_path: Path) -> None:
    source = written(tmp_path / "a.xlsx", [[1]])
    raw = bytearray(source.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    source.write_bytes(raw)
    with pytest.raises(UnreadableWorkbook, match=r"a\.xlsx.*encrypted") as refusal:
        open_entries(source)
    assert "password" in refusal.value.hint
