"""What the workbook holds on its first day: the settings with their defaults, and the starter profile."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.template import looks
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import Table, templates_folder


def put_settings(sheet: Worksheet, table: Table, words: Labels) -> None:
    """Write one row for each setting."""
    for row, (key, value) in enumerate(table.rows, start=table.row + 1):
        chosen = words.text(f"language.{words.language}") if key == "language" else value
        _put_row(sheet, table, row, {"setting": words.text(f"setting.{key}"), "value": chosen})


def put_profile(sheet: Worksheet, table: Table, words: Labels) -> None:
    """Write the criteria of the starter profile."""
    for row, criterion in enumerate(starter_profile(words), start=table.row + 1):
        _put_row(sheet, table, row, criterion)


def starter_profile(words: Labels) -> list[Mapping[str, Cell]]:
    """Return the criteria of ``templates/profile.toml`` in words, by the keys of the criteria's columns."""
    path = templates_folder() / "profile.toml"
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_criterion(criterion, words) for criterion in raw["criterion"]]


def _criterion(raw: Mapping[str, Any], words: Labels) -> Mapping[str, Cell]:
    return {
        "name": words.text(raw["name"]),
        "kind": words.text(raw["kind"]),
        "column": words.text(raw["column"]),
        "ideal": raw["ideal"] if "ideal" in raw else words.text(raw["ideal_text"]),
        "weight": raw["weight"],
        "must": words.text("yes.yes") if raw.get("must") else None,
    }


def _put_row(sheet: Worksheet, table: Table, row: int, values: Mapping[str, Cell]) -> None:
    for offset, column in enumerate(table.columns):
        cell = sheet.cell(row, table.column + offset, values[column.key])
        looks.dress(cell, column)
