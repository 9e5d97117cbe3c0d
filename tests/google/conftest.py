"""Whole commands and syncs on a Google Sheet that the stand-in holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sheetfunnel.cli import main
from sheetfunnel.demo_data import demo_tables
from sheetfunnel.stores import open_workbook
from sheetfunnel.stores.google.credentials import KEY_FILE
from sheetfunnel.stores.google.session import ENDPOINT
from sheetfunnel.stores.state import VARIABLE
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.decode import decode
from tests.cli.conftest import _at_home, run
from tests.cli.runner import TODAY
from tests.google_service.server import Server
from tests.google_service.service import Service
from tests.google_service.state import Spreadsheet
from tests.stores.google.conftest import (
    _at_the_stand_in,
    google,
    google_server,
    key_file,
    login_file,
    opened,
)

__all__ = [
    "_at_home",
    "_at_the_stand_in",
    "google",
    "google_server",
    "key_file",
    "login_file",
    "opened",
    "run",
]


@pytest.fixture
def sheet(google: Service, _at_the_stand_in: None) -> str:
    """Return the key of a blank sheet that a person shared with the program."""
    return google.make()


@pytest.fixture(scope="session")
def _practice_state(google_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Spreadsheet:
    """The demo's practice in a Google Sheet, set up and synced by the commands; made once."""
    service, folder = google_server.service, tmp_path_factory.mktemp("google-practice")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENDPOINT, service.url)
        patch.setenv(KEY_FILE, str(service.tokens.key_file(service.robot, folder / "key.json")))
        patch.setenv(VARIABLE, str(folder / "state"))
        key = service.make()
        assert main(["new", "--google", key]) == 0
        workbook = open_workbook(key)
        blank = workbook.read()
        rows = demo_tables("en", date.fromisoformat(TODAY))
        workbook.write(additions_plan(decode(blank).places, rows), revision=blank.revision)
        assert main(["sync", key, "--today", TODAY]) == 0
    return service.spreadsheets[key]


@pytest.fixture
def practice(_practice_state: Spreadsheet, google: Service, _at_the_stand_in: None) -> str:
    """Return the key of a synced sheet of the demo's practice, which nobody undid anything in yet."""
    key = google.make()
    google.spreadsheets[key] = replace(_practice_state.clone(), id=key)
    google.log.clear()
    return key
