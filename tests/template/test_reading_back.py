from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.decode import Decoded, decode
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout
from tests.excel_people import TODAY
from tests.template.books import LANGUAGES, demo, file_of

pytestmark = pytest.mark.parametrize("language", LANGUAGES)

_NAMES = re.compile(rb"<definedNames>.*?</definedNames>", re.DOTALL)


def _without_names(path: Path, target: Path) -> Path:
    with zipfile.ZipFile(path) as file, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in file.namelist():
            content = file.read(name)
            copy.writestr(name, _NAMES.sub(b"", content) if name == "xl/workbook.xml" else content)
    return target


def _read(path: Path) -> Decoded:
    return decode(ExcelWorkbook(path).read())


def _places(path: Path) -> dict[str, tuple[str, int, dict[str, int]]]:
    found = _read(path).places.tables
    return {key: (place.grid.title, place.header, dict(place.columns)) for key, place in found.items()}


def test_the_program_finds_every_column_where_the_template_put_it(language: str) -> None:
    assert _places(file_of(language)) == {
        table.key: (
            labels(language).text(f"tab.{table.tab}"),
            table.row,
            {column.key: at for at, column in enumerate(table.columns, start=table.column)},
        )
        for table in layout().tables
    }


def test_without_names_every_column_is_found_by_its_words(language: str, tmp_path: Path) -> None:
    bare = _without_names(file_of(language), tmp_path / "bare.xlsx")
    assert ExcelWorkbook(bare).read().names == {}
    assert _places(bare) == _places(file_of(language))


def test_a_new_workbook_has_its_settings_and_criteria_and_nothing_to_correct(language: str) -> None:
    decoded = _read(file_of(language))
    assert decoded.findings == ()
    assert (decoded.language, decoded.rows) == (language, ())
    assert len(decoded.criteria) == 8
    assert sum(criterion.must for criterion in decoded.criteria) == 1


def test_a_practice_without_names_comes_to_the_same_results(language: str, tmp_path: Path) -> None:
    path = demo(tmp_path, language)
    bare = _without_names(path, tmp_path / "bare.xlsx")
    assert not sync_workbook(ExcelWorkbook(bare), today=TODAY).plan
