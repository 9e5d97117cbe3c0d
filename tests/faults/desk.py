"""A small workbook on a person's desk, which others do things to while the program is at work on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.cli import main
from sheetfunnel.workbook.contract import Cell
from tests.excel_people import TODAY, person, practice, synced

_CLIENTS = (
    "Harbour Clinic",
    "Wexley Museum",
    "Quillon Software",
    "Tessera Architects",
    "Alder Centre",
    "Niu",
)


@cache
def _built() -> Path:
    """Return a synced workbook of six rows without a chart, so that openpyxl keeps all that is in it."""
    rows: list[Mapping[str, Cell]] = [
        {
            "client": client,
            "objective": "Coaching",
            "amount": 900 * number,
            "need": "they said so",
            "first_contact": date(2026, 1, number),
        }
        for number, client in enumerate(_CLIENTS, start=1)
    ]
    path = practice(Path(mkdtemp(prefix="desk-")) / "sales.xlsx", additions={"objectives": rows}, sync=False)
    with person(path) as book:
        del book["Dashboard"]
    assert synced(path) == 0
    return path


def laid_out(folder: Path, name: str = "sales.xlsx") -> Path:
    """Return a synced workbook in a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(_built(), folder / name))


def typed_in(path: Path, text: str = "typed just now") -> Path:
    """Type a need into the first row, so that the next sync has something to write."""

    def pen(tab: Worksheet) -> None:
        tab.cell(2, _column(tab, "Need")).value = text
        tab.cell(3, _column(tab, "Outcome")).value = "Dropped"

    return edited(path, pen)


def edited(path: Path, pen: Callable[[Worksheet], None]) -> Path:
    """Open the workbook as a person does, do something to Objectives, and save it."""
    with person(path) as book:
        pen(book["Objectives"])
    return path


def need(path: Path) -> object:
    """Return what stands in the need of the first row."""
    found: list[object] = []
    edited_copy = Path(shutil.copy(path, path.parent / f"{path.stem}.looked.at.xlsx"))
    edited(edited_copy, lambda tab: found.append(tab.cell(2, _column(tab, "Need")).value))
    edited_copy.unlink()
    return found[0]


def _column(tab: Worksheet, header: str) -> int:
    return next(cell.column for cell in tab[1] if cell.value == header)


def sync(path: Path, *flags: str, today: date = TODAY) -> int:
    """Sync the workbook from the command line; return the exit code."""
    return main(["sync", str(path), "--today", today.isoformat(), *flags])
