"""Installed once, twice, elsewhere, and removed: nothing is left, and nothing of anybody else is touched."""

from __future__ import annotations

import codecs
import plistlib
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.errors import Busy, SheetfunnelError
from sheetfunnel.schedule.installed import Installed, install, installed
from sheetfunnel.schedule.job import Job
from sheetfunnel.schedule.journal import Ran, note
from sheetfunnel.schedule.removing import remove_all
from sheetfunnel.schedule.run import alone
from sheetfunnel.schedule.schedulers import named, of_this_machine
from sheetfunnel.schedule.timetable import every
from tests.faults.process.full_disk import needs_mount
from tests.schedule.machine import machine
from tests.small_disk import full_disk

_THEIRS = "# mine\nMAILTO=me\n*/5 * * * * backup 100\\% # note\n@daily tidy\nTZ=UTC\n0 ~ * * * odd\n"


def _job(step: str = "15m") -> Job:
    command = ("/opt/python", "-P", "-m", "sheetfunnel", "schedule", "run")
    return Job(command=command, every=every(step), limit=timedelta(minutes=10))


def _install(name: str, state: Path, *, step: str = "15m") -> Installed:
    job = _job(step)
    record = Installed(
        scheduler=name,
        references=("/desk/sales.xlsx",),
        every=job.every,
        interpreter="/opt/python",
        at="2026-03-02T09:00:00+01:00",
        by="anna",
    )
    install(named(name), job, record, state=state)
    return record


def _left(state: Path) -> list[Path]:
    return list(state.rglob("*"))


def test_what_is_installed_is_remembered_for_this_user_only(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch, "crontab")
    record = _install("cron", state)
    assert installed(state) == record
    (file,) = (path for path in _left(state) if path.is_file())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("theirs", [None, _THEIRS, _THEIRS.rstrip("\n")])
def test_cron_has_one_line_of_ours_after_two_installs_and_none_after_removing(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch, theirs: str | None
) -> None:
    desk = machine(tmp_path, monkeypatch, "crontab")
    if theirs is not None:
        desk.type_crontab(theirs)
    _install("cron", state)
    _install("cron", state, step="1h")
    (line,) = (line for line in str(desk.crontab).splitlines() if "sheetfunnel" in line)
    assert line.startswith("@hourly /opt/python -P -m sheetfunnel schedule run ")
    assert remove_all(state) == ["cron"]
    assert desk.crontab == (None if theirs is None else f"{theirs.rstrip()}\n")
    assert _left(state) == []


