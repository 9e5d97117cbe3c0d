"""Time our work on a workbook against openpyxl's load and save of the same file, side by side in one run.

Each job is a whole process, started in turn with its peer; shown are the medians of seconds and of peak
memory (MB), and how many times the peer's they are. The workbook is our template with invented objectives.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

_DAY: Final = date(2026, 3, 2)

_PEER_READ: Final = (
    "import openpyxl, sys; [list(s.values) for s in openpyxl.load_workbook(sys.argv[1], data_only=True)]"
)
_OUR_READ: Final = (
    "import pathlib, sys; from sheetfunnel.stores.excel.store import ExcelWorkbook;"
    "ExcelWorkbook(pathlib.Path(sys.argv[1])).read()"
)
_PEER_WRITE: Final = (
    "import openpyxl, sys; book = openpyxl.load_workbook(sys.argv[1]); sheet = book['Objectives'];"
    "[sheet.cell(row, column, f'{row} {column}')"
    " for row in range(2, sheet.max_row + 1) for column in range(4, 10)];"
    "book.save(sys.argv[1])"
)
_OUR_WRITE: Final = (
    "import pathlib, sys; from sheetfunnel.stores.excel.edit import edit;"
    "from sheetfunnel.workbook.contract import SetCells, WritePlan;"
    "path = pathlib.Path(sys.argv[1]); columns = tuple(range(4, 10));"
    "rows = {row: [f'{row} {column}' for column in columns] for row in range(2, int(sys.argv[2]) + 2)};"
    "edit(path, path.with_suffix('.new'),"
    " WritePlan(changes=(SetCells(tab='Objectives', columns=columns, rows=rows),)))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do with a workbook, by us and by the peer; both get the file and the number of rows."""

    name: str
    ours: Sequence[str]
    peer: Sequence[str]


_SYNC: Final = (sys.executable, "-m", "sheetfunnel", "sync", "--today", f"{_DAY}")
_JOBS: Final = (
    Job(
        name="read every value (ours: with the guard and the formulas' places)",
        ours=(sys.executable, "-c", _OUR_READ),
        peer=(sys.executable, "-c", _PEER_READ),
    ),
    Job(
        name="change six columns (peer: load, change, save)",
        ours=(sys.executable, "-c", _OUR_WRITE),
        peer=(sys.executable, "-c", _PEER_WRITE),
    ),
    Job(
        name="a whole sync: read, assess, write, read back, back up (peer: load, change, save)",
        ours=_SYNC,
        peer=(sys.executable, "-c", _PEER_WRITE),
    ),
)

_HEADING: Final = (
    "Client,Objective,Amount,Need,First contact,Fit confirmed,Economic buyer,Service,Owner,Outcome,Closed on"
)


def _objectives(folder: Path, rows: int) -> Path:
    """Write a list of invented objectives, to be adopted."""
    source = folder / "objectives.csv"
    lines = [_HEADING]
    for number in range(rows):
        first = _DAY - timedelta(days=10 + number % 700)
        closed = number % 3 == 0
        outcome = f"{'Won' if number % 2 else 'Lost'},{first + timedelta(days=9)}" if closed else ","
        lines.append(
            f"Client {number},Programme {number % 9},{500 + number % 4000},they asked,{first},yes,"
            f"Buyer {number},Service {number % 5},Owner {number % 4},{outcome}"
        )
    source.write_text("\n".join(lines), encoding="utf-8")
    return source


def _workbook(folder: Path, rows: int) -> Path:
    path = folder / "sales.xlsx"
    commands = (("new", path), ("adopt", _objectives(folder, rows), "--into", path, "--yes"))
    for command in commands:
        subprocess.run(
            [sys.executable, "-m", "sheetfunnel", *map(str, command)], check=True, stdout=subprocess.DEVNULL
        )
    return path


def _measured(command: Sequence[str], workbook: Path, rows: int) -> tuple[float, float]:
    """Run a command on a fresh copy of the workbook; return its seconds and its peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / workbook.name
        copy.write_bytes(workbook.read_bytes())
        start = time.perf_counter()
        with subprocess.Popen(
            [*command, str(copy), *([] if "sync" in command else [str(rows)])], stdout=subprocess.DEVNULL
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def _compared(job: Job, workbook: Path, rows: int, rounds: int) -> tuple[str, ...]:
    pairs = [
        (_measured(job.ours, workbook, rows), _measured(job.peer, workbook, rows)) for _ in range(rounds)
    ]
    ours, peer = ([pair[side] for pair in pairs] for side in (0, 1))
    (seconds, memory), (peer_seconds, peer_memory) = (
        (statistics.median(s for s, _ in side), statistics.median(m for _, m in side))
        for side in (ours, peer)
    )
    return (
        f"{job.name}",
        f"{seconds:.2f} s",
        f"{peer_seconds:.2f} s",
        f"{seconds / peer_seconds:.2f}",
        f"{memory:.0f} MB",
        f"{peer_memory:.0f} MB",
        f"{memory / peer_memory:.2f}",
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SHEETFUNNEL_STATE"] = str(Path(folder) / "state")
        for rows in asked.rows:
            place = Path(folder) / f"{rows}"
            place.mkdir()
            workbook = _workbook(place, rows)
            table = Table(
                "", "ours", "openpyxl", "ratio", "ours", "openpyxl", "ratio", title=f"{rows:,} rows"
            )
            for job in _JOBS:
                table.add_row(*_compared(job, workbook, rows, asked.rounds))
            console.print(table)


if __name__ == "__main__":
    main()
