"""Where a name stands in a Google Sheet: in the cells, in the notes on them, in the titles of tabs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from sheetfunnel.workbook.forgetting import Stand, Trace
from sheetfunnel.workbook.layout import letters

#: What has to be told of a sheet for this.
FIELDS: Final = (
    "sheets(properties(title),data(startRow,startColumn,rowData(values(note,"
    "effectiveValue(stringValue),userEnteredValue(formulaValue)))))"
)


def traces(
    answer: Mapping[str, Any], name: str, *, tab: str = "", rows: Collection[int] = ()
) -> Iterator[Trace]:
    """Yield the places where a name stands, and the notes on some rows of a tab.

    ``answer`` is what ``spreadsheets.get`` told of :data:`FIELDS`.
    """
    wanted = name.casefold()
    for sheet in answer.get("sheets", ()):
        title = sheet["properties"]["title"]
        if wanted in title.casefold():
            yield Trace(stand=Stand.TAB, tab=title)
        for row, column, cell in _cells(sheet):
            place = f"{letters(column)}{row}"
            if wanted in _text(cell).casefold():
                yield Trace(stand=Stand.CELL, tab=title, cell=place)
            note = str(cell.get("note", ""))
            if wanted in note.casefold() or (note and title == tab and row in rows):
                yield Trace(stand=Stand.COMMENT, tab=title, cell=place)


def _cells(sheet: Mapping[str, Any]) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    for block in sheet.get("data", ()):
        left = block.get("startColumn", 0) + 1
        for row, line in enumerate(block.get("rowData", ()), start=block.get("startRow", 0) + 1):
            for column, cell in enumerate(line.get("values", ()), start=left):
                yield row, column, cell


def _text(cell: Mapping[str, Any]) -> str:
    """Return what a cell shows and the formula that shows it."""
    shown = cell.get("effectiveValue", {}).get("stringValue", "")
    return f"{shown} {cell.get('userEnteredValue', {}).get('formulaValue', '')}"
