"""Row 2: system calls fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.campaign import FULL
from tests.faults.process.points import Outcome, Point, Stage, traced, try_point
from tests.faults.process.tracing import Call, needs_strace
from tests.faults.process.windows import errors, lies, prints, sample, turning
from tests.faults.table import record

_MISTAKEN = (".sheetfunnel-", "is not an Excel workbook")  # a file that nobody knows, a file without fault
_UNWRITTEN = ("nothing was written", "as it was", "could not be written")
_DISK, _RIGHT, _BUSY, _UNREADABLE = 78, 77, 75, 65
#: Which exit codes are true of an error; 65 where the new file could not be read back because of it, or
#: where a library takes the error for a broken file; a lock that is busy is one that may not be written.
_TRUE = {
    "ENOSPC": {0, _UNREADABLE, _DISK},
    "EIO": {0, _UNREADABLE, _DISK},
    "EROFS": {0, _UNREADABLE, _RIGHT},
    "EACCES": {0, _UNREADABLE, _RIGHT},
    "EBUSY": {0, _UNREADABLE, _BUSY, _RIGHT},
    "EINTR": {0, _UNREADABLE, _DISK, _RIGHT},
}


def _untrue(outcome: Outcome) -> list[str]:
    """Return what of the exit code and of the words is not true."""
    name = outcome.point.fault.partition("error=")[2].partition(":")[0]
    told = []
    lock = {_BUSY} if outcome.point.fault.startswith("flock:error=EACCES") else set()  # as a held one is told
    if outcome.code not in _TRUE[name] | lock and not (outcome.replaced and outcome.code == _DISK):
        told.append(f"(d) exit {outcome.code} after {name}: {outcome.err}")
    if outcome.code and "What to do:" not in outcome.err:
        told.append(f"(d) exit {outcome.code}, and no word of what to do: {outcome.err}")
    if outcome.replaced and any(words in outcome.err for words in _UNWRITTEN):
        told.append(f"(d) it was written, and the words are: {outcome.err}")
    if any(words in outcome.err for words in _MISTAKEN):
        told.append(f"(d) it speaks of the wrong thing: {outcome.err}")
    return told


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    told = [(each.point.fault, *each.told, *_untrue(each)) for each in outcomes if each.struck]
    return [each for each in told if len(each) > 1]


@needs_strace
def test_a_system_call_that_fails_is_told_truly_and_keeps_every_promise(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage]
) -> None:
    points = [
        Point(stage=stage, fault=fault)
        for turn, stage in enumerate(stages.values())
        for fault in _errors(workers.submit(traced, stage).result(), turn)
    ]
    outcomes = list(workers.map(try_point, points))
    struck, told = sum(each.struck for each in outcomes), _told(outcomes)
    record(2, "a system call fails", struck, told)
    assert not told, "\n".join(map(str, told))
    assert struck >= (1_000 if FULL else len(points) * 0.9)


def _errors(calls: Sequence[Call], turn: int) -> list[str]:
    """Return all errors, or in the short form some, those around the turning points among them."""
    if FULL:
        return errors(calls, turn)
    around = _around(calls, turn)
    return [*(around if turn == 0 else sample(around, 2)), *sample(errors(calls, turn), 2)]


def _around(calls: Sequence[Call], turn: int) -> list[str]:
    """Return an error for each call at which the state on the disk turns."""
    names = ("ENOSPC", "EIO", "EACCES")
    return [
        f"{call.name}:error={names[(at + turn) % 3]}:when={call.number}"
        for at, call in enumerate(turning(calls))
        if call.name != "exit_group"
    ]


@needs_strace
def test_a_disk_that_loses_what_it_took_is_found_out(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage]
) -> None:
    points = [
        Point(stage=stage, fault=fault)
        for stage in stages.values()
        for fault in _lies(lies(workers.submit(traced, stage).result()))
    ]
    outcomes = list(workers.map(try_point, points))
    told = [(each.point.fault, *each.told) for each in outcomes if each.told]
    record(2, "a write is lost and told as done", len(outcomes), told)
    told += [(each.point.fault, each.err) for each in outcomes if each.code and "What to do:" not in each.err]
    told += [(each.point.fault, each.err) for each in outcomes if each.code not in {0, _UNREADABLE, _DISK}]
    assert not told, "\n".join(map(str, told))
    assert any(each.code == 65 for each in outcomes)  # some of what is lost is written once more


def _lies(faults: Sequence[str]) -> Sequence[str]:
    """Return all, or the first and the two about the directory of the archive, and some of the others."""
    first, *others, directory, end = faults
    return faults if FULL else [first, *sample(others, 2), directory, end]


@needs_strace
def test_where_nothing_can_be_printed_the_workbook_is_synced_all_the_same(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage]
) -> None:
    points = [
        Point(stage=stage, fault=fault)
        for stage in stages.values()
        for fault in _some(prints(workers.submit(traced, stage).result()), 1)
    ]
    outcomes = list(workers.map(try_point, points))
    told = [(each.point.fault, *each.told) for each in outcomes if each.told]
    record(2, "nothing can be printed", len(outcomes), told)
    assert not told, "\n".join(map(str, told))
    assert all(each.replaced and each.code != 0 for each in outcomes)


def _some(faults: Sequence[str], count: int) -> Sequence[str]:
    return faults if FULL else sample(faults, count)


@needs_strace
@pytest.mark.parametrize(("error", "code"), [("EIO", 78), ("EINVAL", 0)])
def test_a_folder_that_is_not_confirmed_is_told_unless_its_disk_confirms_none(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage], error: str, code: int
) -> None:
    calls = workers.submit(traced, stages["plain"]).result()
    last = [call.number for call in calls if call.name == "fsync"][-1]
    point = Point(stage=stages["plain"], fault=f"fsync:error={error}:when={last}")
    outcome = workers.submit(try_point, point).result()
    assert (outcome.struck, outcome.replaced, outcome.code, outcome.told) == (True, True, code, [])
    assert ("wholly synced, but the disk did not confirm it" in outcome.err) is (code == 78)
