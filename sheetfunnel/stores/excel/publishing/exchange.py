"""Puts a new file in the place of an old one so that nothing saved in that very moment is lost."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from sheetfunnel.errors import SheetfunnelError

_EXCHANGE: Final = 2  # RENAME_EXCHANGE of Linux
_HERE: Final = -100  # AT_FDCWD: paths that are not absolute begin at the current folder
_UNKNOWN: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP})


def put_in_place(new: Path, target: Path, still_as_read: Callable[[Path], None]) -> None:
    """Replace ``target`` by the complete file ``new``, unless a person changed it since the last look.

    A replacement destroys what it displaces, though somebody may have saved since the last look. So, where
    the system can do that, both files change their places in one step, and only then is what was displaced
    let go of: if ``still_as_read`` refuses it, it is put back. On network disks and other systems than Linux
    it is replaced.

    Raises:
        SheetfunnelError: as ``still_as_read`` says.
        LeftAside: what it refused could not be put back; ``new`` is that, and must not be removed.
        OSError: it cannot be replaced.

    """
    if not _exchanged(new, target):
        new.replace(target)
        return
    try:
        still_as_read(new)
    except BaseException as refusal:
        _put_back(new, target, refusal)
        raise
    with suppress(OSError):  # the next run removes it
        new.unlink()


class LeftAside(SheetfunnelError):
    """What somebody saved could not be put back into its place; it stands where the message says."""


def _put_back(displaced: Path, target: Path, refusal: BaseException) -> None:
    with suppress(OSError):
        if _exchanged(displaced, target):
            return
    try:
        displaced.replace(target)  # the new file is let go of: it can be made again
    except FileNotFoundError:  # the whole folder was moved: both files stand where it is now
        raise
    except OSError as error:
        raise LeftAside(
            f"“{target.name}” was saved by somebody in the moment of the sync, and the disk did not let that "
            f"be put back ({error.strerror}): it stands in “{displaced}”.",
            hint="Copy that file to a safe place at once, then check the disk.",
        ) from refusal


def _exchanged(one: Path, other: Path) -> bool:
    """Let two files change places in one step; return whether this system, and this disk, can do that."""
    if sys.platform != "linux":
        return False
    import ctypes

    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if exchange is None:
        return False
    sys.audit("os.rename", str(one), str(other), -1, -1)  # told as os.rename tells it
    if exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))
