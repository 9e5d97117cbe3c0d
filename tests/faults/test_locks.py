"""Lock files of every kind beside a workbook: for fresh ones a run waits, of old ones it warns."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sheetfunnel.stores.excel.publishing.locks import lease
from tests.faults.desk import laid_out, sync, typed_in
from tests.faults.oracle import leftovers
from tests.faults.table import record

_HOUR = 3600
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _excel(book: Path, owner: str = "Anna", *, age: float = 0) -> Path:
    lock = book.with_name(f"~${book.name}")
    narrow, wide = owner.encode("cp1252", "replace"), owner.encode("utf-16-le")
    raw = bytes([len(narrow)]) + narrow.ljust(54) + len(owner).to_bytes(2, "little") + wide
    lock.write_bytes(raw.ljust(165, b" "))
    return _aged(lock, age)


def _libreoffice(book: Path, owner: str = "Pere Vila", *, age: float = 0) -> Path:
    lock = book.with_name(f".~lock.{book.name}#")
    lock.write_text(f"{owner},pere,laptop,02.03.2026 10:11,file:///home/pere/.config;", encoding="utf-8")
    return _aged(lock, age)


def _aged(lock: Path, age: float) -> Path:
    moment = time.time() - age
    os.utime(lock, (moment, moment))
    return lock


def _raw(book: Path, content: bytes) -> None:
    book.with_name(f"~${book.name}").write_bytes(content)
    book.with_name(f".~lock.{book.name}#").write_bytes(content)


def _private(book: Path) -> None:
    _excel(book).chmod(0)


def _folder(book: Path) -> None:
    book.with_name(f"~${book.name}").mkdir()


def _dead(book: Path) -> None:
    """Leave what a run leaves that was killed under its lease while it built the new file."""
    hold = (
        "import os, signal, sys, pathlib\n"
        "from sheetfunnel.stores.excel.publishing.locks import lease\n"
        "book = pathlib.Path(sys.argv[1])\n"
        "with lease(book, pathlib.Path(os.environ['SHEETFUNNEL_STATE'])):\n"
        "    book.with_name(f'.{book.name}.sheetfunnel-{os.getpid()}-x.tmp').write_bytes(b'half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", hold, book], check=False)
    assert killed.returncode == -signal.SIGKILL


def _garbled_lease(book: Path) -> None:
    with lease(book, _state()):
        pass
    for lock in (_state() / "leases").iterdir():
        lock.write_bytes(b"\xff" * 99)
        lock.chmod(0o400)


def _state() -> Path:
    return Path(os.environ["SHEETFUNNEL_STATE"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What is put beside the workbook, how a sync then has to end, and what it has to say."""

    put: Callable[[Path], object]
    code: int
    says: tuple[str, ...] = ()
    name: str = "sales.xlsx"


