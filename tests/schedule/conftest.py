"""Each test has a private folder and a machine of its own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the private folder, in which nothing is kept yet."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(folder))
    return folder
