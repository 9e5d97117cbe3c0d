"""What each scheduler is told is what its own parser, or one of its system's, accepts."""

from __future__ import annotations

import os
import plistlib
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from crontab import CronTab
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.schedule.cron import Cron
from sheetfunnel.schedule.job import Job
from sheetfunnel.schedule.launchd import Launchd
from sheetfunnel.schedule.schedulers import SCHEDULERS
from sheetfunnel.schedule.systemd import Systemd
from sheetfunnel.schedule.timetable import every
from sheetfunnel.schedule.windows import Windows
from tests.schedule.schemas import AGENT, broken_in_list, broken_in_task

_TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
_ODD = "/home/Zoë & co/100% of $HOME \"x\" \\ 'y'"
_STEPS = ["1m", "15m", "30m", "1h", "12h"]

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None and os.environ.get("CI") != "true",
    reason="there is no systemd-analyze",
)


def _job(step: str = "15m", word: str = _ODD) -> Job:
    command = (sys.executable, "-P", "-m", "sheetfunnel", "schedule", "run", "--state", word)
    return Job(command=command, every=every(step), limit=timedelta(minutes=10))


def _analyzed(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *map(str, words)],
        env={"PATH": os.environ["PATH"], "TZ": "UTC", "XDG_RUNTIME_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def _verified(folder: Path, step: str, old: str = "", new: str = "") -> tuple[int, str]:
    units = folder / "units"
    units.mkdir(exist_ok=True)
    for unit in Systemd().units(_job(step)):
        (units / Path(unit.place).name).write_text(unit.text.replace(old, new), encoding="utf-8")
    ended = _analyzed(folder, "verify", "--user", *units.iterdir())
    return ended.returncode, ended.stdout + ended.stderr


@needs_systemd
@pytest.mark.parametrize("step", _STEPS)
def test_systemd_accepts_both_units_without_a_word(step: str, tmp_path: Path) -> None:
    assert _verified(tmp_path, step) == (0, "")


@needs_systemd
def test_systemd_objects_to_a_unit_that_is_wrong(tmp_path: Path) -> None:
    code, said = _verified(tmp_path, "15m", "OnCalendar=", "OnCalendar=every ")
    assert code != 0 or "Failed to parse calendar specification" in said
    assert said


@needs_systemd
@pytest.mark.parametrize("step", _STEPS)
def test_systemd_reads_the_calendar_as_the_step(step: str, tmp_path: Path) -> None:
    timer = Systemd().units(_job(step))[1].text
    calendar = next(line for line in timer.splitlines() if line.startswith("OnCalendar=")).partition("=")[2]
    told = _analyzed(tmp_path, "calendar", "--iterations=4", calendar).stdout
    times = [
        datetime.fromisoformat(found) for found in re.findall(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", told)
    ]
    assert len(times) == 4
    assert {then - first for first, then in pairwise(times)} == {timedelta(minutes=every(step).minutes)}


def test_a_systemd_timer_makes_up_for_what_was_missed_and_a_run_has_a_limit() -> None:
    service, timer = (unit.text for unit in Systemd().units(_job()))
    assert "Persistent=true\n" in timer
    assert "RandomizedDelaySec=30\n" in timer
    assert "RuntimeMaxSec=630\n" in service
    assert "Type=oneshot" not in service  # to those the limit does not apply
    assert '"/home/Zoë & co/100%% of $$HOME \\"x\\" \\\\ \'y\'"' in service


@pytest.mark.parametrize("step", _STEPS)
def test_a_launchd_agent_is_a_property_list_with_the_command_and_its_times(step: str) -> None:
    agent = plistlib.loads(Launchd().units(_job(step))[0].text.encode())
    assert agent["ProgramArguments"] == list(_job().command)
    assert len(agent["StartCalendarInterval"]) == len(list(every(step).times()))
    assert all(set(at) <= {"Hour", "Minute"} for at in agent["StartCalendarInterval"])


def test_a_windows_task_has_its_parts_where_its_schema_wants_them() -> None:
    (unit,) = Windows().units(_job())
    task = ET.fromstring(unit.text.encode("utf-16"))  # noqa: S314 - it is our own
    assert task.tag == f"{_TASK}Task"
    parts = {"RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"}
    assert {part.tag.removeprefix(_TASK) for part in task} == parts
    trigger = task.find(f"{_TASK}Triggers/{_TASK}TimeTrigger")
    assert trigger is not None
    order = [part.tag.removeprefix(_TASK) for part in trigger]
    assert order == ["Enabled", "StartBoundary", "Repetition", "RandomDelay"]
    texts = {part.tag.removeprefix(_TASK): part.text for part in task.iter()}
    assert (texts["Interval"], texts["ExecutionTimeLimit"]) == ("PT900S", "PT630S")
    assert (texts["StartWhenAvailable"], texts["MultipleInstancesPolicy"]) == ("true", "IgnoreNew")
    assert texts["Command"] == sys.executable
    principal = task.find(f"{_TASK}Principals/{_TASK}Principal")
    actions = task.find(f"{_TASK}Actions")
    assert principal is not None
    assert actions is not None
    assert principal.get("id") == actions.get("Context")


@pytest.mark.parametrize("step", _STEPS)
def test_a_windows_task_keeps_the_rules_of_its_published_schema(step: str) -> None:
    assert broken_in_task(_task(step)) == []


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        ("a trigger's parts in another order", "<Enabled>true</Enabled>", ""),
        ("a step below a minute", "PT900S", "PT30S"),
        ("a step that is no length", "PT900S", "900"),
        ("an unknown setting", "StartWhenAvailable", "StartWhenPossible"),
        ("a truth that is none", "<StartWhenAvailable>true", "<StartWhenAvailable>yes"),
        ("no program", "Command>", "Kommand>"),
        ("a principal that is not there", 'Context="Author"', 'Context="Nobody"'),
        ("no beginning", "StartBoundary", "EndBoundary"),
        ("a logon that is none", "InteractiveToken", "Token"),
        ("an old version", 'version="1.2"', 'version="1.1"'),
        ("another namespace", "2004/02/mit/task", "2004/02/mit/job"),
    ],
)
def test_what_breaks_a_rule_of_the_schema_is_noticed(place: str, old: str, new: str) -> None:
    (unit,) = Windows().units(_job())
    assert old in unit.text
    moved = unit.text.replace(old, new)
    if not new:
        moved = moved.replace("</TimeTrigger>", f"{old}</TimeTrigger>")
    assert broken_in_task(ET.fromstring(moved.encode("utf-16"))), place  # noqa: S314 - it is our own


