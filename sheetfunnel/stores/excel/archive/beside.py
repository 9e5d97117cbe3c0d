"""Work done in a process of its own beside this one, where there is a second core and the system can fork."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from typing import TypeVar

from sheetfunnel.errors import SheetfunnelError

_T = TypeVar("_T")


def beside(work: Callable[[], _T]) -> Callable[[], _T]:
    """Begin ``work`` in a child process and return what waits for its result, raising what it raised.

    The child sees all that this process has in memory. Where there is no forking it is safe to rely on
    (anywhere but on Linux), the work is done here, when its result is asked for.
    """
    if sys.platform != "linux" or (os.cpu_count() or 1) < 2:  # noqa: PLR2004 (two cores)
        return work
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        _work(work, outlet)
    os.close(outlet)
    return lambda: _result(child, inlet)


def _work(work: Callable[[], object], outlet: int) -> None:
    """Do the work in the child and end it, without what its parent would do at its own end."""
    try:
        done: tuple[bool, object] = (True, work())
    except BaseException as error:  # noqa: BLE001 # it is raised again in the parent
        done = (False, _sendable(error))
    try:
        with os.fdopen(outlet, "wb") as pipe:
            pickle.dump(done, pipe)
    finally:
        os._exit(0)


def _sendable(error: BaseException) -> object:
    """Return an error as what it is made anew from."""
    if isinstance(error, SheetfunnelError):
        return type(error), error.message, error.hint
    return error


def _result(child: int, inlet: int) -> _T:  # type: ignore[type-var] # as the work returns it
    try:
        with os.fdopen(inlet, "rb") as pipe:
            is_done, result = pickle.load(pipe)  # noqa: S301 # from our own child
    except EOFError as error:
        raise SheetfunnelError(
            "A part of this run was stopped by the system, perhaps for lack of memory. Nothing was written.",
            hint="Close other programs, then run this again.",
        ) from error
    finally:
        os.waitpid(child, 0)
    if is_done:
        return result  # type: ignore[no-any-return]
    if isinstance(result, BaseException):
        raise result
    kind, message, hint = result
    raise kind(message, hint=hint)
