"""Two syncs of one sheet at once: one begins again or says so, both converge, and nothing is ever mixed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pytest

from sheetfunnel.errors import Busy, StaleRevision
from sheetfunnel.set_up import set_up_sheet
from sheetfunnel.stores.google.connection import Connection, Patience
from sheetfunnel.stores.google.credentials import identity
from sheetfunnel.stores.google.store import GoogleWorkbook
from sheetfunnel.sync import assessed, plan_for
from sheetfunnel.workbook.contract import WritePlan
from tests.campaign import FULL
from tests.faults.google.judge import sync, unsettled
from tests.faults.google.looks import Result, Results, data_rows, expected, headers, results_written
from tests.faults.google.people import Person, objectives
from tests.faults.table import record
from tests.google.sheets import TODAY, Filled
from tests.google_service.edits import DeleteTab, Type, cell_name
from tests.google_service.misbehave import Fault
from tests.google_service.service import Service
from tests.google_service.state import Spreadsheet
from tests.stores.google.conftest import Opened

_STAMPS_KEPT = 20


class Overtaken(GoogleWorkbook):
    """A workbook whose run is so slow that something else happens before each of its writings."""

    def meanwhile(self, *acts: Callable[[], object]) -> Overtaken:
        """Let these happen, one before each writing."""
        self._acts = list(acts)
        return self

    def write(self, plan: WritePlan, *, revision: str) -> None:
        """Write, once something else has happened."""
        self._act()
        super().write(plan, revision=revision)

    def carry_out(self, requests: Sequence[Mapping[str, Any]], described: Mapping[str, Any]) -> None:
        """Set up, once something else has happened."""
        self._act()
        super().carry_out(requests, described)

    def _act(self) -> None:
        if self._acts:
            self._acts.pop(0)()


Opening: TypeAlias = Callable[[str], Overtaken]


@pytest.fixture
def overtaken(_at_the_stand_in: None) -> Opening:
    patience = Patience(deadline=60.0, first_pause=0.01, timeout=(2.0, 60.0))
    return lambda key: Overtaken(key, lambda: Connection(identity(), patience=patience))


@dataclass(slots=True, kw_only=True)
class Watch:
    """Sees every reading and every writing of a sheet, and keeps what could be written and what was."""

    service: Service
    key: str
    could_be: list[Results] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Watch from now on."""
        self.could_be.append(expected(self.service.spreadsheet(self.key))[1])
        self.service.edits.after_next_read(self.key, _Seen(self._read))
        self.service.edits.after_next_write(self.key, _Seen(self._written))

    def _read(self, spreadsheet: Spreadsheet) -> None:
        self.could_be.append(expected(spreadsheet)[1])
        self.service.edits.after_next_read(self.key, _Seen(self._read))

    def _written(self, spreadsheet: Spreadsheet) -> None:
        written = results_written(spreadsheet)
        wrong = min((_differing(written, results) for results in self.could_be), key=len)
        if wrong:
            self.mixed.append(f"results of no one reading; the most alike differs in {wrong}")
        self.service.edits.after_next_write(self.key, _Seen(self._written))


@dataclass(frozen=True, slots=True)
class _Seen:
    look: Callable[[Spreadsheet], None]

    def apply(self, spreadsheet: Spreadsheet) -> None:
        self.look(spreadsheet)


def _differing(written: dict[str, Result], results: Results) -> list[str]:
    return [
        f"{key!r}: {written.get(key)} is not {results.get(key)}"
        for key in written.keys() | results.keys()
        if written.get(key) not in results.get(key, ())
    ]


def _typed(google: Service, key: str, number: int) -> None:
    """Rename a client, so that there is something to write."""
    sheet = objectives(google.spreadsheet(key))
    rows = data_rows(sheet)
    cell = cell_name(rows[number % len(rows)], headers(sheet)["Client"])
    google.edit(key, Type(tab=sheet.title, cell=cell, value=f"Renamed {number}"))


def overtaking(google: Service, mine: Overtaken, other: GoogleWorkbook, times: int) -> list[str]:
    """Let a sync be overtaken so often by others that have something to write; return what is wrong."""
    watch = Watch(service=google, key=mine.key)
    watch.begin()
    person = _careful(times)

    def another(number: int) -> Callable[[], None]:
        def act() -> None:
            google.edit(mine.key, *[person] * 6)
            _typed(google, mine.key, number)
            sync(other)
            _typed(google, mine.key, number + 50)  # so that there is something left to write

        return act

    _typed(google, mine.key, 100)
    found: list[str] = []
    try:
        sync(mine.meanwhile(*(another(number) for number in range(times))))
    except Busy:
        found += [] if times >= 3 else ["it gave up too soon"]
    else:
        found += [] if times < 3 else ["it wrote though it was overtaken three times"]
    return [*found, *watch.mixed, *_settled(google, other)]


