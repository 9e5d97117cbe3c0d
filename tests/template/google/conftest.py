from __future__ import annotations

from tests.google_service.fixtures import *  # noqa: F403 # the running stand-in of the service
