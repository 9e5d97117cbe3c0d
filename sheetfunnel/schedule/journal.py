"""The log of the runs: a line of counts for each workbook, and what the latest run of each was.

No text of a cell comes into it, and no message of an error, which may repeat one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sheetfunnel.errors import ExitCode, NoAccess
from sheetfunnel.schedule.kept import NAMES, read_kept, schedule_folder, write_kept
from sheetfunnel.values import value

LOG: Final = "runs.log"
_LATEST: Final = "latest.json"

#: A log of this many bytes makes room for a new one; so many old ones are kept.
LARGEST: Final = 250_000
OLD_ONES: Final = 3

#: The counts of a sync that the log keeps, by their names in its JSON.
COUNTS: Final = ("rows", "open", "changed_rows", "problems")


@value
class Ran:
    """One run on one workbook: when it ended (ISO, with offset), its exit code, its counts."""

    reference: str
    at: str
    exit_code: int
    seconds: float
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether the workbook was synced."""
        return self.exit_code == ExitCode.DONE


@value
class Latest:
    """What is known of a workbook: its latest run, and when one last succeeded ("" for never)."""

    ran: Ran
    succeeded: str


def note(ran: Ran, *, state: Path) -> str:
    """Write a run into the log and remember it as the latest; return what went wrong with that, if anything.

    A disk that is full must not stop a sync.
    """
    try:
        folder = schedule_folder(state)
        _append(folder / LOG, f"{json.dumps(asdict(ran), ensure_ascii=False)}\n".encode(errors=NAMES))
        _remember(folder / _LATEST, ran)
    except NoAccess as error:
        return error.message
    except OSError as error:
        return f"{error.strerror}"
    return ""


def latest(state: Path) -> dict[str, Latest]:
    """Return the latest run of every workbook that is known, by its reference."""
    kept = read_kept(state / "schedule" / _LATEST)
    return {reference: found for reference, entry in kept.items() if (found := _read(entry))}


def lines(state: Path) -> Iterator[Ran]:
    """Yield what stands in the log, the oldest first; a damaged line is passed over."""
    log = state / "schedule" / LOG
    for path in (*(_old(log, number) for number in range(OLD_ONES, 0, -1)), log):
        if path.exists():
            for line in path.read_text(encoding="utf-8", errors=NAMES).splitlines():
                if ran := _parsed(line):
                    yield ran


def forget(state: Path) -> None:
    """Remove the log and what is remembered of the latest runs.

    Raises:
        OSError: it cannot be removed.

    """
    for path in files(state):
        path.unlink(missing_ok=True)


def files(state: Path) -> list[Path]:
    """Return the files in which runs are kept, whether or not they are there."""
    folder = state / "schedule"
    return [folder / LOG, folder / _LATEST, *(_old(folder / LOG, n + 1) for n in range(OLD_ONES))]


def _append(log: Path, line: bytes) -> None:
    _make_room(log)
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        before = os.fstat(handle).st_size
        if os.write(handle, line) < len(line):  # the disk is full: half a line is none
            os.ftruncate(handle, before)
            os.write(handle, line)
    finally:
        os.close(handle)


def _make_room(log: Path) -> None:
    if not log.exists() or log.stat().st_size < LARGEST:
        return
    for number in range(OLD_ONES, 0, -1):
        younger = log if number == 1 else _old(log, number - 1)
        if younger.exists():
            younger.replace(_old(log, number))


def _old(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")


def _remember(path: Path, ran: Ran) -> None:
    kept = read_kept(path)
    before = kept.get(ran.reference)
    succeeded = ran.at if ran.done else str(before.get("succeeded", "")) if isinstance(before, dict) else ""
    write_kept(path, {**kept, ran.reference: {**asdict(ran), "succeeded": succeeded}})


def _read(entry: Any) -> Latest | None:  # noqa: ANN401 - what stands in the file
    if not isinstance(entry, dict) or not (ran := _ran(entry)):
        return None
    return Latest(ran=ran, succeeded=str(entry.get("succeeded", "")))


def _parsed(line: str) -> Ran | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return _ran(entry) if isinstance(entry, dict) else None


def _ran(entry: dict[str, Any]) -> Ran | None:
    try:
        return Ran(
            reference=str(entry["reference"]),
            at=datetime.fromisoformat(entry["at"]).isoformat(),
            exit_code=int(entry["exit_code"]),
            seconds=float(entry["seconds"]),
            counts={key: int(entry["counts"][key]) for key in COUNTS if key in entry["counts"]},
        )
    except (KeyError, TypeError, ValueError):
        return None