def _task(step: str = "15m") -> ET.Element:
    (unit,) = Windows().units(_job(step))
    return ET.fromstring(unit.text.encode("utf-16"))  # noqa: S314 - it is our own


@pytest.mark.parametrize("step", _STEPS)
def test_a_launchd_agent_keeps_the_rules_of_property_lists_and_of_its_manual(step: str) -> None:
    (unit,) = Launchd().units(_job(step))
    assert broken_in_list(unit.text) == []
    agent = plistlib.loads(unit.text.encode())
    assert [key for key, told in agent.items() if key not in AGENT or not AGENT[key](told)] == []
    assert plistlib.loads(plistlib.dumps(agent)) == agent


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<key>Label</key>", ""),
        ("<integer>15</integer>", "<integer>a quarter</integer>"),
        ("<true/>", "<yes/>"),
        ('version="1.0"', 'version="2.0"'),
        ("PLIST 1.0", "PLIST"),
        ("<array>", "<array><key>x</key>"),
    ],
)
def test_what_breaks_a_rule_of_property_lists_is_noticed(old: str, new: str) -> None:
    (unit,) = Launchd().units(_job())
    assert old in unit.text
    assert broken_in_list(unit.text.replace(old, new))


@pytest.mark.parametrize("step", _STEPS)
def test_a_line_of_cron_is_read_as_the_step_by_its_own_library(step: str) -> None:
    (unit,) = Cron().units(_job(step))
    (line,) = list(CronTab(tab=unit.text))
    assert line.is_valid()
    assert line.comment == "sheetfunnel"
    assert line.frequency_per_day() == 24 * 60 // every(step).minutes


@given(word=st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30))
def test_the_shell_of_cron_gets_every_word_as_it_is(word: str) -> None:
    job = Job(command=("/usr/bin/printf", "%s|", word, "end"), every=every("15m"), limit=timedelta(minutes=1))
    (unit,) = Cron().units(job)
    command = unit.text.split(" ", 5)[5].rpartition(" # ")[0].replace(" >/dev/null 2>&1", "")
    assert "\n" not in command
    ran = subprocess.run(["sh", "-c", command.replace("\\%", "%")], capture_output=True, check=True)
    assert ran.stdout.decode() == f"{word}|end|"


def test_every_scheduler_has_a_name_of_its_own_and_begins_with_an_absolute_interpreter() -> None:
    assert len({scheduler.name for scheduler in SCHEDULERS}) == len(SCHEDULERS) == 4
    for scheduler in SCHEDULERS:
        assert any(sys.executable in unit.text for unit in scheduler.units(_job()))
