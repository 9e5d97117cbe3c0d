from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from sheetfunnel.workbook.contract import Cell, WritePlan
from tests.google_service.service import Service
from tests.google_service.shapes import EMPTY
from tests.stores.contract import Make, StoreContract, set_cells
from tests.stores.google.conftest import Opened


class TestGoogleWorkbook(StoreContract):
    @pytest.fixture
    def make(self, google: Service, opened: Opened) -> Make:
        return lambda tabs: opened(google.make(tabs={title: as_typed(rows) for title, rows in tabs.items()}))


def as_typed(rows: Sequence[Sequence[Cell]]) -> list[list[object]]:
    """Return rows as the stand-in takes them: a text that begins with = is one, a moment is a number."""
    return [[_as_typed(cell) for cell in row] for row in rows]


def _as_typed(cell: Cell) -> object:
    if isinstance(cell, str) and cell.startswith("="):
        return EMPTY._replace(value=cell)
    if isinstance(cell, datetime):
        look = {"numberFormat": {"type": "DATE_TIME"}}
        return EMPTY._replace(value=(cell - datetime(1899, 12, 30)) / timedelta(days=1), format=look)  # noqa: DTZ001
    return cell


def test_a_reading_is_one_call_and_a_writing_another(google: Service, opened: Opened) -> None:
    key = google.make(tabs={"Sheet A": [["x"]]})
    workbook = opened(key)
    google.log.clear()
    revision = workbook.read().revision
    workbook.write(WritePlan(changes=(set_cells((1,), {2: ("y",)}),)), revision=revision)
    assert [call.method for call in google.log if call.method != "token"] == [
        "spreadsheets.get",
        "spreadsheets.batchUpdate",
    ]
