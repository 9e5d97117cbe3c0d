"""The stand-in in tests: one server per session, a fresh state per test. See the package's docstring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.google_service.server import Server
from tests.google_service.service import Service

__all__ = ["client_file", "google", "google_server", "key_file", "login_file"]


@pytest.fixture(scope="session")
def google_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def google(google_server: Server) -> Iterator[Service]:
    """The service with a fresh state; no request and no answer of the test may be invalid by discovery."""
    google_server.listen_again()
    service = google_server.service
    service.reset()
    service.not_listening = google_server.not_listening
    yield service
    if service.problems:
        pytest.fail("\n".join(["Invalid by Google's discovery documents:", *service.problems]))


@pytest.fixture
def key_file(google: Service, tmp_path: Path) -> Path:
    return google.tokens.key_file(google.robot, tmp_path / "key.json")


@pytest.fixture
def login_file(google: Service, tmp_path: Path) -> Path:
    return google.tokens.login_file(google.person, tmp_path / "login.json")


@pytest.fixture
def client_file(google: Service, tmp_path: Path) -> Path:
    return google.tokens.client_file(tmp_path / "client.json")
