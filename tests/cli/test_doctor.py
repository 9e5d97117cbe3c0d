"""Whether all is well here: a line for each look, and the next step where it is not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sheetfunnel.schedule.cron import daemon_is_missing
from sheetfunnel.schedule.journal import Ran, note
from sheetfunnel.workbook.labels import labels, languages
from tests.cli.runner import Run
from tests.faults.desk import laid_out
from tests.faults.process.full_disk import needs_mount
from tests.schedule.machine import Machine, machine
from tests.small_disk import full_disk

_MARK = {True: "✓", False: "✗"}
#: What is free on a disk changes from one moment to the next.
_FREE = re.compile(r"[\d,]+ MB")


_SLEEP = Path(shutil.which("sleep") or "/bin/sleep")


@pytest.fixture
def idle_cron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine that has a crontab."""
    monkeypatch.setenv("TZ", "Europe/Madrid")
    monkeypatch.setenv("SHEETFUNNEL_MAIL", str(tmp_path / "mail.toml"))
    return machine(tmp_path / "machine", monkeypatch, "crontab")


@pytest.fixture
def cron(tmp_path: Path, idle_cron: Machine) -> Iterator[Machine]:
    """Return a machine that has a crontab, and a process that is called as those who read it."""
    daemon = Path(shutil.copy(_SLEEP, tmp_path / "cron"))
    with subprocess.Popen([daemon, "600"]) as started:
        yield idle_cron
        started.kill()


