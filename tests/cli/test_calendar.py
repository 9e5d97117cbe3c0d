"""The week's hours as an .ics file, read back by another library than the one that wrote it."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject

from sheetfunnel.workbook.contract import Cell
from tests.cli.runner import TODAY, Run
from tests.excel_people import practice as made

_CLARA = ("--owner", "Clara Vidal", "--zone", "Europe/Madrid")


def _entries(path: str) -> list[Any]:
    calendar = vobject.readOne(Path(path).read_text(encoding="utf-8"))
    return sorted(calendar.vevent_list, key=lambda entry: entry.dtstart.value)


def _by_uid(path: str) -> dict[str, tuple[int, str, datetime]]:
    return {
        str(entry.uid.value): (int(entry.sequence.value), str(entry.status.value), entry.dtstart.value)
        for entry in _entries(path)
    }


def test_the_blocks_add_up_to_the_weeks_hours_within_the_working_times(run: Run, practice: Path) -> None:
    ran = run("calendar", practice.name, *_CLARA, "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    name = "practice-Clara-Vidal-2026-W10.ics"
    assert ran.out == f"Made {name}: 8 blocks, 10 h. Open it, and your calendar takes them over.\n"
    entries = _entries(name)
    minutes: dict[str, float] = {}
    for entry in entries:
        begin, end = entry.dtstart.value, entry.dtend.value
        assert begin.date() == end.date()
        assert date(2026, 3, 2) <= begin.date() <= date(2026, 3, 6)
        assert 9 <= begin.hour < 18
        minutes[entry.summary.value] = minutes.get(entry.summary.value, 0) + (end - begin) / timedelta(
            hours=1
        )
    assert minutes == {"Close": 3.5, "Explore": 3.0, "Cover": 3.5}
    assert str(entries[0].description.value).startswith(
        "1. H. C. · Coaching for the new medical director: Send"
    )


def test_across_a_daylight_change_the_clock_on_the_wall_shows_the_same(run: Run, practice: Path) -> None:
    for as_of, utc in (("2026-03-27", [8, 7]), ("2026-10-22", [7, 8])):
        times = ("--times", "sat-sun 9-13", "--out", "change.ics")
        assert run("calendar", practice.name, *_CLARA, *times, "--today", as_of).code == 0
        begins = [entry.dtstart.value for entry in _entries("change.ics")]
        first = [
            min(begin for begin in begins if begin.date() == day)
            for day in sorted({b.date() for b in begins})
        ]
        assert [(begin.hour, begin.minute) for begin in first] == [(9, 0), (9, 0)]
        assert [begin.astimezone(UTC).hour for begin in first] == utc
    assert "BEGIN:VTIMEZONE" in Path("change.ics").read_text(encoding="utf-8")


def test_exploring_comes_first_thing_on_the_morning_that_is_set_for_it(run: Run, practice: Path) -> None:
    run("calendar", practice.name, *_CLARA, "--exploring", "tuesday", "--out", "w.ics", "--today", TODAY)
    tuesday = [entry for entry in _entries("w.ics") if entry.dtstart.value.date() == date(2026, 3, 3)]
    assert tuesday[0].summary.value == "Explore"
    assert tuesday[0].dtstart.value.hour == 9
    assert (tuesday[0].dtend.value - tuesday[0].dtstart.value) == timedelta(hours=3)


def test_made_again_it_has_the_same_entries_and_what_changed_has_a_number_more(
    run: Run, practice: Path
) -> None:
    words = ("calendar", practice.name, *_CLARA, "--out", "w.ics")
    run(*words, "--today", TODAY)
    first = _by_uid("w.ics")
    assert {sequence for sequence, _, _ in first.values()} == {0}
    run(*words, "--today", TODAY)
    assert _by_uid("w.ics") == first
    run(*words, "--today", TODAY, "--times", "mon-fri 16-20")
    moved = _by_uid("w.ics")
    assert moved.keys() >= first.keys()
    assert {sequence for sequence, _, _ in moved.values()} <= {0, 1}
    assert all(moved[uid][0] == 1 for uid in first)
    run(*words, "--today", TODAY)
    assert all(_by_uid("w.ics")[uid][0] == 2 for uid in first if _by_uid("w.ics")[uid][1] == "CONFIRMED")


def test_a_block_that_is_not_needed_any_more_is_cancelled(run: Run, practice: Path) -> None:
    words = ("calendar", practice.name, *_CLARA, "--out", "w.ics", "--today", TODAY)
    run(*words)
    first = _by_uid("w.ics")
    run(*words, "--times", "mon 9-11")
    shorter = _by_uid("w.ics")
    gone = [uid for uid, (_, status, _) in shorter.items() if status == "CANCELLED"]
    assert gone
    assert all(shorter[uid] == (1, "CANCELLED", first[uid][2]) for uid in gone)
    run(*words)
    assert {status for _, status, _ in _by_uid("w.ics").values()} == {"CONFIRMED"}
    assert all(_by_uid("w.ics")[uid][0] == 2 for uid in gone)


def test_hours_that_find_no_room_are_told(run: Run, practice: Path) -> None:
    ran = run("calendar", practice.name, *_CLARA, "--times", "mon 9-11", "--today", TODAY)
    assert ran.code == 0
    assert ": 2 blocks, 2 h." in ran.out or ": 1 block, 2 h." in ran.out
    assert "found no room in the working times" in ran.err


def test_blocks_on_days_that_have_passed_are_told(run: Run, practice: Path) -> None:
    assert run("calendar", practice.name, *_CLARA, "--today", TODAY).err == ""
    ran = run("calendar", practice.name, *_CLARA, "--out", "w.ics", "--today", "2026-03-05")
    behind = sum(entry.dtstart.value.date() < date(2026, 3, 5) for entry in _entries("w.ics"))
    assert behind > 1
    assert ran.err.startswith(f"{behind} of them are on days that have passed.")


@pytest.mark.parametrize(("language", "said"), [("en", "no objectives yet"), ("es", "no hay objetivos")])
def test_an_empty_workbook_is_told_how_to_begin(run: Run, language: str, said: str) -> None:
    run("new", "empty.xlsx", "--language", language)
    ran = run("calendar", "empty.xlsx")
    assert (ran.code, ran.err) == (0, "")
    assert said in ran.out
    assert not list(Path().glob("*.ics"))


def test_two_people_of_one_workbook_have_a_file_each_and_who_is_alone_needs_no_name(
    run: Run, practice: Path
) -> None:
    for owner in ("Clara Vidal", "Nora Salas"):
        assert run("calendar", practice.name, "--owner", owner, "--today", TODAY).code == 0
    names = sorted(path.name for path in Path().glob("*.ics"))
    assert names == ["practice-Clara-Vidal-2026-W10.ics", "practice-Nora-Salas-2026-W10.ics"]


@pytest.mark.parametrize(
    "words",
    [("digest", "--html"), ("calendar", "--owner", "Clara Vidal", "--out")],
    ids=["digest", "calendar"],
)
def test_what_is_made_of_a_workbook_is_never_written_over_it_or_another_kind(
    run: Run, practice: Path, words: tuple[str, ...]
) -> None:
    Path("notes.txt").write_text("mine")
    before = practice.read_bytes()
    command, *options = words
    for name in (practice.name, "new.xlsx", "notes.txt"):
        ran = run(command, practice.name, *options, name)
        assert (ran.code, ran.out) == (2, "")
        assert "so that no other file is lost" in ran.err
    assert (practice.read_bytes(), Path("notes.txt").read_text()) == (before, "mine")
    assert not Path("new.xlsx").exists()


def test_at_the_weekend_it_is_the_week_to_come(run: Run, practice: Path) -> None:
    for as_of, week in (("2026-03-06", 10), ("2026-03-07", 11), ("2026-03-08", 11)):
        assert (
            f"practice-Clara-Vidal-2026-W{week}.ics"
            in run("calendar", practice.name, *_CLARA, "--today", as_of).out
        )


def test_what_is_kept_for_the_next_time_names_nobody_and_is_private(
    run: Run, practice: Path, tmp_path: Path
) -> None:
    run("calendar", practice.name, *_CLARA, "--today", TODAY)
    (kept,) = (tmp_path / "state" / "calendars").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "Clara" not in kept.name + kept.read_text(encoding="utf-8")
    kept.write_text("damaged")
    assert run("calendar", practice.name, *_CLARA, "--today", TODAY).code == 0


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ((), (2, "--owner: Clara Vidal, Daniel Roca, Nora Salas")),
        (("--owner", "Zed"), (2, "The owners are")),
        ((*_CLARA, "--times", "always"), (2, "are no working times")),
        ((*_CLARA, "--exploring", "often"), (2, "is no day of the week")),
        ((*_CLARA, "--exploring", "lunes", "--times", "tue-fri 9-13"), (2, "there is no working time")),
        (("--owner", "Clara Vidal", "--zone", "Nowhere/Land"), (2, "There is no time zone")),
        ((*_CLARA, "--out", "no/folder/w.ics"), (77, "cannot be written")),
    ],
)
def test_what_cannot_be_made_is_told_with_what_to_do(
    run: Run, practice: Path, words: tuple[str, ...], ends: tuple[int, str]
) -> None:
    ran = run("calendar", practice.name, *words)
    assert (ran.code, ran.out) == (ends[0], "")
    assert ends[1] in ran.err


def test_hours_that_are_not_known_are_asked_for(run: Run, tmp_path: Path) -> None:
    rows: list[dict[str, Cell]] = [{"client": "Ana", "objective": "Talk"}]
    book = made(tmp_path / "alone.xlsx", additions={"objectives": rows}, sync=False)
    ran = run("calendar", book.name)
    assert ran.code == 78
    assert "on the tab “Settings” of alone.xlsx" in ran.err


def test_the_zone_is_that_of_the_machine_unless_another_is_named(
    run: Run, practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    run("calendar", practice.name, "--owner", "Clara Vidal", "--out", "w.ics", "--today", TODAY)
    assert "TZID=America/New_York:" in Path("w.ics").read_text(encoding="utf-8")
