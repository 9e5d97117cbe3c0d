"""Sheets set up in the stand-in of the service, which checks every request by Google's own documents."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheetfunnel.template.build import assemble
from sheetfunnel.template.google.formats import cell_format
from sheetfunnel.template.google.set_up import sheet_words
from sheetfunnel.template.google.target import FIRST_ID
from sheetfunnel.workbook.keys import objective_key
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout, letters
from sheetfunnel.workbook.own_results import RESULTS
from tests.google_service.edits import DeleteRows, InsertRows, Sort, Type
from tests.google_service.service import Service
from tests.template.books import LANGUAGES, demo, file_of
from tests.template.google.sheets import Sheet, shared, upload
from tests.template.google.told import Json

OBJECTIVES = layout().table("objectives")


@pytest.fixture
def blank(google: Service, key_file: Path) -> Sheet:
    """Return a sheet that a person has just made and shared."""
    return shared(google, key_file, tabs={"Sheet1": []})


def _column(key: str) -> str:
    return letters(OBJECTIVES.column + OBJECTIVES.position(key))


def _shown(sheet: Sheet, key: str, title: str = "Objectives") -> list[Any]:
    """Return what a column of the objectives shows below its header."""
    at = OBJECTIVES.position(key)
    rows = sheet.google.values(sheet.id, title)[1:]
    used = max((n for n, row in enumerate(rows, start=1) if any(cell != "" for cell in row)), default=0)
    return [row[at] if len(row) > at and row[at] != "" else None for row in rows[:used]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blank_sheet_becomes_the_workbook_in_two_calls(blank: Sheet, language: str) -> None:
    blank.google.log.clear()
    blank.set_up(language)
    assert [call.method for call in blank.google.log if call.method != "token"] == [
        "spreadsheets.get",
        "spreadsheets.batchUpdate",
    ]
    decoded = blank.decoded()
    assert decoded.findings == ()
    assert (decoded.language, decoded.rows, len(decoded.criteria)) == (language, (), 8)
    assert decoded.places.tables.keys() == {table.key for table in layout().tables}
    assert blank.set_up(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_header_stands_where_the_template_has_it(blank: Sheet, language: str) -> None:
    blank.set_up(language)
    words = labels(language)
    for table in layout().tables:
        rows = blank.google.values(blank.id, words.text(f"tab.{table.tab}"))
        shown = rows[table.row - 1][table.column - 1 : table.column - 1 + len(table.columns)]
        assert shown == [words.text(f"column.{table.key}.{column.key}") for column in table.columns]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_looks_as_in_the_workbook(blank: Sheet, language: str) -> None:
    blank.set_up(language)
    book = assemble(layout(), sheet_words(labels(language)))
    fields = "sheets(properties(title),data(rowData(values(userEnteredFormat))))"
    told = blank.told(fields, [f"'{each.title}'!1:{each.max_row + 3}" for each in book.worksheets])
    for sheet in told["sheets"]:
        worksheet = book[sheet["properties"]["title"]]
        for row, line in enumerate(sheet["data"][0]["rowData"], start=1):
            looks = [each["userEnteredFormat"] for each in line["values"]]
            wanted = [_look(worksheet, row, at) for at in range(1, len(looks) + 1)]
            assert list(map(_plain, looks)) == list(map(_plain, wanted)), (worksheet.title, row)


def _look(worksheet: Any, row: int, column: int) -> Json:  # noqa: ANN401 # openpyxl's types say of all that it may be missing
    """Return the look of a cell: its own, that of its row, that of its column."""
    cell = worksheet.cell(row, column)
    own = cell.has_style or cell.value is not None
    layers = (worksheet.row_dimensions[row], worksheet.column_dimensions[letters(column)])
    return cell_format(cell if own else next((each for each in layers if each.has_style), cell))


def _plain(look: Any) -> Any:  # noqa: ANN401 # JSON of any shape
    """Return a format without what the service adds: colours as eight bits, and those given twice once."""
    if isinstance(look, float | int) and not isinstance(look, bool):
        return round(look * 255) if look < 1 else look
    if not isinstance(look, dict):
        return look
    kept = {key: _plain(each) for key, each in look.items() if not _is_double(key, look)}
    return {key: each for key, each in kept.items() if each not in (0, False)}


def _is_double(key: str, look: Json) -> bool:
    return f"{key}Style" in look or (key == "width" and "style" in look)


def test_results_stand_beside_the_row_whose_key_they_have(blank: Sheet) -> None:
    blank.set_up()
    _fill(blank)
    assert _shown(blank, "key") == ["Ana · Talk", "Eva · Course", "Pau · Talk · 2026-02-03", "17"]
    assert _shown(blank, "stage") == ["Best Few", None, "Won", "Universe"]
    assert _shown(blank, "rank") == [1, None, None, 4]


def _fill(sheet: Sheet) -> None:
    """Type four rows, and let the program have written results for three of them."""
    rows: list[Json] = [
        {"client": "Ana", "objective": "Talk"},
        {"client": "Eva", "service": "Course"},
        {"client": "Pau", "objective": "Talk", "outcome": "Won", "closed_on": date(2026, 2, 3)},
        {"client": "Iu", "objective": "Talk", "id": 17},
    ]
    for number, row in enumerate(rows, start=2):
        for key, value in row.items():
            text = value.isoformat() if isinstance(value, date) else value
            sheet.google.edit(sheet.id, Type(tab="Objectives", cell=f"{_column(key)}{number}", value=text))
    results = [("17", "Universe", 4), ("Ana · Talk", "Best Few", 1), ("Pau · Talk · 2026-02-03", "Won", None)]
    sheet.send([_written(_number(sheet, "_results"), results)])


def _number(sheet: Sheet, title: str) -> int:
    """Return the number that the service has for a tab."""
    return next(each.sheet_id for each in sheet.google.spreadsheet(sheet.id).sheets if each.title == title)


def _written(sheet_id: int, rows: list[tuple[Any, ...]]) -> Json:
    def cell(value: object) -> Json:
        kind = "stringValue" if isinstance(value, str) else "numberValue"
        return {} if value is None else {"userEnteredValue": {kind: value}}

    start = {"sheetId": sheet_id, "rowIndex": 1, "columnIndex": 0}
    cells = [{"values": [cell(value) for value in row]} for row in rows]
    return {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}}


def test_results_follow_their_rows_when_people_sort_insert_and_delete(blank: Sheet) -> None:
    blank.set_up()
    _fill(blank)
    blank.google.edit(blank.id, InsertRows(tab="Objectives", at=2))
    blank.google.edit(blank.id, Sort(tab="Objectives", by="A", descending=True))
    blank.google.edit(blank.id, DeleteRows(tab="Objectives", at=2))
    by_client = dict(zip(_shown(blank, "client"), _shown(blank, "stage"), strict=True))
    assert {client: stage for client, stage in by_client.items() if client} == {
        "Iu": "Universe",
        "Eva": None,
        "Ana": "Best Few",
    }


_TEXTS = st.text(st.characters(categories=["L", "N"], include_characters=" -.&'\"é"), max_size=12).map(
    str.strip
)
_ROWS = st.fixed_dictionaries(
    {
        "client": _TEXTS,
        "objective": _TEXTS,
        "service": _TEXTS,
        "outcome": st.sampled_from(["", "Won", "Lost"]),
        "closed_on": st.none() | st.dates(date(1995, 1, 1), date(2040, 12, 31)),
        "id": _TEXTS,
    }
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(_ROWS, min_size=1, max_size=12))
def test_the_key_that_a_sheet_makes_is_the_programs_own(blank: Sheet, rows: list[dict[str, Any]]) -> None:
    if not blank.google.typed(blank.id, blank.google.spreadsheet(blank.id).sheets[0].title):
        blank.set_up()
    blank.send(_typed_rows(FIRST_ID + 1, rows))
    assert _padded(_shown(blank, "key"), len(rows)) == [_key(row) for row in rows]


def _typed_rows(sheet_id: int, rows: list[dict[str, Any]]) -> list[Json]:
    """Return the requests that put these rows, and nothing else, below the header."""
    area = {"sheetId": sheet_id, "startRowIndex": 1}
    requests: list[Json] = []
    for key in ("client", "objective", "service", "outcome", "closed_on", "id"):
        at = OBJECTIVES.position(key)
        column = {**area, "startColumnIndex": at, "endColumnIndex": at + 1}
        cells = [{"values": [_entered(row[key])]} for row in rows]
        requests.append({"updateCells": {"range": column, "rows": cells, "fields": "userEnteredValue"}})
    return requests


def _entered(value: str | date | None) -> Json:
    if isinstance(value, date):
        return {"userEnteredValue": {"numberValue": value.toordinal() - date(1899, 12, 30).toordinal()}}
    return {"userEnteredValue": {"stringValue": value}} if value else {}


def _padded(shown: list[Any], length: int) -> list[Any]:
    return [*shown, *[None] * (length - len(shown))][:length]


def _key(row: dict[str, Any]) -> str | None:
    if not (row["id"] or row["client"] or row["objective"]):
        return None
    return objective_key(
        row_id=row["id"],
        client=row["client"],
        objective=row["objective"],
        service=row["service"],
        closed_on=row["closed_on"] if row["outcome"] else None,
    )


def test_an_uploaded_workbook_shows_the_same_results_as_before(
    google: Service, key_file: Path, tmp_path: Path
) -> None:
    sheet = upload(google, key_file, demo(tmp_path, "en"))
    before = {key: _shown(sheet, key) for key in ("key", *RESULTS)}
    typed = sheet.typed()
    sheet.set_up()
    assert {key: _shown(sheet, key) for key in ("key", *RESULTS)} == before
    assert sheet.set_up() == []
    now = sheet.typed()
    own = {OBJECTIVES.position(key) for key in ("key", *RESULTS)}
    assert _people(now.pop("Objectives"), own) == _people(typed.pop("Objectives"), own)
    assert now == typed


def _people(rows: list[list[Any]], own: set[int]) -> list[list[Any]]:
    return [[cell for at, cell in enumerate(row) if at not in own] for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_built_workbook_works_as_a_sheet_once_it_was_set_up(
    google: Service, key_file: Path, language: str
) -> None:
    sheet = upload(google, key_file, file_of(language))
    sheet.set_up(language)
    decoded = sheet.decoded()
    assert decoded.findings == ()
    assert decoded.language == language
    assert sheet.set_up(language) == []


def test_a_cell_that_a_person_typed_among_old_results_stays(
    google: Service, key_file: Path, tmp_path: Path
) -> None:
    path = demo(tmp_path, "en")
    book = openpyxl.load_workbook(path)
    book["Objectives"]["F5"] = "Call them on Friday"
    book.save(path)
    sheet = upload(google, key_file, path)
    sheet.set_up()
    assert sheet.google.typed(sheet.id, "Objectives")[4][5] == "Call them on Friday"
    assert _shown(sheet, "stage").count(None) == 0


def test_tabs_of_other_people_are_left_as_they_are(google: Service, key_file: Path) -> None:
    sheet = shared(
        google, key_file, tabs={"Budget": [["Item", "Cost"], ["Rent", 900], ["=B2*12"]], "Ideas": [["One"]]}
    )
    before = [google.spreadsheet(sheet.id).sheets[at].clone() for at in (0, 1)]
    sheet.set_up()
    assert google.spreadsheet(sheet.id).sheets[:2] == before
    assert sheet.decoded().findings == ()
    assert sheet.set_up() == []


def test_locale_and_time_zone_are_those_of_the_person(google: Service, key_file: Path) -> None:
    sheet = shared(google, key_file, tabs={"Hoja 1": []}, locale="es_ES", time_zone="Europe/Madrid")
    sheet.set_up("es")
    assert (google.spreadsheet(sheet.id).locale, google.spreadsheet(sheet.id).time_zone) == (
        "es_ES",
        "Europe/Madrid",
    )
    google.edit(sheet.id, Type(tab="Objetivos", cell="A2", value="Ana"))
    assert _shown(sheet, "key", "Objetivos") == ["Ana · "]


def test_a_tab_that_was_deleted_comes_back_and_the_rest_stays(blank: Sheet) -> None:
    blank.set_up()
    typed = blank.typed()
    blank.send([{"deleteSheet": {"sheetId": _number(blank, "Check")}}])
    blank.set_up()
    assert {title: rows for title, rows in blank.typed().items() if rows} == typed
    assert blank.decoded().findings == ()
    assert blank.set_up() == []


def test_a_look_up_that_somebody_deleted_comes_back(blank: Sheet) -> None:
    blank.set_up()
    _fill(blank)
    before = _shown(blank, "stage")
    blank.google.edit(blank.id, Type(tab="Objectives", cell="D1", value=None))
    assert set(_shown(blank, "stage")) == {None}
    (request,) = blank.set_up()
    assert set(request) == {"updateCells"}
    assert _shown(blank, "stage") == before
    assert blank.google.values(blank.id, "Objectives")[0][3] == "Stage"


def test_what_a_person_typed_over_a_look_up_is_left_to_them(blank: Sheet) -> None:
    blank.set_up()
    _fill(blank)
    blank.google.edit(blank.id, Type(tab="Objectives", cell="D3", value="mine"))
    assert blank.set_up() == []
    assert blank.google.typed(blank.id, "Objectives")[2][3] == "mine"
