"""The places that hold workbooks: one module or folder for each, loaded when it is asked for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final

from sheetfunnel.errors import WrongUsage
from sheetfunnel.workbook.contract import Workbook

_EXCEL: Final = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm"})


def open_workbook(reference: str, *, quiet: timedelta = timedelta(0)) -> Workbook:
    """Return the workbook that ``reference`` names: the path of an Excel file.

    Nothing is read yet. One that changed less than ``quiet`` ago will be found busy.

    Raises:
        WrongUsage: it names nothing that can be a workbook.

    """
    if "://" not in reference and Path(reference).suffix.lower() in _EXCEL:
        from sheetfunnel.stores.excel.store import ExcelWorkbook

        return ExcelWorkbook(Path(reference), quiet=quiet)
    raise WrongUsage(
        f"“{reference}” is not a workbook that sheetfunnel can work in.",
        hint="Give the path of an Excel file that ends in .xlsx; save other spreadsheets as .xlsx first.",
    )
