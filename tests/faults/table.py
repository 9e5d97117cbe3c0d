"""The table of the fault campaigns: what was tried and what was violated, printed after the tests."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import asdict, dataclass
from typing import Any, Final

import pytest
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One kind of fault: its row in the fault matrix, how often it was tried, how often a promise broke."""

    row: int
    fault: str
    points: int
    violations: int


_TRIED: list[Tried] = []


def record(row: int, fault: str, points: int, violations: int | Sized) -> None:
    """Put a line into the table; ``violations`` are counted where they are given themselves."""
    count = violations if isinstance(violations, int) else len(violations)
    _TRIED.append(Tried(row=row, fault=fault, points=points, violations=count))


#: Under which name a process that runs a part of the tests hands its lines to the one that prints.
_HANDED: Final = "tried"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the lines over, where another process prints them."""
    handed: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if handed is not None:
        handed[_HANDED] = [asdict(tried) for tried in _TRIED]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - xdist's
    """Take the lines of a process that ended."""
    _TRIED.extend(Tried(**told) for told in getattr(node, "workeroutput", {}).get(_HANDED, ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table below the tests' own report."""
    if not _TRIED:
        return
    console = Console(width=100)
    with console.capture() as printed:
        console.print(_table(sorted(_TRIED, key=lambda tried: (tried.row, tried.fault))))
    terminalreporter.write_line("")
    terminalreporter.write(printed.get())


def _table(tried: list[Tried]) -> Table:
    table = Table(title="Faults", title_justify="left", show_footer=True)
    table.add_column("row", justify="right")
    table.add_column("fault", footer="all")
    table.add_column("points tried", justify="right", footer=f"{sum(each.points for each in tried):,}")
    table.add_column("violations", justify="right", footer=f"{sum(each.violations for each in tried):,}")
    for each in tried:
        table.add_row(str(each.row), each.fault, f"{each.points:,}", f"{each.violations:,}")
    return table
