"""What a person does to a workbook between any two steps of a sync: their save is never lost.

Before each operation on a file, of reading, building, checking, keeping and replacing, a person saves,
renames, deletes or locks; the steps and the files are real, the run is a process of its own.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.campaign import spread
from tests.faults.desk import laid_out, sync, typed_in
from tests.faults.oracle import Generation, generation, leftovers, settled, violations
from tests.faults.steps import Meanwhile, at, count, forked
from tests.faults.table import record

_CHANGED = (0, 75)
_GONE = (0, 2, 75)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """The workbook as a run finds it, as a person saves it meanwhile, and as a sync makes of either."""

    book: Path
    state: Path
    first: bytes
    theirs: bytes
    first_is: Generation
    theirs_is: Generation
    first_synced: Generation
    theirs_synced: Generation
    steps: list[str]

    def begin(self) -> None:
        """Lay everything out anew."""
        shutil.rmtree(self.book.parent.parent, ignore_errors=True)
        self.book.parent.mkdir(parents=True)
        self.book.write_bytes(self.first)

    def run(self, meanwhile: Meanwhile) -> int:
        """Sync while something happens; return the exit code."""
        return forked(partial(sync, self.book), meanwhile, folders=(self.book.parent, self.state))

    @property
    def replaced(self) -> int:
        """The number of the first step after the new file has taken its place."""
        return max(place for place, step in enumerate(self.steps) if step.startswith("os.rename .")) + 1

    @property
    def looked(self) -> int:
        """The number of the step that replaces: all looks at the old file lie before."""
        return self.replaced - 1


def _padded(raw: bytes, length: int) -> bytes:
    """Return a workbook as a file of a given length: with a comment at the end of the archive."""
    missing = length - len(raw)
    assert raw.endswith(b"\0\0")
    return raw[:-2] + struct.pack("<H", missing) + b" " * missing


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Desk:
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(tmp_path / "desk" / "state"))
    first, theirs = (
        typed_in(laid_out(tmp_path / name), name).read_bytes() for name in ("typed before", "typed meanwhile")
    )
    longest = max(len(first), len(theirs)) + 10
    first, theirs = _padded(first, longest), _padded(theirs, longest)
    book = tmp_path / "desk" / "folder" / "sales.xlsx"
    found = [_before_and_after(book, raw) for raw in (first, theirs)]
    shutil.rmtree(tmp_path / "desk" / "state")
    book.write_bytes(first)
    steps = count(partial(sync, book), folders=(book.parent, tmp_path / "desk" / "state"))
    return _Desk(
        book=book,
        state=tmp_path / "desk" / "state",
        first=first,
        theirs=theirs,
        first_is=found[0][0],
        theirs_is=found[1][0],
        first_synced=found[0][1],
        theirs_synced=found[1][1],
        steps=steps,
    )


def _before_and_after(book: Path, raw: bytes) -> tuple[Generation, Generation]:
    book.parent.mkdir(parents=True, exist_ok=True)
    book.write_bytes(raw)
    before = generation(book)
    assert sync(book) == 0
    return before, generation(book)


# ------------------------------------------------------------------------------------ what a person does


def _save_over(desk: _Desk) -> None:
    """Save as Excel does: write beside it, then rename over it."""
    new = desk.book.with_name("8F3A2B10")
    new.write_bytes(desk.theirs)
    new.replace(desk.book)


def _save_in_place(desk: _Desk) -> None:
    desk.book.write_bytes(desk.theirs)


def _save_unseen(desk: _Desk) -> None:
    """Save in place so that size and time stay what they were."""
    status = desk.book.stat()
    desk.book.write_bytes(desk.theirs)
    os.utime(desk.book, ns=(status.st_atime_ns, status.st_mtime_ns))


def _recreate(desk: _Desk) -> None:
    desk.book.unlink()
    desk.book.write_bytes(desk.theirs)


def _open_save_close(desk: _Desk) -> None:
    lock = _lock_excel(desk)
    _save_over(desk)
    lock.unlink()


def _rename(desk: _Desk) -> None:
    desk.book.rename(_elsewhere(desk))


def _delete(desk: _Desk) -> None:
    desk.book.unlink()


def _rename_folder(desk: _Desk) -> None:
    desk.book.parent.rename(desk.book.parent.with_name("renamed"))


def _lock_excel(desk: _Desk) -> Path:
    lock = desk.book.with_name(f"~${desk.book.name}")
    lock.write_bytes(b"\x04Anna".ljust(165, b" "))
    return lock


def _lock_libreoffice(desk: _Desk) -> None:
    desk.book.with_name(f".~lock.{desk.book.name}#").write_text(",anna,laptop,02.03.2026 10:11,;")


def _hold(desk: _Desk) -> None:
    """Keep the file to oneself, for as long as the process lives."""
    fcntl.flock(os.open(desk.book, os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)


def _elsewhere(desk: _Desk) -> Path:
    return desk.book.with_name("sales of 2026.xlsx")


# ---------------------------------------------------------------------------------- what must hold then


def _saved(desk: _Desk, place: int, code: int) -> list[str]:
    """Judge a save: it is there, and what exit 0 says was made of it."""
    late = place >= desk.replaced  # the run had its say before
    told = violations(
        target=desk.book,
        before=desk.first_is,
        after_run=desk.theirs_synced,
        exit_code=75 if late else code,
        state=desk.state,
        typed=desk.theirs_is,
    )
    return [*told, *_code(code, _CHANGED), *_again(desk, desk.book, desk.theirs_synced)]


def _moved(desk: _Desk, place: int, code: int, *, to: Path) -> list[str]:
    """Judge a move: the workbook is where it was moved to, and nothing is where it was."""
    late = place >= desk.replaced
    told = violations(
        target=to,
        before=desk.first_is,
        after_run=desk.first_synced,
        exit_code=code if late else 75,
        state=desk.state,
    )
    risen = [f"{desk.book.name} is back"] if desk.book.exists() else []
    expected = _GONE if late else _GONE[1:]
    return [*told, *risen, *_code(code, expected), *_again(desk, to, desk.first_synced)]


def _deleted(desk: _Desk, place: int, code: int) -> list[str]:
    risen = [f"{desk.book.name} is back"] if desk.book.exists() else []
    left = [f"(e) left behind: {path.name}" for path in leftovers(desk.book, desk.state)]
    return [*risen, *left, *_code(code, _GONE if place >= desk.replaced else _GONE[1:])]


def _opened(desk: _Desk, place: int, code: int) -> list[str]:
    """Judge a workbook that was opened and not saved: what is on the screen is what is in the file."""
    told = violations(
        target=desk.book,
        before=desk.first_is,
        after_run=desk.first_synced,
        exit_code=code,
        state=desk.state,
    )
    early = place < desk.looked - 1
    for lock in [*desk.book.parent.glob("~$*"), *desk.book.parent.glob(".~lock*")]:
        lock.unlink()
    return [*told, *_code(code, (75,) if early else _CHANGED), *_again(desk, desk.book, desk.first_synced)]


def _held(desk: _Desk, place: int, code: int) -> list[str]:
    del place
    told = violations(
        target=desk.book,
        before=desk.first_is,
        after_run=desk.first_synced,
        exit_code=code,
        state=desk.state,
    )
    return [*told, *_code(code, _CHANGED), *_again(desk, desk.book, desk.first_synced)]


def _code(code: int, expected: tuple[int, ...]) -> list[str]:
    return [] if code in expected else [f"(d) exit {code}, not one of {expected}"]


def _again(desk: _Desk, book: Path, synced: Generation) -> list[str]:
    return settled(target=book, state=desk.state, after_run=synced, run_again=partial(sync, book))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    do: Callable[[_Desk], object]
    judge: Callable[[_Desk, int, int], list[str]]


def _renamed(desk: _Desk, place: int, code: int) -> list[str]:
    return _moved(desk, place, code, to=_elsewhere(desk))


def _folder_renamed(desk: _Desk, place: int, code: int) -> list[str]:
    return _moved(desk, place, code, to=desk.book.parent.with_name("renamed") / desk.book.name)


_ACTS = {
    "saves, by renaming over it": _Act(do=_save_over, judge=_saved),
    "saves in place": _Act(do=_save_in_place, judge=_saved),
    "saves, size and time as before": _Act(do=_save_unseen, judge=_saved),
    "deletes and makes anew": _Act(do=_recreate, judge=_saved),
    "opens, saves and closes": _Act(do=_open_save_close, judge=_saved),
    "renames the file": _Act(do=_rename, judge=_renamed),
    "renames the folder": _Act(do=_rename_folder, judge=_folder_renamed),
    "deletes the file": _Act(do=_delete, judge=_deleted),
    "opens it in Excel": _Act(do=_lock_excel, judge=_opened),
    "opens it in LibreOffice": _Act(do=_lock_libreoffice, judge=_opened),
    "keeps it to themselves": _Act(do=_hold, judge=_held),
}


def _points(desk: _Desk) -> list[int]:
    """Return the steps: all of them, or in the short form some, and always those of which much depends."""
    writing = desk.steps.index("os.mkdir state")
    around = range(desk.looked - 1, desk.replaced + 1)
    return sorted({*spread(range(len(desk.steps)), every=60), writing, *around})


@pytest.mark.parametrize("name", _ACTS)
def test_whatever_a_person_does_between_two_steps_is_never_lost(desk: _Desk, name: str) -> None:
    act, broken = _ACTS[name], list[str]()
    points = _points(desk)
    for place in points:
        desk.begin()
        code = desk.run(at(place, partial(act.do, desk)))
        found = act.judge(desk, place, code)
        broken += [f"{name}, before step {place} ({desk.steps[place]}): {each}" for each in found]
    record(5, f"a person {name}", len(points), broken)
    assert "\n".join(broken) == ""


#: Steps that every attempt has, and how often; files also change places when they change back.
_OF_AN_ATTEMPT = {
    "tempfile.mkstemp .sales": 1,
    "os.chown": 1,
    "tempfile.mkstemp copying": 1,
    "os.rename .sales": 2,
}


@pytest.mark.parametrize("do", [_save_over, _save_in_place, _recreate], ids=lambda do: do.__name__.strip("_"))
def test_a_person_who_saves_during_every_attempt_is_left_in_peace_after_three(
    desk: _Desk, do: Callable[[_Desk], None]
) -> None:
    broken: list[str] = []
    kinds = spread(list(_OF_AN_ATTEMPT.items()), every=3)
    for kind, often in kinds:
        desk.begin()
        told, tell = os.pipe()
        code = desk.run(_at_each(kind, often, partial(_saving, desk, do, tell)))
        os.close(tell)
        with os.fdopen(told, "rb") as saves:
            found = _saved(desk, 0, code) + ([] if len(saves.read()) == 3 else ["not three attempts"])
        broken += [f"at {kind}: {each}" for each in (*found, *_code(code, (75,)))]
    record(5, f"a person saves at every attempt ({do.__name__.strip('_')})", len(kinds), broken)
    assert "\n".join(broken) == ""


def _at_each(kind: str, often: int, act: Callable[[], None]) -> Meanwhile:
    met = 0

    def meanwhile(step: str) -> None:
        nonlocal met
        if step.startswith(kind):
            met += 1
            if met % often == 1 % often:
                act()

    return meanwhile


def _saving(desk: _Desk, do: Callable[[_Desk], None], tell: int) -> None:
    do(desk)
    os.utime(desk.book)  # each save has its own time
    os.write(tell, b".")


def test_a_file_that_never_comes_to_rest_is_busy(desk: _Desk) -> None:
    desk.begin()
    assert desk.run(at(2, partial(_save_over, desk), every=True)) == 75
    assert _saved(desk, 0, 75) == []