@given(lines=st.lists(st.text(st.characters(codec="utf-8", blacklist_categories=["Cc", "Zl", "Zp"]))))
def test_no_line_of_anybody_else_in_a_crontab_is_changed(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("cron")
    theirs = "".join(f"{line}x\n" for line in lines)
    with pytest.MonkeyPatch.context() as patch:
        desk = machine(folder, patch, "crontab")
        desk.type_crontab(theirs)
        state = folder / "state"
        state.mkdir()
        _install("cron", state)
        assert str(desk.crontab).startswith(theirs)
        remove_all(state)
        assert (desk.crontab or "") == theirs


def test_systemd_has_two_units_after_two_installs_and_none_after_removing(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine(tmp_path, monkeypatch, "systemctl", "crontab")
    assert of_this_machine().name == "systemd"
    for step in ("15m", "1h"):
        _install("systemd", state, step=step)
    enabled = "timers.target.wants/sheetfunnel.timer"
    assert desk.units == ["sheetfunnel.service", "sheetfunnel.timer", enabled]
    assert named("systemd").is_installed()
    stamp = tmp_path / "data" / "systemd" / "timers" / "stamp-sheetfunnel.timer"
    stamp.parent.mkdir(parents=True)
    stamp.touch()  # what systemd itself leaves of a persistent timer
    assert remove_all(state) == ["systemd"]
    assert (desk.units, stamp.exists(), _left(state)) == ([], False, [])


def test_launchd_has_one_agent_after_two_installs_and_none_after_removing(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch, "launchctl")
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert of_this_machine().name == "launchd"
    for step in ("15m", "1h"):
        _install("launchd", state, step=step)
    (agent,) = (tmp_path / "home" / "Library" / "LaunchAgents").iterdir()
    loaded = tmp_path / "loaded.txt"
    assert loaded.read_bytes() == agent.read_bytes()
    assert len(plistlib.loads(agent.read_bytes())["StartCalendarInterval"]) == 24
    assert remove_all(state) == ["launchd"]
    assert (agent.exists(), loaded.exists(), _left(state)) == (False, False, [])


def test_windows_has_one_task_after_two_installs_and_none_after_removing(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch, "schtasks")
    monkeypatch.setattr(sys, "platform", "win32")
    assert of_this_machine().name == "windows"
    for step in ("15m", "1h"):
        _install("windows", state, step=step)
    task = tmp_path / "task.xml"
    assert task.read_bytes()[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    assert "<Interval>PT3600S</Interval>" in task.read_text(encoding="utf-16")
    assert remove_all(state) == ["windows"]
    assert (task.exists(), _left(state)) == (False, [])


def test_whoever_installs_with_another_scheduler_has_the_job_once(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine(tmp_path, monkeypatch, "systemctl", "crontab")
    _install("systemd", state)
    _install("cron", state)
    assert desk.units == []
    assert "sheetfunnel" in str(desk.crontab)
    _install("systemd", state)
    assert desk.crontab is None


def test_what_an_install_that_died_left_is_removed_without_a_record(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine(tmp_path, monkeypatch, "systemctl")
    _install("systemd", state)
    (state / "schedule" / "installed.json").unlink()
    (tmp_path / "config/systemd/user/timers.target.wants/sheetfunnel.timer").unlink()
    assert remove_all(state) == ["systemd"]
    assert desk.units == []


def test_units_are_removed_although_systemd_is_not_at_work_any_more(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine(tmp_path, monkeypatch, "systemctl")
    _install("systemd", state)
    (tmp_path / "bin" / "systemctl").unlink()
    assert remove_all(state) == ["systemd"]
    assert desk.units == []


def test_a_scheduler_that_refuses_is_told_in_words_with_another_way(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch, "systemctl")
    (tmp_path / "bin" / "systemctl").write_text("#!/bin/sh\necho 'Access denied' >&2\nexit 4\n")
    with pytest.raises(SheetfunnelError) as refused:
        _install("systemd", state)
    assert "Access denied" in refused.value.message
    assert "--with cron" in refused.value.hint


@pytest.mark.parametrize("first", [None, "cron"])
def test_a_scheduler_that_refuses_leaves_nothing_and_what_was_installed_before_goes_on(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch, first: str | None
) -> None:
    desk = machine(tmp_path, monkeypatch, "crontab", "systemctl")
    before = _install(first, state, step="1h") if first else None
    line = desk.crontab
    (tmp_path / "bin" / "systemctl").write_text("#!/bin/sh\necho 'No medium found' >&2\nexit 1\n")
    with pytest.raises(SheetfunnelError):
        _install("systemd", state)
    assert (desk.units, desk.crontab, installed(state)) == ([], line, before)
    assert remove_all(state) == ([first] if first else [])


def test_a_crontab_that_refuses_another_step_keeps_the_old_one_and_its_record(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch, "crontab")
    before = _install("cron", state)
    program = tmp_path / "bin" / "crontab"
    program.write_text(program.read_text().replace('cat > "$tab"', "exit 1"))
    with pytest.raises(SheetfunnelError):
        _install("cron", state, step="1h")
    assert installed(state) == before


@needs_mount
def test_a_full_disk_installs_and_changes_nothing(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine(tmp_path, monkeypatch, "crontab")
    before = _install("cron", state)
    line = desk.crontab
    with full_disk(state):
        with pytest.raises(SheetfunnelError) as refused:
            _install("cron", state, step="1h")
        assert (installed(state), desk.crontab) == (before, line)
    assert "nothing was installed or changed" in refused.value.message


def test_every_byte_of_anybody_elses_lines_stays(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine(tmp_path, monkeypatch, "crontab")
    theirs = "# copia de los d\xedas\r\n".encode("latin-1") + b"0 1 * * * tidy\x0c \xff\n"
    (desk.folder / "crontab.txt").write_bytes(theirs)
    _install("cron", state)
    assert (desk.folder / "crontab.txt").read_bytes().startswith(theirs)
    remove_all(state)
    assert (desk.folder / "crontab.txt").read_bytes() == theirs


def test_a_crontab_that_cannot_be_read_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine(tmp_path, monkeypatch, "crontab")
    desk.type_crontab(_THEIRS)
    (tmp_path / "bin" / "crontab").chmod(0o644)
    with pytest.raises(SheetfunnelError) as refused:
        named("cron").install(_job())
    assert "nothing was changed" in refused.value.message
    assert desk.crontab == _THEIRS


def test_a_crontab_that_may_not_be_written_is_told(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch, "crontab")
    (tmp_path / "bin" / "crontab").write_text("#!/bin/sh\necho 'you are not allowed' >&2\nexit 1\n")
    with pytest.raises(SheetfunnelError) as refused:
        _install("cron", state)
    assert "you are not allowed" in refused.value.message
    assert "sheetfunnel watch" in refused.value.hint


def test_where_there_is_no_scheduler_the_foreground_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch)
    with pytest.raises(SheetfunnelError) as refused:
        of_this_machine()
    assert "sheetfunnel watch FILE" in refused.value.hint


def test_nothing_is_removed_while_a_run_is_at_work(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine(tmp_path, monkeypatch, "crontab")
    _install("cron", state)
    with alone(state), pytest.raises(Busy):
        remove_all(state)
    assert "sheetfunnel" in str(desk.crontab)
    assert installed(state) is not None


def test_what_a_person_put_beside_the_record_stays(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch, "crontab")
    _install("cron", state)
    assert (
        note(Ran(reference="/a.xlsx", at="2026-03-02T09:00:00+01:00", exit_code=0, seconds=1), state=state)
        == ""
    )
    (state / "schedule" / "my notes.txt").write_text("mine")
    remove_all(state)
    assert [path.name for path in _left(state)] == ["schedule", "my notes.txt"]


@pytest.mark.parametrize("kept", ["", "[]", "{", '{"scheduler": "cron"}', '{"minutes": "x"}'])
def test_a_damaged_record_counts_as_none(state: Path, kept: str) -> None:
    (state / "schedule").mkdir()
    (state / "schedule" / "installed.json").write_text(kept)
    assert installed(state) is None
