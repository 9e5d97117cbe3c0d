from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sheetfunnel.errors import Busy, StaleRevision
from sheetfunnel.stores.excel.publishing.exchange import put_in_place
from sheetfunnel.stores.excel.publishing.locks import lease
from sheetfunnel.stores.excel.publishing.publish import Steps, fingerprint, publish, refuse_stale
from sheetfunnel.stores.excel.store import ExcelWorkbook
from tests.stores.files import opened, small, stages

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets two files change places")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    new, target = tmp_path / "new", tmp_path / "sales.xlsx"
    new.write_bytes(b"new")
    target.write_bytes(b"old")
    return new, target


def _ours(new: Path) -> None:
    new.write_bytes(b"ours")


def _fine(_: Path) -> None:
    pass


def test_a_new_file_takes_the_place_of_the_old_one_and_nothing_is_left(pair: tuple[Path, Path]) -> None:
    new, target = pair
    put_in_place(new, target, _fine)
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]


@on_linux
def test_what_was_displaced_is_looked_at_and_put_back_if_it_is_refused(pair: tuple[Path, Path]) -> None:
    new, target = pair
    place = target.stat().st_ino
    target.write_bytes(b"saved since the last look")

    def refuse(displaced: Path) -> None:
        assert displaced.read_bytes() == b"saved since the last look"
        raise StaleRevision("It changed.", hint="Run this again.")

    with pytest.raises(StaleRevision):
        put_in_place(new, target, refuse)
    assert (target.read_bytes(), target.stat().st_ino) == (b"saved since the last look", place)
    assert new.read_bytes() == b"new"


@on_linux
def test_what_was_displaced_is_put_back_though_the_new_file_was_removed_meanwhile(
    pair: tuple[Path, Path],
) -> None:
    new, target = pair

    def refuse(_: Path) -> None:
        target.unlink()
        raise StaleRevision("It changed.", hint="Run this again.")

    with pytest.raises(StaleRevision):
        put_in_place(new, target, refuse)
    assert target.read_bytes() == b"old"


@on_linux
def test_in_a_folder_that_was_moved_in_that_moment_nothing_is_removed(tmp_path: Path) -> None:
    folder, moved = tmp_path / "folder", tmp_path / "moved"
    folder.mkdir()
    path = folder / "sales.xlsx"
    path.write_bytes(b"saved since the last look")

    def look(old: Path) -> None:
        if old != path:
            folder.rename(moved)
            raise StaleRevision("It changed.", hint="Run this again.")

    with pytest.raises(FileNotFoundError):
        publish(path, Steps(build=_ours, check=_fine, keep=lambda: None, still_as_read=look))
    assert sorted(each.read_bytes() for each in moved.iterdir()) == [b"ours", b"saved since the last look"]


def test_a_file_that_is_gone_does_not_come_back(pair: tuple[Path, Path]) -> None:
    new, target = pair
    target.unlink()
    if sys.platform == "linux":
        with pytest.raises(FileNotFoundError):
            put_in_place(new, target, _fine)
        assert not target.exists()


@on_linux
def test_a_save_after_the_last_look_is_not_overwritten(tmp_path: Path) -> None:
    path = small(tmp_path)
    revision, looks = fingerprint(path), list[Path]()

    def look(old: Path) -> None:
        refuse_stale(old, revision, name=path.name)
        looks.append(old)
        if len(looks) == 1:
            path.write_bytes(b"theirs")

    steps = Steps(build=_ours, check=_fine, keep=lambda: None, still_as_read=look)
    with pytest.raises(StaleRevision, match=r"“sales\.xlsx” was changed"):
        publish(path, steps)
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_workbook_that_is_opened_while_the_new_file_is_built_is_busy(tmp_path: Path) -> None:
    path = small(tmp_path)
    workbook = opened(path)
    revision = workbook.read().revision
    before = path.read_bytes()
    seen = False

    def open_it(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if not seen and event == "tempfile.mkstemp" and str(tmp_path) in str(arguments[0]):
            seen = True
            path.with_name("~$sales.xlsx").write_bytes(b"\x04Anna".ljust(165, b" "))

    sys.addaudithook(open_it)
    with pytest.raises(Busy, match="open in Excel by Anna"):
        workbook.write(stages("new"), revision=revision)
    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"sales.xlsx", "state", "~$sales.xlsx"}


def _left_by_a_dead_run(path: Path) -> Path:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = path.with_name(f".{path.name}.sheetfunnel-{dead.pid}-abc.tmp")
    left.write_bytes(b"half")
    return left


def test_a_run_that_finds_nothing_to_write_still_removes_what_a_dead_one_left(tmp_path: Path) -> None:
    path = small(tmp_path)
    left = _left_by_a_dead_run(path)
    with lease(path, tmp_path / "state"):  # a run that is at work removes it itself
        opened(path).read()
        assert left.exists()
    opened(path).read()
    assert not left.exists()


def test_a_reader_who_may_not_tidy_up_reads_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small(tmp_path)
    left = _left_by_a_dead_run(path)
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(path))
    assert ExcelWorkbook(path).read().tabs
    assert left.exists()
