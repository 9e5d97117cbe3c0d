"""Runs a function in a child process under strace: counts its system calls, or lets a fault strike at one.

Only the child's first thread is traced, which does everything to files and folders but some reading; so the
n-th call of a kind is the same in every run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None and os.environ.get("CI") != "true", reason="there is no strace"
)

_CALL: Final = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+|\?)(.*)", re.DOTALL)
_ATTACHED_WITHIN: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call of a traced run: the ``number``-th (from 1) of this name."""

    name: str
    number: int
    arguments: str
    result: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended: its exit code (or minus the signal), what it printed, and the trace of it."""

    code: int
    out: str
    err: str
    trace: str


def run_in_child(run: Callable[[], int], folder: Path, options: tuple[str, ...] | None = None) -> Ended:
    """Run a function in a forked child, under strace if there are ``options``; files go to ``folder``."""
    gate, opener = os.pipe()
    child = os.fork()
    if child == 0:
        _be_child(run, folder, gate)
    os.close(gate)
    tracer = _tracer(child, folder, options) if options is not None else None
    os.write(opener, b"x")
    os.close(opener)
    _, status = os.waitpid(child, 0)
    if tracer:
        tracer.wait()
    texts = [_read(folder / name) for name in ("out", "err", "trace")]
    return Ended(code=os.waitstatus_to_exitcode(status), out=texts[0], err=texts[1], trace=texts[2])


def calls(trace: str) -> list[Call]:
    """Return the system calls of a trace, in their order."""
    seen: Counter[str] = Counter()
    found = []
    for line in trace.splitlines():
        match = _CALL.fullmatch(line)
        if match:
            name, arguments, result, _ = match.groups()
            seen[name] += 1
            number = int(result) if result != "?" else 0
            found.append(Call(name=name, number=seen[name], arguments=arguments, result=number))
    return found


def _be_child(run: Callable[[], int], folder: Path, gate: int) -> None:
    """Wait until the tracer is there, run, and end without going back."""
    for descriptor, name in ((1, "out"), (2, "err")):
        file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, descriptor)
        os.close(file)
    os.read(gate, 1)
    code = 1
    try:
        code = run()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on as its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _tracer(child: int, folder: Path, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = ["strace", "-qq", *options, "-o", str(folder / "trace"), "-p", str(child)]
    tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    status, until = Path(f"/proc/{child}/status"), time.monotonic() + _ATTACHED_WITHIN
    while "TracerPid:\t0\n" in status.read_text():
        if tracer.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"strace did not attach: {tracer.communicate()[1]!r}")
        time.sleep(0.001)
    return tracer


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
