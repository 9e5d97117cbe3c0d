"""A workbook in an Excel file: read behind the guard, written surgically, published whole or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Final

from sheetfunnel.errors import Busy, NoAccess, UnreadableWorkbook, WrongUsage
from sheetfunnel.findings import Remark
from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.parts.package import Package, open_package
from sheetfunnel.stores.excel.publishing.backups import (
    backups_folder,
    content_mark,
    generations,
    keep_backup,
    mark_displaced,
)
from sheetfunnel.stores.excel.publishing.forgetting import forget, forget_workbook, holding
from sheetfunnel.stores.excel.publishing.locks import lease, refuse_lock_name, refuse_open_elsewhere
from sheetfunnel.stores.excel.publishing.publish import (
    Steps,
    fingerprint,
    is_same_stamp,
    publish,
    refuse_stale,
    remove_leftovers,
    told_in_words,
)
from sheetfunnel.stores.excel.publishing.purging import purging_steps
from sheetfunnel.stores.excel.publishing.read_back import check_read_back
from sheetfunnel.stores.excel.publishing.state import state_folder
from sheetfunnel.stores.excel.scan import special_cells
from sheetfunnel.stores.excel.sheet.error_cells import with_errors
from sheetfunnel.stores.excel.traces import traces
from sheetfunnel.tables.grid import Rows, read_grids
from sheetfunnel.workbook.contract import Grid, Purpose, Snapshot, WritePlan
from sheetfunnel.workbook.forgetting import Trace
from sheetfunnel.workbook.generations import Generation

_ATTEMPTS: Final = 3
_PAUSE: Final = 0.3
_MAY_WRITE: Final = 0o222


class ExcelWorkbook:
    """The workbook at ``path``; backups and leases stand in ``state``, by default the user's own folder.

    ``remarks`` are warnings of the last writing (a lock file that a crash left).
    """

    def __init__(self, path: Path, *, state: Path | None = None) -> None:
        refuse_lock_name(path)
        self.path = path
        self.remarks: list[Remark] = []
        self._state = state
        self._last: Snapshot | None = None

    def read(self) -> Snapshot:
        """Return the workbook as it is now.

        Raises:
            UnreadableWorkbook: it is damaged, hostile or no Excel workbook.
            NoAccess: this user may not read it.
            Busy: it was saved anew during each of three readings.
            WrongUsage: there is no such file.

        """
        target = self._target()
        for _ in range(_ATTEMPTS):
            snapshot = _read_undisturbed(target)
            if snapshot:
                self._last = snapshot
                return snapshot
            time.sleep(_PAUSE)
        raise Busy(f"“{target.name}” is being changed all the time.", hint="Try again when it is at rest.")

    def write(self, plan: WritePlan, *, revision: str) -> None:
        """Carry out ``plan`` on the workbook that was read as ``revision``, wholly or not at all.

        Raises:
            StaleRevision: it changed since it was read.
            Busy: somebody has it open, or another run is at work on it.
            NoAccess: this user may not write it.
            UnreadableWorkbook: the result did not read back as planned.
            SheetfunnelError: the disk is full or broken.

        """
        if not plan:
            return
        target = self._target()
        state = state_folder(self._state)
        names = dict.fromkeys((self.path.absolute(), target))
        self.remarks = [remark for name in names for remark in refuse_open_elsewhere(name)]
        _refuse_read_only(target)
        with lease(target, state), told_in_words(target):
            remove_leftovers(target)
            refuse_stale(target, revision)
            publish(target, self._steps(target, state, plan, revision))
            if plan.purpose is not Purpose.PURGE:  # of that nothing is kept
                mark_displaced(target, state, plan.purpose, content=content_mark(revision))
        self._last = None

    @property
    def kept_in(self) -> Path:
        """The folder in which earlier generations are kept."""
        return backups_folder(self.path.resolve(), state_folder(self._state))

    def generations(self) -> list[Generation]:
        """Return the kept generations, the newest first; the workbook itself may be gone."""
        return generations(
            self.path.resolve(), state_folder(self._state), lambda path: type(self)(path).read()
        )

    def content_of(self, revision: str) -> str:
        """Return the mark by which a kept generation is known again."""
        return content_mark(revision)

    def traces(self, name: str, *, tab: str = "", rows: Collection[int] = ()) -> list[Trace]:
        """Return where a name stands, and the comments and links on some rows of a tab."""
        return traces(self._target(), name, tab=tab, rows=rows)

    def holding(self, name: str, *, alone: bool = False) -> int:
        """Return how many kept generations hold a name, or cannot be looked through."""
        return len(holding(self.path.resolve(), state_folder(self._state), name, alone=alone))

    def forget(self, name: str) -> int:
        """Remove the kept generations that hold a name, or cannot be looked through; return how many."""
        return forget(self.path.resolve(), state_folder(self._state), name)

    def forget_all(self) -> int:
        """Remove all kept generations and the lease; return how many; the workbook itself may be gone."""
        return forget_workbook(self.path.resolve(), state_folder(self._state))

    def _steps(self, target: Path, state: Path, plan: WritePlan, revision: str) -> Steps:
        before = self._last if self._last and self._last.revision == revision else _snapshot(target, revision)
        still_as_read = partial(refuse_stale, target, revision)
        if plan.purpose is Purpose.PURGE:
            return purging_steps(target, before, plan, still_as_read)
        return Steps(
            build=lambda new: edit(target, new, plan),
            check=lambda new: check_read_back(new, before, plan, source=target),
            keep=partial(keep_backup, target, state),
            still_as_read=still_as_read,
        )

    def _target(self) -> Path:
        """Return the file itself: a link is followed, so that it stays a link."""
        try:
            target = self.path.resolve(strict=True)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise WrongUsage(
                f"There is no file “{self.path}”.", hint="Check the name and the folder."
            ) from error
        except (PermissionError, RuntimeError, OSError) as error:
            raise NoAccess(
                f"“{self.path}” cannot be reached.", hint="Check its folders and links."
            ) from error
        if not target.is_file():
            raise WrongUsage(f"“{self.path}” is not a file.", hint="Name the workbook itself.")
        return target


def _refuse_read_only(target: Path) -> None:
    if not os.access(target, os.W_OK) or not target.stat().st_mode & _MAY_WRITE:
        raise NoAccess(
            f"“{target}” is read-only; nothing was written.", hint="Allow writing it, or work on a copy."
        )


def _read_undisturbed(target: Path) -> Snapshot | None:
    """Return a snapshot, or nothing if the file was saved meanwhile."""
    revision = ""
    try:
        revision = fingerprint(target)
        snapshot = _snapshot(target, revision)
    except (UnreadableWorkbook, FileNotFoundError, Busy):
        if revision and is_same_stamp(target, revision):
            raise
        return None
    except OSError as error:
        raise NoAccess(
            f"“{target}” cannot be read ({error.strerror}).", hint="Ask its owner for access, or copy it."
        ) from error
    return snapshot if is_same_stamp(target, revision) else None


def _snapshot(target: Path, revision: str) -> Snapshot:
    grids = read_grids(target)  # first, as the guard stands before it
    package = open_package(target)
    return Snapshot(
        tabs={title: _grid(target, package, title, rows) for title, rows in grids.items()},
        names=package.names,
        revision=revision,
    )


def _grid(target: Path, package: Package, title: str, rows: Rows) -> Grid:
    special = special_cells(target, package, title)
    shown = list(with_errors(rows, special.errors)) if special.errors else rows
    return Grid(title=title, rows=shown, formulas=special.formulas, covered=special.covered)
