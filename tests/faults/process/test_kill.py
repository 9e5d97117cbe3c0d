"""Row 1: a run is killed at any system call of publishing."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor

from tests.campaign import FULL
from tests.faults.process.points import Point, Stage, traced, try_point
from tests.faults.process.tracing import needs_strace
from tests.faults.process.windows import kills, sample, turning
from tests.faults.table import record

_SHORT = 3


@needs_strace
def test_a_second_process_is_at_work_where_the_shape_says_so(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage]
) -> None:
    for stage in (stages["big"], stages["big, two processes"]):
        calls = workers.submit(traced, stage).result()
        begun = [call for call in calls if call.name == "clone" and "SIGCHLD" in call.arguments]
        assert bool(begun) is stage.two_processes


@needs_strace
def test_a_run_killed_at_any_system_call_keeps_every_promise(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage]
) -> None:
    points = [
        Point(stage=stage, fault=fault) for stage in stages.values() for fault in _kills(workers, stage)
    ]
    outcomes = list(workers.map(try_point, points))
    struck = [outcome for outcome in outcomes if outcome.struck]
    told = [(outcome.point.fault, *outcome.told) for outcome in struck if outcome.told]
    record(1, "kill -9 at a system call", len(struck), told)
    assert not told, "\n".join(map(str, told))
    assert len(struck) >= (400 if FULL else len(points) * 0.9)


def _kills(workers: ProcessPoolExecutor, stage: Stage) -> list[str]:
    """Return all kills, or in the short form some, those around the turning points among them."""
    calls = workers.submit(traced, stage).result()
    if FULL:
        return kills(calls)
    always = [f"{call.name}:signal=KILL:when={call.number}" for call in turning(calls)]
    return (
        [*always, *sample(kills(calls), _SHORT)] if stage.before.stem == "plain" else sample(always, _SHORT)
    )
