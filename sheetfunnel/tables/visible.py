"""Which tabs of a workbook people see."""

from __future__ import annotations

from pathlib import Path

from sheetfunnel.tables.reader import opened


def visible_titles(path: Path) -> tuple[str, ...]:
    """Return the titles of the tabs that are not hidden, of a workbook that has passed the guard."""
    from python_calamine import SheetVisibleEnum

    with opened(path) as workbook:
        tabs = workbook.sheets_metadata
    return tuple(tab.name for tab in tabs if tab.visible == SheetVisibleEnum.Visible)
