from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.campaign import FULL
from tests.faults.process.full_disk import SmallDisk, needs_mount, small_disks, try_disk
from tests.faults.process.points import Outcome, Stage
from tests.faults.process.windows import sample
from tests.faults.table import record

_SHORT = 9
_DISK = 78


@needs_mount
def test_a_disk_that_is_full_sooner_or_later_keeps_every_promise(
    workers: ProcessPoolExecutor, stages: Mapping[str, Stage]
) -> None:
    disks = [disk for stage in stages.values() for disk in small_disks(stage, every=1)]
    if not FULL:
        disks = sample(disks, _SHORT)
    outcomes = list(workers.map(try_disk, disks))
    told = _told(disks, outcomes)
    record(4, "a really full disk", len(outcomes), told)
    assert not told, "\n".join(map(str, told))
    assert {outcome.code for outcome in outcomes} == {0, _DISK}
    assert len(outcomes) >= (100 if FULL else _SHORT)


def _told(disks: Sequence[SmallDisk], outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    found = []
    for disk, each in zip(disks, outcomes, strict=True):
        untrue = (
            [] if not each.code or "What to do: " in each.err else [f"(d) no word of what to do: {each.err}"]
        )
        if each.told or untrue:
            where = f"{disk.pages} pages, {disk.files} files in {disk.folder}"
            found.append((where, *each.told, *untrue))
    return found
