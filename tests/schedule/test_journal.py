"""The log of the runs: counts only, for this user only, never too large, and never a reason to stop."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sheetfunnel.schedule.journal import LARGEST, LOG, OLD_ONES, Ran, forget, latest, lines, note


def _ran(reference: str = "/desk/sales.xlsx", *, at: str = "2026-03-02T09:00:00+01:00", code: int = 0) -> Ran:
    counts = {"rows": 43, "open": 33, "changed_rows": 2, "problems": 5} if code == 0 else {}
    return Ran(reference=reference, at=at, exit_code=code, seconds=0.4, counts=counts)


def test_a_run_is_a_line_of_counts_that_is_read_again(state: Path) -> None:
    runs = [_ran(), _ran("/desk/Año nuevo.xlsx", code=65), _ran(code=75)]
    for ran in runs:
        assert note(ran, state=state) == ""
    assert list(lines(state)) == runs


def test_only_this_user_can_read_the_log(state: Path) -> None:
    note(_ran(), state=state)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (state / "schedule").iterdir()}
    assert modes == {"runs.log": 0o600, "latest.json": 0o600}


def test_the_latest_run_and_the_last_success_are_remembered_apart(state: Path) -> None:
    note(_ran(at="2026-03-02T09:00:00+01:00"), state=state)
    note(_ran(at="2026-03-02T09:15:00+01:00", code=75), state=state)
    note(_ran("/desk/other.xlsx", code=65), state=state)
    found = latest(state)
    assert found["/desk/sales.xlsx"].ran.exit_code == 75
    assert found["/desk/sales.xlsx"].succeeded == "2026-03-02T09:00:00+01:00"
    assert found["/desk/other.xlsx"].succeeded == ""


def test_a_log_that_grew_makes_room_and_only_so_many_are_kept(state: Path) -> None:
    line = len(json.dumps(_ran().__class__.__name__)) + 150
    for number in range((OLD_ONES + 2) * LARGEST // line):
        note(_ran(at=_moment(number)), state=state) if number % 500 == 0 else _grow(state)
    logs = sorted(path.name for path in (state / "schedule").glob(f"{LOG}*"))
    assert logs == [LOG, *(f"{LOG}.{number}" for number in range(1, OLD_ONES + 1))]
    assert all(path.stat().st_size < LARGEST + 100_000 for path in (state / "schedule").glob(f"{LOG}*"))
    moments = [ran.at for ran in lines(state)]
    assert moments == sorted(moments)
    assert stat.S_IMODE((state / "schedule" / LOG).stat().st_mode) == 0o600


def _moment(number: int) -> str:
    return (datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=number)).isoformat()


def _grow(state: Path) -> None:
    with (state / "schedule" / LOG).open("a", encoding="utf-8") as log:
        log.write("{}" + " " * 147 + "\n")


def test_damaged_lines_and_files_are_passed_over(state: Path) -> None:
    note(_ran(), state=state)
    with (state / "schedule" / LOG).open("ab") as log:
        log.write(b'{"reference": "x"\n[]\n\xff\xfe\n{"reference": 1, "counts": 2}\n')
    note(_ran(code=75), state=state)
    assert [ran.exit_code for ran in lines(state)] == [0, 75]
    for text in ("", "[]", '{"/a": 1}', '{"/a": {"at": "x"}}'):
        (state / "schedule" / "latest.json").write_text(text)
        assert latest(state) == {}
        assert note(_ran(), state=state) == ""
        assert list(latest(state))[-1] == "/desk/sales.xlsx"


def test_where_the_log_cannot_be_written_the_reason_is_told(state: Path) -> None:
    (state / "schedule").mkdir()
    (state / "schedule" / LOG).mkdir()
    assert note(_ran(), state=state) == "Is a directory"


def test_where_the_folder_of_the_log_cannot_be_made_that_is_told_too(state: Path) -> None:
    (state / "schedule").write_bytes(b"no folder")
    assert "cannot be made" in note(_ran(), state=state)


def test_without_a_log_there_is_nothing_and_after_forgetting_it_too(state: Path) -> None:
    assert (list(lines(state)), latest(state)) == ([], {})
    note(_ran(), state=state)
    forget(state)
    assert list((state / "schedule").iterdir()) == []
