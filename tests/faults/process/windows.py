"""At which system calls of a run the faults strike."""

from __future__ import annotations

import errno
import random
from collections.abc import Sequence
from typing import Final, TypeVar

from tests.faults.process.tracing import Call

_T = TypeVar("_T")

#: Between two threads of the program, and about itself: their number is not the same in every run.
_INSIDE: Final = frozenset(
    {
        "futex",
        "gettid",
        "rt_sigprocmask",
        "brk",
        "mmap",
        "munmap",
        "mprotect",
        "madvise",
        "clone3",
        "restart_syscall",
    }
)
#: They change something outside the process, or let go of it, or are the first to see what was changed.
_CHANGING: Final = frozenset(
    {
        *(
            "write",
            "pwrite64",
            "fsync",
            "fdatasync",
            "rename",
            "renameat2",
            "link",
            "unlink",
            "mkdir",
            "rmdir",
        ),
        *("ftruncate", "fallocate", "chmod", "fchmod", "chown", "fchown", "utimensat", "setxattr"),
        *("flock", "getdents64", "copy_file_range", "sendfile", "exit_group"),
    }
)
_LOOKING: Final = frozenset(
    {"openat", "newfstatat", "read", "pread64", "access", "listxattr", "getxattr", "statx"}
)
_WRITING: Final = ("O_CREAT", "O_RDWR", "O_WRONLY")
_TURNING: Final = frozenset({"fsync", "rename", "unlink", "flock", "exit_group"})
_ERRORS: Final = tuple(errno.errorcode[number] for number in (28, 5, 30, 13, 16, 4))
_EVERY: Final = 8


def publishing(calls: Sequence[Call]) -> list[Call]:
    """Return the calls from the creation of the new file beside the old one to the end of the process."""
    first = next(at for at, call in enumerate(calls) if ".sheetfunnel-" in call.arguments and _opens(call))
    return [call for call in calls[first:] if call.name not in _INSIDE]


def writing(calls: Sequence[Call]) -> list[Call]:
    """Return the calls that may fail, from the taking of the lease to the end of the process."""
    first = next(at for at, call in enumerate(calls) if call.name == "mkdir")
    return [call for call in calls[first:] if call.name in (_CHANGING | _LOOKING) - {"exit_group"}]


def changes(call: Call) -> bool:
    """Whether a call changes something outside the process."""
    return call.name in _CHANGING or (call.name == "openat" and _opens(call))


def is_told(call: Call) -> bool:
    """Whether a call prints."""
    return call.name == "write" and call.arguments.startswith(("1<", "2<"))


def kills(calls: Sequence[Call]) -> list[str]:
    """Return a fault for each call that changes something, and for some of those between two such.

    There the process is killed on entering the call. At calls that change nothing outside it the disk is
    as at the next that does, so that of these each eighth will do.
    """
    window = publishing(calls)
    struck = [call for at, call in enumerate(window) if changes(call) or at % _EVERY == 0]
    return [f"{call.name}:signal=KILL:when={call.number}" for call in struck]


def errors(calls: Sequence[Call], turn: int) -> list[str]:
    """Return the faults of each call that may fail: each error if it changes something.

    Of those that only look, every other call gets one of the errors; which, is another with each ``turn``.
    """
    found = []
    for at, call in enumerate(writing(calls)):
        looks = (_ERRORS[(at + turn) // 2 % len(_ERRORS)],) if (at + turn) % 2 else ()
        names = _ERRORS if changes(call) else looks
        found += [f"{call.name}:error={name}:when={call.number}" for name in names if not is_told(call)]
    return found


def lies(calls: Sequence[Call]) -> list[str]:
    """Return a fault for each writing to a file: the disk says that it took the bytes, and did not."""
    return [
        f"write:retval={call.result}:when={call.number}"
        for call in publishing(calls)
        if call.name == "write" and ".sheetfunnel-" in call.arguments
    ]


def prints(calls: Sequence[Call]) -> list[str]:
    """Return a fault for each printing: what the output goes to is full."""
    return [f"write:error=ENOSPC:when={call.number}" for call in writing(calls) if is_told(call)]


def turning(calls: Sequence[Call]) -> list[Call]:
    """Return the calls at which the state on the disk turns from one to another."""
    return [call for call in publishing(calls) if call.name in _TURNING]


def sample(cases: Sequence[_T], count: int) -> list[_T]:
    """Return so many cases, the same ones every time, in their order."""
    chosen = random.Random(0).sample(range(len(cases)), min(count, len(cases)))  # noqa: S311 - no secret
    return [cases[at] for at in sorted(chosen)]


def _opens(call: Call) -> bool:
    return call.name == "openat" and any(way in call.arguments for way in _WRITING)
