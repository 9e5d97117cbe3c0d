"""Earlier generations of a Google Sheet, kept on this machine so that a sync can be taken back.

Google has its own history of versions, which a person can go back to; but that brings back everybody's
cells. What is kept here are the values as they were read before each writing, in the private state folder.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from sheetfunnel.stores.state import private, refusal_of
from sheetfunnel.workbook.contract import Cell, Grid, Place, Purpose, Snapshot
from sheetfunnel.workbook.generations import Generation

_KEPT: Final = 10
_KEPT_FOR: Final = timedelta(days=14)
_UNFINISHED_AFTER: Final = 3600.0
_TIME: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"(\d{8}T\d{6}Z)-([0-9a-f]{16})(?:-([a-z]+))?\.json\.gz")


def generations_folder(state: Path, key: str) -> Path:
    """Return the folder of the generations of one sheet; it need not be there."""
    return state / "backups" / f"google-{key}"


def content_mark(revision: str) -> str:
    """Return the mark by which a generation is known again: what it holds, whatever its stamp."""
    return revision.rsplit("-", 1)[-1][:16]


def keep(folder: Path, snapshot: Snapshot) -> Path:
    """Keep a snapshot that is about to be displaced; return its file.

    Raises:
        NoAccess, SheetfunnelError: it cannot be kept, so nothing should be written.

    """
    private(folder)
    _remove_unfinished(folder)
    moment = max(datetime.now(tz=UTC), _newest(folder) + timedelta(seconds=1))
    path = folder / f"{moment:{_TIME}}-{content_mark(snapshot.revision)}.json.gz"
    try:
        handle, name = tempfile.mkstemp(prefix="keeping-", suffix=".tmp", dir=folder)  # mode 0600
        with os.fdopen(handle, "wb") as file, gzip.open(file, "wt", encoding="utf-8") as packed:
            json.dump(_as_json(snapshot), packed, ensure_ascii=False)
        Path(name).replace(path)
    except OSError as error:
        raise refusal_of(error)(
            f"What the sheet holds now cannot be kept in “{folder}” ({error.strerror}). Nothing was written.",
            hint="Make room on that disk, or allow writing there, and sync again.",
        ) from error
    return path


def mark_displaced(path: Path, purpose: Purpose) -> None:
    """Write into the name of a kept generation what displaced it, and let go of the oldest."""
    with suppress(FileNotFoundError):  # a run of the same moment kept, and named, the same
        path.rename(path.with_name(path.name.replace(".json.gz", f"-{purpose.value}.json.gz")))
    oldest = datetime.now(tz=UTC) - _KEPT_FOR
    for place, each in enumerate(_files(path.parent)):
        if place and (place >= _KEPT or _parts(each)[0] < oldest):
            each.unlink(missing_ok=True)


def generations(folder: Path) -> list[Generation]:
    """Return the kept generations, the newest first."""
    return [_generation(path) for path in _files(folder)]


def forget(folder: Path, name: str) -> int:
    """Remove the kept generations in which a name stands; return how many."""
    found = holding(folder, name)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def holding(folder: Path, name: str, *, alone: bool = False) -> list[Path]:
    """Return the kept generations in which a name stands (``alone``: as the whole text of a cell)."""
    return [path for path in _files(folder) if _holds(path, name.casefold(), alone=alone)]


def forget_all(folder: Path) -> int:
    """Remove everything that is kept of a sheet; return how many generations that were."""
    found = _files(folder)
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()
    return len(found)


def of_all_sheets(state: Path) -> list[Path]:
    """Return the kept generations of every sheet."""
    return [path for folder in _folders(state) for path in _files(folder)]


def unfinished(state: Path) -> list[Path]:
    """Return the generations that a run was writing, or left when it died."""
    return [path for folder in _folders(state) for path in folder.glob("keeping-*.tmp")]


def _folders(state: Path) -> list[Path]:
    return list((state / "backups").glob("google-*"))


def _holds(path: Path, name: str, *, alone: bool) -> bool:
    grids = _read(path).tabs.values()
    texts = (str(cell).casefold() for grid in grids for row in grid.rows for cell in row if cell is not None)
    return any(name == text.strip() if alone else name in text for text in texts)


def _remove_unfinished(folder: Path) -> None:
    for left in folder.glob("keeping-*.tmp"):
        with suppress(FileNotFoundError):  # another run was quicker
            if time.time() - left.stat().st_mtime > _UNFINISHED_AFTER:  # else another run is at it
                left.unlink()


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)


def _newest(folder: Path) -> datetime:
    return max((_parts(path)[0] for path in _files(folder)), default=datetime.min.replace(tzinfo=UTC))


def _parts(path: Path) -> tuple[datetime, str, Purpose | None]:
    moment, content, purpose = re.split(_NAME, path.name)[1:4]
    kept_at = datetime.strptime(moment, _TIME).replace(tzinfo=UTC)
    return kept_at, content, Purpose(purpose) if purpose else None


def _generation(path: Path) -> Generation:
    kept_at, content, purpose = _parts(path)
    return Generation(
        kept_at=kept_at,
        displaced_by=purpose,
        size=path.stat().st_size,
        content=content,
        name=path.name,
        read=partial(_read, path),
    )


def _as_json(snapshot: Snapshot) -> Mapping[str, Any]:
    return {
        "revision": snapshot.revision,
        "looked_up": snapshot.looked_up,
        "names": {name: [place.tab, place.row, place.column] for name, place in snapshot.names.items()},
        "tabs": {
            title: {
                "rows": [[_out(cell) for cell in row] for row in grid.rows],
                "formulas": sorted(grid.formulas),
                "covered": sorted(grid.covered),
            }
            for title, grid in snapshot.tabs.items()
        },
    }


def _read(path: Path) -> Snapshot:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        kept = json.load(file)
    return Snapshot(
        tabs={title: _grid(title, told) for title, told in kept["tabs"].items()},
        names={name: Place(tab=t, row=r, column=c) for name, (t, r, c) in kept["names"].items()},
        revision=kept["revision"],
        looked_up=kept["looked_up"],
    )


def _grid(title: str, told: Mapping[str, Any]) -> Grid:
    return Grid(
        title=title,
        rows=[[_in(cell) for cell in row] for row in told["rows"]],
        formulas=frozenset((row, column) for row, column in told["formulas"]),
        covered=frozenset((row, column) for row, column in told["covered"]),
    )


def _out(cell: Cell) -> object:
    return {"date": cell.isoformat()} if isinstance(cell, date) else cell


def _in(told: Any) -> Cell:  # noqa: ANN401 - JSON
    if not isinstance(told, dict):
        return told  # type: ignore[no-any-return]
    text = told["date"]
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
