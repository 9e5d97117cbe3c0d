"""Whole commands and syncs on a Google Sheet that the stand-in holds."""

from tests.stores.google.conftest import (  # noqa: F401
    _at_the_stand_in,
    google,
    google_server,
    key_file,
    login_file,
    opened,
)
