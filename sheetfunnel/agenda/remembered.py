"""What was last told of each event, kept in the private state folder: no name stands in it."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from sheetfunnel.agenda.ics import Known
from sheetfunnel.errors import SheetfunnelError

FOLDER: Final = "calendars"
_NAME: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.json")


def remembered(state: Path, name: str) -> dict[str, Known]:
    """Return what was last told of the events of one owner's week; nothing if it was never, or is damaged."""
    try:
        kept = json.loads(_file(state, name).read_text(encoding="utf-8"))
        return {str(uid): Known(**entry) for uid, entry in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember(state: Path, name: str, known: Mapping[str, Known]) -> None:
    """Keep what was told of the events of one owner's week, for this user only.

    Raises:
        SheetfunnelError: it cannot be written.

    """
    file = _file(state, name)
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(suffix=".tmp", dir=file.parent)  # mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            json.dump({uid: asdict(each) for uid, each in known.items()}, new)
        Path(unfinished).replace(file)
    except OSError as error:
        raise SheetfunnelError(
            f"“{file}” cannot be written ({error.strerror}); without it a calendar would not see changes.",
            hint="Make room on that disk, or name another folder in SHEETFUNNEL_STATE.",
        ) from error


def kept(state: Path) -> tuple[Path, ...]:
    """Return the files in which it is kept what was told of events, and those that were left unfinished."""
    beside = (state / FOLDER).glob("*")
    return tuple(path for path in beside if _NAME.fullmatch(path.name) or path.suffix == ".tmp")


def _file(state: Path, name: str) -> Path:
    return state / FOLDER / f"{uuid5(NAMESPACE_URL, name)}.json"
