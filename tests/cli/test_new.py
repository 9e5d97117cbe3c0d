from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.layout import templates_folder
from tests.cli.runner import Run


@pytest.mark.parametrize(("language", "tab"), [("en", "Objectives"), ("es", "Objetivos")])
def test_a_new_workbook_is_the_built_template_and_the_next_step_is_told(
    language: str, tab: str, run: Run, tmp_path: Path
) -> None:
    ran = run("new", "our sales.xlsx", "--language", language)
    assert (ran.code, ran.err) == (0, "")
    assert 'sheetfunnel sync "our sales.xlsx"' in ran.out
    made = tmp_path / "our sales.xlsx"
    assert made.read_bytes() == (templates_folder() / f"sheetfunnel.{language}.xlsx").read_bytes()
    assert tab in ExcelWorkbook(made).read().tabs


def test_a_folder_that_is_missing_is_named_and_not_made(run: Run, tmp_path: Path) -> None:
    ran = run("new", "clients/2026/sales.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no folder “clients/2026”." in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sales.xlsx").write_text("mine")
    ran = run("new", "sales.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "exists already" in ran.err
    assert (tmp_path / "sales.xlsx").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sales"], "Name it sales.xlsx"),
        (["sales.csv"], "Name it sales.xlsx"),
        (["sales.xlsx", "--language", "fr"], "Choose one of: en, es"),
    ],
)
def test_wrong_usage_says_what_would_be_right(words: list[str], said: str, run: Run, tmp_path: Path) -> None:
    ran = run("new", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert list(tmp_path.iterdir()) == []


def test_where_no_file_can_be_made_there_is_no_access(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file, not a folder")
    ran = run("new", "notes/sales.xlsx")
    assert (ran.code, ran.out) == (77, "")
    assert "cannot be written" in ran.err


def test_on_a_disk_that_takes_no_more_no_half_a_workbook_is_left(tmp_path: Path) -> None:
    command = 'ulimit -f 1; exec "$0" -m sheetfunnel new sales.xlsx'
    ran = subprocess.run(
        ["bash", "-c", command, sys.executable], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (ran.returncode, ran.stdout) == (77, "")
    assert "cannot be written" in ran.stderr
    assert not (tmp_path / "sales.xlsx").exists()


@pytest.mark.parametrize("name", ["sales (1).xlsx", "~$sales.xlsx"])
def test_a_name_that_no_sync_would_take_is_refused_before_the_file_is_there(
    run: Run, tmp_path: Path, name: str
) -> None:
    ran = run("new", name)
    assert (ran.code, ran.out) == (2, "")
    assert name in ran.err
    assert list(tmp_path.iterdir()) == []
