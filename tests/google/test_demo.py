"""`make google-demo`: the whole way to a Google Sheet, as its own process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl

ROOT = Path(__file__).parents[2]
_DEMO = [sys.executable, "-m", "tests.google_service.demo", "--port", "0"]


def test_the_demo_sets_a_sheet_up_syncs_it_and_exports_what_it_shows(tmp_path: Path) -> None:
    exported = tmp_path / "made" / "google.xlsx"
    done = subprocess.run(
        [*_DEMO, "--once", "--export", str(exported)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "43 rows read" in done.stdout
    assert "$ sheetfunnel new --google " in done.stdout
    book = openpyxl.load_workbook(exported)
    assert book["Objectives"]["D2"].value == "Best Few"
    assert book["Priorities"].max_row > 20


def test_the_demo_goes_on_so_that_a_person_can_sync_too(tmp_path: Path) -> None:
    options = ["--export", str(tmp_path / "google.xlsx")]
    with subprocess.Popen([*_DEMO, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        told = ""
        while "sheetfunnel sync" not in told.partition("another terminal")[2]:
            line = demo.stdout.readline()
            assert line, told
            told += line
        settings = dict(re.findall(r"(SHEETFUNNEL_\w+|GOOGLE_\w+)=(\S+)", told))
        key = told.split()[-1]
        mine = subprocess.run(
            [sys.executable, "-m", "sheetfunnel", "sync", key],
            cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=False,
            timeout=300,
        )  # fmt: skip
        demo.send_signal(signal.SIGINT)
    assert (mine.returncode, "Nothing changed" in mine.stdout) == (0, True), mine.stderr
    assert demo.returncode == 0
