"""What goes wrong between a sync and Google, on the filled sheet."""

from tests.google.sheets import filled, filled_state  # noqa: F401
from tests.stores.google.conftest import (  # noqa: F401
    _at_the_stand_in,
    google,
    google_server,
    key_file,
    login_file,
    opened,
)
