"""What a person and their programs do to a workbook between two syncs; openpyxl stands for the person."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.cli import main
from sheetfunnel.demo_data import demo_tables
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.append import Additions, additions_plan
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.layout import letters

TODAY = date(2026, 3, 2)
_STYLE = "_style"  # how openpyxl keeps all formats of a cell

has_libreoffice = shutil.which("soffice") is not None or os.environ.get("CI") == "true"


def practice(path: Path, *, additions: Additions | None = None, sync: bool = True) -> Path:
    """Make a new workbook, type rows into it (those of the demo, if no others), and sync it."""
    assert main(["new", str(path)]) == 0
    workbook = ExcelWorkbook(path)
    snapshot = workbook.read()
    rows = demo_tables("en", TODAY) if additions is None else additions
    workbook.write(additions_plan(decode(snapshot).places, rows), revision=snapshot.revision)
    if sync:
        assert synced(path) == 0
    return path


def synced(path: Path, *flags: str) -> int:
    """Sync a workbook from the command line as of a fixed day; return the exit code."""
    return main(["sync", str(path), "--today", TODAY.isoformat(), *flags])


@contextmanager
def person(path: Path) -> Iterator[Book]:
    """Open a workbook as a person does, and save it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path)
        yield book
        book.save(path)


def libreoffice(path: Path) -> Path:
    """Open a workbook in LibreOffice and save it there, in its place."""
    out = path.parent / "saved by libreoffice"
    profile = (path.parent / "profile").resolve().as_uri()
    command = ["soffice", "--headless", "--norestore", f"-env:UserInstallation={profile}", "--convert-to"]
    command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (out / path.name).replace(path)


def column(path: Path, key: str, table: str = "objectives") -> int:
    """Return the sheet column in which a workbook has a column."""
    return decode(ExcelWorkbook(path).read()).places[table].columns[key]


def shown(path: Path, *keys: str) -> dict[str, tuple[Cell, ...]]:
    """Return cells of the objectives by client and objective, wherever their row and columns stand."""
    decoded = decode(ExcelWorkbook(path).read())
    place = decoded.places["objectives"]
    return {
        f"{row.objective.client} | {row.objective.objective}": tuple(
            place.at(row.number, key) for key in keys
        )
        for row in decoded.rows
    }


def sort(tab: Worksheet, *, by: int, first: int, reverse: bool = False) -> None:
    """Sort the rows of a tab from ``first`` down by one column, formats and all."""
    rows = [[_taken(cell) for cell in row] for row in tab.iter_rows(min_row=first)]
    filled = [row for row in rows if row[by - 1][0] is not None]
    blank = [row for row in rows if row[by - 1][0] is None]
    filled.sort(key=lambda row: str(row[by - 1][0]), reverse=reverse)
    for number, row in enumerate([*filled, *blank], start=first):
        for at, content in enumerate(row, start=1):
            _put(tab.cell(number, at), content)


def reorder(book: Book, title: str, order: Sequence[int | None]) -> None:
    """Give a tab its columns in another order (``None``: a new blank one); names follow their cells."""
    tab = book[title]
    rows = [[_taken(cell) for cell in row] for row in tab.iter_rows()]
    for number, row in enumerate(rows, start=1):
        for at, old in enumerate(order, start=1):
            blank = old is None or old > len(row)
            _put(tab.cell(number, at), (None, None) if blank else row[(old or 0) - 1])
    moved = {letters(old): letters(at) for at, old in enumerate(order, start=1) if old}
    for name, place in list(book.defined_names.items()):
        tab_part, _, cell = place.attr_text.rpartition("!")
        parts = cell.split("$")
        if tab_part.strip("'").replace("''", "'") == title and len(parts) == 3 and ":" not in cell:
            target = f"{quoted(title)}!${moved[parts[1]]}${parts[2]}"
            book.defined_names[name] = DefinedName(name, attr_text=target)


def quoted(title: str) -> str:
    """Return the title of a tab as it stands before a cell."""
    marks = title.replace("'", "''")
    return f"'{marks}'"


def _taken(cell: BookCell | MergedCell) -> tuple[Any, Any]:
    return cell.value, copy(getattr(cell, _STYLE))


def _put(cell: BookCell | MergedCell, content: tuple[Any, Any]) -> None:
    cell.value, style = content
    if style is not None:
        setattr(cell, _STYLE, style)


def cells_of_rows(rows: Mapping[int, Mapping[int, Any]], tab: Worksheet) -> None:
    """Type values into cells: by row, then by column."""
    for number, cells in rows.items():
        for at, value in cells.items():
            tab.cell(number, at).value = value
