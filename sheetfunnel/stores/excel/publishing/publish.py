"""Publishes a new file in the place of an old one: wholly or not at all, whatever happens meanwhile."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sheetfunnel.errors import Busy, NoAccess, SheetfunnelError, StaleRevision, UnreadableWorkbook
from sheetfunnel.stores.excel.publishing.durable import sync_folder
from sheetfunnel.stores.excel.publishing.exchange import LeftAside, put_in_place
from sheetfunnel.values import value

_LONGEST_NAME: Final = 180
_DAY: Final = 86_400
_PIECE: Final = 1 << 20
_NO_RIGHT: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_IN_USE: Final = frozenset({errno.EBUSY, errno.ETXTBSY, errno.EAGAIN})
_SHARING_VIOLATIONS: Final = frozenset({32, 33})  # of Windows: another program keeps the file to itself
_CHECK_DISK: Final = "Check the disk and the connection to it, then run this again."


@value
class Steps:
    """What publishing takes: build the new file, check it, keep the old one, see that that is unchanged.

    ``still_as_read`` gets the path at which the old one stands: its own, and at last that to which it went
    when the new one took its place.
    """

    build: Callable[[Path], None]
    check: Callable[[Path], None]
    keep: Callable[[], object]
    still_as_read: Callable[[Path], None]


def publish(target: Path, steps: Steps) -> None:
    """Replace ``target`` by the file that ``steps`` build, or leave it as it is.

    The new file stands beside the old one until it is complete, checked and on the disk. The last look at
    the old one comes after everything that takes time, and once more when it has been displaced.

    Raises:
        SheetfunnelError: of any kind that a step raises; the target is as it was, and no file is left over.
            Or the target is the new file, and the disk did not confirm it.

    """
    new = _beside(target)
    try:
        _build(new, target, steps)
        _make_alike(target, new)
        _sync_file(new)
        steps.keep()
        steps.still_as_read(target)
        put_in_place(new, target, steps.still_as_read)
    except LeftAside:  # what stands beside the target is a person's
        raise
    except BaseException:
        with suppress(OSError):  # the next run removes it; what stopped this one is to be told
            new.unlink(missing_ok=True)
        raise
    _confirm(target)


def _confirm(target: Path) -> None:
    """Have the new name of the file written to the disk; from here on it is wrong to say “not written”."""
    try:
        sync_folder(target.parent)
    except FileNotFoundError:  # somebody moved the folder since, and the workbook with it
        return
    except OSError as error:
        raise SheetfunnelError(
            f"“{target.name}” is wholly synced, but the disk did not confirm it ({error.strerror}).",
            hint="Check the disk and the connection to it; the generation before is among the backups.",
        ) from error


def _build(new: Path, target: Path, steps: Steps) -> None:
    try:
        steps.build(new)
        steps.check(new)
    except UnreadableWorkbook:
        # where a person saved meanwhile, nothing is damaged: it is to be read again
        steps.still_as_read(target)
        raise


def fingerprint(path: Path) -> str:
    """Return what tells one state of a file from any other: size, time of change, content.

    Raises:
        Busy: it changes while it is looked at.

    """
    before, digest = _stamp(path), hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    if _stamp(path) != before:
        raise Busy(f"“{path.name}” is being saved right now.", hint="Try again in a moment.")
    return f"{before}-{digest.hexdigest()}"


def refuse_stale(path: Path, revision: str, *, name: str = "") -> None:
    """Refuse a file that is no longer the one that was read; ``name`` is what people call it.

    Raises:
        StaleRevision: it was changed, moved or deleted.

    """
    if not is_as_read(path, revision):
        raise StaleRevision(
            f"“{name or path.name}” was changed by somebody since it was read; nothing was written.",
            hint="Run this again.",
        )


def is_as_read(path: Path, revision: str) -> bool:
    """Whether a file is wholly the one whose fingerprint is ``revision``."""
    try:
        return fingerprint(path) == revision
    except (FileNotFoundError, Busy):
        return False


def is_same_stamp(path: Path, revision: str) -> bool:
    """Whether a file still has the size and the time of change that ``revision`` begins with."""
    try:
        return revision.startswith(f"{_stamp(path)}-")
    except FileNotFoundError:
        return False


def leftovers(target: Path) -> list[Path]:
    """Return the unfinished files that runs on this workbook left when they died.

    On a shared folder a run of another machine may be at work; its process is not known here, so that only
    age tells.
    """
    pattern = re.compile(re.escape(_prefix(target)) + r"(\d+)-.*\.tmp", re.DOTALL)
    beside = ((path, pattern.fullmatch(path.name)) for path in target.parent.iterdir())
    return [path for path, match in beside if match and not _is_alive(int(match[1]), path)]


def remove_leftovers(target: Path) -> None:
    """Remove what dead runs left; under the lease no other run on this machine is at work on the workbook."""
    for path in leftovers(target):
        with suppress(OSError):  # whoever still has it open will end and remove it
            path.unlink()


@contextmanager
def told_in_words(path: Path) -> Iterator[None]:
    """Turn the system's errors into words about the workbook at ``path``."""
    try:
        yield
    except OSError as error:
        raise _in_words(error, path) from error


