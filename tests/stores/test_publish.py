from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from sheetfunnel.errors import (
    Busy,
    NoAccess,
    SheetfunnelError,
    StaleRevision,
    UnreadableWorkbook,
)
from sheetfunnel.findings import Code
from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.publishing.backups import backups, keep_backup
from sheetfunnel.stores.excel.publishing.locks import lease, open_elsewhere, refuse_open_elsewhere
from sheetfunnel.stores.excel.publishing.publish import (
    Steps,
    fingerprint,
    publish,
    refuse_stale,
    told_in_words,
)
from sheetfunnel.stores.excel.publishing.read_back import check_read_back
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.stores.state import VARIABLE, refusal_of, state_folder
from sheetfunnel.workbook.contract import Cell, Purpose, SetCells, WritePlan
from tests.stores.files import opened, rows_of, save, small, stages

_WRITE = """
import sys
from pathlib import Path
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.contract import SetCells, WritePlan
workbook = ExcelWorkbook(Path(sys.argv[1]), state=Path(sys.argv[2]))
revision = workbook.read().revision
rows = {row: (sys.argv[3],) for row in range(2, 402)}
print("read", flush=True)
workbook.write(WritePlan(changes=(SetCells(tab="Objectives", columns=(2,), rows=rows),)), revision=revision)
"""


def _nothing(*_: object) -> None:
    pass


def _new(path: Path) -> None:
    path.write_bytes(b"new")


def _steps(
    build: Callable[[Path], None] = _new,
    check: Callable[[Path], None] = _nothing,
    keep: Callable[[], object] = _nothing,
    still_as_read: Callable[[Path], None] = _nothing,
) -> Steps:
    return Steps(build=build, check=check, keep=keep, still_as_read=still_as_read)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "plain [1].xlsx"
    path.write_bytes(b"old")
    return path


def test_a_published_file_keeps_the_mode_and_gets_a_time_of_its_own(target: Path) -> None:
    target.chmod(0o640)
    os.utime(target, (1, 1))
    publish(target, _steps())
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.stat().st_mtime > 1_000_000


@pytest.mark.parametrize("step", ["build", "check", "keep", "still_as_read"])
def test_an_interruption_at_any_step_leaves_the_old_file_and_no_other(target: Path, step: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        publish(target, _steps(**{step: _stop}))
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_the_new_file_stands_beside_the_old_one_and_is_private_until_it_is_complete(target: Path) -> None:
    seen: list[tuple[Path, int]] = []
    publish(target, _steps(check=lambda new: seen.append((new.parent, new.stat().st_mode & 0o777))))
    assert seen == [(target.parent, 0o600)]


def test_the_last_look_at_the_old_file_comes_after_the_backup(target: Path) -> None:
    order: list[str] = []
    publish(
        target,
        _steps(keep=lambda: order.append("keep"), still_as_read=lambda _: order.append("look")),
    )
    assert order[:2] == ["keep", "look"]


def test_a_name_of_the_greatest_length_can_be_published(tmp_path: Path) -> None:
    target = tmp_path / f"{'x' * 250}.xlsx"
    target.write_bytes(b"old")
    publish(target, _steps())
    assert target.read_bytes() == b"new"


def test_a_workbook_saved_by_a_person_meanwhile_is_left_as_they_saved_it(tmp_path: Path) -> None:
    path = small(tmp_path)
    workbook = opened(path)
    revision = workbook.read().revision
    save(path, {"Objectives": [["Client", "Stage"], ["typed just now", None]]})
    theirs = path.read_bytes()
    with pytest.raises(StaleRevision):
        workbook.write(stages("new"), revision=revision)
    assert path.read_bytes() == theirs
    assert {each.name for each in tmp_path.iterdir()} == {"sales.xlsx", "state"}


@pytest.mark.parametrize("step", ["build", "check"])
def test_a_save_in_the_middle_of_the_work_is_no_damage_but_a_reason_to_begin_again(
    tmp_path: Path, step: str
) -> None:
    path = small(tmp_path)
    revision = fingerprint(path)

    def trip(_: Path) -> None:
        save(path, {"Objectives": [["Client", "Stage"], ["typed just now", None]]})
        raise UnreadableWorkbook("It does not read back.", hint="Nothing to do.")

    steps = _steps(still_as_read=lambda old: refuse_stale(old, revision))
    with pytest.raises(StaleRevision):
        publish(path, replace(steps, build=trip) if step == "build" else replace(steps, check=trip))
    assert {each.name for each in tmp_path.iterdir()} == {"sales.xlsx"}


def test_the_displaced_generation_is_kept_for_this_user_only(tmp_path: Path) -> None:
    path = small(tmp_path)
    before = path.read_bytes()
    workbook = opened(path)
    workbook.write(stages("new"), revision=workbook.read().revision)
    (kept,) = backups(path, tmp_path / "state")
    assert kept.read_bytes() == before
    assert kept.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in kept.parents[:3]} == {0o700}


