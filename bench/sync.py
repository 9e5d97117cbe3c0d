"""Time a whole sync against the script that a person would write, and against what no program can avoid.

    python bench/sync.py [--rows 1000 10000 100000] [--peer-up-to 100000] [--rounds 3] [--keep FILE]

Every figure is of a whole process, started in turn with its peer in the same run; shown are medians. The
peer is openpyxl: load, change six columns, write three small tabs anew, save. The floor is to unpack the
tabs that a sync changes, pack them again, and copy the rest of the file.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.books import DAY, typed_over, workbook

_PROGRAM: Final = (sys.executable, "-m", "sheetfunnel")
_FIRST: Final = (*_PROGRAM, "sync", "--today", f"{DAY}")
_NEXT: Final = (*_PROGRAM, "sync", "--today", f"{DAY + timedelta(days=1)}")
_PEER: Final = (sys.executable, str(Path(__file__).with_name("peer.py")))
_FLOOR: Final = (sys.executable, str(Path(__file__).with_name("floor.py")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The medians of some runs of one command: seconds, and megabytes at the peak."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table; ``peer`` and ``floor`` are missing where they were not run."""

    rows: int
    name: str
    ours: Figures
    peer: Figures | None = None
    floor: Figures | None = None

    def cells(self) -> tuple[str, ...]:
        """Return the line as it is shown."""
        peer, floor = self.peer, self.floor
        faster = f"{peer.seconds / self.ours.seconds:.1f} x" if peer else ""
        less = f"{self.ours.megabytes / peer.megabytes:.2f}" if peer else ""
        return (
            f"{self.rows:,}" if self.rows else "",
            self.name,
            f"{self.ours.seconds:.2f}",
            f"{peer.seconds:.2f}" if peer else "",
            faster,
            f"{floor.seconds:.2f}" if floor else "",
            f"{self.ours.megabytes:.0f}",
            f"{peer.megabytes:.0f}" if peer else "",
            less,
        )


_HEADS: Final = (
    "rows",
    "what",
    "ours s",
    "openpyxl s",
    "faster",
    "floor s",
    "ours MB",
    "openpyxl MB",
    "share",
)


def _run(command: Sequence[str], book: Path | None) -> Figures:
    """Run a command on a fresh copy of a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        given = []
        if book:
            given = [shutil.copy(book, Path(folder) / book.name)]
        start = time.perf_counter()
        with subprocess.Popen([*command, *map(str, given)], stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Figures(seconds=seconds, megabytes=usage.ru_maxrss / 1024)


def _medians(runs: Sequence[Figures]) -> Figures:
    return Figures(
        seconds=statistics.median(run.seconds for run in runs),
        megabytes=statistics.median(run.megabytes for run in runs),
    )


def _side_by_side(commands: Mapping[str, Sequence[str]], book: Path, rounds: int) -> dict[str, Figures]:
    """Run commands in turn, so that whatever else the machine does befalls them all."""
    runs: dict[str, list[Figures]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(_run(command, book))
    return {name: _medians(found) for name, found in runs.items()}


def _lines(folder: Path, rows: int, *, rounds: int, peer: bool) -> list[Line]:
    """Measure a first sync, that of the next day, and one that finds nothing to do."""
    book = workbook(folder / f"{rows}.xlsx", rows)
    others = {"floor": _FLOOR} | ({"peer": _PEER} if peer else {})
    first = _side_by_side({"ours": _FIRST, **others}, book, rounds)
    subprocess.run([*_FIRST, str(book)], check=True, stdout=subprocess.DEVNULL)
    again = _medians([_run(_FIRST, book) for _ in range(rounds)])
    typed_over(book, every=100)
    following = _side_by_side({"ours": _NEXT, **others}, book, rounds)
    book.unlink()
    return [
        Line(rows=rows, name="first sync: every row is new", **first),
        Line(rows=rows, name="next day: people changed 1 %", **following),
        Line(rows=rows, name="again: nothing changed", ours=again),
    ]


def _small(folder: Path, rounds: int) -> list[Line]:
    book = workbook(folder / "50.xlsx", 50)
    return [
        Line(rows=50, name="first sync", ours=_medians([_run(_FIRST, book) for _ in range(rounds)])),
        Line(
            rows=0, name="--help", ours=_medians([_run((*_PROGRAM, "--help"), None) for _ in range(rounds)])
        ),
    ]


def _machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("openpyxl", "python-calamine", "typer"))
    machine = f"{platform.system()} on {platform.machine()} with {os.cpu_count()} cores"
    return f"{machine}, Python {platform.python_version()}, {libraries}"


def _page(lines: Sequence[Line], rounds: int) -> str:
    """Return the page that keeps the figures."""
    rows = "\n".join(f"| {' | '.join(line.cells())} |" for line in lines)
    return (
        "# Benchmarks\n\n"
        f"Printed by `make bench`: {_machine()}.\n"
        f"Medians of whole processes, runs of each: {rounds}. `bench/sync.py` says what is measured.\n"
        "Seconds are of that machine: ratios count. MB is the most that one process of a run held; a sync\n"
        "of many rows has a second one at times, which shares much of it.\n\n"
        f"| {' | '.join(_HEADS)} |\n|{'---|' * len(_HEADS)}\n{rows}\n"
    )


def main() -> None:
    """Measure, print, and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument(
        "--peer-up-to", type=int, default=100_000, help="openpyxl takes 20 kB of memory a row"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="write the table to this page too")
    asked = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SHEETFUNNEL_STATE"] = str(Path(folder) / "state")
        lines = _small(Path(folder), asked.rounds)
        for rows in asked.rows:
            console.print(f"{rows:,} rows...", style="dim")
            lines += _lines(Path(folder), rows, rounds=asked.rounds, peer=rows <= asked.peer_up_to)
    table = Table(*_HEADS)
    for line in lines:
        table.add_row(*line.cells())
    console.print(table)
    if asked.keep:
        asked.keep.write_text(_page(lines, asked.rounds), encoding="utf-8")


if __name__ == "__main__":
    main()
