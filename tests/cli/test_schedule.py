"""The commands of the schedule as a person types them, on a machine whose schedulers are small programs."""

from __future__ import annotations

import os
import platform
import re
import shlex
from pathlib import Path

import openpyxl
import pytest

from sheetfunnel.schedule.journal import latest
from tests.cli.runner import Run
from tests.schedule.machine import Machine, machine


@pytest.fixture
def cron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine that has cron and nothing else."""
    return machine(tmp_path / "machine", monkeypatch, "crontab")


def test_a_dry_run_prints_the_unit_and_installs_nothing(run: Run, cron: Machine, practice: Path) -> None:
    ran = run("schedule", "install", practice.name, "--dry-run")
    assert (ran.code, ran.err, cron.crontab) == (0, "", None)
    assert re.search(r"\n\*/15 \* \* \* \* .*sheetfunnel schedule run --state .*# sheetfunnel\n", ran.out)
    assert "crontab" not in run("schedule", "install", practice.name, "--dry-run", "--with", "launchd").out
    for name, said in (("systemd", "OnCalendar="), ("launchd", "<plist"), ("windows", "TimeTrigger")):
        assert said in run("schedule", "install", practice.name, "--dry-run", "--with", name).out


def test_from_install_to_remove_the_person_is_told_what_is_so(
    run: Run, cron: Machine, practice: Path
) -> None:
    installed = run("schedule", "install", practice.name, "--every", "1h")
    assert installed.code == 0
    assert installed.out.startswith("From now on 1 workbook is synced every 1h, by cron:\n")
    assert str(practice) in installed.out
    assert re.search(r"^Next run: \d{4}-\d\d-\d\d \d\d:00$", installed.out, re.MULTILINE)
    assert "cron makes up for nothing" in installed.err
    status = run("schedule", "status")
    assert re.match(r"1 workbook every 1h, by cron; installed by \S+ on \d{4}-", status.out)
    assert run("status").out.startswith(f"{practice}\n  not run yet; it is at the next time\nNext run: ")
    assert run("schedule", "run", "--quiet-period", "0").code == 0
    shown = run("status").out
    assert re.search(r"^  last success: \d{4}-", shown, re.MULTILINE)
    assert "synced: 43 rows, " in shown
    assert "  1 of 1 run since yesterday synced it\n" in shown
    removed = run("schedule", "remove")
    assert removed.out.startswith("Removed from cron; nothing of the schedule is left.")
    assert cron.crontab is None
    assert run("schedule", "remove").out == "There was no schedule to remove.\n"
    assert run("status").out == run("schedule", "status").out


def test_a_script_gets_the_same(run: Run, cron: Machine, practice: Path) -> None:
    assert run("status", "--json").json == {"schedule": {"installed": False}, "workbooks": []}
    run("schedule", "install", practice.name)
    run("schedule", "run", "--quiet-period", "0")
    found = run("status", "--json").json
    assert found["schedule"] == run("schedule", "status", "--json").json
    assert found["schedule"]["scheduler"] == "cron"
    assert found["schedule"]["at_work"] is True
    (workbook,) = found["workbooks"]
    assert (workbook["workbook"], workbook["exit"], workbook["rows"]) == (str(practice), 0, 43)
    assert workbook["last_success"] == workbook["last_run"]
    assert cron.crontab is not None


def test_whoever_installs_other_workbooks_is_told_which_are_no_longer_synced(
    run: Run, cron: Machine, practice: Path
) -> None:
    del cron
    other = practice.with_name("other.xlsx")
    other.write_bytes(practice.read_bytes())
    run("schedule", "install", practice.name)
    ran = run("schedule", "install", other.name)
    assert f"No longer synced by itself: {practice}" in ran.out
    assert "not in the schedule" not in run("status").out
    run("schedule", "run", practice.name, "--quiet-period", "0")
    told = run("status").out
    assert told.count("not in the schedule") == 1
    assert told.index("not in the schedule") > told.index(str(practice))
    scheduled = {each["workbook"]: each["scheduled"] for each in run("status", "--json").json["workbooks"]}
    assert scheduled == {str(other): True, str(practice): False}


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (["gone.xlsx"], (2, "There is no file")),
        (["notes.txt"], (2, "is not a workbook")),
        (["practice.xlsx", "--every", "7m"], (2, "--every 15m")),
        (["practice.xlsx", "--with", "at"], (2, "systemd, launchd, windows, cron")),
        (["practice.xlsx", "--with", "systemd"], (78, "systemd is not at work on this machine")),
        (["practice.xlsx", "--with", "windows"], (78, "Leave out --with")),
        (["bad.xlsx"], (65, "What to do")),
    ],
)
def test_what_cannot_be_installed_is_told_and_nothing_is(
    run: Run, cron: Machine, practice: Path, words: list[str], ends: tuple[int, str]
) -> None:
    code, said = ends
    practice.with_name("bad.xlsx").write_bytes(b"nothing")
    ran = run("schedule", "install", *words)
    assert ran.code == code
    assert said in ran.err
    assert cron.crontab is None


@pytest.mark.usefixtures("cron")
def test_a_run_without_a_schedule_says_how_to_begin_one(run: Run) -> None:
    ran = run("schedule", "run")
    assert (ran.code, ran.out) == (78, "")
    assert "sheetfunnel schedule install FILE" in ran.err


def test_a_line_that_somebody_deleted_is_told(run: Run, cron: Machine, practice: Path) -> None:
    run("schedule", "install", practice.name)
    cron.type_crontab("# nothing of ours\n")
    for words in (["status"], ["schedule", "status"]):
        told = run(*words).out
        assert "cron does not have the job any more" in told
        assert f"sheetfunnel schedule install {practice}" in told
    assert run("status", "--json").json["schedule"]["next_run"] is None


def test_a_workbook_that_vanished_is_told_with_what_to_do(run: Run, cron: Machine, practice: Path) -> None:
    del cron
    run("schedule", "install", practice.name)
    practice.unlink()
    ran = run("schedule", "run", "--quiet-period", "0")
    assert ran.code == 2
    assert "it is not there any more" in ran.err
    assert "it is not there any more" in run("status").out


@pytest.mark.usefixtures("cron")
def test_a_workbook_whose_name_is_not_utf_8_is_scheduled_and_told_like_any_other(
    run: Run, practice: Path
) -> None:
    odd = practice.rename(Path(os.fsdecode(b"caf\xe9.xlsx")).absolute())
    assert run("schedule", "install", odd.name).code == 0
    assert run("schedule", "run", "--quiet-period", "0").code == 0
    assert list(latest(odd.parent / "state")) == [str(odd)]
    assert "1 of 1 run since yesterday synced it" in run("status").out
    assert run("digest", odd.name, "--html", "week.html").code == 0
    assert "As caf?.xlsx stands on" in Path("week.html").read_text(encoding="utf-8")
    assert run("calendar", odd.name, "--owner", "Clara Vidal").code == 0


@pytest.mark.parametrize("name", ["two\nlines", "bell\x07", os.fsdecode(b"caf\xe9")])
def test_a_private_folder_that_no_line_can_name_is_refused(
    run: Run, cron: Machine, practice: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(practice.with_name(name)))
    ran = run("schedule", "install", practice.name)
    assert (ran.code, ran.out, cron.crontab) == (2, "", None)
    assert "nothing was installed" in ran.err
    assert "SHEETFUNNEL_STATE" in ran.err


def test_a_workbook_that_is_read_only_is_not_installed(run: Run, cron: Machine, practice: Path) -> None:
    practice.chmod(0o444)
    ran = run("schedule", "install", practice.name)
    assert (ran.code, ran.out, cron.crontab) == (77, "", None)
    assert "may not be written by this user" in ran.err
    assert "nothing was installed" in ran.err


def test_what_is_to_be_typed_can_be_typed_whatever_the_file_is_called(
    run: Run, cron: Machine, practice: Path
) -> None:
    odd = practice.rename(practice.with_name('Señor\'s "100 %" $HOME.xlsx'))
    run("schedule", "install", odd.name)
    cron.type_crontab("# nothing of ours\n")
    told = run("schedule", "status").out
    assert shlex.split(told.rpartition("Install it again: ")[2]) == [
        *("sheetfunnel", "schedule", "install"),
        str(odd),
    ]


def test_a_job_that_somebody_else_removed_is_told_as_that(run: Run, cron: Machine, practice: Path) -> None:
    run("schedule", "install", practice.name)
    cron.type_crontab("# nothing of ours\n")
    assert run("schedule", "remove").out.startswith("cron did not have the job any more; what was still kept")
    assert run("schedule", "remove").out == "There was no schedule to remove.\n"


@pytest.mark.usefixtures("cron")
def test_of_a_busy_workbook_and_one_that_vanished_the_second_counts(run: Run, practice: Path) -> None:
    other = practice.with_name("other.xlsx")
    other.write_bytes(practice.read_bytes())
    run("schedule", "install", practice.name, other.name)
    practice.unlink()
    assert run("schedule", "run").code == 2
    other.with_name(f"~${other.name}").write_bytes(b"\x04Anna".ljust(165, b" "))
    assert run("sync", practice.name, other.name).code == 2
    assert run("sync", other.name).code == 75


def test_start_says_when_the_next_sync_comes_until_the_schedule_is_removed(
    run: Run, cron: Machine, practice: Path
) -> None:
    del cron
    assert "Not scheduled" in _next_sync(practice)
    run("schedule", "install", practice.name)
    run("schedule", "run", "--quiet-period", "0")
    assert _next_sync(practice) == f"Every 15 minutes on {platform.node().partition('.')[0]}"
    before = practice.read_bytes()
    run("sync", practice.name)
    assert practice.read_bytes() == before
    run("schedule", "remove")
    run("sync", practice.name)
    assert "Not scheduled" in _next_sync(practice)


def _next_sync(practice: Path) -> str:
    start = openpyxl.load_workbook(practice)["Start"]
    ((value,),) = [[right.value] for left, right in start["B23:C29"] if left.value == "Next sync"]
    return str(value)
