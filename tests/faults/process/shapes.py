"""The workbooks that the faults strike: each synced a month ago, so that the next sync changes much."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Pixels

from tests.excel_people import person, practice, synced
from tests.stores.excel_books import parts, zipped

A_MONTH_AGO: Final = "2026-02-02"
_MORE_ROWS: Final = 300


def plain(path: Path) -> Path:
    """Make the template's workbook with the rows of the demo."""
    return _synced(practice(path, sync=False))


def prefixed(path: Path) -> Path:
    """Make one in a dialect for which the sheets are edited the careful way: every name has a prefix."""
    entries = parts(plain(path))
    sheets = {name: _with_prefix(raw) for name, raw in entries.items() if "/worksheets/sheet" in name}
    return zipped(path, {**entries, **sheets})


def big(path: Path) -> Path:
    """Make a longer one, with a chart, a comment and a picture of the person's own."""
    practice(path, sync=False)
    with person(path) as book:
        tab: Worksheet = book["Objectives"]
        for number in range(60, 60 + _MORE_ROWS):
            tab.cell(number, 1, f"Client {number}")
            tab.cell(number, 2, f"Objective {number % 7}")
            tab.cell(number, 9, 100 * number)
            tab.cell(number, 11, date(2025, 12, 1) + timedelta(days=number % 60))
        tab["A3"].comment = Comment("met at the fair", "Anna")
        chart = BarChart()
        chart.add_data(Reference(tab, min_col=9, min_row=1, max_row=20), titles_from_data=True)
        tab.add_chart(chart, "AS2")
        tab.add_image(Image(_picture()), "AS30")
    return _synced(path)


SHAPES: Final[Mapping[str, Callable[[Path], Path]]] = {"plain": plain, "prefixed": prefixed, "big": big}


def _synced(path: Path) -> Path:
    assert synced(path, "--today", A_MONTH_AGO) == 0
    return path


def _with_prefix(raw: bytes) -> bytes:
    raw = re.sub(rb"<(/?)(?=\w+[\s/>])", rb"<\1x:", raw)
    return raw.replace(b" xmlns=", b" xmlns:x=", 1)


def _picture() -> io.BytesIO:
    file = io.BytesIO()
    Pixels.new("RGB", (64, 64), "teal").save(file, "png")
    file.seek(0)
    return file
