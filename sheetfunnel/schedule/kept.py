"""Small files of the schedule in the private state folder: read in words, written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sheetfunnel.errors import NoAccess

#: The folder of the schedule in the state folder.
FOLDER: Final = "schedule"

#: How the bytes of a file's name are kept that are not UTF-8.
NAMES: Final = "surrogateescape"

#: In it, what is installed.
RECORD: Final = "installed.json"


def schedule_folder(state: Path) -> Path:
    """Return the folder of the schedule, which only this user can look into, made if need be.

    Raises:
        NoAccess: it cannot be made.

    """
    folder = state / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise NoAccess(
            f"The folder “{folder}”, where the schedule is kept, cannot be made ({error.strerror}).",
            hint="Give this user the right to write there, or make room on that disk; `sheetfunnel doctor` "
            "says what else is amiss.",
        ) from error
    return folder


def read_kept(path: Path) -> dict[str, Any]:
    """Return what is kept in a file; nothing if it is not there, or damaged."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8", errors=NAMES))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def write_kept(path: Path, kept: dict[str, Any]) -> None:
    """Write a file in one step, for this user only.

    Raises:
        OSError: there is no room for it, or no right to write it.

    """
    handle, name = tempfile.mkstemp(prefix=f"{path.stem}-", suffix=".tmp", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors=NAMES) as file:
            json.dump(kept, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