def test_ten_backups_are_kept_and_none_for_more_than_two_weeks(target: Path, tmp_path: Path) -> None:
    for number in range(14):
        target.write_bytes(b"%d" % number)
        keep_backup(target, tmp_path / "state")
    kept = backups(target, tmp_path / "state")
    assert len(kept) == 10
    assert [each.read_bytes() for each in kept] == [b"%d" % number for number in range(13, 3, -1)]
    before = datetime.now(tz=UTC) - timedelta(days=15)
    for each in kept[5:]:
        each.rename(each.with_name(f"{before:%Y%m%dT%H%M%S}{each.name[15:]}"))
    target.write_bytes(b"last")
    newest = keep_backup(target, tmp_path / "state")
    assert len(backups(target, tmp_path / "state")) == 6
    assert newest.read_bytes() == b"last"


def test_a_generation_is_kept_once(target: Path, tmp_path: Path) -> None:
    keep_backup(target, tmp_path / "state")
    keep_backup(target, tmp_path / "state")
    assert len(backups(target, tmp_path / "state")) == 1


def test_what_dead_runs_left_is_removed_and_what_live_ones_use_stays(tmp_path: Path) -> None:
    path = small(tmp_path)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = {
        "dead": f".sales.xlsx.sheetfunnel-{dead.pid}-abc.tmp",
        "ours, from before": f".sales.xlsx.sheetfunnel-{os.getpid()}-abc.tmp",
        "alive": f".sales.xlsx.sheetfunnel-{os.getppid()}-abc.tmp",
        "of another workbook": f".other.xlsx.sheetfunnel-{dead.pid}-abc.tmp",
        "of somebody else": "notes.tmp",
    }
    for name in names.values():
        (tmp_path / name).write_bytes(b"")
    workbook = opened(path)
    workbook.write(stages("new"), revision=workbook.read().revision)
    left = {name for name, file in names.items() if (tmp_path / file).exists()}
    assert left == {"alive", "of another workbook", "of somebody else"}


def _named(stage: str) -> list[list[Cell]]:
    return [[f"name {row}", stage] for row in range(400)]


@pytest.mark.parametrize("delay", [0.0, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05])
def test_a_run_killed_at_any_moment_leaves_the_old_workbook_or_the_new(tmp_path: Path, delay: float) -> None:
    rows: list[list[Cell]] = [["Client", "Stage"], *_named("old")]
    path, state = save(tmp_path / "sales.xlsx", {"Objectives": rows}), tmp_path / "state"
    command = [sys.executable, "-c", _WRITE, str(path), str(state)]
    with subprocess.Popen([*command, "new"], stdout=subprocess.PIPE) as run:
        assert run.stdout
        run.stdout.readline()
        time.sleep(delay)
        run.send_signal(signal.SIGKILL)
    workbook = ExcelWorkbook(path, state=state)
    snapshot = workbook.read()
    found = rows_of(snapshot)[1:]
    assert found in [_named("old"), _named("new")]
    subprocess.run([*command, "newest"], check=True, capture_output=True)
    assert {row[1] for row in rows_of(workbook.read())[1:]} == {"newest"}
    assert {each.name for each in tmp_path.iterdir()} == {"sales.xlsx", "state"}
    assert not list((state / "backups").rglob("*.tmp"))


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, SheetfunnelError),
        (errno.EIO, SheetfunnelError),
        (errno.EACCES, NoAccess),
        (errno.EROFS, NoAccess),
        (errno.EBUSY, Busy),
        (errno.ENOENT, Busy),
    ],
)
def test_errors_of_the_system_are_told_in_words(number: int, kind: type[SheetfunnelError]) -> None:
    with pytest.raises(SheetfunnelError) as told, told_in_words(Path("sales.xlsx")):
        raise OSError(number, os.strerror(number))
    assert type(told.value) is kind
    assert "sales.xlsx" in told.value.message
    assert told.value.hint


