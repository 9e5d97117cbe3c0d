"""Whole commands and syncs on a Google Sheet that the stand-in holds."""

from __future__ import annotations

import pytest

from tests.cli.conftest import _at_home, run
from tests.google_service.service import Service
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
