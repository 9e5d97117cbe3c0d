"""Commands as a person types them, in a folder of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sheetfunnel.cli import main
from tests.cli.runner import TODAY, Ran, Run


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, in a pipe, with a state folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; get what it printed and how it ended."""

    def typed(*words: object) -> Ran:
        capsys.readouterr()
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return Ran(code=code, out=printed.out, err=printed.err)

    return typed


@pytest.fixture(scope="session")
def _practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("practice") / "practice.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHEETFUNNEL_STATE", str(path.parent / "state"))
        assert main(["demo", str(path), "--today", TODAY]) == 0
        yield path


@pytest.fixture
def practice(_practice: Path, tmp_path: Path) -> Path:
    """Return the synced workbook of the demo, in the folder in which one stands."""
    return Path(shutil.copy(_practice, tmp_path / "practice.xlsx"))
