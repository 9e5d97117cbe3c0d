"""All that is kept on the machine, removed: by whichever command it was kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import TODAY, Run
from tests.schedule.machine import Machine, machine

_STATE = Path("state")


@pytest.fixture
def cron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine that has cron and nothing else."""
    return machine(tmp_path / "machine", monkeypatch, "crontab")


@pytest.fixture
def used(run: Run, cron: Machine, practice: Path) -> None:
    """Leave what every command leaves: backups, leases, notes of runs, of a schedule and of calendars."""
    assert run("schedule", "install", practice.name).code == 0
    assert run("schedule", "run", "--quiet-period", "0").code == 0
    assert run("calendar", practice.name, "--owner", "Clara Vidal", "--today", TODAY).code == 0
    assert cron.crontab
    (_STATE / "schedule" / "latest-1x.tmp").write_text("half", encoding="utf-8")
    assert {each.name for each in _STATE.iterdir()} >= {"schedule", "calendars", "leases", "backups"}


@pytest.mark.usefixtures("used")
def test_of_all_that_is_kept_only_the_schedule_that_is_installed_stays(run: Run, cron: Machine) -> None:
    purged = run("purge", "--all", "--yes")
    assert (purged.code, purged.err) == (0, "")
    assert "The schedule stays and goes on syncing; `sheetfunnel schedule remove` takes it away" in purged.out
    assert "not the program's" not in purged.out
    assert [str(each) for each in _STATE.rglob("*") if each.is_file()] == ["state/schedule/installed.json"]
    assert cron.crontab
    assert "by cron" in run("schedule", "status").out


@pytest.mark.usefixtures("used", "cron")
def test_without_a_schedule_nothing_is_left_but_what_is_a_persons(run: Run) -> None:
    assert run("schedule", "remove").code == 0
    (_STATE / "schedule").mkdir(exist_ok=True)
    (_STATE / "schedule" / "latest.json").write_text("{}", encoding="utf-8")
    (_STATE / "calendars" / "mine.ics").write_text("a person's", encoding="utf-8")
    assert "mine.ics" in run("purge", "--all", "--yes").out
    assert [str(each) for each in _STATE.rglob("*") if each.is_file()] == ["state/calendars/mine.ics"]
    (_STATE / "calendars" / "mine.ics").unlink()
    assert run("purge", "--all", "--yes").code == 0
    assert not _STATE.exists()
