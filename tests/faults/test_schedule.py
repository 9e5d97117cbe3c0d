"""What happens to a scheduled sync: two at once, a machine that slept, nothing in the environment, no disk.

Each run is a process of its own, as a scheduler starts it; some are stopped in the middle, as sleep does.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sheetfunnel.cli import main
from sheetfunnel.schedule.journal import Ran, latest, lines
from tests.faults.desk import laid_out, typed_in
from tests.faults.oracle import generation, leftovers
from tests.faults.process.full_disk import needs_mount
from tests.faults.table import record
from tests.faults.test_clock import needs_faketime
from tests.schedule.machine import machine
from tests.small_disk import full_disk

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60

#: Nothing is in the environment but what finds the program where it is not installed.
_BARE = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}

_TRIED: dict[tuple[int, str], list[str]] = {}


@pytest.fixture(scope="module", autouse=True)
def _told() -> Iterator[None]:
    """Put one line for each kind of fault into the table."""
    yield
    for (row, fault), broken in _TRIED.items():
        record(row, fault, len(broken), sum(bool(each) for each in broken))


def _expect(fault: str, wrong: Mapping[str, bool], *, row: int = 12) -> None:
    """Note a fault that was tried, and object to what went wrong."""
    broken = "; ".join(name for name, is_so in wrong.items() if is_so)
    _TRIED.setdefault((row, fault), []).append(broken)
    assert broken == ""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(folder))
    return folder


@pytest.fixture
def book(tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workbook that is scheduled, and in which somebody has typed since."""
    path = laid_out(tmp_path / "desk")
    with monkeypatch.context() as patch:
        machine(tmp_path / "machine", patch, "crontab")
        assert main(["schedule", "install", str(path)]) == 0
    assert (state / "schedule" / "installed.json").exists()
    return typed_in(path)


def _command(state: Path) -> list[str]:
    """Return the command that a scheduler is given; what is at rest since a moment is synced."""
    words = ("schedule", "run", "--quiet-period", "0", "--state", str(state))
    return [sys.executable, "-P", "-m", "sheetfunnel", *words]


def _run(state: Path, *before: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, *_command(state)],
        env=dict(os.environ if env is None else env),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def _started(state: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        _command(state),
        env={**os.environ},
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that what it starts can be stopped with it
    )


def _synced(book: Path, state: Path, typed: object) -> dict[str, bool]:
    """Return what may be wrong with a workbook after a scheduled sync, and whether it is."""
    before = book.read_bytes()
    again = main(["sync", str(book)])
    return {
        "a typed cell changed": generation(book).typed != typed,
        "it was not synced": again != 0 or book.read_bytes() != before,
        "something is left behind": bool(leftovers(book, state)),
    }


def _codes(state: Path) -> list[int]:
    return [ran.exit_code for ran in lines(state)]


# ------------------------------------------------------------------------------------------ two, and sleep


def _wait_until_locked(state: Path, run: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while not (state / "schedule" / "run.lock").exists():
        assert run.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)


