"""Row 3: the power fails at any moment; every state in which a disk may then be is made and judged.

The model, for a loss after any event of the recorded log:

- What was written to a file before it was last synced is there. Of what was written since, anything may be
  there: nothing, the first writes only, the last write only, a write in part, the length alone with zeros
  in the place of the bytes, any pages.
- The names in a folder are there as they were when the folder was last synced. Of those given and taken
  since, in each folder by itself, any choice may be there. A renaming is there or is not, as every file
  system with a journal has it; so a name that is given to another file never leads to nothing.
- A name does not need the file's bytes: it may lead to a file of which nothing is there yet.
- The state folder itself was there before. Owner, mode and times of files are not modelled.

When the run had ended with exit code 0, the loss must not undo it.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

from tests.faults.oracle import settled, violations
from tests.faults.process.points import Place, Stage, child, place_of
from tests.faults.process.windows import sample
from tests.faults.process.write_log import (
    FOLDER,
    FolderSynced,
    Named,
    Resized,
    Synced,
    WriteLog,
    Wrote,
    applied,
    recorded,
)

_PAGE: Final = 4_096
_MOST_CHOICES: Final = 24  # of the names of one moment; more are drawn by lot
_LATE: Final = 4  # events: the replacement is among them
_LOST: Final = -9  # a run that a loss of power ended has no exit code

_Change: TypeAlias = Wrote | Resized


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A state in which the disk may be: files and folders by name, and the exit code if the run had ended."""

    files: Mapping[str, bytes]
    folders: frozenset[str]
    exit_code: int
    moment: int

    @property
    def digest(self) -> str:
        """Return what tells it from others."""
        whole = hashlib.sha256(f"{sorted(self.folders)} {self.exit_code}".encode())
        for name, content in sorted(self.files.items()):
            whole.update(f"{name} {len(content)} ".encode() + content)
        return whole.hexdigest()


def disks(log: WriteLog) -> list[Disk]:
    """Return every state that the model allows, each once."""
    found: dict[str, Disk] = {}
    for moment in range(len(log.events) + 1):
        for disk in _at(log, moment):
            found.setdefault(disk.digest, disk)
    return list(found.values())


def judged(stage: Stage, part: slice, most: int | None) -> list[tuple[int, list[str]]]:
    """Record a run, and judge a part of its states; return moments and broken promises.

    Twice ``most`` states are drawn by lot: as many as there are around the replacement, up to a half, and
    the rest of those before it.
    """
    with place_of(stage) as place:
        log = recorded(place)
        states = disks(log)
        late = [disk for disk in states if disk.moment >= len(log.events) - _LATE]
        early = [disk for disk in states if disk.moment < len(log.events) - _LATE]
        chosen = states if most is None else _drawn(early, late, most)
        return [(disk.moment, _at_once(stage, place, disk) + _later(stage, place)) for disk in chosen[part]]


def _drawn(early: Sequence[Disk], late: Sequence[Disk], most: int) -> list[Disk]:
    around = sample(late, most)
    return [*sample(early, 2 * most - len(around)), *around]


def noticed(stage: Stage, mutant: str) -> list[str]:
    """Record a run of a mutant; return how the states at its end themselves break promises."""
    with place_of(stage) as place:
        log = recorded(place, mutant)
        late = [disk for disk in disks(log) if disk.moment >= len(log.events) - _LATE]
        return [told for disk in late for told in _at_once(stage, place, disk)]


def _at_once(stage: Stage, place: Place, disk: Disk) -> list[str]:
    _lay_out(place, disk)
    before, after = stage.generations()
    return violations(
        target=place.target,
        before=before,
        after_run=after,
        exit_code=disk.exit_code,
        state=place.state,
    )


def _later(stage: Stage, place: Place) -> list[str]:
    _, after = stage.generations()
    return settled(
        target=place.target, state=place.state, after_run=after, run_again=lambda: child(place).code
    )


def _lay_out(place: Place, disk: Disk) -> None:
    for folder in (place.target.parent, place.state):
        shutil.rmtree(folder)
        folder.mkdir()
    for name in sorted(disk.folders):
        (place.root / name).mkdir(parents=True, exist_ok=True)
    for name, content in disk.files.items():
        (place.root / name).write_bytes(content)


