"""Workbooks that are looked after in the foreground, by a process of its own that people end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.runner import Run
from tests.faults.desk import laid_out, typed_in

_PATIENCE = 60


class _Watch:
    """A watch at work, and what it has said so far."""

    def __init__(self, folder: Path, *words: object) -> None:
        self.out, self.err = folder / "out.txt", folder / "err.txt"
        command = [sys.executable, "-u", "-m", "sheetfunnel", "watch", *map(str, words), "--after", "0.5"]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            # the environment as it is here: readline puts a width into that of the process behind our back
            self.process = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ})

    def said(self) -> str:
        return self.out.read_text(encoding="utf-8") + self.err.read_text(encoding="utf-8")

    def wait_for(self, seen: Callable[[], bool]) -> None:
        until = time.monotonic() + _PATIENCE
        while not seen():
            assert time.monotonic() < until, self.said()
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)

    def turns(self) -> int:
        """Return how often a workbook had its turn."""
        return sum(line[2:3] == ":" and line[5:6] == ":" for line in self.said().splitlines())

    def wait_for_turns(self, count: int) -> None:
        self.wait_for(lambda: self.turns() >= count)


@contextmanager
def _watch(folder: Path, *words: object) -> Iterator[_Watch]:
    watch = _Watch(folder, *words)
    try:
        yield watch
    finally:
        if watch.process.poll() is None:
            watch.process.kill()
        watch.process.wait(_PATIENCE)


def test_after_a_save_a_workbook_is_synced_and_its_own_write_does_not_call_it_again(tmp_path: Path) -> None:
    book = laid_out(tmp_path / "desk")
    with _watch(tmp_path, book) as watch:
        watch.wait_for_turns(1)
        typed_in(book)
        saved = book.read_bytes()
        watch.wait_for_turns(2)
        assert book.read_bytes() != saved
        time.sleep(3)  # what it wrote itself would have called it again by now
        assert watch.turns() == 2
        watch.process.send_signal(signal.SIGINT)
        assert watch.process.wait(_PATIENCE) == 130
    said = watch.said()
    assert f"Looking after {book}. Ctrl-C ends it." in said
    assert "Written: " in said
    assert "\n  Wexley Museum · Coaching: Dropped\n" in said
    assert said.endswith("Ended; nothing was left half done.\n")
    assert "Error" not in said


def test_asked_to_end_it_ends(tmp_path: Path) -> None:
    with _watch(tmp_path, laid_out(tmp_path / "desk")) as watch:
        watch.wait_for_turns(1)
        watch.process.send_signal(signal.SIGTERM)
        assert watch.process.wait(_PATIENCE) == 0
    assert watch.err.read_text() == "Ended; nothing was left half done.\n"


def test_a_workbook_that_is_open_has_its_turn_when_it_is_closed(tmp_path: Path) -> None:
    book = laid_out(tmp_path / "desk")
    lock = book.with_name(f"~${book.name}")
    with _watch(tmp_path, book) as watch:
        watch.wait_for_turns(1)
        lock.write_bytes(b"\x04Anna".ljust(165, b" "))
        typed_in(book)
        watch.wait_for(lambda: "open in Excel by Anna" in watch.said())
        lock.unlink()
        watch.wait_for_turns(2)
        assert watch.said().count("open in Excel by Anna") == 1


def test_a_bad_workbook_is_told_and_the_others_are_looked_after(tmp_path: Path) -> None:
    book, bad = laid_out(tmp_path / "desk"), tmp_path / "desk" / "bad.xlsx"
    bad.write_bytes(b"nothing")
    with _watch(tmp_path, bad, book) as watch:
        watch.wait_for_turns(1)
        watch.wait_for(lambda: f"Error: {bad}: " in watch.said())
        bad.write_bytes(laid_out(tmp_path / "other").read_bytes())
        watch.wait_for(lambda: f"{bad}: Written" in watch.said() or f"{bad}: Nothing" in watch.said())


def test_a_workbook_that_is_replaced_by_another_file_is_looked_after_on(tmp_path: Path) -> None:
    book, new = laid_out(tmp_path / "desk"), typed_in(laid_out(tmp_path / "other"))
    with _watch(tmp_path, book) as watch:
        watch.wait_for_turns(1)
        os.replace(new, book)  # noqa: PTH105 - as sync folders do
        watch.wait_for_turns(2)
        book.unlink()
        watch.wait_for(lambda: "There is no file" in watch.said())
        laid_out(tmp_path / "desk")
        watch.wait_for_turns(3)


def test_within_a_process_it_ends_as_it_is_asked_to_and_leaves_no_trace_in_it(
    tmp_path: Path, run: Run
) -> None:
    book, bad = laid_out(tmp_path / "desk"), tmp_path / "desk" / "bad.xlsx"
    bad.write_bytes(b"nothing")
    lock = book.with_name(f"~${book.name}")
    before, done = signal.getsignal(signal.SIGTERM), threading.Event()

    def person() -> None:
        time.sleep(2)
        lock.write_bytes(b"\x04Anna".ljust(165, b" "))
        typed_in(book)
        saved = book.read_bytes()
        time.sleep(3)
        lock.unlink()
        until = time.monotonic() + _PATIENCE
        while book.read_bytes() == saved and time.monotonic() < until:
            time.sleep(0.1)
        done.set()
        os.kill(os.getpid(), signal.SIGTERM)

    typing = threading.Thread(target=person)
    typing.start()
    ran = run("watch", book, bad, "--after", "0.5")
    typing.join()
    assert (ran.code, done.is_set()) == (0, True)
    assert "Wexley Museum · Coaching: Dropped" in ran.out
    assert "open in Excel by Anna" in ran.err
    assert "bad.xlsx" in ran.err
    assert signal.getsignal(signal.SIGTERM) is before


def test_what_it_did_stands_in_the_status(tmp_path: Path, run: Run) -> None:
    book = laid_out(tmp_path / "desk")
    with _watch(tmp_path, book) as watch:
        watch.wait_for_turns(1)
    told = run("status").out
    assert told.startswith(f"{book}\n  last success: ")
    assert "synced: 6 rows" in told
    assert "No schedule is installed" in told


@pytest.mark.parametrize(
    ("name", "said"), [("gone.xlsx", "There is no file"), ("notes.txt", "is not a workbook")]
)
def test_what_cannot_be_looked_after_is_told_at_once(run: Run, name: str, said: str) -> None:
    ran = run("watch", name)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
