"""Clocks that change, are set back, stand in another zone or are wrong: nothing is lost, nothing is doubled.

Each run is a process of its own whose clock libfaketime sets; files keep the times of the disk.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

import pytest

from sheetfunnel.stores.excel.publishing.backups import backups
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.decode import decode
from tests.campaign import spread
from tests.faults.desk import laid_out, sync, typed_in
from tests.faults.oracle import generation, leftovers
from tests.faults.table import record

needs_faketime = pytest.mark.skipif(
    shutil.which("faketime") is None and os.environ.get("CI") != "true", reason="there is no faketime"
)

_YEAR = 365 * 86_400


Tell: TypeAlias = Callable[[str, int, Sized], None]


@pytest.fixture(scope="module")
def tell() -> Iterator[Tell]:
    """Gather what was tried by kind, and put one line for each kind into the table."""
    tried: dict[str, tuple[int, int]] = {}

    def add(kind: str, points: int, broken: Sized) -> None:
        before = tried.get(kind, (0, 0))
        tried[kind] = (before[0] + points, before[1] + len(broken))

    yield add
    for kind, (points, violations) in tried.items():
        record(11, f"clock: {kind}", points, violations)


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(tmp_path / "state"))


def _at(moment: str, zone: str, *command: object) -> subprocess.CompletedProcess[str]:
    """Run something at a moment, given in UTC, by a clock in some zone."""
    return subprocess.run(
        ["faketime", f"{moment} UTC", "env", f"TZ={zone}", *map(str, command)],
        env={**os.environ, "TZ": "UTC", "NO_FAKE_STAT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def _synced(book: Path, moment: str, zone: str, *flags: str) -> subprocess.CompletedProcess[str]:
    return _at(moment, zone, sys.executable, "-m", "sheetfunnel", "sync", book, *flags)


def _stamp(book: Path) -> date:
    """Return the day that the status box shows."""
    place = decode(ExcelWorkbook(book).read()).places["status"]
    shown = place.at(place.header + 1, "value")
    assert isinstance(shown, date)
    return shown.date() if isinstance(shown, datetime) else shown


def _last_run(book: Path) -> str:
    return str(decode(ExcelWorkbook(book).read()).places.memory["last_run"])


# --------------------------------------------------------------------------------------------- which day


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A run at a moment in UTC, and the day that it has to work for."""

    moment: str
    zone: str
    day: str


def _runs(zone: str, *moments: tuple[str, str]) -> list[_Run]:
    return [_Run(moment=moment, zone=zone, day=day) for moment, day in moments]


