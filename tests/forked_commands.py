"""Runs many commands of sheetfunnel, each in a process of its own, under the limits that are promised.

A server imports everything once and forks for each command, as starting Python takes longer than most of
them. A command that takes more time or memory than promised is killed or fails, and its result says so.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sheetfunnel.cli import main
from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.stores.excel.store import ExcelWorkbook
from tests.round_trips import rewritten

#: In place of a command of sheetfunnel: some tab of any workbook is written, and the result judged.
REWRITE: Final = "rewrite"

#: In place of a command too: a workbook is read, and the first row of its first tab printed.
READ: Final = "read"

#: In place of a command as well: more is used than is allowed, so that it is seen what then happens.
SPEND: Final = "spend"

SECONDS: Final = 5
MEMORY: Final = 500_000_000
_ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a command ended: its exit code, minus the signal that killed it, and what it printed and took."""

    argv: list[str]
    code: int
    said: str
    seconds: float
    megabytes: float


def endings(commands: Sequence[Sequence[str]], *, servers: int = 2) -> list[Ending]:
    """Run commands, and return how they ended, in their order."""
    shares = [commands[number::servers] for number in range(servers)]
    with ThreadPoolExecutor(servers) as pool:
        done = [iter(share) for share in pool.map(_served, shares)]
    return [next(done[number % servers]) for number in range(len(commands))]


def _served(commands: Sequence[Sequence[str]]) -> list[Ending]:
    if not commands:
        return []
    given = "\n".join(map(json.dumps, commands))
    environment = {**os.environ, "MALLOC_ARENA_MAX": "2", "PYTHONPATH": str(_ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, __file__], input=given, capture_output=True, text=True, check=True, env=environment
    )
    return [Ending(**json.loads(line)) for line in done.stdout.splitlines()]


def whole_process(argv: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Ending:
    """Run a command as a person does, from the start of Python on, under the same limits."""
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", "sheetfunnel", *argv]
        variables = {**os.environ, "NO_COLOR": "1", **(environment or {})}
        child = subprocess.Popen(command, stdout=said, stderr=said, env=variables, preexec_fn=_limit)  # noqa: PLW1509
        ending = _ended(list(argv), child.pid, said.fileno())
        child.returncode = ending.code  # it was waited for, as only so it is told what a process took
        return ending


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _ended(argv: list[str], process: int, said: int) -> Ending:
    _, status, used = os.wait4(process, 0)
    return Ending(
        argv=argv,
        code=os.waitstatus_to_exitcode(status),
        said=os.pread(said, 1 << 16, 0).decode("utf-8", "replace"),
        seconds=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / 1024,
    )


def _serve(lines: Iterator[str]) -> None:
    """Fork for each line, which is the arguments of a command."""
    for name in ("python_calamine", "sheetfunnel.stores.excel.store", "tests.round_trips"):
        importlib.import_module(name)
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        main(["check", "nothing.xlsx"])  # what a command loads when it needs it, it loads once
    for line in lines:
        argv = json.loads(line)
        with tempfile.TemporaryFile() as said:
            process = os.fork()
            if not process:
                _run(argv, said.fileno())
            sys.stdout.write(f"{json.dumps(asdict(_ended(argv, process, said.fileno())))}\n")
            sys.stdout.flush()


def _run(argv: list[str], said: int) -> None:
    _limit()
    os.dup2(said, 1)
    os.dup2(said, 2)
    code = 70
    try:
        instead = _INSTEAD.get(argv[0])
        code = instead(argv[1]) if instead else main(argv)
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _spend(what: str) -> int:
    taken = bytearray(2 * MEMORY if what == "memory" else 1)
    while taken:
        pass
    return 0


def _read(path: str) -> int:
    try:
        tabs = ExcelWorkbook(Path(path)).read().tabs
    except SheetfunnelError as error:
        sys.stdout.write(json.dumps([type(error).__name__, error.message, error.hint]))
        return error.exit_code
    first = next(iter(tabs.values())).rows[0]
    sys.stdout.write(json.dumps([str(cell)[:40] for cell in first]))
    return 0


_INSTEAD: Final[Mapping[str, Callable[[str], int]]] = {
    REWRITE: lambda path: rewritten(Path(path)),
    READ: _read,
    SPEND: _spend,
}


if __name__ == "__main__":
    _serve(iter(sys.stdin))
