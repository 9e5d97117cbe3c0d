from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.cli.runner import TODAY, Run

TOMORROW = "2026-03-03"


def type_in(path: Path, header: str, row: int, value: str) -> None:
    """Type something into a column of Objectives, as a person does."""
    book = openpyxl.load_workbook(path)
    tab = book["Objectives"]
    at = next(cell.column for cell in tab[1] if cell.value == header)
    tab.cell(row, at).value = value
    book.save(path)


@pytest.fixture
def pen(practice: Path) -> Path:
    """Return the demo's workbook, in which a person has just closed an objective."""
    type_in(practice, "Outcome", 4, "Dropped")
    return practice


def test_a_sync_says_what_it_read_found_and_wrote(run: Run, pen: Path) -> None:
    ran = run("sync", pen.name, "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("practice.xlsx: 43 rows read: 32 open (Universe 7, ")
    assert lines[0].endswith("; 11 ended (won 6, lost 3, dropped 2).")
    assert lines[1] == "  5 things to look at; the tab “Check” has a link to each."
    assert len([line for line in lines if line.startswith("    Objectives!")]) == 5


def test_a_second_sync_changes_nothing_says_so_and_leaves_the_bytes(run: Run, practice: Path) -> None:
    before, touched = practice.read_bytes(), practice.stat().st_mtime_ns
    ran = run("sync", practice.name, "--today", TODAY)
    assert ran.code == 0
    assert ran.out.endswith("  Nothing changed; the file was left as it is.\n")
    assert (practice.read_bytes(), practice.stat().st_mtime_ns) == (before, touched)


def test_a_dry_run_prints_each_cell_that_would_change_old_and_new_and_writes_nothing(
    run: Run, practice: Path
) -> None:
    type_in(practice, "Client", 3, "Harbour Clinic and Partners")
    before = practice.read_bytes()
    ran = run("sync", practice.name, "--today", TODAY, "--dry-run")
    assert (ran.code, practice.read_bytes()) == (0, before)
    client = openpyxl.load_workbook(practice)["Objectives"]["A3"].value
    assert client == "Harbour Clinic and Partners"
    changes = [line for line in ran.out.splitlines() if " -> " in line]
    assert any("Harbour Clinic and Partners" in line.partition(" -> ")[2] for line in changes)
    assert any(line.startswith("  Objectives!C3: ") for line in changes)
    (count,) = re.findall(r"^  And (\d+) cells on the hidden tabs .+ \(.+\)\.$", ran.out, re.MULTILINE)
    total = len(changes) + int(count)
    assert ran.out.splitlines()[-1] == f"  Dry run: {total} cells would change; nothing was written."
    run("sync", practice.name, "--today", TODAY)
    after = run("sync", practice.name, "--today", TODAY, "--dry-run").out
    assert after.endswith("  Nothing changed; the file was left as it is.\n")


def test_a_dry_run_names_the_cells_that_a_sync_then_changes(run: Run, practice: Path) -> None:
    type_in(practice, "Outcome", 4, "Lost")
    ran = run("sync", practice.name, "--today", TODAY, "--dry-run")
    told = {line.strip().partition(": ")[0] for line in ran.out.splitlines() if " -> " in line}
    old = _cells(practice)
    run("sync", practice.name, "--today", TODAY)
    new = _cells(practice)
    changed = {where for where in old | new if old.get(where) != new.get(where)}
    hidden = {where for where in changed if where.startswith("_")}
    assert changed - hidden == told
    assert f"And {len(hidden)} cells on the hidden tabs where the program keeps its books (_" in ran.out


def _cells(path: Path) -> dict[str, object]:
    book = openpyxl.load_workbook(path)
    return {
        f"{tab.title}!{cell.coordinate}": cell.value
        for tab in book.worksheets
        for row in tab.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_a_script_gets_counts_and_findings(run: Run, pen: Path) -> None:
    ran = run("sync", pen.name, "--today", TODAY, "--json")
    assert (ran.code, ran.err) == (0, "")
    (report,) = ran.json
    assert set(report) == {
        *("file", "exit", "written", "changed_rows", "rows", "open", "universe", "above", "in", "best_few"),
        *("won", "lost", "dropped", "without_client", "same_key", "findings", "remarks"),
    }
    assert (report["file"], report["exit"], report["written"], report["rows"]) == (pen.name, 0, True, 43)
    assert report["open"] == sum(report[stage] for stage in ("universe", "above", "in", "best_few"))
    assert report["findings"][0]["code"] == "impossible_date"
    (again,) = run("sync", pen.name, "--today", TODAY, "--json").json
    assert (again["written"], again["changed_rows"]) == (False, 0)


def test_one_bad_workbook_stops_none_of_the_others_and_the_worst_exit_code_counts(
    run: Run, practice: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.xlsx").write_text("not a workbook")
    other = Path(shutil.copy(practice, tmp_path / "other.xlsx"))
    before = other.read_bytes()
    ran = run("sync", "gone.xlsx", "bad.xlsx", "other.xlsx", "--today", TOMORROW)
    assert ran.code == 65
    assert "gone.xlsx: " in ran.err
    assert "bad.xlsx: " in ran.err
    assert ran.out.startswith("other.xlsx: 43 rows read")
    assert other.read_bytes() != before
    told = run("sync", "gone.xlsx", "bad.xlsx", "other.xlsx", "--today", TOMORROW, "--json")
    assert told.code == 65
    assert [report["exit"] for report in told.json] == [2, 65, 0]
    assert set(told.json[1]) == {"file", "error", "hint", "exit"}


def test_a_workbook_open_in_excel_is_tried_later(run: Run, pen: Path) -> None:
    before = pen.read_bytes()
    lock = pen.with_name(f"~${pen.name}")
    lock.write_bytes((b"\x04Anna" + b" " * 50 + b"\x04\x00" + "Anna".encode("utf-16-le")).ljust(165, b" "))
    ran = run("sync", pen.name, "--today", TODAY)
    assert (ran.code, ran.out) == (75, "")
    assert "Anna" in ran.err
    assert pen.read_bytes() == before


def test_an_old_lock_is_a_remark_on_stderr(run: Run, pen: Path) -> None:
    lock = pen.with_name(f"~${pen.name}")
    lock.write_bytes(b"\x04Anna".ljust(165, b" "))
    os.utime(lock, (1, 1))
    ran = run("sync", pen.name, "--today", TODAY)
    assert ran.code == 0
    assert "lock file of Excel" in ran.err
    type_in(pen, "Outcome", 4, "Lost")
    (report,) = run("sync", pen.name, "--today", TODAY, "--json").json
    assert "lock file of Excel" in report["remarks"][0]


def test_a_read_only_workbook_is_no_access(run: Run, pen: Path) -> None:
    before = pen.read_bytes()
    pen.chmod(0o444)
    ran = run("sync", pen.name, "--today", TODAY)
    assert (ran.code, ran.out) == (77, "")
    assert "read-only" in ran.err
    assert pen.read_bytes() == before


def test_a_state_folder_that_cannot_be_made_is_no_access(
    run: Run, pen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(tmp_path / "taken" / "state"))
    ran = run("sync", pen.name, "--today", TODAY)
    assert (ran.code, ran.out) == (77, "")
    assert "SHEETFUNNEL_STATE" in ran.err


def test_a_disk_that_takes_no_more_is_78_and_the_file_is_as_it_was(pen: Path) -> None:
    before = pen.read_bytes()
    command = 'ulimit -f 8; exec "$0" -m sheetfunnel sync practice.xlsx --today 2026-03-02'
    ran = subprocess.run(
        ["bash", "-c", command, sys.executable], capture_output=True, text=True, cwd=pen.parent, check=False
    )
    assert (ran.returncode, ran.stdout) == (78, "")
    assert "could not be written" in ran.stderr
    assert pen.read_bytes() == before


def test_a_workbook_that_lost_its_rows_is_refused_until_told_otherwise(run: Run, practice: Path) -> None:
    book = openpyxl.load_workbook(practice)
    book["Objectives"].delete_rows(10, 30)
    book.save(practice)
    ran = run("sync", practice.name, "--today", TODAY)
    assert (ran.code, ran.out) == (65, "")
    assert "--accept-missing" in ran.err
    assert run("sync", practice.name, "--today", TODAY, "--accept-missing").code == 0


def test_a_workbook_that_was_saved_just_now_is_tried_later_where_a_quiet_period_is_asked_for(
    run: Run, pen: Path
) -> None:
    before = pen.read_bytes()
    ran = run("sync", pen.name, "--today", TODAY, "--quiet-period", "600")
    assert (ran.code, ran.out) == (75, "")
    assert "“practice.xlsx” changed " in ran.err
    assert "at rest for 600 seconds" in ran.err
    assert "Run this again in " in ran.err
    assert pen.read_bytes() == before
    assert run("sync", pen.name, "--today", TODAY).code == 0


@pytest.mark.parametrize("seconds", ["-1", "99999", "soon"])
def test_a_quiet_period_that_makes_no_sense_is_wrong_usage(run: Run, pen: Path, seconds: str) -> None:
    ran = run("sync", pen.name, "--quiet-period", seconds)
    assert (ran.code, ran.out) == (2, "")
    assert "What to do:" in ran.err