def unread(error: OSError, path: Path) -> SheetfunnelError:
    """Return the words for a workbook that could not be reached or read."""
    if _is_in_use(error):
        return _in_another_program(path)
    words = f"“{path}” cannot be read ({error.strerror or error})."
    if error.errno in _NO_RIGHT:
        return NoAccess(words, hint="Ask its owner for access, or copy it.")
    return SheetfunnelError(words, hint=_CHECK_DISK)


def _is_in_use(error: OSError) -> bool:
    return error.errno in _IN_USE or getattr(error, "winerror", None) in _SHARING_VIOLATIONS


def _in_another_program(path: Path) -> Busy:
    return Busy(f"“{path.name}” is open in another program.", hint="Close it there and run this again.")


def _in_words(error: OSError, path: Path) -> SheetfunnelError:
    if _is_in_use(error):
        return _in_another_program(path)
    if error.errno in _NO_RIGHT:
        return NoAccess(
            f"“{path}” or its folder may not be written by this user; nothing was written.",
            hint="Ask its owner for the right to write, or work on a copy of your own.",
        )
    if error.errno in _FULL:
        return SheetfunnelError(
            f"The disk is full: “{path.name}” could not be written and is as it was.",
            hint="Make room on the disk of the workbook and of your home folder, then run this again.",
        )
    if isinstance(error, FileNotFoundError):
        return Busy(
            f"“{path.name}” or the new file beside it was moved meanwhile; nothing was written.",
            hint="Run this again.",
        )
    return SheetfunnelError(
        f"“{path.name}” could not be written ({error.strerror or error}).", hint=_CHECK_DISK
    )


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size}-{status.st_mtime_ns}"


def _prefix(target: Path) -> str:
    name = target.name
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = hashlib.sha256(os.fsencode(name)).hexdigest()
    return f".{name}.sheetfunnel-"


def _beside(target: Path) -> Path:
    handle, name = tempfile.mkstemp(
        prefix=f"{_prefix(target)}{os.getpid()}-", suffix=".tmp", dir=target.parent
    )
    os.close(handle)
    return Path(name)


def _make_alike(old: Path, new: Path) -> None:
    """Give the new file the owner, mode and further attributes of the old one, but its own time."""
    if hasattr(os, "chown"):
        status = old.stat()
        with suppress(PermissionError):  # in a folder that several share, only root may give a file away
            os.chown(new, status.st_uid, status.st_gid)
    shutil.copystat(old, new)
    os.utime(new)


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_alive(process: int, path: Path) -> bool:
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY:
            return False
    if process == os.getpid():  # the number was ours before (in a container it always is)
        return False
    if os.name == "nt":  # there a file in use cannot be removed anyway, and signal 0 would end the process
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's process
        return True
    return True
