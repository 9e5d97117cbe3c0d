"""A scheduled run on real workbooks, each synced by a process of its own."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from sheetfunnel.errors import Busy
from sheetfunnel.schedule.journal import LOG, Ran, latest, lines, note
from sheetfunnel.schedule.run import QUIET, Run, Terms, alone, run_all
from tests.faults.desk import laid_out, typed_in

_AT_ONCE = timedelta(0)


def _run(
    state: Path, *books: Path, limit: timedelta = timedelta(minutes=2), quiet: timedelta = _AT_ONCE
) -> Run:
    said: list[Ran] = []
    done = run_all(list(map(str, books)), state=state, terms=Terms(limit=limit, quiet=quiet), say=said.append)
    assert (list(done.ran), done.log_failed) == (said, "")
    return done


def test_one_bad_workbook_stops_none_of_the_others_and_the_worst_code_counts(
    tmp_path: Path, state: Path
) -> None:
    good, other = typed_in(laid_out(tmp_path / "desk")), laid_out(tmp_path / "desk", "other.xlsx")
    bad, gone = tmp_path / "desk" / "bad.xlsx", tmp_path / "desk" / "gone.xlsx"
    bad.write_bytes(b"no workbook at all")
    done = _run(state, bad, gone, good, other)
    assert [ran.exit_code for ran in done.ran] == [65, 2, 0, 0]
    assert done.exit_code == 65
    assert list(lines(state)) == list(done.ran)
    assert done.ran[2].counts["rows"] == 6
    assert done.ran[2].counts["changed_rows"] >= 1
    assert done.ran[0].counts == {}


def test_no_text_of_a_cell_comes_into_the_log(tmp_path: Path, state: Path) -> None:
    book = typed_in(laid_out(tmp_path / "desk"), text="a secret of Harbour Clinic")
    _run(state, book)
    kept = b"".join(path.read_bytes() for path in (state / "schedule").iterdir())
    assert str(book).encode() in kept
    for word in (b"secret", b"Harbour", b"Quillon", b"Coaching"):
        assert word not in kept


def test_a_workbook_that_was_saved_just_now_is_left_for_the_next_time(tmp_path: Path, state: Path) -> None:
    book = typed_in(laid_out(tmp_path / "desk"))
    before = book.read_bytes()
    done = _run(state, book, quiet=QUIET)
    assert (done.exit_code, book.read_bytes()) == (75, before)


def test_a_workbook_that_somebody_has_open_is_left_for_the_next_time(tmp_path: Path, state: Path) -> None:
    book = typed_in(laid_out(tmp_path / "desk"))
    lock = book.with_name(f"~${book.name}")
    lock.write_bytes(b"\x04Anna".ljust(165, b" "))
    assert _run(state, book).exit_code == 75
    assert latest(state)[str(book)].succeeded == ""
    lock.unlink()
    assert _run(state, book).exit_code == 0
    assert latest(state)[str(book)].succeeded == latest(state)[str(book)].ran.at


def test_what_no_time_was_left_for_comes_first_at_the_next_time(tmp_path: Path, state: Path) -> None:
    books = [laid_out(tmp_path / "desk", f"{name}.xlsx") for name in ("a", "b")]
    assert [Path(ran.reference).stem for ran in _run(state, *books).ran] == ["a", "b"]
    note(Ran(reference=str(books[0]), at="2999-01-01T00:00:00+00:00", exit_code=0, seconds=1), state=state)
    assert [Path(ran.reference).stem for ran in _run(state, *books).ran] == ["b", "a"]


def test_a_run_without_time_syncs_nothing_and_says_try_later(tmp_path: Path, state: Path) -> None:
    book = typed_in(laid_out(tmp_path / "desk"))
    before = book.read_bytes()
    for seconds in (0, 0.05):  # the second begins, and is ended
        assert _run(state, book, limit=timedelta(seconds=seconds)).exit_code == 75
    assert book.read_bytes() == before


def test_a_second_run_says_busy_and_does_nothing(tmp_path: Path, state: Path) -> None:
    book = typed_in(laid_out(tmp_path / "desk"))
    with alone(state), pytest.raises(Busy):
        _run(state, book)
    assert not (state / "schedule" / LOG).exists()
    assert _run(state, book).exit_code == 0


def test_a_second_run_on_the_same_day_finds_nothing_to_write(tmp_path: Path, state: Path) -> None:
    book = typed_in(laid_out(tmp_path / "desk"))
    _run(state, book)
    before = book.read_bytes()
    (ran,) = _run(state, book).ran
    assert (ran.exit_code, ran.counts["changed_rows"], book.read_bytes()) == (0, 0, before)


def test_a_run_is_kept_as_one_line_of_json(tmp_path: Path, state: Path) -> None:
    _run(state, laid_out(tmp_path / "desk"))
    (line,) = (state / "schedule" / LOG).read_text(encoding="utf-8").splitlines()
    assert json.loads(line).keys() == {"reference", "at", "exit_code", "seconds", "counts"}
