"""The private folder of this user: backups and the leases of runs, never in the workbook's own folder."""

from __future__ import annotations

import errno
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from platformdirs import user_state_path

from sheetfunnel.errors import NoAccess, SheetfunnelError

#: The environment variable that puts the folder somewhere else (containers, tests).
VARIABLE: Final = "SHEETFUNNEL_STATE"

_OF_THE_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

#: The folders in it that are ours; a person who names a folder may have put other things there.
KEPT_HERE: Final = ("backups", "leases", "calendars", "schedule")


def state_folder(folder: Path | None = None) -> Path:
    """Return the folder, made if need be: the one given, that of the environment, or the user's own.

    Raises:
        NoAccess, SheetfunnelError: it cannot be made, or this user has no home for it.

    """
    return private(folder or _configured() or _of_the_user())


def private(folder: Path) -> Path:
    """Return a folder that only this user can look into, made if need be.

    Raises:
        NoAccess, SheetfunnelError: it cannot be made.

    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise refusal_of(error)(
            f"The folder “{folder}”, where backups are kept, cannot be made ({error.strerror}).",
            hint=f"Make it, or name another folder in the environment variable {VARIABLE}.",
        ) from error
    return folder


def refusal_of(error: OSError) -> type[SheetfunnelError]:
    """Return as which kind of error it counts that the state folder cannot be written."""
    return SheetfunnelError if error.errno in _OF_THE_DISK else NoAccess


def key_of(path: Path) -> str:
    """Return the name under which things about one workbook are kept: readable, and of this path only."""
    digest = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()
    return f"{path.stem[:40]}-{digest[:16]}"


def _configured() -> Path | None:
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def _of_the_user() -> Path:
    with suppress(RuntimeError):  # in a container a user may have no home
        own = user_state_path("sheetfunnel", appauthor=False)
        if own.is_absolute():
            return own
    raise SheetfunnelError(
        "This user has no home folder in which backups could be kept; nothing was written.",
        hint=f"Name a folder for them in the environment variable {VARIABLE}.",
    )
