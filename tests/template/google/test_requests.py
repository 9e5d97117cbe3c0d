"""Laws on the requests that set up a blank sheet, in each language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from sheetfunnel.template.charts import CHARTS
from sheetfunnel.template.google.target import FIRST_ID
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout
from tests.template.books import LANGUAGES
from tests.template.google.told import BLANK, Json, set_up

pytestmark = pytest.mark.parametrize("language", LANGUAGES)

_TEXT = re.compile(r'"(?:[^"]|"")*"')


@cache
def _requests(language: str) -> list[Json]:
    return set_up(BLANK, language)


def _all(language: str, kind: str) -> list[Json]:
    return [request[kind] for request in _requests(language) if kind in request]


def _fields(value: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 # JSON of any shape
    """Yield what stands under a name, however deep."""
    if isinstance(value, dict):
        yield from (held for key, held in value.items() if key == name)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _fields(inner, name)


def test_every_tab_is_made_once_and_in_order_and_the_blank_one_becomes_the_first(language: str) -> None:
    made = _properties(language)
    titles = [labels(language).text(f"tab.{tab.key}") for tab in layout().tabs]
    assert [each["title"] for each in made] == titles
    assert [each["index"] for each in made] == list(range(len(titles)))
    assert [each["sheetId"] for each in made] == [0, *range(FIRST_ID + 1, FIRST_ID + len(titles))]
    assert [each.get("hidden", False) for each in made] == [tab.hidden for tab in layout().tabs]


def test_tabs_come_before_everything_that_speaks_of_them(language: str) -> None:
    kinds = [next(iter(request)) for request in _requests(language)]
    assert kinds[: len(layout().tabs)] == ["updateSheetProperties", *["addSheet"] * (len(layout().tabs) - 1)]
    assert "addSheet" not in kinds[len(layout().tabs) :]


def test_one_small_batch_is_enough(language: str) -> None:
    assert len(_requests(language)) < 1_000
    assert len(json.dumps({"requests": _requests(language)}).encode()) < 350_000


def test_nothing_is_sent_to_be_parsed(language: str) -> None:
    assert "USER_ENTERED" not in json.dumps(_requests(language))
    kinds = {kind for each in _cells(language) for kind in each}
    assert kinds == {"stringValue", "numberValue", "formulaValue"}
    formulas = [each["formulaValue"] for each in _cells(language) if "formulaValue" in each]
    own = [column for column in layout().table("objectives").columns if column.owner == "program"]
    assert len(formulas) == len(own)


def _cells(language: str) -> list[Json]:
    written = (each["rows"] for each in _all(language, "updateCells"))
    return [value for rows in written for value in _fields(rows, "userEnteredValue")]


def test_every_formula_reads_alike_in_every_locale(language: str) -> None:
    written = [
        *_fields(_requests(language), "formulaValue"),
        *_fields(_requests(language), "userEnteredValue"),
    ]
    formulas = [each for each in written if isinstance(each, str) and each.startswith("=")]
    assert len(formulas) > 30
    for formula in formulas:
        assert "," not in _TEXT.sub("", formula)


def test_the_locale_and_the_time_zone_are_left_as_they_are(language: str) -> None:
    assert not _all(language, "updateSpreadsheetProperties")
    dates = [each for each in _fields(_requests(language), "numberFormat") if each["type"] == "DATE"]
    assert dates
    assert all(each == {"type": "DATE"} for each in dates)


def test_nothing_that_a_person_types_is_refused(language: str) -> None:
    rules = [each["rule"] for each in _all(language, "setDataValidation")]
    assert not any(rule["strict"] for rule in rules)
    assert all(each["protectedRange"]["warningOnly"] for each in _all(language, "addProtectedRange"))


def test_every_hint_of_a_header_is_there(language: str) -> None:
    shown = {each["rule"].get("inputMessage") for each in _all(language, "setDataValidation")}
    for table in layout().tables:
        for column in (*table.columns, *table.profile):
            if column.prompt:
                assert labels(language).text(f"prompt.{column.table}.{column.key}") in shown


def test_a_drop_down_shows_cells_that_hold_its_words(language: str) -> None:
    lists = {
        value["userEnteredValue"]
        for each in _all(language, "setDataValidation")
        if each["rule"]["condition"]["type"] == "ONE_OF_RANGE"
        for value in each["rule"]["condition"]["values"]
    }
    settings = labels(language).text("tab.settings")
    assert "='_sheetfunnel'!$H$2:$H$3" in lists
    assert f"='{settings}'!$D$5:$D$204" in lists


def test_names_are_those_of_the_workbook_and_lead_into_the_grid(language: str) -> None:
    names = [each["namedRange"] for each in _all(language, "addNamedRange")]
    assert {column.name for table in layout().tables for column in table.columns} <= {
        n["name"] for n in names
    }
    sizes = {each["sheetId"]: each["gridProperties"] for each in _properties(language)}
    for each in names:
        assert re.fullmatch(r"[a-z_]+", each["name"])
        size = sizes[each["range"]["sheetId"]]
        assert each["range"]["endRowIndex"] <= size["rowCount"]
        assert each["range"]["endColumnIndex"] <= size["columnCount"]


def _properties(language: str) -> list[Json]:
    """Return those of the tabs in their order: the blank one is the first."""
    blank, *_ = _all(language, "updateSheetProperties")
    return [each["properties"] for each in (blank, *_all(language, "addSheet"))]


def test_the_warning_stands_where_the_program_writes_and_nowhere_else(language: str) -> None:
    ranges = {
        each["protectedRange"]["range"]["sheetId"]: each["protectedRange"]["range"]
        for each in _all(language, "addProtectedRange")
    }
    ids = {tab.key: each["sheetId"] for tab, each in zip(layout().tabs, _properties(language), strict=True)}
    objectives = ranges.pop(ids["objectives"])
    assert (objectives["startColumnIndex"], objectives["endColumnIndex"]) == (2, 8)
    assert "startRowIndex" not in objectives
    own = {ids[tab.key] for tab in layout().tabs if all(table.owner == "program" for table in tab.tables)}
    assert ranges == {sheet_id: {"sheetId": sheet_id} for sheet_id in own}


def test_the_charts_speak_to_those_who_do_not_see_them(language: str) -> None:
    specs = [each["chart"]["spec"] for each in _all(language, "addChart")]
    assert [spec["altText"] for spec in specs] == [
        labels(language).text(f"chart.{key}.alt") for key in CHARTS
    ]
    spacer, count = specs[0]["basicChart"]["series"]
    assert spacer["colorStyle"] == specs[0]["backgroundColorStyle"]
    assert len(count["styleOverrides"]) == 4


def test_start_speaks_of_a_sheet_and_not_of_a_file(language: str) -> None:
    texts = [each["stringValue"] for each in _cells(language) if "stringValue" in each]
    for label in ("start.step2", "start.not_yet", "legend.program.text"):
        assert labels(language).text(f"google.{label}") in texts
        assert labels(language).text(label) not in texts


def test_what_can_wait_is_folded_away_behind_a_handle_in_front_of_it(language: str) -> None:
    (group,) = _all(language, "updateDimensionGroup")
    assert group["dimensionGroup"]["collapsed"]
    waiting = [at for at, c in enumerate(layout().table("objectives").columns) if c.group == "help"]
    area = group["dimensionGroup"]["range"]
    assert list(range(area["startIndex"], area["endIndex"])) == waiting
    handles = [each["properties"]["gridProperties"] for each in _all(language, "updateSheetProperties")[1:]]
    assert handles == [{"columnGroupControlAfter": False}]
