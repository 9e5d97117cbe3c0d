"""A Google Sheet that is set up and filled, small enough to be synced some thousand times.

What `new` makes has a thousand formatted rows on most tabs. It is made once for the whole test run, cut to
few rows, filled with a dozen objectives and people's own columns, and cloned for each test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

import pytest

from sheetfunnel.demo_data import demo_tables
from sheetfunnel.funnel.text import fold
from sheetfunnel.set_up import set_up_sheet
from sheetfunnel.stores.google.connection import Connection, Patience
from sheetfunnel.stores.google.credentials import FOLDER, KEY_FILE, identity
from sheetfunnel.stores.google.session import ENDPOINT
from sheetfunnel.stores.google.store import GoogleWorkbook
from sheetfunnel.stores.state import VARIABLE
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.labels import keys_of
from sheetfunnel.workbook.layout import layout
from tests.google_service.edits import DeleteColumns, DeleteRows, Type, cell_name
from tests.google_service.server import Server
from tests.google_service.service import Service
from tests.google_service.state import Spreadsheet

TODAY: Final = date(2026, 3, 2)
#: How many rows and columns each tab keeps: room for what a campaign puts in, and no more.
_ROWS: Final = 30
_COLUMNS: Final = 50
#: The demo's rows that are taken: open ones of every stage, ended ones, and cells that cannot be read.
_TAKEN: Final = (0, 1, 2, 4, 6, 9, 12, 16, 20, 28, 33, 36)
_OWN: Final[Mapping[str, Sequence[str | float]]] = {
    "Colour": ("red", "green", "=IMPORTXML(1)", "blue"),
    "Noted": (7, 0.5, 1200, 31),
}

Filled: TypeAlias = Callable[[], str]


@pytest.fixture(scope="session")
def filled_state(google_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Spreadsheet:
    """The sheet as it is once a dozen objectives stand in it and a sync has written their results."""
    service, folder = google_server.service, tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENDPOINT, service.url)
        patch.setenv(KEY_FILE, str(service.tokens.key_file(service.robot, folder / "key.json")))
        patch.setenv(FOLDER, str(folder / "config"))
        patch.setenv(VARIABLE, str(folder / "state"))
        key = service.make()
        _fill(service, GoogleWorkbook(key, lambda: Connection(identity(), patience=Patience(deadline=60.0))))
    return service.spreadsheets.pop(key)


@pytest.fixture
def filled(filled_state: Spreadsheet, google: Service) -> Filled:
    """Make a sheet of a practice that was synced on :data:`TODAY`; return its key."""

    def made() -> str:
        key = google.make()
        put(google, key, filled_state)
        return key

    return made


def put(service: Service, key: str, state: Spreadsheet) -> None:
    """Let the sheet with this key be as another one was."""
    clone = state.clone()
    clone.id = key
    service.spreadsheets[key] = clone


def _fill(service: Service, sheet: GoogleWorkbook) -> None:
    set_up_sheet(sheet, language="en")
    _cut(service, sheet.key)
    snapshot = sheet.read()
    tables = dict(demo_tables("en", TODAY))
    tables["objectives"] = [tables["objectives"][at] for at in _TAKEN]
    sheet.write(additions_plan(decode(snapshot).places, tables), revision=snapshot.revision)
    _type_own_columns(service, sheet.key)
    sync_workbook(sheet, today=TODAY)


def _cut(service: Service, key: str) -> None:
    for tab in list(service.spreadsheet(key).sheets):
        rows = _ROWS + _last_header(tab.title)
        service.edit(key, DeleteRows(tab=tab.title, at=rows + 1, count=len(tab.rows) - rows))
        if tab.columns > _COLUMNS:
            service.edit(key, DeleteColumns(tab=tab.title, at=_COLUMNS + 1, count=tab.columns - _COLUMNS))


def _last_header(title: str) -> int:
    """Return where the last table of a tab begins, if that is far below the others."""
    key = keys_of("tab")[fold(title)]
    headers = {table.row for table in layout().tables if table.tab == key}
    return max(headers) if len(headers) > 1 else 0


def _type_own_columns(service: Service, key: str) -> None:
    tab = service.sheet(key, "Objectives")
    first = max(column for row, column, _ in tab.typed_cells() if row == 0) + 1
    for column, (header, values) in enumerate(_OWN.items(), start=first):
        service.edit(key, Type(tab="Objectives", cell=cell_name(0, column), value=header))
        for row in range(1, len(_TAKEN) + 1):
            value = values[row % len(values)]
            typed = f"'{value}" if isinstance(value, str) else value
            service.edit(key, Type(tab="Objectives", cell=cell_name(row, column), value=typed))