@pytest.mark.skipif(not daemon_is_missing(), reason="a cron is at work here")
def test_a_crontab_that_nobody_reads_is_told_at_once_and_by_the_doctor(
    run: Run, idle_cron: Machine, book: Path
) -> None:
    assert "no cron is at work" in run("schedule", "install", book).err
    assert idle_cron.crontab is not None
    assert _amiss(run) == ["daemon.missing"]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a synced workbook of which every cell can be read."""
    return laid_out(tmp_path / "desk")


@pytest.mark.usefixtures("cron")
def test_where_all_is_well_every_line_has_a_tick(run: Run, book: Path) -> None:
    run("schedule", "install", book)
    assert run("schedule", "run", "--quiet-period", "0").code == 0
    ran = run("doctor")
    assert (ran.code, ran.err) == (0, "")
    assert "✗" not in ran.out
    assert [line for line in ran.out.splitlines() if line[0] != " "] == [
        "This machine",
        "The schedule",
        str(book),
    ]
    for said in (
        "The time zone is Europe/Madrid",
        "1 workbook every 15m, by cron",
        "synced lately",
        "6 rows",
    ):
        assert said in ran.out


@pytest.mark.usefixtures("cron")
def test_a_script_gets_the_same(run: Run, book: Path) -> None:
    found = run("doctor", book, "--json").json
    lines = [line.strip() for line in run("doctor", book).out.splitlines() if line.startswith("  ")]
    told = [f"{_MARK[each['well']]} {each['told']}" for each in found]
    assert [_FREE.sub("", each) for each in told] == [_FREE.sub("", each) for each in lines]
    assert {each["about"] for each in found} == {"machine", "schedule", str(book)}


def _amiss(run: Run, *words: object) -> list[str]:
    ran = run("doctor", *words, "--json")
    labels_found = [each["label"] for each in ran.json if not each["well"]]
    assert ran.code == (1 if labels_found else 0)
    return labels_found


@pytest.mark.usefixtures("cron")
def test_what_is_amiss_with_a_workbook_is_told(run: Run, practice: Path, book: Path) -> None:
    assert _amiss(run, practice) == ["book.findings"]
    assert _amiss(run, "gone.xlsx") == ["book.unread"]
    bad = book.with_name("bad.xlsx")
    bad.write_bytes(b"nothing")
    assert _amiss(run, bad) == ["book.unread"]
    book.with_name("sales (1).xlsx").write_bytes(book.read_bytes())
    lock = book.with_name(f"~${book.name}")
    lock.write_bytes(b"\x04Anna".ljust(165, b" "))
    assert _amiss(run, book) == ["lock.fresh", "copies.found"]
    assert "Anna has it open in Excel" in run("doctor", book).out
    long_ago = time.time() - 200_000
    os.utime(lock, (long_ago, long_ago))
    assert _amiss(run, book) == ["lock.stale", "copies.found"]


def test_what_is_amiss_with_the_schedule_is_told(run: Run, cron: Machine, book: Path, tmp_path: Path) -> None:
    run("schedule", "install", book)
    cron.type_crontab("# nothing of ours\n")
    assert _amiss(run) == ["schedule.lost"]
    run("schedule", "install", book)
    record = tmp_path / "state" / "schedule" / "installed.json"
    kept = json.loads(record.read_text())
    record.write_text(json.dumps({**kept, "interpreter": "/no/such/python"}))
    assert _amiss(run) == ["interpreter.gone"]
    record.write_text(json.dumps({**kept, "at": "2020-01-01T00:00:00+00:00"}))
    assert _amiss(run) == ["recent.old"]
    (tmp_path / "state" / "schedule" / "trial.tmp").mkdir()
    assert "log.closed" in _amiss(run)


def test_a_crontab_that_does_not_answer_is_a_cross_and_the_other_looks_go_on(
    run: Run, cron: Machine, book: Path
) -> None:
    run("schedule", "install", book)
    (cron.folder / "bin" / "crontab").write_bytes(b"\x7fELF")
    assert _amiss(run) == ["schedule.unread"]
    assert "`crontab -l`" in run("doctor").out


@pytest.mark.usefixtures("cron")
def test_a_schedule_that_is_new_is_not_told_as_one_that_synced(run: Run, book: Path) -> None:
    run("schedule", "install", book)
    assert "1 workbook waits for its first sync" in run("doctor").out
    run("schedule", "run", "--quiet-period", "0")
    assert "Every workbook was synced lately" in run("doctor").out


@pytest.mark.usefixtures("cron")
def test_a_clock_that_was_set_back_is_told(run: Run, book: Path, tmp_path: Path) -> None:
    run("schedule", "install", book)
    ahead = (datetime.now().astimezone() + timedelta(days=400)).isoformat(timespec="seconds")
    note(Ran(reference=str(book), at=ahead, exit_code=0, seconds=1), state=tmp_path / "state")
    assert _amiss(run) == ["recent.future"]
    assert "the clock was set back" in run("status").out


@pytest.mark.usefixtures("cron")
def test_a_private_folder_that_others_can_read_is_told_with_the_command(run: Run, tmp_path: Path) -> None:
    run("doctor")
    (tmp_path / "state").chmod(0o755)
    assert _amiss(run) == ["state.open"]
    assert f"chmod 700 {tmp_path / 'state'}" in run("doctor").out


@pytest.mark.usefixtures("cron")
def test_of_the_settings_of_mail_no_secret_is_told(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "mail.toml"
    settings.touch(mode=0o600)
    secret = "s3cret-Word"  # noqa: S105 - it opens nothing
    complete = f'host="h"\nsender="a@example.org"\nto=["b@example.org"]\nuser="u"\npassword="{secret}"\n'
    for text, wrong in (
        (complete, []),
        (f'password="{secret}"', ["mail.wrong"]),
        (f"{secret}", ["mail.wrong"]),
    ):
        settings.write_text(text)
        assert _amiss(run) == wrong
        assert secret not in run("doctor").out + run("doctor", "--json").out
    settings.chmod(0o644)
    assert _amiss(run) == ["mail.wrong"]


@needs_mount
@pytest.mark.usefixtures("cron")
def test_a_full_disk_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    with full_disk(tmp_path / "state"):
        assert _amiss(run) == ["state.closed", "room.little"]


@pytest.mark.parametrize("language", languages())
def test_every_look_has_its_sentence_in_every_language(language: str) -> None:
    folder = Path(__file__).parents[2] / "sheetfunnel" / "doctor"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    known = {label for label in labels(language).texts if label.startswith("doctor.")}
    unused = [label for label in known if f'"{label.removeprefix("doctor.")}"' not in source]
    assert sorted(unused) == ["doctor.about.machine", "doctor.about.schedule"]
