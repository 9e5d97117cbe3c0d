"""The Start tab: three steps, what the colours say, where to get help, and room for the status."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.funnel.objective import Stage
from sheetfunnel.template import looks
from sheetfunnel.template.conditions import OLD_AFTER
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import Table

_NAME, _TEXT = 2, 3
_STEPS = ("start.step1", "start.step2", "start.step3")
_TWO_LINES, _ONE_LINE = 36.0, 21.0
_LONG = {"program"}


def put_start(sheet: Worksheet, table: Table, words: Labels) -> None:
    """Write everything that stands above the status table."""
    looks.blank_rows(sheet, table.row - 1)
    sheet.column_dimensions["A"].width = looks.GAP
    look = looks.font(24, ink=looks.colour("header"), bold=True)
    looks.put(sheet, (2, _NAME), words.text("title.start"), look)
    looks.put(sheet, (3, _NAME), words.text("lead.start"), looks.font(ink=looks.MUTED))
    sheet.row_dimensions[2].height = 40
    _put_steps(sheet, 5, words)
    _put_legend(sheet, 10, words)
    _put_line(sheet, 19, (words.text("start.help.name"), words.text("start.help")), height=_TWO_LINES)
    _put_first_status(sheet, table, words)


def _put_first_status(sheet: Worksheet, table: Table, words: Labels) -> None:
    """Say in the status table that there was no sync; the first one writes over it."""
    texts = words.text("status.last_sync"), words.text("start.not_yet")
    for offset, (column, text) in enumerate(zip(table.columns, texts, strict=True)):
        looks.dress(sheet.cell(table.row + 1, table.column + offset, text), column)


def _put_steps(sheet: Worksheet, row: int, words: Labels) -> None:
    _put_section(sheet, row, words.text("start.steps"))
    for number, step in enumerate(_STEPS, start=1):
        texts = words.text(f"{step}.name"), words.text(step)
        _put_line(sheet, row + number, texts, height=_TWO_LINES)


def _put_legend(sheet: Worksheet, row: int, words: Labels) -> None:
    _put_section(sheet, row, words.text("start.legend"))
    entries = [("yours", words.text("legend.yours"), looks.PAPER)]
    entries += [("program", words.text("legend.program"), looks.colour("program"))]
    entries += [(stage.value, words.name(stage), looks.colour(stage.value)) for stage in Stage]
    entries += [("old", words.text("legend.old"), looks.colour("warning"))]
    for at, (key, name, ink) in enumerate(entries, start=row + 1):
        text = words.text(f"legend.{key}.text", count=OLD_AFTER)
        _put_line(sheet, at, (name, text), height=_TWO_LINES if key in _LONG else _ONE_LINE)
        swatch = sheet.cell(at, _NAME)
        swatch.font = looks.font(ink="000000")
        swatch.fill = looks.filled(ink)
        swatch.border = looks.around(looks.LINE if ink == looks.PAPER else ink)


def _put_section(sheet: Worksheet, row: int, text: str) -> None:
    look = looks.font(13, ink=looks.colour("header"), bold=True)
    looks.put(sheet, (row, _NAME), text, look)
    sheet.row_dimensions[row].height = 24


def _put_line(sheet: Worksheet, row: int, texts: tuple[str, str], *, height: float) -> None:
    for at, text in zip((_NAME, _TEXT), texts, strict=True):
        cell = looks.put(sheet, (row, at), text, looks.font(bold=at == _NAME))
        cell.alignment = looks.aligned("left", wrap=True)
    sheet.row_dimensions[row].height = height