# --------------------------------------------------------------------------------------- reading back


def _edited(tmp_path: Path, plan: WritePlan) -> tuple[Path, Path]:
    old, new = small(tmp_path), tmp_path / "new.xlsx"
    edit(old, new, plan)
    return old, new


def _check(old: Path, new: Path, plan: WritePlan) -> None:
    check_read_back(new, opened(old).read(), plan, source=old)


def test_a_file_that_reads_as_planned_passes(tmp_path: Path) -> None:
    plan = stages("new")
    _check(*_edited(tmp_path, plan), plan)


@pytest.mark.parametrize(
    ("written", "planned"),
    [("new", "old"), ("1", 1), (1, "1"), (True, 1), (None, "x"), ("x", None), (1.5, 1)],
)
def test_a_cell_that_does_not_read_as_planned_is_refused(
    tmp_path: Path, written: Cell, planned: Cell
) -> None:
    old, new = _edited(tmp_path, stages(written))
    with pytest.raises(UnreadableWorkbook, match="cell B2"):
        _check(old, new, stages(planned))


def test_a_change_that_nobody_planned_is_refused(tmp_path: Path) -> None:
    old, new = _edited(tmp_path, stages("new"))
    with pytest.raises(UnreadableWorkbook, match="cell B4"):
        _check(old, new, stages("new", rows=(2, 3)))