@contextmanager
def _asleep(state: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Stop a run in its middle, with all that it started, as a machine does that falls asleep."""
    run = _started(state)
    try:
        _wait_until_locked(state, run)
        time.sleep(0.2)
        os.killpg(run.pid, signal.SIGSTOP)
        yield run
    finally:
        os.killpg(run.pid, signal.SIGCONT)
        run.wait(_PATIENCE)


def test_a_run_that_overlaps_says_busy_and_the_first_one_ends_well(book: Path, state: Path) -> None:
    typed = generation(book).typed
    with _asleep(state) as first:
        second = _run(state)
        untouched = _codes(state) == []
    _expect(
        "overlap",
        {
            f"the second ended with {second.returncode}": second.returncode != 75,
            "the second did something": not untouched,
            "the second said nothing": "A scheduled run is still at work" not in second.stderr,
            f"the first ended with {first.returncode}": first.returncode != 0,
            **_synced(book, state, typed),
        },
    )


def test_of_several_that_begin_at_once_each_is_done_or_busy_and_the_workbook_is_whole(
    book: Path, state: Path
) -> None:
    typed = generation(book).typed
    codes = [run.wait(_PATIENCE) for run in [_started(state) for _ in range(4)]]
    _expect(
        "overlap",
        {
            f"they ended with {codes}": not set(codes) <= {0, 75} or 0 not in codes,
            "the log knows of another number": len(_codes(state)) != codes.count(0),
            **_synced(book, state, typed),
        },
    )


def test_a_run_that_slept_in_its_middle_goes_on_after_it(book: Path, state: Path) -> None:
    typed = generation(book).typed
    with _asleep(state) as run:
        time.sleep(1)
    _expect("sleep", {"it did not end well": run.returncode != 0, **_synced(book, state, typed)})


def test_a_run_that_was_killed_in_its_middle_keeps_nobody_away(book: Path, state: Path) -> None:
    typed = generation(book).typed
    run = _started(state)
    _wait_until_locked(state, run)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait(_PATIENCE)
    after = _run(state)
    _expect("killed", {f"exit {after.returncode}": after.returncode != 0, **_synced(book, state, typed)})


@needs_faketime
def test_after_nine_hours_of_sleep_one_run_makes_up_for_all(book: Path, state: Path) -> None:
    codes = []
    for moment in ("2026-03-02 08:00:00", "2026-03-02 17:00:00", "2026-03-02 17:15:00"):
        clock = ("faketime", f"{moment} UTC", "env", "TZ=UTC")
        codes.append(_run(state, *clock, env={**os.environ, "TZ": "UTC", "NO_FAKE_STAT": "1"}).returncode)
    found = list(lines(state))
    hours = [ran.at[11:16] for ran in found]
    _expect(
        "sleep",
        {
            f"they ended with {codes}": codes != [0, 0, 0],
            f"they ran at {hours}": hours != ["08:00", "17:00", "17:15"],
            "a run that had nothing to do wrote": any(ran.counts["changed_rows"] for ran in found[1:]),
            "the last success is another": latest(state)[str(book)].succeeded != found[-1].at,
        },
    )


# -------------------------------------------------------------------------------------------- nothing there


def test_an_empty_environment_is_enough(book: Path, state: Path) -> None:
    typed = generation(book).typed
    ran = _run(state, env=_BARE)
    _expect(
        "bare environment",
        {f"exit {ran.returncode}: {ran.stderr}": ran.returncode != 0, **_synced(book, state, typed)},
    )


def test_the_command_that_is_installed_is_enough_for_a_shell_without_anything(
    tmp_path: Path, book: Path, state: Path
) -> None:
    typed, crontab = generation(book).typed, (tmp_path / "machine" / "crontab.txt").read_text()
    command = (
        crontab.split(" ", 5)[5].rpartition(" # ")[0].replace("schedule run", "schedule run --quiet-period 0")
    )
    ran = subprocess.run(["/bin/sh", "-c", command], env=_BARE, cwd="/", check=False)
    _expect(
        "bare environment", {f"exit {ran.returncode}": ran.returncode != 0, **_synced(book, state, typed)}
    )


_NOBODY = ["unshare", "--user", "--map-user=4242", "--map-group=4242"]


def _without_home(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "sheetfunnel", *words]
    return subprocess.run(
        [*_NOBODY, *command], env=_BARE, cwd="/", capture_output=True, text=True, check=False
    )


needs_unshare = pytest.mark.skipif(
    subprocess.run(
        ["sh", "-c", f"{' '.join(_NOBODY)} true"],
        capture_output=True,
        check=False,
    ).returncode
    != 0,
    reason="nobody without a home can be made here",
)


@needs_unshare
def test_a_user_whom_no_list_knows_and_who_has_no_home_is_enough(book: Path, state: Path) -> None:
    typed = generation(book).typed
    ran = _without_home("schedule", "run", "--quiet-period", "0", "--state", str(state))
    _expect(
        "no home",
        {f"exit {ran.returncode}: {ran.stderr}": ran.returncode != 0, **_synced(book, state, typed)},
    )


@needs_unshare
@pytest.mark.parametrize(
    "words", [("status",), ("schedule", "run"), ("schedule", "remove"), ("schedule", "install"), ("sync",)]
)
def test_without_a_home_and_a_named_folder_it_is_said_what_to_do(book: Path, words: tuple[str, ...]) -> None:
    files = (str(book),) if words[-1] in {"install", "sync"} else ()
    ran = _without_home(*words, *files)
    _expect(
        "no home",
        {
            f"exit {ran.returncode}": ran.returncode != 78,
            f"it said: {ran.stderr}": "SHEETFUNNEL_STATE" not in ran.stderr,
        },
    )


def test_a_private_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    ran = _run(tmp_path / "gone")
    _expect(
        "bare environment",
        {
            f"exit {ran.returncode}": ran.returncode != 2,
            f"it said: {ran.stderr}": "Install the schedule again" not in ran.stderr,
        },
    )


@needs_mount
def test_a_full_disk_of_the_log_stops_no_sync_and_is_told(
    tmp_path: Path,
    book: Path,
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed = generation(book).typed
    machine(tmp_path / "other machine", monkeypatch, "crontab")
    with full_disk(state / "schedule"):
        ran = _run(state)
        looked = main(["doctor"])
        told = capsys.readouterr().out
        wrong = _synced(book, state, typed)
        left = sorted(path.name for path in (state / "schedule").iterdir())
    _expect(
        "full log disk",
        {
            f"exit {ran.returncode}: {ran.stderr}": ran.returncode != 0,
            f"it said: {ran.stderr}": "could not be written (No space left on device)" not in ran.stderr,
            f"the doctor said: {told}": looked != 1
            or "cannot be written (No space left on device)" not in told,
            f"half a file is left: {left}": left != ["filler", "installed.json", "run.lock", "runs.log"],
            **wrong,
        },
    )
    _expect("full log disk", {"afterwards it failed": _run(state).returncode != 0 or len(_codes(state)) != 1})


def test_a_workbook_that_vanished_is_told_and_the_others_are_synced(
    book: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = typed_in(laid_out(book.parent, "other.xlsx"))
    kept = state / "schedule" / "installed.json"
    names = [str(book.with_name("gone.xlsx")), str(other)]
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "workbooks": names}))
    typed, ran = generation(other).typed, _run(state)
    capsys.readouterr()
    assert main(["status"]) == 0
    told = capsys.readouterr().out
    _expect(
        "vanished workbook",
        {
            f"exit {ran.returncode}": ran.returncode != 2,
            f"it said: {ran.stderr}": "it is not there any more" not in ran.stderr,
            f"the status says: {told}": "it is not there any more" not in told,
            **_synced(other, state, typed),
        },
    )


# ------------------------------------------------------------------------------------------------ the clock


@needs_faketime
@pytest.mark.parametrize("back", ["2026-03-02 11:00:00", "2025-03-02 12:00:00", "1970-01-02 00:00:10"])
def test_by_a_clock_that_was_set_back_a_run_syncs_and_the_status_says_it(
    book: Path, state: Path, back: str
) -> None:
    typed, env = generation(book).typed, {**os.environ, "TZ": "UTC", "NO_FAKE_STAT": "1"}
    clocks = ["2026-03-02 12:00:00", back]
    codes = [_run(state, "faketime", f"{moment} UTC", env=env).returncode for moment in clocks]
    found: list[Ran] = list(lines(state))
    shown = subprocess.run(
        ["faketime", f"{back} UTC", sys.executable, "-m", "sheetfunnel", "status"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    _expect(
        "schedule: a clock set back",
        {
            f"they ended with {codes}": codes != [0, 0],
            "the log is not in the order of the runs": [ran.at[:10] for ran in found]
            != [m[:10] for m in clocks],
            f"the status ended with {shown.returncode}": shown.returncode != 0,
            "a typed cell changed": generation(book).typed != typed,
        },
        row=11,
    )


@needs_faketime
@pytest.mark.parametrize(
    ("moment", "upcoming"),
    [
        ("2026-03-29 00:50:00", "2026-03-29T03:00:00+02:00"),  # the night without two o'clock
        ("2026-10-25 00:50:00", "2026-10-25T03:00:00+01:00"),  # the hour that comes twice
        ("2026-12-31 22:50:00", "2027-01-01T00:00:00+01:00"),
    ],
)
def test_across_a_daylight_change_the_next_run_is_on_the_clock_on_the_wall(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch, moment: str, upcoming: str
) -> None:
    del book
    env = {**os.environ, "TZ": "UTC", "NO_FAKE_STAT": "1"}
    with monkeypatch.context() as patch:
        programs = machine(tmp_path / "third", patch, "crontab")
        programs.type_crontab("* * * * * x # sheetfunnel\n")
        env["PATH"] = f"{os.environ['PATH']}{os.pathsep}{env['PATH']}"
    clock = ["faketime", f"{moment} UTC", "env", "TZ=Europe/Madrid"]
    command = [sys.executable, "-m", "sheetfunnel", "schedule", "status", "--json"]
    shown = subprocess.run([*clock, *command], env=env, capture_output=True, text=True, check=False)
    found = json.loads(shown.stdout)
    _expect(
        "schedule: daylight changes",
        {f"the next run is {found}": found["next_run"] != upcoming},
        row=11,
    )


# ------------------------------------------------------------------------------------------- a real daemon

_CRON = shutil.which("cron") or shutil.which("crond")


def _may_use_cron() -> bool:
    """Whether there is a cron that nobody uses: a person's own crontab is not for tests."""
    if _CRON is None or shutil.which("crontab") is None or os.geteuid() != 0:
        return False
    listed = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    return listed.returncode != 0 and not _daemon_at_work()


def _daemon_at_work() -> bool:
    file = Path("/run/crond.pid")
    pid = file.read_text().strip() if file.exists() else ""
    return bool(pid) and Path("/proc", pid).exists()


@contextmanager
def _cron(first_lines: str) -> Iterator[None]:
    """Run the daemon, with some lines of a person in the crontab."""
    subprocess.run(["crontab", "-"], input=first_lines, text=True, check=True)
    assert _CRON is not None
    daemon = subprocess.Popen([_CRON, "-f"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1.5)  # what changes in the second in which it looks, it does not see
        yield
    finally:
        daemon.terminate()
        daemon.wait(_PATIENCE)
        subprocess.run(["crontab", "-r"], capture_output=True, check=False)
        Path("/run/crond.pid").unlink(missing_ok=True)


def _wait_for_runs(state: Path, count: int) -> float:
    until = time.monotonic() + 75 + 15
    while len(_codes(state)) < count:
        assert time.monotonic() < until, "cron did not run it"
        time.sleep(0.2)
    return time.time()


@pytest.mark.skipif(not _may_use_cron(), reason="there is no cron here that a test may use")
def test_a_real_cron_syncs_a_workbook_on_time_while_another_is_open(tmp_path: Path, state: Path) -> None:
    book, held = typed_in(laid_out(tmp_path / "desk")), typed_in(laid_out(tmp_path / "desk", "held.xlsx"))
    held.with_name("~$held.xlsx").write_bytes(b"\x04Anna".ljust(165, b" "))
    typed, before = generation(book).typed, held.read_bytes()
    path = f"PYTHONPATH={os.environ['PYTHONPATH']}\n" if "PYTHONPATH" in os.environ else "# mine\n"
    if 60 - time.time() % 60 < 16:  # they are at rest for the quiet period when the minute is full
        time.sleep(15)
    with _cron(path):
        words = ["schedule", "install", str(book), str(held), "--every", "1m", "--with", "cron"]
        assert main(words) == 0
        ended = _wait_for_runs(state, 2)
        found = {Path(ran.reference).name: ran.exit_code for ran in lines(state)}
        wrong = _synced(book, state, typed)  # with the schedule that Start tells of
        assert main(["schedule", "remove"]) == 0
        left = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=True).stdout
    second = datetime.fromtimestamp(ended, tz=UTC).second
    _expect(
        "a real cron",
        {
            f"they ended with {found}": found != {"sales.xlsx": 0, "held.xlsx": 75},
            f"they ended at second {second}": second > 20,
            f"the crontab is {left}": left != path,
            "the open one was written": held.read_bytes() != before,
            **wrong,
        },
    )
