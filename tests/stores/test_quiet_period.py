from __future__ import annotations

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest

from sheetfunnel.errors import Busy
from sheetfunnel.stores import open_workbook
from sheetfunnel.stores.excel.store import ExcelWorkbook
from tests.stores.files import small, stages

_TEN = timedelta(seconds=10)


def _rested(path: Path) -> Path:
    """Return a file that nobody has touched for a while, as far as its times tell."""
    time.sleep(1.1)
    return path


def test_a_workbook_saved_just_now_is_left_for_later_and_the_words_say_when(tmp_path: Path) -> None:
    path = small(tmp_path)
    with pytest.raises(Busy, match=r"“sales.xlsx” changed \d seconds? ago") as told:
        open_workbook(str(path), quiet=_TEN).read()
    assert "at rest for 10 seconds" in told.value.message
    assert "Run this again in " in told.value.hint
    open_workbook(str(path)).read()


def test_a_workbook_at_rest_is_read(tmp_path: Path) -> None:
    path = _rested(small(tmp_path))
    assert open_workbook(str(path), quiet=timedelta(seconds=1)).read().tabs


def test_a_file_that_a_sync_folder_has_just_brought_is_not_at_rest_though_its_time_is_old(
    tmp_path: Path,
) -> None:
    path = small(tmp_path)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    with pytest.raises(Busy):
        open_workbook(str(path), quiet=_TEN).read()


@pytest.mark.parametrize("ahead", [3600, 400 * 86_400])
def test_a_time_far_ahead_is_a_wrong_clock_and_stops_no_run_for_ever(tmp_path: Path, ahead: int) -> None:
    path = small(tmp_path)
    os.utime(path, (time.time() + ahead,) * 2)
    assert open_workbook(str(_rested(path)), quiet=timedelta(seconds=1)).read().tabs


def test_a_person_who_saves_while_the_program_thinks_is_left_in_peace(tmp_path: Path) -> None:
    path = _rested(small(tmp_path))
    workbook = ExcelWorkbook(path, state=tmp_path / "state", quiet=timedelta(seconds=1))
    revision = workbook.read().revision
    shutil.copyfile(small(tmp_path, "theirs.xlsx"), path)
    with pytest.raises(Busy):
        workbook.read()
    theirs = path.read_bytes()
    with pytest.raises(Exception, match="changed by somebody"):
        workbook.write(stages("new"), revision=revision)
    assert path.read_bytes() == theirs
