"""Looks at a workbook: can it be read and written, who has it open, what is beside it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from sheetfunnel.doctor.look import Answer, amiss, well
from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.findings import Param
from sheetfunnel.stores import open_workbook
from sheetfunnel.typed import as_typed
from sheetfunnel.workbook.decode import decode, refuse_implausible

_WRITABLE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def read(reference: str) -> Answer:
    """Look whether it is a workbook that can be worked in, and whether every cell of it can be read."""
    try:
        decoded = decode(open_workbook(reference).read())
        refuse_implausible(decoded)
    except SheetfunnelError as error:
        return amiss("book.unread", message=error.message, hint=error.hint)
    told: dict[str, Param] = {"rows": len(decoded.rows), "count": len(decoded.findings)}
    return (
        amiss("book.findings", file=as_typed(reference), **told) if decoded.findings else well("book", **told)
    )


def may_be_written(reference: str) -> Answer | None:
    """Look whether the file and its folder may be written."""
    path = _file(reference)
    if path is None:
        return None
    for place in (path, path.parent):
        # a file that says of itself that it is read-only is left alone by those too who might write it
        if not os.access(place, os.W_OK) or (place == path and not path.stat().st_mode & _WRITABLE):
            return amiss("book.closed", file=str(place))
    return well("book.open", file=path.name)


def open_elsewhere(reference: str) -> Answer | None:
    """Look who else has the file open."""
    from sheetfunnel.stores.excel.publishing.locks import open_elsewhere as locks_beside

    path = _file(reference)
    if path is None:
        return None
    for lock in locks_beside(path):
        told: dict[str, Param] = {
            "program": lock.program,
            "owner": lock.owner or "?",
            "day": lock.since.date(),
        }
        return amiss("lock.stale" if lock.stale else "lock.fresh", **told)
    return well("lock")


def copies(reference: str) -> Answer | None:
    """Look for copies that a sync folder made when two people saved at once."""
    from sheetfunnel.stores.excel.publishing.names import conflict_copies

    path = _file(reference)
    if path is None:
        return None
    names = tuple(copy.name for copy in conflict_copies(path))
    return amiss("copies.found", count=len(names), names=names) if names else well("copies")


def _file(reference: str) -> Path | None:
    """Return the file that a reference names; what is no file has other looks."""
    path = Path(reference)
    return path if "://" not in reference and path.is_file() else None