def test_a_row_that_vanished_is_refused(tmp_path: Path) -> None:
    old, new = _edited(tmp_path, stages("new"))
    with zipfile.ZipFile(new) as archive:
        parts = {info: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(new, "w") as archive:
        for info, data in parts.items():
            first, found, _ = data.partition(b'<row r="4"')
            archive.writestr(info, first + b"</sheetData></worksheet>" if found else data)
    with pytest.raises(UnreadableWorkbook, match="row 4"):
        _check(old, new, stages("new", rows=(2, 3)))


def test_a_change_on_a_tab_that_the_plan_does_not_name_is_refused(tmp_path: Path) -> None:
    old = small(tmp_path)
    plan = WritePlan(changes=(SetCells(tab="Notes", columns=(1,), rows={1: ("theirs",)}),))
    edit(old, tmp_path / "new.xlsx", plan)
    with pytest.raises(UnreadableWorkbook, match="its parts"):
        _check(old, tmp_path / "new.xlsx", stages("new"))


def test_a_part_that_was_to_be_copied_and_is_not_all_there_is_refused(tmp_path: Path) -> None:
    """Its checksum in the directory is that of the old one, whatever lies in the new file."""
    old, new = _edited(tmp_path, stages("new"))
    with zipfile.ZipFile(new) as archive:
        copied = archive.getinfo("xl/styles.xml")
    whole = bytearray(new.read_bytes())
    at = copied.header_offset + 60
    whole[at : at + 4] = b"lost"
    new.write_bytes(whole)
    with pytest.raises(UnreadableWorkbook, match=r"xl/styles\.xml"):
        _check(old, new, stages("new"))


def test_a_file_that_lost_its_end_is_refused(tmp_path: Path) -> None:
    old, new = _edited(tmp_path, stages("new"))
    new.write_bytes(new.read_bytes()[:-200])
    with pytest.raises(UnreadableWorkbook):
        _check(old, new, stages("new"))


def test_a_date_in_a_column_formatted_as_a_number_is_the_same_day(tmp_path: Path) -> None:
    plan = stages(date(2026, 3, 2))
    _check(*_edited(tmp_path, plan), plan)


def test_a_number_in_a_column_formatted_as_a_date_is_the_same_number(tmp_path: Path) -> None:
    day: list[Cell] = ["", date(2026, 1, 1)]
    old = save(tmp_path / "old.xlsx", {"Objectives": [["", ""], day, day, day]})
    edit(old, tmp_path / "new.xlsx", stages(45_000))
    _check(old, tmp_path / "new.xlsx", stages(45_000))
    with pytest.raises(UnreadableWorkbook):
        _check(old, tmp_path / "new.xlsx", stages(45_001))


def test_a_text_too_long_for_a_cell_reads_back_cut(tmp_path: Path) -> None:
    plan = stages("long " * 10_000)
    _check(*_edited(tmp_path, plan), plan)


# ---------------------------------------------------------------------------------------------- locks


def _excel_lock(path: Path, owner: str) -> Path:
    lock = path.with_name(f"~${path.name}")
    narrow, wide = owner.encode("cp1252", "replace"), owner.encode("utf-16-le")
    content = bytes([len(narrow)]) + narrow.ljust(54) + len(owner).to_bytes(2, "little") + wide
    lock.write_bytes(content.ljust(165, b" "))
    return lock


def _libreoffice_lock(path: Path, content: str) -> Path:
    lock = path.with_name(f".~lock.{path.name}#")
    lock.write_text(content, encoding="utf-8")
    return lock


def test_a_workbook_open_in_excel_is_busy_and_says_by_whom(tmp_path: Path) -> None:
    path = small(tmp_path)
    workbook = opened(path)
    revision = workbook.read().revision
    lock = _excel_lock(path, "Anna Żółć")
    before = path.read_bytes()
    with pytest.raises(Busy, match="open in Excel by Anna Żółć since 20"):
        workbook.write(stages("new"), revision=revision)
    assert path.read_bytes() == before
    lock.unlink()
    workbook.write(stages("new"), revision=revision)


@pytest.mark.parametrize(
    ("content", "owner"),
    [
        (",anna,laptop,02.03.2026 10:11,file:///home/anna/.config/libreoffice/4;", "anna@laptop"),
        ("Anna Gil,anna,laptop,02.03.2026 10:11,file:///x;", "Anna Gil"),
        ("Gil\\, Anna,anna,laptop,02.03.2026 10:11,file:///x;", "Gil, Anna"),
        ("An\x1b[31mna,anna,laptop,,;", "An[31mna"),
        ("", ""),
    ],
)
def test_a_workbook_open_in_libreoffice_is_busy(tmp_path: Path, content: str, owner: str) -> None:
    path = small(tmp_path)
    _libreoffice_lock(path, content)
    (found,) = open_elsewhere(path)
    assert (found.program, found.owner, found.stale) == ("LibreOffice", owner, False)
    with pytest.raises(Busy, match="LibreOffice"):
        refuse_open_elsewhere(path)


@pytest.mark.parametrize("content", [b"", b"\x05", b"\xff" * 60, b"\x05Peter" + b"\x00" * 300])
def test_a_lock_file_of_odd_content_is_a_lock_file(tmp_path: Path, content: bytes) -> None:
    path = small(tmp_path)
    path.with_name(f"~${path.name}").write_bytes(content)
    with pytest.raises(Busy):
        refuse_open_elsewhere(path)


def test_a_lock_file_of_the_day_before_yesterday_is_a_warning(tmp_path: Path) -> None:
    path = small(tmp_path)
    lock = _excel_lock(path, "Anna")
    os.utime(lock, (time.time() - 2 * 86_400,) * 2)
    workbook = opened(path)
    workbook.write(stages("new"), revision=workbook.read().revision)
    (remark,) = workbook.remarks
    assert remark.code is Code.STALE_LOCK
    assert remark.params["owner"] == "Anna"
    assert lock.exists()


def test_a_lock_beside_a_link_counts_as_well(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    small(tmp_path / "elsewhere")
    link = tmp_path / "link.xlsx"
    link.symlink_to(tmp_path / "elsewhere" / "sales.xlsx")
    workbook = opened(link)
    _excel_lock(link, "Anna")
    with pytest.raises(Busy):
        workbook.write(stages("new"), revision=workbook.read().revision)


def test_two_runs_on_one_workbook_do_not_overlap(tmp_path: Path) -> None:
    path = small(tmp_path)
    workbook = opened(path)
    revision = workbook.read().revision
    with lease(path, tmp_path / "state"), pytest.raises(Busy, match="Another run"):
        workbook.write(stages("new"), revision=revision)
    workbook.write(stages("new"), revision=revision)


def test_the_lease_of_a_dead_process_is_free(tmp_path: Path) -> None:
    path, state = small(tmp_path), tmp_path / "state"
    hold = (
        "import sys, time; from pathlib import Path\n"
        "from sheetfunnel.stores.excel.publishing.locks import lease\n"
        "with lease(Path(sys.argv[1]), Path(sys.argv[2])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", hold, path, state], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        with pytest.raises(Busy), lease(path, state):
            pass
        holder.kill()
    with lease(path, state):
        pass


def test_the_lease_is_given_back_after_an_error(tmp_path: Path) -> None:
    path, state = small(tmp_path), tmp_path / "state"
    with pytest.raises(KeyboardInterrupt), lease(path, state):
        _stop()
    (lock,) = (state / "leases").glob("*.lock") or [None]
    if lock:
        FileLock(lock, timeout=0).acquire().lock.release()


def test_the_state_folder_is_private_and_can_be_put_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "a" / "state"))
    assert state_folder() == tmp_path / "a" / "state"
    assert state_folder().stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv(VARIABLE, str(small(tmp_path)))
    with pytest.raises(NoAccess, match="cannot be made"):
        state_folder()


