"""Points at which a fault strikes a sync, and what came of it; each runs in a forked child of a worker."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from sheetfunnel.cli import main
from tests.excel_people import synced
from tests.faults.oracle import Generation, generation, settled, violations
from tests.faults.process.mutants import MUTANTS, PERSON, SAVED, TWO_PROCESSES
from tests.faults.process.shapes import SHAPES
from tests.faults.process.tracing import Call, Ended, calls, run_in_child

_WORKERS: Final = 2
_NAME: Final = "sales.xlsx"
#: No point depends on what is truly on a disk, and there one waits for it.
_MEMORY: Final = "/dev/shm"  # noqa: S108 - each point has a folder of its own in it
_IN_MEMORY: Final = _MEMORY if os.access(_MEMORY, os.W_OK) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the workbooks of one shape stand: as the run finds it, and as an undisturbed run leaves it.

    With ``two_processes`` the program works on it as on a large one.
    """

    before: Path
    after: Path
    two_processes: bool = False

    def generations(self) -> tuple[Generation, Generation]:
        """Return what the workbook says before and after an undisturbed run."""
        return generation(self.before), generation(self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A fault, in strace's words (``rename:error=EIO:when=2``), a workbook, and a mutant of the program."""

    stage: Stage
    fault: str = ""
    mutant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a point: whether the fault struck, how the run ended, which promises were broken."""

    point: Point
    struck: bool
    code: int
    err: str
    replaced: bool
    told: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one run takes place: the workbook in a folder, the state in another."""

    root: Path
    two_processes: bool = False

    @property
    def target(self) -> Path:
        """Return the workbook."""
        return self.root / "folder" / _NAME

    @property
    def state(self) -> Path:
        """Return the program's private folder."""
        return self.root / "state"


def sync(place: Place) -> int:
    """Sync as of the day of the campaign; return the exit code."""
    os.environ["SHEETFUNNEL_STATE"] = str(place.state)
    return synced(place.target)


@contextmanager
def place_of(stage: Stage) -> Iterator[Place]:
    """Lay out the workbook as a run finds it, in a new folder."""
    with tempfile.TemporaryDirectory(prefix="faults-", dir=_IN_MEMORY) as name:
        place = Place(root=Path(name), two_processes=stage.two_processes)
        for folder in (place.target.parent, place.state):
            folder.mkdir()
        shutil.copy(stage.before, place.target)
        yield place


def try_point(point: Point) -> Outcome:
    """Let the fault strike, judge the workbook, run again undisturbed, judge the end."""
    with place_of(point.stage) as place:
        call = point.fault.partition(":")[0]
        options = ("-e", f"trace={call}", "-e", f"inject={point.fault}") if call else None
        ended = child(place, point.mutant, options)
        came = ended.code == -signal.SIGKILL or "(INJECTED)" in ended.trace or not call
        return judged(point, place, ended, came=came)


def child(place: Place, mutant: str = "", options: tuple[str, ...] | None = None) -> Ended:
    """Sync in a child process, the program changed by a mutant, under strace."""

    def run() -> int:
        with ExitStack() as changed:
            if mutant:
                changed.enter_context(MUTANTS[mutant].apply())
            if place.two_processes:
                changed.enter_context(TWO_PROCESSES.apply())
            return sync(place)

    return run_in_child(run, place.root, options)


def judged(
    point: Point,
    place: Place,
    ended: Ended,
    *,
    came: bool = True,
    meanwhile: Callable[[], None] = lambda: None,
) -> Outcome:
    """Ask the oracle about a run that ended, and about the next one, which nothing disturbs."""
    before, after = point.stage.generations()
    told = violations(
        target=place.target, before=before, after_run=after, exit_code=ended.code, state=place.state
    )
    replaced = place.target.exists() and place.target.read_bytes() != point.stage.before.read_bytes()
    meanwhile()
    told += settled(
        target=place.target,
        state=place.state,
        after_run=after,
        run_again=lambda: child(place, point.mutant).code,
    )
    return Outcome(point=point, struck=came, code=ended.code, err=ended.err, replaced=replaced, told=told)


def traced(stage: Stage, mutant: str = "") -> list[Call]:
    """Return the system calls of an undisturbed run."""
    with place_of(stage) as place:
        ended = child(place, mutant, ("-y",))
        assert ended.code == 0, ended.err
        return calls(ended.trace)


def try_with_a_person(stage: Stage, saved: Stage, mutant: str) -> list[str]:
    """Sync while a person saves another workbook in the place of the old one; return broken promises."""
    with place_of(stage) as place:
        shutil.copy(saved.before, place.root / SAVED)
        with PERSON.apply():
            ended = child(place, mutant)
        return violations(
            target=place.target,
            before=generation(stage.before),
            after_run=generation(saved.after),
            exit_code=ended.code,
            state=place.state,
            typed=generation(saved.before),
        )


def stages(folder: Path) -> dict[str, Stage]:
    """Make the workbooks of every shape, before and after an undisturbed run."""
    made = {}
    for name, make in SHAPES.items():
        before = make(folder / f"{name}.xlsx")
        after = Path(shutil.copy(before, folder / f"{name} after.xlsx"))
        assert synced(after) == 0
        made[name] = Stage(before=before, after=after)
    return made | {"big, two processes": replace(made["big"], two_processes=True)}


def _warm(stage: Stage) -> None:
    """Load everything that a run loads late, so that a child has it from its parent."""
    with place_of(stage) as place:
        assert main(["sync", str(place.target), "--today", "2026-03-02"]) == 0


@contextmanager
def workers(stage: Stage) -> Iterator[ProcessPoolExecutor]:
    """Keep processes that try points, each one after the other; they hash alike, so that calls recur."""
    old = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = "0"
    try:
        with ProcessPoolExecutor(
            _WORKERS, mp_context=get_context("spawn"), initializer=_warm, initargs=(stage,)
        ) as pool:
            yield pool
    finally:
        os.environ.pop("PYTHONHASHSEED")
        if old is not None:
            os.environ["PYTHONHASHSEED"] = old
