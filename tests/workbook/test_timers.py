"""Start says who syncs the workbook next: each computer writes of itself alone, and never twice in a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.timers import Computer, timer_facts, timers_after
from tests.sheets import TODAY, filled, table_rows

_OFFICE = Computer(name="office", minutes=15)
_LAPTOP = Computer(name="anna-laptop", minutes=120)
_SHOP = Computer(name="shop", minutes=None)

_COMPUTERS = st.builds(
    Computer,
    name=st.sampled_from(["office", "anna-laptop", "a b = c.d", "shop"]),
    minutes=st.none() | st.sampled_from([1, 15, 60, 720]),
)


def _workbook(language: str = "en") -> MemoryWorkbook:
    return filled([{"client": "Harbour Clinic", "objective": "Coaching"}], language=language)


def _told(workbook: MemoryWorkbook, computer: Computer | None, *, day: date = TODAY) -> str:
    """Sync on a computer, and return what Start says of the next sync."""
    sync_workbook(workbook, today=day, computer=computer)
    return str(table_rows(workbook, "status")[1]["value"])


def test_start_says_how_often_which_computer_syncs_the_workbook_in_its_language() -> None:
    assert _told(_workbook(), _OFFICE) == "Every 15 minutes on office"
    assert _told(_workbook(), _LAPTOP) == "Every 2 hours on anna-laptop"
    assert _told(_workbook(), Computer(name="office", minutes=60)) == "Every hour on office"
    assert _told(_workbook("es"), _OFFICE) == "Cada 15 minutos en office"
    assert _told(_workbook("es"), Computer(name="office", minutes=1)) == "Cada minuto en office"


@pytest.mark.parametrize(("language", "begins"), [("en", "Not scheduled"), ("es", "Sin programar")])
def test_where_nobody_does_it_names_the_command(language: str, begins: str) -> None:
    for computer in (None, _SHOP):
        told = _told(_workbook(language), computer)
        assert told.startswith(begins)
        assert "sheetfunnel schedule install" in told


def test_a_second_sync_on_either_of_two_computers_writes_nothing() -> None:
    workbook = _workbook()
    assert _told(workbook, _OFFICE) == "Every 15 minutes on office"
    assert _told(workbook, _LAPTOP) == "Every 2 hours on anna-laptop; every 15 minutes on office"
    for computer in (_OFFICE, _LAPTOP, _SHOP, None, _OFFICE):
        assert not sync_workbook(workbook, today=TODAY, computer=computer).plan


def test_a_sync_by_hand_elsewhere_leaves_the_schedule_of_another_computer() -> None:
    workbook = _workbook()
    _told(workbook, _OFFICE)
    assert _told(workbook, _SHOP, day=TODAY + timedelta(days=1)) == "Every 15 minutes on office"


def test_a_schedule_that_was_removed_or_changed_is_told_at_the_next_sync_of_its_computer() -> None:
    workbook = _workbook()
    _told(workbook, _OFFICE)
    assert _told(workbook, Computer(name="office", minutes=30)) == "Every 30 minutes on office"
    assert _told(workbook, Computer(name="office", minutes=None)).startswith("Not scheduled")


def test_a_computer_that_was_not_heard_of_for_a_month_is_told_no_more() -> None:
    workbook = _workbook()
    _told(workbook, _OFFICE)
    both = "Every 2 hours on anna-laptop; every 15 minutes on office"
    assert _told(workbook, _LAPTOP, day=TODAY + timedelta(days=30)) == both
    assert _told(workbook, _LAPTOP, day=TODAY + timedelta(days=31)) == "Every 2 hours on anna-laptop"


def test_what_somebody_wrote_into_the_memory_is_no_timer() -> None:
    memory: dict[str, Cell] = {
        "timer.office": "often",
        "timer.shop": "15 2026-02-30",
        "timer.": None,
        "timer": "15 2026-03-02",
    }
    assert timers_after(memory, None, today=TODAY) == {}


@given(computers=st.lists(_COMPUTERS, max_size=8), days=st.lists(st.integers(-3, 40), min_size=8, max_size=8))
def test_the_last_word_of_each_computer_stands_whatever_the_others_do(
    computers: list[Computer], days: list[int]
) -> None:
    facts: dict[str, Cell] = {}
    said: dict[str, int | None] = {}
    day = TODAY
    for computer, later in zip(computers, days, strict=False):
        day += timedelta(days=later)
        timers = timers_after(facts, computer, today=day)
        facts = timer_facts(timers)
        assert timers_after(facts, computer, today=day) == timers
        said[computer.name] = computer.minutes
        assert {name: timer.minutes for name, timer in timers.items()}.items() <= said.items()
        assert (computer.name in timers) == (computer.minutes is not None)
