"""A workbook in an Excel file: read behind the guard, written surgically, published whole or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sheetfunnel.errors import (
    Busy,
    NoAccess,
    SheetfunnelError,
    StaleRevision,
    UnreadableWorkbook,
    WrongUsage,
)
from sheetfunnel.findings import Remark
from sheetfunnel.stores.excel.parts.package import open_package
from sheetfunnel.stores.excel.publishing.backups import (
    backups_folder,
    content_mark,
    generations,
    keep_backup,
    mark_displaced,
)
from sheetfunnel.stores.excel.publishing.building import Building
from sheetfunnel.stores.excel.publishing.locks import lease, refuse_open_elsewhere, refuse_restless
from sheetfunnel.stores.excel.publishing.names import refuse_other_name, tell_conflict_copies, tell_hard_links
from sheetfunnel.stores.excel.publishing.publish import (
    Steps,
    fingerprint,
    is_as_read,
    is_same_stamp,
    leftovers,
    publish,
    refuse_stale,
    remove_leftovers,
    told_in_words,
    unread,
)
from sheetfunnel.stores.excel.scan import Special, special_cells
from sheetfunnel.stores.excel.sheet.error_cells import with_errors
from sheetfunnel.stores.state import state_folder
from sheetfunnel.tables.grid import Rows, Value, each_checked_tab
from sheetfunnel.tables.plain_values import take_plain_values
from sheetfunnel.tables.spare_memory import give_back
from sheetfunnel.workbook.contract import Grid, Purpose, Snapshot, WritePlan
from sheetfunnel.workbook.forgetting import Trace
from sheetfunnel.workbook.generations import Generation

#: What the reader of a smaller file leaves behind is not worth the asking.
_LARGE: Final = 1 << 20
_ATTEMPTS: Final = 3
_PAUSE: Final = 0.3
_MAY_WRITE: Final = 0o222


class ExcelWorkbook:
    """The workbook at ``path``; backups and leases stand in ``state``, by default the user's own folder.

    ``remarks`` are warnings of the last reading or writing (a conflict copy beside it, a lock file that a
    crash left). A workbook that changed less than ``quiet`` ago is not read.
    """

    def __init__(self, path: Path, *, state: Path | None = None, quiet: timedelta = timedelta(0)) -> None:
        refuse_other_name(path)
        self.path = path
        self.remarks: list[Remark] = []
        self._state = state
        self._quiet = quiet
        self._last: Snapshot | None = None

    def read(self) -> Snapshot:
        """Return the workbook as it is now.

        Raises:
            UnreadableWorkbook: it is damaged, hostile or no Excel workbook.
            NoAccess: this user may not read it.
            Busy: it was saved anew during each of three readings, or less than the quiet period ago, or
                another program keeps it to itself.
            WrongUsage: there is no such file.
            SheetfunnelError: the disk is broken.

        """
        target = self._target()
        refuse_restless(target, self._quiet)
        self.remarks = tell_conflict_copies(target)
        self._tidy(target)
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
        self.remarks = [*tell_conflict_copies(target), *tell_hard_links(target), *self._refuse_open(target)]
        with told_in_words(target):
            _refuse_read_only(target)
            with lease(target, state):
                remove_leftovers(target)
                refuse_stale(target, revision)
                publish(target, self._steps(target, state, plan, revision))
                if plan.purpose is not Purpose.PURGE:  # of that nothing is kept
                    mark_displaced(target, state, plan.purpose, content=content_mark(revision))
        self._last = None

    def _tidy(self, target: Path) -> None:
        """Remove what dead runs left: this one may find nothing to write, and then would not come to it."""
        with suppress(OSError, SheetfunnelError):  # whoever holds the lease will remove it; a reader need not
            if leftovers(target):
                with lease(target, state_folder(self._state)):
                    remove_leftovers(target)

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
        from sheetfunnel.stores.excel.traces import traces

        return traces(self._target(), name, tab=tab, rows=rows)

    def holding(self, name: str, *, alone: bool = False) -> int:
        """Return how many kept generations hold a name, or cannot be looked through."""
        from sheetfunnel.stores.excel.publishing.forgetting import holding

        return len(holding(self.path.resolve(), state_folder(self._state), name, alone=alone))

    def forget(self, name: str) -> int:
        """Remove the kept generations that hold a name, or cannot be looked through; return how many."""
        from sheetfunnel.stores.excel.publishing.forgetting import forget

        return forget(self.path.resolve(), state_folder(self._state), name)

    def forget_all(self) -> int:
        """Remove all kept generations and the lease; return how many; the workbook itself may be gone."""
        from sheetfunnel.stores.excel.publishing.forgetting import forget_workbook

        return forget_workbook(self.path.resolve(), state_folder(self._state))

    def _steps(self, target: Path, state: Path, plan: WritePlan, revision: str) -> Steps:
        before = self._last if self._last and self._last.revision == revision else _snapshot(target, revision)
        still_as_read = partial(self._refuse_touched, target, revision)
        if plan.purpose is Purpose.PURGE:
            from sheetfunnel.stores.excel.publishing.purging import purging_steps

            return purging_steps(target, before, plan, still_as_read)
        building = Building(target, before, plan)
        return Steps(
            build=building.build,
            check=building.check,
            keep=partial(keep_backup, target, state),
            still_as_read=still_as_read,
        )

    def _refuse_touched(self, target: Path, revision: str, displaced: Path) -> None:
        """Refuse to replace what a person opened or saved since it was read; it stands at ``displaced``."""
        refuse_stale(displaced, revision, name=target.name)
        self._refuse_open(target)

    def _refuse_open(self, target: Path) -> list[Remark]:
        names = dict.fromkeys((self.path.absolute(), target))
        return [remark for name in names for remark in refuse_open_elsewhere(name)]

    def _target(self) -> Path:
        """Return the file itself: a link is followed, so that it stays a link."""
        try:
            target = self.path.resolve(strict=True)
            is_file = target.is_file()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise WrongUsage(
                f"There is no file “{self.path}”.", hint="Check the name and the folder."
            ) from error
        except RuntimeError as error:  # links that lead to each other
            raise NoAccess(f"“{self.path}” cannot be reached.", hint="Check its links.") from error
        except OSError as error:
            raise unread(error, self.path) from error
        if not is_file:
            raise WrongUsage(f"“{self.path}” is not a file.", hint="Name the workbook itself.")
        return target


def _refuse_read_only(target: Path) -> None:
    try:
        may, mode = _may_be_opened(target), target.stat().st_mode
    except FileNotFoundError as error:  # what is gone is not read-only
        raise StaleRevision(
            f"“{target.name}” was moved or deleted since it was read; nothing was written.",
            hint="Run this again.",
        ) from error
    if not may or not mode & _MAY_WRITE:
        raise NoAccess(
            f"“{target}” is read-only; nothing was written.", hint="Allow writing it, or work on a copy."
        )


def _may_be_opened(target: Path) -> bool:
    """Whether this user may write a file; where the system says no, an attempt to open it says why."""
    if os.access(target, os.W_OK):
        return True
    try:
        os.close(os.open(target, os.O_WRONLY))
    except PermissionError:
        return False
    return True


def _read_undisturbed(target: Path) -> Snapshot | None:
    """Return a snapshot, or nothing if the file was saved meanwhile."""
    try:
        return _read_once(target)
    except OSError as error:
        raise unread(error, target) from error


def _read_once(target: Path) -> Snapshot | None:
    revision = ""
    try:
        revision = fingerprint(target)
        snapshot = _snapshot(target, revision)
    except (UnreadableWorkbook, FileNotFoundError, Busy):
        if revision and is_as_read(target, revision):
            raise
        return None
    return snapshot if is_same_stamp(target, revision) else None


def _snapshot(target: Path, revision: str) -> Snapshot:
    taken = take_plain_values(target)  # looks through the file before anything is parsed
    package = open_package(target)
    parts = {sheet.title: package.entries.at(sheet.part).filename for sheet in package.sheets if sheet.cells}
    with ThreadPoolExecutor(1) as beside:
        others = {title for title, part in parts.items() if part not in taken.rows}
        reading = beside.submit(_values, target, others) if others or not parts else None
        special = {
            title: special_cells(target, package, title)
            for title, part in parts.items()
            if part not in taken.only_values
        }
        read = reading.result() if reading else {}
    if target.stat().st_size > _LARGE:
        give_back()
    rows = {title: taken.rows.get(part) or read.get(title, []) for title, part in parts.items()}
    return Snapshot(
        tabs={title: _grid(title, lines, special.get(title, Special())) for title, lines in rows.items()},
        names=package.names,
        revision=revision,
    )


def _values(target: Path, titles: Collection[str]) -> dict[str, Rows]:
    return {title: list(rows) for title, rows in each_checked_tab(target, titles)}


def _grid(title: str, rows: Sequence[Sequence[Value]], special: Special) -> Grid:
    shown = list(with_errors((list(row) for row in rows), special.errors)) if special.errors else rows
    return Grid(title=title, rows=shown, formulas=special.formulas, covered=special.covered)
