from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor

from tests.campaign import FULL
from tests.faults.process.points import Stage
from tests.faults.process.power_loss import judged
from tests.faults.process.tracing import needs_strace
from tests.faults.table import record

_SHORT = 16


@needs_strace
def test_a_loss_of_power_at_any_moment_keeps_every_promise(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage]
) -> None:
    # The second process writes nothing: what the disk gets is the same.
    shapes = [stage for stage in stages.values() if not stage.two_processes] if FULL else [stages["plain"]]
    most = None if FULL else _SHORT
    halves = (slice(0, None, 2), slice(1, None, 2))
    tasks = [workers.submit(judged, stage, half, most) for stage in shapes for half in halves]
    states = [state for task in tasks for state in task.result()]
    told = [(moment, *broken) for moment, broken in states if broken]
    record(3, "power loss", len(states), told)
    assert not told, "\n".join(map(str, told))
    assert len(states) >= (400 if FULL else 2 * _SHORT)
