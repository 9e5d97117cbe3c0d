"""Who else has a workbook open: the lock files of Excel and LibreOffice, and our own lease."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from sheetfunnel.errors import Busy
from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.stores.state import key_of, private, refusal_of
from sheetfunnel.values import value

#: A lock file that nobody touched for a day was left behind by a crash.
STALE: Final = timedelta(hours=24)

_OWNER_WIDE: Final = 55  # Excel: a byte of length and 54 of name, then the same in UTF-16
_ESCAPED: Final = re.compile(r"\\(.)")
_FIELD: Final = re.compile(r"((?:[^,;\\]|\\.)*)[,;]?")


@value
class OpenElsewhere:
    """A lock file beside a workbook: which program has it open, for whom and since when."""

    program: str
    owner: str
    since: datetime
    stale: bool


def open_elsewhere(path: Path) -> list[OpenElsewhere]:
    """Return the lock files that other programs keep beside a workbook, stale ones too."""
    found = (
        _lock("Excel", path.with_name(f"~${path.name}"), _excel_owner),
        _lock("LibreOffice", path.with_name(f".~lock.{path.name}#"), _libreoffice_owner),
    )
    return [lock for lock in found if lock]


def refuse_open_elsewhere(path: Path) -> list[Remark]:
    """Refuse a workbook that somebody has open; return a warning for each stale lock file.

    Raises:
        Busy: a fresh lock file says so.

    """
    locks = open_elsewhere(path)
    for lock in locks:
        if not lock.stale:
            raise Busy(
                f"“{path.name}” is open in {lock.program} by {lock.owner or 'somebody'} "
                f"since {lock.since:%Y-%m-%d %H:%M}.",
                hint="Save and close it there, then run this again; nothing was written.",
            )
    return [
        remark(Code.STALE_LOCK, program=lock.program, owner=lock.owner or "?", since=lock.since.date())
        for lock in locks
    ]


def refuse_restless(path: Path, quiet: timedelta) -> None:
    """Refuse a workbook that changed less than ``quiet`` ago: whoever saved it may be about to do so again.

    The later of the two times counts that a file has: a sync folder gives the copy that it brings the time
    of its original. A time that lies far ahead is that of a wrong clock and says nothing.

    Raises:
        Busy: it changed just now.

    """
    if not quiet:
        return
    try:
        status = path.stat()
    except FileNotFoundError:  # the reading will tell
        return
    age = min(abs(time.time() - touched) for touched in (status.st_mtime, status.st_ctime))
    left = ceil(quiet.total_seconds() - age)
    if left > 0:
        raise Busy(
            f"“{path.name}” changed {_seconds(int(age))} ago; it is left alone until it has been at rest for "
            f"{_seconds(int(quiet.total_seconds()))}.",
            hint=f"Run this again in {_seconds(left)}; a scheduled sync does so at its next time. A sync "
            "without --quiet-period does not wait.",
        )


@contextmanager
def lease(path: Path, state: Path) -> Iterator[None]:
    """Keep every other run away from a workbook; the lock is the system's, so that none outlives its process.

    Raises:
        Busy: another run has it.
        NoAccess, SheetfunnelError: it cannot be written.

    """
    private(state / "leases")
    place = lease_file(path, state)
    lock = FileLock(place, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except OSError as error:
        if not isinstance(error, Timeout):
            raise refusal_of(error)(
                f"“{place}” cannot be written ({error.strerror}).",
                hint="Give this user the right to write there, or make room on that disk.",
            ) from error
        raise Busy(
            f"Another run of sheetfunnel is at work on “{path.name}”.", hint="Wait until it has ended."
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):  # then the end of the process gives it back; the work is done
            lock.release()


def _seconds(count: int) -> str:
    return f"{count} second{'' if count == 1 else 's'}"


def lease_file(path: Path, state: Path) -> Path:
    """Return the file by whose lock a workbook is held, whether or not it is there."""
    return state / "leases" / f"{key_of(path)}.lock"


def _lock(program: str, path: Path, owner_of: Callable[[bytes], str]) -> OpenElsewhere | None:
    try:
        touched = path.stat().st_mtime
    except OSError:
        return None
    return OpenElsewhere(
        program=program,
        owner=owner_of(_content(path)),
        since=_moment(touched),
        stale=time.time() - touched > STALE.total_seconds(),
    )


def _moment(touched: float) -> datetime:
    """Return a time of change as a moment here; one that no calendar holds is a clock's error, and now."""
    try:
        return datetime.fromtimestamp(touched).astimezone()
    except (ValueError, OverflowError, OSError):
        return datetime.now().astimezone()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()[:4096]
    except OSError:  # Windows keeps even the lock file to its owner
        return b""


def _excel_owner(raw: bytes) -> str:
    if len(raw) > _OWNER_WIDE + 2:
        length = int.from_bytes(raw[_OWNER_WIDE : _OWNER_WIDE + 2], "little")
        wide = raw[_OWNER_WIDE + 2 : _OWNER_WIDE + 2 + 2 * length]
        if length and len(wide) == 2 * length:
            return _printable(wide.decode("utf-16-le", "replace"))
    return _printable(raw[1 : 1 + raw[0]].decode("cp1252", "replace")) if raw else ""


def _libreoffice_owner(raw: bytes) -> str:
    name, login, host, *_ = (
        *(_ESCAPED.sub(r"\1", field).strip() for field in _FIELD.findall(raw.decode("utf-8", "replace"))[:3]),
        "",
        "",
        "",
    )
    return _printable(name or "@".join(part for part in (login, host) if part))


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()
