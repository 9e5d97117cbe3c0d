"""The stand-in's own tests run against it."""

from tests.google_service.fixtures import *  # noqa: F403
