"""A second process at work beside this one: it begins as a copy, which costs what either then touches.

Nothing depends on it: whoever does not get what it was to find, because it was killed or stumbled, or the
system had no room for it, does the work alone.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from enum import Enum
from io import BytesIO
from typing import Any, BinaryIO, Final, TypeVar

_T = TypeVar("_T")

_ON_DEATH_OF_PARENT: Final = 1  # PR_SET_PDEATHSIG


class _Said(Enum):
    """What the other one says when it has said all."""

    ALL = "all"


class NotFound(Exception):
    """The second process did not say all that it was to find."""


class SecondProcess:
    """A second process that finds values, one after the other; ``find`` yields them there.

    What ``find`` is given are the values that it is told meanwhile.
    """

    def __init__(self, find: Callable[[Iterator[Any]], Iterator[object]]) -> None:
        self._process: int | None = None
        self._telling: int | None = None
        self._found: BinaryIO = BytesIO()
        with suppress(OSError):  # the system has no room for one: then nothing is found
            self._begin(find)

    def _begin(self, find: Callable[[Iterator[Any]], Iterator[object]]) -> None:
        first = os.getpid()
        with ExitStack() as opened:
            reading, writing = _pipe(opened)
            hearing, telling = _pipe(opened)
            with _uninterrupted():  # what an interruption leads to further up is the first one's to do
                self._process = os.fork()
                if self._process == 0:
                    _live_as_the_second(find, hearing, writing, first, not_ours=(reading, telling))
            opened.pop_all()
        os.close(writing)
        os.close(hearing)
        self._telling = telling
        self._found = os.fdopen(reading, "rb")

    def tell(self, value: object) -> None:
        """Tell it a small value (of some hundred bytes packed), if it is still there to hear it."""
        if self._telling is None:
            return
        try:
            os.write(self._telling, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
        except OSError:  # it is gone, or did not hear all: from here on it hears nothing
            self._end_telling()

    def found(self) -> Iterator[Any]:
        """Yield what it found; this waits for it, and tells it no more.

        Raises:
            NotFound: it ended before it had found all.

        """
        self._end_telling()
        try:
            while (value := pickle.load(self._found)) is not _Said.ALL:  # noqa: S301 (it is our own copy)
                yield value
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise NotFound from error

    def end(self) -> None:
        """See to it that it is gone."""
        self._end_telling()
        self._found.close()
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)

    def _end_telling(self) -> None:
        if self._telling is not None:
            os.close(self._telling)
        self._telling = None


@contextmanager
def found_beside(find: Callable[[], _T], *, worth: bool) -> Iterator[Callable[[], _T]]:
    """Have a value found while something else is done, where that is ``worth`` it; yield what asks for it.

    Where a second process is not possible, or does not find it, it is found when it is asked for.
    """
    if not worth or not may_begin():
        yield find
        return
    process = SecondProcess(lambda _: (find() for _ in range(1)))  # found there, not here
    try:
        yield lambda: _only(process.found(), find)
    finally:
        process.end()


def _only(found: Iterator[_T], find: Callable[[], _T]) -> _T:
    try:
        (value,) = found
    except NotFound:
        return find()
    return value


def may_begin() -> bool:
    """Whether a second process is possible here, and has a processor to itself."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _pipe(opened: ExitStack) -> tuple[int, int]:
    ends = os.pipe()
    for end in ends:
        opened.callback(os.close, end)
    return ends


@contextmanager
def _uninterrupted() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _live_as_the_second(
    find: Callable[[Iterator[Any]], Iterator[object]],
    hearing: int,
    writing: int,
    first: int,
    *,
    not_ours: tuple[int, ...],
) -> None:
    """Find all, say it, and end here, whatever happens: what stands further up is the first one's to do."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first one is interrupted, and ends this one
        _die_with(first)
        for end in not_ours:
            os.close(end)
        with os.fdopen(writing, "wb") as said:
            _say(find(_heard(hearing)), said)
        status = 0
    finally:
        os._exit(status)


def _heard(hearing: int) -> Iterator[Any]:
    with os.fdopen(hearing, "rb") as heard, suppress(EOFError):
        while True:
            yield pickle.load(heard)  # noqa: S301 (it is our own copy)


def _die_with(first: int) -> None:
    """Have the system end this process as soon as the first one is gone, however that came."""
    import ctypes

    ctypes.CDLL(None).prctl(_ON_DEATH_OF_PARENT, signal.SIGKILL)
    if os.getppid() != first:  # it was gone before
        os._exit(1)


def _say(values: Iterator[object], said: BinaryIO) -> None:
    for value in [*values, _Said.ALL]:
        pickle.dump(value, said, protocol=pickle.HIGHEST_PROTOCOL)
