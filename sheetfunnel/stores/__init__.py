"""The places that hold workbooks: one module or folder for each, loaded when it is asked for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sheetfunnel.errors import WrongUsage
from sheetfunnel.workbook.contract import Workbook

if TYPE_CHECKING:
    from sheetfunnel.stores.excel.publishing.forgetting import Everything

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


def settled(reference: str) -> str:
    """Return a reference that names the same workbook from any folder; links are not followed."""
    return reference if "://" in reference else str(Path(reference).absolute())


def private_folder() -> Path:
    """Return the folder of this user for what is no workbook, made if need be.

    Raises:
        NoAccess, SheetfunnelError: it cannot be made.

    """
    from sheetfunnel.stores.excel.publishing.state import state_folder

    return state_folder().absolute()


def everything_kept() -> Everything:
    """Return what is kept on this machine about all workbooks."""
    from sheetfunnel.stores.excel.publishing.forgetting import everything
    from sheetfunnel.stores.excel.publishing.state import state_folder

    return everything(state_folder())


def forget_everything_kept() -> Everything:
    """Remove all that is kept on this machine about any workbook; return what it was.

    Raises:
        Busy: a run is at work on some workbook.
        NoAccess: it cannot be removed.

    """
    from sheetfunnel.stores.excel.publishing.forgetting import forget_everything
    from sheetfunnel.stores.excel.publishing.state import state_folder

    return forget_everything(state_folder())
