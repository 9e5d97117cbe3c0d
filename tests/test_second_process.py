from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from sheetfunnel.second_process import NotFound, SecondProcess, found_beside, may_begin

pytestmark = pytest.mark.skipif(not may_begin(), reason="a second process takes Linux and two processors")


def _stumbles(_: Iterator[object]) -> Iterator[object]:
    yield 1
    raise RuntimeError


def _dies(_: Iterator[object]) -> Iterator[object]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_second_process_finds_is_told_in_order() -> None:
    second = SecondProcess(lambda _: iter([1, "two", [3.0]]))
    assert list(second.found()) == [1, "two", [3.0]]
    second.end()


def test_a_second_process_hears_what_it_is_told_until_it_is_asked() -> None:
    second = SecondProcess(lambda told: (2 * value for value in told))
    second.tell(1)
    second.tell(21)
    assert list(second.found()) == [2, 42]
    second.tell(3)  # nobody hears it any more
    second.end()


def test_what_is_told_to_a_dead_process_is_lost() -> None:
    second = SecondProcess(_dies)
    with pytest.raises(NotFound):
        list(second.found())
    second.tell(1)
    second.end()
    second.tell(2)


def test_where_the_system_has_no_room_for_one_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    second = SecondProcess(lambda _: iter([1]))
    second.tell(1)
    with pytest.raises(NotFound):
        list(second.found())
    second.end()
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_a_value_is_found_beside_or_here_if_need_be() -> None:
    here = os.getpid()
    with found_beside(os.getpid, worth=True) as found:
        assert found() != here
    with found_beside(lambda: None, worth=True) as found_nothing:
        assert found_nothing() is None
    with found_beside(os.getpid, worth=False) as found:
        assert found() == here
    with found_beside(partial(_here_only, here), worth=True) as found:
        assert found() == here
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def _here_only(here: int) -> int:
    if os.getpid() != here:
        raise MemoryError
    return here


@pytest.mark.parametrize("find", [_stumbles, _dies])
def test_a_second_process_that_ends_early_has_found_nothing(find: object) -> None:
    assert callable(find)
    second = SecondProcess(find)
    with pytest.raises(NotFound):
        list(second.found())
    second.end()


def test_a_second_process_ends_with_the_first() -> None:
    reading, writing = os.pipe()
    first = os.fork()
    if first == 0:
        parent = os.getpid()
        SecondProcess(_endless)
        os.kill(parent, signal.SIGKILL)
    os.close(writing)
    os.waitpid(first, 0)
    with os.fdopen(reading, "rb") as held:  # it ends when the last process that holds it has ended
        assert held.read() == b""


def _endless(_: Iterator[object]) -> Iterator[bytes]:
    while True:
        time.sleep(0.01)
        yield b""