_CLOCKS = {
    "Madrid, the night without two o'clock": _runs(
        "Europe/Madrid", ("2026-03-29 00:59:30", "2026-03-29"), ("2026-03-29 01:00:30", "2026-03-29")
    ),
    "Madrid, the hour that comes twice": _runs(
        "Europe/Madrid", ("2026-10-25 00:30:00", "2026-10-25"), ("2026-10-25 01:30:00", "2026-10-25")
    ),
    "Madrid, midnights around the longer day": _runs(
        "Europe/Madrid", ("2026-10-24 22:00:10", "2026-10-25"), ("2026-10-25 22:59:30", "2026-10-25")
    ),
    "New York, the night without two o'clock": _runs(
        "America/New_York", ("2026-03-08 06:59:30", "2026-03-08"), ("2026-03-08 07:00:30", "2026-03-08")
    ),
    "New York, the hour that comes twice": _runs(
        "America/New_York", ("2026-11-01 05:30:00", "2026-11-01"), ("2026-11-01 06:30:00", "2026-11-01")
    ),
    "Sao Paulo, a day without midnight": _runs(
        "America/Sao_Paulo", ("2018-11-04 02:59:30", "2018-11-03"), ("2018-11-04 03:00:30", "2018-11-04")
    ),
    "Sao Paulo, an evening that comes twice": _runs(
        "America/Sao_Paulo", ("2018-02-18 01:30:00", "2018-02-17"), ("2018-02-18 02:30:00", "2018-02-17")
    ),
    "a flight from Madrid to Tokyo and New York": [
        _Run(moment="2026-03-02 22:30:00", zone="Europe/Madrid", day="2026-03-02"),
        _Run(moment="2026-03-02 22:40:00", zone="Asia/Tokyo", day="2026-03-03"),
        _Run(moment="2026-03-02 22:50:00", zone="America/New_York", day="2026-03-02"),
    ],
    "the two ends of the date line": [
        _Run(moment="2026-03-02 11:00:00", zone="Pacific/Kiritimati", day="2026-03-03"),
        _Run(moment="2026-03-02 11:00:10", zone="Etc/GMT+12", day="2026-03-01"),
    ],
    "a leap day": _runs(
        "Europe/Madrid",
        ("2028-02-28 12:00:00", "2028-02-28"),
        ("2028-02-29 12:00:00", "2028-02-29"),
        ("2028-03-01 12:00:00", "2028-03-01"),
    ),
    "the end of a year with week 53": _runs(
        "Europe/Madrid", ("2026-12-31 22:59:30", "2026-12-31"), ("2026-12-31 23:00:30", "2027-01-01")
    ),
    "set back an hour, over midnight": _runs(
        "UTC", ("2026-03-02 00:30:00", "2026-03-02"), ("2026-03-01 23:30:00", "2026-03-01")
    ),
    "set back a day": _runs(
        "UTC", ("2026-03-02 12:00:00", "2026-03-02"), ("2026-03-01 12:00:00", "2026-03-01")
    ),
    "set back a year, and right again": _runs(
        "UTC",
        ("2026-03-02 12:00:00", "2026-03-02"),
        ("2025-03-02 12:00:00", "2025-03-02"),
        ("2026-03-02 12:10:00", "2026-03-02"),
    ),
    "an empty battery: the first of January 1970": _runs(
        "UTC", ("2026-03-02 12:00:00", "2026-03-02"), ("1970-01-02 00:00:10", "1970-01-02")
    ),
    "after 2038": _runs("UTC", ("2038-01-19 03:14:00", "2038-01-19"), ("2038-01-20 03:14:00", "2038-01-20")),
    "a zone that nobody knows": _runs("Nowhere/Land", ("2026-03-02 12:00:00", "2026-03-02")),
}


def _broken(book: Path, runs: list[_Run]) -> list[str]:
    """Run at each moment, and once more just after it; return what falls short."""
    typed, found, latest = generation(book).typed, list[str](), _last_run(book)
    for run in runs:
        first = _synced(book, run.moment, run.zone)
        found += [f"exit {first.returncode}: {first.stderr}"] if first.returncode else []
        found += [f"{_stamp(book)} and not {run.day}"] if _stamp(book).isoformat() != run.day else []
        latest = max(latest, run.day)
        found += [] if _last_run(book) == latest else [f"last run {_last_run(book)}, not {latest}"]
        before, touched = book.read_bytes(), book.stat().st_mtime_ns
        again = _synced(book, run.moment, run.zone)
        if (again.returncode, book.read_bytes(), book.stat().st_mtime_ns) != (0, before, touched):
            found.append(f"a second sync at {run.moment} wrote")
    found += [] if generation(book).typed == typed else ["a typed cell changed"]
    return [*found, *(f"left behind: {path.name}" for path in leftovers(book, book.parent.parent / "state"))]


@needs_faketime
@pytest.mark.parametrize("name", spread(list(_CLOCKS), every=4))
def test_by_whatever_clock_a_run_works_for_the_day_on_the_wall_and_a_second_one_writes_nothing(
    tmp_path: Path, tell: Tell, name: str
) -> None:
    broken = _broken(typed_in(laid_out(tmp_path / "desk")), _CLOCKS[name])
    tell("days and zones", len(_CLOCKS[name]), broken)
    assert "\n".join(broken) == ""


def test_a_day_before_the_last_run_is_worked_for_and_the_last_run_is_remembered(
    tmp_path: Path, tell: Tell
) -> None:
    book = typed_in(laid_out(tmp_path / "desk"))
    for day in (date(2026, 3, 2), date(2026, 2, 1)):
        assert sync(book, today=day) == 0
        assert _stamp(book) == day
        assert _last_run(book) == "2026-03-02"
        before = book.read_bytes()
        assert sync(book, today=day) == 0
        assert book.read_bytes() == before
    tell("days and zones", 1, ())


