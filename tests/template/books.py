"""Built and filled workbooks for the tests of the template; openpyxl and LibreOffice look at them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import warnings
import zipfile
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from sheetfunnel.cli.new import make_workbook
from sheetfunnel.demo_data import demo_tables
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.labels import labels, languages
from sheetfunnel.workbook.layout import Column, Table, layout, letters, templates_folder
from tests.excel_people import TODAY

#: A sheet, as the types of openpyxl say of everything in it that it may be missing.
Tab: TypeAlias = Any

LANGUAGES = languages()
TABS = [tab for tab in layout().tabs if not tab.hidden]
TABLES = [table for tab in TABS for table in tab.tables]

_TOOLS = ("soffice", "pdftotext", "pdfinfo")
needs_libreoffice = pytest.mark.skipif(
    not all(map(shutil.which, _TOOLS)) and os.environ.get("CI") != "true",
    reason=f"not all of {', '.join(_TOOLS)} are on this machine",
)


def file_of(language: str) -> Path:
    """Return the built workbook that is shipped."""
    return templates_folder() / f"sheetfunnel.{language}.xlsx"


@cache
def built(language: str) -> Book:
    """Return the built workbook of a language; it is not to be changed."""
    return opened(file_of(language))


def opened(path: Path) -> Book:
    """Return a workbook as openpyxl reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(path)


def demo(folder: Path, language: str) -> Path:
    """Return a new workbook with the rows of the demo, synced."""
    path = folder / f"practice.{language}.xlsx"
    make_workbook(path, language)
    workbook = ExcelWorkbook(path)
    snapshot = workbook.read()
    plan = additions_plan(decode(snapshot).places, demo_tables(language, TODAY))
    workbook.write(plan, revision=snapshot.revision)
    sync_workbook(workbook, today=TODAY)
    return path


def sheet(book: Book, key: str, language: str) -> Tab:
    """Return a tab by its key."""
    return book[labels(language).text(f"tab.{key}")]


def data_column(table: Table, column: Column) -> str:
    """Return the letters of a column as the template has it."""
    return letters(table.column + [*table.columns, *table.profile].index(column))


def dress_of(book: Book, table: Table, column: Column, language: str) -> Any:  # noqa: ANN401 - openpyxl's
    """Return what says how the data of a column look: the column itself, or its first cell."""
    tab, letter = sheet(book, table.tab, language), data_column(table, column)
    return tab[f"{letter}{table.row + 1}"] if table.dressed else tab.column_dimensions[letter]


def raw_parts(path: Path, pattern: str) -> dict[str, str]:
    """Return the text of a file's parts whose names match."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode() for name in file.namelist() if re.fullmatch(pattern, name)}


def printed(path: Path) -> tuple[Path, str]:
    """Return a workbook as LibreOffice prints it: the PDF, and its text."""
    profile = (path.parent / "profile").resolve().as_uri()
    command = ["soffice", "--headless", "--norestore", f"-env:UserInstallation={profile}", "--convert-to"]
    command += ["pdf", "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pdf = path.with_suffix(".pdf")
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    return pdf, text.stdout
