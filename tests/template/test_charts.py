from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl.utils import range_boundaries

from sheetfunnel.funnel.objective import Stage
from sheetfunnel.template.charts import CHARTS
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout
from tests.template.books import LANGUAGES, demo, file_of, opened, raw_parts, sheet

pytestmark = pytest.mark.parametrize("language", LANGUAGES)

_REFERENCE = re.compile(r"<(?:c:)?f>'([^']+)'!([^<]+)</")
_TEXT = re.compile(r"<a:t>([^<]*)</a:t>")


def _charts(language: str) -> list[str]:
    return list(raw_parts(file_of(language), r"xl/charts/chart\d+\.xml").values())


def test_every_chart_has_a_title_and_a_named_axis(language: str) -> None:
    words = labels(language)
    expected = [[words.text(f"chart.{key}"), words.text(f"chart.{key}.axis")] for key in CHARTS]
    assert [_TEXT.findall(chart) for chart in _charts(language)] == expected


def test_every_chart_is_described_for_those_who_do_not_see_it(language: str) -> None:
    (drawing,) = raw_parts(file_of(language), r"xl/drawings/drawing\d+\.xml").values()
    described = re.findall(r'name="([^"]*)" descr="([^"]+)"', drawing)
    assert [name for name, _ in described] == [labels(language).text(f"chart.{key}") for key in CHARTS]


def test_every_chart_draws_cells_that_a_sync_fills(language: str, tmp_path: Path) -> None:
    tab = sheet(opened(demo(tmp_path, language)), "dashboard", language)
    for key, chart in zip(CHARTS, _charts(language), strict=True):
        references = _REFERENCE.findall(chart)
        assert references, key
        for title, cells in references:
            assert title == tab.title
            assert _filled(tab[cells.replace("$", "")], whole=key in WHOLE), (key, cells)
            assert any(_within_table(cells, each) for each in DRAWN.get(key, (key,))), (key, cells)


#: Charts of which every drawn cell is filled; weeks and months are as many as there are.
WHOLE = {"funnel", "shares", "obstacles"}
DRAWN = {"funnel": ("funnel", "spacers")}


def _filled(cells: object, *, whole: bool) -> bool:
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    filled = [cell.value is not None for row in rows for cell in row]
    return all(filled) if whole else any(filled)


def _within_table(cells: str, key: str) -> bool:
    table = layout().table(key)
    left, top, right, _ = (side or 0 for side in range_boundaries(cells.replace("$", "")))
    return table.column <= left == right < table.column + len(table.columns) and top >= table.row


def test_the_funnel_is_centred_by_a_spacer_that_nobody_sees(language: str) -> None:
    funnel = _charts(language)[0]
    spacer, count = re.findall(r"<(?:c:)?ser>.*?</(?:c:)?ser>", funnel, re.DOTALL)
    assert "noFill" in spacer
    assert "dLbls" not in spacer
    assert "dLbls" in count
    assert re.findall(r'grouping val="(\w+)"', funnel) == ["stacked"]
    inks = re.findall(r'<(?:c:)?dPt>.*?srgbClr val="(\w+)"', count, re.DOTALL)
    assert inks == [layout().looks[stage.value] for stage in Stage]
