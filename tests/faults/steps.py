"""Steps in between the file operations of a run: real ones, in a process of its own.

A run is forked. There the interpreter tells of every file that is opened, renamed, listed or removed before
it happens; what a person does meanwhile, or the end of the process, is done at one of these moments.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

Run: TypeAlias = Callable[[], int]
Meanwhile: TypeAlias = Callable[[str], object]

_EVENTS: Final = ("open", "os.", "shutil.", "tempfile.", "fcntl.")
_OURS_FAILED: Final = 99


def forked(run: Run, meanwhile: Meanwhile | None = None, *, folders: tuple[Path, ...]) -> int:
    """Run something in a process of its own; return its exit code, negative if a signal ended it.

    ``meanwhile`` is called before each operation on a file in one of the ``folders``, with its name.
    """
    child = start(run, meanwhile, folders=folders)
    return ended(child)


def start(run: Run, meanwhile: Meanwhile | None = None, *, folders: tuple[Path, ...]) -> int:
    """Begin a run in a process of its own; return the number of that."""
    child = os.fork()
    if child:
        return child
    code = _OURS_FAILED
    try:
        if meanwhile is not None:
            _watch(meanwhile, tuple(map(str, folders)))
        code = run()
    except BaseException:  # noqa: BLE001 - what went wrong in the tests' own part must be seen
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a run to end; return its exit code, negative if a signal ended it."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code != _OURS_FAILED
    return code


def count(run: Run, *, folders: tuple[Path, ...]) -> list[str]:
    """Return the steps of a run, undisturbed."""
    reading, writing = os.pipe()
    code = forked(run, lambda step: os.write(writing, f"{step}\n".encode()), folders=folders)
    os.close(writing)
    with os.fdopen(reading) as told:
        steps = told.read().splitlines()
    assert code == 0
    return steps


def at(place: int, act: Callable[[], object], *, every: bool = False) -> Meanwhile:
    """Do something before the step of this number, counted from 0; with ``every``, at each later one too."""
    passed = 0

    def meanwhile(_: str) -> None:
        nonlocal passed
        if passed == place or (every and passed > place):
            act()
        passed += 1

    return meanwhile


def killed() -> None:
    """End this process at once, as a power cut or a kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)


def _watch(meanwhile: Meanwhile, folders: tuple[str, ...]) -> None:
    busy = False

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal busy
        if busy or not event.startswith(_EVENTS) or not arguments:
            return
        if str(arguments[0]).startswith(folders):
            busy = True  # what a person does now is no step of the program
            try:
                meanwhile(f"{event} {Path(str(arguments[0])).name}")
            finally:
                busy = False

    sys.addaudithook(hook)
