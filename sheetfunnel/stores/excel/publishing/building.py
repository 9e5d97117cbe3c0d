"""A new workbook file, written and checked: large ones by two processes, the one following the other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.publishing.following import Seen, following
from sheetfunnel.stores.excel.publishing.read_back import check_read_back, sheet_checks
from sheetfunnel.workbook.contract import Snapshot, WritePlan


class Building:
    """The workbook at ``source``, read as ``before``, with a plan carried out.

    ``seen`` are the sheets that were found to be as planned while they were written.
    """

    def __init__(self, source: Path, before: Snapshot, plan: WritePlan) -> None:
        self._source = source
        self._before = before
        self._plan = plan
        self.seen: Mapping[str, Seen] = {}

    def build(self, new: Path) -> None:
        """Write the new file; as :func:`edit`."""
        checks = sheet_checks(self._source, self._before, self._plan)
        with following(new, checks) as follower:
            edit(self._source, new, self._plan, heed=follower.heed)
            self.seen = follower.seen()

    def check(self, new: Path) -> None:
        """Read the new file back; as :func:`check_read_back`."""
        check_read_back(new, self._before, self._plan, source=self._source, seen=self.seen)
