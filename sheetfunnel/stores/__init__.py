"""The places that hold workbooks: one module or folder for each, loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sheetfunnel.errors import WrongUsage
from sheetfunnel.workbook.contract import Workbook

if TYPE_CHECKING:
    from sheetfunnel.stores.excel.publishing.forgetting import Besides, Everything
    from sheetfunnel.stores.google.connection import Connection

_EXCEL: Final = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm"})


def _silent(step: str) -> None:
    del step


def open_workbook(
    reference: str, *, quiet: timedelta = timedelta(0), say: Callable[[str], None] = _silent
) -> Workbook:
    """Return the workbook that ``reference`` names: an Excel file by its path, a Google Sheet by URL or key.

    Nothing is read yet. A file that changed less than ``quiet`` ago will be found busy. ``say`` is told when
    there is something to wait for.

    Raises:
        WrongUsage: it names nothing that can be a workbook.

    """
    if "://" not in reference and Path(reference).suffix.lower() in _EXCEL:
        from sheetfunnel.stores.excel.store import ExcelWorkbook

        return ExcelWorkbook(Path(reference), quiet=quiet)
    from sheetfunnel.stores.google.reference import names_sheet, sheet_key

    if names_sheet(reference):
        return _google_sheet(sheet_key(reference), say)
    raise WrongUsage(
        f"“{reference}” is not a workbook that sheetfunnel can work in.",
        hint="Give the path of an Excel file that ends in .xlsx, or the URL of a Google Sheet; save other "
        "spreadsheets as .xlsx first.",
    )


def _google_sheet(key: str, say: Callable[[str], None]) -> Workbook:
    """Return a Google Sheet; its libraries and credentials are looked for when the first call is due."""

    def connect() -> Connection:
        from sheetfunnel.stores.google.connection import Connection
        from sheetfunnel.stores.google.credentials import identity

        return Connection(identity(), say=say)

    from sheetfunnel.stores.google.store import GoogleWorkbook

    return GoogleWorkbook(key, connect)


def names_google_sheet(reference: str) -> bool:
    """Whether a reference is meant for Google."""
    from sheetfunnel.stores.google.reference import names_sheet

    return names_sheet(reference)


def settled(reference: str) -> str:
    """Return a reference that names the same workbook from any folder; links are not followed."""
    from sheetfunnel.stores.google.reference import names_sheet, sheet_key

    return sheet_key(reference) if names_sheet(reference) else str(Path(reference).absolute())


def private_folder() -> Path:
    """Return the folder of this user for what is no workbook, made if need be.

    Raises:
        NoAccess, SheetfunnelError: it cannot be made.

    """
    from sheetfunnel.stores.state import state_folder

    return state_folder().absolute()


def everything_kept(*, noted: Sequence[Path], staying: Sequence[Path]) -> Everything:
    """Return what is kept on this machine about all workbooks.

    ``noted`` are the files that others than the stores keep in the private folder, ``staying`` those of them
    that are not to be removed.
    """
    from sheetfunnel.stores.excel.publishing.forgetting import everything

    return everything(private_folder(), _besides(noted, staying))


def forget_everything_kept(*, noted: Sequence[Path], staying: Sequence[Path]) -> None:
    """Remove all that is kept on this machine about any workbook; the arguments are as above.

    Raises:
        Busy: a run is at work on some workbook.
        NoAccess: it cannot be removed.

    """
    from sheetfunnel.stores.excel.publishing.forgetting import forget_everything

    forget_everything(private_folder(), _besides(noted, staying))


def _besides(noted: Sequence[Path], staying: Sequence[Path]) -> Besides:
    from sheetfunnel.stores.excel.publishing.forgetting import Besides
    from sheetfunnel.stores.google.kept import of_all_sheets, unfinished

    state = private_folder()
    return Besides(
        generations=tuple(of_all_sheets(state)),
        noted=(*unfinished(state), *noted),
        staying=tuple(staying),
    )
