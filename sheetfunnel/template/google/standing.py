"""What stands in a sheet, as ``spreadsheets.get`` tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sheetfunnel.template.google.ranges import Request
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell, Grid, Place, Snapshot
from sheetfunnel.workbook.look_ups import LOOK_UP

#: What to ask of ``spreadsheets.get`` (its ``fields``), and no more.
FIELDS: Final = (
    "properties(title,locale,timeZone),namedRanges,"
    "sheets(properties,developerMetadata,protectedRanges,charts(chartId),"
    "data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue))))"
)

#: The key of the mark that each of our tabs carries; its value is the key of the tab.
TAG: Final = "sheetfunnel.tab"

_ERRORS: Final = {
    "N_A": "#N/A",
    "REF": "#REF!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
}


@value
class StandingTab:
    """One tab of the sheet.

    ``entered`` are the cells (row, column), from 1, in which something stands of itself: it was typed or
    written there, and not filled by a formula beside it. ``look_ups`` are those with a look-up of ours.
    """

    sheet_id: int
    grid: Grid
    tag: str
    warned: bool
    drawn: bool
    entered: frozenset[tuple[int, int]]
    look_ups: frozenset[tuple[int, int]]

    @property
    def title(self) -> str:
        """What the tab is called."""
        return self.grid.title

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.entered and not self.drawn and not self.tag


@value
class Standing:
    """A sheet: its tabs in their order, and its named ranges by name (as Google's GridRange)."""

    tabs: tuple[StandingTab, ...]
    names: Mapping[str, Request]

    @property
    def blank(self) -> StandingTab | None:
        """The only tab, if nothing stands in it, as in a sheet that somebody has just made."""
        first, *others = self.tabs
        return first if first.is_blank and not others else None

    def snapshot(self) -> Snapshot:
        """Return the sheet as the reader of workbooks takes it."""
        titles = {tab.sheet_id: tab.title for tab in self.tabs}
        places = ((name, _single_cell(area, titles)) for name, area in self.names.items())
        return Snapshot(
            tabs={tab.title: tab.grid for tab in self.tabs},
            names={name: place for name, place in places if place is not None},
            revision="",
        )


def _single_cell(area: Request, titles: Mapping[int, str]) -> Place | None:
    row, column = area.get("startRowIndex", 0), area.get("startColumnIndex", 0)
    title = titles.get(area.get("sheetId", 0))
    single = (area.get("endRowIndex"), area.get("endColumnIndex")) == (row + 1, column + 1)
    return Place(tab=title, row=row + 1, column=column + 1) if title is not None and single else None


def read_standing(existing: Mapping[str, Any]) -> Standing:
    """Return what ``spreadsheets.get`` told, asked with :data:`FIELDS`."""
    return Standing(
        tabs=tuple(_tab(sheet) for sheet in existing["sheets"]),
        names={each["name"]: each.get("range", {}) for each in existing.get("namedRanges", ())},
    )


def _tab(sheet: Mapping[str, Any]) -> StandingTab:
    properties = sheet["properties"]
    held = list(_cells(sheet.get("data", ())))
    formulas = {at: each["userEnteredValue"].get("formulaValue", "") for at, each in held if _entered(each)}
    return StandingTab(
        sheet_id=properties.get("sheetId", 0),
        grid=Grid(
            title=properties["title"],
            rows=_rows(held),
            formulas=frozenset(at for at, formula in formulas.items() if formula),
        ),
        tag=_tag(sheet.get("developerMetadata", ())),
        warned=any(each.get("warningOnly") for each in sheet.get("protectedRanges", ())),
        drawn=bool(sheet.get("charts")) or properties.get("sheetType", "GRID") != "GRID",
        entered=frozenset(formulas),
        look_ups=frozenset(at for at, formula in formulas.items() if formula.startswith(LOOK_UP)),
    )


def _tag(metadata: Iterable[Mapping[str, Any]]) -> str:
    return next((str(each.get("metadataValue", "")) for each in metadata if each["metadataKey"] == TAG), "")


def _entered(cell: Mapping[str, Any]) -> bool:
    return bool(cell.get("userEnteredValue"))


def _cells(blocks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[tuple[int, int], Mapping[str, Any]]]:
    """Yield every cell in which something is to be seen, by (row, column)."""
    for block in blocks:
        for row, line in enumerate(block.get("rowData", ()), start=block.get("startRow", 0) + 1):
            for column, cell in enumerate(line.get("values", ()), start=block.get("startColumn", 0) + 1):
                if cell:
                    yield (row, column), cell


def _rows(held: Iterable[tuple[tuple[int, int], Mapping[str, Any]]]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for (row, column), cell in held:
        rows.extend([] for _ in range(row - len(rows)))
        line = rows[row - 1]
        line.extend([None] * (column - len(line)))
        line[column - 1] = _value(cell.get("effectiveValue") or cell.get("userEnteredValue") or {})
    return rows


def _value(value: Mapping[str, Any]) -> Cell:
    if "errorValue" in value:
        return _ERRORS.get(value["errorValue"].get("type", ""), "#VALUE!")
    for kind in ("numberValue", "boolValue", "stringValue"):
        if kind in value:
            found: Cell = value[kind]
            return None if found == "" else found
    return None
