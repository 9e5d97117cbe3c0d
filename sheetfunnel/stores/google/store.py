"""A workbook that is a Google Sheet: one call reads it, one call writes to it, others may edit meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from gspread.exceptions import APIError

from sheetfunnel.errors import NoAccess, StaleRevision, UnreadableWorkbook
from sheetfunnel.findings import Code, Remark
from sheetfunnel.stores.google import kept, traces
from sheetfunnel.stores.google.connection import SHEETS_URL, Connection
from sheetfunnel.stores.google.reading import FIELDS, Read, read_answer
from sheetfunnel.stores.google.stamps import Stamp, next_stamp, stamp_requests, stamps
from sheetfunnel.stores.google.writing import requests_of
from sheetfunnel.stores.state import state_folder
from sheetfunnel.workbook.contract import AppendRows, Purpose, Snapshot, WritePlan
from sheetfunnel.workbook.forgetting import Trace
from sheetfunnel.workbook.generations import Generation

_QUIET: Final = {"prettyPrint": "false"}


class GoogleWorkbook:
    """The Google Sheet with this key; earlier generations stand in ``state``, by default the user's folder.

    ``connect`` makes the connection when the first call is due.
    """

    def __init__(self, key: str, connect: Callable[[], Connection], *, state: Path | None = None) -> None:
        self.key = key
        self.remarks: Sequence[Remark] = ()
        self._connect = connect
        self._connection: Connection | None = None
        self._state = state
        self._last: Read | None = None

    @property
    def connection(self) -> Connection:
        """The way to Google."""
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def read(self) -> Snapshot:
        """Return the sheet as it is now, in one call.

        Raises:
            NoAccess: it is not shared with this program, or there are no credentials.
            UnreadableWorkbook: it is no Google Sheet.
            Busy: Google does not answer in time.

        """
        answer = self.connection.read(self._url, {"fields": FIELDS, **_QUIET})
        self._last = read_answer(answer, now=datetime.now(tz=UTC))
        return self._last.snapshot

    def write(self, plan: WritePlan, *, revision: str) -> None:
        """Carry out ``plan`` on the sheet that was read as ``revision``, in one call, wholly or not at all.

        What people type meanwhile stays: only the program's cells are addressed. A plan that adds or blanks
        people's rows, on their word, takes one more call, to see that the sheet is still what was read.

        Raises:
            StaleRevision: another run wrote since it was read.
            ContractBroken: a tab that the plan names is not there.
            NoAccess: this program may only read it.
            UnreadableWorkbook: Google refuses the request.
            Busy: Google does not answer in time.

        """
        if not plan:
            return
        if not _names_own_cells_only(plan):  # a person waited for the answer to a question, perhaps for long
            self.read()
        read, self._last = self._last, None
        if read is None or read.snapshot.revision != revision:
            raise StaleRevision("The sheet was changed since it was read.", hint="Run this again.")
        requests = requests_of(plan, read)
        if not requests:
            return
        stamp = next_stamp(read.stamps)
        before = None if plan.purpose is Purpose.PURGE else kept.keep(self._kept_in, read.snapshot)
        self._send([*requests, *stamp_requests(stamp, read.stamps)], stamp)
        if before is None:
            self.remarks = (Remark(code=Code.HISTORY_KEPT),)
        else:
            kept.mark_displaced(before, plan.purpose)

    def described(self, fields: str) -> Mapping[str, Any]:
        """Return what ``spreadsheets.get`` tells of these fields, and of the stamps, in one call."""
        told: Mapping[str, Any] = self.connection.read(
            self._url,
            {"fields": f"{fields},developerMetadata(metadataId,metadataKey,metadataValue)", **_QUIET},
        )
        return told

    def carry_out(self, requests: Sequence[Mapping[str, Any]], described: Mapping[str, Any]) -> None:
        """Carry out requests that were made for a sheet as it was described, wholly or not at all, once.

        Raises:
            StaleRevision: another run wrote since.
            NoAccess, UnreadableWorkbook, Busy: as Google's refusal says.

        """
        before = stamps(described.get("developerMetadata", ()))
        stamp = next_stamp(before)
        self._send([*requests, *stamp_requests(stamp, before)], stamp)

    def _send(self, requests: Sequence[Mapping[str, Any]], stamp: Stamp) -> None:
        """Send a batch that holds a stamp: it is carried out once, or refused."""
        try:
            self.connection.write(
                f"{self._url}:batchUpdate",
                {"requests": list(requests)},
                was_done=lambda: self._stands(stamp) == stamp.value,
                params={"fields": "spreadsheetId", **_QUIET},
            )
        except UnreadableWorkbook as error:
            if self._stands(stamp) is None:
                raise
            raise StaleRevision(
                "Another run wrote to the sheet since it was read.", hint="Run this again."
            ) from error

    def _stands(self, stamp: Stamp) -> str | None:
        """Return whose the stamp with a number is; nothing where there is none."""
        try:
            found = self.connection.read(f"{self._url}/developerMetadata/{stamp.metadata_id}", _QUIET)
        except NoAccess as error:
            cause = error.__cause__
            if isinstance(cause, APIError) and cause.response.status_code == HTTPStatus.NOT_FOUND:
                return None
            raise
        return str(found.get("metadataValue", ""))

    @property
    def _url(self) -> str:
        return f"{SHEETS_URL}/{self.key}"

    @property
    def _kept_in(self) -> Path:
        return kept.generations_folder(state_folder(self._state), self.key)

    @property
    def kept_in(self) -> Path:
        """The folder in which earlier generations are kept."""
        return self._kept_in

    def generations(self) -> Sequence[Generation]:
        """Return the kept generations, the newest first."""
        return kept.generations(self._kept_in)

    def content_of(self, revision: str) -> str:
        """Return the mark by which a kept generation is known again."""
        return kept.content_mark(revision)

    def traces(self, name: str, *, tab: str = "", rows: Collection[int] = ()) -> Sequence[Trace]:
        """Return where a name stands: cells, notes, titles of tabs; and all notes on some rows of a tab."""
        return list(traces.traces(self.described(traces.FIELDS), name, tab=tab, rows=rows))

    def holding(self, name: str, *, alone: bool = False) -> int:
        """Return how many kept generations hold a name."""
        return len(kept.holding(self._kept_in, name, alone=alone))

    def forget(self, name: str) -> int:
        """Remove the kept generations that hold a name; return how many."""
        return kept.forget(self._kept_in, name)

    def forget_all(self) -> int:
        """Remove all kept generations; return how many."""
        return kept.forget_all(self._kept_in)


def _names_own_cells_only(plan: WritePlan) -> bool:
    adds = any(isinstance(change, AppendRows) for change in plan.changes)
    return not adds and plan.purpose is not Purpose.PURGE