def _at(log: WriteLog, moment: int) -> Iterator[Disk]:
    """Yield the states after a loss behind the first ``moment`` events."""
    done = log.events[:moment]
    exit_code = 0 if moment == len(log.events) else _LOST
    files = {event.file for event in done if isinstance(event, Wrote | Resized)}
    contents = {at: [content] for at, content in enumerate(log.before.values())}
    contents |= {file: _contents(log, moment, file) for file in files}
    for names, folders in _names(log, moment):
        open_files = sorted({file for file in names.values() if len(contents.get(file, ())) > 1})
        for choice in product(*(contents[file] for file in open_files)):
            chosen = dict(zip(open_files, choice, strict=True))
            shown = {name: chosen.get(file, contents.get(file, [b""])[0]) for name, file in names.items()}
            yield Disk(files=shown, folders=folders, exit_code=exit_code, moment=moment)


def _contents(log: WriteLog, moment: int, file: int) -> list[bytes]:
    """Return what a file may hold."""
    before = list(log.before.values())
    sure = before[file] if file < len(before) else b""
    pending: list[_Change] = []
    for event in log.events[:moment]:
        if isinstance(event, Wrote | Resized) and event.file == file:
            pending.append(event)
        elif isinstance(event, Synced) and event.file == file:
            sure, pending = _with(sure, pending), []
    return list(dict.fromkeys(_variants(sure, pending)))


def _with(content: bytes, changes: Sequence[_Change]) -> bytes:
    for change in changes:
        content = applied(content, change)
    return content


def _variants(sure: bytes, pending: Sequence[_Change]) -> Iterator[bytes]:
    yield sure
    if not pending:
        return
    whole = _with(sure, pending)
    yield whole
    yield _with(sure, pending[:-1])
    yield _with(sure, pending[: len(pending) // 2])
    yield _with(sure, pending[-1:])
    yield sure[: len(whole)].ljust(len(whole), b"\0")
    last = pending[-1]
    if isinstance(last, Wrote):
        half = Wrote(file=last.file, at=last.at, data=last.data[: len(last.data) // 2])
        yield _with(sure, [*pending[:-1], half])
    lot = random.Random(len(pending))  # noqa: S311 - no secret
    for _ in range(2):
        yield _some_pages(sure, whole, lot)


def _some_pages(sure: bytes, whole: bytes, lot: random.Random) -> bytes:
    old = sure[: len(whole)].ljust(len(whole), b"\0")
    places = range(0, len(whole), _PAGE)
    return b"".join((whole if lot.random() < 0.5 else old)[at : at + _PAGE] for at in places)


def _names(log: WriteLog, moment: int) -> Iterator[tuple[dict[str, int], frozenset[str]]]:
    """Yield what the folders may hold: names of files, and which folders made by the run are there."""
    sure: list[Named] = []
    pending: list[Named] = []
    for event in log.events[:moment]:
        if isinstance(event, Named):
            pending.append(event)
        elif isinstance(event, FolderSynced):
            sure += [name for name in pending if name.folder == event.folder]
            pending = [name for name in pending if name.folder != event.folder]
    for kept in _choices(pending):
        yield _resolved(log, [*sure, *kept])


def _choices(pending: Sequence[Named]) -> list[list[Named]]:
    """Return choices of which names are there; where there are very many, some drawn by lot."""
    count = len(pending)
    if 1 << count <= _MOST_CHOICES:
        kept = [*product((False, True), repeat=count)]
    else:
        lot = random.Random(count)  # noqa: S311 - no secret
        drawn = [tuple(lot.random() < 0.5 for _ in pending) for _ in range(_MOST_CHOICES)]
        kept = [(False,) * count, (True,) * count, (*(False,) * (count - 1), True), *drawn]
    return [[name for name, there in zip(pending, each, strict=True) if there] for each in kept]


def _resolved(log: WriteLog, kept: Sequence[Named]) -> tuple[dict[str, int], frozenset[str]]:
    names = {name: at for at, name in enumerate(log.before)}
    folders = {name.rpartition("/")[0] for name in log.before} | {"folder", "state"}
    for event in kept:
        names.pop(event.old, None)
        if event.file == FOLDER:
            folders.add(event.name)
        elif event.file is None:
            names.pop(event.name, None)
        else:
            names[event.name] = event.file
    there = {name for name in folders if _stands(name, folders)}
    return {name: file for name, file in names.items() if name.rpartition("/")[0] in there}, frozenset(there)


def _stands(name: str, folders: set[str]) -> bool:
    parent = name.rpartition("/")[0]
    return name in folders and (not parent or _stands(parent, folders))
