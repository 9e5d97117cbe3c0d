"""Excel files for the tests of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook as NewWorkbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.contract import Cell, SetCells, Snapshot, WritePlan

Tabs = Mapping[str, Sequence[Sequence[Cell]]]


def save(path: Path, tabs: Tabs) -> Path:
    """Write a workbook with these cells, dates formatted as such."""
    with NewWorkbook(path) as workbook:
        looks = [workbook.add_format({"num_format": text}) for text in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")]
        for title, rows in tabs.items():
            sheet = workbook.add_worksheet(title)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    _put(sheet, (row, column), value, looks)
    return path


def _put(sheet: Worksheet, at: tuple[int, int], value: Cell, looks: Sequence[Format]) -> None:
    put: dict[type[object], Any] = {
        str: sheet.write_string,
        bool: sheet.write_boolean,
        date: sheet.write_datetime,
        datetime: sheet.write_datetime,
    }
    style = looks[:1] if type(value) is date else looks[1:] if type(value) is datetime else ()
    if value is not None:
        put.get(type(value), sheet.write_number)(*at, value, *style)


def small(folder: Path, name: str = "sales.xlsx") -> Path:
    """Write a workbook with two columns, the second of which is written by the plans below."""
    rows: list[list[Cell]] = [["Client", "Stage"], ["Rosa", "old"], ["León", "old"], ["007", None]]
    return save(folder / name, {"Objectives": rows, "Notes": [["mine"]]})


def stages(value: Cell, rows: Sequence[int] = (2, 3, 4)) -> WritePlan:
    """Return a plan that writes one value into the second column of a small workbook."""
    return WritePlan(changes=(SetCells(tab="Objectives", columns=(2,), rows=dict.fromkeys(rows, (value,))),))


def opened(path: Path) -> ExcelWorkbook:
    """Return a workbook whose backups and leases stand beside it, in a folder of the test."""
    return ExcelWorkbook(path, state=path.parent / "state")


def rows_of(snapshot: Snapshot, title: str = "Objectives") -> list[list[Cell]]:
    """Return the rows of a tab as lists."""
    return [list(row) for row in snapshot.tabs[title].rows]