def test_a_backup_is_named_by_time_and_content(target: Path, tmp_path: Path) -> None:
    kept = keep_backup(target, tmp_path / "state")
    moment, digest = kept.stem.split("-")
    assert abs(datetime.now(tz=UTC) - datetime.strptime(f"{moment}+0000", "%Y%m%dT%H%M%S%z")).days == 0
    assert len(digest) == 16


def test_a_backup_says_in_its_name_what_displaced_it_once_that_is_done(tmp_path: Path) -> None:
    path = small(tmp_path)
    workbook = opened(path)
    for purpose in (Purpose.SYNC, Purpose.ADOPT, Purpose.UNDO):
        plan = replace(stages(purpose.value), purpose=purpose)
        workbook.write(plan, revision=workbook.read().revision)
    assert [each.displaced_by for each in workbook.generations()] == [
        *(Purpose.UNDO, Purpose.ADOPT, Purpose.SYNC)
    ]
    assert [rows_of(each.read())[1][1] for each in workbook.generations()] == ["adopt", "sync", "old"]


def test_a_clock_that_was_set_back_loses_no_generation_and_not_their_order(
    target: Path, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    first = keep_backup(target, state)
    ahead = first.replace(first.with_stem(f"20990101T000000-{first.stem.partition('-')[2]}"))
    os.utime(ahead, (time.time() + 2_000_000_000,) * 2)
    for number in range(9):
        target.write_bytes(b"%d" % number)
        keep_backup(target, state)
    assert [each.read_bytes() for each in backups(target, state)] == [
        *(b"%d" % number for number in reversed(range(9))),
        b"old",
    ]


def test_the_only_generation_is_kept_however_old_it_is(target: Path, tmp_path: Path) -> None:
    kept = keep_backup(target, tmp_path / "state")
    os.utime(kept, (1, 1))
    assert backups(target, tmp_path / "state") == [kept]
    keep_backup(target, tmp_path / "state")
    assert len(backups(target, tmp_path / "state")) == 1


def test_a_full_disk_leaves_the_workbook_as_it_was(tmp_path: Path) -> None:
    if shutil.disk_usage(tmp_path).free and not Path("/dev/full").exists():
        return
    path = small(tmp_path)
    before = path.read_bytes()

    def fill(_: Path) -> None:
        with Path("/dev/full").open("wb") as full:
            full.write(b"x")

    with pytest.raises(SheetfunnelError, match="disk is full"), told_in_words(path):
        publish(path, _steps(build=fill))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_that_cannot_be_read_back_is_not_told_as_a_damaged_workbook(tmp_path: Path) -> None:
    plan = stages("new")
    old, new = _edited(tmp_path, plan)
    new.write_bytes(new.read_bytes()[:-200])
    with pytest.raises(UnreadableWorkbook, match="could not be read back") as told:
        _check(old, new, plan)
    assert new.name not in told.value.message


def test_a_full_disk_of_the_state_folder_is_not_told_as_a_missing_right() -> None:
    assert refusal_of(OSError(errno.ENOSPC, "full")) is SheetfunnelError
    assert refusal_of(OSError(errno.EACCES, "no right")) is NoAccess
