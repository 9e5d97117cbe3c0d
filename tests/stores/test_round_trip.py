"""The surgical edit harms nothing, in any workbook that a person may have.

The judge (``tests/round_trips.py``) shares no code with the editor: it cuts both sheets with expat alone and
compares every byte but those of the planned cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.archive.entries import open_entries
from sheetfunnel.stores.excel.archive.rebuild import rebuild
from sheetfunnel.stores.excel.archive.sink import Sink
from sheetfunnel.stores.excel.parts.package import open_package
from sheetfunnel.stores.excel.parts.relationships import relationships
from sheetfunnel.workbook.layout import templates_folder
from tests.append_trips import append_trip
from tests.campaign import FULL, spread
from tests.corpus.made import MADE
from tests.corpus.openpyxl_made import OPENPYXL_MADE, openpyxl_made
from tests.excel_people import practice
from tests.libreoffice import has_libreoffice, saved_by_libreoffice
from tests.round_trips import Trip, grids, judge_again, left_alone, round_trip
from tests.shared import DATA, needs_shared
from tests.stores.excel_books import opens, parts

_LARGE = 1 << 20
_WITH_RANGES = ("table", "filter", "rules", "everything", "format bar", "format formula")
_GROWING = {"table plain", "table named", "filter plain", "rules all together", "format formula"}
_PLAIN = "ours <&> ñ"

needs_libreoffice = pytest.mark.skipif(not has_libreoffice, reason="LibreOffice is not there")

#: LibreOffice 7.4 dies of the workbook itself, unedited.
_DEADLY_TO_LIBREOFFICE = {"sparkline dates"}

#: openpyxl cannot open these, nor could it before the edit.
_CLOSED_TO_OPENPYXL = {"sheetjs__pivot_table_named_range.xlsx", "tafia__empty_s_attribute.xlsx"}

#: A digital signature, a log of changes of the old kind, a sheet of Excel 4 macros: refused by name.
_REFUSED = {
    "apache__ms-office-2010-signed.xlsx",
    "apache__workbookProtection_workbook_revision_protected.xlsx",
    "sheetjs__BlankSheetTypes.xlsm",
}


def _collected(folder: str) -> list[Path]:
    found = sorted((DATA / folder).rglob("*.xl*"))
    return [path for path in found if path.name not in _REFUSED]


def _name(path: Path) -> str:
    return path.name if path.parent.name == "xlsx" else path.parent.name


def _trips(source: Path, folder: Path) -> list[Trip]:
    """Edit each tab of a workbook in turn; in the short form only the one that is the longest to write."""
    package = open_package(source)
    sheets = sorted(
        (sheet for sheet in package.sheets if sheet.cells),
        key=lambda sheet: package.entries.at(sheet.part).file_size,
    )
    chosen = sheets if FULL else sheets[-1:]
    targets = [folder / f"edited {number}{source.suffix}" for number in range(len(chosen))]
    return [round_trip(source, sheet.title, target) for sheet, target in zip(chosen, targets, strict=True)]


def _open_as_before(source: Path, trips: Sequence[Trip]) -> None:
    if source.stat().st_size > _LARGE:
        return  # openpyxl takes a minute to open it
    is_open = opens(source)
    assert is_open or source.name in _CLOSED_TO_OPENPYXL
    assert all(opens(trip.target) is is_open for trip in trips)


@pytest.mark.parametrize("name", MADE)
def test_a_workbook_with_any_feature_of_xlsxwriter_keeps_all_but_our_cells(tmp_path: Path, name: str) -> None:
    source = MADE[name].make(tmp_path)
    _open_as_before(source, _trips(source, tmp_path))


@pytest.mark.parametrize("name", OPENPYXL_MADE)
def test_a_workbook_of_openpyxl_keeps_all_but_our_cells(tmp_path: Path, name: str) -> None:
    source = openpyxl_made(name, tmp_path)
    _open_as_before(source, _trips(source, tmp_path))


@needs_shared
@pytest.mark.parametrize("path", _collected("xlsx"), ids=_name)
def test_a_workbook_of_excel_keeps_all_but_our_cells(tmp_path: Path, path: Path) -> None:
    _open_as_before(path, _trips(path, tmp_path))


@needs_shared
@pytest.mark.parametrize("path", _collected("adopt"), ids=_name)
def test_a_sales_workbook_of_somebody_else_keeps_all_but_our_cells(tmp_path: Path, path: Path) -> None:
    if path.stat().st_size < _LARGE or FULL:
        _open_as_before(path, _trips(path, tmp_path))


@needs_shared
def test_the_collection_is_whole_and_what_is_refused_is_refused_by_name() -> None:
    assert len(_collected("xlsx")) + len(_REFUSED) == 58
    assert len(_collected("adopt")) == 11
    for name in _REFUSED - {"sheetjs__BlankSheetTypes.xlsm"}:
        with pytest.raises(UnreadableWorkbook, match=name) as refusal:
            open_package(DATA / "xlsx" / name)
        assert refusal.value.hint


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_template_keeps_all_but_our_cells(tmp_path: Path, language: str) -> None:
    source = templates_folder() / f"sheetfunnel.{language}.xlsx"
    _open_as_before(source, _trips(source, tmp_path))


def test_the_demo_keeps_all_but_our_cells(tmp_path: Path) -> None:
    source = practice(tmp_path / "demo.xlsx")
    _open_as_before(source, _trips(source, tmp_path))


@pytest.mark.parametrize("name", [name for name in MADE if name.startswith(_WITH_RANGES)])
def test_rows_appended_below_change_nothing_but_the_ranges_that_end_there(tmp_path: Path, name: str) -> None:
    source = MADE[name].make(tmp_path)
    assert append_trip(source, "Data", tmp_path / "appended.xlsx") or name not in _GROWING


@needs_shared
def test_rows_appended_to_workbooks_of_excel_change_nothing_but_the_ranges_that_end_there(
    tmp_path: Path,
) -> None:
    for path in spread(_collected("xlsx"), every=5):
        for sheet in open_package(path).sheets:
            if sheet.cells:
                append_trip(path, sheet.title, tmp_path / f"appended{path.suffix}")


def _sample(folder: Path) -> list[Path]:
    """Return workbooks of every origin: all of them in the full campaign."""
    names = [name for name in MADE if name not in _DEADLY_TO_LIBREOFFICE]
    made = [MADE[name].make(folder) for name in spread(names, every=16)]
    return [*made, *spread(_collected("xlsx"), every=7), *(openpyxl_made(n, folder) for n in OPENPYXL_MADE)]


@needs_libreoffice
def test_a_workbook_saved_by_libreoffice_keeps_all_but_our_cells(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    sources = _sample(tmp_path / "made")
    saved = saved_by_libreoffice(sources, tmp_path / "libreoffice")
    assert len(saved) == len(sources)
    for result in saved.values():  # a few of them openpyxl cannot open
        assert {opens(trip.target) for trip in _trips(result, tmp_path)} == {opens(result)}


@needs_libreoffice
def test_libreoffice_opens_what_was_edited_and_shows_our_cells(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    trips = []
    for number, source in enumerate(_sample(tmp_path / "made")):
        folder = tmp_path / str(number)
        folder.mkdir()
        trips += _trips(source, folder)
    trips = [trip for trip in trips if not _has_pivot(trip)]
    saved = saved_by_libreoffice([trip.target for trip in trips], tmp_path / "libreoffice")
    for trip in trips:
        shown, kept = grids(saved[trip.target])[trip.title], left_alone(trip)
        ours = {at: value for at, value in trip.planned.items() if value == _PLAIN and at not in kept}
        assert {at: shown.get(at) for at in ours} == ours, trip.source.name


def _has_pivot(trip: Trip) -> bool:
    """Whether LibreOffice writes cells of the tab anew when it opens the file."""
    links = relationships(open_entries(trip.source), trip.part)
    return any(link.kind == "pivotTable" for link in links)


#: Harm that an editor may do: in which part, what is there, and what it becomes.
_HARM = {
    "a value beside ours": ("sheet1.xml", b"<v>0.25</v>", b"<v>0.26</v>"),
    "looks": ("sheet1.xml", b'<c r="H3" s="1"', b'<c r="H3" s="2"'),
    "a type": ("sheet1.xml", b'<c r="E1" t="s"', b'<c r="E1"'),
    "a gap": ("sheet1.xml", b"</row><row", b"</row> <row"),
    "a row": ("sheet1.xml", b'<row r="4"', b'<row ht="99" r="4"'),
    "what follows": ("sheet1.xml", b'<pageMargins left="0.7"', b'<pageMargins left="0.8"'),
    "a formula": ("sheet1.xml", b"<f>C3*2</f>", b"<f>C3*3</f>"),
    "another tab": ("sheet2.xml", b"<v>1</v>", b"<v>2</v>"),
    "a shared text": ("sharedStrings.xml", b"ovens", b"Ovens"),
    "a name": ("workbook.xml", b"$A$2:$A$7", b"$A$2:$A$8"),
    "the flag": ("workbook.xml", b"fullCalcOnLoad", b"iterate"),
    "ours": ("sheet1.xml", b"ours &lt;", b"ours &gt;"),
}


@pytest.mark.parametrize("harm", _HARM)
def test_the_judge_sees_harm(tmp_path: Path, harm: str) -> None:
    trip = round_trip(MADE["book every kind"].make(tmp_path), "Data", tmp_path / "edited.xlsx")
    name, old, new = _HARM[harm]
    part, raw = next((part, raw) for part, raw in parts(trip.target).items() if part.endswith(f"/{name}"))
    assert old in raw
    trip.target.rename(tmp_path / "whole.xlsx")
    write = partial(_written, raw.replace(old, new, 1))
    rebuild(open_entries(tmp_path / "whole.xlsx"), trip.target, {part: write})
    with pytest.raises((AssertionError, KeyError)):
        judge_again(trip)


def _written(raw: bytes, sink: Sink) -> None:
    sink.write(raw)


def test_the_judge_sees_that_a_date_in_the_container_changed(tmp_path: Path) -> None:
    trip = round_trip(MADE["one cell"].make(tmp_path), "Data", tmp_path / "edited.xlsx")
    raw = bytearray(trip.target.read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + 12] ^= 1
    trip.target.write_bytes(raw)
    with pytest.raises(AssertionError):
        judge_again(trip)
