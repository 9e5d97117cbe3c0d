"""From Google's answer to a snapshot: values with their types, formulas, merges, names, the day there.

One call asks for all of it, so that it is of one moment: ``spreadsheets.get`` with a mask of just these
fields. (Values alone would need the titles of the tabs beforehand, and show neither formulas nor names.)
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheetfunnel.stores.google.stamps import Stamps, stamps
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell, Grid, Place, Snapshot

FIELDS: Final = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,sheetType,hidden,gridProperties(rowCount,columnCount)),merges,"
    "data(startRow,startColumn,rowData(values("
    "effectiveValue,userEnteredValue(formulaValue),effectiveFormat(numberFormat(type)))))),"
    "namedRanges(name,range),"
    "developerMetadata(metadataId,metadataKey,metadataValue)"
)

_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zone
_LAST_DAY: Final = 2_958_465  # 9999-12-31
_ERRORS: Final = {
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "#LOADING!",
}
#: A look-up: one formula in the header cell that spills the column below it, the header's text in front.
_LOOK_UP: Final = re.compile(r'=ARRAYFORMULA\(IF\(ROW\([^;,]*[;,]\s*"((?:[^"]|"")*)"', re.IGNORECASE)


@value
class Tab:
    """What is to be known of a tab to write to it: its number, its size, and whether it is hidden."""

    sheet_id: int
    rows: int
    columns: int
    hidden: bool


@value
class Read:
    """A Google Sheet as it was read: the snapshot, its tabs by title, and the stamps of earlier writings."""

    snapshot: Snapshot
    tabs: Mapping[str, Tab]
    stamps: Stamps


def read_answer(answer: Mapping[str, Any], *, now: datetime) -> Read:
    """Return what Google's answer says; ``now`` is the moment, with its time zone."""
    sheets = [each for each in answer.get("sheets", ()) if _is_grid(each)]
    grids = [_grid(sheet) for sheet in sheets]
    found = stamps(answer.get("developerMetadata", ()))
    snapshot = Snapshot(
        tabs={grid.title: grid for grid in grids},
        names=dict(_names(answer, sheets)),
        revision=_revision(answer, found),
        today=_today(str(answer.get("properties", {}).get("timeZone", "")), now),
        looked_up=True,
    )
    tabs = {grid.title: _tab(sheet) for grid, sheet in zip(grids, sheets, strict=True)}
    return Read(snapshot=snapshot, tabs=tabs, stamps=found)


def _is_grid(sheet: Mapping[str, Any]) -> bool:
    return str(sheet["properties"].get("sheetType", "GRID")) == "GRID"


def _tab(sheet: Mapping[str, Any]) -> Tab:
    properties = sheet["properties"]
    size = properties.get("gridProperties", {})
    return Tab(
        sheet_id=properties.get("sheetId", 0),
        rows=size.get("rowCount", 0),
        columns=size.get("columnCount", 0),
        hidden=properties.get("hidden", False),
    )


def _revision(answer: Mapping[str, Any], found: Stamps) -> str:
    content = {key: value for key, value in answer.items() if key != "developerMetadata"}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return f"{found.last}-{digest}"


def _today(zone: str, now: datetime) -> date | None:
    """Return the day in the sheet's time zone; nothing where this machine does not know the zone."""
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _grid(sheet: Mapping[str, Any]) -> Grid:
    rows: list[list[Cell]] = []
    formulas: set[tuple[int, int]] = set()
    blocked: set[tuple[int, int]] = set()
    for block in sheet.get("data", ()):
        left = block.get("startColumn", 0)
        for row, line in enumerate(block.get("rowData", ()), start=block.get("startRow", 0) + 1):
            cells = line.get("values", ())
            _put(rows, row, left, [_cell(each) for each in cells])
            formulas.update((row, left + at) for at, each in enumerate(cells, start=1) if _formula(each))
            blocked.update((row, left + at) for at, each in enumerate(cells, start=1) if _is_blocked(each))
    return Grid(
        title=sheet["properties"]["title"],
        rows=_trimmed(rows),
        formulas=frozenset(formulas),
        covered=frozenset(_covered(sheet.get("merges", ()))),
        blocked=frozenset(blocked),
    )


def _put(rows: list[list[Cell]], row: int, left: int, cells: list[Cell]) -> None:
    while len(rows) < row:
        rows.append([])
    line = rows[row - 1]
    line.extend([None] * (left - len(line)))
    line[left:] = cells


def _trimmed(rows: list[list[Cell]]) -> Sequence[Sequence[Cell]]:
    """Return the rows without the blank ones at the end, which the look-ups fill with empty texts."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return rows


def _cell(told: Mapping[str, Any]) -> Cell:
    value = told.get("effectiveValue")
    if not value:
        return None
    if "numberValue" in value:
        kind = told.get("effectiveFormat", {}).get("numberFormat", {}).get("type", "")
        return _number(value["numberValue"], kind)
    if "errorValue" in value:
        return _header(told) or _ERRORS.get(value["errorValue"].get("type", ""), "#ERROR!")
    return value.get("stringValue", value.get("boolValue")) if value != {"stringValue": ""} else None


def _formula(told: Mapping[str, Any]) -> str:
    return str(told.get("userEnteredValue", {}).get("formulaValue", ""))


def _is_blocked(told: Mapping[str, Any]) -> bool:
    return "errorValue" in told.get("effectiveValue", {}) and _header(told) is not None


def _header(told: Mapping[str, Any]) -> str | None:
    """Return the header text of a look-up that does not spill, since something was typed in its way."""
    found = _LOOK_UP.match(_formula(told))
    return found[1].replace('""', '"') if found else None


def _number(value: float, kind: str) -> Cell:
    if kind not in {"DATE", "DATE_TIME"} or not 0 < value <= _LAST_DAY + 1:
        return value
    moment = _EPOCH + timedelta(milliseconds=round(value * 86_400_000))
    return moment.date() if kind == "DATE" and value == int(value) else moment


def _covered(merges: Sequence[Mapping[str, int]]) -> Iterator[tuple[int, int]]:
    for merge in merges:
        top, left = merge.get("startRowIndex", 0) + 1, merge.get("startColumnIndex", 0) + 1
        for row in range(top, merge["endRowIndex"] + 1):
            for column in range(left, merge["endColumnIndex"] + 1):
                if (row, column) != (top, left):
                    yield row, column


def _names(answer: Mapping[str, Any], sheets: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Place]]:
    """Yield the names of single cells."""
    titles = {_tab(sheet).sheet_id: sheet["properties"]["title"] for sheet in sheets}
    for named in answer.get("namedRanges", ()):
        where = named.get("range", {})
        row, column = where.get("startRowIndex", 0), where.get("startColumnIndex", 0)
        single = where.get("endRowIndex") == row + 1 and where.get("endColumnIndex") == column + 1
        if single and where.get("sheetId", 0) in titles:
            yield named["name"], Place(tab=titles[where.get("sheetId", 0)], row=row + 1, column=column + 1)
