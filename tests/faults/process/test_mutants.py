"""The campaign notices when a step of publishing is left out or put wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.faults.process.full_disk import SmallDisk, needs_mount, try_disk
from tests.faults.process.mutants import MUTANTS
from tests.faults.process.points import Point, Stage, traced, try_point, try_with_a_person
from tests.faults.process.power_loss import noticed
from tests.faults.process.tracing import needs_strace
from tests.faults.process.windows import is_told, lies, publishing, sample

_LAST = 4
_KILLED = {
    "written in place": "(a)",
    "no backup": "(a)",
    "leftovers stay": "(e)",
}
_LOST = {
    "the file is not synced": "(a)",
    "the folder is not synced": "(d)",
    "the names of backups are not synced": "(a)",
}
_ELSEWHERE = {
    "replaced before it is read back",
    "no second look at the old file",
    "an error is told to nobody",
}


def test_every_mutant_is_tried() -> None:
    assert {*_KILLED, *_LOST, *_ELSEWHERE} == set(MUTANTS)


@needs_strace
@pytest.mark.parametrize(("mutant", "promise"), _KILLED.items())
def test_kills_notice(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage], mutant: str, promise: str
) -> None:
    calls = publishing(workers.submit(traced, stages["plain"], mutant).result())
    steps = [call for call in calls if call.name in {"write", "rename", "unlink", "exit_group"}]
    faults = [f"{call.name}:signal=KILL:when={call.number}" for call in steps if not is_told(call)][-_LAST:]
    points = [Point(stage=stages["plain"], fault=fault, mutant=mutant) for fault in faults]
    told = [told for outcome in workers.map(try_point, points) for told in outcome.told]
    assert any(each.startswith(promise) for each in told)


@needs_strace
@pytest.mark.parametrize(("mutant", "promise"), _LOST.items())
def test_losses_of_power_notice(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage], mutant: str, promise: str
) -> None:
    told = workers.submit(noticed, stages["plain"], mutant).result()
    assert any(each.startswith(promise) for each in told)


@needs_strace
def test_a_disk_that_loses_what_it_took_notices_that_the_read_back_came_too_late(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage]
) -> None:
    mutant, stage = "replaced before it is read back", stages["plain"]
    faults = lies(workers.submit(traced, stage, mutant).result())
    points = [Point(stage=stage, fault=fault, mutant=mutant) for fault in sample(faults, 4)]
    told = [told for outcome in workers.map(try_point, points) for told in outcome.told]
    assert any(each.startswith("(a)") for each in told)


@pytest.mark.parametrize(("mutant", "promises"), [("", set()), ("no second look at the old file", {"(a)"})])
def test_a_person_who_saves_at_the_worst_moment_notices_that_nobody_looked_again(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage], mutant: str, promises: set[str]
) -> None:
    told = workers.submit(try_with_a_person, stages["plain"], stages["big"], mutant).result()
    assert promises == {each[:3] for each in told if each.startswith("(a) typed")}
    assert bool(promises) is bool(told)


@needs_mount
def test_a_full_disk_notices_that_an_error_was_told_to_nobody(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage]
) -> None:
    disk = SmallDisk(stage=stages["plain"], folder="folder", pages=3, mutant="an error is told to nobody")
    outcome = workers.submit(try_disk, disk).result()
    assert any(each.startswith("(d)") for each in outcome.told)
