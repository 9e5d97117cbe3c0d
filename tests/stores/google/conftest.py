from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from sheetfunnel.stores.google.connection import Connection, Patience
from sheetfunnel.stores.google.credentials import FOLDER, KEY_FILE, identity
from sheetfunnel.stores.google.session import ENDPOINT
from sheetfunnel.stores.google.store import GoogleWorkbook
from sheetfunnel.stores.state import VARIABLE
from tests.google_service.fixtures import google, google_server, key_file, login_file
from tests.google_service.service import Service

__all__ = ["google", "google_server", "key_file", "login_file"]

Opened: TypeAlias = Callable[[str], GoogleWorkbook]


@pytest.fixture
def _at_the_stand_in(
    google: Service, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program reaches the stand-in with the robot's key, and keeps what it keeps in the test's folder."""
    monkeypatch.setenv(ENDPOINT, google.url)
    monkeypatch.setenv(KEY_FILE, str(key_file))
    monkeypatch.setenv(FOLDER, str(tmp_path / "config"))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "state"))


@pytest.fixture
def opened(_at_the_stand_in: None) -> Opened:
    """Open a sheet by its key; what fails is repeated at once."""
    patience = Patience(deadline=60.0, first_pause=0.01, timeout=(2.0, 60.0))
    return lambda key: GoogleWorkbook(key, lambda: Connection(identity(), patience=patience))
