"""One scheduled run: several workbooks, one after the other, each in a process of its own.

What is wrong with one workbook, even one that kills whoever reads it, stops none of the others.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from sheetfunnel.errors import Busy, ExitCode, NoAccess, worst
from sheetfunnel.schedule.journal import Ran, latest, note
from sheetfunnel.schedule.kept import schedule_folder
from sheetfunnel.values import value

#: A run ends after so long, so that the next one finds room.
LIMIT: Final = timedelta(minutes=10)

#: A workbook that was saved less than this ago is left for the next time.
QUIET: Final = timedelta(seconds=10)

LOCK: Final = "run.lock"
_NO_WINDOW: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)


@value
class Terms:
    """On what terms a run goes: it ends after ``limit``, leaves alone what changed less than ``quiet`` ago.

    ``environment`` is that of each sync; by default this process's own.
    """

    limit: timedelta = LIMIT
    quiet: timedelta = QUIET
    environment: Mapping[str, str] | None = None


@value
class Run:
    """What a scheduled run did: each workbook, and why the log could not be written ("" if it was)."""

    ran: tuple[Ran, ...]
    log_failed: str = ""

    @property
    def exit_code(self) -> int:
        """The exit code of the worst workbook."""
        return worst(each.exit_code for each in self.ran)


def program(*words: str) -> tuple[str, ...]:
    """Return the command of this very program, which needs nothing of the environment."""
    return (sys.executable, "-P", "-m", "sheetfunnel", *words)


def run_all(
    references: Sequence[str],
    *,
    state: Path,
    terms: Terms,
    say: Callable[[Ran], None],
) -> Run:
    """Sync the workbooks; whoever waits longest comes first, and what no time is left for waits on.

    Raises:
        Busy: another scheduled run is at work.
        NoAccess: the state folder cannot be written.

    """
    before, until = latest(state), time.monotonic() + terms.limit.total_seconds()
    waiting = sorted(references, key=lambda each: before[each].ran.at if each in before else "")
    ran: list[Ran] = []
    failed = ""
    with alone(state):
        for reference in waiting:
            done = _sync(reference, until=until, terms=terms)
            ran.append(done)
            failed = note(done, state=state) or failed
            say(done)
    return Run(ran=tuple(ran), log_failed=failed)


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Keep every other scheduled run away; the lock is the system's, so that none outlives its process.

    Raises:
        Busy: one is at work.
        NoAccess: the state folder cannot be written.

    """
    place = schedule_folder(state) / LOCK
    lock = FileLock(place, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise Busy(
            "A scheduled run is still at work; nothing was done.",
            hint="Wait until it has ended; the workbooks are synced by it, or at the next time.",
        ) from error
    except OSError as error:
        raise NoAccess(
            f"“{place}” cannot be written ({error.strerror}).",
            hint="Give this user the right to write there, or make room on that disk.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _sync(reference: str, *, until: float, terms: Terms) -> Ran:
    begun = time.monotonic()
    period = str(int(terms.quiet.total_seconds()))
    command = program("sync", "--json", "--quiet-period", period, "--", reference)
    code, counts = _ended(command, until - begun, terms.environment)
    return Ran(
        reference=reference,
        at=now(),
        exit_code=code,
        seconds=round(time.monotonic() - begun, 2),
        counts=counts,
    )


def now() -> str:
    """Return this moment as it is kept: to the second, with the offset from UTC."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _ended(
    command: Sequence[str], left: float, environment: Mapping[str, str] | None
) -> tuple[int, dict[str, int]]:
    """Return how a sync ended that had so many seconds left, and what it counted."""
    if left <= 0:
        return ExitCode.TRY_LATER, {}
    try:
        ended = subprocess.run(  # noqa: S603 - our own command
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=left,
            check=False,
            env=environment,
            creationflags=_NO_WINDOW,
        )
    except subprocess.TimeoutExpired:  # it was killed, which leaves the workbook whole
        return ExitCode.TRY_LATER, {}
    # whoever was killed by a signal has a negative code: an error of the program, or of the machine
    return (ended.returncode if ended.returncode >= 0 else ExitCode.FAULT), _counts(ended.stdout)


def _counts(printed: bytes) -> dict[str, int]:
    try:
        (report,) = json.loads(printed)
    except ValueError:
        return {}
    return counts_of(report)


def counts_of(report: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts that are kept of a sync's JSON."""
    if "findings" not in report:
        return {}
    return {
        "rows": int(report["rows"]),
        "open": int(report["open"]),
        "changed_rows": int(report["changed_rows"]),
        "problems": len(report["findings"]),
    }