def _settled(google: Service, sheet: GoogleWorkbook) -> Iterator[str]:
    sync(sheet)
    if sync(sheet).written:
        yield "a further sync writes"
    yield from unsettled(google.spreadsheet(sheet.key))
    stamps = [entry["metadataId"] for entry in google.spreadsheet(sheet.key).metadata.values()]
    if len(stamps) != len(set(stamps)):
        yield "a stamp is there twice"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_sync_that_others_overtake_begins_again_and_gives_up_the_third_time(
    google: Service, opened: Opened, overtaken: Opening, filled: Filled, times: int
) -> None:
    key = filled()
    found = overtaking(google, overtaken(key), opened(key), times)
    record(9, "Google: a sync is overtaken by others", times, found)
    assert not found


def test_a_run_that_many_others_overtook_is_refused_by_its_stamp(
    google: Service, opened: Opened, filled: Filled
) -> None:
    key = filled()
    slow, others = opened(key), opened(key)
    _typed(google, key, 100)
    snapshot = slow.read()
    for number in range(_STAMPS_KEPT if FULL else 3):
        _typed(google, key, number)
        assert sync(others).written
    before = google.spreadsheet(key)
    plan = plan_for(assessed(snapshot, today=TODAY))
    with pytest.raises(StaleRevision):
        slow.write(plan, revision=snapshot.revision)
    assert google.spreadsheet(key).sheets == before.sheets
    assert not list(_settled(google, others))


def losing_an_answer(google: Service, opened: Opened, key: str, fault: Fault) -> list[str]:
    """Let a run lose the answer to its writing, and another write before it asks again; say what is wrong."""
    patience = Patience(deadline=60.0, first_pause=0.01, timeout=(3.0, 3.0))
    slow = GoogleWorkbook(key, lambda: Connection(identity(), patience=patience))
    watch = Watch(service=google, key=key)
    watch.begin()
    _typed(google, key, 1)
    google.misbehave.next(fault, method="spreadsheets.batchUpdate")
    google.log.clear()
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(sync, slow)
        while not any(call.method == "spreadsheets.batchUpdate" for call in google.log):
            time.sleep(0.01)
        _typed(google, key, 2)
        sync(opened(key))
        report = running.result()
    # a run that wrote before the other needs nothing more; one that came too late found the other's results
    true = report.written is (fault is Fault.TIMEOUT_AFTER)
    return [*([] if true else ["it does not know whether it wrote"]), *watch.mixed, *_settled(google, slow)]


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.TIMEOUT_BEFORE])
def test_a_run_whose_answer_is_lost_while_another_writes_knows_whose_the_writing_was(
    google: Service, opened: Opened, filled: Filled, fault: Fault
) -> None:
    found = losing_an_answer(google, opened, filled(), fault)
    record(9, "Google: an answer is lost while another run writes", 1, found)
    assert not found


def test_of_two_set_ups_at_once_one_is_refused_and_nothing_is_there_twice(
    google: Service, opened: Opened, overtaken: Opening, filled: Filled
) -> None:
    key = filled()
    google.edit(key, DeleteTab(tab="Check"))
    slow = overtaken(key).meanwhile(lambda: set_up_sheet(opened(key), language="en"))
    with pytest.raises(StaleRevision):
        set_up_sheet(slow, language="en")
    assert [sheet.title for sheet in google.spreadsheet(key).sheets].count("Check") == 1
    assert not set_up_sheet(opened(key), language="en")
    assert not list(_settled(google, opened(key)))


@pytest.mark.usefixtures("key_file")
def test_two_who_sync_and_one_who_edits_all_at_once_never_see_results_of_two_runs(
    google: Service, opened: Opened, filled: Filled
) -> None:
    seeds = 40 if FULL else 2
    found: list[str] = []
    for seed in range(seeds):
        key = filled()
        watch = Watch(service=google, key=key)
        watch.begin()
        _all_at_once(google, opened, key, _careful(seed))
        google.edits.clear()
        found += [f"seed {seed}: {each}" for each in (*watch.mixed, *_settled(google, opened(key)))]
    record(9, "Google: two sync and one edits, in threads", seeds * 6, found)
    assert not found


def _careful(seed: int) -> Person:
    return Person(random.Random(seed), careful=True)  # noqa: S311 - a seed, to do the same again


def _all_at_once(google: Service, opened: Opened, key: str, person: Person) -> None:
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(_syncs, opened(key)) for _ in range(2)]
        while not all(each.done() for each in running):
            google.edit(key, person)
            time.sleep(0.05)
        for each in running:
            each.result()


def _syncs(sheet: GoogleWorkbook) -> None:
    for _ in range(3):
        with suppress(Busy):  # others were quicker three times
            sync(sheet)