_SINCE = r"since 20\d\d-\d\d-\d\d \d\d:\d\d\."
_CASES = {
    "Excel, fresh": _Case(put=_excel, code=75, says=(f"is open in Excel by Anna {_SINCE}",)),
    "LibreOffice, fresh": _Case(put=_libreoffice, code=75, says=(f"in LibreOffice by Pere Vila {_SINCE}",)),
    "Excel, of 23 hours ago": _Case(put=lambda book: _excel(book, age=23 * _HOUR), code=75),
    "Excel, of 25 hours ago": _Case(
        put=lambda book: _excel(book, age=25 * _HOUR), code=0, says=("lock file of Excel (Anna",)
    ),
    "LibreOffice, of last year": _Case(
        put=lambda book: _libreoffice(book, age=400 * 24 * _HOUR), code=0, says=("of LibreOffice (Pere Vila",)
    ),
    "both, fresh": _Case(put=lambda book: (_excel(book), _libreoffice(book)), code=75),
    "Excel left by a crash, LibreOffice fresh": _Case(
        put=lambda book: (_excel(book, age=30 * _HOUR), _libreoffice(book)), code=75, says=("in LibreOffice",)
    ),
    "both left by crashes": _Case(
        put=lambda book: (_excel(book, age=30 * _HOUR), _libreoffice(book, age=30 * _HOUR)),
        code=0,
        says=("lock file of Excel", "lock file of LibreOffice"),
    ),
    "Cyrillic owner": _Case(put=lambda book: _excel(book, "Анна Жук"), code=75, says=("by Анна Жук since",)),
    "Chinese owner": _Case(put=lambda book: _libreoffice(book, "李小龙"), code=75, says=("by 李小龙 since",)),
    "Arabic owner": _Case(put=lambda book: _excel(book, "آنا"), code=75, says=("by آنا since",)),
    "an owner of terminal commands": _Case(
        put=lambda book: _libreoffice(book, "An\x1b[31m\x07na"), code=75, says=(r"by An\[31mna since",)
    ),
    "nobody's name": _Case(put=lambda book: _excel(book, ""), code=75, says=("by somebody since",)),
    "empty": _Case(put=lambda book: _raw(book, b""), code=75, says=("by somebody since",)),
    "garbage": _Case(put=lambda book: _raw(book, bytes(range(256)) * 5000), code=75),
    "nothing but 0xFF": _Case(put=lambda book: _raw(book, b"\xff" * 60), code=75),
    "not to be read by others": _Case(put=_private, code=75),
    "a folder of that name": _Case(put=_folder, code=75, says=("by somebody",)),
    "from the future": _Case(put=lambda book: _excel(book, age=-400 * 24 * _HOUR), code=75),
    "from before 1970": _Case(put=lambda book: _excel(book, age=time.time() + 9 * _HOUR), code=0),
    "of a time that no calendar holds": _Case(put=lambda book: _excel(book, age=-1e12), code=75),
    "of another workbook": _Case(put=lambda book: _excel(book.with_name("other.xlsx")), code=0),
    "a name with marks": _Case(put=_libreoffice, code=75, name="Año [1] #50% & më.xlsx"),
    "a name too long for a lock": _Case(put=lambda _: None, code=0, name=f"{'x' * 249}.xlsx"),
    "our own lease and file, of a killed run": _Case(put=_dead, code=0),
    "our own lease, garbled": _Case(put=_garbled_lease, code=0),
}


@contextmanager
def _on_a_desk(folder: Path, case: _Case) -> Iterator[Path]:
    """Give each case a folder of its own."""
    yield typed_in(laid_out(folder / "desk", case.name))
    shutil.rmtree(folder, ignore_errors=True)


def _broken(name: str, book: Path, printed: Callable[[], str]) -> list[str]:
    """Return how a sync beside these locks, and the one after they are gone, fall short."""
    case, before = _CASES[name], book.read_bytes()
    case.put(book)
    printed()
    code, told = sync(book), printed()
    found = [f"exit {code}"] if code != case.code else []
    found += ["it changed the file"] if code and book.read_bytes() != before else []
    found += [f"it does not say {said}: {told}" for said in case.says if not re.search(_plain(said), told)]
    found += ["it steers the terminal"] if _CONTROL.search(told) else []
    for lock in [*book.parent.glob("~$*"), *book.parent.glob(".~lock*")]:
        lock.rmdir() if lock.is_dir() else lock.unlink()
    code = sync(book)
    found += [f"exit {code} after they were gone"] if code else []
    found += [f"left behind: {left.name}" for left in leftovers(book, _state())]
    return [f"{name}: {each}" for each in found]


def _plain(said: str) -> str:
    return said.replace("(", r"\(")


def test_beside_any_lock_file_a_run_waits_or_warns_and_goes_on_when_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def printed() -> str:
        return "".join(capsys.readouterr())

    broken: list[str] = []
    for number, (name, case) in enumerate(_CASES.items()):
        folder = tmp_path / str(number)
        monkeypatch.setenv("SHEETFUNNEL_STATE", str(folder / "state"))
        with _on_a_desk(folder, case) as book:
            broken += _broken(name, book, printed)
    record(6, "lock files", len(_CASES), broken)
    assert "\n".join(broken) == ""


def test_a_run_says_when_another_run_is_at_work_and_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(tmp_path / "state"))
    book = typed_in(laid_out(tmp_path))
    before = book.read_bytes()
    with lease(book, tmp_path / "state"):
        assert sync(book) == 75
    assert "Another run of sheetfunnel is at work on “sales.xlsx”" in capsys.readouterr().err
    assert book.read_bytes() == before
    assert sync(book) == 0