@needs_faketime
def test_a_week_that_belongs_to_two_years_is_listed(tmp_path: Path) -> None:
    book = typed_in(laid_out(tmp_path / "desk"))
    ran = _at("2026-12-31 12:00:00", "UTC", sys.executable, "-m", "sheetfunnel", "week", book)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout


# --------------------------------------------------------------------------------- times of files and locks


@pytest.mark.parametrize("ahead", spread([_YEAR, 60, 86_400, 10 * _YEAR], every=2))
def test_a_workbook_from_the_future_is_synced_with_and_without_a_quiet_period(
    tmp_path: Path, tell: Tell, ahead: int
) -> None:
    book = typed_in(laid_out(tmp_path / "desk"))
    os.utime(book, (time.time() + ahead,) * 2)
    time.sleep(1.1)
    assert sync(book, "--quiet-period", "1") == 0
    assert book.stat().st_mtime < time.time() + 1
    tell("times of files and locks", 1, ())


@needs_faketime
@pytest.mark.parametrize(
    ("clock", "code"),
    spread([(-_YEAR, 75), (0, 75), (-3600, 75), (25 * 3600, 0), (-86_400, 75), (23 * 3600, 75)], every=3),
)
def test_a_lock_file_is_fresh_by_a_clock_that_was_set_back(
    tmp_path: Path, tell: Tell, clock: int, code: int
) -> None:
    book = typed_in(laid_out(tmp_path / "desk"))
    book.with_name(f"~${book.name}").write_bytes(b"\x04Anna".ljust(165, b" "))
    moment = f"{datetime.fromtimestamp(time.time() + clock, tz=UTC):%Y-%m-%d %H:%M:%S}"
    ran = _synced(book, moment, "UTC")
    assert ran.returncode == code
    assert "Anna" in ran.stderr
    tell("times of files and locks", 1, ())


# -------------------------------------------------------------------------------------------------- backups

_KEEP = """
import os, sys, time
from pathlib import Path
from sheetfunnel.stores.excel.publishing.backups import keep_backup
book, state = Path(sys.argv[1]), Path(os.environ["SHEETFUNNEL_STATE"])
for content in sys.argv[2:]:
    book.write_text(content)
    os.utime(keep_backup(book, state), (time.time(),) * 2)
"""


def _kept(tmp_path: Path, *phases: tuple[str, list[str]]) -> list[str]:
    """Keep generations by clocks that stand at several moments; return what is kept, the newest first."""
    book = tmp_path / "sales.xlsx"
    for moment, contents in phases:
        ran = _at(moment, "UTC", sys.executable, "-c", _KEEP, book, *contents)
        assert (ran.returncode, ran.stderr) == (0, "")
    return [each.read_text() for each in backups(book, tmp_path / "state")]


@needs_faketime
@pytest.mark.parametrize(
    "moment", spread(["2025-03-02 12:00:00", "2026-03-02 11:00:00", "2026-03-01 12:00:00"], every=3)
)
def test_by_a_clock_that_was_set_back_the_ten_latest_generations_are_kept_in_their_order(
    tmp_path: Path, tell: Tell, moment: str
) -> None:
    first, then = [f"a{number}" for number in range(8)], [f"b{number}" for number in range(8)]
    kept = _kept(tmp_path, ("2026-03-02 12:00:00", first), (moment, then))
    assert kept == [*then[::-1], *first[:-3:-1]]
    tell("backups", 1, ())


@needs_faketime
def test_generations_that_a_wrong_clock_dated_outlive_its_correction(tmp_path: Path, tell: Tell) -> None:
    kept = _kept(
        tmp_path,
        ("2026-03-02 12:00:00", ["a", "b"]),
        ("2025-01-01 12:00:00", ["c", "d"]),
        ("2026-03-02 12:30:00", ["e"]),
    )
    assert kept == ["e", "d", "c", "b", "a"]
    tell("backups", 1, ())
