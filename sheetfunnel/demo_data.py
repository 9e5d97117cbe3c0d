"""The demo's rows: an invented practice, kept per language in ``templates/demo.*.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sheetfunnel.errors import WrongUsage
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.layout import Table, layout, templates_folder

#: The section of the file that fills each table that people own.
SECTIONS: Mapping[str, str] = {
    "people": "person",
    "services": "service",
    "answers": "answer",
    "objectives": "objective",
}


def demo_languages() -> tuple[str, ...]:
    """Return the languages that have a demo, by code."""
    return tuple(sorted(path.name.split(".")[1] for path in templates_folder().glob("demo.*.toml")))


def demo_tables(language: str, today: date) -> Mapping[str, list[Mapping[str, Cell]]]:
    """Return the rows of each table, by column key; a blank cell has no entry.

    Dates are true dates, counted from ``today``. A few cells cannot be read, on purpose: they hold a text
    where their column asks for a date or a number.

    Raises:
        WrongUsage: there is no demo in this language.

    """
    raw = _raw(language)
    return {
        key: [_dated(row, layout().table(key), today) for row in raw[section]]
        for key, section in SECTIONS.items()
    }


def _raw(language: str) -> dict[str, Any]:
    if language not in demo_languages():
        known = ", ".join(demo_languages())
        raise WrongUsage(f"There is no demo in the language '{language}'.", hint=f"Choose one of: {known}.")
    return tomllib.loads((templates_folder() / f"demo.{language}.toml").read_text(encoding="utf-8"))


def _dated(row: Mapping[str, Any], table: Table, today: date) -> Mapping[str, Cell]:
    """Return the row with a true date wherever a date column counts days from ``today``."""
    dates = {column.key for column in table.columns if column.kind == "date"}
    counted = {key: days for key, days in row.items() if key in dates and isinstance(days, int)}
    return {**row, **{key: today + timedelta(days=days) for key, days in counted.items()}}
